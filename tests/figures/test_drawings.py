"""Every figure draws what its frame says."""

from __future__ import annotations

import pytest
from matplotlib.colors import same_color

from helpers.estimators.proportions import UNIFORM_PRIOR, posterior, upper_bound_zero
from helpers.figures import enrolment, flow, forest, grades, style, zero_events
from helpers.figures import posterior as posterior_module
from helpers.narrative import outcomes
from helpers.printed import PrintedNumber
from helpers.study import load_study
from helpers.study.model import Claim, Study


@pytest.fixture(scope="module")
def zhuo() -> Study:
    return load_study("zhuo2024")


def count_claim(label: str, count: int, n: int = 22) -> Claim:
    return Claim(label, "count", n, count=PrintedNumber(str(count)), note=label)


def texts(figure: object) -> list[str]:
    return [t.get_text() for axes in figure.axes for t in axes.texts]  # type: ignore[attr-defined]


def test_flow_follows_denominators(zhuo: Study) -> None:
    frame = flow.flow_frame(zhuo)
    assert frame[["count", "of", "without"]].values.tolist() == [[22, 22, 0], [18, 22, 4], [18, 18, 0]]
    figure, plotted = flow.flow(frame)
    heights = [round(p.get_height()) for p in figure.axes[0].patches]
    assert heights == [22, 4, 18, 18]
    assert {"22", "18 of 22", "4 without", "18 of 18"} <= set(texts(figure))
    assert len(plotted) == 3


def test_calendar_bounds_agree_with_the_study(zhuo: Study) -> None:
    calendar = enrolment.calendar_of(zhuo)
    assert calendar is not None
    assert calendar.longest == zhuo.longest_follow_up == 2904
    assert calendar.of_the_last == 226
    assert enrolment.day_text(calendar.latest_entry(1037)) == "11 October 2020"
    frame = enrolment.calendar_frame(calendar, enrolment.follow_up_claim(zhuo))
    assert frame["high"].tolist() == [2904, 226, 1509]
    figure, _ = enrolment.enrolment(frame, calendar)
    assert "printed: 1037 (546–1509)" in texts(figure)


@pytest.mark.parametrize("kind", ["efficacy", "safety"])
def test_forest_draws_each_interval_where_it_is(zhuo: Study, kind: str) -> None:
    frame = outcomes.intervals_frame(outcomes.counted(zhuo, kind))
    figure, plotted = forest.forest(frame)
    axes = figure.axes[0]
    ends = {tuple(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2}
    for row in plotted.to_dict("records"):
        assert (100 * row["low"], 100 * row["high"]) in ends
    assert plotted["y"].is_unique and plotted["y"].is_monotonic_decreasing
    assert axes.get_xlim()[1] >= 100 * plotted["high"].max()


def test_posterior_curve_encloses_one(zhuo: Study) -> None:
    triples = [("response", "uniform", posterior(18, 22, UNIFORM_PRIOR))]
    frame = posterior_module.posterior_frame(triples)
    step = frame["rate"].diff().iloc[1]
    assert frame["density"].sum() * step == pytest.approx(1, abs=1e-3)
    figure, _ = posterior_module.posterior_figure(frame)
    curve = figure.axes[0].lines[0]
    assert max(curve.get_ydata()) == pytest.approx(frame["density"].max())


def test_zero_events_curve_passes_its_bound() -> None:
    frame = zero_events.zero_frame(22)
    near = frame.iloc[(frame["rate"] - upper_bound_zero(22)).abs().argmin()]
    assert near["chance"] == pytest.approx(0.05, abs=0.002)
    figure, _ = zero_events.zero_events(frame, 22)
    assert any("12.7 %" in t for t in texts(figure)) and any("15.4 %" in t for t in texts(figure))


def test_grades_keep_what_is_not_told_apart(zhuo: Study) -> None:
    frame = grades.grades_frame(outcomes.counted(zhuo, "safety"))
    assert frame.groupby("family")["count"].sum().to_dict() == {"CRS": 22, "ICANS": 22, "Acute GVHD": 22}
    crs = frame[frame["family"] == "CRS"]
    assert crs["known"].tolist() == [False, False] and crs["count"].tolist() == [19, 3]
    gvhd = frame[frame["family"] == "Acute GVHD"]
    assert gvhd["part"].tolist() == ["none", "grade II", "grade IV"]
    figure, plotted = grades.grades(frame)
    bars = figure.axes[0].patches
    hatched = [bar.get_width() for bar in bars if bar.get_hatch()]
    assert sorted(hatched) == [3, 19]
    assert sum(bar.get_width() for bar in bars) == plotted["count"].sum()


def test_grades_nest_exact_grades_in_thresholds() -> None:
    claims = [
        count_claim("CRS of any grade", 15),
        count_claim("CRS grade ≥ 3", 4),
        count_claim("CRS grade 3", 3),
        count_claim("CRS grade 1", 6),
    ]
    frame = grades.grades_frame(claims)
    parts = dict(zip(frame["part"], frame["count"], strict=True))
    assert parts == {
        "none": 7,
        "grade 1": 6,
        "grade 1 to 2, not told apart": 5,
        "grade 3": 3,
        "grade 3 or higher, not told apart": 1,
    }


@pytest.mark.parametrize(
    "claims",
    [
        [count_claim("CRS of any grade", 2), count_claim("CRS grade 3", 3)],
        [count_claim("CRS of any grade", 2), count_claim("CRS grade 3", 1, n=20)],
        [count_claim("CRS grade 1", 12), count_claim("CRS grade 2", 11)],
    ],
)
def test_contradictory_grades_are_named_and_not_drawn(claims: list[Claim]) -> None:
    assert grades.contradictory_families(claims) == ("CRS",)
    assert grades.grades_frame(claims).empty


def test_labels_without_a_grade_are_left_out() -> None:
    assert grades.grade_count(count_claim("Infection", 3)) is None
    assert grades.grades_frame([count_claim("Infection", 3)]).empty


def test_severity_darkens_with_the_grade() -> None:
    shades = [style.lightness(grades._SEVERITY[g]) for g in range(1, 6)]
    assert shades == sorted(shades, reverse=True)
    assert not any(
        same_color(a, b) for a, b in zip(list(grades._SEVERITY.values())[1:], grades._SEVERITY.values(), strict=False)
    )
