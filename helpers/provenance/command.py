"""What `unrounded verify` does: check, execute again if wanted, and say what differs."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from helpers.errors import InputError, Problem, shorten
from helpers.provenance.holding import hold
from helpers.provenance.rerun import DATED, Means, Rerun, rerun
from helpers.provenance.verify import Verification, verify

FEW = 200


def run_verify(results: Path, seal: str, again: bool, means: Means, as_json: bool) -> bool:
    """Verify results and show what was found; whether nothing differs.

    Raises
    ------
    InputError
        If there are no results, the seal is no sha256, or what a rerun needs is not given.
    """
    from helpers.suite.terminal import Progress, print_json, say

    if seal and not re.fullmatch(r"[0-9a-fA-F]{64}", seal):
        raise InputError(Problem("a seal is a sha256: 64 hexadecimal digits", "copy it whole", found=seal))
    if not again and (means.study or means.cohort or means.adverse_events):
        raise InputError(Problem("a study and files of rows are needed only with --rerun", "add --rerun"))
    with hold(results) as held:
        found = verify(held, seal)
        repeated = rerun(held, means, None if as_json else Progress(None)) if again else None
    if repeated is not None:
        found = replace(found, findings=(*found.findings, *repeated.findings), notes=(*found.notes, *repeated.notes))
    if as_json:
        executed = {} if repeated is None else {"compared": repeated.compared, "not_compared": list(DATED)}
        print_json({**found.as_dict(), **executed})
    else:
        for line in lines(found, repeated):
            say(line)
    return not found.findings


def lines(found: Verification, repeated: Rerun | None = None) -> list[str]:
    """What a person at the terminal is told. What comes from the results is shown with its control characters spelt."""
    made = [
        f"{finding.kind:<8} {shorten(finding.path, 120)}: {shorten(finding.why, 200)}"
        for finding in found.findings[:FEW]
    ]
    if len(found.findings) > FEW:
        made.append(f"… and {len(found.findings) - FEW} more")
    made += [f"note: {shorten(note, 300)}" for note in found.notes]
    if repeated is not None:
        made.append(f"executed again: {repeated.compared} files compared byte by byte; {', '.join(DATED)} are dated")
    counts = ", ".join(f"{n} {kind}" for kind, n in Counter(finding.kind for finding in found.findings).items())
    noun = "file" if found.files == 1 else "files"
    made.append(f"{shorten(found.name)}: {found.files} {noun}, {counts or 'all as recorded'}")
    if found.seal:
        made.append(f"seal (sha256 of SHA256SUMS): {found.seal}")
    return made
