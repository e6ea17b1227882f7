"""Tables, points and sentences that the appendix on the evidence shows, made from the simulations' tables."""

from __future__ import annotations

import json
from math import isinf, log10
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.bench.row import Row
from helpers.printed import FIELD_TITLES
from helpers.simulation.coverage import Tally
from helpers.simulation.mutation import ACCOUNTS, rates
from helpers.simulation.report import DECIMALS, SMALL

if TYPE_CHECKING:
    import pandas as pd

BRUTE_FORCE = Path(__file__).with_name("frozen") / "brute_force.csv"
BENCHMARK = Path(__file__).with_name("frozen") / "benchmark.json"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CENSORED = {"few": "few censored in the first year", "one in seven": "one in seven censored"}


def brute_force_table() -> pd.DataFrame:
    """One row for each n: histories, conventions, distinct printed texts, how many were asked about, disagreements."""
    import pandas as pd

    found = pd.read_csv(BRUTE_FORCE)
    return pd.DataFrame(
        {
            "patients": found["n"],
            "histories": [f"{k:,}" for k in found["histories"]],
            "conventions": found["conventions"],
            "printed texts": [f"{k:,}" for k in found["texts"]],
            "asked about": ["all" if a == t else f"{a:,}" for a, t in zip(found["asked"], found["texts"], strict=True)],
            "other sets than by brute force": found["disagreements"],
        }
    )


def coverage_sentence(tally: Tally) -> str:
    """What a run of made-up studies found."""
    asked = tally.cases - tally.listed
    return (
        f"**{len(tally.misses):,} of {tally.cases:,}** truths were lost. {tally.listed:,} sets were listed in full; "
        f"in the other {asked:,} the truth was asked for, printed everything, and lay inside every window by which the "
        "search prunes."
    )


def mutation_points(table: pd.DataFrame) -> pd.DataFrame:
    """Points for `rates_by_size`: wrong digits noticed, one panel for each number of decimals, one line an account."""
    found = rates(table, "decimals", "account", "n")
    found = found.assign(rank=found["account"].map({name: k for k, name in enumerate(ACCOUNTS)}))
    found = found.sort_values(["decimals", "rank", "n"], kind="stable")
    found = found.assign(panel=found["decimals"].map(DECIMALS), series=found["account"], count=found["detected"])
    return found[["panel", "series", "n", "count", "cases"]].reset_index(drop=True)


def mutation_words(table: pd.DataFrame) -> pd.DataFrame:
    """Rates in percent by decimals, field and digit, up to 22 patients; one column an account."""
    import pandas as pd

    small = table[table["n"] <= SMALL]
    rows = []
    for (decimals, name, digit), part in small.groupby(["decimals", "field", "digit"], sort=False):
        noticed = rates(part, "account").set_index("account")
        cells = {account: f"{noticed.loc[account, 'rate']:.1f}" for account in ACCOUNTS}
        slips = int(noticed["cases"].iloc[0])
        rows.append(
            {
                "percentages with": DECIMALS[int(decimals)],
                "number": FIELD_TITLES[str(name)],
                "digit": digit,
                "slips": slips,
                **cells,
            }
        )
    rank = {name: decimals for decimals, name in DECIMALS.items()}
    return pd.DataFrame(rows).sort_values("percentages with", key=lambda c: c.map(rank), kind="stable")


def account_sentence(table: pd.DataFrame) -> str:
    """How often a wrong digit finds an excuse, and what one convention for the whole paper is worth."""
    small = table[table["n"] <= SMALL]
    found = rates(small, "account").set_index("account")
    last = rates(small[(small["digit"] == "last")], "account").set_index("account")
    excuse = {account: 100 - found.loc[account, "rate"] for account in ACCOUNTS}
    return (
        f"Up to {SMALL} patients, over all decimals, a wrong digit finds an excuse in "
        f"**{excuse['claim']:.1f} %** of the cases if "
        f"every claim may choose its convention, in {excuse['endpoint']:.1f} % if the landmarks of a "
        "curve must fit together, in "
        f"**{excuse['paper']:.1f} %** if the whole paper must have been made in one way, and in "
        f"{excuse['known']:.1f} % if "
        f"that way is known. For a wrong last digit: {100 - last.loc['claim', 'rate']:.1f} %, "
        f"{100 - last.loc['endpoint', 'rate']:.1f} %, {100 - last.loc['paper', 'rate']:.1f} % and "
        f"{100 - last.loc['known', 'rate']:.1f} %. This is why one account for the whole paper is preferred."
    )


def undecided_sentence(table: pd.DataFrame) -> str:
    """How many judgements are open, and where."""
    most = table.groupby("n")["undecided"].sum()
    total, cases = int(table["undecided"].sum()), int(table["cases"].sum())
    n = int(most.idxmax())
    return (
        f"{total:,} of {cases:,} judgements stayed open because the search would have taken too much work, {most[n]:,} "
        f"of them at {n} patients; they count as not noticed."
    )


def larger_points(table: pd.DataFrame) -> pd.DataFrame:
    """Points for `rates_by_size`: sets that were listed, one panel for each amount of censoring."""
    found = table.assign(panel=table["censored"].map(_CENSORED), series=table["printed"], count=table["listed"])
    return found[["panel", "series", "n", "count", "cases"]].reset_index(drop=True)


def larger_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each n and way of printing: listed, one member, median and largest, and the estimate beforehand."""
    import pandas as pd

    rows = []
    for record in table.sort_values("censored", kind="stable").to_dict("records"):
        size = record["median_size"]
        rows.append(
            {
                "censored": _CENSORED[record["censored"]],
                "patients": record["n"],
                "printed": record["printed"],
                "listed": f"{record['listed']} of {record['cases']}",
                "one history": record["unique"],
                "up to 1,000": record["to_1000"],
                "median": "∞" if isinf(size) else f"{size:,.0f}",
                "largest listed": f"{record['largest']:,}" if record["listed"] else None,
                "estimate": _rough(record["estimated"]),
            }
        )
    return pd.DataFrame(rows)


def _rough(number: float) -> str:
    """One digit and a power of ten for what is large, whole numbers for the rest."""
    if number < 1:
        return "< 1"
    if number < 1e5:
        return f"{number:,.0f}"
    return "10" + f"{log10(number):.0f}".translate(_RAISED)


def benchmark_table() -> pd.DataFrame:
    """One row a task: the figure to reach, what was measured, whether it was reached, and a note."""
    import pandas as pd

    rows = []
    for record in json.loads(BENCHMARK.read_text(encoding="utf-8"))["rows"]:
        reached = record.pop("reached")
        row = Row(**record)
        rows.append(
            {
                "task": row.task,
                "to reach": row.goal,
                "measured": row.shown,
                "processor": row.worked,
                "reached": {True: "yes", False: "no", None: ""}[reached],
                "note": row.note,
            }
        )
    return pd.DataFrame(rows)


def benchmark_sentence() -> str:
    """On what machine, and how often."""
    found = json.loads(BENCHMARK.read_text(encoding="utf-8"))
    about, repeats = found["machine"], found["settings"]["repeats"]
    versions = ", ".join(f"{name} {about[name]}" for name in ("numpy", "pandas", "lifelines"))
    return (
        f"{about['cores']} cores ({about['processor']}, {about['system']}), Python {about['python']}, {versions}; "
        f"medians of {repeats}. Measured by the clock; processor: the time for which it worked on the task, which "
        "is less where others share the machine."
    )
