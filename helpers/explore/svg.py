"""A drawing as SVG text, made in a millisecond: what the bench redraws at every keystroke.

Figures that are saved or printed are made by `helpers.figures`; these are their quick relatives, with the same
palette, on a white sheet and with alternative text.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape

from helpers.figures.style import INK, SHEET

_FONT = "DejaVu Sans, Verdana, Segoe UI, sans-serif"


@dataclass
class Drawing:
    """Shapes on a sheet of `width` × `height` CSS pixels, in the order in which they are put there."""

    width: float
    height: float
    shapes: list[str] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, dash: str = "") -> None:
        """A straight line."""
        self.path([(x1, y1), (x2, y2)], colour, width, dash)

    def path(self, points: list[tuple[float, float]], colour: str, width: float = 1, dash: str = "") -> None:
        """A line through points."""
        d = " ".join(f"{'L' if k else 'M'}{x:.1f} {y:.1f}" for k, (x, y) in enumerate(points))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.shapes.append(f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashed}/>')

    def area(self, points: list[tuple[float, float]], colour: str) -> None:
        """A filled polygon."""
        d = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.shapes.append(f'<polygon points="{d}" fill="{colour}" stroke="{colour}" stroke-width="1.5"/>')

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self.shapes.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>')

    def ring(self, x: float, y: float, radius: float, colour: str) -> None:
        """An open circle."""
        self.shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{SHEET}" stroke="{colour}" stroke-width="2.2"/>'
        )

    def diamond(self, x: float, y: float, size: float, colour: str) -> None:
        """An open diamond."""
        corners = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
        self.shapes.append(f'<polygon points="{points}" fill="{SHEET}" stroke="{colour}" stroke-width="1.6"/>')

    def text(
        self, x: float, y: float, text: str, size: float = 12, colour: str = INK, align: str = "start",
        weight: str = "normal",
    ) -> None:  # fmt: skip
        """A line of text; `align` is start, middle or end."""
        self.shapes.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" text-anchor="{align}" '
            f'font-weight="{weight}" dominant-baseline="central">{escape(text)}</text>'
        )

    def svg(self, title: str) -> str:
        """The whole as SVG; the title says what it shows."""
        w, h = f"{self.width:.0f}", f"{self.height:.0f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" '
            f'font-family="{_FONT}"><title>{escape(title)}</title>'
            f'<rect width="{w}" height="{h}" fill="{SHEET}"/>{"".join(self.shapes)}</svg>'
        )

    def image(self, alt: str) -> str:
        """The whole as an HTML image with alternative text."""
        data = base64.b64encode(self.svg(alt).encode()).decode()
        return (
            f'<img class="unrounded-picture" alt="{escape(alt, quote=True)}" width="{self.width:.0f}" '
            f'style="max-width:100%;height:auto" src="data:image/svg+xml;base64,{data}">'
        )
