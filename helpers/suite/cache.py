"""What of an earlier run still holds: for each notebook, whether to run it, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from helpers.suite.inputs import Inputs, differences
from helpers.suite.manifest import Manifest, altered


class Action(StrEnum):
    """What happens to a notebook."""

    RUN = "run"
    GRAFT = "graft"
    KEEP = "keep"


@dataclass(frozen=True)
class Decision:
    """An action with the reason a person is shown."""

    action: Action
    reason: str


@dataclass(frozen=True)
class Source:
    """A notebook of the project as it stands now: hash of its code, hash of the whole file."""

    code: str
    whole: str


def decide(
    earlier: Manifest | None, folder: Path, inputs: Inputs, sources: Mapping[str, Source], force: bool = False
) -> dict[str, Decision]:
    """One decision a notebook, in order.

    Earlier outputs are kept only if the code cells, every shared input and the sha256 of each output agree.
    If nothing but the prose of a notebook changed, its outputs are grafted onto the new text.
    """
    if force:
        return {name: Decision(Action.RUN, "forced") for name in sources}
    if earlier is None:
        return {name: Decision(Action.RUN, "no earlier results") for name in sources}
    shared = differences(earlier.inputs, inputs)
    return {name: _one(earlier, folder, shared, name, source) for name, source in sources.items()}


def _one(earlier: Manifest, folder: Path, shared: list[str], name: str, source: Source) -> Decision:
    record = earlier.notebooks.get(name)
    if record is None:
        return Decision(Action.RUN, "not in the earlier results")
    reasons = list(shared)
    if record.code != source.code:
        reasons.insert(0, "its code changed")
    if reasons:
        return Decision(Action.RUN, "; ".join(reasons))
    damaged = altered(folder, record.outputs)
    if damaged:
        return Decision(Action.RUN, f"its results were altered: {', '.join(damaged[:3])}")
    if record.source != source.whole:
        return Decision(Action.GRAFT, "only its text changed")
    return Decision(Action.KEEP, "unchanged")
