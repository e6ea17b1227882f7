"""How medians were made: the table, its sentence, and what they are for the first study."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.inversion import invert_study
from helpers.narrative.ways import ALL, median_ways, median_ways_sentence, median_ways_table
from helpers.study import load_study
from tests.ledger.making import landmark, study


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return median_ways_table(median_ways(invert_study(load_study("zhuo2024"))))


def test_half_up_is_impossible_for_both_medians_if_they_are_symmetric(table):
    own = table[table["limits"] == "median ± z × se (SPSS)"].set_index("rounding")
    assert list(own["Median OS"]) == list(own["Median EFS"]) == ["no", "no", "yes"]
    assert list(own.index) == ["half-up", "half-even", "truncation"]


def test_only_one_way_serves_the_whole_paper(table):
    assert list(table.loc[table[ALL] == "yes", ["limits", "rounding"]].iloc[0]) == [
        "median ± z × se (SPSS)",
        "truncation",
    ]
    assert (table[ALL] == "yes").sum() == 1
    assert median_ways_sentence(table) == (
        "Median ± z × se (SPSS) with truncation explains every printed median at once."
    )


def test_one_median_alone_has_more_excuses_than_the_paper(table):
    alone = (table["Median OS"] == "yes").sum()
    assert alone > (table[ALL] == "yes").sum()


def test_a_paper_without_medians_has_no_table_and_no_sentence():
    none = median_ways_table(median_ways(invert_study(study(22, [landmark("a", 6, "67.90", "48.30", "87.50")]))))
    assert none.empty and median_ways_sentence(none) == ""


def test_where_nothing_serves_all_the_sentence_says_so(table):
    assert "No single way" in median_ways_sentence(table.assign(**{ALL: "no"}))
