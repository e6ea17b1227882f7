"""The media type of each kind of file that results hold."""

from __future__ import annotations

from pathlib import PurePosixPath

OTHER = "application/octet-stream"
_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".yaml": "application/yaml",
}


def media_type(name: str) -> str:
    """The media type of a file by its name; not `mimetypes`, which answers differently from machine to machine.

    >>> media_type("tables/04_survival-medians.csv"), media_type("SHA256SUMS")
    ('text/csv', 'text/plain')
    """
    path = PurePosixPath(name)
    return "text/plain" if path.name == "SHA256SUMS" else _TYPES.get(path.suffix.lower(), OTHER)
