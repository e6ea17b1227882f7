"""Tables, points and sentences that the appendix on identifiability shows, made from the simulations' tables."""

from __future__ import annotations

from collections.abc import Mapping
from math import isinf
from typing import TYPE_CHECKING

from helpers.conventions import Interval
from helpers.errors import InputError, Problem
from helpers.simulation.identifiability import PRINTED, Printing, cohorts, row

if TYPE_CHECKING:
    import pandas as pd

LIVE_LIMIT = 100_000
NAMES = {
    "estimate": "estimate",
    "estimate, at risk": "with number at risk",
    "interval": "with interval",
    "interval, at risk": "with both",
}
DECIMALS = {0: "no decimal", 1: "one decimal", 2: "two decimals"}
SMALL = 22


def live_table(patients: int, cases: int, seed: int) -> pd.DataFrame:
    """A few trials simulated now: two landmarks, plain intervals; one row a way of printing.

    Raises InputError where the numbers asked for would take too long or mean nothing.
    """
    import pandas as pd

    if not 8 <= patients <= 30:
        raise InputError(Problem(f"patients = {patients}: the simulation takes 8 to 30", "choose a number in between"))
    if not 1 <= cases <= 500:
        raise InputError(Problem(f"cases = {cases}: the simulation takes 1 to 500 trials", "choose one in between"))
    trials = cohorts(patients, cases, seed)
    rows = []
    for decimals in DECIMALS:
        for printed in PRINTED:
            way = Printing(decimals, 2, Interval.PLAIN, None, printed, known=True)
            found = row(patients, way, trials, LIVE_LIMIT)
            rows.append(
                {
                    "percentages with": DECIMALS[decimals],
                    "printed": NAMES[printed],
                    "one history": f"{found['unique']} of {cases}",
                    "at most 10": f"{found['to_10']} of {cases}",
                    "median number": _number(float(str(found["median_size"]))),
                }
            )
    return pd.DataFrame(rows)


def _number(size: float) -> str:
    return "∞" if isinf(size) else f"{size:,.0f}"


def _share(count: float, cases: float) -> str:
    return f"{100 * count / cases:.0f} %"


def unique_points(table: pd.DataFrame) -> pd.DataFrame:
    """Points for `rates_by_size`: trials with one history only, two landmarks, plain, convention known."""
    part = _plain(table[(table["landmarks"] == 2)])
    part = part.sort_values(["decimals", "n"], kind="stable")
    names = [NAMES[printed] for printed in part["printed"]]
    found = part.assign(panel=part["decimals"].map(DECIMALS), series=names, count=part["unique"])
    order = {name: k for k, name in enumerate(NAMES.values())}
    found = found.assign(rank=found["series"].map(order)).sort_values(["decimals", "rank", "n"], kind="stable")
    return found[["panel", "series", "n", "count", "cases"]].reset_index(drop=True)


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["interval"] == "plain") & (table["rounded_to"] == "") & (table["convention"] == "known")]


def _at(table: pd.DataFrame, wanted: Mapping[str, object]) -> pd.Series:
    base = {"landmarks": 2, "interval": "plain", "rounded_to": "", "printed": "interval", "convention": "known"}
    for name, value in (base | dict(wanted)).items():
        table = table[table[name] == value]
    return table.iloc[0]


def sizes_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each number of decimals, way of making intervals and n: how many trials have one history."""
    import pandas as pd

    rows = []
    for decimals, name in DECIMALS.items():
        for n in table["n"].unique():
            here = {"n": n, "decimals": decimals}
            plain, spss = _at(table, here), _at(table, here | {"rounded_to": "3"})
            free, one = _at(table, here | {"convention": "any"}), _at(table, here | {"landmarks": 1})
            kinds = {kind: _at(table, here | {"interval": kind}) for kind in ("log", "log-log")}
            rows.append(
                {
                    "percentages with": name,
                    "patients": int(n),
                    "one history": _share(plain["unique"], plain["cases"]),
                    "log": _share(kinds["log"]["unique"], plain["cases"]),
                    "log-log": _share(kinds["log-log"]["unique"], plain["cases"]),
                    "SPSS by hand": _share(spss["unique"], spss["cases"]),
                    "any convention": _share(free["unique"], free["cases"]),
                    "one landmark": _share(one["unique"], one["cases"]),
                    "not listed": _share(plain["not_listed"], plain["cases"]),
                    "median number": _number(plain["median_size"]),
                }
            )
    return pd.DataFrame(rows)


def advice_sentences(table: pd.DataFrame) -> list[str]:
    """What the table means for an author and for a reviewer, with its numbers."""

    def share(n: int, decimals: int, **wanted: object) -> str:
        found = _at(table, {"n": n, "decimals": decimals, **wanted})
        return _share(found["unique"], found["cases"])

    def at_most_10(n: int, decimals: int) -> str:
        found = _at(table, {"n": n, "decimals": decimals})
        return _share(found["to_10"], found["cases"])

    events = _at(table, {"n": SMALL, "decimals": 1})
    return [
        f"**Author: print the interval.** With {SMALL} patients and one decimal, two bare estimates "
        "leave one history in "
        f"{share(SMALL, 1, printed='estimate')} of the trials, with intervals in {share(SMALL, 1)}.",
        "**Author: keep a decimal.** Without decimals the intervals leave one history in "
        f"{share(SMALL, 0)} of the trials "
        f"of {SMALL} patients, with one decimal in {share(SMALL, 1)}, with two in {share(SMALL, 2)}.",
        f"**Author: print numbers at risk.** With {SMALL} patients and no decimals they raise it from "
        f"{share(SMALL, 0)} to "
        f"{share(SMALL, 0, printed='interval, at risk')}; for 40 patients and two decimals from {share(40, 2)} to "
        f"{share(40, 2, printed='interval, at risk')}.",
        f"**Author: say how the interval was made.** With {SMALL} patients and one decimal, one history is left in "
        f"{share(SMALL, 1)} of the trials if that is known, in {share(SMALL, 1, convention='any')} if it is not.",
        "**Author: do not round before computing.** S and standard error rounded to 3 decimals first, "
        "and printed with two "
        f"decimals, leave one history in {share(SMALL, 2, rounded_to='3')} of the trials of {SMALL}, against "
        f"{share(SMALL, 2)}.",
        "**Reviewer: up to about 16 patients** one decimal and two intervals leave one history in "
        f"{share(16, 1)} of the trials: "
        "every other number about that curve can be recomputed.",
        f"**Reviewer: at {SMALL} patients** one decimal leaves at most 10 histories in "
        f"{at_most_10(SMALL, 1)} of the trials, "
        f"and one number of events in {_share(events['events_known'], events['cases'])}.",
        f"**Reviewer: at 30 patients and more** one decimal leaves one history in {share(30, 1)} of the "
        "trials; ask for two "
        f"decimals ({share(30, 2)}) or for numbers at risk.",
        "**Whoever must not give single patients away** should read the same lines the other way round.",
    ]


def rate_words(plotted: pd.DataFrame, what: str) -> str:
    """A figure of `rates_by_size` in words: for each panel and line, the rate at the smallest and largest n."""
    parts = []
    for (panel, series), part in plotted.groupby(["panel", "series"], sort=False):
        first, last = part.iloc[0], part.iloc[-1]
        parts.append(
            f"{panel}, {series}: {first['rate']:.0f} % at {first['n']} patients, {last['rate']:.0f} % at {last['n']}"
        )
    return f"Lines of {what} by number of patients. " + "; ".join(parts) + "."
