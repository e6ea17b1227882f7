"""What is saved can be read by every command, says that it is a what-if, and quotes no paper for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.explore.answer import first_answer, full_answer
from helpers.explore.save import save_figures, save_study
from helpers.explore.state import State, study_of
from helpers.explore.typed import TypedLandmark, TypedPaper
from helpers.inversion import invert_study
from helpers.study import load_study

STATE = State(interval="plain", rounded_to="3", days_per_month="30").edited("os_6mo", "ci_high", "87.50")


def test_a_saved_study_inverts_to_what_was_seen(tmp_path: Path) -> None:
    study = load_study(save_study(STATE, "mended", tmp_path))
    seen = study_of(STATE)
    assert [c.printed for c in study.claims] == [c.printed for c in seen.claims]
    assert dict(study.conventions) == dict(seen.conventions)
    found = invert_study(study, STATE.month)
    assert found.endpoints["OS"].histories == tuple(c.history for c in full_answer(STATE).courses)


def test_it_says_what_it_is(tmp_path: Path) -> None:
    folder = save_study(STATE, "mended", tmp_path)
    text = (folder / "study.yaml").read_text(encoding="utf-8")
    assert "what-if" in text.splitlines()[0] and "zhuo2024" in text.splitlines()[0]
    assert "os_6mo.ci_high: 87.50" in text and "days_per_month=30" in text
    study = load_study(folder)
    assert study.title.startswith("What-if") and not study.citation
    assert study.claim("os_6mo").source == "what-if" and study.claim("os_12mo").source == "abstract"


def test_a_claim_without_numbers_is_left_out(tmp_path: Path) -> None:
    state = State()
    for field in ("value", "ci_low", "ci_high"):
        state = state.edited("os_6mo", field, "")
    study = load_study(save_study(state, "less", tmp_path))
    assert "os_6mo" not in [c.id for c in study.claims]


def test_every_study_of_the_suite_can_be_saved(tmp_path: Path) -> None:
    from helpers.study import list_studies

    for summary in list_studies():
        study = load_study(save_study(State(summary.id), f"copy_{summary.id}", tmp_path))
        assert [c.printed for c in study.claims] == [c.printed for c in load_study(summary.id).claims]


def test_a_typed_paper_is_saved(tmp_path: Path) -> None:
    state = State(typed=TypedPaper("22", "EFS", (TypedLandmark("1", "year", "34.3", "13.9", "54.7"),)))
    study = load_study(save_study(state, "typed_in", tmp_path))
    assert study.n == 22 and study.claim("landmark_1").at_unit == "year" and not study.title.startswith("What-if")


@pytest.mark.parametrize("name", ["", "Upper", "../up", "a/b", ".", "a" * 80, "ünder", "-x"])
def test_a_name_is_a_plain_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="name"):
        save_study(State(), name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(InputError, match="stays as it is"):
        save_study(State(), "there", tmp_path)


def test_figures_are_written_in_three_formats(tmp_path: Path) -> None:
    written = save_figures(first_answer(State()), 1, "seen", tmp_path)
    assert sorted(p.name for p in written) == [
        "band.pdf", "band.png", "band.svg", "curve-as-seen.svg", "ladder.pdf", "ladder.png", "ladder.svg",
    ]  # fmt: skip
    assert all(p.stat().st_size > 1000 for p in written)
    with pytest.raises(InputError, match="no picture"):
        save_figures(first_answer(State().edited("os_12mo", "value", "41.20")), 0, "none", tmp_path)
