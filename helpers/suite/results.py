"""The results folder: built beside the old one, put in its place only when all is well."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.paths import shown
from helpers.suite.hashing import file_sha256, files_below

FOLDERS = ("figures", "notebooks", "pages", "tables")


class Place:
    """Where the results of one study live below a root, and the hidden folders used while they are made."""

    def __init__(self, root: Path, study: str) -> None:
        """Name the folders; nothing is created yet."""
        self.root = root.resolve()
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
                shutil.rmtree(self.old)
            else:
                self.old.rename(self.final)
        for pattern in self._leftovers:
            for leftover in self.root.glob(pattern):
                shutil.rmtree(leftover)
        if self.final.exists() and not self._ours():
            raise InputError(
                Problem(
                    f"{shown(self.final)} exists and is not a results folder of this suite",
                    "move it away, or choose another place with --out DIR",
                )
            )

    def _ours(self) -> bool:
        return self.final.is_dir() and ((self.final / "manifest.json").is_file() or not any(self.final.iterdir()))

    def begin(self) -> None:
        """Make the fresh, empty folders."""
        for name in FOLDERS:
            (self.fresh / name).mkdir(parents=True)
        self.parts.mkdir()

    def part(self, notebook: str) -> Path:
        """The results folder that one notebook is given, so that its files are known to be its own."""
        folder = self.parts / notebook
        for name in ("figures", "tables"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        return folder

    def adopt(self, notebook: str) -> dict[str, str]:
        """Move what a notebook wrote into the fresh folder; path to sha256 of each file.

        Raises FileExistsError if another notebook wrote a file of the same name.
        """
        part = self.part(notebook)
        outputs: dict[str, str] = {}
        for path in sorted(files_below(part)):
            name = path.relative_to(part).as_posix()
            target = self.fresh / name
            if target.exists():
                raise FileExistsError(f"{name} was already written by another notebook")
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            outputs[name] = file_sha256(target)
        return outputs

    def carry_over(self, names: list[str]) -> None:
        """Copy files of the earlier results into the fresh folder."""
        for name in names:
            (self.fresh / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.final / name, self.fresh / name)

    def missing(self, notebook: str, declared: tuple[str, ...]) -> list[str]:
        """Declared outputs, or patterns, for which the notebook left no file."""
        part = self.part(notebook)
        return [pattern for pattern in declared if not any(p.is_file() for p in part.glob(pattern))]

    def commit(self) -> None:
        """Put the fresh folder in the place of the old one."""
        if self.final.exists():
            self.final.rename(self.old)
        self.fresh.rename(self.final)
        for folder in (self.old, self.parts, self.failed):
            shutil.rmtree(folder, ignore_errors=True)

    def keep_failed(self, names: list[str]) -> None:
        """Keep the failed notebooks for reading; the earlier results stay as they are."""
        shutil.rmtree(self.failed, ignore_errors=True)
        self.failed.mkdir(parents=True)
        for name in names:
            executed = self.fresh / "notebooks" / f"{name}.ipynb"
            if executed.is_file():
                shutil.copy2(executed, self.failed / executed.name)

    def discard(self) -> None:
        """Drop whatever is half made."""
        for folder in (self.fresh, self.parts, self.rows):
            shutil.rmtree(folder, ignore_errors=True)
