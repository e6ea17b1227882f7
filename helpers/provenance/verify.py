"""Whether results are what their records say: every file is hashed, and every record held against every other.

One file that was altered, removed or added is always found, whichever it is, the records included. Who alters a file
and makes all three records anew is found only by the seal, the sha256 of SHA256SUMS, known from elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpers.provenance import CRATE, MANIFEST, SUMS
from helpers.provenance.holding import Holding
from helpers.provenance.records import UNCOVERED, UNREADABLE, Sums, read_record
from helpers.suite.results import SWEEPS

CHUNK = 1 << 20


@dataclass(frozen=True)
class Finding:
    """One thing that differs: `kind` is changed, missing, added, refused, record, seal, input, differs or failed."""

    kind: str
    path: str
    why: str


@dataclass(frozen=True)
class Verification:
    """What was found: how many files were hashed, what differs, what else is to be known, and the seal."""

    name: str
    files: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    seal: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The form of ``--json``."""
        return {
            "results": self.name,
            "files": self.files,
            "seal": self.seal,
            "findings": [vars(finding) for finding in self.findings],
            "notes": list(self.notes),
        }


def verify(held: Holding, seal: str = "") -> Verification:
    """Hash every file of a results folder and hold it against the records; sweeps below it likewise.

    Parameters
    ----------
    held
        The folder or archive, see `helpers.provenance.holding.hold`.
    seal
        The sha256 of SHA256SUMS as known from elsewhere; empty if it is not.
    """
    own, swept = _split(held)
    actual, findings = _hashes(own)
    records = {}
    for name in (SUMS, MANIFEST, CRATE):
        if name not in own.members:
            findings.append(Finding("missing", name, "every results folder has one"))
            continue
        try:
            records[name] = read_record(own, name)
        except UNREADABLE as error:
            findings.append(Finding("changed", name, f"cannot be read: {error}"))
    findings += _compared(actual, records, own.refused)
    findings += [Finding("refused", path, why) for path, why in sorted(own.refused.items())]
    found = actual.get(SUMS, "")
    if seal and seal.lower() != found:
        findings.append(Finding("seal", SUMS, f"its sha256 is {found or 'none'}, not {seal.lower()}"))
    notes = [f"left out, as operating systems add them: {', '.join(held.junk)}"] if held.junk else []
    whole = Verification(held.name, len(actual), tuple(_once(findings)), tuple(notes), found)
    return _with_sweeps(whole, swept)


def _split(held: Holding) -> tuple[Holding, Holding]:
    """The results themselves, and the sweeps below them."""
    prefix = f"{SWEEPS}/"
    own = {path: member for path, member in held.members.items() if not path.startswith(prefix)}
    refused = {path: why for path, why in held.refused.items() if not path.startswith(prefix)}
    return replace(held, members=own, refused=refused), held.below(prefix)


def _hashes(held: Holding) -> tuple[Sums, list[Finding]]:
    actual, findings = {}, []
    for path, open_member in sorted(held.members.items()):
        sha256 = hashlib.sha256()
        try:
            with open_member() as stream:
                while chunk := stream.read(CHUNK):
                    sha256.update(chunk)
        except UNREADABLE as error:
            findings.append(Finding("changed", path, f"cannot be read: {error}"))
            actual[path] = ""
        else:
            actual[path] = sha256.hexdigest()
    return actual, findings


def _compared(actual: Sums, records: Mapping[str, Sums], refused: Mapping[str, str]) -> list[Finding]:
    findings = []
    recorded = {path for sums in records.values() for path in sums}
    for path in sorted(recorded | actual.keys()):
        saying = [name for name, sums in records.items() if path in sums]
        silent = [name for name in records if path not in records[name] and path not in UNCOVERED[name]]
        if path not in actual:
            if path not in refused:
                findings.append(Finding("missing", path, f"{_all(saying)} {_verb(saying, 'lists', 'list')} it"))
            continue
        against = [name for name in saying if records[name][path] != actual[path]]
        if not saying:
            if silent:
                findings.append(Finding("added", path, "no record lists it"))
            continue
        if len(against) == len(saying):
            if actual[path]:
                findings.append(Finding("changed", path, f"its sha256 is not the one in {_all(saying)}"))
            continue
        findings += [Finding("record", name, f"gives another sha256 for {path} than the others") for name in against]
        findings += [Finding("record", name, f"does not list {path}, as others do") for name in silent]
    return findings


def _with_sweeps(whole: Verification, swept: Holding) -> Verification:
    """Add what is found in the points of sweeps, each a results folder of its own."""
    if not swept.members and not swept.refused:
        return whole
    records = (MANIFEST, CRATE, SUMS)
    points = sorted({path.rpartition("/")[0] + "/" for path in swept.members if path.rpartition("/")[2] in records})
    findings, files = list(whole.findings), whole.files
    for point in points:
        inner = verify(swept.below(point))
        files += inner.files
        findings += [replace(f, path=f"{SWEEPS}/{point}{f.path}") for f in inner.findings]
    lone = [path for path in swept.members if not path.startswith(tuple(points))]
    findings += [
        Finding("refused", f"{SWEEPS}/{path}", why)
        for path, why in swept.refused.items()
        if not path.startswith(tuple(points))
    ]
    noun = "file that compares" if len(lone) == 1 else "files that compare"
    note = (f"no record covers the {len(lone)} {noun} the points of sweeps",) if lone else ()
    return replace(whole, files=files, findings=tuple(findings), notes=(*whole.notes, *note))


def _once(findings: list[Finding]) -> list[Finding]:
    """Without what is said twice of one file; of records several things may be said."""
    said: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        said.setdefault((finding.kind, finding.path, finding.why if finding.kind == "record" else ""), finding)
    return list(said.values())


def _all(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _verb(names: list[str], one: str, several: str) -> str:
    return one if len(names) == 1 else several
