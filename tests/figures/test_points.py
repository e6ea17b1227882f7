"""Printed landmarks in a figure, where a paper prints no interval beside them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.figures.survival import identified_band
from helpers.inversion import invert_study
from helpers.inversion.frames import landmark_points
from helpers.study import load_study
from tests.study.folder import SOUND, YAML, table, write


def test_a_landmark_without_an_interval_is_drawn_as_a_point(tmp_path: Path) -> None:
    alone = SOUND | {"value": "73", "ci_low": "", "ci_high": ""}
    points = landmark_points(invert_study(load_study(write(tmp_path / "s", YAML, table(alone)))).endpoints["OS"])
    assert points[["low", "high"]].isna().all(axis=None)
    band = pd.DataFrame({"day": [0, 182], "low": [0.7, 0.7], "high": [1.0, 0.8]})
    figure, _ = identified_band(band, points, colour="black", ylabel="Overall survival", xlabel="Days")
    marks = [line for line in figure.axes[0].lines if line.get_marker() == "D"]
    assert [tuple(line.get_ydata()) for line in marks] == [(0.73,)]
    assert not any(line.get_marker() == "_" for line in figure.axes[0].lines)
