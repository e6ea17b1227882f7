"""Kaplan-Meier curves of groups: what is drawn is what was computed, and everything can be read."""

from __future__ import annotations

import warnings
from math import isfinite

import numpy as np
import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.estimators.kaplan_meier import survival_table
from helpers.figures import style
from helpers.figures.curves import MOST_TICKS, THINNED_TICKS
from helpers.figures.survival_groups import kaplan_meier_groups
from helpers.narrative.cohort_figures import kaplan_meier_words, tick_sentence
from helpers.narrative.survival import group_frames
from tests.figures.cohorts import Rows, landmark_frame, leukaemia, random_rows, survival_frames
from tests.figures.reading import drawn, one, png, steps, texts, unreadable

LONG = "Patients with B-ALL relapsed after a first allogeneic transplantation who received donor-derived cells"
FOUR = {
    "MRD negative, first remission": random_rows(80, 900, 1),
    "MRD positive": random_rows(60, 300, 2),
    "Refractory": random_rows(40, 150, 3),
    "Other": random_rows(25, 310, 4),
}
COHORTS: dict[str, dict[str, Rows]] = {
    "trial": leukaemia(),
    "four groups": FOUR,
    "long names": {LONG: random_rows(40, 500, 1), f"{LONG} after a second infusion": random_rows(30, 300, 2)},
    "no glyphs": {"供者来源 CAR-T": random_rows(20, 300, 5), "$x_1$ & <b>": random_rows(20, 200, 6)},
    "five patients": {"": (np.array([10.0, 20, 20, 35, 50]), np.array([1, 1, 0, 0, 1]))},
    "one patient": {"": (np.array([11.0]), np.array([1]))},
    "all censored": {"A": (np.array([3.0, 5, 5, 8]), np.zeros(4, int)), "B": (np.array([2.0, 9]), np.zeros(2, int))},
    "day zero": {"": (np.zeros(3), np.array([1, 1, 0]))},
    "half": {"": (np.arange(1.0, 11), np.array([1] * 5 + [0] * 5))},
    "identical": {name: random_rows(30, 200, 9) for name in ("first", "second", "third", "fourth")},
}
CASES = [(name, width) for name in COHORTS for width in (style.PAGE, style.COLUMN)]


@pytest.fixture(autouse=True)
def _strict() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def draw(groups: dict[str, Rows], **options: object) -> tuple[object, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    curves, numbers, medians = survival_frames(groups)
    figure, plotted = kaplan_meier_groups(curves, numbers, ylabel="Overall survival", medians=medians, **options)
    return figure, plotted, numbers, medians


@pytest.mark.parametrize(("name", "width"), CASES)
def test_steps_and_ticks_are_those_of_the_estimate(name: str, width: float) -> None:
    groups = COHORTS[name]
    figure, *_ = draw(groups, width=width)
    for group, (time, event) in groups.items():
        table = survival_table(time, event)
        expected = list(zip(table["time"], table["survival"], strict=True))
        if expected[0][0] > 0:
            expected.insert(0, (0.0, 1.0))
        assert steps(one(figure, f"curve|{group}")) == expected
        ticks = one(figure, f"ticks|{group}")
        censored = table[table["censored"] > 0]
        assert list(ticks.get_xdata()) == censored["time"].tolist()
        assert list(ticks.get_ydata()) == censored["survival"].tolist()


@pytest.mark.parametrize(("name", "width"), CASES)
def test_numbers_beneath_stand_at_their_days_and_sum_to_n(name: str, width: float) -> None:
    groups = COHORTS[name]
    figure, _, numbers, _ = draw(groups, width=width)
    axes, table = figure.axes[-2:]
    assert axes.get_xlim() == table.get_xlim()
    assert axes.get_position().x0 == table.get_position().x0
    assert axes.get_position().width == table.get_position().width
    for group, (time, _) in groups.items():
        sums: dict[float, int] = {}
        for column in ("at_risk", "events", "censored"):
            cells = drawn(figure, f"{group}|{column}")
            own = numbers[numbers["group"] == group].set_index("day")[column]
            assert cells and [int(c.get_text().replace(",", "")) for c in cells] == [
                own[c.get_position()[0]] for c in cells
            ]
            for cell in cells:
                day = cell.get_position()[0]
                sums[day] = sums.get(day, 0) + int(cell.get_text().replace(",", ""))
        assert set(sums.values()) == {len(time)}
        assert list(sums) == list(axes.get_xticks())


@pytest.mark.parametrize(("name", "width"), CASES)
def test_median_lines_fall_at_the_medians(name: str, width: float) -> None:
    groups = COHORTS[name]
    figure, _, _, medians = draw(groups, width=width)
    reached = medians[medians["median"].map(isfinite)]
    assert len(drawn(figure, "median")) == len(reached)
    for row in reached.to_dict("records"):
        line = one(figure, f"median|{row['group']}")
        assert list(line.get_xdata()) == [row["median"]] * 2 and list(line.get_ydata()) == [0.5, 0]
    if len(reached):
        assert list(one(figure, "half").get_xdata()) == [0, reached["median"].max()]


@pytest.mark.parametrize(("name", "width"), CASES)
def test_nothing_overlaps_or_is_cut_off(name: str, width: float) -> None:
    figure, *_ = draw(COHORTS[name], width=width, note="Log-rank P < 0.001; hazard ratio 0.22 (95 % CI 0.10–0.49)")
    assert unreadable(figure) == []


@pytest.mark.parametrize("width", [style.PAGE, style.COLUMN])
def test_landmarks_are_marked_on_the_curves_and_told(width: float) -> None:
    curves, numbers, _ = survival_frames(FOUR)
    marks = landmark_frame(FOUR, [180, 365])
    figure, _ = kaplan_meier_groups(curves, numbers, ylabel="OS", landmarks=marks, width=width)
    for row in marks.to_dict("records"):
        found = [m for m in drawn(figure, f"landmark|{row['group']}") if list(m.get_xdata()) == [row["day"]]]
        assert [list(m.get_ydata()) for m in found] == [[row["survival"]]]
    told = [text for text in texts(figure, "landmark") if text]
    assert sorted(told) == sorted(f"{100 * s:.1f} %" for s in marks["survival"])
    assert unreadable(figure) == []


def test_the_band_holds_the_limits_and_ends_where_they_do() -> None:
    groups = {"": (np.array([10.0, 20, 30, 40]), np.array([1, 1, 1, 1]))}
    figure, plotted, *_ = draw(groups)
    (band,) = [c for c in figure.axes[-2].collections if c.get_alpha()]
    corners = {tuple(np.round(v, 9)) for v in band.get_paths()[0].vertices}
    known = plotted[plotted["low"].notna()]
    for row in known.to_dict("records"):
        assert (row["time"], round(row["low"], 9)) in corners and (row["time"], round(row["high"], 9)) in corners
    assert max(x for x, _ in corners) == 40  # S is 0 and has no limits from day 40 on; those of day 30 hold until then


def test_a_large_cohort_is_thinned_to_what_can_be_seen_and_says_so() -> None:
    rows = random_rows(200_000, 2000, 1, 3000)
    days = rows[0] + np.random.default_rng(2).uniform(0, 0.9, 200_000)  # nearly every time is its own
    curves, numbers, medians = survival_frames({"All": (days, rows[1])}, [0, 730, 1460, 2190, 2920])
    figure, plotted = kaplan_meier_groups(curves, numbers, ylabel="OS", medians=medians, width=style.COLUMN)
    line = steps(one(figure, "curve|All"))
    assert len(line) < 6000 < len(plotted)
    exact = dict(zip(curves["time"], curves["survival"], strict=True))
    assert all(exact[x] == y for x, y in line)
    x, y = np.array(line).T
    shown = y[np.searchsorted(x, curves["time"], side="right") - 1]
    assert np.abs(shown - curves["survival"]).max() <= 1 / 2000
    assert plotted["ticked"].sum() <= THINNED_TICKS < MOST_TICKS < (curves["censored"] > 0).sum()
    assert len(one(figure, "ticks|All").get_xdata()) == plotted["ticked"].sum()
    sentence = tick_sentence(plotted)
    assert f"{plotted['ticked'].sum()} of {(curves['censored'] > 0).sum():,}" in sentence and "too fine" in sentence
    assert unreadable(figure) == []
    assert len(png(figure)) < 200_000


def test_the_same_frames_give_the_same_bytes() -> None:
    first, second = (png(draw(FOUR, note="P = 0.5")[0]) for _ in range(2))
    assert first == second


def test_names_that_fit_stand_at_the_curves_and_others_get_letters() -> None:
    assert texts(draw(FOUR)[0], "key") == []
    key = texts(draw(FOUR, width=style.COLUMN)[0], "key")
    assert [t for t in key if len(t) == 1] == ["A", "B", "C", "D"]
    heads = texts(draw(COHORTS["long names"])[0], "head")
    assert [head[0] for head in heads] == ["A", "B"]


@pytest.mark.parametrize(
    ("curves", "numbers", "found"),
    [
        (list("abcde"), list("abcde"), "5"),
        (["a"], ["b"], "a, b"),
        ([], [], "0"),
    ],
)
def test_wrong_groups_are_refused(curves: list[str], numbers: list[str], found: str) -> None:
    curve = pd.DataFrame([(g, 0.0, 1.0, 1.0, 1.0, 0) for g in curves],
                         columns=["group", "time", "survival", "low", "high", "censored"])  # fmt: skip
    table = pd.DataFrame(
        [(g, 0.0, 1, 0, 0) for g in numbers], columns=["group", "day", "at_risk", "events", "censored"]
    )
    with pytest.raises(InputError) as error:
        kaplan_meier_groups(curve, table, ylabel="OS")
    assert error.value.problems[0].found == found


def test_frames_of_groups_are_those_of_each_group_alone() -> None:
    parts = [pd.DataFrame({"time": t, "event": e, "arm": name}) for name, (t, e) in FOUR.items()]
    rows = pd.concat(parts).sample(frac=1, random_state=1).reset_index(drop=True)
    arms = pd.Series(pd.Categorical(rows["arm"], list(FOUR)))
    for found, expected in zip(group_frames(rows["time"], rows["event"], arms), survival_frames(FOUR), strict=True):
        pd.testing.assert_frame_equal(found, expected, check_like=True)
    arms[rows["arm"] == "Other"] = None
    curves, numbers, medians = group_frames(rows["time"], rows["event"], arms, days=[0, 100])
    assert list(medians["group"]) == [*list(FOUR)[:3], "not known"]
    assert numbers["at_risk"].iloc[::2].tolist() == [80, 60, 40, 25]
    alone, _, _ = group_frames(rows["time"], rows["event"])
    assert set(alone["group"]) == {""} and alone["censored"].sum() == (rows["event"] == 0).sum()


def test_words_say_what_is_drawn() -> None:
    curves, numbers, medians = survival_frames(leukaemia(), [0, 10, 20, 30])
    _, plotted = kaplan_meier_groups(curves, numbers, ylabel="Remission", medians=medians)
    words = kaplan_meier_words(plotted, numbers, "Remission", medians=medians, unit="week", note="P = 0.1")
    assert "6-mercaptopurine: 21 patients, 45 % at week 35, median 23 (13–not reached)" in words
    assert "placebo: 21 patients, 0 % at week 23, median 8 (4–11)" in words
    assert "placebo, at risk 21 at week 0, 2 at week 20, 0 at week 30" in words and words.endswith("P = 0.1.")
    assert "reconstructed, not observed" in kaplan_meier_words(plotted, numbers, "Remission", reconstructed=True)
    assert tick_sentence(plotted) == "Ticks: patients censored."
