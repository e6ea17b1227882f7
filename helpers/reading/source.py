"""A file as text: plain text, HTML, or a PDF with a text layer; of a longer document the abstract alone."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from helpers.errors import InputError, Problem
from helpers.paths import shown

MAX_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 200_000
MAX_PAGES = 30
_LEAST = 20
_MOST_HEADINGS = 10
_TAKES = "save the abstract as plain text (UTF-8), HTML, or PDF with a text layer"
_LINE = r"^[ \t]{0,8}(?:#{1,6} {0,3})?\*{0,2}"
_BLANK = r"[ \t]{0,8}"
_BEGIN = re.compile(
    rf"(?im){_LINE}(?:abstract|summary|structured abstract|摘 {{0,4}}要|【摘要】|\[摘要\])\*{{0,2}}"
    rf"{_BLANK}[:：]?{_BLANK}$|^{_BLANK}[【\[]?摘 {{0,4}}要[】\]]?{_BLANK}[:：]?"
)
_FINISH = re.compile(
    rf"(?im){_LINE}(?:(?:1\.? )?introduction|key ?words?|index terms|references|acknowledge?ments?|linked entities"
    r"|full[- ]text[^\n]{0,40}|figures|关键词|【关键词】|\[关键词\]|参考文献|引言|前言)\*{0,2}"
    rf"{_BLANK}(?:[:：][^\n]*)?$|^{_BLANK}[【\[]?关键词|【关键词】"
)


@dataclass(frozen=True)
class Source:
    """The text of a file. `part` says which part of a longer document it is, and is empty where it is all of it."""

    text: str
    title: str = ""
    part: str = ""
    around: str = ""


def read_source(path: Path) -> Source:
    """Read the abstract in a file.

    Parameters
    ----------
    path : a .txt, .md, .html or .pdf file; what is in it decides, not its name.

    Raises
    ------
    InputError
        There is no such file, it is too large, it is no text, it has no text layer, or hardly any text at all.
    """
    raw = _bytes(path)
    title = ""
    if raw.startswith(b"%PDF"):
        text = _from_pdf(raw, path)
    else:
        text = _decoded(raw, path)
        if _is_html(text):
            text, title = _from_html(text, path)
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        part = f"the first {MAX_CHARACTERS:,} characters"
    else:
        part = ""
    whole, abstract = text, abstract_of(text)
    if abstract is not None:
        title = title or _first_line(text)
        text, part = abstract, "the abstract; the rest of the document was not read"
    if len(re.sub(r"\s", "", text)) < _LEAST:
        raise InputError(Problem("the file holds hardly any text", _TAKES, shown(path)))
    return Source(text, title, part, whole if abstract is not None else "")


def abstract_of(text: str) -> str | None:
    """The part of a document under the heading Abstract (or 摘要), or None where there is no such heading.

    >>> abstract_of("A title\\n\\nAbstract\\nWe treated 22 patients.\\n\\nKeywords: CAR-T\\n").strip()
    'We treated 22 patients.'
    """
    parts = []
    for begin in islice(_BEGIN.finditer(text), _MOST_HEADINGS):
        finish = _FINISH.search(text, begin.end())
        parts.append(text[begin.end() : finish.start() if finish else len(text)])
    parts = [part for part in parts if re.search(r"[0-9]", part) and len(part.strip()) > _LEAST]
    return "\n\n".join(parts) if parts and len(parts) <= 3 else (parts[0] if parts else None)


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line.lstrip("#*").strip() if len(line) <= 300 else ""


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(Problem("this is a folder, not a file", "name the file with the abstract", shown(path)))
        if not path.is_file():
            raise InputError(Problem("there is no such file", "name the file with the abstract", found=str(path)))
        size = path.stat().st_size
        if size > MAX_BYTES:
            message = f"the file is too large: {size:,} bytes; at most {MAX_BYTES:,} are read"
            raise InputError(Problem(message, "save the page with the abstract as a file of its own", shown(path)))
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            Problem(f"the file cannot be read: {reason}", "check the path and its rights", found=str(path))
        ) from None
    if not raw.strip():
        raise InputError(Problem("the file is empty", _TAKES, shown(path)))
    return raw


_KINDS = {
    b"PK\x03\x04": "a Word or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a rich text file",
    b"\x1f\x8b": "a compressed file",
}


def _decoded(raw: bytes, path: Path) -> str:
    """Bytes as text: UTF-8, UTF-16 by its mark, or GB 18030 where the bytes are good Chinese."""
    for mark, kind in _KINDS.items():
        if raw.startswith(mark):
            raise InputError(Problem(f"this is {kind}, not text", _TAKES, shown(path)))
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = sum(1 for c in text[:20_000] if c == "\ufffd" or (ord(c) < 32 and c not in "\t\n\r\f\v"))
        if odd > len(text[:20_000]) // 100 or (encoding == "gb18030" and not _is_chinese(text)):
            continue
        return text
    raise InputError(Problem("the file is not text", _TAKES, shown(path)))


def _is_chinese(text: str) -> bool:
    """Whether the characters beyond ASCII are those of Chinese writing, as they are where the encoding is right."""
    odd = [c for c in text[:20_000] if ord(c) > 127]
    common = sum("\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in odd)
    return common > 0.9 * len(odd)


def _is_html(text: str) -> bool:
    head = text[:2000].lstrip().lower()
    return (
        head.startswith(("<!doctype html", "<html", "<?xml", "<article", "<head", "<body", "<div", "<p>", "<section"))
        or "<body" in head
    )


def _from_html(text: str, path: Path) -> tuple[str, str]:
    """The text of an HTML page: of its abstract if it has one, else of its main part; and its title."""
    from bs4 import BeautifulSoup

    try:
        page = BeautifulSoup(text, "html.parser")
    except Exception as error:  # whatever a parser makes of a broken page, the reader gets two lines
        raise InputError(
            Problem(f"the page cannot be taken apart: {type(error).__name__}", _TAKES, shown(path))
        ) from None
    for tag in page(["script", "style", "nav", "header", "footer", "noscript", "svg", "form", "button"]):
        tag.decompose()
    heading = page.find("h1") or page.find("title")
    title = " ".join(heading.get_text(" ").split()) if heading else ""
    part = _abstract_element(page) or page.find("article") or page.find("main") or page.body or page
    for tag in part(["br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "section"]):
        tag.insert_before("\n\n")
        tag.insert_after("\n\n")
    for tag in part(["sup"]):
        if re.fullmatch(r"[0-9, –-]+", tag.get_text()) and not re.search(r"10\s*$", str(tag.previous_sibling or "")):
            tag.decompose()
    return part.get_text(), title


def _abstract_element(page: Any) -> Any:
    """The element of a page that its id, class or heading calls the abstract, the longest of them."""
    named = page.find_all(attrs={"class": re.compile(r"abstract", re.IGNORECASE)}) + page.find_all(
        attrs={"id": re.compile(r"abstract", re.IGNORECASE)}
    )
    fitting = [
        (len(tag.get_text()), n, tag)
        for n, tag in enumerate(named)
        if re.search(r"[0-9]", tag.get_text()) and len(tag.get_text()) > 200
    ]
    return max(fitting)[2] if fitting else None


def _from_pdf(raw: bytes, path: Path) -> str:
    """The text layer of the first pages of a PDF."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        remedy = "install pypdf (`pip install pypdf`), or save the abstract as plain text"
        raise InputError(
            Problem("PDF files need the package pypdf, which is not installed", remedy, shown(path))
        ) from None
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        document = PdfReader(io.BytesIO(raw))
        if document.is_encrypted and not document.decrypt(""):
            raise InputError(
                Problem("the PDF is protected by a password", "save it without one, or copy its text", shown(path))
            )
        text = "\n\n".join(page.extract_text() for page in document.pages[:MAX_PAGES])
    except InputError:
        raise
    except (PyPdfError, Exception) as error:  # a damaged file may break the parser anywhere
        reason = type(error).__name__
        raise InputError(
            Problem(f"the PDF cannot be read ({reason})", "open and save it again, or copy its text", shown(path))
        ) from None
    if len(re.sub(r"\s", "", text)) < _LEAST:
        remedy = "run text recognition over it, or type the abstract into a text file"
        raise InputError(Problem("the PDF has no text layer: its pages are pictures", remedy, shown(path)))
    return text
