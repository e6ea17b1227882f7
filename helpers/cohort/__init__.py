"""Patient-level rows of a study: read, checked, freed from whatever could identify a patient.

`load_cohort` reads a file, `open_cohort` the one that a run is about, and `truth_in_set` holds what was inverted from
the printed numbers against the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.cohort.load import load_cohort
    from helpers.cohort.model import Cohort, EndpointRows
    from helpers.cohort.opening import find_cohort, open_cohort
    from helpers.cohort.truth import truth_in_set
    from helpers.cohort.write import write_cohort

_HOMES = {
    "Cohort": "helpers.cohort.model",
    "EndpointRows": "helpers.cohort.model",
    "find_cohort": "helpers.cohort.opening",
    "load_cohort": "helpers.cohort.load",
    "open_cohort": "helpers.cohort.opening",
    "truth_in_set": "helpers.cohort.truth",
    "write_cohort": "helpers.cohort.write",
}

__all__ = [
    "Cohort", "EndpointRows", "find_cohort", "load_cohort", "open_cohort", "truth_in_set", "write_cohort",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public function from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
