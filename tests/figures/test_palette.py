"""One palette: every colour has its name in one file, one meaning, and neighbours that stay apart in every figure."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers.figures import style
from helpers.paths import NOTEBOOKS, PROJECT
from helpers.suite.notebook import Picture, pictures, read_notebook
from helpers.suite.sequence import sequence
from tests.figures.test_style import DEFICIENCIES, lab

DRAWING = ("explore", "figures", "narrative", "simulation", "tables")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?=['\"])")
SEEN = 0.0004  # share of a figure's pixels from which on a colour is more than the edge of a letter
WIDE = 0.01  # share from which on it is an area
SMALLEST = 7.0  # points, at the width at which a figure is printed


def palette() -> dict[str, str]:
    """Every colour of the palette, and the name that it is first given."""
    found: dict[str, str] = {}
    for name, value in vars(style).items():
        several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
        for colour in several:
            if isinstance(colour, str) and COLOUR.fullmatch(colour):
                found.setdefault(colour.lower(), name)
    return found


def drawn() -> Iterator[Picture]:
    for path in (*sequence(), NOTEBOOKS / "explore.ipynb"):
        yield from pictures(read_notebook(path), path.stem)


@cache
def shares(picture: Picture) -> dict[str, float]:
    """The colours of a picture that cover more than the edge of a letter, with the share of its pixels."""
    image = Image.open(io.BytesIO(base64.b64decode(picture.data))).convert("RGB")
    pixels = np.asarray(image).reshape(-1, 3).astype(np.int64) @ (65536, 256, 1)
    colours, counts = np.unique(pixels, return_counts=True)
    kept = zip(colours.tolist(), (counts / len(pixels)).tolist(), strict=True)
    return {f"#{colour:06x}": share for colour, share in kept if share > SEEN}


def chroma(colour: str) -> float:
    return float(np.hypot(*lab(colour)[1:]))


def apart(first: str, second: str) -> float:
    """The distance of two colours for whoever sees it smallest."""
    every = (None, *DEFICIENCIES.values())
    return min(float(np.linalg.norm(lab(first, m) - lab(second, m))) for m in every)


ALL = list(drawn())
each = pytest.mark.parametrize("picture", ALL, ids=[f"{p.notebook}-{k}" for k, p in enumerate(ALL)])


def test_colours_are_named_in_one_file_only() -> None:
    loose = [
        f"{path.relative_to(PROJECT)}: {found[0]}"
        for folder in DRAWING
        for path in sorted((PROJECT / "helpers" / folder).rglob("*.py"))
        if path != Path(style.__file__)
        for found in COLOUR.finditer(path.read_text(encoding="utf-8"))
    ]
    assert loose == []


def test_the_colour_of_the_censored_marks_nothing_else() -> None:
    users = {
        path.stem
        for path in (PROJECT / "helpers" / "figures").glob("*.py")
        if re.search(r"\bCENSORED\b", path.read_text(encoding="utf-8")) and path.stem != "style"
    }
    # `rates` draws the simulations of the appendix, where nobody is censored and no endpoint is named.
    assert users <= {"ladder", "survival", "swimmer", "rates"}
    assert [c for c, name in palette().items() if name == "CENSORED"] == [style.CENSORED]


def test_an_endpoint_an_event_and_a_verdict_have_colours_of_their_own() -> None:
    meanings = (style.OS, style.EFS, style.CENSORED, style.IMPOSSIBLE, style.DERIVED, style.PRINTED)
    assert len(set(meanings)) == len(meanings)
    assert not set(meanings) & {*style.GROUPS, *style.SEVERITY.values()}


@each
def test_areas_are_painted_from_the_palette(picture: Picture) -> None:
    """Or from a tint of it: a colour of the palette laid thinly on white."""
    known = palette()
    for colour, share in shares(picture).items():
        if share > WIDE and chroma(colour) > 4 and colour not in known:
            rgb = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
            tints = [
                np.abs(1 - a * (1 - np.array([int(c[k : k + 2], 16) for k in (1, 3, 5)]) / 255) - rgb).max()
                for c in known
                for a in np.linspace(0.05, 1, 96)
            ]
            assert min(tints) < 0.012, (colour, share)


@each
def test_colours_that_meet_in_a_figure_stay_apart_for_everybody(picture: Picture) -> None:
    known = palette()
    seen = [c for c in shares(picture) if c in known and chroma(c) > 6]
    for first, second in combinations(seen, 2):
        assert apart(first, second) >= 15, (known[first], known[second])


@each
def test_a_figure_fits_a_page(picture: Picture) -> None:
    image = Image.open(io.BytesIO(base64.b64decode(picture.data)))
    # The widest is a ladder of two histories; printed on a page, its smallest letters are 5.5 points high.
    assert image.width <= 1.36 * style.PAGE * 144


def test_letters_are_never_small() -> None:
    """Sizes are written in points, and figures are as wide as they are printed."""
    sizes = [
        (path.name, float(size))
        for path in sorted((PROJECT / "helpers" / "figures").glob("*.py"))
        for size in re.findall(r"font_?size[=:]\s*([\d.]+)", path.read_text(encoding="utf-8"))
    ]
    assert len(sizes) > 20
    assert [entry for entry in sizes if entry[1] < SMALLEST] == []


def test_the_search_for_loose_colours_finds_them() -> None:
    assert (
        COLOUR.search('x = "#1f5a85"')
        and COLOUR.search("y = '#fff'")
        and not COLOUR.search("# 123 of them, issue #443")
    )
