"""Links are made from the address a copy really has, carry no secret, and are refused where there is none."""

from __future__ import annotations

import json
import os

import pytest

from helpers.errors import InputError
from helpers.paths import PROJECT
from helpers.suite.links import links, main


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/some-one/copy.git", "https://github.com/some-one/copy", "git@github.com:some-one/copy.git",
        "ssh://git@github.com/some-one/copy.git", "https://name:secret@github.com/some-one/copy.git",
    ],
)  # fmt: skip
def test_a_copy_on_github(address: str) -> None:
    found = links(address, "v1.0")
    assert found.binder.startswith("https://mybinder.org/v2/gh/some-one/copy/v1.0?urlpath=lab%2Ftree%2Fnotebooks%2F")
    assert found.colab.endswith("/github/some-one/copy/blob/v1.0/notebooks/index.ipynb")
    assert "--require-hashes -r ../requirements.lock" in found.first_cell
    assert "https://github.com/some-one/copy unrounded" in found.first_cell
    assert "secret" not in str(found)


def test_a_copy_elsewhere_has_no_colab_link() -> None:
    found = links("https://name:secret@git.example.org/group/copy.git")
    assert found.colab == "" and "/v2/git/https%3A%2F%2Fgit.example.org%2Fgroup%2Fcopy/main" in found.binder
    assert "secret" not in str(found)


@pytest.mark.parametrize("address", ["", "/srv/copy", "../copy", "file:///srv/copy", "ssh://host/copy"])
def test_a_copy_without_a_public_address_is_told_so(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="no public address"):
        links(address)
    if address:
        assert main(["--remote", address]) == 2
        assert "remedy" in capsys.readouterr().out


def test_what_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--remote", "https://github.com/some-one/copy", "--branch", "x"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("[![Open in") == 2 and "First cell" in printed


def test_binder_installs_the_package_and_the_container_uses_the_lock() -> None:
    script = PROJECT / "postBuild"
    assert os.access(script, os.X_OK) and "--no-deps" in script.read_text(encoding="utf-8")
    container = json.loads((PROJECT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert container["postCreateCommand"] == "make .venv/.set-up"
    assert ".venv/bin/python" in container["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert "STAMP := $(VENV)/.set-up" in (PROJECT / "Makefile").read_text(encoding="utf-8")
