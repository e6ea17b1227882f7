"""The folder that a draft becomes: it loads, or the loader says what a person has to fill in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.reading.folder import FILES, claim_ids, claims_text, draft_text, study_id, write_folder, yaml_text
from helpers.reading.reader import read_text
from helpers.study import load_study
from tests.reading.measure import gold, read_fixture

TEXT = """A study of *cells*: 100% | "new"

Of 22 patients, 18 (81.82%) achieved CR. OS at 6 months was 67.90% (95% CI, 48.30%-84.50%); no ICANS occurred.
Three donors were related. NCT03144583. doi: 10.1000/xyz.2024-1."""


@pytest.mark.parametrize("name", gold())
def test_every_fixture_becomes_a_folder_that_loads(tmp_path: Path, name: str) -> None:
    draft = read_fixture(name)
    written = write_folder(draft, tmp_path / name, f"{name}.txt")
    assert [path.name for path in written] == list(FILES)
    study = load_study(tmp_path / name)
    assert study.n == draft.facts.n
    assert [claim.id for claim in study.claims] == claim_ids(draft.statements)
    printed = [number.text for claim in study.claims for number in claim.printed.values()]
    assert sorted(printed) == sorted(number.text for _, _, number in draft.readings())


def test_each_row_stands_beside_its_words_and_says_what_to_check() -> None:
    draft = read_text(TEXT)
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(claims_text(draft)))}
    assert rows["os_6mo"]["note"] == (
        "Overall survival at 6 months. «OS at 6 months was 67.90% (95% CI, 48.30%-84.50%)»"
    )
    assert rows["os_6mo"]["source"] == "abstract, sentence 3"
    assert rows["icans"]["note"].startswith("ICANS. CHECK: read from the word «no». ")
    assert rows["cr"]["value"] == "81.82"


def test_the_study_file_holds_what_the_text_says_and_nothing_else(tmp_path: Path) -> None:
    write_folder(read_text(TEXT), tmp_path / "x y!", "paper.txt")
    study = load_study(tmp_path / "x y!")
    assert (study.id, study.title) == ("x-y", 'A study of *cells*: 100% | "new"')
    assert study.citation == {"doi": "10.1000/xyz.2024-1"}
    assert study.enrolled_from is None and study.population == ""
    text = yaml_text(read_text(TEXT), "x")
    assert "NCT03144583" in text and "# CHECK" in text
    assert "origin" not in text.split("endpoints:")[1].split("outcomes:")[0]


def test_the_draft_lists_placed_unplaced_and_set_aside_numbers() -> None:
    text = draft_text(read_text(TEXT), "paper.txt", "the abstract")
    placed, rest = text.split("## Numbers that could not be placed")
    unplaced, aside = rest.split("## Numbers that were set aside")
    assert "| 67.90 | `os_6mo` Overall survival at 6 months | estimate | – | 3 |" in placed
    assert "| 0 («no») | `icans` ICANS | count | read from the word «no» | 3 |" in placed
    assert "**100**" in unplaced
    assert "- part of a name or number: NCT03144583 (sentence 5)" in aside
    assert "Read from `paper.txt` (the abstract)." in text


def test_without_a_number_of_patients_the_loader_asks_for_it(tmp_path: Path) -> None:
    write_folder(read_text("OS at 6 months was 67.90% (95% CI, 48.30%-84.50%)."), tmp_path / "a", "a.txt")
    with pytest.raises(InputError) as caught:
        load_study(tmp_path / "a")
    (problem,) = caught.value.problems
    assert (problem.column, problem.row) == ("n", 4)
    assert "FILL IN" in (tmp_path / "a" / "study.yaml").read_text(encoding="utf-8")


def test_a_text_without_results_is_a_folder_without_claims(tmp_path: Path) -> None:
    write_folder(read_text("Nothing was counted. The median age was 34 years."), tmp_path / "a", "a.txt")
    with pytest.raises(InputError, match="a header but no claims"):
        load_study(tmp_path / "a")


@pytest.mark.parametrize("present", FILES)
def test_nothing_is_overwritten(tmp_path: Path, present: str) -> None:
    (tmp_path / present).write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="already there"):
        write_folder(read_text(TEXT), tmp_path, "a.txt")
    assert [path.name for path in tmp_path.iterdir()] == [present]


def test_ids_are_unique_even_where_names_collide() -> None:
    text = "CR was 80% of 20 patients. CR was 60% of 30 patients. CR was 50% of 40 patients. CR was 20% of 50 patients."
    ids = claim_ids(read_text(text).statements)
    assert len(ids) == len(set(ids))
    assert [one for one in ids if one.startswith("cr")] == ["cr", "cr_2", "cr_3", "cr_4"]


@pytest.mark.parametrize(
    ("name", "expected"), [("Zhuo 2024", "zhuo-2024"), ("研究", "draft"), ("__a__", "a"), ("2024", "2024")]
)
def test_the_id_of_a_study_comes_from_its_folder(tmp_path: Path, name: str, expected: str) -> None:
    assert study_id(tmp_path / name) == expected
