"""The calendar of a study: when patients came, how long each can have been followed, and what is printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from helpers.figures.style import BAND, EFS, EVENT, INK, MUTED, OS, PAGE, PRINTED, canvas, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from helpers.study.model import Claim, Study

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Calendar:
    """Dates that bound every follow-up: first and last day of enrolment, last day of any visit."""

    first: date
    last: date
    seen: date

    @property
    def longest(self) -> int:
        """Days that a patient enrolled on the first day can have been followed."""
        return (self.seen - self.first).days

    @property
    def of_the_last(self) -> int:
        """Days that a patient enrolled on the last day can have been followed."""
        return (self.seen - self.last).days

    def latest_entry(self, days: int) -> date:
        """The last date on which a patient followed for so many days can have entered."""
        return self.seen - timedelta(days=days)


def calendar_of(study: Study) -> Calendar | None:
    """The study's calendar, or None if a date of it is not known."""
    if study.enrolled_from is None or study.enrolled_to is None or study.last_follow_up_before is None:
        return None
    return Calendar(study.enrolled_from, study.enrolled_to, study.last_follow_up_before - timedelta(days=1))


def follow_up_claim(study: Study) -> Claim | None:
    """The printed median follow-up in days, or None."""
    found = (c for c in study.select("follow_up") if c.unit == "day")
    return next((c for c in found if c.value is not None and c.value.reached), None)


def calendar_frame(calendar: Calendar, follow_up: Claim | None) -> pd.DataFrame:
    """Spans of the calendar in days: ``row, low, middle, high, kind`` (kind: possible or printed)."""
    import pandas as pd

    rows: list[tuple[str, float, float | None, float, str]] = [
        ("Patient enrolled on the first day", 0, None, calendar.longest, "possible"),
        ("Patient enrolled on the last day", 0, None, calendar.of_the_last, "possible"),
    ]
    if follow_up is not None and follow_up.value is not None:
        middle = float(follow_up.value.value)
        limits = (follow_up.ci_low, follow_up.ci_high)
        ends = [float(e.value) if e is not None and e.reached else middle for e in limits]
        rows.append((follow_up.note or "Median follow-up", ends[0], middle, ends[1], "printed"))
    return pd.DataFrame(rows, columns=["row", "low", "middle", "high", "kind"])


@use_style()
def enrolment(frame: pd.DataFrame, calendar: Calendar) -> tuple[Figure, pd.DataFrame]:
    """Draw the calendar above, and beneath it the follow-up it allows beside the follow-up that is printed.

    Parameters
    ----------
    frame : DataFrame
        From `calendar_frame`; days.
    calendar : Calendar
        The dates of the upper panel.
    """
    plotted = frame.copy()
    plotted["y"] = [-float(k) for k in range(len(plotted))]
    figure, (above, below) = canvas(PAGE, 2.2 + 0.42 * len(plotted), nrows=2, height_ratios=[1.15, len(plotted)])
    _dates(above, calendar)
    limit = 1.02 * max(calendar.longest, float(plotted["high"].max()))
    for row in plotted.to_dict("records"):
        _span(below, row, limit)
    below.set_yticks(plotted["y"], plotted["row"])
    below.set(ylim=(-len(plotted) + 0.4, 0.6), xlabel="Days from enrolment")
    below.set_xlim(0, limit)
    below.xaxis.set_major_formatter("{x:,.0f}")
    below.grid(True, axis="x")
    below.spines["left"].set_visible(False)
    below.tick_params(axis="y", length=0)
    below.set_title("How long a patient can have been followed")
    return figure, plotted


def _dates(axes: Axes, calendar: Calendar) -> None:
    from matplotlib.dates import DateFormatter, YearLocator, date2num

    first, last, seen = (float(date2num(d)) for d in (calendar.first, calendar.last, calendar.seen))
    axes.barh([0], [last - first], left=first, height=0.5, color=BAND, edgecolor=EVENT)
    axes.text((first + last) / 2, 0, "enrolment", ha="center", va="center", color=INK)
    axes.plot([last, seen], [0, 0], color=MUTED, linestyle=(0, (2, 2)), linewidth=1.2)
    axes.plot([seen], [0], marker="|", color=INK, markersize=16, markeredgewidth=2)
    axes.text(seen, 0.42, f"last day anyone can have been seen: {day_text(calendar.seen)}", ha="right", va="bottom")
    axes.set(xlim=(first - 60, seen + 60), ylim=(-0.4, 0.9))
    axes.set_yticks([])
    axes.xaxis.set_major_locator(YearLocator())
    axes.xaxis.set_major_formatter(DateFormatter("%Y"))
    axes.spines["left"].set_visible(False)
    axes.set_title("The calendar")


def _span(axes: Axes, row: dict[str, Any], limit: float) -> None:
    y, low, high = (float(row[key]) for key in ("y", "low", "high"))
    if row["kind"] == "possible":
        colour = OS if row["y"] == 0 else EFS
        axes.barh([y], [high - low], left=low, height=0.42, color=colour)
        inside = high > 0.3 * limit
        x, side, ink = (high / 2, "center", "white") if inside else (high + 0.01 * limit, "left", INK)
        axes.text(x, y, f"at most {high:,.0f} days", va="center", ha=side, color=ink)
        return
    middle = float(row["middle"])
    axes.plot([low, high], [y, y], color=PRINTED, linewidth=1.8)
    for end in (low, high):
        axes.plot([end, end], [y - 0.14, y + 0.14], color=PRINTED, linewidth=1.4)
    axes.plot([middle], [y], marker="D", color=PRINTED, markersize=6.5)
    text = f"printed: {middle:g} ({low:g}–{high:g})" if low < high else f"printed: {middle:g}"
    if high < 0.6 * limit:
        axes.text(high + 0.01 * limit, y, text, va="center", ha="left")
    else:
        axes.text(min(low, 0.6 * limit), y + 0.2, text, va="bottom", ha="left")


def day_text(day: date) -> str:
    """A date as a reader says it, the same in every locale.

    >>> day_text(date(2023, 8, 14))
    '14 August 2023'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
