"""Formulas as drawings: the report loads nothing from a network, so no typesetter runs in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape

_SIZE = 100
_PAD = 2.0
_SPELLING = {
    r"\dfrac": r"\frac",
    r"\tfrac": r"\frac",
    r"\le": r"\leq",
    r"\ge": r"\geq",
    r"\ne": r"\neq",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\ ": r"\;",
    **{rf"\{size}{side}": "" for size in ("big", "Big", "bigg", "Bigg") for side in ("l", "r", "")},
}
_FRACTION = re.compile(r"\\frac\s*(\d)\s*(\d)")
_ACCENT = re.compile(r"\\(hat|bar|tilde|dot|vec)\s+(\\?[A-Za-z])(?![A-Za-z])")
_COMMANDS = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}


@lru_cache(maxsize=512)
def formula(latex: str, display: bool = False) -> str:
    """A LaTeX formula as inline SVG in the colour of the text, its source kept as the spoken label.

    What matplotlib's mathtext does not know is shown as source, never dropped.
    """
    lines = [line.replace("&", "").strip() for line in latex.split(r"\\")] if display else [latex.strip()]
    try:
        drawn = "<br>".join(_svg(" ".join(line.split())) for line in lines if line)
    except ValueError:
        drawn = f"<code>{escape(latex.strip())}</code>"
    return f'<span class="formula display">{drawn}</span>' if display else f'<span class="formula">{drawn}</span>'


def _constant(text: str) -> Callable[[re.Match[str]], str]:
    return lambda match: text


def _svg(latex: str) -> str:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    spelled = _ACCENT.sub(r"\\\1{\2}", latex)
    for command, known in _SPELLING.items():
        spelled = re.sub(re.escape(command) + r"(?![A-Za-z])", _constant(known), spelled)
    spelled = _FRACTION.sub(r"\\frac{\1}{\2}", spelled)
    font = FontProperties(math_fontfamily="stix")
    path = TextPath((0, 0), f"${spelled}$", size=_SIZE, prop=font)
    if not len(path.vertices):
        raise ValueError("nothing to draw")
    box = path.get_extents()
    left, right = box.x0 - _PAD, box.x1 + _PAD
    bottom, top = box.y0 - _PAD, box.y1 + _PAD
    pieces = []
    for points, code in path.iter_segments(curves=True, simplify=False):
        pairs = zip(points[::2], points[1::2], strict=True)
        coordinates = "" if code == 79 else " ".join(f"{x - left:.1f} {top - y:.1f}" for x, y in pairs)
        pieces.append(_COMMANDS[int(code)] + coordinates)
    width, height = right - left, top - bottom
    return (
        f'<svg role="img" aria-label="{escape(latex)}" viewBox="0 0 {width:.1f} {height:.1f}" '
        f'style="width:{width / _SIZE:.3f}em;height:{height / _SIZE:.3f}em;'
        f'vertical-align:{bottom / _SIZE:.3f}em">'
        f'<path fill="currentColor" d="{"".join(pieces)}"/></svg>'
    )
