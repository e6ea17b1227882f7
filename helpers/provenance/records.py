"""What the three records of a results folder say of its files: SHA256SUMS, manifest.json, ro-crate-metadata.json."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from helpers.provenance import CRATE, MANIFEST, SUMS
from helpers.provenance.holding import Holding
from helpers.provenance.sums import read_sums

Sums = dict[str, str]
UNREADABLE = (OSError, ValueError, EOFError, RecursionError, NotImplementedError, zipfile.BadZipFile, zlib.error)
UNCOVERED: Mapping[str, frozenset[str]] = {
    SUMS: frozenset({SUMS}),
    MANIFEST: frozenset({MANIFEST, CRATE, SUMS}),
    CRATE: frozenset({CRATE, SUMS}),
}
_SHA256 = re.compile(r"[0-9a-f]{64}")


def read_record(held: Holding, name: str) -> Sums:
    """Path to sha256 in one of the records. Raises one of `UNREADABLE` for what is none."""
    sums = _READERS[name](held.read(name).decode("utf-8"))
    for path, sha256 in sums.items():
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            raise ValueError(f"no sha256 for {path}")
    return sums


def read_object(text: str) -> dict[str, Any]:
    """A JSON object. Raises ValueError for anything else."""
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError("not an object")
    return content


def _manifest(text: str) -> Sums:
    content = read_object(text)
    try:
        sums: Sums = dict(content["report"])
        for entry in content["notebooks"].values():
            sums |= entry["outputs"]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a manifest of this suite") from error
    return sums


def _crate(text: str) -> Sums:
    """The sums of the files that are parts of the crate, under their paths as they are in the folder."""
    content = read_object(text)
    try:
        entities = [entity for entity in content["@graph"] if "File" in _types(entity) and "sha256" in entity]
        sums = {unquote(entity["@id"]).removeprefix("./"): entity["sha256"] for entity in entities}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a crate of this suite") from error
    if len(sums) != len(entities):
        raise ValueError("a file is described twice")
    return sums


def _types(entity: Mapping[str, Any]) -> list[str]:
    kind = entity["@type"]
    return [kind] if isinstance(kind, str) else list(kind)


_READERS: Mapping[str, Callable[[str], Sums]] = {SUMS: read_sums, MANIFEST: _manifest, CRATE: _crate}
