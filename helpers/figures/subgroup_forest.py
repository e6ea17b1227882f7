"""Forests of subgroups: response rates or hazard ratios, one line a level, with the numbers beside it as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any

from helpers.errors import InputError, Problem
from helpers.figures.forest_layout import ForestLayout, ForestLine
from helpers.figures.lettering import drawable, inches
from helpers.figures.style import INK, MUTED, PAGE, use_style
from helpers.figures.wording import p_text, range_text, ratio_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REQUIRED = ("subgroup", "level", "n", "estimate", "low", "high")
NOT_ESTIMABLE = "not estimable"
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
_BEYOND = 4  # the axis reaches this many times beyond the estimates, not to the end of every interval
_MARGIN = 1.12
_Row = dict[Any, Any]


@use_style()
def rate_forest(
    frame: pd.DataFrame, *, xlabel: str = "Patients (%)", reference: float | None = None, width: float = PAGE
) -> tuple[Figure, pd.DataFrame]:
    """Draw a rate, such as complete remission, in each subgroup with its interval.

    Parameters
    ----------
    frame : DataFrame
        One row a level, rows of one subgroup together: subgroup (heading; "" for all patients), level ("" if the
        subgroup is a line of its own), count, n, estimate, low, high (proportions; NaN where n = 0). Optional p (of
        the line) or p_interaction (of the subgroup, written at its heading).
    xlabel : str
        Label of the axis in percent.
    reference : float, optional
        A proportion marked by a dashed line, e.g. that of all patients.
    width : float
        Inches: `style.PAGE` or `style.COLUMN`.

    Returns
    -------
    (Figure, DataFrame)
        `frame` with the height `y` of each line in inches from the top of the axes, and `arrow` (always "" here).

    Raises
    ------
    InputError
        No rows, or a column that is missing.
    """
    _check(frame, (*REQUIRED, "count"))
    lines = _lines(frame, lambda r: f"{int(r['count'])}/{int(r['n'])}", _rate_text, 100.0)
    layout = ForestLayout(lines, ("n/N", "% (95 % CI)", _p_head(frame)), width)
    high = float(frame["high"].max())
    top = 10.0 * ceil(10 * high - 1e-9) if 0 < high <= 0.5 else 100.0
    figure, axes, places = layout.draw((0.0, top), drawable(xlabel), log=False)
    room = _wide(figure, axes) / (inches("100", layout.size) * 1.5)
    step = next((s for s in (5, 10, 25, 50) if top / s <= room), 100)
    axes.set_xticks(range(0, int(top) + 1, step))
    if reference is not None:
        axes.axvline(100 * reference, color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1, gid="reference")
    return figure, _marked(frame, places, (0.0, top), 100.0)


@use_style()
def hazard_forest(
    frame: pd.DataFrame,
    *,
    xlabel: str = "Hazard ratio",
    favours: tuple[str, str] | None = None,
    limits: tuple[float, float] | None = None,
    width: float = PAGE,
) -> tuple[Figure, pd.DataFrame]:
    """Draw hazard ratios (or other ratios) of subgroups, or of the terms of a regression, on a logarithmic axis.

    Parameters
    ----------
    frame : DataFrame
        As in `rate_forest`, without count, and with ratios: NaN is written as "not estimable", a limit of 0 or infinity
        is an arrow. Optional events (written as events/n), and reference (bool: the level others are compared with).
    xlabel : str
        Label of the axis.
    favours : (str, str), optional
        What an estimate to the left and to the right of 1 speaks for.
    limits : (float, float), optional
        Ends of the axis; None: chosen from the estimates, so that one hopelessly wide interval does not flatten the
        rest. An interval that goes on beyond gets an arrow.
    width : float
        Inches: `style.PAGE` or `style.COLUMN`.

    Returns
    -------
    (Figure, DataFrame)
        `frame` with `y` as in `rate_forest` and `arrow`: "left", "right", "both" or "".

    Raises
    ------
    InputError
        No rows, a column that is missing, or a ratio that is not above 0.
    """
    _check(frame, REQUIRED)
    wrong = frame.loc[frame["estimate"] <= 0, "estimate"]
    if len(wrong):
        raise InputError(
            Problem("a ratio is not above 0", "give ratios, not their logarithms", found=str(wrong.iloc[0]))
        )
    events = "events" in frame
    lines = _lines(
        frame, lambda r: f"{int(r['events'])}/{int(r['n'])}" if events else f"{int(r['n'])}", ratio_with_limits, 1.0
    )
    heads = ("events/n" if events else "n", "HR (95 % CI)", _p_head(frame))
    layout = ForestLayout(lines, heads, width, tuple(map(drawable, favours)) if favours else None)  # type: ignore[arg-type]
    ends = limits or _ratio_limits(frame)
    figure, axes, places = layout.draw(ends, drawable(xlabel), log=True)
    ticks = _ratio_ticks(ends, _wide(figure, axes), layout.size)
    axes.set_xticks(ticks, [f"{x:g}" for x in ticks])
    axes.set_xticks([], minor=True)
    axes.axvline(1, color=INK, lw=0.9, zorder=1, gid="one")
    return figure, _marked(frame, places, ends, 1.0)


def _check(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise InputError(
            Problem("a forest lacks columns", f"give {', '.join(columns)}", found=", ".join(missing) + " missing")
        )
    if frame.empty:
        raise InputError(Problem("there is nothing to draw in a forest", "give at least one row"))


def _p_head(frame: pd.DataFrame) -> str:
    if "p_interaction" in frame:
        return "P inter-\naction"
    return "P" if "p" in frame else ""


def _lines(
    frame: pd.DataFrame, count: Callable[[_Row], str], text: Callable[[_Row], str], scale: float
) -> list[ForestLine]:
    """The lines from the top down, a heading before each subgroup of several levels."""
    rows = frame.reset_index(drop=True).to_dict("records")
    lines: list[ForestLine] = []
    last: object = None
    for k, row in enumerate(rows):
        subgroup, level = drawable(row["subgroup"] or ""), drawable(row["level"] or "")
        between = row.get("p_interaction", float("nan"))
        p = p_text(row["p"]) if row.get("p", float("nan")) == row.get("p", float("nan")) and "p" in row else ""
        if subgroup and level and row["subgroup"] != last:
            heading = p_text(between) if between == between else ""
            lines.append(ForestLine(subgroup, p=heading))
        last = row["subgroup"]
        estimate, low, high = (scale * float(row[name]) for name in ("estimate", "low", "high"))
        if row.get("reference") is True:
            estimate = low = high = float("nan")
        lines.append(
            ForestLine(
                level or subgroup or "All patients",
                k,
                count(row),
                text(row),
                p,
                estimate,
                low,
                high,
                float(row["n"]),
                indented=bool(subgroup and level),
                total=not subgroup,
            )  # fmt: skip
        )
    return lines


def _rate_text(row: _Row) -> str:
    if row["estimate"] != row["estimate"]:
        return "–"
    return f"{100 * row['estimate']:.1f} ({range_text(100 * row['low'], 100 * row['high'], 1)})"


def ratio_with_limits(row: Mapping[Any, Any]) -> str:
    """A ratio with its interval in words and digits: ``0.45 (0.21–0.96)``, "reference", "not estimable"."""
    if row.get("reference") is True:
        return "reference"
    if row["estimate"] != row["estimate"]:
        return NOT_ESTIMABLE
    if row["low"] != row["low"] or row["high"] != row["high"]:
        return ratio_text(row["estimate"])
    return f"{ratio_text(row['estimate'])} ({ratio_text(row['low'])}–{ratio_text(row['high'])})"


def _ratio_limits(frame: pd.DataFrame) -> tuple[float, float]:
    """Ends of the axis: around 1, all estimates and, where not hopelessly wide, the intervals."""
    estimates = [x for x in frame["estimate"].tolist() if isfinite(x) and _TICKS[0] <= x <= _TICKS[-1]] + [1.0]
    lows = [max(x, min(estimates) / _BEYOND) for x in frame["low"].tolist() if x == x]
    highs = [min(x, max(estimates) * _BEYOND) for x in frame["high"].tolist() if x == x]
    low, high = min([*estimates, *lows]) / _MARGIN, max([*estimates, *highs]) * _MARGIN
    return max(min(low, 0.48), _TICKS[0] / _MARGIN), min(max(high, 2.1), _TICKS[-1] * _MARGIN)


def _ratio_ticks(limits: tuple[float, float], wide: float, size: float) -> list[float]:
    """Round numbers between the limits that can be written beside each other; 1 is always among them."""
    ticks = [x for x in _TICKS if limits[0] <= x <= limits[1]]
    room = wide / (sum(inches(f"{x:g}", size) + 0.08 for x in ticks) or 1.0)
    if room >= 1:
        return ticks
    tens = [x for x in ticks if x in (0.01, 0.1, 1, 10, 100)]
    halves = [x for x in ticks if x in (0.05, 0.2, 1, 5, 20)]
    return tens if len(tens) > 2 else halves if len(halves) > 1 else [x for x in ticks if x in (ticks[0], 1, ticks[-1])]


def _wide(figure: Figure, axes: Axes) -> float:
    return float(axes.get_position().width * figure.get_figwidth())


def _marked(frame: pd.DataFrame, places: dict[int, float], limits: tuple[float, float], scale: float) -> pd.DataFrame:
    """The frame with the height of each line and the sides on which its interval leaves the picture."""
    arrows = []
    for row in frame.to_dict("records"):
        left, right = scale * row["low"] < limits[0], scale * row["high"] > limits[1]
        drawn = row["estimate"] == row["estimate"] and row.get("reference") is not True
        arrows.append(("both" if left and right else "left" if left else "right" if right else "") if drawn else "")
    return frame.assign(y=[places[k] for k in range(len(frame))], arrow=arrows)
