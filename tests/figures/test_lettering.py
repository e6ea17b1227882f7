"""Text is measured as it is drawn, wrapped without losing a letter, and moved apart no further than needed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.figures import style
from helpers.figures.lettering import apart, drawable, inches, shortened, wrapped

WORDS = st.text(alphabet="abcdefghij ,.-()≥", min_size=1, max_size=60).map(lambda s: " ".join(s.split()))


@pytest.mark.parametrize("text", ["At risk", "Cytokine release syndrome, grade ≥ 3", "0.45 (0.21–0.96)"])
def test_measured_width_is_the_drawn_width(text: str) -> None:
    with style.use_style():
        figure = style.sheet(6, 1)
        drawn = figure.text(0, 0.5, text, fontsize=8.5, weight="bold")
        figure.draw_without_rendering()
        assert inches(text, 8.5, "bold") == pytest.approx(drawn.get_window_extent().width / figure.dpi, abs=0.02)


@given(WORDS, st.floats(0.2, 3.0))
def test_wrapped_lines_fit_and_keep_every_letter(text: str, width: float) -> None:
    lines = wrapped(text, width, 8)
    assert all(inches(line, 8) <= width or len(line.rstrip("-")) <= 1 for line in lines)
    assert "".join(lines).replace(" ", "").replace("-", "") == text.replace(" ", "").replace("-", "")


def test_a_long_word_is_hyphenated_and_leaves_no_single_letter() -> None:
    first, last = wrapped("Hypogammaglobulinaemia", 1.2, 7.2)
    assert first.endswith("-") and len(last) >= 3


@given(WORDS, st.floats(0.2, 3.0))
def test_shortened_text_fits(text: str, width: float) -> None:
    cut = shortened(text, width, 8)
    assert cut == text or (cut.endswith("…") and inches(cut, 8) <= width) or cut == "…"


@given(st.lists(st.tuples(st.floats(-5, 15), st.floats(0.1, 1.2)), max_size=8))
def test_blocks_are_apart_within_the_room_and_in_order(blocks: list[tuple[float, float]]) -> None:
    wanted, sizes = [w for w, _ in blocks], [s for _, s in blocks]
    centres = apart(wanted, sizes, 0.0, 10.0)
    order = sorted(range(len(blocks)), key=lambda i: (wanted[i], i))
    for i, j in pairwise(order):
        assert centres[j] - centres[i] >= (sizes[i] + sizes[j]) / 2 - 1e-9
    assert all(c - s / 2 >= -1e-9 and c + s / 2 <= 10 + 1e-9 for c, s in zip(centres, sizes, strict=True))


def test_blocks_that_do_not_touch_stay_where_they_are() -> None:
    assert apart([2.0, 5.0, 8.0], [1.0, 1.0, 1.0], 0, 10) == [2.0, 5.0, 8.0]


def test_too_many_blocks_are_stacked() -> None:
    assert apart([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], 0.0, 2.0) == [0.5, 1.5, 2.5]


def test_what_the_font_lacks_is_a_square_on_every_machine() -> None:
    assert drawable("供者 CAR-T ≥ 3 α") == "□□ CAR-T ≥ 3 α"
