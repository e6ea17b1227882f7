"""What is asked of every page: no errors, nothing from elsewhere, pictures with words, and no barrier for anybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

GRAVE = ("serious", "critical")


@contextmanager
def watched(page: Any, own: str = "") -> Iterator[list[str]]:
    """Collect what goes wrong while a page is used: console errors, exceptions, failed and foreign requests."""
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda e: wrong.append(f"exception: {e}"))
    page.on("requestfailed", lambda r: wrong.append(f"failed: {r.url[:200]}"))

    def foreign(request: Any) -> None:
        address = request.url
        if address.startswith(("http:", "https:", "ws:", "wss:")) and not (own and own in address):
            wrong.append(f"foreign: {address[:200]}")

    page.on("request", foreign)
    yield wrong


def barriers(page: Any) -> list[str]:
    """Serious and critical findings of axe-core, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{v['impact']} {v['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for v in found
        if v["impact"] in GRAVE
        for node in v["nodes"]
    ]


def without_words(page: Any) -> list[str]:
    """Pictures without alternative text."""
    return page.evaluate(
        "[...document.images].filter(i => !(i.alt || '').trim() && i.getAttribute('role') !== 'presentation' "
        "&& i.offsetParent).map(i => i.outerHTML.slice(0, 120))"
    )


def too_wide(page: Any) -> float:
    """By how many pixels a page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
