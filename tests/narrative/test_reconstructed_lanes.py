"""Windows of reconstructed patients: they hold every drawn table of their history, and nothing narrower does."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.figures.swimmer import swimmer
from helpers.inversion import invert_study
from helpers.inversion.draws import draw_patients
from helpers.inversion.history import canonical
from helpers.inversion.report import endpoint_timelines
from helpers.narrative.cohort_figures import swimmer_sentence
from helpers.narrative.reconstructed_lanes import MOST_LANES, reconstructed_lanes
from helpers.study import load_study


@pytest.mark.parametrize(("study", "endpoint"), [("zhuo2024", "OS"), ("zhuo2024", "EFS")])
def test_every_drawn_table_of_the_history_lies_within_the_windows(study: str, endpoint: str) -> None:
    paper = load_study(study)
    inversion = invert_study(paper)
    inverted, systems = inversion.endpoints[endpoint], endpoint_timelines(inversion, endpoint)
    made = reconstructed_lanes(inverted, systems, "death")
    assert made is not None
    lanes, events = made
    history, last = inverted.histories[0], max(mark.day for mark in inverted.landmarks)
    assert lanes["patient_id"].tolist() == list(range(1, inverted.n + 1))
    assert len(events) == history.count("E")
    assert lanes["ongoing"].tolist() == [False] * len(history) + [True] * (inverted.n - len(history))
    drawn = draw_patients(paper, draws=20, seed=3)
    compared = 0
    for _, rows in drawn.groupby("draw"):
        own = rows.dropna(subset=[f"{endpoint}_days"])
        steps = sorted(
            (day, event != 1) for day, event in zip(own[f"{endpoint}_days"], own[f"{endpoint}_event"], strict=True)
        )
        kinds = "".join("C" if censored else "E" for day, censored in steps if day <= last)
        if canonical(kinds) != history:
            continue
        compared += 1
        days = pd.Series([day for day, _ in steps])
        assert (days >= lanes["end_low"]).all()
        inside = ~lanes["ongoing"]
        assert (days[inside] <= lanes["end_high"][inside]).all()
    assert compared > 3
    dead = lanes.set_index("patient_id").loc[events["patient_id"]]
    assert (dead["end_low"].to_numpy() == events["low"].to_numpy()).all()
    assert (dead["end_high"].to_numpy() == events["high"].to_numpy()).all()
    _, plotted = swimmer(lanes, events)
    assert swimmer_sentence(plotted, reconstructed=True).endswith("Reconstructed, not observed.")


def test_there_are_no_lanes_where_nothing_is_listed_or_a_page_has_no_room() -> None:
    inversion = invert_study(load_study("zhuo2024"))
    inverted = inversion.endpoints["OS"]
    assert reconstructed_lanes(inverted, (), "death") is None
    assert inverted.n <= MOST_LANES
