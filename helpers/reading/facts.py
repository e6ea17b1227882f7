"""What a text says about the study as a whole: title, numbers it can be found by, and the months of enrolment."""

from __future__ import annotations

import re

from helpers.reading.draft import Facts

_NEAR = 20_000
_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s\"'<>，。；,;)\]]+")
_PMCID = re.compile(r"PMC[0-9]{3,12}")
_TRIALS = (
    r"NCT ?#?[0-9]{8}",
    r"ChiCTR[-A-Za-z]{0,8}[0-9]{6,12}",
    r"EudraCT[ :]{0,3}[0-9]{4}-[0-9]{6}-[0-9]{2}",
    r"jRCT[a-z]{0,2}[0-9]{6,12}",
)
_TRIAL = re.compile("|".join(_TRIALS))
_MONTHS = {
    name: f"{number:02d}"
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_YEAR = r"(?:19|20)[0-9]{2}"
_DATES = (
    rf"{_YEAR}年[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?",
    rf"[A-Z][a-z]{{2,8}}\.? (?:[0-9]{{1,2}}(?:st|nd|rd|th)?,? )?{_YEAR}",
    rf"[0-9]{{1,2}} [A-Z][a-z]{{2,8}} {_YEAR}",
    rf"[0-9]{{1,2}}/{_YEAR}",
    rf"{_YEAR}[-./][0-9]{{1,2}}(?:[-./][0-9]{{1,2}})?",
)
_DATE = f"(?:{'|'.join(_DATES)})"
_PERIOD = re.compile(rf"({_DATE}),?(?: ?(?:-|~|至|到|to|and|through|until) ?)({_DATE})")


def facts_of(original: str, text: str, n: int | None, around: str = "") -> Facts:
    """The facts of an abstract (`original` as printed, `text` in plain characters) and of the document around it."""
    doi = _DOI.search(text) or _DOI.search(around[:_NEAR])
    pmcid = _PMCID.search(text) or _PMCID.search(around[:_NEAR])
    trials = dict.fromkeys(match[0].replace(" ", "").replace("#", "") for match in _TRIAL.finditer(text))
    return Facts(
        _title(original), n, doi[0].rstrip(".") if doi else "", pmcid[0] if pmcid else "", tuple(trials), _period(text)
    )


def _title(text: str) -> str:
    """The first line, unless it is already a sentence of the abstract."""
    first = next((line.strip().lstrip("#*").strip() for line in text.split("\n\n") if line.strip()), "")
    if not first or len(first) > 300 or re.search(r"[。！？]", first) or re.search(r"\. [A-Z]", first):
        return ""
    return first.rstrip(".")


def _period(text: str) -> tuple[str, str] | None:
    for match in _PERIOD.finditer(text):
        first, last = (_iso(part) for part in match.groups())
        if first and last and first <= last:
            return first, last
    return None


def _iso(text: str) -> str:
    """A date as ``2015-09`` or ``2015-09-01``, or an empty text.

    >>> _iso("2015年9月"), _iso("July 29, 2015"), _iso("8/2018")
    ('2015-09', '2015-07-29', '2018-08')
    """
    named = re.search(r"[A-Za-z]{3}", text)
    numbers = [int(number) for number in re.findall(r"[0-9]+", text)]
    if named:
        month = _MONTHS.get(named[0].lower())
        year = next((number for number in numbers if number > 1000), None)
        days = [number for number in numbers if number < 1000]
        parts = (year, int(month) if month else None, days[0] if days else None)
    elif "/" in text and numbers[0] < 100:
        parts = (numbers[1], numbers[0], None)
    else:
        parts = (numbers[0], numbers[1] if len(numbers) > 1 else None, numbers[2] if len(numbers) > 2 else None)
    year, month_number, day = parts
    if not year or not month_number or not 1 <= month_number <= 12 or (day is not None and not 1 <= day <= 28 + 3):
        return ""
    return f"{year}-{month_number:02d}" + (f"-{day:02d}" if day else "")
