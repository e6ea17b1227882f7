"""Enrolment over time from patients' dates: how many came in each period, and how many had come by each day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.figures.lettering import inches, line_height
from helpers.figures.style import BAND, COLUMN, EVENT, OS, PAGE, panel, sheet, small, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PERIODS = {"month": 1, "quarter": 3, "year": 12}
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOST_BARS = 30


def enrolment_counts(dates: Sequence[date | None], period: str = "") -> pd.DataFrame:
    """Patients enrolled in each calendar month, quarter or year.

    Parameters
    ----------
    dates : sequence of date or None
        One a patient; None where it is missing.
    period : str
        "month", "quarter" or "year"; empty: the shortest that gives at most 30 periods.

    Returns
    -------
    DataFrame
        Columns period (e.g. "2021 Q3"), start, end (dates, the latter excluded), enrolled, cumulative; without gaps
        from the first to the last period; and missing, the patients without a date, in each row the same.

    Raises
    ------
    InputError
        No date at all, or an unknown period.

    Examples
    --------
    >>> enrolment_counts([date(2021, 1, 5), date(2021, 3, 2), None], "month")["enrolled"].tolist()
    [1, 0, 1]
    """
    import pandas as pd

    known = sorted(day for day in dates if day is not None and day == day)
    if not known:
        raise InputError(Problem("no patient has a date of enrolment", "leave the figure out"))
    if period and period not in PERIODS:
        raise InputError(Problem("unknown period", f"give one of {', '.join(PERIODS)}", found=period))
    months = _month(known[-1]) - _month(known[0]) + 1
    period = period or next((p for p, length in PERIODS.items() if months / length <= _MOST_BARS), "year")
    length = PERIODS[period]
    first, last = _month(known[0]) // length, _month(known[-1]) // length
    per: dict[int, int] = {}
    for day in known:
        per[_month(day) // length] = per.get(_month(day) // length, 0) + 1
    rows, total = [], 0
    for k in range(first, last + 1):
        total += per.get(k, 0)
        rows.append((_name(k, period), _day(k * length), _day((k + 1) * length), per.get(k, 0), total))
    frame = pd.DataFrame(rows, columns=["period", "start", "end", "enrolled", "cumulative"])
    return frame.assign(missing=len(dates) - len(known))


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _name(k: int, period: str) -> str:
    year, part = divmod(k, 12 // PERIODS[period])
    return {"month": f"{_NAMES[part % 12]} {year}", "quarter": f"{year} Q{part + 1}", "year": str(year)}[period]


@use_style()
def enrolment_over_time(frame: pd.DataFrame, *, width: float = PAGE) -> tuple[Figure, pd.DataFrame]:
    """Draw the cumulative number of patients above the number of each period.

    Parameters
    ----------
    frame : DataFrame
        From `enrolment_counts`.
    width : float
        Inches: `style.PAGE` or `style.COLUMN`.

    Returns
    -------
    (Figure, DataFrame)
        The plotted frame is `frame`. The upper line passes through the ends of the periods.
    """
    from matplotlib.dates import date2num
    from matplotlib.ticker import MaxNLocator

    size = small(width)
    widest = max(inches(f"{int(x):,}", size) for x in frame["cumulative"])
    left = 0.2 + widest + 0.1 + line_height(size)
    wide, heights = width - left - 0.2, (1.35, 1.1)
    figure = sheet(width, 0.14 + sum(heights) + 0.2 + 0.22 + 2 * line_height(size))
    above = panel(figure, left, 0.14, wide, heights[0])
    below = panel(figure, left, 0.14 + heights[0] + 0.2, wide, heights[1])
    starts = [float(date2num(day)) for day in frame["start"]]
    ends = [float(date2num(day)) for day in frame["end"]]
    line = [0, *frame["cumulative"].tolist()]
    above.fill_between([starts[0], *ends], line, color=BAND, lw=0)
    above.plot([starts[0], *ends], line, color=OS, lw=1.8, gid="cumulative", clip_on=False)
    for start, end, enrolled in zip(starts, ends, frame["enrolled"], strict=True):
        gap = 0.04 * (end - start)
        below.bar(
            [start + gap], [enrolled], width=end - start - 2 * gap, align="edge", color=EVENT, lw=0, gid="enrolled"
        )
    for axes, label, top in ((above, "Patients so far", line[-1]), (below, "New patients", frame["enrolled"].max())):
        axes.set(xlim=(starts[0], ends[-1]), ylim=(0, max(1.0, 1.06 * top)))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.grid(True, axis="y")
        axes.set_ylabel(label, fontsize=size + 0.3)
        axes.yaxis.set_label_coords(-(left - 0.18) / wide, 0.5)
        axes.tick_params(labelsize=size)
    above.tick_params(axis="x", labelbottom=False)
    for axes in (above, below):
        _time_ticks(axes, frame["start"].iloc[0], frame["end"].iloc[-1], wide, size, width)
    return figure, frame


def _time_ticks(axes: Axes, first: date, end: date, wide: float, size: float, width: float) -> None:
    """Ticks at round months, as many as fit; the year is written where it begins and at the first tick."""
    from matplotlib.dates import date2num

    months = _month(end - timedelta(days=1)) - _month(first) + 1
    room = wide / (inches("Sep", size) + 0.14)
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120) if months / s <= room), 120)
    marks = [m for m in range(_month(first), _month(end) + 1) if m % step == 0]
    texts, shown = [], None
    for m in marks:
        year = m // 12
        if step >= 12:
            texts.append(str(year))
        else:
            texts.append(_NAMES[m % 12] + (f"\n{year}" if year != shown else ""))
        shown = year
    axes.set_xticks([float(date2num(_day(m))) for m in marks], texts)
    axes.tick_params(axis="x", labelsize=size, pad=2.5 if width > 1.5 * COLUMN else 2)
