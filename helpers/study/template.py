"""A new study folder: a small invented study, commented, which runs as it stands until it is replaced.

Its patient-level rows are invented too. They are marked so in their first line, and as long as they are, they are
read only by those who name the file: nobody's real claims are compared with them by accident.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.paths import shown

TEMPLATE = Path(__file__).with_name("template")
FILES = ("study.yaml", "claims.csv", "cohort.csv", "adverse_events.csv")
_TEMPLATE_ID = "id: my-study"
_NEEDS_QUOTES = re.compile(r"[0-9].*|null|true|false|yes|no|on|off|y|n")  # YAML would read these as something else


def write_template(folder: Path) -> list[Path]:
    """Write a commented study folder to fill in.

    The study's id is made from the folder's name where that can be an id. Nothing is written if a file is
    already there.

    Returns
    -------
    The files written, study.yaml first.

    Raises
    ------
    InputError
        One of the files exists, or the folder cannot be written.
    """
    folder = Path(folder)
    targets = [folder / name for name in FILES]
    try:
        present = [path for path in targets if os.path.lexists(path)]
        if present:
            raise InputError(
                [
                    Problem(
                        "the file is already there and stays as it is",
                        "choose another folder, or move the file away",
                        shown(path),
                    )
                    for path in present
                ]
            )
        folder.mkdir(parents=True, exist_ok=True)
        for path in targets:
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(_content(path.name, folder))
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = Problem(f"the folder cannot be written: {reason}", "choose another folder", found=str(folder))
        raise InputError(problem) from None
    return targets


def _content(name: str, folder: Path) -> str:
    text = (TEMPLATE / name).read_text(encoding="utf-8")
    study_id = re.sub(r"[\s.]+", "-", folder.resolve().name.lower()).strip("-_")[:64]
    if name == "study.yaml" and re.fullmatch(r"[a-z0-9][a-z0-9_-]*", study_id):
        quoted = f'"{study_id}"' if _NEEDS_QUOTES.fullmatch(study_id) else study_id
        text = text.replace(_TEMPLATE_ID, f"id: {quoted}", 1)
    return text
