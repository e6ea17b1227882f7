"""The numbers that the notebooks write on patient-level rows, under the keys of `make_notebooks.R`.

The notebooks run as they are, on a study folder, and write their tables; only the pictures are not rendered. What is
read back are the exact CSV files of the results, and the frames from which the observed curves were drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers.cohort import Cohort, open_cohort
from helpers.narrative.patients import curves
from helpers.narrative.patients.follow_up import TIES
from helpers.narrative.patients.grouping import covariate_levels
from helpers.study import load_study
from tests.notebooks.running import run_notebook

NOTEBOOKS = ("01_cohort", "02_efficacy", "04_survival", "05_safety")
WAYS = {"as if": "naive", "landmark": "landmark", "covariate": "changing"}
RATES = {
    "Complete remission (CR)": "cr", "CR with incomplete recovery (CRi)": "cri", "CR or CRi": "either",
    "MRD-negative": "mrd_negative",
}  # fmt: skip
GRADES = {"CRS": "crs_grade", "ICANS": "icans_grade", "Acute GVHD": "agvhd_grade"}
LIMITS = ("estimate", "low", "high")
SURVIVAL = ("survival", "std_error", "low", "high")
MEDIAN = ("median", "median_low", "median_high")
Found = Iterator[tuple[str, float]]


@dataclass(frozen=True)
class Written:
    """What a run has written: the cohort, its tables by name, and the curves that were drawn, by endpoint."""

    cohort: Cohort
    tables: Mapping[str, pd.DataFrame]
    drawn: Mapping[str, pd.DataFrame]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table; none if it was not written."""
        return self.tables[name].to_dict("records") if name in self.tables else []

    def column(self, label: str) -> str:
        """The column of a covariate that tables call by its label."""
        return next(name for name in self.cohort.covariates if self.cohort.label(name) == label)

    def place(self, column: str, level: object, rows: pd.Series | None = None) -> int:
        """The number of a level of a covariate, from 1."""
        names = [str(name) for name in covariate_levels(self.cohort, column).cat.categories]
        return names.index(str(level)) + 1


def written(folder: Path, parameters: Mapping[str, object], results: Path) -> Written:
    """Run the notebooks on a study folder and read back what they have written."""
    drawn: dict[str, pd.DataFrame] = {}
    draw, picture = curves.kaplan_meier_groups, curves.curves_figure

    def keep(*args: Any, **options: Any) -> Any:
        figure, plotted = draw(*args, **options)
        drawn[""] = plotted
        return figure, plotted

    def named(cohort: Cohort, analysis: Any, *args: Any, **options: Any) -> Any:
        made = picture(cohort, analysis, *args, **options)
        if options.get("group") is None:
            drawn[analysis.id] = drawn[""]
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpers.figures.display.render", lambda figure, kind, alt="": b"")
        patch.setattr(curves, "kaplan_meier_groups", keep)
        patch.setattr(curves, "curves_figure", named)
        for name in NOTEBOOKS:
            known = {"study": str(folder), "results_dir": str(results), **parameters}
            run_notebook(name, known)
    tables = {
        path.stem.partition("-rows-")[2]: pd.read_csv(path, float_precision="round_trip", keep_default_na=False,
                                                      na_values=[""], dtype={"level": str, "group": str})
        for path in sorted((results / "tables").glob("*-rows-*.csv")) if path.stat().st_size > 1
    }  # fmt: skip
    cohort = open_cohort(load_study(str(folder)))
    assert cohort is not None
    return Written(cohort, tables, drawn)


def numbers(run: Written) -> dict[str, float]:
    """Every number of the tables and curves that R is asked for, by its key."""
    found: dict[str, float] = {}
    for part in (_curves, _readings, _follow_up, _groups, _covariates, _transplant, _non_response, _incidence, _counts):
        for key, value in part(run):
            assert key not in found or found[key] == value or found[key] != found[key], key
            found[key] = value
    return found


def rescued(run: Written) -> tuple[str, ...]:
    """Beginnings of the keys of models without a finite estimate: Firth's penalty was taken, and R has no word."""
    found = []
    for part in (_groups, _covariates):
        found += [key for key, value in part(run) if key.endswith("|firth") and value]
    return tuple(key.removesuffix("firth") for key in found)


def _each(key: str, row: Mapping[str, Any], names: tuple[str, ...]) -> Found:
    for name in names:
        yield f"{key}|{name}", float(row[name])


def _finite(key: str, row: Mapping[str, Any], names: tuple[str, ...]) -> Found:
    """The numbers of a fitted model, or the note that it needed Firth's penalty."""
    if "Firth" in str(row["method"]):
        yield f"{key}|firth", 1.0
    else:
        yield from _each(key, row, names)


def _curves(run: Written) -> Found:
    for name, curve in run.drawn.items():
        if name:
            for row in curve[curve["time"] > 0].to_dict("records"):
                yield from _each(f"curve|{name}|{row['time']:.15g}", row, ("survival", "low", "high", "censored"))


def _readings(run: Written) -> Found:
    for row in run.rows("readings"):
        key = f"readings|{row['endpoint']}|{row['day']:g}|{row['interval']}"
        yield from _each(key, row, ("at_risk", "events", "censored", *SURVIVAL))
    for row in run.rows("restricted-means"):
        key = f"restricted|{row['endpoint']}|{row['horizon']:g}"
        yield from _each(key, row, ("mean", "std_error", "low", "high"))
    for row in run.rows("medians"):
        if row["interval"] == "SPSS":
            continue
        if row["rule"] == "r-print":
            yield from _each(f"medians|{row['endpoint']}|r-print|{row['interval']}", row, ("median", "low", "high"))
        if row["rule"] == "r-midpoint":
            yield from _each(f"medians|{row['endpoint']}|r-midpoint|{row['interval']}", row, ("median",))


def _follow_up(run: Written) -> Found:
    ties = dict(zip(TIES.values(), ("keep", "strict"), strict=True))
    groups = [name for name in dict.fromkeys(r["group"] for r in run.rows("follow-up")) if name != "all patients"]
    for row in run.rows("follow-up"):
        who = "all" if row["group"] == "all patients" else groups.index(row["group"]) + 1
        if row["limits"] != "SPSS":
            key = f"follow-up|{who}|{ties[row['ties']]}|{row['limits']}"
            yield from _each(key, row, ("median", "low", "high"))


def _groups(run: Written) -> Found:
    order: dict[str, int] = {}
    for row in run.rows("groups"):
        k = order[row["endpoint"]] = order.get(row["endpoint"], 0) + 1
        key = f"groups|{row['endpoint']}|{k}"
        yield from _each(key, row, ("n", "events", "expected", "chi_square", "df", "log_rank_p", *MEDIAN))
        if k > 1:
            yield from _finite(key, row, ("hazard_ratio", "low", "high"))
    for row in run.rows("group-means"):
        yield from _each(f"group-means|{row['endpoint']}", row, (
            "horizon", "mean_compared", "mean_reference", "difference", "std_error", "low", "high", "p_value"
        ))  # fmt: skip


def _covariates(run: Written) -> Found:
    for name, table in run.tables.items():
        kind, _, slug = name.rpartition("-")
        own = next((a for a in (*run.cohort.endpoints, "EFS") if a.lower().replace("_", "-") == slug), "")
        if kind == "subgroups" and own:
            order: dict[str, int] = {}
            for row in table.to_dict("records"):
                if row["level"] == "not known":
                    continue
                k = order[row["subgroup"]] = order.get(row["subgroup"], 0) + 1
                key = f"subgroups|{own}|{run.column(row['subgroup'])}|{k}"
                yield from _each(key, row, ("n", "events", "p_log_rank"))
                if not row["reference"]:
                    yield from _finite(key, row, (*LIMITS, "p"))
        if kind == "cox":
            order = {}
            for row in table.to_dict("records"):
                if row["reference"]:
                    continue
                way = "all" if row["model"] == "all together" else "one"
                column = run.column(row["subgroup"])
                k = order[f"{way}{column}"] = order.get(f"{way}{column}", 0) + 1
                names = (*LIMITS, "p", "fitted_n", "fitted_events")
                yield from _finite(f"cox|{own}|{way}|{column}|{k}", row, names)


def _transplant(run: Written) -> Found:
    for row in run.rows("transplant-censored"):
        key = f"censored|{row['endpoint']}|{row['censored at transplant']}"
        yield from _each(key, row, ("n", "events", *MEDIAN, "survival", "low", "high"))
    for row in run.rows("transplant"):
        way = next(short for words, short in WAYS.items() if row["transplant counted"].startswith(words))
        more = ("log_rank_p",) if way == "landmark" else ()
        assert "Firth" not in str(row["method"])
        yield from _each(f"transplant|{row['endpoint']}|{way}", row, ("hazard_ratio", "low", "high", "p_value", *more))


def _non_response(run: Written) -> Found:
    for row in run.rows("non-response"):
        key = f"non-response|{row['variant']}|{row['day']:g}"
        yield from _each(key, row, (*SURVIVAL, *MEDIAN, "restricted_mean", "restricted_mean_error"))


def _incidence(run: Written) -> Found:
    for name, table in run.tables.items():
        if not name.startswith("incidence-"):
            continue
        groups = list(dict.fromkeys(table["group"]))
        causes = list(dict.fromkeys(table["cause"]))
        for row in table.to_dict("records"):
            who = "all" if groups == ["all"] else groups.index(row["group"]) + 1
            own, cause = name.removeprefix("incidence-").upper(), causes.index(row["cause"]) + 1
            yield from _each(f"incidence|{own}|{who}|{cause}|{row['day']:g}", row, (
                "incidence", "std_error", "low", "high", "events", "one_minus_km"
            ))  # fmt: skip
            if groups != ["all"]:
                yield from _each(f"gray|{own}|{cause}", row, ("gray_chi_square", "gray_p"))


def _counts(run: Written) -> Found:
    heads = [name for name in dict.fromkeys(r["group"] for r in run.rows("table-one"))]
    for row in run.rows("table-one"):
        column = run.column(row["variable"])
        who = "all" if len(heads) == 1 or row["group"] in ("All patients", "Overall") else heads.index(row["group"])
        if row["kind"] == "continuous":
            key = f"table-one|{column}||{who}"
            yield from _each(key, row, ("n", "missing", "median", "q1", "q3", "min", "max"))
        else:
            yield from _each(f"table-one|{column}|{row['level']}|{who}", row, ("n", "percent", "missing"))
    for row in run.rows("rates"):
        who = "remission" if "in remission" in row["denominator"] else "all"
        key = f"rates|{RATES[row['outcome']]}|{who}{' recorded' if 'with a record' in row['denominator'] else ''}"
        yield from _each(key, row, ("count", "n", *LIMITS))
    order: dict[str, int] = {}
    for row in run.rows("subgroups"):
        if isinstance(row["subgroup"], str) and row["subgroup"] and row["level"] != "not known":
            k = order[row["subgroup"]] = order.get(row["subgroup"], 0) + 1
            names = ("count", "n", *LIMITS, *(("p",) if k > 1 else ()))
            yield from _each(f"response|{run.column(row['subgroup'])}|{k}", row, names)
    for row in run.rows("toxicity"):
        kind = next(column for what, column in GRADES.items() if row["outcome"].startswith(what))
        how = "any" if row["outcome"].endswith("any grade") else "severe"
        yield from _each(f"toxicity|{kind}|{how}", row, ("count", "n", *LIMITS))
