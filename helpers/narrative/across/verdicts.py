"""The verdicts of all studies, how their intervals were made, how much is left open, and what contradicts what."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.across.explain import explanations
from helpers.across.field import Field
from helpers.conventions import Interval
from helpers.figures.display import literal
from helpers.figures.verdict import VERDICT_COLOURS
from helpers.inversion.median_account import median_accounts
from helpers.narrative.phrases import counted, listed
from helpers.printed import FIELD_TITLES

if TYPE_CHECKING:
    import pandas as pd

    from helpers.study.model import Study

IMPOSSIBLE = "impossible"
_LARGE = 10**6


def verdict_matrix(field: Field) -> pd.DataFrame:
    """One row a study, those that are compared first: name, marked (the first study), and a count for each verdict."""
    import pandas as pd

    rows = []
    for study in (*field.studies, *field.others):
        own = field.verdicts.loc[field.verdicts["study"] == study.id, "verdict"]
        counts = {verdict: int((own == verdict).sum()) for verdict in VERDICT_COLOURS}
        rows.append({"name": field.labels[study.id], "marked": study.id == field.first.id, **counts})
    return pd.DataFrame(rows, columns=["name", "marked", *VERDICT_COLOURS])


def matrix_table(matrix: pd.DataFrame) -> pd.DataFrame:
    """The matrix with the total of each study, and a last line of totals."""
    import pandas as pd

    names = list(VERDICT_COLOURS)
    shown = matrix.rename(columns={"name": "study"}).drop(columns="marked")
    shown["printed numbers"] = shown[names].sum(axis=1)
    total = pd.DataFrame([{"study": "all", **shown.drop(columns="study").sum().to_dict()}])
    return pd.concat([shown, total], ignore_index=True)


def matrix_sentence(matrix: pd.DataFrame) -> str:
    """How many numbers of all studies have which verdict, and how the first compares."""
    sums = matrix[list(VERDICT_COLOURS)].sum()
    every = int(sums.sum())
    parts = listed([f"{count} {verdict}" for verdict, count in sums.items() if count])
    first = matrix[matrix["marked"]].iloc[0]
    own = int(first[list(VERDICT_COLOURS)].sum())
    bound = int(first["re-derived"])
    others = matrix[~matrix["marked"]]
    forced, all_others = int(others["re-derived"].sum()), int(others[list(VERDICT_COLOURS)].to_numpy().sum())
    share = f" ({100 * forced / all_others:.0f} %)" if all_others else ""
    return (
        f"Of {every} printed numbers: {parts}. In {first['name']} {bound} of {own} ({100 * bound / own:.0f} %) are "
        f"forced by the others, in all other studies together {forced} of {all_others}{share}: a paper that prints "
        "few decimals, or no intervals, leaves little that could be checked."
    )


def matrix_words(matrix: pd.DataFrame) -> str:
    """The bars of verdicts in words."""
    rows = "; ".join(
        f"{r['name']}, {listed([f'{r[v]} {v}' for v in VERDICT_COLOURS if r[v]])}" for r in matrix.to_dict("records")
    )
    return f"One bar a study, its printed numbers by verdict: {rows}."


def contradiction_paragraphs(field: Field) -> list[str]:
    """One paragraph a study of which a number contradicts the rest: the arithmetic, and what could explain it."""
    paragraphs = []
    for study in (*field.studies, *field.others):
        rows = field.verdicts[(field.verdicts["study"] == study.id) & (field.verdicts["verdict"] == IMPOSSIBLE)]
        if rows.empty:
            continue
        items = []
        for (claim_id, note), part in rows.groupby(["claim", "note"], sort=False):
            claim = study.claim(claim_id)
            numbers = listed(
                [
                    f"{FIELD_TITLES[r['field']]} {r['printed']} (the rest allows {r['predicted']})"
                    for r in part.to_dict("records")
                ],
                "or",
            )
            found = [text for field_name in part["field"] for text in explanations(study, claim_id, field_name)]
            could = f" What would explain it: {'; or '.join(found)}." if found else ""
            items.append(
                f"{literal(claim.note or claim.id)}, {numbers}. {literal(note[:1].upper() + note[1:])}.{could}"
            )
        first = " (the first study)" if study.id == field.first.id else ""
        paragraphs.append(f"**{field.labels[study.id]}**{first}: {' '.join(items)}")
    return paragraphs


def contradictions_sentence(field: Field) -> str:
    """How many numbers of how many studies contradict the rest of their paper."""
    wrong = field.verdicts[field.verdicts["verdict"] == IMPOSSIBLE]
    claims = wrong[["study", "claim"]].drop_duplicates()
    studies = counted(claims["study"].nunique(), "study", "studies")
    return (
        f"In {studies} of {len(field.studies) + len(field.others)} there is a claim whose numbers cannot all be right "
        f"as they are entered here, {counted(len(claims), 'claim')} in all. Each is a statement about digits: a slip "
        "in copying, a denominator that the abstract does not tell, or a way of rounding that is not among those "
        "tried. It says nothing about the study's conduct, and the slip may be in the transcription."
    )


def intervals_table(field: Field) -> pd.DataFrame:
    """How each paper's intervals of survival, medians and proportions were made, if it prints any."""
    import pandas as pd

    rows = []
    for study in (*field.studies, *field.others):
        own = {
            "survival": _survival(field, study),
            "medians": _medians(study),
            "proportions": _proportions(field, study),
        }
        if any(own.values()):
            rows.append(
                {"study": field.labels[study.id], **{name: text or "none printed" for name, text in own.items()}}
            )
    return pd.DataFrame(rows, columns=["study", "survival", "medians", "proportions"])


def _survival(field: Field, study: Study) -> str:
    rows = field.inversions[(field.inversions["study"] == study.id) & (field.inversions["with_interval"] > 0)]
    texts: dict[str, list[str]] = {}
    for row in rows.to_dict("records"):
        kinds = " or ".join(str(kind) for kind in Interval if str(kind) in row["interval"].split(" or "))
        if not kinds:
            text = "no way that was tried prints them all"
        elif row["rounded_first"] == "no":
            text = f"{kinds}, full precision to the end"
        elif "no" not in row["rounded_first"].split(" or "):
            text = f"{kinds}, S and its error rounded to {row['rounded_first']} decimals first"
        else:
            text = f"{kinds}, rounding before it cannot be told"
        texts.setdefault(text, []).append(row["endpoint"])
    if len(texts) == 1:
        return next(iter(texts))
    return "; ".join(f"{', '.join(names)}: {text}" for text, names in texts.items())


def _medians(study: Study) -> str:
    accounts = [a for a in median_accounts(study, Fraction("30.4375")).values() if a.printed.complete]
    if not accounts:
        return ""
    even = [a for a in accounts if a.symmetric and not a.candidates]
    if not even:
        return "not symmetric, as where limits are days of events"
    rules = listed(sorted({str(rule) for a in even for rule in a.roundings}), "or")
    return f"{len(even)} of {len(accounts)} can be symmetric, as SPSS prints them, with {rules}"


def _proportions(field: Field, study: Study) -> str:
    own = field.verdicts[(field.verdicts["study"] == study.id) & field.verdicts["field"].isin(["ci_low", "ci_high"])]
    texts: dict[str, int] = {}
    for row in own.to_dict("records"):
        if study.claim(row["claim"]).statistic != "proportion":
            continue
        if "the count is not printed" in row["note"]:
            text = "counts not printed"
        elif row["verdict"] == IMPOSSIBLE:
            text = "no usual method"
        else:
            text = row["note"].split(", ", 1)[1]
        texts[text] = texts.get(text, 0) + 1
    if len(texts) == 1:
        return next(iter(texts))
    return "; ".join(f"{text} ({count})" for text, count in texts.items())


def sizes_frame(field: Field) -> pd.DataFrame:
    """One row a curve whose number of histories is known from both sides, for `set_sizes`."""
    import pandas as pd

    rows = [
        {
            "name": f"{field.labels[r['study']]} {r['endpoint']}",
            "first": r["study"] == field.first.id,
            "n": r["n"],
            "decimals": _decimals(field.by_id[r["study"]], r["endpoint"], r["decimals"]),
            "with_interval": r["with_interval"] > 0,
            "low": r["count_low"],
            "high": r["count_high"],
        }
        for r in field.inversions.to_dict("records")
        if r["count_high"] is not None and r["count_low"] >= 1
    ]
    return pd.DataFrame(rows, columns=["name", "first", "n", "decimals", "with_interval", "low", "high"])


def _decimals(study: Study, endpoint: str, printed: int) -> int:
    """Decimals of percentages; two fewer than of proportions."""
    as_share = any(claim.unit == "proportion" for claim in study.select("survival", endpoint))
    return max(printed - 2, 0) if as_share else printed


def sizes_sentence(field: Field) -> str:
    """How many curves are pinned down to few histories, and how many are left out of the figure."""
    sizes = sizes_frame(field)
    few = sizes[sizes["high"] <= 100]
    many = sizes[sizes["low"] >= _LARGE]
    spread = ""
    if len(few):
        kind = "all" if few["with_interval"].all() else f"{int(few['with_interval'].sum())} of them"
        spread = f" ({int(few['n'].min())} to {int(few['n'].max())} patients; {kind} with intervals)"
    lost = len(field.inversions) - len(sizes)
    left = ""
    if lost:
        left = (
            f" Of {counted(lost, 'curve')} it is not known how many histories there are, or none was found: not drawn."
        )
    return (
        f"Of {len(sizes)} curves, {len(few)} leave at most a hundred histories{spread}. "
        f"{counted(len(many), 'curve').capitalize()} leave more than a million, for want of an interval, of decimals, "
        f"or because they run over more patients.{left}"
    )


def sizes_words(field: Field) -> str:
    """The figure of sizes in words."""
    rows = "; ".join(
        f"{r['name']}, {r['n']} patients, "
        f"{_rough(r['low'])}{'' if r['low'] == r['high'] else ' to ' + _rough(r['high'])}"
        for r in sizes_frame(field).to_dict("records")
    )
    return (
        f"Number of histories that print the numbers of each curve, against its patients, on logarithmic axes: {rows}."
    )


def _rough(number: int) -> str:
    return f"{number:,}" if number < _LARGE else f"10 to the power of {len(str(number)) - 1}"
