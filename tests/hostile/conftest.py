"""The poisoned study, run through the whole suite once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.poison import write_poisoned


@pytest.fixture(scope="session")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of the poisoned study."""
    from helpers.suite.run import Settings, plan, run

    root = tmp_path_factory.mktemp("poison")
    folder = write_poisoned(root / "<img src=x onerror=window.pwned=1>")
    return run(plan([str(folder)], Settings(out=root / "results", allow_identifiers=True))[0]).folder
