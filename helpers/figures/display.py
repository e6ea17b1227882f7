"""Bring figures and sentences into a notebook, with alt text, caption and the same bytes on every run."""

from __future__ import annotations

import base64
import html
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.errors import printable
from helpers.figures.style import use_style
from helpers.paths import PROJECT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 144
CSS_PIXELS_PER_INCH = 96
_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_MARKDOWN = re.compile(r"([\\`*_\[\]#|~$])")
_FORMULA = re.compile(r"\\\\(?=\\?[()\[\]]|begin|end)")
_LINK = re.compile(r":(?=//)|(?i:(?<=www)\.)|@")
_ADDRESS = re.compile(r":(?=//)|(?i:(?<=www)\.)")
_TAG = re.compile(r"<(?!/?span>)(?=[A-Za-z/!?])")
_TARGET = re.compile(r"\]\((?![A-Za-z0-9_#][A-Za-z0-9_./#-]*\))")


def show(
    figure: Figure,
    *,
    name: str,
    alt: str,
    caption: str,
    results_dir: str | Path = "",
    notebook: str = "",
) -> None:
    """Display a figure in a notebook, its caption beneath, and write it as PNG, SVG and PDF if asked.

    Parameters
    ----------
    figure : matplotlib Figure
        Drawn by one of the figure functions; it is cleared and closed afterwards.
    name : str
        Short name in lower case, e.g. ``"flow"``; part of the file names.
    alt : str
        What the picture shows, in words, for those who do not see it. Must not be empty.
    caption : str
        Markdown. Says "reconstructed" where data are reconstructed.
    results_dir : str or Path
        Where to write ``figures/<notebook>-<name>.png`` and its ``.svg`` and ``.pdf``; empty writes nothing.
        A relative folder is taken from the project's root.
    notebook : str
        Name of the notebook, e.g. ``"01_cohort"``.

    Raises
    ------
    ValueError
        If `alt` or `caption` is blank or `name` is not a plain name.
    """
    alt, caption = _one_line(alt), caption.strip()
    if not alt:
        raise ValueError(f"figure {name!r} has no alt text: say in words what it shows")
    if not caption:
        raise ValueError(f"figure {name!r} has no caption")
    plain_name(name)
    png = render(figure, "png", alt)
    if results_dir:
        folder = results_folder(results_dir) / "figures"
        folder.mkdir(parents=True, exist_ok=True)
        stem = file_stem(notebook, name)
        (folder / f"{stem}.png").write_bytes(png)
        for kind in ("svg", "pdf"):
            (folder / f"{stem}.{kind}").write_bytes(render(figure, kind, alt))
    width = round(figure.get_figwidth() * CSS_PIXELS_PER_INCH)
    publish(
        {"image/png": base64.b64encode(png).decode("ascii"), "text/plain": alt},
        {"image/png": {"alt": alt, "width": width}},
    )
    say(f"**Figure.** {caption}")
    _close(figure)


def say(markdown: str) -> None:
    """Display a computed sentence or paragraph as Markdown (in text/plain the same text).

    Words from a study folder go through `literal` before; should some not have, they still cannot lead or load: HTML
    is shown as text, and only links to files beside the notebook are links.
    """
    text = inert(markdown.strip())
    publish({"text/markdown": text, "text/plain": text}, {})


def inert(markdown: str) -> str:
    """Markdown without HTML, and without links and pictures from elsewhere.

    >>> inert("**a** <b>b</b> [c](06_verdict.ipynb) ![d](http://x.org/e.png)")
    '**a** &lt;b>b&lt;/b> [c](06_verdict.ipynb) ![d]&#40;http&#58;//x.org/e.png)'
    """
    text = _TARGET.sub("]&#40;", _TAG.sub("&lt;", markdown)).replace("]:", "]&#58;")
    return _ADDRESS.sub(lambda match: f"&#{ord(match[0])};", text)


def literal(text: object) -> str:
    """A word from a study folder, safe to put into Markdown: shown as it is, never read as markup.

    >>> literal("a*b* <i>")
    'a\\\\*b\\\\* &lt;i&gt;'
    """
    one_line = printable(" ".join(str(text).split()))
    escaped = _MARKDOWN.sub(r"\\\1", html.escape(one_line, quote=False))
    # JupyterLab looks for \\( and \\begin before Markdown is read, and makes links of bare addresses.
    apart = _FORMULA.sub(lambda match: f"{match[0]}<span></span>", escaped)
    return _LINK.sub(lambda match: f"&#{ord(match[0])};", apart)


def render(figure: Figure, kind: str, alt: str = "") -> bytes:
    """The figure as PNG, SVG or PDF bytes that are the same on every run: no dates, no versions."""
    kinds: dict[str, dict[str, Any]] = {
        "png": {"Software": None},
        "svg": {"Date": None, "Creator": None, "Description": alt},
        "pdf": {"CreationDate": None, "Creator": None, "Producer": None, "Subject": alt},
    }
    buffer = io.BytesIO()
    with use_style():
        figure.savefig(buffer, format=kind, dpi=DPI, metadata=kinds[kind])
    return buffer.getvalue()


def results_folder(results_dir: str | Path) -> Path:
    """The folder that results go into; a relative one is taken from the project's root."""
    folder = Path(results_dir).expanduser()
    return folder if folder.is_absolute() else PROJECT / folder


def file_stem(notebook: str, name: str) -> str:
    """The stem of a result's file name, e.g. ``01_cohort-flow``."""
    return f"{plain_name(notebook)}-{plain_name(name)}" if notebook else plain_name(name)


def plain_name(name: str) -> str:
    """The name itself if it can be part of a file name everywhere. Raises ValueError otherwise."""
    if _NAME.fullmatch(name) is None:
        raise ValueError(f"not a plain name: {name!r} (lower-case letters, digits, - and _)")
    return name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def publish(data: dict[str, str], metadata: dict[str, Any]) -> None:
    """Display one output in a notebook under several content types."""
    from IPython.display import display

    display(data, raw=True, metadata=metadata)


def _close(figure: Figure) -> None:
    """Let go of the figure; one made with pyplot would otherwise be displayed a second time."""
    import sys

    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
    figure.clear()
