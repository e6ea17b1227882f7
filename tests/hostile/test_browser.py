"""The poisoned report in a real browser: no script runs, no request leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hostile.poison import IMAGE, SCRIPT

pytestmark = pytest.mark.slow


def visit(browser: Any, path: Path) -> tuple[list[str], bool]:
    """Requests for anything but the page itself that the policy let out, and whether a payload ran."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: asked.remove(request.url) if request.failure == "csp" else None)
    page.goto(path.as_uri(), wait_until="load", timeout=120_000)
    page.mouse.move(200, 200)
    page.wait_for_timeout(300)
    ran = bool(page.evaluate("() => window.pwned === 1"))
    page.close()
    return [url for url in asked if not url.startswith("data:") and url != path.as_uri()], ran


def test_the_payload_would_run(browser: Any, tmp_path: Path) -> None:
    bare = tmp_path / "bare.html"
    bare.write_text(f"<!doctype html><body>{SCRIPT}{IMAGE}</body>", encoding="utf-8")
    asked, ran = visit(browser, bare)
    assert ran and any("pwned.invalid" in url for url in asked)


def test_the_policy_alone_stops_it(browser: Any, poisoned: Path, tmp_path: Path) -> None:
    index = (poisoned / "index.html").read_text(encoding="utf-8")
    bad = tmp_path / "bad.html"
    bad.write_text(index.replace("</main>", f"{SCRIPT}{IMAGE}</main>", 1), encoding="utf-8")
    assert SCRIPT in bad.read_text(encoding="utf-8")
    asked, ran = visit(browser, bad)
    assert not ran and not [url for url in asked if "pwned" in url.partition("?")[0].rpartition("/")[0]]


def test_nothing_runs_and_nothing_is_asked_for(browser: Any, poisoned: Path) -> None:
    for path in sorted(poisoned.rglob("*.html")):
        asked, ran = visit(browser, path)
        assert not ran, path.name
        assert not asked, (path.name, asked)
