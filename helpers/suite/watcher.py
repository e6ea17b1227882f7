"""What a run tells whoever watches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.suite.cache import Decision
    from helpers.suite.execution import Outcome


class Watcher:
    """Told what happens during a run; this one stays silent."""

    def decided(self, name: str, decision: Decision) -> None:
        """A notebook will be run, grafted or kept, for this reason."""

    def started(self, name: str) -> None:
        """A notebook has started."""

    def ended(self, outcome: Outcome) -> None:
        """A notebook has ended."""
