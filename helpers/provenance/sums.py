"""SHA256SUMS: the last word on a results folder, in the form that ``sha256sum -c`` reads.

It covers every file, the manifest and the crate among them, which cannot cover each other both ways. Its own sum is the
seal: whoever has that from elsewhere needs to trust nothing in the folder.
"""

from __future__ import annotations

import re
from pathlib import Path

from helpers.provenance import SUMS
from helpers.suite.hashing import file_sha256, files_below, hashes
from helpers.suite.results import SWEEPS

_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def write_sums(folder: Path) -> Path:
    """Write the sums of everything in a results folder; sweeps are results folders of their own."""
    path = folder / SUMS
    covered = (p for p in files_below(folder) if p != path and p.relative_to(folder).parts[0] != SWEEPS)
    lines = [f"{sha256}  {name}\n" for name, sha256 in hashes(covered, folder).items()]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


def read_sums(text: str) -> dict[str, str]:
    """Path to sha256. Raises ValueError for a line that is none of ours, or a path given twice.

    >>> read_sums("0" * 64 + "  tables/a.csv\\n") == {"tables/a.csv": "0" * 64}
    True
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found:
            raise ValueError(f"line {number} is not a sum and a path of its own")
        found[match[2]] = match[1]
    return found


def seal_holds(folder: Path, names: tuple[str, ...]) -> bool:
    """Whether the sums of a results folder can be read and agree with these of its files."""
    try:
        sums = read_sums((folder / SUMS).read_text(encoding="utf-8"))
        return all(sums.get(name) == file_sha256(folder / name) for name in names)
    except (OSError, ValueError):
        return False
