"""The bench as an application: no code, behind its token, nothing from elsewhere, open to everybody, and quick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.looking import barriers, too_wide, watched, without_words
from tests.browser.serving import Server

pytestmark = pytest.mark.slow
VISIBLE = "img.unrounded-picture >> visible=true"


def test_it_wants_its_token(bench: Server) -> None:
    _, address = bench.status("/", token=False)
    assert "/login" in address


def test_the_page(browser: Any, bench: Server, keep: Callable[..., None]) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(60_000)
    with watched(page, own=f"127.0.0.1:{bench.port}/") as wrong:
        page.goto(bench.url("/"))
        page.wait_for_selector(VISIBLE)
        assert page.locator(".jp-InputArea-editor >> visible=true").count() == 0
        assert page.locator("text=full_answer").count() == 0
        page.wait_for_function("[...document.images].every(i => i.complete)")
        assert without_words(page) == []
        assert barriers(page) == []
        page.get_by_label("upper").first.fill("87.50")
        page.get_by_text("Yes: two histories").wait_for()
        page.get_by_text("from the ledger of the paper as printed").wait_for()
        page.get_by_role("button", name="Draw a timeline").click()
        page.locator("img.unrounded-picture[alt*='not observed'][alt*='reconstructed curve']").wait_for()
        page.get_by_label("worst case").check()
        page.locator("img.unrounded-picture[alt*='with worst case']").wait_for()
        assert barriers(page) == []
        for width in (1400, 800, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(150)
            assert too_wide(page) <= 0, width
        page.get_by_label("study", exact=True).select_option("a paper of your own")
        page.get_by_role("button", name="Verdict").wait_for()
        assert barriers(page) == []
    assert wrong == []
    page.close()
