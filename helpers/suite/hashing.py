"""sha256 of files, keyed by paths that mean the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def file_sha256(path: Path) -> str:
    """Hex sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hashes(paths: Iterable[Path], base: Path, prefix: str = "") -> dict[str, str]:
    """Relative POSIX path (below `prefix`) to sha256, sorted by path."""
    return {f"{prefix}{p.relative_to(base).as_posix()}": file_sha256(p) for p in sorted(paths)}


def files_below(folder: Path) -> list[Path]:
    """All regular files below a folder; hidden ones and compiled Python left out."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix != ".pyc"
        and not any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)
    ]
