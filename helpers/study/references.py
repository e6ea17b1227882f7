"""Claim ids that study.yaml names under `outcomes`, `totals` and `definitions`: they must be in claims.csv."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from helpers.errors import Problem, nearest
from helpers.study.yamltree import Path, YamlTree, dotted

MAX_CANDIDATES = 500
MAX_SUGGESTIONS = 50


def check_references(tree: YamlTree, file: str, ids: Collection[str], without_count: Collection[str]) -> list[Problem]:
    """Check every claim id that study.yaml names.

    Parameters
    ----------
    tree : study.yaml as plain values, whatever they are; what is not of the right form is passed over here.
    file : how messages name study.yaml.
    ids : every claim id of claims.csv.
    without_count : those of them that have no count, and so cannot be part of a total.
    """
    problems: list[Problem] = []
    for path, claim_id in _named(tree.value):
        where = (file, tree.line(path), dotted(path), claim_id)
        if claim_id not in ids:
            few = len(ids) <= MAX_CANDIDATES and len(problems) < MAX_SUGGESTIONS
            close = nearest(claim_id[:100], ids) if few else None
            hint = f"did you mean {close}? " if close else ""
            remedy = f"{hint}Name a claim id of claims.csv, or delete the entry"
            problems.append(Problem("there is no such claim id in claims.csv", remedy, *where))
        elif path[0] == "totals" and claim_id in without_count:
            remedy = "name claims whose column count is filled"
            problems.append(Problem("the claim has no count to add up", remedy, *where))
    return problems + _repeated(tree, file)


def _groups(value: Any) -> list[tuple[str, str, list[Any]]]:
    """Section, key and entries of each list of claim ids."""
    found = []
    for section in ("outcomes", "totals"):
        groups = value.get(section) if isinstance(value, dict) else None
        for key, entries in groups.items() if isinstance(groups, dict) else ():
            if isinstance(entries, list):
                found.append((section, key, entries))
    return found


def _named(value: Any) -> list[tuple[Path, str]]:
    """Every claim id with the path where it is named."""
    named: list[tuple[Path, str]] = []
    for section, key, entries in _groups(value):
        if section == "totals":
            named.append(((section, key), key))
        named += [((section, key, i), entry) for i, entry in enumerate(entries) if isinstance(entry, str)]
    defined = value.get("definitions") if isinstance(value, dict) else None
    named += [(("definitions", key), key) for key in defined] if isinstance(defined, dict) else []
    return named


def _repeated(tree: YamlTree, file: str) -> list[Problem]:
    """Ids named twice in one list, and totals that contain themselves."""
    problems: list[Problem] = []
    for section, key, entries in _groups(tree.value):
        seen = {key} if section == "totals" else set()
        for index, entry in enumerate(entries):
            path: Path = (section, key, index)
            if isinstance(entry, str) and entry in seen:
                message = "a total cannot contain itself" if entry == key else "the claim id stands twice in the list"
                problems.append(Problem(message, "delete the entry", file, tree.line(path), dotted(path), entry))
            elif isinstance(entry, str):
                seen.add(entry)
    return problems
