"""Figures over studies: every line and bar is where its number says, and the first study stands out."""

from __future__ import annotations

import warnings
from math import log10, nan

import pandas as pd
import pytest
from matplotlib.colors import same_color

from helpers.errors import InputError
from helpers.figures import style
from helpers.figures.across_forest import COLUMNS, FIRST, STUDY, SUMMARY, across_forest
from helpers.figures.set_sizes import set_sizes
from helpers.figures.verdict_bars import verdict_bars
from tests.figures.reading import drawn, one, png, texts, unreadable


@pytest.fixture(autouse=True)
def _strict() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def lines() -> pd.DataFrame:
    here, nothing = "After transplantation", (nan, nan)
    rows = [
        (here, "Zhuo 2024", FIRST, "18/22", "81.8 (59.7–94.8)", 22, 0.818, 0.597, 0.948, *nothing, True),
        (here, "Another 2020 *", STUDY, "0/13", "0.0 (0.0–24.7)", 13, 0.0, 0.0, 0.247, *nothing, True),
        (here, "Left out 2019", STUDY, "13/18", "72.2 (46.5–90.3)", 18, 0.722, 0.465, 0.903, *nothing, False),
        (here, "No interval 2018", STUDY, "36", "57.0", 36, 0.57, *nothing, *nothing, False),
        (here, "Nothing 2017", STUDY, "89 % of 30", "–", 30, nan, *nothing, *nothing, False),
        (here, "Summary of three", SUMMARY, "150", "86.5 (77.9–96.2)", 150, 0.865, 0.779, 0.962, 0.6, 0.965, True),
        ("Lymphoma", "Third 2021", STUDY, "45/115", "39.1 (30.2–48.7)", 115, 0.391, 0.302, 0.487, *nothing, False),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_lines_are_drawn_where_they_are_and_written_beside() -> None:
    figure, plotted = across_forest(lines(), counts="n/N")
    for k, row in enumerate(plotted.to_dict("records")):
        if row["low"] == row["low"]:
            line = one(figure, f"interval|{k}")
            assert list(line.get_xdata()) == pytest.approx([100 * row["low"], 100 * row["high"]])
            assert set(line.get_ydata()) == {row["y"]}
        else:
            assert not drawn(figure, f"interval|{k}")
        assert bool(drawn(figure, f"estimate|{k}")) == (row["estimate"] == row["estimate"])
        assert one(figure, f"count|{k}").get_text() == row["counts"]
        assert one(figure, f"text|{k}").get_text() == row["text"]
    assert plotted["y"].is_monotonic_increasing and plotted["y"].is_unique
    assert "Lymphoma" in texts(figure, "name")
    assert not unreadable(figure)


def test_the_first_study_the_unpooled_and_the_summary_look_different() -> None:
    figure, _ = across_forest(lines(), counts="n/N")
    marks = {k: one(figure, f"estimate|{k}") for k in (0, 1, 2)}
    assert same_color(marks[0].get_color(), style.MARKED)
    assert same_color(marks[1].get_markerfacecolor(), style.OS)
    assert same_color(marks[2].get_markerfacecolor(), "white")
    names = [t for axes in figure.axes for t in axes.texts if t.get_gid() == "name"]
    first = next(t for t in names if "Zhuo 2024" in t.get_text())
    assert first.get_text().startswith("▶") and first.get_fontweight() == "bold"
    assert drawn(figure, "total|5") and not drawn(figure, "total|0")
    assert list(one(figure, "outer|5").get_xdata()) == pytest.approx([60, 96.5])


def test_the_same_lines_give_the_same_bytes() -> None:
    one_, two = (png(across_forest(lines(), counts="n/N")[0]) for _ in range(2))
    assert one_ == two


@pytest.mark.parametrize("frame", [lines().iloc[:0], lines().drop(columns="pooled")])
def test_what_cannot_be_drawn_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="lacks something"):
        across_forest(frame, counts="n/N")


def test_bars_are_as_long_as_their_counts() -> None:
    frame = pd.DataFrame(
        [
            ("Zhuo 2024", True, 17, 0, 8, 2, 4),
            ("Another study with a long name 2020", False, 0, 3, 0, 4, 0),
            ("None 2019", False, 0, 0, 0, 0, 0),
        ],
        columns=["name", "marked", "re-derived", "consistent", "arithmetic", "not derivable", "impossible"],
    )
    figure, parts = verdict_bars(frame)
    assert parts[["verdict", "count", "start"]].values.tolist() == [
        ["re-derived", 17, 0], ["arithmetic", 8, 17], ["not derivable", 2, 25], ["impossible", 4, 27],
        ["consistent", 3, 0], ["not derivable", 4, 3],
    ]  # fmt: skip
    bars = [(p.get_x(), p.get_width()) for p in figure.axes[0].patches]
    assert bars == list(zip(parts["start"], parts["count"], strict=True))
    names = figure.axes[0].get_yticklabels()
    assert [t.get_fontweight() for t in names] == ["bold", "normal", "normal"]
    assert not unreadable(figure)


def test_sizes_lie_where_their_numbers_say() -> None:
    frame = pd.DataFrame(
        [
            ("a", True, 22, 2, True, 1, 2),
            ("b", False, 81, 1, False, 10**17, 10**19),
            ("c", False, 14, 0, False, 70, 70),
        ],
        columns=["name", "first", "n", "decimals", "with_interval", "low", "high"],
    )
    figure, plotted = set_sizes(frame)
    axes = figure.axes[0]
    ends = [(tuple(line.get_xdata()), tuple(line.get_ydata())) for line in axes.lines if len(line.get_xdata()) == 2]
    for row in plotted.to_dict("records"):
        assert ((row["n"],) * 2, (log10(row["low"]), log10(row["high"]))) in ends
    assert axes.get_yticklabels()[0].get_text() == "1"
    assert axes.get_yticklabels()[1].get_text() == "10⁵"
    assert axes.get_ylim()[1] >= 19
    assert not unreadable(figure)
