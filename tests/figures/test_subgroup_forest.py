"""Forests of subgroups: intervals where they are, numbers beside them, arrows where they leave the picture."""

from __future__ import annotations

import warnings
from math import inf, nan

import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.estimators.proportions import proportion
from helpers.figures import style
from helpers.figures.subgroup_forest import hazard_forest, rate_forest
from helpers.narrative.cohort_figures import hazard_forest_words, rate_forest_words
from tests.figures.reading import drawn, one, png, texts, unreadable

WIDTHS = (style.PAGE, style.COLUMN)
LONG = "haploidentical related donor with post-transplant cyclophosphamide"


@pytest.fixture(autouse=True)
def _strict() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def rates() -> pd.DataFrame:
    rows = [("", "", 48, 60), ("Age", "< 40 years", 26, 30), ("Age", "≥ 40 years", 22, 30), ("Donor", LONG, 27, 33),
            ("Donor", "unrelated", 1, 1), ("Donor", "cord blood", 0, 0)]  # fmt: skip
    found = []
    for subgroup, level, count, n in rows:
        p = proportion(count, n) if n else None
        found.append((subgroup, level, count, n, *((p.estimate, p.low, p.high) if p else (nan, nan, nan))))
    return pd.DataFrame(found, columns=["subgroup", "level", "count", "n", "estimate", "low", "high"])


def hazards() -> pd.DataFrame:
    rows = [
        ("", "", 200, 120, 0.62, 0.43, 0.89, nan, False),
        ("Age, per 10 years", "", 200, 120, 1.21, 1.03, 1.42, 0.021, False),
        ("Extramedullary disease", "no", 188, 111, nan, nan, nan, nan, True),
        ("Extramedullary disease", "yes", 12, 9, 2.4, 0.31, 18.9, 0.3, False),
        ("Transplant", LONG, 90, 50, 0.05, 0.001, 0.7, 0.0004, False),
        ("Transplant", "none", 5, 0, nan, nan, nan, nan, False),
        ("Transplant", "cord blood", 5, 5, 3.0, 0.9, inf, 0.06, False),
    ]
    columns = ["subgroup", "level", "n", "events", "estimate", "low", "high", "p", "reference"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("width", WIDTHS)
def test_rates_are_drawn_where_they_are_and_written_beside(width: float) -> None:
    frame = rates()
    figure, plotted = rate_forest(frame, reference=0.8, width=width)
    for k, row in enumerate(plotted.to_dict("records")):
        if row["n"] == 0:
            assert not drawn(figure, f"interval|{k}")
            continue
        line = one(figure, f"interval|{k}")
        assert list(line.get_xdata()) == [100 * row["low"], 100 * row["high"]]
        assert list(line.get_ydata()) == [row["y"]] * 2
        assert list(one(figure, f"estimate|{k}").get_xdata()) == [100 * row["estimate"]]
        (text,) = texts(figure, f"text|{k}")
        assert text.endswith(f"{100 * row['estimate']:.1f} ({100 * row['low']:.1f}–{100 * row['high']:.1f})")
        counts = texts(figure, f"count|{k}") or [text.split(" ")[0]]
        assert counts == [f"{row['count']}/{row['n']}"]
    assert list(one(figure, "reference").get_xdata()) == [80, 80]
    assert plotted["y"].is_monotonic_increasing and plotted["y"].is_unique
    assert unreadable(figure) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_hazard_ratios_stand_on_a_logarithmic_axis_with_arrows(width: float) -> None:
    frame = hazards()
    favours = ("favours transplant", "favours no transplant")
    figure, plotted = hazard_forest(frame, favours=favours, limits=(0.02, 8), width=width)
    axes = next(axes for axes in figure.axes if axes.axison)
    assert axes.get_xscale() == "log" and axes.get_xlim() == (0.02, 8)
    assert plotted["arrow"].tolist() == ["", "", "", "right", "left", "", "right"]
    for k, row in enumerate(plotted.to_dict("records")):
        arrows = [mark.get_xdata()[0] for mark in drawn(figure, f"arrow|{k}")]
        assert arrows == {"": [], "left": [0.02], "right": [8]}[row["arrow"]]
        if row["estimate"] == row["estimate"]:
            line = one(figure, f"interval|{k}")
            assert list(line.get_xdata()) == [max(row["low"], 0.02), min(row["high"], 8)]
            assert list(one(figure, f"estimate|{k}").get_xdata()) == [row["estimate"]]
    beside = [texts(figure, f"text|{k}")[0].rsplit(" · ", maxsplit=1)[-1] for k in range(len(frame))]
    assert beside == [
        "0.62 (0.43–0.89)", "1.21 (1.03–1.42)", "reference", "2.40 (0.31–18.9)", "0.05 (<0.01–0.70)", "not estimable",
        "3.00 (0.90–∞)",
    ]  # fmt: skip
    assert [texts(figure, f"p|{k}") for k in (1, 2, 4)] == [["0.021"], [], ["<0.001"]]
    assert list(one(figure, "one").get_xdata()) == [1, 1]
    assert unreadable(figure) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_axis_is_chosen_so_that_a_hopeless_interval_does_not_flatten_the_rest(width: float) -> None:
    frame = hazards().iloc[:4].assign(high=[0.89, 1.42, nan, 1e6])
    figure, plotted = hazard_forest(frame, width=width)
    low, high = next(axes for axes in figure.axes if axes.axison).get_xlim()
    assert high < 20 and low > 0.1
    assert plotted["arrow"].tolist() == ["", "", "", "right"]
    assert unreadable(figure) == []


def test_the_p_of_an_interaction_stands_at_the_heading() -> None:
    frame = hazards().drop(columns=["p", "reference"]).iloc[3:].assign(p_interaction=[0.03, 0.44, 0.44, 0.44])
    figure, _ = hazard_forest(frame)
    assert texts(figure, "p") == ["0.030", "0.44"]
    assert unreadable(figure) == []


def test_everything_lies_on_one_side_or_nothing_is_estimable() -> None:
    for frame in (hazards().iloc[[5]], hazards().iloc[[2]], hazards().iloc[:1]):
        for width in WIDTHS:
            assert unreadable(hazard_forest(frame.reset_index(drop=True), width=width)[0]) == []
    assert unreadable(rate_forest(rates().iloc[[5]])[0]) == []


def test_words_and_bytes() -> None:
    figure, plotted = hazard_forest(hazards())
    assert png(figure) == png(hazard_forest(hazards())[0])
    words = hazard_forest_words(plotted, "death")
    assert "Transplant, cord blood, 3.00 (0.90–∞), P = 0.060" in words
    assert "all patients, 0.62 (0.43–0.89);" in words and "Extramedullary disease, no, reference;" in words
    assert "Donor, cord blood, 0 of 0." in rate_forest_words(rates(), "complete remission")
    assert "Age, < 40 years, 26 of 30 (69.3–96.2 %)" in rate_forest_words(rates(), "complete remission")


def test_wrong_frames_are_refused() -> None:
    with pytest.raises(InputError, match="lacks columns"):
        rate_forest(hazards())
    with pytest.raises(InputError, match="nothing to draw"):
        hazard_forest(hazards().iloc[:0])
    with pytest.raises(InputError, match="not above 0"):
        hazard_forest(hazards().assign(estimate=-0.5))
