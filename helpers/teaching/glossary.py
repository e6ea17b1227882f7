"""The glossary: terms with their meaning and their Chinese name, from one data file to one page with anchors.

Headings are in lower case and of plain letters, so that GitHub, JupyterLab and nbconvert give them the same anchor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from helpers.errors import InputError, Problem, nearest
from helpers.paths import NOTEBOOKS

SOURCE = NOTEBOOKS / "lessons" / "glossary.yaml"
PAGE = NOTEBOOKS / "lessons" / "glossary.md"
KINDS = {"clinical": "Clinical terms", "statistical": "Statistical terms", "suite": "Words of this suite"}
_HEADWORD = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*")
_REFERENCE = re.compile(r"\[\[([^\]]+)\]\]")
_KEYS = ("term", "short", "chinese", "also", "kind", "meaning", "lesson")


@dataclass(frozen=True)
class Term:
    """One term: headword, abbreviation, Chinese name, other names, kind, and what it means in light Markdown.

    In `meaning`, ``[[headword]]`` refers to another term. `lesson` is the number of the lesson that teaches it, or 0.
    """

    term: str
    kind: str
    meaning: str
    short: str = ""
    chinese: str = ""
    also: tuple[str, ...] = ()
    lesson: int = 0

    @property
    def anchor(self) -> str:
        """The anchor of its heading.

        >>> Term("overall survival", "clinical", "Time to death.").anchor
        'overall-survival'
        """
        return self.term.replace(" ", "-")


def read_terms(path: Path = SOURCE) -> tuple[Term, ...]:
    """The terms of the data file, checked, in its order.

    Raises
    ------
    InputError
        With every entry that lacks a key, has one that is not known, is there twice, or refers to no term.
    """
    import yaml

    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    problems: list[Problem] = []
    terms: list[Term] = []
    for number, entry in enumerate(entries, 1):
        try:
            terms.append(_term(entry))
        except ValueError as error:
            remedy = "compare with the entries above it"
            problems.append(Problem(str(error), remedy, path.name, found=f"entry {number}"))
    known = {term.term for term in terms}
    for term in terms:
        for reference in _REFERENCE.findall(term.meaning):
            if reference not in known:
                like = nearest(reference, known)
                remedy = f"did you mean {like}?" if like else "add the term, or name one that is there"
                problems.append(Problem(f"{term.term} refers to no term", remedy, path.name, found=reference))
    if len(known) != len(terms):
        twice = sorted({t.term for t in terms if sum(o.term == t.term for o in terms) > 1})
        problems.append(Problem("a term is there twice", "keep one", path.name, found=", ".join(twice)))
    if problems:
        raise InputError(problems)
    return tuple(terms)


@lru_cache(maxsize=1)
def glossary() -> dict[str, Term]:
    """The glossary by headword; abbreviations find their term too."""
    terms = read_terms()
    return {term.term: term for term in terms} | {term.short: term for term in terms if term.short}


def link(name: str, text: str = "", page: str = "../glossary.md") -> str:
    """A Markdown link from a lesson to a term.

    Parameters
    ----------
    name : headword or abbreviation, e.g. ``"OS"``.
    text : what the link says; empty: the name.
    page : the glossary as seen from the notebook.

    Examples
    --------
    >>> link("OS")
    '[OS](../glossary.md#overall-survival)'
    """
    found = glossary().get(name)
    if found is None:
        like = nearest(name, glossary())
        remedy = f"did you mean {like}?" if like else f"add it to {SOURCE.name}"
        raise InputError(Problem("the glossary has no such term", remedy, found=name))
    return f"[{text or name}]({page}#{found.anchor})"


def page_text(terms: tuple[Term, ...] | None = None) -> str:
    """The glossary as Markdown: an index, then the terms of each kind in order of the alphabet."""
    terms = read_terms() if terms is None else terms
    lines = [
        "# Glossary",
        "",
        "Clinical and statistical terms of the lessons and notebooks, with the Chinese terms of the first study's "
        "paper",
        "and of Chinese reports like it. Made by `unrounded lessons` from `glossary.yaml`: change a term there.",
        "",
    ]
    for kind, title in KINDS.items():
        some = sorted((t for t in terms if t.kind == kind), key=lambda t: t.term)
        lines += [f"**{title}:** " + " · ".join(f"[{_name(t)}](#{t.anchor})" for t in some), ""]
    for kind, title in KINDS.items():
        lines += [f"## {title}", ""]
        for term in sorted((t for t in terms if t.kind == kind), key=lambda t: t.term):
            lines += [f"### {term.term}", "", *_entry(term)]
    return "\n".join(lines).rstrip() + "\n"


def is_current() -> bool:
    """Whether the page is as the data file makes it."""
    return PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page_text()


def write_page() -> bool:
    """Write the glossary if it is not as the data file has it; whether it was written."""
    if is_current():
        return False
    PAGE.write_text(page_text(), encoding="utf-8")
    return True


def _entry(term: Term) -> list[str]:
    names = [f"**{term.short}**" if term.short else "", term.chinese, *(f"also *{name}*" for name in term.also)]
    head = " · ".join(name for name in names if name)
    meaning = _REFERENCE.sub(lambda m: f"[{m[1]}](#{m[1].replace(' ', '-')})", term.meaning.strip())
    lesson = [f"Lesson {term.lesson}.", ""] if term.lesson else []
    return [*([head, ""] if head else []), meaning, "", *lesson]


def _name(term: Term) -> str:
    return f"{term.term} ({term.short})" if term.short else term.term


def _term(entry: Any) -> Term:
    if not isinstance(entry, dict):
        raise ValueError("an entry is a mapping with the keys " + ", ".join(_KEYS))
    unknown = set(entry) - set(_KEYS)
    if unknown:
        raise ValueError(f"an entry has the unknown key {sorted(unknown)[0]}")
    for key in ("term", "kind", "meaning"):
        if not str(entry.get(key) or "").strip():
            raise ValueError(f"an entry lacks its {key}")
    if not _HEADWORD.fullmatch(entry["term"]):
        raise ValueError(f"the headword {entry['term']!r} is not of plain lower-case letters")
    if entry["kind"] not in KINDS:
        raise ValueError(f"the kind of {entry['term']} is none of {', '.join(KINDS)}")
    return Term(**(entry | {"also": tuple(entry.get("also") or ())}))
