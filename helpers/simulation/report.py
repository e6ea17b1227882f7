"""Tables, points and sentences that the appendix on identifiability shows, made from the simulations' tables."""

from __future__ import annotations

from collections.abc import Mapping
from math import isinf
from typing import TYPE_CHECKING

from helpers.conventions import Interval
from helpers.errors import InputError, Problem
from helpers.simulation import field
from helpers.simulation.identifiability import PRINTED, Printing, cohorts, row
from helpers.simulation.mutation import ACCOUNTS, rates

if TYPE_CHECKING:
    import pandas as pd

LIVE_LIMIT = 100_000
NAMES = {
    "estimate": "estimate",
    "estimate, at risk": "with number at risk",
    "interval": "with interval",
    "interval, at risk": "with both",
}
_DECIMALS = {0: "no decimal", 1: "one decimal", 2: "two decimals"}
_SMALL = 22


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
    for decimals in _DECIMALS:
        for printed in PRINTED:
            way = Printing(decimals, 2, Interval.PLAIN, None, printed, known=True)
            found = row(patients, way, trials, LIVE_LIMIT)
            rows.append(
                {
                    "percentages with": _DECIMALS[decimals],
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
    found = part.assign(panel=part["decimals"].map(_DECIMALS), series=names, count=part["unique"])
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
    for decimals, name in _DECIMALS.items():
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

    events = _at(table, {"n": _SMALL, "decimals": 1})
    return [
        f"**Author: print the interval.** With {_SMALL} patients and one decimal, two bare estimates "
        "leave one history in "
        f"{share(_SMALL, 1, printed='estimate')} of the trials, with intervals in {share(_SMALL, 1)}.",
        "**Author: keep a decimal.** Without decimals the intervals leave one history in "
        f"{share(_SMALL, 0)} of the trials "
        f"of {_SMALL} patients, with one decimal in {share(_SMALL, 1)}, with two in {share(_SMALL, 2)}.",
        f"**Author: print numbers at risk.** With {_SMALL} patients and no decimals they raise it from "
        f"{share(_SMALL, 0)} to "
        f"{share(_SMALL, 0, printed='interval, at risk')}; for 40 patients and two decimals from {share(40, 2)} to "
        f"{share(40, 2, printed='interval, at risk')}.",
        f"**Author: say how the interval was made.** With {_SMALL} patients and one decimal, one history is left in "
        f"{share(_SMALL, 1)} of the trials if that is known, in {share(_SMALL, 1, convention='any')} if it is not.",
        "**Author: do not round before computing.** S and standard error rounded to 3 decimals first, "
        "and printed with two "
        f"decimals, leave one history in {share(_SMALL, 2, rounded_to='3')} of the trials of {_SMALL}, against "
        f"{share(_SMALL, 2)}.",
        "**Reviewer: up to about 16 patients** one decimal and two intervals leave one history in "
        f"{share(16, 1)} of the trials: "
        "every other number about that curve can be recomputed.",
        f"**Reviewer: at {_SMALL} patients** one decimal leaves at most 10 histories in "
        f"{at_most_10(_SMALL, 1)} of the trials, "
        f"and one number of events in {_share(events['events_known'], events['cases'])}.",
        f"**Reviewer: at 30 patients and more** one decimal leaves one history in {share(30, 1)} of the "
        "trials; ask for two "
        f"decimals ({share(30, 2)}) or for numbers at risk.",
        "**Whoever must not give single patients away** should read the same lines the other way round.",
    ]


def mutation_points(table: pd.DataFrame) -> pd.DataFrame:
    """Points for `rates_by_size`: wrong digits noticed, one panel for each number of decimals, one "
    "line an account."""
    found = rates(table, "decimals", "account", "n")
    found = found.assign(rank=found["account"].map({name: k for k, name in enumerate(ACCOUNTS)}))
    found = found.sort_values(["decimals", "rank", "n"], kind="stable")
    found = found.assign(panel=found["decimals"].map(_DECIMALS), series=found["account"], count=found["detected"])
    return found[["panel", "series", "n", "count", "cases"]].reset_index(drop=True)


def mutation_words(table: pd.DataFrame) -> pd.DataFrame:
    """Rates in percent by decimals, field and digit, up to 22 patients; one column an account."""
    import pandas as pd

    small = table[table["n"] <= _SMALL]
    names = {"value": "estimate", "ci_low": "lower limit", "ci_high": "upper limit"}
    rows = []
    for (decimals, name, digit), part in small.groupby(["decimals", "field", "digit"], sort=False):
        noticed = rates(part, "account").set_index("account")
        cells = {account: f"{noticed.loc[account, 'rate']:.1f}" for account in ACCOUNTS}
        slips = int(noticed["cases"].iloc[0])
        rows.append(
            {
                "percentages with": _DECIMALS[int(decimals)],
                "number": names[str(name)],
                "digit": digit,
                "slips": slips,
                **cells,
            }
        )
    return pd.DataFrame(rows).sort_values("percentages with", key=lambda c: c.map(_rank()), kind="stable")


def _rank() -> dict[str, int]:
    return {name: decimals for decimals, name in _DECIMALS.items()}


def account_sentence(table: pd.DataFrame) -> str:
    """How often a wrong digit finds an excuse, and what one convention for the whole paper is worth."""
    small = table[table["n"] <= _SMALL]
    found = rates(small, "account").set_index("account")
    last = rates(small[(small["digit"] == "last")], "account").set_index("account")
    excuse = {account: 100 - found.loc[account, "rate"] for account in ACCOUNTS}
    return (
        f"Up to {_SMALL} patients, over all decimals, a wrong digit finds an excuse in "
        f"**{excuse['claim']:.1f} %** of the cases if "
        f"every claim may choose its convention, in {excuse['endpoint']:.1f} % if the landmarks of a "
        "curve must fit together, in "
        f"**{excuse['paper']:.1f} %** if the whole paper must have been made in one way, and in "
        f"{excuse['known']:.1f} % if "
        f"that way is known. For a wrong last digit: {100 - last.loc['claim', 'rate']:.1f} %, "
        f"{100 - last.loc['endpoint', 'rate']:.1f} %, {100 - last.loc['paper', 'rate']:.1f} % and "
        f"{100 - last.loc['known', 'rate']:.1f} %. This is why one account for the whole paper is preferred."
    )


def rate_words(plotted: pd.DataFrame, what: str) -> str:
    """A figure of `rates_by_size` in words: for each panel and line, the rate at the smallest and largest n."""
    parts = []
    for (panel, series), part in plotted.groupby(["panel", "series"], sort=False):
        first, last = part.iloc[0], part.iloc[-1]
        parts.append(
            f"{panel}, {series}: {first['rate']:.0f} % at {first['n']} patients, {last['rate']:.0f} % at {last['n']}"
        )
    return f"Lines of {what} by number of patients. " + "; ".join(parts) + "."


def arms_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row a real cohort: what log intervals with one decimal print, and what comes back, for readers."""
    import pandas as pd

    alone = table[table["style"] == "log, 1 decimal"].set_index("arm")
    beside = table[table["style"] == "log, 1 decimal, numbers at risk"].set_index("arm")
    rows = []
    for arm in alone.index:
        one = alone.loc[arm]
        rows.append(
            {
                "cohort": arm,
                "n": int(one["n"]),
                "printed": one["landmarks"].replace("-", "–"),
                "histories": _listed(one["size"]),
                "with numbers at risk": _listed(beside.loc[arm, "size"]),
                "events": _range(one["events_low"], one["events_high"]),
                "true events": int(one["true_events"]),
                "truth": "in the set" if one["truth_in_set"] else "lost",
            }
        )
    return pd.DataFrame(rows)


def _listed(size: object) -> str | None:
    import pandas as pd

    return None if pd.isna(size) else f"{int(str(size)):,}"


def _range(low: object, high: object) -> str | None:
    import pandas as pd

    if pd.isna(low):
        return None
    return str(low) if low == high else f"{low}–{high}"


def field_table(table: pd.DataFrame) -> pd.DataFrame:
    """The summary of `helpers.simulation.field` for readers; shares over all cohorts, listed or not."""
    import pandas as pd

    rows = []
    for record in field.summary(table).to_dict("records"):
        rows.append(
            {
                "method": "Guyot 2012" if record["method"] == "Guyot" else "exact inversion",
                "given": record["given"],
                "truth": f"{record['truth']:.0f} %",
                "events exact": f"{record['events_exact']:.0f} %",
                "events wrong": f"{record['events_wrong']:.0f} %",
                "digits again": f"{record['digits']:.0f} %",
                "|ΔS|": f"{record['mean_error']:.5f}",
                "histories, median": f"{record['members_median']:,g}",
                "largest": f"{record['members_largest']:,}",
                "events, widest": record["events_widest"],
                "listed": f"{record['listed']} of {record['arms']}",
            }
        )
    return pd.DataFrame(rows)
