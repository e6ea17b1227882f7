"""The report: complete without a network or a script, and open to those who do not see its pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from bs4 import BeautifulSoup

from helpers.study import load_study
from helpers.suite.manifest import Manifest, NotebookRecord
from helpers.suite.mathematics import formula
from helpers.suite.pages import finish, render_markdown
from helpers.suite.report import citation, write_report
from tests.suite.stubs import ALT, PNG, cell, notebook

STUDY = load_study("zhuo2024")
WIDE = "<div id='t'><style>#t{}</style><table><caption>Wide one</caption><tr><td>1</td></tr></table></div>"


def output(data: dict[str, str], **metadata: object) -> dict[str, object]:
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def pages(folder: Path, ledger: list[dict[str, object]] | None, study: object = STUDY) -> dict[str, BeautifulSoup]:
    """Write a report of three small executed notebooks and parse its files."""
    for name in ("notebooks", "pages", "figures"):
        (folder / name).mkdir()
    names = ("01_cohort", "03_reconstruction", "04_survival")
    for name in names:
        code = cell("x = 1 < 2")
        code["execution_count"] = 1
        code["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": "<b>plain & text</b>"},
            output({"image/png": PNG, "text/plain": "x"}, **{"image/png": {"alt": f"{ALT} {name}", "width": 600}}),
            output({"text/markdown": f"**Figure.** Caption of {name}, reconstructed."}),
            output({"text/html": WIDE + '<script src="https://x.org/a.js"></script><p onclick="x()">t</p>'}),
        ]
        prose = cell(
            f"# Title of {name}\n\nIts purpose.\n\n## Same\n\nText $S(t)$.\n\n## Same\n\n| a |\n|---|\n| 1 |",
            "markdown",
        )
        (folder / "notebooks" / f"{name}.ipynb").write_text(json.dumps(notebook(prose, code)), encoding="utf-8")
    if ledger is not None:
        (folder / "ledger.json").write_text(json.dumps(ledger), encoding="utf-8")
    record = NotebookRecord("c", "s", {"tables/01_cohort-t.csv": "0", "ledger.csv": "0"}, 1.0, "forced")
    inputs = {"parameters": {"seed": 1, "results_dir": ""}, "packages": {"python": "3.11.7", "numpy": "2.0"}}
    manifest = Manifest("zhuo2024", "2026-03-05T10:00:00+00:00", "0.1.0", inputs, dict.fromkeys(names, record))
    written = write_report(folder, study, manifest)  # type: ignore[arg-type]
    return {path.name: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in written}


LEDGER: list[dict[str, object]] = [
    {"claim": "cr", "field": "count", "printed": "18", "predicted": ["18"], "verdict": "arithmetic", "note": ""},
    {"claim": "os_6mo", "field": "value", "printed": "67.90", "predicted": ["67.90"],
     "verdict": "re-derived", "note": ""},
    {"claim": "os_6mo", "field": "ci_high", "printed": "84.50", "predicted": ["87.50"],
     "verdict": "impossible", "note": "n<1"},
    {"claim": "os_median", "field": "value", "printed": "287", "predicted": {"min": "120", "max": "303"},
     "verdict": "consistent", "note": ""},
]  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, BeautifulSoup]:
    return pages(tmp_path_factory.mktemp("report"), LEDGER)


def test_nothing_is_loaded_and_nothing_runs(report: Mapping[str, BeautifulSoup]) -> None:
    for name, soup in report.items():
        assert not soup.find_all(["script", "link", "iframe", "object"]), name
        assert all(str(tag["src"]).startswith("data:") for tag in soup.find_all(src=True)), name
        assert not [tag for tag in soup.find_all(True) if any(a.startswith("on") for a in tag.attrs)], name
        assert "url(" not in "".join(s.get_text() for s in soup.find_all("style")), name
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy


def test_every_image_keeps_its_alt_text(report: Mapping[str, BeautifulSoup]) -> None:
    for name in ("01_cohort", "03_reconstruction", "04_survival"):
        images = report[f"{name}.html"].find_all("img")
        assert [image["alt"] for image in images] == [f"{ALT} {name}"]
    assert len(report["index.html"].find_all("img", alt=True)) == len(report["index.html"].find_all("img")) == 2


def test_the_document_is_sound(report: Mapping[str, BeautifulSoup]) -> None:
    for name, soup in report.items():
        assert soup.html["lang"] == "en", name
        assert len(soup.find_all("h1")) == 1, name
        assert len(soup.find_all("main")) == 1, name
        assert soup.find("meta", attrs={"name": "viewport"}), name
        ids = [tag["id"] for tag in soup.find_all(id=True)]
        assert len(ids) == len(set(ids)), name
        for link in soup.find_all("a", href=lambda h: h and h.startswith("#")):
            assert soup.find(id=link["href"][1:]), (name, link["href"])


def test_pages_lead_to_their_neighbours_and_list_their_sections(report: Mapping[str, BeautifulSoup]) -> None:
    middle = report["03_reconstruction.html"]
    assert middle.find("a", rel="prev")["href"] == "01_cohort.html"
    assert middle.find("a", rel="next")["href"] == "04_survival.html"
    assert report["01_cohort.html"].find("a", rel="prev") is None
    assert report["04_survival.html"].find("a", rel="next") is None
    assert [a["href"] for a in middle.select("#contents a")] == ["#same", "#same-2"]


def test_code_is_folded_and_text_output_is_text(report: Mapping[str, BeautifulSoup]) -> None:
    page = report["01_cohort.html"]
    details = page.select_one("details.code")
    assert not details.has_attr("open")
    assert "x = 1 < 2" in details.get_text()
    assert page.select_one("pre.stream").get_text() == "<b>plain & text</b>"


def test_each_table_scrolls_in_a_box_of_its_own(report: Mapping[str, BeautifulSoup]) -> None:
    tables = [table for soup in report.values() for table in soup.find_all("table")]
    assert len(tables) == 7
    assert all(table.find_parent(class_="scroll") for table in tables)
    assert report["01_cohort.html"].find("div", attrs={"aria-label": "Wide one"})["tabindex"] == "0"


def test_the_index_counts_verdicts_and_shows_the_repair(report: Mapping[str, BeautifulSoup]) -> None:
    index = report["index.html"]
    tally = {div.dt.get_text(): div.select_one(".figure").get_text() for div in index.select(".tally > div")}
    assert tally == {"re-derived": "1", "consistent": "1", "arithmetic": "1", "impossible": "1"}
    assert "prints 4 numbers" in index.select_one(".lead").get_text()
    assert index.select_one(".finding del").get_text() == "84.50"
    assert index.select_one(".finding ins").get_text() == "87.50"
    assert [badge.get_text() for badge in index.select(".badge")] == [row["verdict"] for row in LEDGER]
    cells = index.select(".ledger tbody")[2].select("td")
    assert [c.get_text() for c in cells[:3]] == ["estimate", "287", "120 to 303"]


def test_the_index_shows_the_figures_with_captions_and_links(report: Mapping[str, BeautifulSoup]) -> None:
    index = report["index.html"]
    assert [c.get_text(strip=True)[:8] for c in index.select("figcaption")] == ["Figure.C", "Figure.C"]
    hrefs = {a["href"] for a in index.find_all("a", href=True)}
    assert {"pages/01_cohort.html", "pages/04_survival.html", "ledger.csv", "manifest.json"} <= hrefs
    assert "https://doi.org/10.3760/cma.j.cn121090-20230815-00068" in hrefs
    text = index.get_text()
    assert "Reconstructed is not observed" in text
    assert "no clinical conclusions" in text
    assert "Made on 5 March 2026" in text


def test_words_of_a_study_are_text_never_markup(tmp_path: Path) -> None:
    evil = replace(
        STUDY,
        title="<script>alert(1)</script>",
        population='"><img src=x onerror=alert(1)>',
        citation=MappingProxyType({"authors": "A", "doi": "javascript:alert(1)"}),
    )
    made = pages(tmp_path, None, evil)
    assert made["index.html"].h1.get_text() == "<script>alert(1)</script>"
    for soup in made.values():
        assert "alert" not in "".join(str(tag) for tag in soup.find_all(["script", "img"]))
        assert not soup.find("a", href=lambda h: h and h.startswith("javascript"))


def test_without_a_ledger_the_index_still_stands(tmp_path: Path) -> None:
    index = pages(tmp_path, None)["index.html"]
    assert not index.select(".tally, .ledger")
    assert index.select(".reading li")


def test_a_citation_becomes_a_sentence() -> None:
    sentence, links = citation(STUDY)
    assert sentence == "Zhuo YQ, Tu SF, Zhou X et al. Chinese Journal of Hematology. 2024"
    assert [text for text, _ in links] == ["doi:10.3760/cma.j.cn121090-20230815-00068", "PMC10951125"]


@pytest.mark.parametrize(
    "latex",
    [
        r"\hat S(t) = \prod_{t_j \le t} \left(1 - \frac{d_j}{n_j}\right)",
        r"S^{\exp(\pm z\sqrt{G}/\ln S)}",
        r"\tfrac12 \ge 0.1\%",
        r"\bigl(x\bigr)",
    ],
)
def test_formulas_are_drawn_and_keep_their_source_as_label(latex: str) -> None:
    soup = BeautifulSoup(formula(latex), "html.parser")
    assert soup.svg["aria-label"] == latex
    assert len(soup.path["d"]) > 100
    assert "nan" not in str(soup)


def test_a_formula_that_cannot_be_drawn_is_shown_as_source() -> None:
    assert "<code>\\begin{cases}a &lt; b</code>" in formula(r"\begin{cases}a < b")


def test_markdown_knows_formulas_and_money() -> None:
    html = render_markdown("Costs \\$5. $x$\n\n$$a \\\\ b$$")
    assert html.count("<svg") == 3
    assert "Costs $5." in html


def test_finish_drops_what_could_load() -> None:
    html = finish('<main><link href="x"><iframe src="x"></iframe><p onmouseover="x">ok</p></main>')
    assert html == "<main><p>ok</p></main>"
