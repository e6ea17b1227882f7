"""The glossary: the page as the data file makes it, terms that refer to each other, and links that arrive."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.paths import NOTEBOOKS
from helpers.suite.notebook import read_notebook
from helpers.suite.sequence import every_notebook
from helpers.teaching.glossary import PAGE, Term, glossary, is_current, link, page_text, read_terms

LINK = re.compile(r"\]\(([^)#\s]+\.(?:md|ipynb))(?:#([\w-]+))?\)")
PAGES = [NOTEBOOKS / "index.ipynb", *(NOTEBOOKS / "lessons").rglob("*.ipynb")]


def test_the_stored_page_is_as_the_data_file_makes_it() -> None:
    assert is_current()


def test_the_terms_of_the_paper_are_there_in_chinese() -> None:
    chinese = {
        "OS": "总生存", "EFS": "无事件生存", "CRS": "细胞因子释放综合征", "GVHD": "移植物抗宿主病",
        "MRD": "微小残留病", "CR": "完全缓解", "ICANS": "免疫效应细胞相关神经毒性综合征",
    }  # fmt: skip
    assert {short: glossary()[short].chinese for short in chinese} == chinese


def test_every_anchor_of_the_page_has_its_heading() -> None:
    text = page_text()
    anchors = {heading.replace(" ", "-") for heading in re.findall(r"^### (.+)$", text, re.MULTILINE)}
    assert {term.anchor for term in read_terms()} == anchors
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) == anchors


@pytest.mark.parametrize("path", PAGES, ids=[p.relative_to(NOTEBOOKS).as_posix() for p in PAGES])
def test_the_links_of_the_lessons_arrive(path: Path) -> None:
    anchors = {term.anchor for term in read_terms()}
    text = "\n".join(cell["source"] for cell in read_notebook(path)["cells"] if cell["cell_type"] == "markdown")
    found = LINK.findall(text)
    assert found
    for target, anchor in found:
        assert (path.parent / target).resolve().is_file(), target
        if anchor:
            assert (path.parent / target).resolve() == PAGE
            assert anchor in anchors, anchor


def test_a_link_is_made_from_a_name_or_its_abbreviation() -> None:
    assert link("median survival", "median") == "[median](../glossary.md#median-survival)"
    assert link("EFS", page="lessons/glossary.md") == "[EFS](lessons/glossary.md#event-free-survival)"
    with pytest.raises(InputError, match="did you mean censoring"):
        link("censorin")


@pytest.mark.parametrize(
    ("text", "match"),
    [("- {term: a, kind: suite}", "lacks its meaning"), ("- {term: A B, kind: suite, meaning: x}", "plain lower-case"),
     ("- {term: a, kind: odd, meaning: x}", "kind of a"),
     ("- {term: a, kind: suite, meaning: x, extra: 1}", "unknown key"),
     ("- {term: a, kind: suite, meaning: 'see [[b]]'}", "refers to no term"), ("- just text", "mapping"),
     ("- {term: a, kind: suite, meaning: x}\n- {term: a, kind: suite, meaning: y}", "twice")],
)  # fmt: skip
def test_mistakes_in_the_data_file_are_named(tmp_path: Path, text: str, match: str) -> None:
    path = tmp_path / "terms.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=match):
        read_terms(path)


def test_an_entry_shows_all_its_names() -> None:
    term = Term("overall survival", "statistical", "See [[b]].", "OS", "总生存", ("alive",), 1)
    page = page_text((term, Term("b", "suite", "x")))
    assert page.count("**OS** · 总生存 · also *alive*\n\nSee [b](#b).\n\nLesson 1.") == 1


def test_lessons_are_notebooks_of_the_baseline() -> None:
    assert set(PAGES) <= set(every_notebook())
