"""Swimmer plots: every patient's lane, events and windows are where the frames say."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.figures import style
from helpers.figures.swimmer import MARKS, swimmer
from helpers.figures.swimmer_lanes import swimmer_pages
from helpers.narrative.cohort_figures import swimmer_sentence, swimmer_words
from tests.figures.reading import drawn, one, png, texts, unreadable

WIDTHS = (style.PAGE, style.COLUMN)
KINDS = list(MARKS)


@pytest.fixture(autouse=True)
def _strict() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def cohort(n: int, seed: int, *, windows: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Patients with ends of follow-up and events before them; with windows, of which only ranges are known."""
    rng = np.random.default_rng(seed)
    lanes, events = [], []
    for k in range(n):
        name, end, dead = f"P{k:03d}", int(rng.exponential(400)) + 40, bool(rng.random() < 0.5)
        lanes.append((name, end, not dead, str(rng.choice(["CR", "PR", "none"]))))
        found = [("response", 28), ("transplant", 35)][: int(rng.integers(0, 3))]
        found += [("relapse", int(rng.integers(36, end + 1)))] if rng.random() < 0.4 else []
        found += [("death", end)] if dead else []
        events += [(name, kind, float(day)) for kind, day in found]
    lane = pd.DataFrame(lanes, columns=["patient_id", "end", "ongoing", "group"])
    event = pd.DataFrame(events, columns=["patient_id", "kind", "day"])
    if windows:
        event["low"] = event["day"] - rng.integers(0, 20, len(event))
        event["high"] = event["day"] + rng.integers(0, 90, len(event))
        lane["end_low"], lane["end_high"] = lane["end"], lane["end"] + 100 * lane["ongoing"]
    return lane, event


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("n", [1, 5, 22, 60])
def test_lanes_are_ordered_by_follow_up_and_hold_their_events(n: int, width: float) -> None:
    lanes, events = cohort(n, n)
    figure, plotted = swimmer(lanes.drop(columns="group"), events, width=width)
    ordered = lanes.sort_values("end", ascending=False, kind="stable").reset_index(drop=True)
    assert plotted.drop_duplicates("lane")["patient_id"].tolist() == ordered["patient_id"].tolist()
    for k, row in enumerate(ordered.to_dict("records"), start=1):
        bar = one(figure, f"follow-up|{k}")
        assert (bar.get_x(), bar.get_width(), bar.get_y() + bar.get_height() / 2) == (0, row["end"], pytest.approx(k))
        mine = events[events["patient_id"] == row["patient_id"]]
        for kind in KINDS:
            days = [list(mark.get_xdata()) for mark in drawn(figure, f"{kind}|{k}")]
            assert days == [[d] for d in mine.loc[mine["kind"] == kind, "day"]]
            assert all(list(mark.get_ydata()) == [k] for mark in drawn(figure, f"{kind}|{k}"))
        assert len(drawn(figure, f"ongoing|{k}")) == int(row["ongoing"])
    assert unreadable(figure) == []


def test_a_response_lasts_until_what_ends_it() -> None:
    lanes = pd.DataFrame({"patient_id": list("abcd"), "end": [400, 300, 200, 100]})
    events = pd.DataFrame(
        [("a", "response", 28), ("b", "response", 28), ("b", "relapse", 90), ("c", "response", 30), ("c", "death", 200),
         ("d", "relapse", 20), ("d", "response", 40), ("d", "transplant", 50)],
        columns=["patient_id", "kind", "day"],
    )  # fmt: skip
    figure, plotted = swimmer(lanes, events)
    spans = plotted[plotted["kind"] == "in response"].set_index("patient_id")[["low", "high"]].T.to_dict("list")
    assert spans == {"a": [28, 400], "b": [28, 90], "c": [30, 200], "d": [40, 100]}
    for lane, (low, high) in enumerate(spans.values(), start=1):
        bar = one(figure, f"in response|{lane}")
        assert (bar.get_x(), bar.get_x() + bar.get_width()) == (low, high)


@pytest.mark.parametrize("width", WIDTHS)
def test_windows_stand_in_place_of_points(width: float) -> None:
    lanes, events = cohort(22, 3, windows=True)
    figure, plotted = swimmer(lanes, events, width=width)
    windows = plotted[(plotted["low"] < plotted["high"]) & plotted["kind"].isin(KINDS)]
    assert len(windows) > 10
    for row in windows.to_dict("records"):
        line, ends = drawn(figure, f"{row['kind']}|{row['lane']}")
        assert list(line.get_xdata()) == list(ends.get_xdata()) == [row["low"], row["high"]]
    for row in plotted[plotted["kind"] == "end"].to_dict("records"):
        bar = one(figure, f"end|{row['lane']}")
        assert (bar.get_x(), bar.get_x() + bar.get_width()) == (row["low"], row["high"]) and bar.get_hatch()
    assert "windows: ranges of days, not observed days" in swimmer_words(plotted)
    assert swimmer_sentence(plotted, reconstructed=True).endswith("Reconstructed, not observed.")
    assert unreadable(figure) == []


def test_a_large_cohort_is_split_into_pages_that_miss_nobody() -> None:
    lanes, events = cohort(150, 4)
    assert swimmer_pages(lanes) == 3
    pages = [swimmer(lanes, events, page=k) for k in (1, 2, 3)]
    assert [p["patient_id"].nunique() for _, p in pages] == [60, 60, 30]
    assert set().union(*(set(p["patient_id"]) for _, p in pages)) == set(lanes["patient_id"])
    assert swimmer_sentence(pages[2][1]).startswith("Patients 121 to 150 of 150, ordered by group")
    limits = {figure.axes[-1].get_xlim() for figure, _ in pages}
    assert len(limits) == 1  # one scale on all pages
    numbers = [t.get_text() for t in pages[2][0].axes[-1].get_yticklabels()]
    assert numbers == [str(k) for k in range(121, 151)]
    assert all(unreadable(figure) == [] for figure, _ in pages)


def test_identifiers_are_only_shown_when_asked_for() -> None:
    lanes, events = cohort(5, 6)
    shown = {t.get_text() for t in swimmer(lanes, events)[0].axes[-1].get_yticklabels()}
    assert shown == {"1", "2", "3", "4", "5"}
    asked = {t.get_text() for t in swimmer(lanes, events, identifiers=True)[0].axes[-1].get_yticklabels()}
    assert asked == set(lanes["patient_id"])


def test_kinds_of_the_users_own_and_days_before_the_start() -> None:
    lanes, events = cohort(6, 7)
    own = pd.DataFrame({"patient_id": ["P000", "P001"], "kind": "apheresis of a donor's cells", "day": [-20.0, None]})
    figure, plotted = swimmer(lanes, pd.concat([events, own]), width=style.COLUMN)
    (lane,) = plotted.loc[plotted["kind"] == own["kind"].iloc[0], "lane"]
    assert list(one(figure, f"{own['kind'].iloc[0]}|{lane}").get_xdata()) == [-20]
    assert figure.axes[-1].get_xlim()[0] < -20
    assert "apheresis of a donor's cells" in texts(figure, "legend")
    assert unreadable(figure) == []


def test_the_legend_names_only_what_is_drawn() -> None:
    lanes = pd.DataFrame({"patient_id": ["a"], "end": [10.0]})
    figure, _ = swimmer(lanes, pd.DataFrame(columns=["patient_id", "kind", "day"]))
    assert texts(figure, "legend") == ["follow-up"]


def test_words_count_patients_not_events() -> None:
    lanes = pd.DataFrame({"patient_id": ["a", "b"], "end": [100, 50], "ongoing": [True, False]})
    events = pd.DataFrame({"patient_id": ["a", "a", "b"], "kind": ["relapse", "relapse", "death"], "day": [10, 60, 50]})
    words = swimmer_words(swimmer(lanes, events)[1])
    assert words == (
        "Swimmer plot: one lane for each of two patients, followed for 50 to 100 days. Relapse in 1 and death in 1; "
        "follow-up goes on in 1."
    )


def test_same_bytes() -> None:
    lanes, events = cohort(22, 8, windows=True)
    assert png(swimmer(lanes, events)[0]) == png(swimmer(lanes, events)[0])


@pytest.mark.parametrize(
    ("lanes", "events", "page", "message"),
    [
        ([], [], 1, "no patients"),
        ([("a", 5, "x"), ("a", 6, "x")], [], 1, "two lanes"),
        ([("a", None, "x")], [], 1, "no end"),
        ([("a", 5, "x")], [("b", "death", 1)], 1, "no lane"),
        ([("a", 5, "x")], [], 2, "no such page"),
        ([(k, 5, f"group {k}") for k in "abcdefg"], [], 1, "groups cannot be told apart"),
        ([("a", 5, "x")], [("a", f"kind {k}", 1) for k in range(5)], 1, "cannot be told apart"),
    ],
)
def test_wrong_frames_are_refused(lanes: list[tuple], events: list[tuple], page: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        swimmer(
            pd.DataFrame(lanes, columns=["patient_id", "end", "group"]),
            pd.DataFrame(events, columns=["patient_id", "kind", "day"]),
            page=page,
        )
