"""Tables, points and sentences on real cohorts, printed and inverted, and on the usual method beside."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

from helpers.figures.style import COUNTS
from helpers.simulation import field
from helpers.simulation.real_data import STYLES

if TYPE_CHECKING:
    import pandas as pd


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
                digits = min(len(COUNTS) - 1, 1 + int(log10(int(text.replace(",", "")))))
                fills[k, column] = COUNTS[digits]
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
        "Guyot 2012\nfrom the landmarks": ("Guyot", "landmarks"),
        "exact inversion\nfrom the landmarks": ("exact", "landmarks"),
        "exact inversion\nwith intervals too": ("exact", "landmarks with intervals"),
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
        parts.append(f"{' '.join(str(method).split())}: {', '.join(found)}")
    cohorts = plotted["cohort"].nunique()
    return f"Number of events less the true number for {cohorts} real cohorts in three panels. {'; '.join(parts)}."
