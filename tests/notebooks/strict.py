"""A pytest plugin that makes nbval strict: figures are compared, kernels start alike, no cell hangs for long.

Loaded by ``addopts`` in pyproject.toml; without ``--nbval`` it does nothing.
"""

from __future__ import annotations

import os
import tempfile
from typing import Any

import pytest

CELL_TIMEOUT = 300.0
_NBVAL_DEFAULT_TIMEOUT = 2000
_own_folders: list[tempfile.TemporaryDirectory[str]] = []


def pytest_configure(config: pytest.Config) -> None:
    """Set the cell timeout and the environment of the kernels, unless the command line says otherwise."""
    if not getattr(config.option, "nbval", False):
        return
    from helpers.suite.execution import kernel_environment

    if config.option.nbval_cell_timeout == _NBVAL_DEFAULT_TIMEOUT:
        config.option.nbval_cell_timeout = CELL_TIMEOUT
    _own_folders.append(tempfile.TemporaryDirectory(prefix="unrounded-ipython-"))
    os.environ.update(kernel_environment() | {"IPYTHONDIR": _own_folders[-1].name})
    os.environ.pop("MPLBACKEND", None)


def pytest_collectstart(collector: Any) -> None:
    """Take images out of what nbval skips when it compares outputs; put the random names of widgets into it.

    What stands in a widget's place where there is none, in text/markdown and text/plain, is compared like all else.
    """
    if type(collector).__name__ == "IPyNbFile":
        from helpers.suite.tidy import WIDGET_VIEW

        kept = (kind for kind in collector.skip_compare if not kind.startswith("image/"))
        collector.skip_compare = (*kept, WIDGET_VIEW)


def pytest_unconfigure() -> None:
    """Remove the kernels' own folder."""
    while _own_folders:
        _own_folders.pop().cleanup()
