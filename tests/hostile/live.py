"""What of a page, a notebook or a table is alive: could run, load, lead away, or be taken for a formula."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from bs4 import BeautifulSoup

_RUNS = {"script", "iframe", "object", "embed", "link", "base", "form", "applet", "frame"}
_LEADS = {"href", "src", "style", "srcset", "action"}
_STARTS = "=+-@\t\r＝＋－＠"


def alive_in_html(markup: str) -> list[str]:
    """Tags that run, attributes that run or load, and what holds the payload's address outside of text."""
    found = []
    for tag in BeautifulSoup(markup, "html.parser").find_all(True):
        if tag.name in _RUNS:
            found.append(f"<{tag.name}>")
        if tag.name == "style" and re.search(r"@import|url\(|pwned", tag.get_text()):
            found.append("a style sheet that loads")
        for name, value in tag.attrs.items():
            text = " ".join(value) if isinstance(value, list) else str(value)
            if name.startswith("on"):
                found.append(f"<{tag.name} {name}>")
            elif name in _LEADS and re.search(r"pwned\.invalid|javascript:", text):
                found.append(f"<{tag.name} {name}={text[:60]}>")
            elif name == "src" and not text.startswith("data:image/"):
                found.append(f"<{tag.name} src={text[:60]}>")
    return found


def alive_in_markdown(text: str) -> list[str]:
    """What a Markdown reader would make of a text, beside the raw HTML in it."""
    import mistune

    whole = mistune.create_markdown(escape=False, plugins=["url", "table", "strikethrough"])(text)
    return alive_in_html(str(whole))


def alive_in_notebook(path: Path) -> list[str]:
    """The same of every output and every Markdown cell of a notebook."""
    found = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            data = {k: "".join(v) if isinstance(v, list) else v for k, v in output.get("data", {}).items()}
            found += alive_in_html(data.get("text/html", "")) + alive_in_markdown(data.get("text/markdown", ""))
            found += [kind for kind in data if "javascript" in kind or "widget" in kind]
    return found


def formulas_in(path: Path) -> list[str]:
    """Cells of a CSV file that a spreadsheet would run."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [cell for row in csv.reader(stream) for cell in row if _is_formula(cell)]


def _is_formula(cell: str) -> bool:
    if not cell.lstrip(" ") or cell.lstrip(" ")[0] not in _STARTS:
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return False
