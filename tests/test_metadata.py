"""The files that say who, under what licence, and what a checker would look at."""

from __future__ import annotations

import tomllib

import pytest
import yaml

from helpers import __version__
from helpers.paths import PROJECT


def read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def test_one_version_everywhere() -> None:
    assert tomllib.loads(read("pyproject.toml"))["project"]["version"] == __version__
    assert yaml.safe_load(read("CITATION.cff"))["version"] == __version__


def test_the_codecheck_manifest_lists_files_that_exist() -> None:
    manifest = yaml.safe_load(read("codecheck.yml"))["manifest"]
    assert len(manifest) >= 6
    for entry in manifest:
        assert (PROJECT / entry["file"]).is_file(), entry["file"]
        assert entry["comment"]


@pytest.mark.parametrize("name", ["codecheck.yml", "CITATION.cff"])
def test_nobody_is_invented(name: str) -> None:
    tree = yaml.safe_load(read(name))
    authors = tree["paper"]["authors"] if "paper" in tree else tree["authors"]
    assert authors == [{"name": "unrounded contributors"}]
    assert not {"certificate", "codechecker", "report", "check_time"} & set(tree)
    assert "orcid" not in read(name).lower()


def test_licence_covers_code_and_facts() -> None:
    assert read("LICENSE").startswith("MIT License")
    assert "CC0 1.0" in read("LICENSE")
