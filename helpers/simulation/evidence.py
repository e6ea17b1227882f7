"""Tables, points and sentences that the appendix on the evidence shows, made from the simulations' tables."""

from __future__ import annotations

from math import isinf, log10
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.figures.style import BAND
from helpers.simulation import field
from helpers.simulation.coverage import Tally
from helpers.simulation.mutation import ACCOUNTS, rates
from helpers.simulation.real_data import STYLES

if TYPE_CHECKING:
    import pandas as pd

BRUTE_FORCE = Path(__file__).with_name("frozen") / "brute_force.csv"
DECIMALS = {0: "no decimal", 1: "one decimal", 2: "two decimals"}
SMALL = 22
_SHADES = ("#ffffff", "#eef4f9", BAND, "#9fc1da")
_CENSORED = {"few": "few censored in the first year", "one in seven": "one in seven censored"}


def brute_force_table() -> pd.DataFrame:
    """One row for each n: histories, distinct printed texts asked about, conventions, disagreements."""
    import pandas as pd

    found = pd.read_csv(BRUTE_FORCE)
    return pd.DataFrame(
        {
            "patients": found["n"],
            "histories": [f"{k:,}" for k in found["histories"]],
            "conventions": found["conventions"],
            "printed texts": [f"{k:,}" for k in found["texts"]],
            "other sets than by brute force": found["disagreements"],
        }
    )


def coverage_sentence(tally: Tally) -> str:
    """What a run of made-up studies found."""
    asked = tally.cases - tally.listed
    return (
        f"**{len(tally.misses):,} of {tally.cases:,}** truths were lost. {tally.listed:,} sets were listed in full and held "
        f"the truth; in the other {asked:,} the truth was asked for, printed everything, and lay inside every window by "
        "which the search prunes."
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
    names = {"value": "estimate", "ci_low": "lower limit", "ci_high": "upper limit"}
    rows = []
    for (decimals, name, digit), part in small.groupby(["decimals", "field", "digit"], sort=False):
        noticed = rates(part, "account").set_index("account")
        cells = {account: f"{noticed.loc[account, 'rate']:.1f}" for account in ACCOUNTS}
        slips = int(noticed["cases"].iloc[0])
        rows.append(
            {
                "percentages with": DECIMALS[int(decimals)],
                "number": names[str(name)],
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
        f"{total:,} of {cases:,} judgements stayed open because the search would have taken too much work, {most[n]:,} of "
        f"them at {n} patients; they count as not noticed."
    )


def arms_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row a real cohort: what log intervals with one decimal print, and what comes back, for readers."""
    import pandas as pd

    rows = []
    for record in table[table["style"] == "log, 1 decimal"].to_dict("records"):
        rows.append(
            {
                "cohort": record["arm"],
                "n": int(record["n"]),
                "printed": record["landmarks"].replace("-", "–"),
                "histories": _listed(record["size"]),
                "events": _range(record["events_low"], record["events_high"]),
                "true events": int(record["true_events"]),
                "truth": "in the set" if record["truth_in_set"] else "lost",
            }
        )
    return pd.DataFrame(rows)


def widths_table(table: pd.DataFrame) -> pd.DataFrame:
    """How many histories print the same, one row a cohort and one column a way of printing."""
    found = table.assign(size=[_listed(size) for size in table["size"]])
    wide = found.pivot(index=["arm", "n"], columns="style", values="size").reset_index()
    names = [style.name for style in STYLES]
    order = {arm: k for k, arm in enumerate(dict.fromkeys(table["arm"]))}
    wide = wide.sort_values("arm", key=lambda column: column.map(order), kind="stable").reset_index(drop=True)
    wide.columns.name = None
    return wide[["arm", "n", *names]].rename(columns={"arm": "cohort"})


def widths_fills(shown: pd.DataFrame) -> dict[tuple[int, str], str]:
    """A darker cell for a larger set."""
    fills = {}
    for column in shown.columns[2:]:
        for k, text in enumerate(shown[column]):
            if text is not None and text != "1":
                digits = min(len(_SHADES) - 1, 1 + int(log10(int(text.replace(",", "")))))
                fills[k, column] = _SHADES[digits]
    return fills


def arms_sentence(table: pd.DataFrame) -> str:
    """How many sets hold the truth, were listed, have one member; and the widest."""
    listed = table[table["size"].notna()]
    widest = listed.loc[listed["size"].idxmax()]
    return (
        f"Over all {table['style'].nunique()} ways of printing {table['arm'].nunique()} cohorts, the truth was in "
        f"**{int(table['truth_in_set'].sum())} of {len(table)}** sets; {len(listed)} could be listed, and "
        f"{int((listed['size'] == 1).sum())} of these had one member, the truth. The widest, {widest['arm']} "
        f"(n = {widest['n']}) printed as “{widest['style']}”, has {widest['size']:,}."
    )


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


def event_points(table: pd.DataFrame) -> pd.DataFrame:
    """Points for `differences`: events by the last landmark less the true number, for three ways of asking."""
    import pandas as pd

    asked = {
        "Guyot, from landmarks": ("Guyot", "landmarks"),
        "all sets, from landmarks": ("exact", "landmarks"),
        "and their intervals": ("exact", "landmarks with intervals"),
    }
    parts = []
    for name, (method, given) in asked.items():
        part = table[(table["method"] == method) & (table["given"] == given)]
        low, high = (part[end].astype(float) - part["true_events"] for end in ("events_low", "events_high"))
        parts.append(pd.DataFrame({"cohort": part["arm"], "method": name, "low": low, "high": high}))
    return pd.concat(parts, ignore_index=True)


def event_words(plotted: pd.DataFrame) -> str:
    """The figure of `differences` in words."""
    parts = []
    for method, part in plotted.groupby("method", sort=False):
        count = part["outcome"].value_counts()
        found = [
            f"{count.get(k, 0)} {words}"
            for k, words in (
                ("right", "exactly right"), ("open", "a range with the truth in it"), ("wrong", "wrong"),
                ("unknown", "not listed"),
            )
        ]  # fmt: skip
        parts.append(f"{method}: {', '.join(found)}")
    cohorts = plotted["cohort"].nunique()
    return f"Number of events less the true number for {cohorts} real cohorts in three panels. {'; '.join(parts)}."


def larger_points(table: pd.DataFrame) -> pd.DataFrame:
    """Points for `rates_by_size`: sets that were listed, one panel for each amount of censoring."""
    found = table.assign(panel=table["censored"].map(_CENSORED), series=table["printed"], count=table["listed"])
    return found[["panel", "series", "n", "count", "cases"]].reset_index(drop=True)


def larger_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each n and way of printing: listed, one member, median and largest, and the estimate beforehand."""
    import pandas as pd

    rows = []
    for record in table.to_dict("records"):
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
    return f"10^{log10(number):.0f}"
