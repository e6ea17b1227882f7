"""Curves as they may be published: on which days counts can be told, and steps that stand for enough patients.

A count that is large by a day still gives a small one away where the count of another day stands beside it, and a share
of patients tells their number. So a day is told only if everybody who left by it, who left since the last day told, who
left on it, and who is still there, are none or enough. A curve steps once for every so many events, in whole percent:
finer ones could be taken apart again, which is what `helpers.inversion` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from helpers.estimators.kaplan_meier import Floats, Integers

if TYPE_CHECKING:
    import pandas as pd

Leaving = Mapping[str, Floats]  # what ends the follow-up of patients → on which days it did
MONTH = 30


def leaving(days: Floats, code: Integers) -> dict[str, Floats]:
    """The days of some patients by their event code, sorted: what `tellable_days` counts."""
    return {str(kind): np.sort(days[code == kind]) for kind in sorted({0, 1, *np.unique(code).tolist()})}


def tellable_days(days: Sequence[float], below: int, *curves: Leaving) -> list[float]:
    """The days on which the counts of every curve can be told.

    Parameters
    ----------
    days : candidates; taken in ascending order, each beside those taken before it.
    below : counts from 1 to one less must not follow from what is told; 0 or 1: all days can be told.
    curves : patients by what ended their follow-up, as `leaving` gives them; parts of a whole told elsewhere need the
        whole, and the rest of it, among them.

    Examples
    --------
    >>> everybody = {"1": np.arange(1.0, 13), "0": np.arange(21.0, 30)}
    >>> tellable_days([3.5, 6.5, 8.5, 12.5, 22.5, 26.5], 5, everybody)
    [6.5, 12.5]
    """
    if below <= 1:
        return list(days)
    found: list[float] = []
    before = [dict.fromkeys(curve, 0) for curve in curves]
    for day in sorted(days):
        gone = [{kind: _up_to(times, day) for kind, times in curve.items()} for curve in curves]
        if all(_tellable(c, g, b, day, below) for c, g, b in zip(curves, gone, before, strict=True)):
            found.append(day)
            before = gone
    return found


def _tellable(curve: Leaving, gone: Mapping[str, int], before: Mapping[str, int], day: float, below: int) -> bool:
    on_it = {kind: int(np.count_nonzero(times == day)) for kind, times in curve.items()}
    staying = sum(times.size - gone[kind] for kind, times in curve.items())
    counts = [staying, staying + sum(on_it.values())]
    for kind in curve:
        counts += [gone[kind], gone[kind] - before[kind], on_it[kind]]
    counts += [sum(gone.values()) - sum(before.values()), sum(on_it.values())]
    return not any(0 < count < below for count in counts)


def _up_to(times: Floats, day: float) -> int:
    return int(np.searchsorted(times, day, side="right"))


def coarse_curve(curve: pd.DataFrame, days: Floats, event: Integers, below: int) -> pd.DataFrame:
    """A curve with a step for every `below` events at least, in whole percent, without the days of censorings.

    Parameters
    ----------
    curve : one row a time, from 0 on: `time`, any of `survival`, `incidence`, `low`, `high`, and what else belongs to
        the curve.
    days, event : its patients; `event` 1 where the curve steps.
    below : fewer are not told. The curve ends on the last whole month on which so many are at risk.

    Returns
    -------
    DataFrame
        The rows that are left, and one for the end of the curve.
    """
    import pandas as pd

    steps = np.sort(days[event == 1])
    at_risk = np.sort(days)[::-1]
    last = float(at_risk[below - 1]) if at_risk.size >= below else 0.0
    end = MONTH * (last // MONTH)
    kept, told = [], 0
    for time in curve["time"]:
        count = _up_to(steps, time)
        if time == 0 or (time <= end and count - told >= below and steps.size - count not in range(1, below)):
            kept.append(time)
            told = count
    found = curve[curve["time"].isin(kept)]
    shares = [name for name in ("survival", "incidence", "low", "high") if name in found]
    found = found.assign(**{name: found[name].round(2) for name in shares})
    if "censored" in found:
        found = found.assign(censored=0)
    if len(found) and end > found["time"].iloc[-1]:
        found = pd.concat([found, found.iloc[[-1]].assign(time=end)], ignore_index=True)
    return found
