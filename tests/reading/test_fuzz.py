"""Whatever the text: no traceback, no number lost or invented, a folder that loads or says why, and time in line."""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.reading.characters import plain, tidy
from helpers.reading.draft import Draft
from helpers.reading.folder import write_folder
from helpers.reading.reader import read_text
from helpers.reading.sentences import sentences
from helpers.reading.source import read_source
from helpers.reading.tokens import tokens
from helpers.study import load_study
from tests.reading.measure import FIXTURES

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = "OS EFS 1年 6-month median 中位 随访 follow-up CR MRD阴性 ≥3级 CRS ICANS 未发生 no all 均 respectively and"
WORDS += (
    " 和 、 NR 未达到 22 18 81.82 67.90 0.57 007 1,037 % ％ ( ) （ ） [ ] - ～ to , ; 。 例 patients 患者 vs 比 分别"
)
WORDS += " months d 年 range IQR HR P=0.03 ± n= of in the 获得 died 两 Forty-three ９ ٣ ½ I Ⅳ =cmd|x | # { ×10^6/kg"
PHRASES = ["at 12 months", "95% CI", "95％CI", "grade 3-4", "not reached", "were treated", ". ", "\n\n", ": ", "- "]
PIECES = st.sampled_from([*WORDS.split(), *PHRASES, "\x00", "\u202e", '"', "9" * 40])
TEXT = st.one_of(
    st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES, max_size=40).map("".join)
)


def starts(text: str) -> set[int]:
    """Where the number tokens of a text stand."""
    return {t.start for s in sentences(text) for t in tokens(text, s.start, s.end) if t.kind == "NUM"}


def check(text: str) -> Draft:
    draft = read_text(text)
    original = tidy(text)
    normal = plain(original)
    assert len(normal) == len(original)
    for one, _, number in draft.readings():
        assert original[number.start : number.end] == number.written
        assert number.text.isascii() and one.sentence <= len(draft.sentences)
        if re.fullmatch(r"[0-9.,]+", plain(number.written)):
            assert plain(number.written).replace(",", "") == number.text
    left = [one.start for one in draft.leftovers]
    assert len(left) == len(set(left))
    assert not set(left) & draft.taken
    assert starts(normal) <= set(left) | draft.taken
    return draft


@QUICK
@given(TEXT)
def test_any_text_is_read_without_losing_or_inventing_a_number(text: str) -> None:
    draft = check(text)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "draft"
        write_folder(draft, target, "text.txt")
        try:
            load_study(target)
        except InputError as error:
            assert all(str(problem).count("\n") == 1 for problem in error.problems)


@QUICK
@given(st.data())
def test_abstracts_with_words_lost_doubled_or_exchanged(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(path.name for path in FIXTURES.glob("*.txt"))))
    words = re.split(r"(?<=[ ，。；])", (FIXTURES / name).read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(words) - 1))
        words[place] = data.draw(
            st.sampled_from(["", words[place] * 2, words[data.draw(st.integers(0, len(words) - 1))]])
        )
    check("".join(words))


@QUICK
@given(st.binary(max_size=300), st.sampled_from([b"", b"<html><body><p>", b"%PDF-1.4\n", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_any_file_is_read_or_refused_in_two_lines(content: bytes, start: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a"
        file.write_bytes(start + content)
        try:
            check(read_source(file).text)
        except InputError as error:
            assert all(str(problem).count("\n") == 1 for problem in error.problems)


def test_every_digit_of_every_fixture_stands_in_some_token() -> None:
    for path in FIXTURES.glob("*.txt"):
        text = plain(tidy(path.read_text(encoding="utf-8")))
        covered = {p for s in sentences(text) for t in tokens(text, s.start, s.end) for p in range(t.start, t.end)}
        assert {p for p, c in enumerate(text) if c in "0123456789"} <= covered, path.name


HARD = {
    "digits": "1" * 1000,
    "letters": "a" * 1000,
    "numbers": "1 " * 500,
    "brackets": "(" * 1000,
    "hyphens": "a-a-a-a-" * 125,
    "broken lines": "a-\n" * 330,
    "thousands": "1,111," * 160,
    "registrations": "ChiCTR" * 160,
    "adjectives": "treated " * 125,
    "days": "days 1, 1, 1 " * 80,
    "negations": "no CRS or ICANS or GVHD, " * 40,
    "results": "OS at 1 year was 50% (95% CI 40-60). ",
    "lists": "OS was " + "50%, " * 200,
    "headings": "Abstract\n1 2 3 4 5 6 7 8 9\n" * 40,
    "Chinese": "患者1年OS率为50％（95％CI 40～60），" * 30,
}


@pytest.mark.parametrize("name", HARD)
def test_time_grows_no_faster_than_the_text(name: str) -> None:
    piece = HARD[name] * max(1, 1000 // len(HARD[name]))

    def seconds(times: int) -> float:
        started = time.process_time()
        read_text(piece * times)
        return time.process_time() - started

    # Another process may slow one measurement, not three.
    most = 8 * 3 * max(min(seconds(5) for _ in range(2)), 0.02)
    assert any(seconds(40) < most for _ in range(3)), most
