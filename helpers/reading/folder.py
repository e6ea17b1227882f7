"""A draft as a study folder: study.yaml and claims.csv to confirm, and draft.md with each number in its sentence."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.paths import shown
from helpers.printed import FIELD_TITLES
from helpers.reading.draft import Draft, Leftover, Statement, base_of
from helpers.reading.names import ENDPOINT_NAMES, SAFETY
from helpers.spreadsheet import shielded
from helpers.study.table import COLUMNS

FILES = ("study.yaml", "claims.csv", "draft.md")
_FILL_IN = "FILL IN"
_LONGEST_NOTE = 600


def claim_ids(statements: Sequence[Statement]) -> list[str]:
    """An id for every statement, each used once: ``os_6mo``, ``efs_median``, ``crs_grade_3_plus``."""
    found: list[str] = []
    short = {"day": "d", "week": "wk", "month": "mo", "year": "y"}
    ids: dict[str, int] = {}
    for one in statements:
        name = one.what.lower()
        if one.statistic == "survival":
            name += f"_{one.at}{short[one.at_unit]}"
        elif one.statistic == "median":
            name += "_median"
        elif one.statistic == "follow_up":
            name = "follow_up" + one.what
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", name)
        number, unique = ids.get(name, 1), name
        while unique in ids:
            number += 1
            unique = f"{name}_{number}"
        ids[name] = number
        ids.setdefault(unique, 1)
        found.append(unique)
    return found


def claims_text(draft: Draft) -> str:
    """claims.csv: one row a statement, its sentence in the note, and what is unsure about it first."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for claim_id, one in zip(claim_ids(draft.statements), draft.statements, strict=True):
        row = {
            "id": claim_id,
            "statistic": one.statistic,
            "at": one.at,
            "at_unit": one.at_unit,
            "n": one.n,
            "unit": one.unit,
        }
        row |= {name: number.text for name, number in one.numbers.items()}
        row["endpoint"] = one.what if one.is_curve else ""
        row["ci_level"] = one.level
        row["source"] = f"abstract, sentence {one.sentence}"
        check = f"CHECK: {'; '.join(one.doubts)}. " if one.doubts else ""
        row["note"] = _short(f"{one.label}. {check}«{_line(_around(draft, one))}»")
        writer.writerow({name: shielded(cell) for name, cell in row.items()})
    return out.getvalue()


def _around(draft: Draft, one: Statement) -> str:
    """The words around the numbers of a statement."""
    places = [place for number in one.numbers.values() for place in (number.start, number.end)]
    if max(places) - min(places) > _LONGEST_NOTE // 2:
        return draft.sentences[one.sentence - 1]
    return draft.excerpt(min(places), max(places))


def yaml_text(draft: Draft, study_id: str) -> str:
    """study.yaml: what the text says, with what a person has to add or confirm in comments."""
    facts = draft.facts
    lines = [
        "# A draft read from the text of an abstract. Nothing here is confirmed: compare it with draft.md, row by row.",
        f"id: {study_id if re.search('[a-z]', study_id) else _quoted(study_id)}",
        f"title: {_quoted(facts.title or f'{_FILL_IN} the title')}",
    ]
    if facts.n is None:
        lines.append(f"n:  # {_FILL_IN}: the number of patients was not found")
    else:
        lines.append(f"n: {facts.n}  # CHECK: the patients treated")
    if facts.doi or facts.pmcid:
        lines.append("citation:")
        lines += [f"  doi: {_quoted(facts.doi)}"] * bool(facts.doi) + [f"  pmcid: {facts.pmcid}"] * bool(facts.pmcid)
    if facts.registrations:
        lines.append(f"# Registered as {', '.join(facts.registrations)}.")
    if facts.enrolled:
        first, last = facts.enrolled
        lines += ["# CHECK: the first period that the text names", f"enrolled: {{from: {first}, to: {last}}}"]
    lines += _endpoints(draft)
    lines += _outcomes(draft)
    return "\n".join(lines) + "\n"


def _endpoints(draft: Draft) -> list[str]:
    names = dict.fromkeys(one.what for one in draft.statements if one.is_curve)
    if not names:
        return ["endpoints: {}  # no survival number was found"]
    lines = ["# CHECK: add origin (infusion, remission) and events (death; relapse or death) where the paper says so."]
    lines.append("endpoints:")
    for what in names:
        sizes = {one.n for one in draft.statements if one.is_curve and one.what == what and one.n}
        size = next(iter(sizes)) if len(sizes) == 1 else ""
        keys = f"name: {_quoted(ENDPOINT_NAMES.get(base_of(what), what))}"
        if size and draft.facts.n is not None and int(size) <= draft.facts.n:
            keys += f", n: {size}"
        note = "  # CHECK: which patients?" if what != base_of(what) else ""
        lines.append(f"  {what}: {{{keys}}}{note}")
    return lines


def _outcomes(draft: Draft) -> list[str]:
    groups: dict[str, list[str]] = {"efficacy": [], "safety": []}
    for claim_id, one in zip(claim_ids(draft.statements), draft.statements, strict=True):
        if one.statistic in ("count", "proportion") and one.what != "patients":
            safe = any(one.what == key or one.what.startswith(f"{key}_") for key in SAFETY)
            groups["safety" if safe else "efficacy"].append(claim_id)
    lines = [f"  {kind}: [{', '.join(ids)}]" for kind, ids in groups.items() if ids]
    return (["outcomes:", *lines] if lines else []) + _totals(draft)


def _totals(draft: Draft) -> list[str]:
    """Grades of one outcome, named in one sentence, whose counts add up to the outcome's own."""
    counts = {one.what: one for one in draft.statements if "count" in one.numbers and not one.n}
    lines = []
    graded: dict[tuple[str, int], list[Statement]] = {}
    for key, one in counts.items():
        graded.setdefault((key.partition("_grade_")[0], one.sentence), []).append(one)
    for what, whole in counts.items():
        parts = [one for one in graded.get((what, whole.sentence), []) if one.what.startswith(f"{what}_grade_")]
        if len(parts) > 1 and sum(int(one.numbers["count"].text) for one in parts) == int(whole.numbers["count"].text):
            lines.append(f"  {what}: [{', '.join(one.what for one in parts)}]")
    return ["totals:", *lines] if lines else []


def draft_text(draft: Draft, file: str, part: str) -> str:
    """draft.md: the numbers that were placed, those that were not, and the sentences they stand in."""
    placed = list(draft.readings())
    unsure = sum(bool(one.doubts) for one in draft.statements)
    lines = [
        "# Draft, to be confirmed",
        "",
        f"Read from `{_cell(file)}`{f' ({part})' if part else ''}.",
        f"{len(placed)} numbers in {len(draft.statements)} statements, {unsure} of them with something to check; "
        f"{len(draft.unplaced)} numbers could not be placed.",
        "",
        "Confirm each row against the paper, correct `claims.csv` and `study.yaml`, then delete this file.",
        "",
        "## Numbers that were placed",
        "",
        "| number | read as | field | check | sentence |",
        "|---|---|---|---|---|",
    ]
    ids = {id(one): name for one, name in zip(draft.statements, claim_ids(draft.statements), strict=True)}
    for one, name, number in placed:
        said = f" («{_cell(number.written)}»)" if number.written != number.text else ""
        check = "; ".join(one.doubts) or "–"
        read_as = f"`{ids[id(one)]}` {_cell(one.label)}"
        lines.append(f"| {number.text}{said} | {read_as} | {FIELD_TITLES[name]} | {_cell(check)} | {one.sentence} |")
    lines += ["", "## Numbers that could not be placed", ""]
    lines += _listed(draft.unplaced, draft) or ["None."]
    lines += ["", "## Numbers that were set aside", ""]
    known = [one for one in draft.leftovers if one.known]
    for reason in dict.fromkeys(one.reason for one in known):
        numbers = ", ".join(f"{_cell(one.written)} (sentence {one.sentence})" for one in known if one.reason == reason)
        lines.append(f"- {reason}: {numbers}")
    lines += [] if known else ["None."]
    lines += ["", "## Sentences", ""]
    lines += [f"{number}. {_line(sentence)}" for number, sentence in enumerate(draft.sentences, 1)]
    return "\n".join(lines) + "\n"


def _listed(leftovers: Sequence[Leftover], draft: Draft) -> list[str]:
    return [
        f"- **{_cell(one.written)}** ({one.reason}): sentence {one.sentence}, «{_line(_words(draft, one))}»"
        for one in leftovers
    ]


def _words(draft: Draft, one: Leftover) -> str:
    """The words around a number that was not placed."""
    return draft.excerpt(one.start, one.start + len(one.written))


def write_folder(draft: Draft, folder: Path, file: str, part: str = "") -> list[Path]:
    """Write a draft as a study folder.

    Raises
    ------
    InputError
        One of the files is already there, or the folder cannot be written; nothing is overwritten.
    """
    targets = [folder / name for name in FILES]
    content = (yaml_text(draft, study_id(folder)), claims_text(draft), draft_text(draft, file, part))
    try:
        for path in targets:
            if os.path.lexists(path):
                remedy = "choose another folder with --out, or move the file away"
                raise InputError(Problem("the file is already there and stays as it is", remedy, shown(path)))
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in zip(targets, content, strict=True):
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            Problem(f"the folder cannot be written: {reason}", "choose another folder with --out", found=str(folder))
        ) from None
    return targets


def study_id(folder: Path) -> str:
    """An id from the name of a folder, as study.yaml allows it."""
    name = re.sub(r"[^a-z0-9_-]+", "-", folder.resolve().name.lower()).strip("-_")[:64]
    return name or "draft"


def _quoted(text: str) -> str:
    """A text as a YAML string: JSON's is one."""
    return json.dumps(_line(text), ensure_ascii=False)


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NOTE else text[: _LONGEST_NOTE - 1] + "…"


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")
