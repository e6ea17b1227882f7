"""The results folder: built beside the old one, put in its place only when all is well."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from uuid import uuid4

from helpers.errors import InputError, Problem
from helpers.paths import shown
from helpers.suite.hashing import file_sha256, files_below

FOLDERS = ("figures", "notebooks", "pages", "tables")
SWEEPS = "sweeps"  # the results of sweeps lie below those of their study, and outlive them


class Place:
    """Where the results of one study live below a root, and the hidden folders used while they are made."""

    def __init__(self, root: Path, study: str) -> None:
        """Name the folders; nothing is created yet."""
        self.root = root.resolve()
        self.name = study
        self.final = self.root / study
        self.failed = self.root / f"{study}.failed"
        self.lock = self.root / f".{study}.lock"
        self.fresh = self.root / f".{study}.new-{os.getpid()}"
        self.parts = self.root / f".{study}.parts-{os.getpid()}"
        self.rows = self.root / f".{study}.rows-{os.getpid()}"
        self.old = self.root / f".{study}.old"
        self._leftovers = (f".{study}.new-*", f".{study}.parts-*", f".{study}.rows-*")

    def recover(self) -> None:
        """Tidy up after a run that was killed: bring back the old results, drop half-made ones."""
        if self.old.exists():
            if self.final.exists():
                self._keep_sweeps()
                shutil.rmtree(self.old)
            else:
                self.old.rename(self.final)
        self._drop_leftovers()
        if self.final.exists() and not self._ours():
            raise InputError(
                Problem(
                    f"{shown(self.final)} exists and is not a results folder of this suite",
                    "move it away, or choose another place with --out DIR",
                )
            )

    def _ours(self) -> bool:
        if not self.final.is_dir():
            return False
        return (self.final / "manifest.json").is_file() or {p.name for p in self.final.iterdir()} <= {SWEEPS}

    def begin(self) -> None:
        """Make the fresh, empty folders."""
        self.begin_fresh()
        self.parts.mkdir(parents=True, exist_ok=True)

    def begin_fresh(self) -> None:
        """Make the folder of one attempt."""
        for name in FOLDERS:
            (self.fresh / name).mkdir(parents=True)

    def attempt(self) -> Place:
        """The same place with a fresh folder of its own, so that two attempts never write into one folder."""
        other = Place(self.root, self.name)
        other.parts, other.rows = self.parts, self.rows
        other.fresh = self.root / f".{self.name}.new-{uuid4().hex}"
        return other

    def part(self, notebook: str) -> Path:
        """The results folder that one notebook is given, so that its files are known to be its own."""
        folder = self.parts / notebook
        make_part(folder)
        return folder

    def adopt(self, notebook: str) -> dict[str, str]:
        """Put what a notebook wrote into the fresh folder; path to sha256 of each file.

        The files stay where they were, too, so that this can be done again by another attempt. Raises FileExistsError
        if another notebook wrote a file of the same name.
        """
        part = self.parts / notebook
        outputs: dict[str, str] = {}
        for path in sorted(files_below(part)):
            name = path.relative_to(part).as_posix()
            target = self.fresh / name
            if target.exists():
                raise FileExistsError(f"{name} was already written by another notebook")
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(path, target)
            outputs[name] = file_sha256(target)
        return outputs

    def carry_over(self, names: list[str]) -> None:
        """Copy files of the earlier results into the fresh folder."""
        for name in names:
            (self.fresh / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.final / name, self.fresh / name)

    def missing(self, notebook: str, declared: tuple[str, ...]) -> list[str]:
        """Declared outputs, or patterns, for which the notebook left no file."""
        part = self.parts / notebook
        return [pattern for pattern in declared if not any(p.is_file() for p in part.glob(pattern))]

    def commit(self, fresh: Path | None = None) -> None:
        """Put the fresh folder, or that of an attempt, in the place of the old one; sweeps stay."""
        if self.final.exists():
            self.final.rename(self.old)
        (fresh or self.fresh).rename(self.final)
        self._keep_sweeps()
        for folder in (self.old, self.parts, self.failed):
            shutil.rmtree(folder, ignore_errors=True)

    def keep_failed(self, names: list[str]) -> None:
        """Keep the failed notebooks for reading; the earlier results stay as they are."""
        shutil.rmtree(self.failed, ignore_errors=True)
        self.failed.mkdir(parents=True)
        for name in names:
            executed = self.executed(name)
            if executed.is_file():
                shutil.copy2(executed, self.failed / executed.name)

    def discard(self) -> None:
        """Drop whatever is half made."""
        for folder in (self.fresh, self.parts, self.rows):
            shutil.rmtree(folder, ignore_errors=True)
        self._drop_leftovers()

    def executed(self, notebook: str) -> Path:
        """Where the executed notebook lies among what it wrote."""
        return self.parts / notebook / "notebooks" / f"{notebook}.ipynb"

    def _drop_leftovers(self) -> None:
        for pattern in self._leftovers:
            for leftover in self.root.glob(pattern):
                shutil.rmtree(leftover, ignore_errors=True)

    def _keep_sweeps(self) -> None:
        if (self.old / SWEEPS).is_dir() and not (self.final / SWEEPS).exists():
            (self.old / SWEEPS).rename(self.final / SWEEPS)


def make_part(folder: Path) -> None:
    """Make the folders into which one notebook writes."""
    for name in ("figures", "notebooks", "tables"):
        (folder / name).mkdir(parents=True, exist_ok=True)


def _link(path: Path, target: Path) -> None:
    """The same file under a second name; a copy where the file system knows no such thing."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)
