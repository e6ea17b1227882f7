"""What all printed numbers say together, in words."""

from __future__ import annotations

from pathlib import Path

from helpers.inversion import invert_study
from helpers.inversion.enclosed import certified_band
from helpers.narrative.evidence import assumption_sentences, contradiction_sentences, removal_sentence
from helpers.study import load_study
from tests.study.folder import MEDIAN, SOUND, YAML, table, write

LANDMARK = SOUND | {"ci_high": "87.50"}


def test_the_contradictions_of_the_first_study_are_told_with_their_repairs() -> None:
    inversion = invert_study(load_study("zhuo2024"))
    text = " ".join(contradiction_sentences(inversion))
    assert "84.50 → 87.50 (one digit)" in text
    assert "546 → 564 (two neighbouring digits swapped)" in text and "1037 → 1028" in text
    (assumption,) = assumption_sentences(inversion)
    assert "a patient censored for EFS is taken to be censored for OS on the same day" in assumption


def test_a_sound_paper_has_no_contradiction(tmp_path: Path) -> None:
    inversion = invert_study(load_study(write(tmp_path / "s", YAML, table(LANDMARK))))
    assert contradiction_sentences(inversion) == [] and assumption_sentences(inversion) == []
    assert removal_sentence(inversion.endpoints["OS"]).startswith("OS: landmarks and counts leave one history;")


def test_a_median_that_contradicts_a_landmark_is_told(tmp_path: Path) -> None:
    early = MEDIAN | {"value": "100"}
    inversion = invert_study(load_study(write(tmp_path / "s", YAML, table(LANDMARK, early))))
    sentence = contradiction_sentences(inversion)[0]
    assert "contradict each other" in sentence and r"os\_median" in sentence and r"os\_6mo" in sentence


def test_the_band_of_a_large_set_holds_between_its_landmarks(tmp_path: Path) -> None:
    yaml = YAML.replace("22", "90")
    year = LANDMARK | {"id": "os_12mo", "at": "12", "value": "52", "ci_low": "41", "ci_high": "62"}
    half = LANDMARK | {"value": "71", "ci_low": "60", "ci_high": "79"}
    own = invert_study(load_study(write(tmp_path / "s", yaml, table(half, year)))).endpoints["OS"].certificate
    assert own is not None
    band = certified_band(own, 365).set_index("day")
    assert band.loc[0, "high"] == 1 and 0.70 < band.loc[0, "low"] < 0.72
    assert 0.71 < band.loc[183, "high"] < 0.72 and 0.51 < band.loc[183, "low"] < 0.53
    assert (band["low"] <= band["high"]).all() and band["high"].is_monotonic_decreasing
