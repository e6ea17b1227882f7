"""The reader of figures sees what is wrong with one."""

from __future__ import annotations

from helpers.figures import style
from tests.figures.reading import unreadable


def test_overlapping_and_cut_texts_are_found() -> None:
    with style.use_style():
        figure = style.sheet(3, 2)
        axes = style.panel(figure, 0.5, 0.2, 2, 1.2)
        axes.text(0.5, 0.5, "first")
        axes.text(0.52, 0.52, "second")
        axes.text(0.9, 0.9, "out of the picture on the right")
        axes.set_xticks([0, 0.5, 1])
        axes.set_yticks([0, 1])
        found = unreadable(figure)
    assert "'first' runs into 'second'" in found
    assert "'out of the picture on the right' is cut off" in found
    assert len(found) == 2


def test_ticks_too_close_are_found_and_hidden_ones_are_not() -> None:
    with style.use_style():
        figure = style.sheet(3, 2)
        axes = style.panel(figure, 0.5, 0.2, 2, 1.2)
        axes.set_xticks([0, 0.01, 5], ["one thing", "another thing", "beyond the limits"])
        axes.set_xlim(0, 1)
        axes.set_yticks([])
        assert unreadable(figure) == ["'one thing' runs into 'another thing'"]
        axes.axis("off")
        assert unreadable(figure) == []
