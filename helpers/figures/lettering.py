"""Text that fits: measured before it is drawn, wrapped or shortened to a width, and kept apart from its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

FAMILY = "DejaVu Sans"
_DPI = 144
_LEAST = 3
_UNKNOWN = "\u25a1"
LINE = 1.28  # distance of two lines of text, in sizes of the font


@lru_cache(maxsize=1)
def _renderer() -> Any:
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(8, 8, _DPI)


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    """Code points that the font of the figures can draw."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties(family=FAMILY))).get_charmap())


def drawable(text: object) -> str:
    """One line of text in which every character can be drawn; what the font lacks becomes an empty square.

    A figure must look the same on every machine, so no other font is searched for.

    >>> drawable("CAR-T\\n 细胞")
    'CAR-T □□'
    """
    line = " ".join(str(text).split())
    return "".join(c if ord(c) in _known() else _UNKNOWN for c in line)


@lru_cache(maxsize=4096)
def inches(text: str, size: float, weight: str = "normal") -> float:
    """Width of a line of text in inches."""
    from matplotlib.font_manager import FontProperties

    font = FontProperties(family=FAMILY, size=size, weight=weight)
    width, _, _ = _renderer().get_text_width_height_descent(text, font, False)
    return float(width) / _DPI


def line_height(size: float) -> float:
    """Height in inches that a line of text takes."""
    return size * LINE / 72


def wrapped(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Text broken into lines of at most `width` inches, between words where possible, inside a word where not.

    >>> wrapped("minimal residual disease", 1.0, 8)
    ['minimal residual', 'disease']
    """
    lines = [""]
    for word in text.split(" "):
        together = f"{lines[-1]} {word}".strip()
        if inches(together, size, weight) <= width:
            lines[-1] = together
            continue
        if lines[-1]:
            lines.append("")
        pieces = _broken(word, width, size, weight)
        lines[-1] = pieces[0]
        lines += pieces[1:]
    return lines


def _broken(word: str, width: float, size: float, weight: str) -> list[str]:
    """A word in pieces that fit, hyphenated between letters, with no fewer than three of them in the last piece."""
    pieces = []
    while len(word) > 1 and inches(word, size, weight) > width:
        ends = [k for k in range(1, len(word)) if inches(_hyphened(word, k), size, weight) <= width]
        end = ends[-1] if ends else 1
        end = max(len(word) - _LEAST, 1) if end > _LEAST and len(word) - end < _LEAST else end
        pieces.append(_hyphened(word, end))
        word = word[end:]
    return [*pieces, word]


def _hyphened(word: str, end: int) -> str:
    return word[:end] + ("-" if word[end - 1].isalpha() and word[end].isalpha() else "")


def shortened(text: str, width: float, size: float, weight: str = "normal") -> str:
    """Text cut with an ellipsis where it is wider than `width` inches."""
    if inches(text, size, weight) <= width:
        return text
    while text and inches(f"{text}…", size, weight) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def apart(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near as possible to where they are wanted, such that nothing overlaps or leaves [low, high].

    Blocks that touch are moved together by their mean (pool adjacent violators). If everything together is
    larger than the room, the blocks are stacked from `low` on.

    Parameters
    ----------
    wanted : (k,) centres in any order.
    sizes : (k,) extents of the blocks in the same unit.
    low, high : the room.

    >>> apart([1.0, 1.0], [1.0, 1.0], 0.0, 10.0)
    [0.5, 1.5]
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    pools: list[tuple[float, float, list[int]]] = []  # lower end, extent, members
    for i in order:
        pool = (_within(wanted[i] - sizes[i] / 2, sizes[i], low, high), sizes[i], [i])
        while pools and pools[-1][0] + pools[-1][1] > pool[0] + 1e-12:
            _, extent, members = pools.pop()
            joined = [*members, *pool[2]]
            size, ends, below = extent + pool[1], [], 0.0
            for member in joined:
                ends.append(wanted[member] - sizes[member] / 2 - below)
                below += sizes[member]
            pool = (_within(sum(ends) / len(ends), size, low, high), size, joined)
        pools.append(pool)
    centres = [0.0] * len(wanted)
    for start, _, members in pools:
        for member in members:
            centres[member] = start + sizes[member] / 2
            start += sizes[member]
    return centres


def _within(start: float, size: float, low: float, high: float) -> float:
    return max(low, min(start, high - size))
