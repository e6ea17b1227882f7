"""Everything that can be wrong with study.yaml, with a folder, or with the name of a study."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpers.errors import InputError, Problem
from helpers.study import list_studies, load_study
from tests.study.folder import COUNT, SHARE, SOUND, YAML, table, write


def problems_of(study: str | Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        load_study(study)
    return caught.value.problems


# (study.yaml, row, column, found, part of the message, part of the remedy)
CASES: dict[str, tuple[str | bytes, int | None, str, str | None, str, str]] = {
    "unknown key": (YAML + "poplation: x\n", 6, "poplation", "poplation", "unknown key", "mean population?"),
    "unknown key below": (
        YAML.replace("name:", "nmae: x, name:"), 5, "endpoints.OS.nmae", "nmae", "unknown key", "mean name?",
    ),
    "key twice": (YAML + "n: 23\n", 6, "n", "n", "stands twice, first in row 3", "delete one"),
    "key twice below": (YAML + "citation: {year: 2024, year: 2024}\n", 6, "citation.year", "year", "twice", "delete"),
    "key missing": (YAML.replace("n: 22\n", ""), None, "n", None, "key n is missing", "add it, e.g. `n: 22`"),
    "name missing": (YAML.replace("name:", "origin:").replace(", origin: infusion", ""), 5, "endpoints.OS.name", None,
                     "key name is missing", "name: Overall survival"),
    "traversal in id": (YAML.replace("demo", "../../x"), 1, "id", "../../x", "lower-case letters", "id: my-study"),
    "capitals in id": (YAML.replace("demo", "Demo"), 1, "id", "Demo", "lower-case letters", "id: my-study"),
    "line end in id": (YAML.replace("demo", '"demo\\n"'), 1, "id", "demo\n", "lower-case letters", "id: my-study"),
    "number as id": (YAML.replace("demo", "2024"), 1, "id", "2024", "lower-case letters", "quotation marks"),
    "n below 1": (YAML.replace("22", "0"), 3, "n", "0", "from 1 to 10,000,000", "n: 22"),
    "n beyond reason": (YAML.replace("22", "10000001"), 3, "n", "10000001", "from 1 to 10,000,000", "n: 22"),
    "n as text": (YAML.replace("22", "'22'"), 3, "n", "22", "whole number", "n: 22"),
    "n with decimals": (YAML.replace("22", "22.0"), 3, "n", "22.0", "whole number", "n: 22"),
    "n is not a number": (YAML.replace("22", ".nan"), 3, "n", ".nan", "whole number", "n: 22"),
    "n is true": (YAML.replace("22", "true"), 3, "n", "true", "whole number", "n: 22"),
    "n of 5000 digits": (YAML.replace("22", "9" * 5000), 3, "n", "9" * 5000, "no value YAML knows", "correct it"),
    "empty title": (YAML.replace("A study for tests", "''"), 2, "title", "", "a text", "title: CAR-T"),
    "endpoint n above the study's": (
        YAML.replace("events: death", "n: 23"), 5, "endpoints.OS.n", "23", "more patients than the study", "1 to 22",
    ),
    "endpoint n is a text": (
        YAML.replace("events: death", "n: all"), 5, "endpoints.OS.n", "all", "number of patients", "n: 18",
    ),
    "subset of no columns": (
        YAML.replace("events: death", "subset: 3"), 5, "endpoints.OS.subset", "3", "columns of cohort.csv", "subset",
    ),
    "subset of a number": (
        YAML.replace("events: death", "subset: {cr: 1}"), 5, "endpoints.OS.subset.cr", "1", "a text", "quotation",
    ),
    "endpoint with a blank": (
        YAML.replace("OS:", '"O S":').replace("OS", "O S"), 5, "endpoints.O S", "O S", "name of an endpoint", "`OS`",
    ),
    "interval": (YAML + "conventions: {interval: loglog}\n", 6, "conventions.interval", "loglog",
                 "one of plain, log, log-log", "interval: log-log"),
    "z": (YAML + "conventions: {z: 2}\n", 6, "conventions.z", "2", "'1.96', exact", "z: exact"),
    "rounded_to": (YAML + "conventions: {rounded_to: -1}\n", 6, "conventions.rounded_to", "-1", "0 to 10", "rounded"),
    "rounding": (YAML + "conventions: {rounding: up}\n", 6, "conventions.rounding", "up", "half-even", "half-up"),
    "year": (YAML + "citation: {year: 24}\n", 6, "citation.year", "24", "from 1950", "year: 2024"),
    "address as doi": (YAML + "citation: {doi: 'https://doi.org/10.1/x'}\n", 6, "citation.doi",
                       "https://doi.org/10.1/x", "DOI without address", "10.1000"),
    "no such month": (YAML + "enrolled: {from: 2015-13}\n", 6, "enrolled.from", "2015-13", "a month", "from: 2015-09"),
    "year alone": (YAML + "enrolled: {to: 2015}\n", 6, "enrolled.to", "2015", "a month", "to: 2022-12"),
    "no such day": (YAML + "last_follow_up_before: 2023-02-30\n", 6, "last_follow_up_before", "2023-02-30",
                    "no such date", "correct it"),
    "enrolment backwards": (YAML + "enrolled: {from: 2015-09-02, to: 2015-08}\n", 6, "enrolled.to", "2015-08",
                            "before it begins", "`from` or `to`"),
    "follow-up before enrolment": (
        YAML + "enrolled: {from: 2015-09}\nlast_follow_up_before: 2015-09-01\n", 7, "last_follow_up_before",
        "2015-09-01", "before enrolment begins", "after the first enrolment",
    ),
    "group of outcomes": (YAML + "outcomes: {eficacy: [cr]}\n", 6, "outcomes.eficacy", "eficacy", "unknown key",
                          "mean efficacy?"),
    "unknown outcome": (YAML + "outcomes:\n  safety:\n    - icasn\n", 8, "outcomes.safety.1", "icasn", "no such claim",
                        "mean icans?"),
    "unknown total": (YAML + "totals: {cc: [icans]}\n", 6, "totals.cc", "cc", "no such claim id", "claims.csv"),
    "unknown part": (YAML + "totals: {cr: [icans, crr]}\n", 6, "totals.cr.2", "crr", "no such claim id", "mean cr?"),
    "part without count": (YAML + "totals: {cr: [os_6mo]}\n", 6, "totals.cr.1", "os_6mo", "no count to add", "filled"),
    "part twice": (YAML + "totals: {cr: [icans, icans]}\n", 6, "totals.cr.2", "icans", "twice", "delete the entry"),
    "total of itself": (YAML + "totals: {cr: [cr]}\n", 6, "totals.cr.1", "cr", "contain itself", "delete the entry"),
    "list entry": (YAML + "sites:\n  - A\n  - 5\n", 8, "sites.2", "5", "entry 2 must be a text", "quotation marks"),
    "alias": (YAML + "population: &a x\nproduct: *a\n", 6, "", "&a", "anchors and aliases", "write the value out"),
    "bomb": (
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", 1, "", "&a", "anchors and aliases", "write",
    ),
    "code": (YAML + "product: !!python/name:os.system x\n", 6, "product", "tag:yaml.org,2002:python/name:os.system",
             "tags are not allowed", "plain value"),
    "deep nesting": (YAML + "a: " + "[" * 20_000, 6, "", None, "nested more than 12", "template"),
    "key that is no text": (YAML + "NO: {name: x}\n", 6, "", "NO", "a key must be a short text", "quotation marks"),
    "NUL by escape": (YAML + 'product: "a\\0b"\n', 6, "product", "a\0b", "U+0000", "delete it"),
    "lone surrogate": (YAML + 'product: "\\ud800"\n', 6, "product", "\ud800", "U+D800", "delete it"),
    "endless text": (YAML + f"product: {'x' * 10_001}\n", 6, "product", "x" * 10_001, "10,001 characters", "10,000"),
    "syntax": (YAML + "product: [a\n", 7, "", None, "not valid YAML", "indentation"),
    "tab": (YAML + "\tproduct: a\n", 6, "", None, "not valid YAML", "no tabs"),
    "two documents": (YAML + "---\nn: 1\n", 6, "", None, "another document", "indentation"),
    "a list": ("- a\n", None, "", None, "keys with their values", "id: my-study"),
    "not UTF-8": (YAML.encode() + b"\xb5", 6, "", "0xB5", f"byte {len(YAML) + 1} ", "encoding UTF-8"),
    "too large": ("#" * (64 * 1024 + 1), None, "", None, "65,537 bytes", "nothing else"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_one_fault_gives_one_message(tmp_path: Path, case: str) -> None:
    yaml, row, column, found, message, remedy = CASES[case]
    endpoint = "O S" if case == "endpoint with a blank" else "OS"
    claims = table(SOUND | {"endpoint": endpoint}, SHARE, COUNT)
    (problem,) = problems_of(write(tmp_path / "s", yaml, claims))
    assert problem.file.endswith("study.yaml")
    assert (problem.row, problem.column, problem.found) == (row, column, found)
    assert message in problem.message
    assert remedy in problem.remedy
    assert str(problem).count("\n") == 1


def test_everything_wrong_in_both_files_is_told_at_once(tmp_path: Path) -> None:
    yaml = YAML.replace("demo", "De mo") + "titel: x\nconventions: {z: 3}\n"
    claims = table(SOUND | {"value": "67,9", "ci_high": "184"}, COUNT | {"count": "30"}, COUNT, SHARE | {"unit": "x"})
    assert [
        (Path(p.file).name, p.row, p.column, p.found) for p in problems_of(write(tmp_path / "s", yaml, claims))
    ] == [
        ("study.yaml", 1, "id", "De mo"),
        ("study.yaml", 6, "titel", "titel"),
        ("study.yaml", 7, "conventions.z", "3"),
        ("claims.csv", 2, "value", "67,9"),
        ("claims.csv", 2, "ci_high", "184"),
        ("claims.csv", 3, "count", "30"),
        ("claims.csv", 4, "id", "icans"),
        ("claims.csv", 5, "unit", "x"),
    ]


def test_a_missing_study_names_the_nearest() -> None:
    (problem,) = problems_of("zhou2024")
    assert problem.found == "zhou2024"
    assert "did you mean zhuo2024?" in problem.remedy


@pytest.mark.parametrize("name", ["", " ", "a\0b", "x" * 5000, "no/such/folder", "..\\x", "\ud800"])
def test_names_that_are_no_study(name: str) -> None:
    (problem,) = problems_of(name)
    assert problem.message == "there is no such study"


def test_a_file_is_no_study(tmp_path: Path) -> None:
    folder = write(tmp_path / "s")
    (problem,) = problems_of(folder / "study.yaml")
    assert "a study is a folder" in problem.message
    assert str(folder) in problem.remedy


def test_missing_files_are_both_told(tmp_path: Path) -> None:
    assert [Path(p.file).name for p in problems_of(tmp_path)] == ["study.yaml", "claims.csv"]


def test_links_may_not_leave_the_folder(tmp_path: Path) -> None:
    elsewhere = write(tmp_path / "elsewhere")
    folder = write(tmp_path / "s")
    (folder / "claims.csv").unlink()
    (folder / "claims.csv").symlink_to(elsewhere / "claims.csv")
    (problem,) = problems_of(folder)
    assert "leaves the study folder" in problem.message
    (folder / "claims.csv").unlink()
    (folder / "real.csv").write_text(table(SOUND), encoding="utf-8")
    (folder / "claims.csv").symlink_to("real.csv")
    assert len(load_study(folder).claims) == 1


def test_a_pipe_a_folder_and_a_loop_of_links_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "s")
    claims = folder / "claims.csv"
    claims.unlink()
    os.mkfifo(claims)
    assert "not a regular file" in problems_of(folder)[0].message
    claims.unlink()
    claims.mkdir()
    assert "not a regular file" in problems_of(folder)[0].message
    claims.rmdir()
    claims.symlink_to(claims)
    assert "cannot be read" in problems_of(folder)[0].message


def test_the_list_of_studies_shows_what_is_wrong_with_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "good")
    write(tmp_path / "bad", YAML.replace("22", "0"))
    (tmp_path / "empty").mkdir()
    (tmp_path / ".hidden").mkdir()
    monkeypatch.setattr("helpers.paths.DATA", tmp_path)
    bad, empty, good = list_studies()
    assert (good.id, good.title, good.n, good.claims, good.problem) == ("demo", "A study for tests", 22, 1, "")
    assert (bad.id, bad.n) == ("bad", None)
    assert "row 3, column n" in bad.problem
    assert "\n" not in bad.problem
    assert "no study.yaml" in empty.problem and "(and 1 more)" in empty.problem
