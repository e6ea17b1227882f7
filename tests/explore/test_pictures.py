"""Pictures and panels of the bench: well-formed, in words too, escaped, and true to the answer."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from helpers.errors import InputError, Problem
from helpers.explore import panels
from helpers.explore.answer import first_answer, full_answer, with_ledger
from helpers.explore.drawn import Drawn
from helpers.explore.model import Answer
from helpers.explore.pictures import curve_drawing, curve_picture, ladder_drawing, ladder_picture
from helpers.explore.state import State
from helpers.figures.style import CENSORED, EVENT, IMPOSSIBLE
from helpers.ledger.row import Verdict

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("x")</script>&"'


@pytest.fixture(scope="module")
def answer() -> Answer:
    return with_ledger(full_answer(State()))


def shapes(image: str) -> ET.Element:
    source = BeautifulSoup(image, "html.parser").img["src"]
    return ET.fromstring(base64.b64decode(str(source).split(",")[1]).decode())


def test_the_ladder_has_a_rung_for_each_step(answer: Answer) -> None:
    for position, course in enumerate(answer.courses):
        root = shapes(ladder_picture(answer, position))
        boxes = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == EVENT]
        rings = [c for c in root.iter(f"{SVG}circle") if c.get("stroke") == CENSORED]
        assert (len(boxes), len(rings)) == (course.history.count("E"), course.history.count("C"))
        words = [t.text for t in root.iter(f"{SVG}text")]
        assert "0.679" in words and "0.411" in words
        assert any("84.50 cannot be printed" in (w or "") for w in words)


def test_nothing_is_drawn_outside_the_sheet(answer: Answer) -> None:
    drawn = Drawn(State(), "OS", 1, tuple(range(10, 230, 10)), (1,) * 12 + (0,) * 10)
    for sheet in (ladder_drawing(answer, 0), curve_drawing(answer, drawn, best=True, worst=True)):
        root = ET.fromstring(sheet.svg("x"))
        for path in root.iter(f"{SVG}path"):
            for x, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path.get("d", "")):
                assert -1 <= float(x) <= sheet.width + 1 and -1 <= float(y) <= sheet.height + 1
        for text in root.iter(f"{SVG}text"):
            size, words = float(text.get("font-size")), text.text or ""
            wide = 0.62 * size * len(words) * (1.08 if text.get("font-weight") == "bold" else 1)
            x = float(text.get("x"))
            left = {"start": x, "end": x - wide, "middle": x - wide / 2}[text.get("text-anchor")]
            assert left >= -3 and left + wide <= sheet.width + 12, words
            assert size >= 11


def test_the_picture_changes_with_the_numbers_and_the_words_with_it(answer: Answer) -> None:
    other = first_answer(State().edited("os_6mo", "ci_high", "87.50"))
    assert curve_picture(answer) != curve_picture(other)
    assert IMPOSSIBLE in curve_drawing(answer).svg("") and IMPOSSIBLE not in curve_drawing(other).svg("")
    for image in (curve_picture(answer), ladder_picture(answer, 0)):
        alt = str(BeautifulSoup(image, "html.parser").img["alt"])
        assert "Overall survival" in alt and len(alt.split()) > 8
    assert "EEEEEECEEECECEE" in ladder_picture(answer, 0) and "EEEEEECECEEEECE" in ladder_picture(answer, 1)


def test_a_drawn_curve_says_that_it_is_not_observed(answer: Answer) -> None:
    drawn = Drawn(State(), "OS", 7, (5, 9, 12), (1, 0, 1))
    image = curve_picture(answer, drawn, best=True)
    words = " ".join(t.text or "" for t in shapes(image).iter(f"{SVG}text"))
    assert "not observed" in words and "best case" in words and "worst case" not in words
    assert "not observed" in str(BeautifulSoup(image, "html.parser").img["alt"])


def test_words_from_a_study_folder_never_become_markup(answer: Answer) -> None:
    bad = replace(
        answer, endpoint_name=HOSTILE, origin=HOSTILE, sentences=(f"**{HOSTILE}**",),
        courses=tuple(replace(c, passed=tuple(replace(m, label=HOSTILE) for m in c.passed)) for c in answer.courses),
    )  # fmt: skip
    labels = dict.fromkeys((row.claim for row in answer.ledger or ()), HOSTILE)
    for html in (
        ladder_picture(bad, 0), curve_picture(bad), panels.verdict_panel(bad), panels.ledger_panel(bad, labels),
        panels.problem_panel(InputError(Problem(HOSTILE, HOSTILE, found=HOSTILE, column=HOSTILE))),
    ):  # fmt: skip
        soup = BeautifulSoup(html, "html.parser")
        assert not soup.find("script")
        for tag in soup.find_all(True):
            assert not [a for a in tag.attrs if a.startswith("on")]
    assert ET.fromstring(ladder_drawing(bad, 0).svg(HOSTILE)) is not None


def test_the_ledger_names_what_differs_from_the_paper_as_printed(answer: Answer) -> None:
    other = with_ledger(full_answer(State().edited("os_6mo", "ci_high", "87.50")))
    soup = BeautifulSoup(panels.ledger_panel(other, {}, answer.ledger), "html.parser")
    changed = [row for row in soup.tbody.find_all("tr") if row.find_all("td")[-1].get_text()]
    expected = [
        row for row, was in zip(other.ledger or (), answer.ledger or (), strict=True)
        if (row.printed, row.predicted, row.verdict) != (was.printed, was.predicted, was.verdict)
    ]  # fmt: skip
    assert len(changed) == len(expected) >= 1
    assert "printed 84.50" in soup.get_text() and str(Verdict.IMPOSSIBLE) in changed[0].find_all("td")[-1].get_text()
    assert len(soup.tbody.find_all("tr")) == len(other.ledger or ())


def test_an_unfinished_ledger_says_so(answer: Answer) -> None:
    html = panels.ledger_panel(replace(answer, ledger=None), {})
    assert "worked out" in html and "<table" not in html
