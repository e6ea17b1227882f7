"""Table 1: what the patients are like, in one column a group, from the frame of `helpers.estimators.describe`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.errors import InputError, Problem
from helpers.estimators.describe import ALL
from helpers.figures.wording import number_text, percent_text, range_text
from helpers.tables.house import MISSING
from helpers.tables.masking import VAGUE, Sum, masked_counts

if TYPE_CHECKING:
    import pandas as pd

MISSING_LEVEL = "missing"


def table_one(
    frame: pd.DataFrame, *, overall: str = ALL, mask_below: int = 0, decimals: int = 1, told: bool = False
) -> pd.DataFrame:
    """Write the frame of `describe` as a table to read.

    Parameters
    ----------
    frame : DataFrame
        From `helpers.estimators.describe.describe`.
    overall : str
        What all patients together are called in `frame`.
    mask_below : int
        Counts from 1 to one less are hidden, and others that would give them away (`helpers.tables.masking`). Then no
        smallest and largest values are shown, which are single patients' values, and no percentages beside a hidden
        number of missing values. 0: nothing is hidden.
    decimals : int
        Decimals of the percentages.
    told : bool
        Whether other tables tell the counts of all patients: what is hidden in groups must then not follow from them.

    Returns
    -------
    DataFrame
        Columns "variable" (for row groups), "characteristic" and one a group, headed by its n: texts for `show_table`
        with ``group="variable"``. When masked, show and write only this frame, not the one it was made of.

    Raises
    ------
    InputError
        Nothing to show, or a group smaller than `mask_below`.

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.estimators.describe import Variable, describe
    >>> rows = pd.DataFrame({"sex": ["f"] * 3 + ["m"] * 9})
    >>> table_one(describe(rows, [Variable("sex", "Sex")]))["All patients (n = 12)"].tolist()
    ['3 (25.0)', '9 (75.0)']
    """
    import pandas as pd

    if frame.empty:
        raise InputError(Problem("there is nothing to describe", "give at least one variable"))
    sizes = {str(r["group"]): int(r["of"]) for r in frame.drop_duplicates("group").to_dict("records")}
    _check_sizes(sizes, mask_below)
    lines: list[dict[str, str]] = []
    for name, part in frame.groupby("variable", sort=False):
        written = _counts if part["kind"].iloc[0] == "categorical" else _numbers
        for level, cells in written(part, sizes, overall, mask_below, decimals, told):
            heading = f"{name}, n (%)" if written is _counts else str(name)
            lines.append({"variable": heading, "characteristic": level, **cells})
    heads = {group: f"{group} (n = {n:,})" for group, n in sizes.items()}
    return pd.DataFrame(lines, columns=["variable", "characteristic", *sizes]).rename(columns=heads)


def _check_sizes(sizes: dict[str, int], mask_below: int) -> None:
    small = {group: n for group, n in sizes.items() if 0 < n < mask_below}
    if small:
        found = ", ".join(f"{group}, n = {n}" for group, n in small.items())
        remedy = "merge the group with another, or leave the groups out"
        raise InputError(Problem(f"a group has fewer than {mask_below} patients", remedy, found=found))


_Lines = list[tuple[str, dict[str, str]]]


def _counts(
    part: pd.DataFrame, sizes: dict[str, int], overall: str, mask_below: int, decimals: int, told: bool
) -> _Lines:
    """One line a level, and one for missing values if there are any."""
    levels = list(dict.fromkeys(part["level"]))
    cells = {(r["level"], r["group"]): int(r["n"]) for r in part.to_dict("records")}
    missing = {str(r["group"]): int(r["missing"]) for r in part.to_dict("records")}
    if any(missing.values()):
        levels.append(MISSING_LEVEL)
        cells |= {(MISSING_LEVEL, group): n for group, n in missing.items()}
    hidden = _hidden(cells, levels, sizes, overall, mask_below, told)
    lines: _Lines = []
    for level in levels:
        texts = {}
        for group, n in sizes.items():
            of = n if level == MISSING_LEVEL else n - missing[group]
            open_percent = level == MISSING_LEVEL or (MISSING_LEVEL, group) not in hidden
            text = f"{cells[level, group]:,}"
            percent = f" ({percent_text(cells[level, group], of, decimals)})" if open_percent and of else ""
            texts[group] = hidden.get((level, group), text + percent)
        lines.append((level, texts))
    return lines


def _hidden(
    cells: dict[tuple[str, str], int],
    levels: list[str],
    sizes: dict[str, int],
    overall: str,
    mask_below: int,
    told: bool,
) -> dict[tuple[str, str], str]:
    """What stands in place of small counts: each group's levels add up to its n, and the groups to all patients."""
    if mask_below < 2:
        return {}
    places = [*cells, *((None, group) for group in sizes)]
    where = {place: k for k, place in enumerate(places)}
    counts = [*cells.values(), *sizes.values()]
    sums = [Sum(where[None, group], tuple(where[level, group] for level in levels)) for group in sizes]
    parts = [group for group in sizes if group != overall]
    if overall in sizes and parts:
        sums += [Sum(where[level, overall], tuple(where[level, group] for group in parts)) for level in levels]
    public = [where[None, group] for group in sizes]
    if told and parts:
        public += [where[level, overall] for level in levels if counts[where[level, overall]] >= mask_below]
    masks = masked_counts(counts, sums, mask_below, public)
    return {(str(places[k][0]), places[k][1]): text for k, text in masks.items()}


def _numbers(
    part: pd.DataFrame, sizes: dict[str, int], overall: str, mask_below: int, decimals: int, told: bool
) -> _Lines:
    """Median and quartiles, the range, and missing values if there are any."""
    rows = {str(r["group"]): r for r in part.to_dict("records")}
    digits = _decimals(part, "median", "q1", "q3")
    lines: _Lines = [("median (IQR)", {group: _median(row, digits, mask_below) for group, row in rows.items()})]
    if mask_below < 2:
        digits = _decimals(part, "min", "max")
        lines.append(("range", {group: _range(row, digits) for group, row in rows.items()}))
    if part["missing"].any():
        # the known values are hidden with the missing ones: they are the rest of the group
        cells = {(name, g): int(r[name]) for name in ("n", MISSING_LEVEL) for g, r in rows.items()}
        hidden = _hidden(cells, ["n", MISSING_LEVEL], sizes, overall, mask_below, told)
        texts = {
            group: hidden.get(
                (MISSING_LEVEL, group),
                f"{int(row['missing']):,} ({percent_text(row['missing'], row['of'], decimals)})",
            )
            for group, row in rows.items()
        }
        lines.append(("missing, n (%)", texts))
    return lines


def _decimals(part: pd.DataFrame, *columns: str) -> int:
    """Decimals of a line: none if its values are whole, else one, or two where all are small."""
    values = part[list(columns)].to_numpy().ravel()
    values = values[values == values]
    if all(float(x).is_integer() for x in values):
        return 0
    return 1 if abs(values).max() >= 10 else 2


def _median(row: dict[Any, Any], digits: int, mask_below: int) -> str:
    if not row["n"]:
        return MISSING
    if row["n"] < mask_below:
        return VAGUE
    return f"{number_text(row['median'], digits)} ({range_text(row['q1'], row['q3'], digits)})"


def _range(row: dict[Any, Any], digits: int) -> str:
    return range_text(row["min"], row["max"], digits) if row["n"] else MISSING
