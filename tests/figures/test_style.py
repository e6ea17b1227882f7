"""The palette stays apart in grey print and with colour-vision deficiency; the style leaves nothing behind."""

from __future__ import annotations

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from helpers.figures import style

# Machado, Oliveira & Fernandes, IEEE TVCG 2009, severity 1.
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TOGETHER = {
    "endpoints": (style.OS, style.EFS),
    "marks": (style.EVENT, style.CENSORED),
    "groups": style.GROUPS,
    "causes": (style.RELAPSE, style.NON_RELAPSE),
    "methods": style.METHODS[:3],
    "flow": style.FLOW,
    "printed and impossible": (style.PRINTED, style.IMPOSSIBLE),
    "curve and its censorings": (style.OS, style.CENSORED),
    "lanes": (style.RELAPSE, style.RESPONSE, style.DEATH),
    "responses": style.RESPONSES,
    "verdicts": (style.DERIVED, style.IMPOSSIBLE, style.CONSISTENT, style.ARITHMETIC, style.NOT_DERIVABLE),
}
PAIRS = [pair for group in TOGETHER.values() for pair in combinations(group, 2)]


def lab(colour: str, matrix: list[list[float]] | None = None) -> np.ndarray:
    """CIE L*a*b* (D65) of a colour, optionally as seen with a deficiency."""
    linear = np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)])
    if matrix is not None:
        linear = np.clip(np.array(matrix) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    f = np.cbrt(np.maximum(xyz / np.array([0.9505, 1.0, 1.089]), 1e-6))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("pair", PAIRS)
def test_neighbours_differ_in_grey_print(pair: tuple[str, str]) -> None:
    assert abs(style.lightness(pair[0]) - style.lightness(pair[1])) >= 10


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("pair", PAIRS)
def test_neighbours_differ_with_a_deficiency(pair: tuple[str, str], deficiency: str) -> None:
    first, second = (lab(colour, DEFICIENCIES[deficiency]) for colour in pair)
    assert np.linalg.norm(first - second) >= 15


@pytest.mark.parametrize(
    "colour", [*style.GROUPS, style.RELAPSE, style.NON_RELAPSE, style.RESPONSE, style.OS, style.EFS]
)
def test_colours_of_lines_have_contrast_3_on_white(colour: str) -> None:
    luminance = ((style.lightness(colour) + 16) / 116) ** 3
    assert 1.05 / (luminance + 0.05) >= 3


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, style.OS, style.EVENT, style.IMPOSSIBLE, style.DERIVED])
def test_colours_of_text_have_contrast_4_5_on_white(colour: str) -> None:
    luminance = ((style.lightness(colour) + 16) / 116) ** 3
    assert 1.05 / (luminance + 0.05) >= 4.5


def test_style_is_only_there_inside() -> None:
    before = dict(mpl.rcParams)
    with style.use_style():
        assert mpl.rcParams["axes.spines.top"] is False
        assert mpl.rcParams["svg.hashsalt"] == "unrounded"
        assert mpl.rcParams["font.family"] == ["DejaVu Sans"]
        assert min(mpl.rcParams[k] for k in ("font.size", "axes.labelsize", "xtick.labelsize", "legend.fontsize")) >= 8
    assert dict(mpl.rcParams) == before


def test_a_dollar_in_a_label_is_a_dollar() -> None:
    with style.use_style():
        figure, axes = style.canvas(3.5, 2)
        axes.set_title("$x^2$ and 5 $")
        figure.canvas.draw()
        assert axes.title.get_parse_math() is False
