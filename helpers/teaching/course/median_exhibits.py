"""What Lesson 4 shows: the arms of printed medians, the limits of several programs, the reverse curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.conventions import Interval
from helpers.estimators.follow_up import ReverseTies, reverse_table
from helpers.estimators.kaplan_meier import survival_table
from helpers.estimators.medians import brookmeyer_crowley, spss_median
from helpers.study import Claim
from helpers.teaching.course.facts import facts, times_and_events
from helpers.teaching.course.medians import Z, numbers
from helpers.teaching.numerals import plainly

if TYPE_CHECKING:
    import pandas as pd


def arms_table() -> pd.DataFrame:
    """Every printed median with the lengths of its two arms."""
    import pandas as pd

    rows = []
    for claim in _medians():
        value, low, high = numbers(claim.id)
        rows.append(
            {"median": claim.note, "printed": f"{value} ({low}–{high})", "left arm": int(value - low),
             "right arm": int(high - value)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def programs_table() -> pd.DataFrame:
    """The median of real rows with the limits of several programs."""
    import pandas as pd

    rows = []
    for arm, name in (("DR_6MP", "6-mercaptopurine"), ("DR_placebo", "placebo")):
        table = survival_table(*times_and_events(arm))
        found = [("SPSS", spss_median(table))]
        found += [(f"R, {i}", brookmeyer_crowley(table, i, Z)) for i in (Interval.LOG, Interval.LOG_LOG)]
        rows += [
            {"arm": name, "program": program, "median": _week(m.value), "lower": _week(m.low), "upper": _week(m.high)}
            for program, m in found
        ]
    return pd.DataFrame(rows)


def follow_up_frame() -> pd.DataFrame:
    """The reverse curve of the real rows as a figure draws it: time, survival, low, high, censored."""
    from helpers.narrative.survival import curve_frame

    return curve_frame(reverse_table(*times_and_events(), ReverseTies.KEEP), Interval.LOG_LOG, Z)


def _medians() -> list[Claim]:
    return [c for c in facts().paper.claims if c.statistic in ("median", "follow_up")]


def _week(x: float) -> str:
    return "not reached" if x == float("inf") else plainly(x, 2)
