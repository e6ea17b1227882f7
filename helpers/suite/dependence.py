"""Which printed numbers depend on which choice: the verdicts of a sweep's points, compared one parameter at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

KEY = ("judged_by", "claim", "field", "printed")
JUDGED = ("predicted", "verdict")


@dataclass(frozen=True)
class Dependence:
    """Of one printed number: the parameters on which its prediction or verdict depends, and the verdicts it had."""

    judged_by: str
    claim: str
    field: str
    printed: str
    depends_on: tuple[str, ...]
    verdicts: tuple[str, ...]


def points_frame(points: Iterable[tuple[Mapping[str, str], pd.DataFrame]]) -> pd.DataFrame:
    """The verdicts of all points below each other.

    Parameters
    ----------
    points : for each point its swept values, and its verdicts as `helpers.ledger.tidy.tidy_verdicts` gives them.

    Returns
    -------
    DataFrame
        Columns `KEY`, one for each swept parameter with the value as given, `JUDGED`, ``convention`` and ``note``.
    """
    import pandas as pd

    frames = []
    for values, verdicts in points:
        part = verdicts[[*KEY, *JUDGED, "convention", "note"]].astype(object).where(verdicts.notna(), "")
        for position, (name, value) in enumerate(values.items()):
            part.insert(len(KEY) + position, name, value)
        frames.append(part)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*KEY, *JUDGED])


def dependences(frame: pd.DataFrame, parameters: Sequence[str]) -> list[Dependence]:
    """For each printed number, in the order of the frame, on which parameters its prediction or verdict depends.

    It depends on a parameter if two points that differ in nothing else predict other digits, or judge otherwise.
    """
    found = []
    for key, rows in frame.groupby(list(KEY), sort=False, dropna=False):
        judged_by, claim, field, printed = (str(part) for part in key)
        on = tuple(name for name in parameters if _depends(rows, name, parameters))
        verdicts = tuple(dict.fromkeys(rows["verdict"]))
        found.append(Dependence(judged_by, claim, field, printed, on, verdicts))
    return found


def _depends(rows: pd.DataFrame, parameter: str, parameters: Sequence[str]) -> bool:
    others = [name for name in parameters if name != parameter]
    groups = [part for _, part in rows.groupby(others, sort=False)] if others else [rows]
    return any(len(part[list(JUDGED)].drop_duplicates()) > 1 for part in groups)


def dependence_frame(found: Iterable[Dependence], parameters: Sequence[str]) -> pd.DataFrame:
    """One row a printed number; for each parameter ``yes`` or ``no``, and all verdicts that it had."""
    import pandas as pd

    rows = [
        {
            **{name: getattr(one, name) for name in KEY},
            **{name: "yes" if name in one.depends_on else "no" for name in parameters},
            "verdicts": " / ".join(one.verdicts),
        }
        for one in found
    ]
    return pd.DataFrame(rows, columns=[*KEY, *parameters, "verdicts"])
