"""A results folder as it reached somebody: a folder or a zip archive, of which nothing is believed.

Members are found by looking, never by a path that a file inside names. An archive is read where it lies: nothing of it
is unpacked, so no path in it can lead anywhere.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from helpers.errors import InputError, Problem
from helpers.paths import shown
from helpers.provenance import CRATE, MANIFEST

MAX_BYTES = 4 * 2**30
MAX_MEMBERS = 100_000
MAX_RECORD = 64 * 2**20
JUNK = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"})  # what operating systems add by themselves


@dataclass(frozen=True)
class Holding:
    """Members by path below the results folder, each with how to open it; what was refused, and why."""

    name: str
    members: Mapping[str, Callable[[], IO[bytes]]]
    refused: Mapping[str, str] = field(default_factory=dict)
    junk: tuple[str, ...] = ()

    def read(self, path: str, limit: int = MAX_RECORD) -> bytes:
        """The bytes of one member. Raises ValueError if there are more than `limit`."""
        with self.members[path]() as stream:
            found = stream.read(limit + 1)
        if len(found) > limit:
            raise ValueError(f"larger than {limit // 2**20} MiB")
        return found

    def below(self, prefix: str) -> Holding:
        """What lies below a folder of it, as a holding of its own."""
        cut = len(prefix)
        return Holding(
            f"{self.name}/{prefix.rstrip('/')}",
            {path[cut:]: member for path, member in self.members.items() if path.startswith(prefix)},
            {path[cut:]: why for path, why in self.refused.items() if path.startswith(prefix)},
        )


@contextmanager
def hold(path: Path) -> Iterator[Holding]:
    """Open a results folder, or a zip archive of one.

    Raises
    ------
    InputError
        If there is nothing, it is no archive, it is too large, or there are no results in it.
    """
    if path.is_dir():
        yield _require_results(_folder(path), path)
        return
    if not path.is_file():
        raise InputError(Problem("there are no such results", "give a results folder or a zip of one", found=str(path)))
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(
            Problem(f"{shown(path)} cannot be read as a zip archive", "give a results folder or a zip of one")
        ) from error
    with archive:
        yield _require_results(_archive(archive, path), path)


def unsafe(name: str) -> str:
    """Why a path in an archive could lead out of it; empty if it cannot.

    >>> unsafe("tables/a.csv"), unsafe("../a.csv")
    ('', 'leads out of the folder')
    """
    if "\\" in name or ":" in name.split("/")[0] or any(not c.isprintable() for c in name):
        return "holds characters that mean something else elsewhere"
    if name.startswith("/") or ".." in PurePosixPath(name).parts:
        return "leads out of the folder"
    return ""


def _folder(path: Path) -> Holding:
    members: dict[str, Callable[[], IO[bytes]]] = {}
    refused: dict[str, str] = {}
    junk: list[str] = []
    total = 0
    for parent, folders, files in os.walk(path, followlinks=False):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        junk += [name for name in folders if name in JUNK]
        folders[:] = sorted(name for name in folders if name not in links and name not in JUNK)
        for name in sorted([*files, *links]):
            found = Path(parent) / name
            key = found.relative_to(path).as_posix()
            about = found.lstat()
            if name in JUNK:
                junk.append(name)
            elif not stat.S_ISREG(about.st_mode):
                refused[key] = "a link" if stat.S_ISLNK(about.st_mode) else "not a file"
            else:
                members[key] = _opener(found)
                total += about.st_size
            _require_bounded(path, len(members), total)
    return Holding(path.resolve().name, members, refused, tuple(sorted(set(junk))))


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _archive(archive: zipfile.ZipFile, path: Path) -> Holding:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    _require_bounded(path, len(entries), sum(entry.file_size for entry in entries))
    kept: dict[str, zipfile.ZipInfo] = {}
    refused: dict[str, str] = {}
    junk: set[str] = set()
    for entry in entries:
        # what the archive says, not what zipfile makes of it on this system
        name = entry.orig_filename
        mode = entry.external_attr >> 16
        if set(name.split("/")) & JUNK:
            junk |= set(name.split("/")) & JUNK
        elif why := unsafe(name):
            refused[name] = why
        elif stat.S_ISLNK(mode):
            refused[name] = "a link"
        elif entry.flag_bits & 1:
            refused[name] = "encrypted"
        elif name in kept:
            refused[name] = "twice in the archive"
        else:
            kept[name] = entry
    top = _top(kept)
    members = {name[len(top) :]: _entry(archive, entry) for name, entry in kept.items() if name.startswith(top)}
    refused |= {name: "beside the results folder" for name in kept if not name.startswith(top)}
    refused = {name.removeprefix(top): why for name, why in refused.items()}
    return Holding(path.name, members, refused, tuple(sorted(junk)))


def _top(names: Mapping[str, object]) -> str:
    """The folder of the archive in which the results lie: that of the manifest, or crate, nearest to its root."""
    found = [name for name in names if name.rpartition("/")[2] in (MANIFEST, CRATE)]
    nearest = min(found, key=lambda name: (name.count("/"), name), default="")
    return nearest[: nearest.rfind("/") + 1]


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(entry)


def _require_bounded(path: Path, members: int, total: int) -> None:
    if members > MAX_MEMBERS or total > MAX_BYTES:
        size = f"{members} files, {total / 2**30:.1f} GiB"
        raise InputError(
            Problem(f"{shown(path)} is larger than results are", "give the folder of one study's results", found=size)
        )


def _require_results(held: Holding, path: Path) -> Holding:
    if MANIFEST not in held.members and CRATE not in held.members:
        raise InputError(
            Problem(
                f"{shown(path)} holds no results: neither {MANIFEST} nor {CRATE}",
                "give the folder that `unrounded run` wrote, results/<study>, or a zip of it",
            )
        )
    return held
