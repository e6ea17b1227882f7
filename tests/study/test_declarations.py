"""What study.yaml declares about patient-level rows, and what it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.study import load_study
from helpers.study.model import RESPONSES, Covariate, Definition
from tests.study.folder import COUNT, SHARE, SOUND, YAML, table, write

CLAIMS = table(SOUND, COUNT, SHARE)
FULL = (
    YAML
    + """\
  CIR: {name: Relapse, origin: remission, events: relapse, competing: [death without relapse, second cancer],
        censoring: [alive, lost to follow-up], columns: TTR, n: 18, subset: {cr: "1"}}
covariates:
  age: {kind: continuous, label: Age at infusion}
  blasts: {kind: continuous, label: Blasts, unit: "%"}
  donor: {kind: categorical, levels: [sibling, haplo]}
grading: {crs: ASTCT 2019, agvhd: MAGIC}
responses: [CR, NR]
definitions:
  cr: {rows: {best_response: CR}, of: {crs_grade: ">= 1"}}
  icans: {rows: {icans_grade: ">= 1"}}
non_response_day: 28
ignored_columns: [remarks]
"""
)


def test_everything_declared_is_there(tmp_path: Path) -> None:
    study = load_study(write(tmp_path / "s", FULL, CLAIMS))
    cir = study.endpoints["CIR"]
    assert (cir.stem, study.endpoints["OS"].stem) == ("TTR", "OS")
    assert cir.codes == {0: "censored", 1: "relapse", 2: "death without relapse", 3: "second cancer"}
    assert cir.censoring == ("alive", "lost to follow-up")
    assert dict(study.covariates) == {
        "age": Covariate("age", "continuous", "Age at infusion"),
        "blasts": Covariate("blasts", "continuous", "Blasts", "%"),
        "donor": Covariate("donor", "categorical", levels=("sibling", "haplo")),
    }
    assert dict(study.grading) == {"crs": "ASTCT 2019", "agvhd": "MAGIC"}
    assert study.responses == ("CR", "NR")
    assert study.definitions["cr"] == Definition({"best_response": "CR"}, {"crs_grade": ">= 1"})
    assert (study.non_response_day, study.ignored_columns, study.origin) == (28, ("remarks",), "infusion")


def test_nothing_needs_to_be_declared(tmp_path: Path) -> None:
    study = load_study(write(tmp_path / "s", YAML, CLAIMS))
    assert (dict(study.covariates), dict(study.grading), dict(study.definitions)) == ({}, {}, {})
    assert (study.responses, study.non_response_day, study.ignored_columns) == (RESPONSES, None, ())
    assert study.endpoints["OS"].codes == {0: "censored", 1: "death"}


# (study.yaml, row, column, part of the message, part of the remedy)
CASES = {
    "a misspelt key of an endpoint": (
        YAML.replace("events: death", "competeing: [x]"), 5, "endpoints.OS.competeing", "unknown key",
        "did you mean competing?",
    ),
    "competing events as a mapping": (
        YAML.replace("events: death", "competing: {'2': x}"), 5, "endpoints.OS.competing",
        "competing must be a list of events", "competing: [death without relapse]",
    ),
    "a competing event that is the event": (
        YAML.replace("events: death", "events: death, competing: [death]"), 5, "endpoints.OS.competing",
        "death stands twice", "each stand once",
    ),
    "endpoints that share columns but not events": (
        YAML + "  B: {name: B, origin: infusion, events: death, columns: OS, competing: [x]}\n", 6,
        "endpoints.B.competing", "endpoints OS and B share the columns OS but differ in competing",
        "the same competing",
    ),
    "an unknown kind": (
        YAML + "covariates: {a: {kind: number}}\n", 6, "covariates.a.kind", "one of continuous, categorical", "kind:",
    ),
    "a covariate without a kind": (
        YAML + "covariates: {a: {label: A}}\n", 6, "covariates.a.kind", "the key kind is missing", "kind: categorical",
    ),
    "a covariate with a blank in its name": (
        YAML + "covariates: {a b: {kind: categorical}}\n", 6, "covariates.a b",
        "the name of a covariate must be letters", "marrow_blasts",
    ),
    "a covariate that means something else": (
        YAML + "covariates: {OS_days: {kind: categorical}}\n", 6, "covariates.OS_days",
        "the column OS_days has a meaning of its own", "call the covariate otherwise",
    ),
    "a continuous covariate without a unit": (
        YAML + "covariates: {wbc: {kind: continuous}}\n", 6, "covariates.wbc", "needs a unit", "unit: none",
    ),
    "a continuous covariate with levels": (
        YAML + "covariates: {wbc: {kind: continuous, unit: G/L, levels: [low]}}\n", 6, "covariates.wbc.levels",
        "has no levels", "kind: categorical",
    ),
    "a categorical covariate with a unit": (
        YAML + "covariates: {arm: {kind: categorical, unit: mg}}\n", 6, "covariates.arm.unit", "has no unit",
        "kind: continuous",
    ),
    "age by category": (
        YAML + "covariates: {age: {kind: categorical}}\n", 6, "covariates.age.kind", "age is continuous", "kind: cont",
    ),
    "a level twice": (
        YAML + "covariates: {arm: {kind: categorical, levels: [a, b, a]}}\n", 6, "covariates.arm.levels",
        "a stands twice", "each stand once",
    ),
    "a level that YAML reads as true": (
        YAML + "covariates: {arm: {kind: categorical, levels: [yes, no]}}\n", 6, "covariates.arm.levels.1",
        "must be a text", "quotation marks",
    ),
    "an unknown toxicity": (
        YAML + "grading: {cres: MAGIC}\n", 6, "grading.cres", "unknown key", "did you mean crs?",
    ),
    "a definition of a claim that is not there": (
        YAML + "definitions: {crx: {rows: {cr: '1'}}}\n", 6, "definitions.crx", "no such claim id", "did you mean cr?",
    ),
    "a condition that is a number": (
        YAML + "definitions: {cr: {rows: {cr: 1}}}\n", 6, "definitions.cr.rows.cr", "must be a text", "quotation marks",
    ),
    "an unknown part of a definition": (
        YAML + "definitions: {cr: {row: {cr: '1'}}}\n", 6, "definitions.cr.row", "unknown key", "did you mean rows?",
    ),
    "a day before day 0": (
        YAML + "non_response_day: -1\n", 6, "non_response_day", "whole number of days from 0", "non_response_day: 28",
    ),
    "a response twice": (YAML + "responses: [CR, CR]\n", 6, "responses", "CR stands twice", "each stand once"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_declaration_is_told_once(name: str, tmp_path: Path) -> None:
    yaml, row, column, message, remedy = CASES[name]
    with pytest.raises(InputError) as caught:
        load_study(write(tmp_path / "s", yaml, CLAIMS))
    problem = caught.value.problems[0]
    assert (problem.row, problem.column) == (row, column)
    assert message in problem.message
    assert remedy in problem.remedy
    if "YAML" not in name:
        assert len(caught.value.problems) == 1
