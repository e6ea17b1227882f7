"""Whether a worker runs the code that asked for the work: another version would mix results without a word."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.paths import PROJECT


@cache
def code_sha256() -> str:
    """One hash over every Python file of the suite, as this process sees them."""
    digest = hashlib.sha256()
    for path in sorted((PROJECT / "helpers").rglob("*.py")):
        digest.update(f"{path.relative_to(PROJECT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def require_same(project: str, code: str) -> None:
    """Raise InputError unless this process runs the same code from the same folder as the one that asked."""
    if str(PROJECT) != project and not Path(project).is_dir():
        raise InputError(
            Problem(
                "a worker does not see the project's folder",
                "start the workers where it is mounted under the same path, e.g. on a shared file system",
                found=project,
            )
        )
    if code_sha256() != code:
        raise InputError(
            Problem(
                "a worker runs other code than this command",
                "start the workers anew, from the same version of the project",
                found=f"{code_sha256()[:12]} for {code[:12]}",
            )
        )
