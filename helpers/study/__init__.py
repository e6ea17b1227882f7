"""Study folders: what a paper prints, read from two text files, checked, and frozen.

The types are imported at once; the functions that read and write folders bring their libraries on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.study.model import Claim, Endpoint, Study

if TYPE_CHECKING:
    from helpers.study.loader import StudySummary, list_studies, load_study
    from helpers.study.template import write_template

__all__ = ["Claim", "Endpoint", "Study", "StudySummary", "list_studies", "load_study", "write_template"]

_HOMES = {
    "StudySummary": "helpers.study.loader",
    "list_studies": "helpers.study.loader",
    "load_study": "helpers.study.loader",
    "write_template": "helpers.study.template",
}


def __getattr__(name: str) -> Any:
    """Import a public function from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
