"""The rates that are drawn are those of the counts, with exact limits."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import beta

from helpers.figures.rates import rate_frame, rates_by_size

FRAME = pd.DataFrame(
    [
        ("one decimal", "with interval", 10, 20, 20),
        ("one decimal", "with interval", 22, 15, 20),
        ("one decimal", "alone", 10, 3, 20),
        ("one decimal", "alone", 22, 0, 20),
        ("two decimals", "with interval", 10, 20, 20),
        ("two decimals", "with interval", 22, 19, 20),
    ],
    columns=["panel", "series", "n", "count", "cases"],
)


def test_rates_and_their_exact_limits():
    found = rate_frame(FRAME)
    assert found["rate"].tolist() == [100, 75, 15, 0, 100, 95]
    assert found["low"].iloc[1] == pytest.approx(100 * beta.ppf(0.025, 15, 6))
    assert found["high"].iloc[1] == pytest.approx(100 * beta.ppf(0.975, 16, 5))
    assert (found["low"].iloc[3], found["high"].iloc[0]) == (0, 100)


def test_one_panel_each_and_lines_at_the_rates():
    figure, plotted = rates_by_size(FRAME, ylabel="Studies (%)")
    panels = figure.axes
    assert [axes.get_title(loc="left") for axes in panels] == ["one decimal", "two decimals"]
    lines = {line.get_label(): line for line in panels[0].get_lines()}
    assert set(lines) == {"with interval", "alone"}
    assert list(lines["with interval"].get_ydata()) == [100, 75]
    assert list(lines["alone"].get_xdata()) == [10, 22]
    assert panels[0].get_ylabel() == "Studies (%)"
    assert plotted["rate"].between(0, 100).all()
    figure.canvas.draw()
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["with interval", "alone"]


def test_ticks_do_not_run_into_each_other():
    sizes = [30, 40, 60, 80, 100, 150, 200]
    frame = pd.DataFrame([("p", "s", n, 1, 2) for n in sizes], columns=FRAME.columns)
    figure, _ = rates_by_size(frame, ylabel="y")
    assert figure.axes[0].get_xticks().tolist() == [30, 60, 80, 100, 150, 200]
    assert figure.axes[0].get_lines()[0].get_xdata().tolist() == sizes
