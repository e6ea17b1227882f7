"""The report of a run in a browser: every link leads somewhere, every picture has words, no barrier, at any width."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup

from tests.browser.looking import barriers, too_wide, watched, without_words

pytestmark = pytest.mark.slow
WIDTHS = (360, 800, 1400)


def pages(report: Path) -> list[Path]:
    return [report / "index.html", *sorted((report / "pages").glob("*.html"))]


def test_every_link_leads_somewhere(report: Path) -> None:
    for path in pages(report):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for link in soup.find_all("a", href=True):
            address, anchor = urldefrag(str(link["href"]))
            if address.startswith(("https:", "mailto:")):
                continue
            target = (path.parent / unquote(address)).resolve() if address else path
            assert target.is_file(), f"{path.name}: {address}"
            if anchor:
                there = soup if target == path else BeautifulSoup(target.read_text(encoding="utf-8"), "html.parser")
                assert there.find(id=unquote(anchor)), f"{path.name}: #{anchor}"


def test_every_figure_is_there_for_screen_and_print(report: Path) -> None:
    stems = {path.stem for path in (report / "figures").glob("*.png")}
    assert len(stems) > 10
    for kind in ("svg", "pdf"):
        assert {path.stem for path in (report / "figures").glob(f"*.{kind}")} == stems


def test_following_the_links_reads_every_page(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    with watched(page) as wrong:
        page.goto((report / "index.html").as_uri())
        with page.expect_navigation():
            page.locator("ol.reading a").first.click()
        seen = [page.title()]
        while page.locator("a[rel=next]").count():
            with page.expect_navigation():
                page.locator("a[rel=next]").last.click()
            seen.append(page.title())
        assert len(seen) == len(set(seen)) == 6
        with page.expect_navigation():
            page.get_by_text("The report", exact=True).click()
        assert page.url.endswith("index.html")
    assert wrong == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_open_to_everybody_at_every_width(browser: Any, report: Path, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1000, "height": 800}, color_scheme=scheme)
    with watched(page) as wrong:
        for path in pages(report):
            page.goto(path.as_uri())
            assert without_words(page) == [], path.name
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                assert too_wide(page) <= 0, f"{path.name} at {width}"
            assert barriers(page) == [], path.name
    assert wrong == []
    page.close()


def test_the_search_for_what_is_wrong_finds_it(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 800})
    with watched(page) as wrong:
        page.set_content(
            "<html lang=en><title>x</title><main><h1 style='color:#ccc;background:#fff'>pale</h1><input>"
            "<img src='data:,' width=20 height=20><div style='width:900px'>w</div><script>throw Error('no')</script>"
        )
        assert {line.split()[1].rstrip(":") for line in barriers(page)} >= {"color-contrast", "label", "image-alt"}
        assert len(without_words(page)) == 1
        assert too_wide(page) > 400
    assert any("no" in line for line in wrong)
    page.close()


def test_pictures_of_the_report(browser: Any, report: Path, keep: Callable[..., None]) -> None:
    page = browser.new_page(viewport={"width": 1100, "height": 950}, device_scale_factor=1)
    page.goto((report / "index.html").as_uri())
    keep(page, "report")
    page.close()
