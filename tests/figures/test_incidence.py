"""Cumulative incidence: curves of an estimator of its own, read back from the picture; numbers that sum to n."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.figures import style
from helpers.figures.incidence import OTHER, cumulative_incidence
from helpers.narrative.cohort_figures import incidence_words
from tests.figures.reading import drawn, one, png, steps, texts, unreadable

CAUSES = ("Relapse", "Non-relapse mortality")
DAYS = [0, 180, 360, 540, 720, 900, 1080]
WIDTHS = (style.PAGE, style.COLUMN)


@pytest.fixture(autouse=True)
def _strict() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def cohort(n: int, first: float, second: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    a, b, end = (np.ceil(x) for x in (rng.exponential(first, n), rng.exponential(second, n), rng.uniform(60, 1200, n)))
    time = np.minimum(np.minimum(a, b), end)
    return time, np.where(time == end, 0, np.where(time == a, 1, 2))


GROUPS = {"Transplant after CAR-T": cohort(60, 1500, 900, 1), "No transplant": cohort(50, 400, 3000, 2)}


def frames(groups: dict[str, tuple[np.ndarray, np.ndarray]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Aalen-Johansen curves by statsmodels, and the counts beneath."""
    from statsmodels.duration.survfunc import CumIncidenceRight

    curves, numbers = [], []
    for group, (time, event) in groups.items():
        fit = CumIncidenceRight(time, event)
        for k, cause in enumerate(CAUSES):
            values = np.concatenate(([0.0], fit.cinc[k]))
            half = 1.96 * np.concatenate(([0.0], fit.cinc_se[k]))
            times = np.concatenate(([0.0], fit.times))
            censored = [int(((time == t) & (event == 0)).sum()) for t in times]
            curves.append(pd.DataFrame({
                "group": group, "cause": cause, "time": times, "incidence": values,
                "low": np.clip(values - half, 0, 1), "high": np.clip(values + half, 0, 1), "censored": censored,
            }))  # fmt: skip
        for day in DAYS:
            before = time < day
            counts = {cause: int((before & (event == k)).sum()) for k, cause in enumerate(CAUSES, start=1)}
            left = {"at_risk": int((~before).sum()), "censored": int((before & (event == 0)).sum())}
            numbers.append({"group": group, "day": day, **counts, **left})
    return pd.concat(curves, ignore_index=True), pd.DataFrame(numbers)


@pytest.mark.parametrize("width", WIDTHS)
def test_one_group_shows_both_causes_together(width: float) -> None:
    curves, numbers = frames({"": GROUPS["No transplant"]})
    figure, plotted = cumulative_incidence(curves, numbers, width=width, short={CAUSES[1]: "NRM"})
    for cause in CAUSES:
        own = curves[curves["cause"] == cause]
        assert steps(one(figure, f"curve|{cause}")) == list(zip(own["time"], own["incidence"], strict=True))
    total = {0.0: 0}
    for column in ("at_risk", *CAUSES, "censored"):
        for cell in drawn(figure, f"|{column}"):
            day = cell.get_position()[0]
            total[day] = total.get(day, 0) + int(cell.get_text())
    assert set(total.values()) == {50} and len(total) > 2
    assert "NRM" in [t.get_text() for t in figure.axes[-1].texts]
    assert len(plotted) == len(curves)
    assert unreadable(figure) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_several_groups_are_compared_cause_by_cause(width: float) -> None:
    curves, numbers = frames(GROUPS)
    notes = {CAUSES[0]: "Gray's test P = 0.002", CAUSES[1]: "Gray's test P = 0.03"}
    figure, _ = cumulative_incidence(curves, numbers, width=width, notes=notes)
    assert texts(figure, "title") == list(CAUSES) and texts(figure, "note") == list(notes.values())
    for group in GROUPS:
        lines = drawn(figure, f"curve|{group}")
        for line, cause in zip(lines, CAUSES, strict=True):
            own = curves[(curves["cause"] == cause) & (curves["group"] == group)]
            assert steps(line) == list(zip(own["time"], own["incidence"], strict=True))
        relapses = {c.get_position()[0]: c.get_text() for c in drawn(figure, f"{group}|{CAUSES[0]}")}
        others = {c.get_position()[0]: c.get_text() for c in drawn(figure, f"{group}|{OTHER}")}
        assert others == relapses and len(others) > 3  # those of the second panel, drawn last
    assert unreadable(figure) == []


def test_landmarks_lie_on_their_curves() -> None:
    curves, numbers = frames(GROUPS)
    rows = [
        (g, c, 365.0, float(p[p["time"] <= 365]["incidence"].iloc[-1]))
        for (g, c), p in curves.groupby(["group", "cause"])
    ]
    marks = pd.DataFrame(rows, columns=["group", "cause", "day", "incidence"])
    figure, _ = cumulative_incidence(curves, numbers, landmarks=marks)
    for group in GROUPS:
        heights = [m.get_ydata()[0] for m in drawn(figure, f"landmark|{group}")]
        own = marks[marks["group"] == group].set_index("cause")["incidence"]
        assert heights == [own[c] for c in CAUSES]
    assert unreadable(figure) == []


def test_a_rare_cause_gets_an_axis_of_its_size() -> None:
    curves, numbers = frames({"": GROUPS["No transplant"]})
    figure, _ = cumulative_incidence(curves.assign(incidence=curves["incidence"] / 10, high=0.12, low=0), numbers)
    assert 0.12 <= figure.axes[-2].get_ylim()[1] < 0.2


def test_same_bytes_and_words() -> None:
    curves, numbers = frames(GROUPS)
    drawings = [cumulative_incidence(curves, numbers) for _ in range(2)]
    assert png(drawings[0][0]) == png(drawings[1][0])
    words = incidence_words(drawings[0][1], numbers)
    last = curves[(curves["cause"] == "Relapse") & (curves["group"] == "No transplant")].iloc[-1]
    assert f"Relapse (No transplant): {100 * last['incidence']:.0f} % at day {last['time']:,.0f}" in words
    assert "No transplant, at risk 50 at day 0" in words


def test_a_cause_without_numbers_is_refused() -> None:
    curves, numbers = frames(GROUPS)
    with pytest.raises(InputError, match="no column for a cause"):
        cumulative_incidence(curves, numbers.drop(columns="Relapse"))
    with pytest.raises(InputError, match="one to four causes"):
        cumulative_incidence(pd.concat([curves.assign(cause=f"cause {k}") for k in range(5)]), numbers)
