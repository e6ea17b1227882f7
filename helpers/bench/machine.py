"""The machine in a few words: what decides how long things take, and nothing that tells whose machine it is."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("numpy", "scipy", "pandas", "lifelines", "scikit-survival")


def machine() -> dict[str, str]:
    """Cores, processor family, operating system, Python, and the versions of the packages that matter."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    about = {
        "cores": str(cores),
        "processor": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }
    return about | {name: _version(name) for name in PACKAGES}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
