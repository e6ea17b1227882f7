"""Under what terms results may be used: what can be said without speaking for others."""

from __future__ import annotations

from typing import Any

from helpers.paths import DATA
from helpers.study.model import Study

MIT = "https://spdx.org/licenses/MIT"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
OWN = "#terms"
_NAMES = {
    MIT: ("MIT License", "The code, the notebooks and their text."),
    CC0: ("CC0 1.0 Universal", "The facts transcribed from published papers."),
}


def of_results(study: Study, rows: bool) -> tuple[str, ...]:
    """The ids of what applies to results.

    A study of this project, and nothing else: its facts are CC0, all around them is MIT. With patient-level rows, or a
    study folder of somebody else, no terms are granted in their name.
    """
    return (MIT, CC0) if study.folder.parent == DATA and not rows else (OWN,)


def entities(ids: tuple[str, ...]) -> list[dict[str, Any]]:
    """Licences as entities of a crate."""
    return [_terms() if i == OWN else _licence(i) for i in ids]


def _licence(identifier: str) -> dict[str, Any]:
    name, covers = _NAMES[identifier]
    return {"@id": identifier, "@type": "CreativeWork", "name": name, "description": covers}


def _terms() -> dict[str, Any]:
    return {
        "@id": OWN,
        "@type": "CreativeWork",
        "name": "Terms of the holder of the data",
        "description": (
            "The text of the notebooks is under the MIT License. Tables, figures and outputs come from patient-level "
            "rows, or from a study folder, whose terms are known only to whoever holds them; none are granted here."
        ),
    }
