"""The pinned environment: read requirements.lock, write environment.yml from it.

``python -m helpers.suite.environment`` writes environment.yml; a test keeps the two in exact agreement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers.paths import PROJECT

LOCK = PROJECT / "requirements.lock"
ENVIRONMENT = PROJECT / "environment.yml"
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?$")

_HEAD = """\
# Made from requirements.lock by `make lock`; a test keeps the two in agreement. Edit neither by hand.
name: unrounded
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
"""


@dataclass(frozen=True)
class Pin:
    """A locked package: name, exact version, and the environment marker under which it is installed."""

    name: str
    version: str
    marker: str = ""

    def __str__(self) -> str:
        """The requirement as pip reads it, without its hashes."""
        return f"{self.name}=={self.version}" + (f" ; {self.marker}" if self.marker else "")


def locked(lock: Path = LOCK) -> tuple[Pin, ...]:
    """Every package of the lock file, in its order."""
    matches = (_PIN.match(line) for line in lock.read_text(encoding="utf-8").splitlines())
    return tuple(Pin(m["name"], m["version"], m["marker"] or "") for m in matches if m)


def environment_text(pins: tuple[Pin, ...]) -> str:
    """The text of environment.yml: Python and pip from conda, locked packages and the project through pip."""
    entries = [str(pin) for pin in pins] + ["-e ."]
    quoted = ['"' + entry.replace('"', '\\"') + '"' for entry in entries]
    return _HEAD + "".join(f"      - {entry}\n" for entry in quoted)


@cache
def _distributions() -> dict[str, str]:
    from importlib.metadata import distributions

    return {_plain(d.name): d.version for d in distributions() if d.name}


def installed_versions(lock: Path = LOCK) -> dict[str, str]:
    """Installed version of each locked package; of every package if there is no lock beside the code."""
    found = _distributions()
    if lock.is_file():
        wanted = {_plain(pin.name) for pin in locked(lock)}
        found = {name: version for name, version in found.items() if name in wanted}
    return dict(sorted(found.items()))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    ENVIRONMENT.write_text(environment_text(locked()), encoding="utf-8")
