"""The sentences and tables over studies say what the frames say."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.across.field import Field, load_field
from helpers.across.pooling import pooled_lines
from helpers.across.similarity import similarity
from helpers.across.summaries import Summary, against_the_others, leave_one_out, summaries
from helpers.figures.across_forest import FIRST, SUMMARY
from helpers.figures.verdict import VERDICT_COLOURS
from helpers.narrative.across import forests, similar, studies, summary, verdicts
from helpers.narrative.phrases import counted


@pytest.fixture(scope="module")
def field() -> Field:
    return load_field("zhuo2024")


@pytest.fixture(scope="module")
def pooled(field: Field) -> pd.DataFrame:
    return pooled_lines(field.lines, field.overlaps)


@pytest.fixture(scope="module")
def found(pooled: pd.DataFrame) -> list[Summary]:
    return summaries(pooled)


def test_every_study_stands_in_the_table_and_in_the_count(field: Field) -> None:
    assert sorted(studies.studies_table(field)["folder"]) == sorted(study.id for study in field.studies)
    text = studies.studies_sentence(field)
    assert f"**{len(field.studies)} studies**" in text
    assert "lymphoma and CLL" in text and "other B-ALL" in text


def test_every_match_is_told_and_every_reading_explained(field: Field) -> None:
    table = studies.matches_table(field)
    assert len(table) == sum(len(s.comparison.outcomes) for s in field.studies if s.comparison)
    assert (table.loc[table["match"] != "same", "what was read into it"] != "").all()


def test_overlaps_are_counted(field: Field) -> None:
    table = studies.overlaps_table(field)
    assert len(table) == len(field.overlaps)
    certain = (table["the same patients"] == "certainly").sum()
    assert certain == 1
    assert studies.overlaps_sentence(field, possible_overlaps=False).startswith("One pair of studies certainly")
    assert "pooled all the same" in studies.overlaps_sentence(field, possible_overlaps=True)


def test_a_forest_has_every_line_of_its_outcomes_and_no_other(pooled: pd.DataFrame, found: list[Summary]) -> None:
    frame = forests.forest_frame(pooled, found, ["os_6", "os_12"], "zhuo2024")
    own = pooled[pooled["outcome"].isin(["os_6", "os_12"])]
    assert (frame["kind"] != SUMMARY).sum() == len(own)
    assert (frame["kind"] == FIRST).sum() == 2
    assert frame["heading"].is_unique is False
    assert set(frame.loc[frame["kind"] != SUMMARY, "text"]) == set(own["printed"])
    words = forests.forest_words(frame, "Overall survival")
    for text in frame["text"]:
        assert text in words
    counts = forests.forest_frame(pooled, found, ["cr"], "zhuo2024")
    assert (counts["kind"] == SUMMARY).sum() == sum(s.outcome == "cr" for s in found)
    caption = forests.forest_caption(counts, "Complete remission", curves=False, label="Zhuo 2024")
    assert "Clopper-Pearson" in caption and "Hollow" in caption and "dotted" in caption


def test_tables_of_summaries_give_their_numbers(found: list[Summary]) -> None:
    table = summary.summary_table(found)
    assert len(table) == len(found)
    exact = summary.summary_exact(found)
    first = found[0]
    row = table[(table["outcome"] == first.title) & (table["studies"] == len(first.studies))].iloc[0]
    assert row["% (95 % interval)"].startswith(f"{100 * first.estimate:.1f} (")
    assert exact.loc[0, "estimate"] == first.estimate
    assert exact.loc[0, "studies"].split() == list(first.studies)
    assert summary.tau_sentence([]) == "Nothing can be said about how studies differ."


def test_what_hangs_on_one_study_is_the_largest_move(field: Field, pooled: pd.DataFrame) -> None:
    frame = leave_one_out(pooled)
    table = summary.leave_one_out_table(frame, field.labels)
    text = summary.leave_one_out_sentence(frame, field.labels)
    assert f"{table['moved by at most'].astype(float).max():.1f} percentage points" in text
    assert summary.leave_one_out_sentence(frame.iloc[:0], field.labels).startswith("There is no summary")


def test_choices_without_a_summary_say_so(found: list[Summary]) -> None:
    table = summary.choices_table({"as above": found, "none": []})
    assert (table["none"] == "too few studies").all()
    assert table.loc[0, "as above"].endswith(f"k = {len(found[0].studies)}")


def test_the_verdict_on_the_first_study_counts_what_is_unusual(pooled: pd.DataFrame) -> None:
    frame = against_the_others(pooled, "zhuo2024")
    asked = frame["tail"].notna().sum()
    text = summary.foretold_sentence(frame, "Zhuo 2024")
    assert asked and f"**None of the {counted(int(asked), 'outcome')}**" in text
    odd = frame.assign(tail=[0.01] + [0.9] * (len(frame) - 1))
    assert summary.foretold_sentence(odd, "x").startswith("**complete remission** is unusual")
    assert summary.foretold_table(odd).loc[0, "note"] == "unusual"
    assert "the lowest *overall survival at 12 months* of 5 studies" in text
    assert "For no outcome of x" in summary.foretold_sentence(frame.assign(tail=float("nan")), "x")


def test_the_nearest_are_those_with_the_most_in_common(field: Field) -> None:
    frame = similarity(field)
    text = similar.similarity_sentence(frame, "Zhuo 2024", 22)
    top = frame[frame["points"] == frame["points"].max()]
    for label in top["label"]:
        assert label in text
    assert f"**{top.iloc[0]['label']} is nearest in size**" in text
    alone = similar.similarity_sentence(frame.iloc[:1], "Zhuo 2024", 22)
    assert f"is most like {frame.iloc[0]['label']}" in alone
    table = similar.similarity_table(frame)
    assert len(table) == len(frame)
    assert not table["largest"].str.contains("MRD−").any()


def test_the_matrix_adds_up(field: Field) -> None:
    matrix = verdicts.verdict_matrix(field)
    table = verdicts.matrix_table(matrix)
    assert table["printed numbers"].iloc[-1] == len(field.verdicts) == table["printed numbers"].iloc[:-1].sum()
    assert (table[list(VERDICT_COLOURS)].sum(axis=1) == table["printed numbers"]).all()
    assert f"Of {len(field.verdicts)} printed numbers" in verdicts.matrix_sentence(matrix)
    assert verdicts.matrix_words(matrix).count(";") == len(matrix) - 1


def test_every_contradiction_is_told_once_and_politely(field: Field) -> None:
    paragraphs = verdicts.contradiction_paragraphs(field)
    wrong = field.verdicts[field.verdicts["verdict"] == "impossible"]
    assert len(paragraphs) == wrong["study"].nunique()
    text = "\n".join(paragraphs)
    for row in wrong.to_dict("records"):
        assert row["printed"] in text and row["predicted"].split(",")[0] in text
    for word in ("fraud", "fabricat", "manipulat", "suspicious", "wrong data"):
        assert word not in text.lower()
    sentence = verdicts.contradictions_sentence(field)
    assert f"{len(wrong[['study', 'claim']].drop_duplicates())} claims" in sentence or "claims" in sentence


def test_how_intervals_were_made(field: Field) -> None:
    table = verdicts.intervals_table(field).set_index("study")
    assert table.loc["Zhuo 2024", "survival"] == "plain, S and its error rounded to 3 decimals first"
    assert "log-log" in table.loc[field.labels["sequential2022"], "survival"]
    assert "Clopper-Pearson" in table.loc[field.labels["juliet2021"], "proportions"]
    assert "no usual method" in table.loc[field.labels["zhang2021"], "proportions"]
    assert field.labels["deng2024"] not in table.index  # prints no interval


def test_sizes_are_certain_and_told_by_curve(field: Field) -> None:
    frame = verdicts.sizes_frame(field)
    assert (frame["low"] >= 1).all() and (frame["low"] <= frame["high"]).all()
    own = frame[frame["first"]]
    assert sorted(own["high"]) == [1, 2]
    control = frame[frame["name"].str.startswith("Freireich")]
    assert set(control["decimals"]) <= {1, 2, 3}
    assert verdicts.sizes_words(field).count(" patients, ") == len(frame) + 1
    assert f"Of {len(frame)} curves" in verdicts.sizes_sentence(field)
