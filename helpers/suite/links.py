"""Links that open a copy of this repository elsewhere: Binder and Colab, made from the address that the copy has.

``python -m helpers.suite.links`` reads the address from git; nothing is assumed about where the repository is.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from dataclasses import dataclass
from urllib.parse import quote

from helpers.errors import InputError, Problem
from helpers.paths import PROJECT

BINDER = "https://mybinder.org"
COLAB = "https://colab.research.google.com"
START = "notebooks/index.ipynb"
_GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?github\.com/|git@github\.com:|ssh://git@github\.com/)([\w.-]+)/([\w.-]+?)(?:\.git)?/?"
)
_HTTPS = re.compile(r"https://(?:[^@/\s]+@)?([\w.-]+(?::\d+)?/[\w./~-]+?)(?:\.git)?/?")


@dataclass(frozen=True)
class Links:
    """Where a copy can be opened; `colab` is empty where Colab cannot open notebooks from that host."""

    binder: str
    colab: str
    first_cell: str


def links(address: str, branch: str = "main", notebook: str = START) -> Links:
    """The links for a repository.

    Parameters
    ----------
    address : as ``git remote get-url origin`` prints it: https or ssh, without a secret in what comes out.
    branch : branch or tag to open.
    notebook : what is opened first.

    Raises
    ------
    InputError
        where the address is one of this machine only, or none at all.

    Examples
    --------
    >>> links("git@github.com:someone/copy.git").colab
    'https://colab.research.google.com/github/someone/copy/blob/main/notebooks/index.ipynb'
    """
    path = quote(f"lab/tree/{notebook}", safe="")
    github = _GITHUB.fullmatch(address)
    if github is not None:
        owner, name = github.groups()
        clone = f"https://github.com/{owner}/{name}"
        binder = f"{BINDER}/v2/gh/{owner}/{name}/{quote(branch, safe='')}?urlpath={path}"
        return Links(
            binder, f"{COLAB}/github/{owner}/{name}/blob/{quote(branch)}/{notebook}", first_cell(clone, branch)
        )
    https = _HTTPS.fullmatch(address)
    if https is None:
        raise InputError(
            Problem("this copy has no public address, so nobody else can open it",
                    "publish it, or name the address: --remote https://…", found=address)
        )  # fmt: skip
    clone = f"https://{https[1]}"
    binder = f"{BINDER}/v2/git/{quote(clone, safe='')}/{quote(branch, safe='')}?urlpath={path}"
    return Links(binder, "", first_cell(clone, branch))


def first_cell(clone: str, branch: str) -> str:
    """The first cell of a session on Colab or another hosted notebook: the copy, and exactly the locked packages."""
    return (
        f"!git clone --quiet --depth 1 --branch {branch} {clone} unrounded\n"
        "%cd unrounded/notebooks\n"
        "!python -m pip install --quiet --require-hashes -r ../requirements.lock\n"
        "!python -m pip install --quiet --no-deps --no-build-isolation -e ..\n"
        "# then: Runtime, Restart session; and once more: %cd unrounded/notebooks"
    )


def origin() -> str:
    """The address of this copy as git knows it; empty where there is none."""
    command = ["git", "remote", "get-url", "origin"]
    try:
        ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return ""
    return ended.stdout.strip() if ended.returncode == 0 else ""


def main(arguments: list[str] | None = None) -> int:
    """Print badges and the first cell for a README or a message."""
    parser = argparse.ArgumentParser(prog="python -m helpers.suite.links", description=__doc__)
    parser.add_argument("--remote", default="", help="address of the repository (default: that of git's origin)")
    parser.add_argument("--branch", default="main")
    chosen = parser.parse_args(arguments)
    try:
        found = links(chosen.remote or origin(), chosen.branch)
    except InputError as error:
        print(error)
        return error.exit_code
    print(f"[![Open in Binder]({BINDER}/badge_logo.svg)]({found.binder})")
    if found.colab:
        print(f"[![Open in Colab]({COLAB}/assets/colab-badge.svg)]({found.colab})")
    print(f"\nFirst cell on Colab or another hosted notebook:\n\n{found.first_cell}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
