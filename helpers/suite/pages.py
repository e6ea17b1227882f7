"""One executed notebook as one page of the report: self-contained, without scripts, its code folded away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode, from_dict
from pygments.formatters import HtmlFormatter

from helpers.suite.mathematics import formula
from helpers.suite.notebook import Notebook, picture_metadata, title

TEMPLATES = Path(__file__).resolve().parent / "templates"
FORBIDDEN = ("script", "link", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "form", "input",
             "button", "textarea", "select", "audio", "video", "source", "track", "animate", "set",
             "foreignobject")  # fmt: skip
_HARMLESS = re.compile(r"(?:https?:)?//|mailto:|[^:]*(?:[/?#]|\Z)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|svg\+xml);base64,")
_LOADS = re.compile(r"url\s*\(|@import|image-set|expression\s*\(|\\", re.IGNORECASE)


@dataclass(frozen=True)
class PageLink:
    """A page of the report: file name and title."""

    file: str
    title: str


class _Renderer(IPythonRenderer):
    """Markdown with headings that can be linked to and formulas as drawings."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f'<h{level} id="{slug(text)}">{text}</h{level}>\n'

    def inline_math(self, body: str) -> str:
        return formula(body)

    def block_math(self, body: str) -> str:
        return formula(body, display=True)

    def latex_environment(self, name: str, body: str) -> str:
        return formula(body, display=True)


class _PageExporter(HTMLExporter):
    """nbconvert with this suite's template and Markdown."""

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        attachments = context.get("cell", {}).get("attachments", {})
        return render_markdown(source, attachments)


def render_markdown(source: str, attachments: dict[str, Any] | None = None) -> str:
    """Markdown to HTML, formulas drawn."""
    renderer = _Renderer(escape=False, attachments=attachments or {}, embed_images=True, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))


def render_page(
    notebook: Notebook, name: str, study_title: str, before: PageLink | None, after: PageLink | None
) -> str:
    """The HTML of one page, with links to its neighbours and a table of contents."""
    exporter = _PageExporter(template_name="basic", template_file=str(TEMPLATES / "page.html.j2"))
    exporter.register_filter("about", lambda output, kind: picture_metadata(output, kind))
    exporter.register_filter("formula", formula)
    node: NotebookNode = from_dict(notebook)
    resources = {
        "page": {
            "name": name,
            "title": title(notebook) or name,
            "study": study_title,
            "before": before,
            "after": after,
            "css": style(),
        }
    }
    html, _ = exporter.from_notebook_node(node, resources=resources)
    return finish(html)


def finish(html: str) -> str:
    """Make headings unique and listed, put wide tables in boxes of their own, drop what could load or run."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(FORBIDDEN):
        tag.decompose()
    for tag in soup.find_all(True):
        if tag.name == "meta" and tag.find_parent("body") is not None:
            tag.decompose()
            continue
        for attribute in [a for a, value in tag.attrs.items() if not harmless(a, value)]:
            del tag.attrs[attribute]
    _unique_ids(soup)
    for table in soup.find_all("table"):
        if table.find_parent(class_="scroll") is None:
            caption = table.find(class_="gt_title") or table.find("caption")
            label = caption.get_text(" ", strip=True) if caption else "Table"
            box = soup.new_tag("div", attrs={"class": "scroll", "tabindex": "0", "role": "group", "aria-label": label})
            outer = table.parent if table.parent is not None and table.parent.find("style", recursive=False) else table
            outer.wrap(box)
    contents = soup.find(id="contents")
    if contents is not None:
        listed = [h for h in soup.select("main h2[id], main h3[id]") if (h.name == "h3") == _computed(h)]
        if sum(h.name == "h2" for h in listed) < 2:
            contents.decompose()
        else:
            contents.append(BeautifulSoup(_listing(listed), "html.parser"))
    return str(soup)


def harmless(attribute: str, value: object) -> bool:
    """Whether an attribute can neither run anything nor load anything by itself.

    >>> harmless("href", "https://doi.org/10.1/x"), harmless("href", " java\\tscript:x()"), harmless("onclick", "x()")
    (True, False, False)
    """
    name = attribute.lower().rpartition(":")[2]
    text = re.sub(r"[\x00-\x20\x7f]", "", " ".join(value) if isinstance(value, list) else str(value))
    if name.startswith("on") or name in ("srcset", "srcdoc", "formaction", "action", "background", "poster", "ping"):
        return False
    if name == "src":
        return _PICTURE.match(text) is not None
    if name == "href":
        return _HARMLESS.match(text) is not None
    return name != "style" or _LOADS.search(text) is None


def _computed(heading: Tag) -> bool:
    """Whether a heading is the output of a cell, as those of sections about patient-level rows are."""
    return heading.find_parent(class_="output") is not None


def _listing(headings: Sequence[Tag]) -> str:
    """Headings as a list of links, those of level three beneath the one of level two before them."""
    items: list[tuple[str, list[str]]] = []
    for heading in headings:
        link = f'<a href="#{escape(str(heading["id"]))}">{heading.decode_contents()}</a>'
        if heading.name == "h2" or not items:
            items.append((link, []))
        else:
            items[-1][1].append(f"<li>{link}</li>")
    lines = [f"<li>{link}{'<ol>' + ''.join(below) + '</ol>' if below else ''}</li>" for link, below in items]
    return f"<ol>{''.join(lines)}</ol>"


def _unique_ids(soup: BeautifulSoup) -> None:
    seen: set[str] = set()
    for heading in soup.find_all(re.compile("^h[1-6]$")):
        wanted = str(heading.get("id") or slug(heading.get_text()))
        number = 2
        unique = wanted
        while unique in seen:
            unique, number = f"{wanted}-{number}", number + 1
        seen.add(unique)
        heading["id"] = unique


def slug(html: str) -> str:
    """A heading as the name of an anchor.

    >>> slug("What the <em>paper</em> prints")
    'what-the-paper-prints'
    """
    plain = re.sub(r"<[^>]+>", "", html)
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "section"


def style() -> str:
    """The style sheet of all pages, the colours of code included, for light and dark screens."""
    own = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n{own}"


def links(titles: Sequence[tuple[str, str]]) -> list[PageLink]:
    """Page links for pairs of notebook name and title."""
    return [PageLink(f"{name}.html", text) for name, text in titles]
