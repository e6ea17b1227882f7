"""All that decides the results of a run, as hashes and versions, and why two runs differ."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.paths import PROJECT
from helpers.suite.environment import installed_versions
from helpers.suite.hashing import file_sha256, files_below, hashes

HELPERS = PROJECT / "helpers"
READ = (
    "study.yaml", "claims.csv", "SOURCES.md", "cohort.csv", "cohort.parquet", "adverse_events.csv",
    "adverse_events.parquet",
)  # fmt: skip
FEW = 3


@dataclass(frozen=True)
class Inputs:
    """Inputs shared by all notebooks of a run: files as path to sha256, packages as name to version."""

    helpers: Mapping[str, str]
    data: Mapping[str, str]
    packages: Mapping[str, str]
    parameters: Mapping[str, object]

    def as_dict(self) -> dict[str, Any]:
        """The form in which the manifest keeps them."""
        return {
            "helpers": dict(self.helpers),
            "data": dict(self.data),
            "packages": dict(self.packages),
            "parameters": dict(self.parameters),
        }


@dataclass(frozen=True)
class Shared:
    """What all studies of a run share: hashes of the code, versions of the packages."""

    helpers: Mapping[str, str]
    packages: Mapping[str, str]

    @staticmethod
    def now() -> Shared:
        """As they are now."""
        packages = {"python": platform.python_version(), **installed_versions()}
        return Shared(hashes(files_below(HELPERS), PROJECT), packages)


def gather(
    study_folder: Path,
    cohort: Path | None,
    parameters: Mapping[str, object],
    adverse_events: Path | None = None,
    shared: Shared | None = None,
) -> Inputs:
    """Hash what the suite reads in the study folder and the files of rows; add what all studies share.

    Files of patient-level rows that were named are told by their hash alone: their names may tell whose they are, as
    may those of whatever else lies in the folder.
    """
    shared = shared or Shared.now()
    data = hashes(
        (p for p in files_below(study_folder) if p.parent == study_folder and p.name in READ),
        study_folder,
        f"{study_folder.name}/",
    )
    for label, path in (("cohort", cohort), ("adverse events", adverse_events)):
        if path is not None:
            data[label] = file_sha256(path)
    return Inputs(
        helpers=shared.helpers,
        data=data,
        packages=shared.packages,
        parameters=parameters,
    )


def differences(before: Mapping[str, Any], now: Inputs) -> list[str]:
    """Why results made from `before` do not hold for `now`, one phrase a kind of input; empty if they do."""
    current = now.as_dict()
    reasons = []
    for kind, label in (("data", "data"), ("helpers", "helpers")):
        old, new = before.get(kind, {}), current[kind]
        changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        if changed:
            reasons.append(f"{label} changed: {_few(changed)}")
    for kind, label in (("parameters", "parameter"), ("packages", "version")):
        old, new = before.get(kind, {}), current[kind]
        changed = [
            f"{name} {old.get(name, 'none')!s} → {new.get(name, 'none')!s}"
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
        ]
        if changed:
            reasons.append(f"{label} changed: {_few(changed)}")
    return reasons


def _few(names: list[str]) -> str:
    more = len(names) - FEW
    return ", ".join(names[:FEW]) + (f" and {more} more" if more > 0 else "")
