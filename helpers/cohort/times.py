"""Times in days: from the unit that the column states, or from two dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from helpers.cohort.columns import UNITS, origin_column, stems
from helpers.cohort.files import Texts
from helpers.cohort.values import MAX_DAYS, MOST_ALIKE, excel_date, more
from helpers.errors import Problem
from helpers.study.model import Study, days_in

Floats = NDArray[np.float64]


@dataclass
class Times:
    """Times in days by stem, shape (rows,), NaN where missing; `source` says from which columns each was made."""

    days: dict[str, Floats] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def times_of(
    study: Study, values: Mapping[str, Texts], lines: NDArray[np.int64], file: str, days_per_month: Fraction
) -> Times:
    """Every time of a file in days.

    Parameters
    ----------
    study : the study, for the origin of each clock.
    values : the parsed columns by name: floats and dates, None where missing.
    lines : the line of each row, for messages.
    file : how messages name the file.
    days_per_month : the length of a month where a column is in months or years.
    """
    times = Times()
    for stem, origin in stems(study).items():
        given = [unit for unit in UNITS if f"{stem}_{unit}" in values]
        if len(given) > 1:
            names = " and ".join(f"{stem}_{unit}" for unit in given)
            times.problems.append(Problem(f"{names} state one time in two units", "keep one of them", file))
            continue
        number = _in_days(times, stem, given[0], values, days_per_month) if given else None
        dated = _from_dates(times, stem, origin, values, lines, file)
        if number is not None and dated is not None:
            times.problems += _agreement(stem, given[0], number, dated, lines, file)
            number = np.where(np.isnan(number), dated, number)
        days = number if number is not None else dated
        if days is None:
            continue
        times.source[stem] = f"{stem}_{given[0]}" if given else f"{stem}_date"
        times.problems += _beyond(times.source[stem], days, lines, file)
        times.days[stem] = np.where(np.isnan(days) | (np.abs(days) <= MAX_DAYS), days, np.nan)
    return times


def _in_days(times: Times, stem: str, unit: str, values: Mapping[str, Texts], days_per_month: Fraction) -> Floats:
    length = float(days_in(UNITS[unit], days_per_month))
    if unit in ("months", "years"):
        times.warnings.append(
            f"{stem}_{unit} was turned into days with {float(days_per_month):g} days a month"
            + (", 12 months a year" if unit == "years" else "")
        )
    return np.array(values[f"{stem}_{unit}"], dtype=float) * length


def _from_dates(
    times: Times, stem: str, origin: str, values: Mapping[str, Texts], lines: NDArray[np.int64], file: str
) -> Floats | None:
    """The days between the date of an origin and that of an event; a negative number is told as what it is."""
    ends = values.get(f"{stem}_date")
    if ends is None:
        return None
    begin_name = origin_column(origin)
    begins = values.get(begin_name)
    if begins is None:
        remedy = f"add the column {begin_name}, or give {stem}_days"
        message = f"the column {stem}_date needs the date of its origin"
        times.problems.append(Problem(message, remedy, file, None, f"{stem}_date"))
        return None
    pairs = zip(ends, begins, strict=True)
    days = np.array([np.nan if e is None or b is None else (e - b).days for e, b in pairs], dtype=float)
    lone = sum(e is not None and b is None for e, b in zip(ends, begins, strict=True))
    if lone:
        rows = "1 row has" if lone == 1 else f"{lone:,} rows have"
        times.warnings.append(f"{rows} {stem}_date without {begin_name}: the time counts as missing")
    early = np.flatnonzero(days < 0)
    for i in early[:MOST_ALIKE]:
        times.problems.append(
            Problem(
                f"the date lies before {begin_name}, {begins[i]}",
                "correct one of the two dates",
                file,
                int(lines[i]),
                f"{stem}_date",
                str(ends[i]),
            )
        )
    times.problems += more(len(early), f"{stem}_date", file)
    days[days < 0] = np.nan
    return days


def _agreement(
    stem: str, unit: str, number: Floats, dated: Floats, lines: NDArray[np.int64], file: str
) -> list[Problem]:
    """Where a time stands as a number and follows from dates as well, the two must be the same."""
    if unit != "days":
        message = f"the time stands in {stem}_{unit} and follows from {stem}_date as well"
        return [Problem(message, "keep one of the two", file, None, f"{stem}_{unit}")]
    differ = np.flatnonzero(~np.isnan(number) & ~np.isnan(dated) & (number != dated))
    return [
        Problem(
            f"by the dates of the row the time is {dated[i]:g} days",
            f"correct {stem}_days or one of the dates",
            file,
            int(lines[i]),
            f"{stem}_days",
            f"{number[i]:g}",
        )
        for i in differ[:MOST_ALIKE]
    ] + more(len(differ), f"{stem}_days", file)


def _beyond(column: str, days: Floats, lines: NDArray[np.int64], file: str) -> list[Problem]:
    """Times that no follow-up can have; Excel's serial numbers of dates are among them."""
    found = np.flatnonzero(np.abs(days) > MAX_DAYS)
    problems = []
    for i in found[:MOST_ALIKE]:
        meant = excel_date(days[i])
        message = "the time is beyond 100 years"
        remedy = "check the number and its unit"
        if meant is not None and column.endswith("_days"):
            message = f"this is a date as Excel counts it, {meant.isoformat()}, not a length of time"
            remedy = "write the days since the origin, or name the column …_date and format it as yyyy-mm-dd"
        problems.append(Problem(message, remedy, file, int(lines[i]), column, f"{days[i]:g}"))
    return problems + more(len(found), column, file)
