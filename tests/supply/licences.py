"""The licence of every locked package, from what it says of itself: `python -m tests.supply.licences` writes the list.

The list is ``licences.csv`` beside this file, one row a package: name, licence as an SPDX expression, and where that
stands: in its ``metadata``, in its ``licence file``, or, for what is installed on other systems or with other versions
of Python only, ``as published by its project``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from helpers.suite.environment import locked

LIST = Path(__file__).with_name("licences.csv")
COLUMNS = ("package", "licence", "source")
METADATA, FILE, PUBLISHED = "metadata", "licence file", "as published by its project"

# Licences under which a package may be used by, and distributed beside, a program under the MIT licence. MPL-2.0 binds
# the files it covers only; none of them is changed or copied here.
COMPATIBLE = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0",
     "PSF-2.0", "Zlib", "BSD"}
)  # fmt: skip
_SPDX = {
    "apache 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0", "apache software license": "Apache-2.0",
    "apache-2.0": "Apache-2.0", "2-clause bsd": "BSD-2-Clause", "bsd 2-clause license": "BSD-2-Clause",
    "bsd-2-clause": "BSD-2-Clause", "bsd 3-clause license": "BSD-3-Clause", "bsd-3-clause": "BSD-3-Clause",
    "bsd": "BSD", "bsd license": "BSD", "isc license": "ISC", "isc license (iscl)": "ISC", "mit": "MIT",
    "mit license": "MIT", "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "mpl-2.0": "MPL-2.0",
    "mpl-2.0 and mit": "MPL-2.0 AND MIT", "psfl": "PSF-2.0", "python software foundation license": "PSF-2.0",
}  # fmt: skip
_ELSEWHERE = {
    "aiohappyeyeballs": "PSF-2.0", "aiohttp": "Apache-2.0 AND MIT", "aiosignal": "Apache-2.0",
    "appnope": "BSD-2-Clause", "colorama": "BSD-3-Clause", "frozenlist": "Apache-2.0", "multidict": "Apache-2.0",
    "propcache": "Apache-2.0", "pywinpty": "MIT", "yarl": "Apache-2.0",
}  # fmt: skip
_FIRST_LINES = {"mit license": "MIT", "the mit license (mit)": "MIT"}


def licence_of(package: Distribution) -> tuple[str, str]:
    """The licence of an installed package and where it stands; an empty licence where that cannot be told."""
    metadata = package.metadata
    expression = str(metadata.get("License-Expression") or "").strip()
    if expression:
        return expression, METADATA
    field = str(metadata.get("License") or "").strip()
    classifiers = [c.rsplit(" :: ", 1)[-1] for c in metadata.get_all("Classifier") or [] if c.startswith("License ::")]
    named = [_SPDX.get(text.lower()) for text in (field, *classifiers)]
    found = next((name for name in named if name and name != "BSD"), None) or next(filter(None, named), None)
    if found:
        return found, METADATA
    for file in package.files or ():
        if re.fullmatch(r"(?i)licen[cs]e(\.(md|txt|rst))?", file.name):
            first = file.read_text().strip().splitlines()[0].strip("# ").lower()
            if first in _FIRST_LINES:
                return _FIRST_LINES[first], FILE
    return "", METADATA


def plain(name: str) -> str:
    """A package name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, Distribution]:
    """Installed packages by name."""
    return {plain(d.name): d for d in distributions() if d.name}


def rows() -> Iterator[tuple[str, str, str]]:
    """Package, licence, source for every package of the lock, in order of their names."""
    here = installed()
    for name in sorted({plain(pin.name) for pin in locked()}):
        if name in here:
            yield name, *licence_of(here[name])
        else:
            yield name, _ELSEWHERE.get(name, ""), PUBLISHED


def incompatible(licence: str) -> list[str]:
    """The parts of an SPDX expression that are unknown or not compatible; of alternatives one has to be.

    >>> incompatible("MIT AND BSD-2-Clause"), incompatible("GPL-3.0-only OR MIT"), incompatible("AGPL-3.0-only")
    ([], [], ['AGPL-3.0-only'])
    """
    found = []
    for part in licence.split(" AND "):
        choices = [choice.strip("() ") for choice in part.split(" OR ")]
        if not any(choice in COMPATIBLE for choice in choices):
            found.append(" OR ".join(choices))
    return found


def as_csv() -> str:
    """The list as it is stored."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows())
    return out.getvalue()


if __name__ == "__main__":
    LIST.write_text(as_csv(), encoding="utf-8")
