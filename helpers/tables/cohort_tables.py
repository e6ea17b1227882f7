"""Tables of a cohort besides Table 1: the flow of patients, regressions, adverse events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.errors import InputError, Problem
from helpers.figures.subgroup_forest import ratio_with_limits
from helpers.figures.wording import p_text, percent_text
from helpers.tables.house import MISSING
from helpers.tables.masking import Sum, masked_counts

if TYPE_CHECKING:
    import pandas as pd


def flow_table(frame: pd.DataFrame, *, mask_below: int = 0) -> pd.DataFrame:
    """Write stages of patients as a table.

    Parameters
    ----------
    frame : DataFrame
        From the first stage on: stage, count, of (count of the stage it is taken from), without (how many are not in
        it); optional reason (why not).
    mask_below : int
        Counts from 1 to one less are hidden, with what would give them away; 0: nothing is hidden.

    Returns
    -------
    DataFrame
        Columns stage, patients, "% of the stage before", left out, and reason if given.

    Examples
    --------
    >>> import pandas as pd
    >>> stages = pd.DataFrame({"stage": ["infused", "evaluable"], "count": [22, 20], "of": [22, 22], "without": [0, 2]})
    >>> flow_table(stages).values.tolist()
    [['infused', '22', '–', '–'], ['evaluable', '20', '90.9', '2']]
    """
    import pandas as pd

    rows = frame.to_dict("records")
    counts = [int(x) for row in rows for x in (row["count"], row["without"])]
    sums = [
        Sum(2 * j, (2 * k, 2 * k + 1))
        for k in range(1, len(rows))
        for j in range(k - 1, -1, -1)
        if rows[j]["count"] == rows[k]["of"]
    ]
    hidden = masked_counts(counts, _first_each(sums), mask_below, public=[0]) if mask_below > 1 else {}
    lines = []
    for k, row in enumerate(rows):
        open_percent = k and not {2 * k, 2 * k + 1} & set(hidden)
        line = {
            "stage": str(row["stage"]),
            "patients": hidden.get(2 * k, f"{int(row['count']):,}"),
            "% of the stage before": percent_text(row["count"], row["of"]) if open_percent else MISSING,
            "left out": hidden.get(2 * k + 1, f"{int(row['without']):,}") if k else MISSING,
        }
        if "reason" in frame:
            reason = row["reason"]
            line["reason"] = str(reason) if isinstance(reason, str) and reason else MISSING
        lines.append(line)
    return pd.DataFrame(lines)


def _first_each(sums: list[Sum]) -> list[Sum]:
    """For each stage only the nearest stage it can have been taken from."""
    found: dict[tuple[int, ...], Sum] = {}
    for line in sums:
        found.setdefault(line.parts, line)
    return list(found.values())


def regression_table(frame: pd.DataFrame, *, measure: str = "HR (95 % CI)", mask_below: int = 0) -> pd.DataFrame:
    """Write hazard ratios (or other ratios) as a table, models side by side.

    Parameters
    ----------
    frame : DataFrame
        As for `helpers.figures.subgroup_forest.hazard_forest`: subgroup (the variable), level, n, estimate, low, high,
        p; optional events, reference (bool) and model (e.g. "univariable", "multivariable"; a term that is not in a
        model shows "–").
    measure : str
        Head of the columns of ratios.
    mask_below : int
        Numbers of patients and of events from 1 to one less are hidden, with what would give them away given the sums
        of each variable's levels; 0: nothing is hidden.

    Returns
    -------
    DataFrame
        Columns "variable" (for row groups), level, "events/n" (or n), and for each model its ratio and P: texts for
        `show_table` with ``group="variable"``.

    Raises
    ------
    InputError
        Two rows for one variable, level and model.
    """
    import pandas as pd

    models = list(dict.fromkeys(frame["model"])) if "model" in frame else [""]
    keys = ["subgroup", "level"]
    if frame.assign(model=frame.get("model", "")).duplicated([*keys, "model"]).any():
        raise InputError(Problem("a term stands twice in a model", "give one row a variable, level and model"))
    count = "events/n" if "events" in frame else "n"
    numbers = _numbers(frame, mask_below)
    lines = []
    for (variable, level), part in frame.groupby(keys, sort=False):
        line: dict[str, Any] = {"variable": str(variable), "level": str(level), count: numbers[variable, level]}
        for model in models:
            own = part[part["model"] == model] if "model" in part else part
            row = own.iloc[0].to_dict() if len(own) else None
            name = f"{model}: " if model else ""
            line[f"{name}{measure}"] = ratio_with_limits(row) if row is not None else MISSING
            p = row.get("p", float("nan")) if row is not None and row.get("reference") is not True else float("nan")
            line[f"{name}P"] = p_text(p)
        lines.append(line)
    return pd.DataFrame(lines)


def _numbers(frame: pd.DataFrame, mask_below: int) -> dict[tuple[object, object], str]:
    """Events and patients of each variable and level as text, small ones hidden."""
    found: dict[tuple[object, object], str] = {}
    columns = ("events", "n") if "events" in frame else ("n",)
    for variable, part in frame.drop_duplicates(["subgroup", "level"]).groupby("subgroup", sort=False):
        texts = []
        for column in columns:
            counts = [int(x) for x in part[column]]
            whole = Sum(len(counts), tuple(range(len(counts))))
            total = sum(counts)
            # the sum of a single level is no more public than the level
            sums, public = ([whole], [len(counts)]) if len(counts) > 1 and total >= mask_below else ([], [])
            hidden = masked_counts([*counts, total], sums, mask_below, public) if mask_below > 1 else {}
            texts.append([hidden.get(k, f"{count:,}") for k, count in enumerate(counts)])
        for k, level in enumerate(part["level"]):
            found[variable, level] = "/".join(column[k] for column in texts)
    return found


def adverse_event_table(frame: pd.DataFrame, *, mask_below: int = 0, at_least: int = 1) -> pd.DataFrame:
    """Write adverse events by highest grade as a table.

    Parameters
    ----------
    frame : DataFrame
        From `helpers.estimators.adverse_events.highest_grades`.
    mask_below : int
        Counts from 1 to one less are hidden, with what would give them away; 0: nothing is hidden.
    at_least : int
        Leave out terms with fewer patients; say so in the table's note.

    Returns
    -------
    DataFrame
        Columns term, "any grade", "grade 1–2", "grade 3–4", "grade 5", and "not recorded" if that occurs: n (%).
    """
    import pandas as pd

    bands = {"grade 1–2": (1, 2), "grade 3–4": (3, 4), "grade 5": (5,), "not recorded": (0,)}
    if not (frame["grade"] == 0).any():
        del bands["not recorded"]
    lines = []
    for term, part in frame[frame["any"] >= at_least].groupby("term", sort=False):
        n = int(part["n"].iloc[0])
        counts = [int(part["count"].sum())]
        counts += [int(part.loc[part["grade"].isin(grades), "count"].sum()) for grades in bands.values()]
        parts = len(counts)
        sums = [Sum(0, tuple(range(1, parts))), Sum(parts + 1, (0, parts))]
        everybody = [*counts, n - counts[0], n]
        hidden = masked_counts(everybody, sums, mask_below, public=[parts + 1]) if mask_below > 1 else {}
        cells = [hidden.get(k, f"{count:,} ({percent_text(count, n)})") for k, count in enumerate(counts)]
        lines.append({"term": str(term), **dict(zip(["any grade", *bands], cells, strict=True))})
    return pd.DataFrame(lines, columns=["term", "any grade", *bands])
