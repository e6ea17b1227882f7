"""Work limits: how much may be gone through before it is said that the rest was not."""

from __future__ import annotations

from dataclasses import dataclass


class WorkLimitError(Exception):
    """More to go through than was allowed."""


@dataclass
class Budget:
    """How many choices may still be made."""

    left: int

    def spend(self) -> None:
        """One more. Raises WorkLimitError when the budget is used up."""
        self.left -= 1
        if self.left < 0:
            raise WorkLimitError
