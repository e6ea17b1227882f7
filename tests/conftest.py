"""What all tests share: no example fails for being slow on a busy machine; one browser, as two cannot be driven."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from hypothesis import settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium without a window, as the system has it."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: nothing is looked at in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic", "--disable-gpu"]
        )
        yield chromium
        chromium.close()
