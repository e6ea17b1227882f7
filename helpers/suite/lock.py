"""One run at a time in one results folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from helpers.errors import InputError, Problem
from helpers.paths import shown


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock file for the length of a block.

    The operating system drops the lock when its holder dies, however it dies, so a file left behind by a
    killed run never blocks the next one. Raises InputError, naming the holder's process id, if another run
    holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        stream = path.open("a+", encoding="utf-8")
        if not _try_lock(stream):
            stream.seek(0)
            holder = stream.read().strip() or "unknown"
            stream.close()
            raise InputError(
                Problem(
                    f"another run is writing to {shown(path.parent)} (process {holder})",
                    "wait until it has ended, or give this one another folder with --out DIR",
                )
            )
        if path.exists() and os.path.samestat(os.fstat(stream.fileno()), path.stat()):
            break
        stream.close()  # the last holder removed the file between our opening and locking it
    try:
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield
    finally:
        path.unlink(missing_ok=True)
        stream.close()


def _try_lock(stream: IO[str]) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
