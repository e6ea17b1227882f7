"""Characters and line ends as files hold them: one form for reading, the digits as printed."""

from __future__ import annotations

import pytest

from helpers.reading.characters import plain, tidy
from helpers.reading.numerals import in_digits
from helpers.reading.reader import read_text
from helpers.reading.sentences import LONGEST, sentences


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("（48.30％～84.50％）", "(48.30%~84.50%)"),
        ("48.30%–84.50%", "48.30%-84.50%"),
        ("48.30%〜84.50%", "48.30%~84.50%"),
        ("43·5—62·4", "43.5-62.4"),
        ("９５％ＣＩ：１．９６", "95%CI:1.96"),
        ("［95％CI］、≧3、≦2", "[95%CI]、≥3、≤2"),
        ("67.90\u2009%\u00a0(n\u202f=\u202f22)", "67.90 % (n = 22)"),
    ],
)
def test_typeset_signs_have_one_form_and_every_digit_stays_in_its_place(printed: str, read: str) -> None:
    assert plain(printed) == read
    assert len(plain(printed)) == len(printed)


def test_lines_are_joined_and_broken_words_mended() -> None:
    assert tidy("a 6-\nmonth event-\nfree sur-\nvival of 48.30%-\n84.50%\n\nnext") == (
        "a 6-month event-free survival of 48.30%-84.50%\n\nnext"
    )
    assert tidy("总生存\n率为 67.90％ （ 95％CI\n48.30％ ）") == "总生存率为67.90％（95％CI 48.30％）"
    assert tidy("con\u00adfi\u200bdence\ufeff") == "confidence"
    assert tidy("# Title\nText\n- one\n- two") == "# Title\n\nText\n\n- one\n\n- two"


def test_characters_in_disguise_as_pdfs_hold_them_are_recognised() -> None:
    disguised = (
        "6 个 ⽉ OS 率 为 67.90 ％ （ 95 ％ CI 48.30 ％ 〜 84.50 ％ ），3例（13.64％）患者发⽣≥3级细胞因⼦释放综合征。"
    )
    found = {s.what: [n.text for n in s.numbers.values()] for s in read_text(disguised).statements}
    assert found == {"OS": ["67.90", "48.30", "84.50"], "crs_grade_3_plus": ["3", "13.64"]}
    tied = "Median OS was 12.9 months (95% conﬁdence interval, 8.7 to 23.4)."
    (one,) = read_text(tied).statements
    assert [number.text for number in one.numbers.values()] == ["12.9", "8.7", "23.4"]


@pytest.mark.parametrize(
    ("words", "digits"),
    [("nine", "9"), ("Thirteen", "13"), ("Forty-three", "43"), ("sixty one", "61"), ("two hundred", "200"),
     ("one hundred and seven", "107"), ("三", "3"), ("十二", "12"), ("二十二", "22"), ("两", "2"), ("一百零五", "105")],
)  # fmt: skip
def test_numerals_in_words(words: str, digits: str) -> None:
    assert in_digits(words) == digits


def split(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text)]


def test_sentences_end_where_they_end() -> None:
    assert split("OS was 0.57 vs. 0.43 (P = .03). EFS was 43%.") == ["OS was 0.57 vs. 0.43 (P = .03).", "EFS was 43%."]
    assert split("See Zhang et al. The 12-mo. OS was 72%.") == ["See Zhang et al. The 12-mo. OS was 72%."]
    assert split("18例获得CR。6个月OS率为67.90%。") == ["18例获得CR。", "6个月OS率为67.90%。"]
    assert split("A title\n\nA text") == ["A title", "A text"]


def test_background_is_told_from_results() -> None:
    text = "BACKGROUND: CR is 45%. It varies.\n\nMETHODS: We treated 20.\n\n目的 观察。\n\n结果 CR率80%。"
    assert [s.background for s in sentences(text)] == [True, True, False, True, False]


def test_a_sentence_without_end_is_cut() -> None:
    pieces = split("word " * 2000)
    assert max(map(len, pieces)) <= LONGEST
    assert "".join(pieces).replace(" ", "") == "word" * 2000
