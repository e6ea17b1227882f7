"""The two files of a study folder as text: found, small, regular, inside the folder, and valid UTF-8."""

from __future__ import annotations

import stat
from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.paths import shown

MAX_BYTES = {"study.yaml": 64 * 1024, "claims.csv": 5 * 1024 * 1024}
_OTHER_ENCODINGS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "an Excel workbook or zip file",
}


def read_text(folder: Path, name: str) -> str:
    """Read one file of a study folder.

    Parameters
    ----------
    folder : the study folder.
    name : ``study.yaml`` or ``claims.csv``; each has its own limit in `MAX_BYTES`, checked before reading.

    Returns
    -------
    The text without a byte order mark; line ends are left as they are.

    Raises
    ------
    InputError
        The file is missing, no regular file, a link out of the folder, too large, unreadable, or not UTF-8.
    """
    path, limit = folder / name, MAX_BYTES[name]
    file = f"{shown(folder)}/{name}"
    try:
        require_inside(path, folder, file)
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(Problem("this is not a regular file", f"put a text file named {name} here", file))
        if status.st_size > limit:
            raise _too_large(file, status.st_size, limit)
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except FileNotFoundError:
        remedy = "`unrounded new FOLDER` writes a commented study.yaml and claims.csv to fill in"
        raise InputError(Problem(f"the study folder has no {name}", remedy, file)) from None
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "a loop of links"
        raise InputError(Problem(f"cannot be read: {reason}", "check the file and its permissions", file)) from None
    if len(raw) > limit:
        raise _too_large(file, len(raw), limit)
    return decode(raw, file)


def require_inside(path: Path, folder: Path, file: str) -> None:
    """Raise InputError for a file that is a link out of its folder, OSError where it cannot be followed.

    A study folder may come from anywhere; it must not reach for other files of the person who reads it.
    """
    if not path.resolve(strict=True).is_relative_to(folder.resolve(strict=True)):
        message = "the file is a link that leaves the study folder"
        raise InputError(Problem(message, f"copy the file itself into {shown(folder)}", file))


def decode(raw: bytes, file: str) -> str:
    """Bytes as UTF-8 text, or an InputError that names the first bad byte (counted from 1) and its line."""
    for mark, encoding in _OTHER_ENCODINGS.items():
        if raw.startswith(mark):
            remedy = "save it as plain text in UTF-8 (in Excel: CSV UTF-8)"
            raise InputError(Problem(f"the file is {encoding}, not UTF-8 text", remedy, file))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line_of(raw, error.start)
        raise InputError(Problem(
            f"the file is not UTF-8: byte {error.start + 1} of the file cannot be read",
            "save the file in the encoding UTF-8 (in Excel: CSV UTF-8)",
            file, line, found=f"0x{raw[error.start]:02X}",
        )) from None  # fmt: skip
    if "\0" in text:
        position = raw.index(b"\0")
        raise InputError(
            Problem(
                f"the file holds a NUL character, as byte {position + 1} of the file",
                "delete the character, or save the file again as plain text",
                file,
                _line_of(raw, position),
                found="\0",
            )
        )
    return text.removeprefix("\ufeff")


def _line_of(raw: bytes, position: int) -> int:
    before = raw[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _too_large(file: str, size: int, limit: int) -> InputError:
    return InputError(
        Problem(
            f"the file is too large: {size:,} bytes; at most {limit:,} are read",
            "keep one row per printed statement, and nothing else, in the study folder's files",
            file,
        )
    )
