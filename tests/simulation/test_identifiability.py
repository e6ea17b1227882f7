"""How many histories print the same: counted right, and what is said about it holds."""

from __future__ import annotations

from math import inf

import pandas as pd
import pytest

from helpers.conventions import Interval
from helpers.simulation import identifiability
from helpers.simulation.identifiability import ALL, COLUMNS, PRINTED, Printing, cohorts, printings, row, set_size
from helpers.simulation.print_study import printed_landmarks
from tests.inversion import brute


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("landmarks", [1, 2])
@pytest.mark.parametrize("known", [True, False])
def test_sizes_are_those_of_the_brute_force(decimals, landmarks, known):
    """Every string over E and C is printed anew; it is the same if all texts at the landmarks agree."""
    way = Printing(decimals, landmarks, Interval.LOG, None, "interval", known)
    days = identifiability.LANDMARK_DAYS[-landmarks:]
    for who in cohorts(8, 3, 77):
        marks = printed_landmarks(who, days, way.convention, decimals)
        prints = tuple(brute.Print(m.value.text, m.ci_low.text, m.ci_high.text) for m in marks)
        conventions = (way.convention,) if known else ALL
        expected = set().union(*(brute.solutions(8, prints, c) for c in conventions))
        found = set_size(who, way)
        assert found.histories == len(expected)
        assert found.events_known == (len({h.count("E") for h in expected}) == 1)


def test_more_in_print_never_leaves_more_histories():
    for who in cohorts(14, 12, 3):
        sizes = {
            printed: set_size(who, Printing(1, 2, Interval.PLAIN, None, printed, True)).histories for printed in PRINTED
        }
        assert sizes["interval"] <= sizes["estimate"]
        assert sizes["estimate, at risk"] <= sizes["estimate"]
        assert sizes["interval, at risk"] <= min(sizes["interval"], sizes["estimate, at risk"])
        assert sizes["interval, at risk"] >= 1
        assert set_size(who, Printing(1, 2, Interval.PLAIN, None, "interval", False)).histories >= sizes["interval"]


def test_a_set_that_is_too_large_is_infinite_and_counts_as_not_listed():
    trials = cohorts(40, 2, 1)
    way = Printing(0, 1, Interval.PLAIN, None, "estimate", True)
    found = row(40, way, trials, limit=1_000)
    assert found["not_listed"] == 2
    assert found["median_size"] == inf
    assert found["unique"] == found["to_1000"] == 0


def test_ways_of_printing_are_all_different():
    ways = list(printings())
    assert len(ways) == len(set(ways)) == 60


@pytest.fixture(scope="module")
def frozen():
    return identifiability.frozen()


def cell(frame: pd.DataFrame, **wanted) -> pd.Series:
    for name, value in wanted.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]


PLAIN = {"interval": "plain", "rounded_to": "", "convention": "known"}


def test_the_frozen_table_is_made_by_the_documented_command(frozen):
    """One row of it, made again as the command makes it."""
    assert list(frozen.columns) == list(COLUMNS)
    way = Printing(1, 2, Interval.PLAIN, None, "interval", True)
    again = row(12, way, cohorts(12, 40, 1))
    assert dict(cell(frozen, n=12, decimals=1, landmarks=2, printed="interval", **PLAIN)) == again


def test_the_frozen_table_upholds_what_authors_are_told(frozen):
    """One decimal with intervals at two landmarks gives a history of 16 patients away; bare estimates do not."""
    share = frozen.assign(share=frozen["unique"] / frozen["cases"])
    for n in (8, 12, 16):
        with_interval = cell(share, n=n, decimals=1, landmarks=2, printed="interval", **PLAIN)
        assert with_interval["share"] >= 0.9
    assert cell(share, n=22, decimals=2, landmarks=2, printed="interval", **PLAIN)["share"] >= 0.8
    assert cell(share, n=22, decimals=1, landmarks=2, printed="estimate", **PLAIN)["share"] <= 0.3
    assert cell(share, n=30, decimals=0, landmarks=2, printed="interval", **PLAIN)["share"] <= 0.2
