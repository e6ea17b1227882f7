"""Files of every kind that can be read, and two lines for every kind that cannot."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.reading.reader import read_text
from helpers.reading.source import MAX_BYTES, MAX_CHARACTERS, abstract_of, read_source
from tests.reading.making import pdf

ENGLISH = "Of 22 patients, 18 (81.82%) achieved CR. OS at 6 months was 67.90% (95% CI, 48.30%-84.50%)."
CHINESE = "共22例患者，18例（81.82％）获得CR。6个月OS率为67.90％（95％CI 48.30％～84.50％）。"
PAGE = f"""<!DOCTYPE html><html><head><title>A journal</title><script>var n = 99;</script></head><body>
<nav>Volume 12 Issue 34</nav><h1>Donor cells after a relapse</h1>
<div class="related">Other paper: 50% of 70 patients achieved CR.</div>
<section class="article-Abstract" id="abs1"><h2>Abstract</h2><p><b>Results:</b> {ENGLISH}</p>
<p>The dose was 1&nbsp;&times;&nbsp;10<sup>6</sup>/kg; the median age was 34&nbsp;years (range, 18&ndash;70).
<sup>1,2</sup></p>
<p>Median OS was 287&thinsp;(95% CI, 132&#8211;441) days, in agreement with what was found in smaller studies.</p>
</section><footer>Copyright 2024, 100 visitors</footer></body></html>"""


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def numbers(path: Path) -> dict[str, list[str]]:
    statements = read_text(read_source(path).text).statements
    return {s.what: [number.text for number in s.numbers.values()] for s in statements}


EXPECTED = {"patients": ["22"], "cr": ["18", "81.82"], "OS": ["67.90", "48.30", "84.50"]}


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["English", "Chinese"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_in_the_usual_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    assert numbers(write(tmp_path / "a.txt", text.encode(encoding))) == EXPECTED


def test_typeset_signs_of_old_windows_files(tmp_path: Path) -> None:
    text = ENGLISH.replace("%-", "%–").replace("OS at", "“OS” at")
    assert numbers(write(tmp_path / "a.txt", text.encode("cp1252"))) == EXPECTED


def test_of_a_page_only_the_abstract_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "page.html", PAGE)
    source = read_source(path)
    assert source.title == "Donor cells after a relapse"
    for elsewhere in ("Volume 12", "70 patients", "100 visitors", "var n"):
        assert elsewhere not in source.text
    draft = read_text(source.text)
    found = {(s.statistic, s.what): [number.text for number in s.numbers.values()] for s in draft.statements}
    assert found[("median", "OS")] == ["287", "132", "441"]
    assert found[("proportion", "cr")] == ["18", "81.82"]
    assert not any(left.written == "1,2" for left in draft.leftovers)
    assert any(left.reason == "a dose or a measured amount" for left in draft.leftovers)


def test_a_page_without_abstract_is_read_whole(tmp_path: Path) -> None:
    page = f"<html><body><main><p>{ENGLISH}</p></main></body></html>"
    assert numbers(write(tmp_path / "a.htm", page)) == EXPECTED


@pytest.mark.parametrize(
    "broken", ["<html><body><p>" + ENGLISH, "<html><<<>>" + ENGLISH + "</p></div></html>", f"<div>{ENGLISH}<br"]
)
def test_broken_pages_are_read_as_far_as_they_go(tmp_path: Path, broken: str) -> None:
    assert numbers(write(tmp_path / "a.html", broken))["cr"] == ["18", "81.82"]


def test_the_abstract_of_a_longer_document(tmp_path: Path) -> None:
    rest = "Keywords: CAR-T\n\n1. Introduction\n\nCR in 50% of 70 patients.\n"
    text = f"A title\n\nAuthors of 2024\n\nAbstract\n\n{ENGLISH}\n\n{rest}"
    source = read_source(write(tmp_path / "paper.txt", text))
    assert source.text.strip() == ENGLISH
    assert source.title == "A title"
    assert "the rest of the document was not read" in source.part
    assert abstract_of(ENGLISH) is None
    assert (
        abstract_of(f"题目\n【摘要】目的 观察疗效。{CHINESE}\n【关键词】CAR-T\n正文 70例")
        == f"目的 观察疗效。{CHINESE}\n"
    )


def test_a_pdf_with_a_text_layer(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    lines = ["Of 22 patients, 18 (81.82%) achieved CR. OS at 6", "months was 67.90% (95% CI, 48.30%-", "84.50%)."]
    assert numbers(write(tmp_path / "a.pdf", pdf(lines))) == EXPECTED


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        read_source(path)
    problem, remedy = str(caught.value).splitlines()
    assert remedy.startswith("  remedy: ")
    return problem, remedy


def test_a_pdf_of_pictures_has_no_text_layer(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    problem, remedy = refused(write(tmp_path / "scan.pdf", pdf([])))
    assert "no text layer" in problem and "text recognition" in remedy


def test_a_damaged_pdf_is_two_lines(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    whole = pdf([ENGLISH])
    for content in (b"%PDF-1.7\n", whole[: len(whole) // 2], whole.replace(b"/Pages 2 0 R", b"/Pages 9 0 R")):
        assert "PDF" in refused(write(tmp_path / "a.pdf", content))[0]


def test_a_protected_pdf_is_two_lines(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    with (tmp_path / "a.pdf").open("wb") as stream:
        writer.write(stream)
    assert "password" in refused(tmp_path / "a.pdf")[0]


def test_without_the_pdf_library_the_remedy_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    problem, remedy = refused(write(tmp_path / "a.pdf", pdf([ENGLISH])))
    assert "pypdf" in problem and "pip install pypdf" in remedy


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n\t ", "empty"),
        (b"short", "hardly any text"),
        (b"PK\x03\x04" + bytes(range(256)), "Word or zip"),
        (b"\xd0\xcf\x11\xe0" + bytes(range(256)), "old Word"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture"),
        (b"{\\rtf1 text}", "rich text"),
        (bytes(range(256)) * 8, "not text"),
    ],
)
def test_what_is_no_text_is_told_by_its_kind(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in refused(write(tmp_path / "a.txt", content))[0]


def test_missing_files_folders_and_huge_files(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.txt")[0]
    assert "folder" in refused(tmp_path)[0]
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    assert "too large" in refused(huge)[0]


def test_a_long_text_is_cut_and_says_so(tmp_path: Path) -> None:
    source = read_source(write(tmp_path / "long.txt", ENGLISH + " " + "x " * MAX_CHARACTERS))
    assert len(source.text) == MAX_CHARACTERS
    assert f"{MAX_CHARACTERS:,}" in source.part
