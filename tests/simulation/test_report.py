"""The sentences and tables of the appendix on identifiability say what the stored numbers say."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.simulation import identifiability, report


@pytest.fixture(scope="module")
def sizes():
    return identifiability.frozen()


def cell(sizes, **wanted) -> pd.Series:
    base = {"landmarks": 2, "interval": "plain", "rounded_to": "", "printed": "interval", "convention": "known"}
    rows = sizes
    for name, value in (base | wanted).items():
        rows = rows[rows[name] == value]
    (record,) = rows.to_dict("records")
    return record


def percent(sizes, **wanted) -> str:
    record = cell(sizes, **wanted)
    return f"{100 * record['unique'] / record['cases']:.0f} %"


def test_the_live_table_has_a_row_for_each_way_of_printing_and_is_the_same_again():
    found = report.live_table(10, 3, 7)
    assert len(found) == 12
    assert found.equals(report.live_table(10, 3, 7))
    assert all(re.fullmatch(r"\d of 3", text) for text in found["one history"])
    full = found[(found["printed"] == "with both") & (found["percentages with"] == "two decimals")]
    assert full["one history"].tolist() == ["3 of 3"]


@pytest.mark.parametrize(("patients", "cases"), [(7, 5), (31, 5), (22, 0), (22, 501)])
def test_numbers_that_make_no_sense_are_refused_with_a_remedy(patients, cases):
    with pytest.raises(InputError, match="takes"):
        report.live_table(patients, cases, 1)


def test_points_of_the_figure_are_the_counts_of_the_table(sizes):
    points = report.unique_points(sizes)
    assert len(points) == 3 * 4 * len(identifiability.SIZES)
    one = points[(points["panel"] == "one decimal") & (points["series"] == "with interval") & (points["n"] == 22)]
    record = cell(sizes, n=22, decimals=1)
    assert one[["count", "cases"]].to_numpy().tolist() == [[record["unique"], record["cases"]]]
    assert list(dict.fromkeys(points["series"])) == list(report.NAMES.values())


def test_the_table_of_sizes_shows_the_shares(sizes):
    shown = report.sizes_table(sizes).set_index(["percentages with", "patients"])
    assert len(shown) == 3 * len(identifiability.SIZES)
    assert shown.loc[("one decimal", 22), "one history"] == percent(sizes, n=22, decimals=1)
    assert shown.loc[("no decimal", 16), "SPSS by hand"] == percent(sizes, n=16, decimals=0, rounded_to="3")
    assert shown.loc[("two decimals", 30), "any convention"] == percent(sizes, n=30, decimals=2, convention="any")
    assert shown.loc[("one decimal", 12), "one landmark"] == percent(sizes, n=12, decimals=1, landmarks=1)


def test_advice_quotes_the_table(sizes):
    text = " ".join(report.advice_sentences(sizes))
    for wanted in (
        {"n": 22, "decimals": 1, "printed": "estimate"},
        {"n": 22, "decimals": 0},
        {"n": 22, "decimals": 2, "rounded_to": "3"},
        {"n": 16, "decimals": 1},
        {"n": 30, "decimals": 2},
        {"n": 40, "decimals": 2, "printed": "interval, at risk"},
    ):
        assert percent(sizes, **wanted) in text
    assert "Author" in text
    assert "Reviewer" in text


def test_advice_is_borne_out(sizes):
    """Every comparison that the sentences draw goes the way they say."""

    def unique(**wanted) -> int:
        return cell(sizes, **wanted)["unique"]

    assert unique(n=22, decimals=1) > unique(n=22, decimals=1, printed="estimate")
    assert unique(n=22, decimals=0) < unique(n=22, decimals=1) <= unique(n=22, decimals=2)
    assert unique(n=22, decimals=0, printed="interval, at risk") > unique(n=22, decimals=0)
    assert unique(n=40, decimals=2, printed="interval, at risk") > unique(n=40, decimals=2)
    assert unique(n=22, decimals=1, convention="any") <= unique(n=22, decimals=1)
    assert unique(n=22, decimals=2, rounded_to="3") < unique(n=22, decimals=2)
    assert unique(n=30, decimals=1) < unique(n=30, decimals=2)
