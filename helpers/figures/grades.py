"""Grades of toxicity as far as they are printed: what is known, and what is not told apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from helpers.errors import InputError, Problem
from helpers.figures.lettering import drawable, inches, wrapped
from helpers.figures.style import COLUMN, MUTED, NO_EVENT, PAGE, SEVERITY, SHEET, canvas, ink_on, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    from helpers.study.model import Claim

_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
_NUMERALS = {value: numeral for numeral, value in _ROMAN.items()}
_NUMERAL = r"(?P<grade>[1-5]|III|II|IV|I|V)"
_PATTERNS = (
    re.compile(r"(?P<family>.+?),? (?:of )?any grade", re.I),
    re.compile(rf"(?P<family>.+?),? grade {_NUMERAL} or (?P<more>higher|more|worse|above)", re.I),
    re.compile(rf"(?P<family>.+?),? grade (?P<more>≥|>=) ?{_NUMERAL}", re.I),
    re.compile(rf"(?P<family>.+?),? grade {_NUMERAL}", re.I),
)
_SEVERITY = SEVERITY
_ABOVE_ALL = 6
NOT_RECORDED = "grade not recorded"


@dataclass(frozen=True)
class GradeCount:
    """So many of n patients had this grade of a toxicity, or, if `at_least`, this grade or a higher one."""

    family: str
    grade: int
    at_least: bool
    count: int
    n: int
    roman: bool = False

    def name(self, grade: int) -> str:
        """A grade in the numerals of this toxicity: grade 3, grade III."""
        return f"grade {_NUMERALS[grade] if self.roman else grade}"


def grade_count(claim: Claim) -> GradeCount | None:
    """Read family and grade from a claim's label, or None if it names no grade.

    Understood are "… of any grade", "… grade 3 or higher", "… grade ≥ 3" and "… grade II".
    """
    if claim.count is None:
        return None
    for pattern in _PATTERNS:
        match = pattern.fullmatch(claim.note.strip())
        if match:
            groups = match.groupdict()
            numeral = (groups.get("grade") or "1").upper()
            grade = _ROMAN.get(numeral) or int(numeral)
            at_least = "grade" not in groups or bool(groups.get("more"))
            return GradeCount(match["family"], grade, at_least, int(claim.count.value), claim.n, numeral in _ROMAN)
    return None


def grades_frame(claims: Sequence[Claim]) -> pd.DataFrame:
    """Split each toxicity's patients into the parts that the printed counts tell apart.

    Returns
    -------
    DataFrame
        Columns ``family, part, grade, known, count, n``: one row a part. `grade` is the lowest grade of
        the part (0 for none), `known` is False where grades are lumped together. The counts of a
        family add up to n.

    A family whose printed counts contradict each other is left out; `contradictory_families` names it.
    """
    import pandas as pd

    rows = [row for parts in _families(claims).values() for row in parts or ()]
    return pd.DataFrame(rows, columns=["family", "part", "grade", "known", "count", "n"])


def contradictory_families(claims: Sequence[Claim]) -> tuple[str, ...]:
    """Toxicities whose counts cannot all be right, e.g. more patients with grade III than with any grade."""
    return tuple(family for family, parts in _families(claims).items() if parts is None)


def _families(claims: Sequence[Claim]) -> dict[str, list[tuple[str, str, int, bool, int, int]] | None]:
    """The parts of each toxicity, or None where its counts contradict each other."""
    found = [g for g in map(grade_count, claims) if g is not None]
    families: dict[str, list[tuple[str, str, int, bool, int, int]] | None] = {}
    for family in dict.fromkeys(g.family for g in found):
        parts = _parts(family, found)
        n = {g.n for g in found if g.family == family}
        families[family] = parts if len(n) == 1 and all(part[4] > 0 for part in parts) else None
    return families


def _parts(family: str, found: list[GradeCount]) -> list[tuple[str, str, int, bool, int, int]]:
    mine = [g for g in found if g.family == family]
    n, name = mine[0].n, next((g.name for g in mine if g.roman), mine[0].name)
    exact = {g.grade: g.count for g in mine if not g.at_least}
    steps = sorted({g.grade: g.count for g in mine if g.at_least}.items())
    rows: list[tuple[str, str, int, bool, int, int]] = []

    def add(part: str, grade: int, known: bool, count: int) -> None:
        if count:
            rows.append((family, part, grade, known, count, n))

    lowest, reached = steps[0] if steps else (_ABOVE_ALL, 0)
    below = n - reached - sum(c for g, c in exact.items() if g < lowest)
    if lowest == 1:
        add("none", 0, True, below)
    elif lowest == _ABOVE_ALL:
        add("none, or a grade not printed", 0, False, below)
    else:
        add(f"none or below {name(lowest)}, not told apart", 0, False, below)
    for grade, count in sorted(exact.items()):
        add(name(grade), grade, True, count)
    for (grade, count), (above, higher) in pairwise([*steps, (_ABOVE_ALL, 0)]):
        within = sum(c for g, c in exact.items() if grade <= g < above)
        part = f"{name(grade)} or higher" if above == _ABOVE_ALL else f"{name(grade)} to {above - 1}"
        add(f"{part}, not told apart", grade, False, count - higher - within)
    return sorted(rows, key=lambda row: (row[2], row[3]))


def maximum_grades(rows: pd.DataFrame, families: Mapping[str, str], *, roman: Collection[str] = ()) -> pd.DataFrame:
    """Count patients by maximum grade of each toxicity, in the form of `grades_frame`.

    Parameters
    ----------
    rows : DataFrame
        One row a patient, with a column of grades (0 to 5, missing: not recorded) for each toxicity.
    families : mapping
        Column → name of the toxicity with its grading system, e.g. ``{"crs_grade": "CRS (ASTCT 2019)"}``.
    roman : collection of str
        Columns whose grades are written I to V, e.g. those of acute GVHD.

    Returns
    -------
    DataFrame
        Columns family, part, grade, known, count, n; the counts of a family sum to the number of rows. Patients whose
        grade is not recorded are a part of their own, with `known` False.

    Raises
    ------
    InputError
        A grade other than 0 to 5.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = maximum_grades(pd.DataFrame({"crs": [0, 1, 1, None]}), {"crs": "CRS"})
    >>> dict(zip(frame["part"], frame["count"]))
    {'none': 1, 'grade 1': 2, 'grade not recorded': 1}
    """
    import pandas as pd

    found = []
    for column, family in families.items():
        grade = pd.to_numeric(rows[column], errors="coerce")
        odd = rows[column].notna() & ~grade.isin(range(6))
        if odd.any():
            text = str(rows.loc[odd, column].iloc[0])
            remedy = "give the highest grade as 0 to 5, or leave the cell empty"
            raise InputError(Problem("a grade is none of 0 to 5", remedy, column=column, found=text))
        names = [_NUMERALS[g] if column in roman else str(g) for g in range(1, 6)]
        parts = [("none", 0, True, int((grade == 0).sum()))]
        parts += [(f"grade {name}", g, True, int((grade == g).sum())) for g, name in enumerate(names, start=1)]
        parts.append((NOT_RECORDED, 0, False, int(grade.isna().sum())))
        found += [(family, part, g, known, count, len(rows)) for part, g, known, count in parts if count]
    return pd.DataFrame(found, columns=["family", "part", "grade", "known", "count", "n"])


@use_style()
def grades(frame: pd.DataFrame, *, width: float = PAGE) -> tuple[Figure, pd.DataFrame]:
    """Draw one stacked bar a toxicity, from `grades_frame` or `maximum_grades`.

    Hatched parts lump grades together, or hold patients whose grade is not recorded. A count is written where there is
    room for it.
    """
    plotted = frame.copy()
    families = list(dict.fromkeys(plotted["family"]))
    plotted["y"] = [-float(families.index(name)) for name in plotted["family"]]
    plotted["left"] = plotted.groupby("family")["count"].cumsum() - plotted["count"]
    narrow = width <= 1.5 * COLUMN
    figure, axes = canvas(width, 1.35 + 0.48 * len(families))
    named: dict[str, Patch] = {}
    legend = _legend(plotted)
    in_order = plotted.assign(last=plotted["part"] == NOT_RECORDED).sort_values(["last", "grade", "known"])
    for row in in_order.to_dict("records"):
        named.setdefault(legend[row["part"]], _part(axes, row))
    axes.set_yticks([-float(k) for k in range(len(families))], [_label(name, width) for name in families])
    axes.set(xlim=(0, plotted["n"].max()), ylim=(-len(families) + 0.55, 0.45), xlabel="Patients")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.get_major_locator().set_params(integer=True)
    lumped = (~plotted["known"] & (plotted["part"] != NOT_RECORDED)).any()
    columns = 2 if narrow or lumped else 4
    figure.legend(list(named.values()), list(named), loc="outside lower center", ncols=columns, handlelength=1.8)
    _drop_what_does_not_fit(figure, axes)
    return figure, plotted


def _part(axes: Axes, row: dict[str, Any]) -> Patch:
    count, y, grade, known = int(row["count"]), float(row["y"]), int(row["grade"]), bool(row["known"])
    colour = _SEVERITY[grade] if grade else (NO_EVENT if known else SHEET)
    hatch = "" if known else "////"
    edge = MUTED if not known and not grade else "white"
    bars = axes.barh([y], [count], left=row["left"], height=0.56, color=colour, edgecolor=edge, hatch=hatch)
    plate = None if known else {"facecolor": colour, "edgecolor": "none", "pad": 1.5}
    middle = row["left"] + count / 2
    axes.text(middle, y, str(count), ha="center", va="center", color=ink_on(colour), weight="bold", bbox=plate)
    return bars.patches[0]


def _legend(plotted: pd.DataFrame) -> dict[str, str]:
    """What each part is called in the legend: one entry where grades 1 and I are drawn alike."""
    alike: dict[int, list[str]] = {}
    for row in plotted.drop_duplicates("part").to_dict("records"):
        if row["known"] and row["grade"]:
            alike.setdefault(int(row["grade"]), []).append(str(row["part"]))
    names = {part: part for part in plotted["part"]}
    for parts in alike.values():
        numerals = sorted(part.removeprefix("grade ") for part in parts)
        names.update({part: f"grade {' / '.join(numerals)}" for part in parts})
    return names


def _label(family: str, width: float) -> str:
    """A toxicity's name, in several lines where it would take more than a third of the width."""
    return "\n".join(wrapped(drawable(family), width * 0.36, 8.5))


def _drop_what_does_not_fit(figure: Figure, axes: Axes) -> None:
    """Take counts out of bars that are narrower than their number; the numbers stand in the frame."""
    figure.draw_without_rendering()
    wide = axes.get_window_extent().width / figure.dpi / axes.get_xlim()[1]
    for text, bar in zip(list(axes.texts), axes.patches, strict=True):
        if inches(text.get_text(), 9, "bold") > bar.get_width() * wide:  # type: ignore[attr-defined]
            text.remove()
