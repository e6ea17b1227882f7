"""Every package is known: locked with hashes, under a licence that may be used; no workflow runs what may change."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml

from helpers.paths import PROJECT
from helpers.suite.environment import locked
from tests.supply import licences

LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
BLOCK = re.compile(r"^\S.*(?:\n[ \t]+.*)*", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?![0-9a-f])")
PINNED = re.compile(r"(?:\./\S+|[\w.-]+/[\w./-]+@[0-9a-f]{40}|docker://\S+@sha256:[0-9a-f]{64})")


def stored() -> dict[str, dict[str, str]]:
    with licences.LIST.open(encoding="utf-8", newline="") as stream:
        return {row["package"]: row for row in csv.DictReader(stream)}


def test_the_list_names_every_locked_package() -> None:
    assert set(stored()) == {licences.plain(pin.name) for pin in locked()}


def test_every_licence_is_known_and_compatible() -> None:
    for name, row in stored().items():
        assert row["licence"], f"{name}: its licence is not known"
        assert not licences.incompatible(row["licence"]), f"{name}: {row['licence']}"


def test_the_list_says_what_the_installed_packages_say() -> None:
    here, versions = licences.installed(), {licences.plain(pin.name): pin.version for pin in locked()}
    compared = 0
    for name, row in stored().items():
        if name in here and here[name].version == versions[name] and row["source"] != licences.PUBLISHED:
            assert (row["licence"], row["source"]) == licences.licence_of(here[name]), name
            compared += 1
    assert compared > 100


@pytest.mark.parametrize("bad", ["", "GPL-3.0-only", "AGPL-3.0-only OR SSPL-1.0", "MIT AND GPL-2.0-only", "UNKNOWN"])
def test_another_licence_would_be_refused(bad: str) -> None:
    assert licences.incompatible(bad)


def test_every_package_of_the_lock_has_hashes_and_no_address() -> None:
    blocks = [block for block in BLOCK.findall(LOCK) if not block.startswith("#")]
    assert len(blocks) == len(locked())
    for block in blocks:
        name, *rest = block.replace("\\\n", " ").split("--hash=")
        assert re.match(r"[A-Za-z0-9._-]+==[^\s;]+", name), name
        assert rest and len(HASH.findall(block)) == len(rest), name
    assert not re.search(r"://|@\s|--(?:extra-)?index-url|--find-links|--trusted-host|\bfile:", LOCK)


def test_set_up_installs_nothing_without_a_hash() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    lines = [line for line in makefile.splitlines() if "$(BIN)/python -m pip install" in line]
    assert len(lines) >= 2
    assert all("--require-hashes" in line or ("--no-deps" in line and " -e ." in line) for line in lines), lines


def unpinned(workflow: object) -> list[str]:
    """What a workflow uses without naming the commit."""
    if isinstance(workflow, dict):
        own = [str(v) for k, v in workflow.items() if k == "uses" and not PINNED.fullmatch(str(v))]
        return own + [use for value in workflow.values() for use in unpinned(value)]
    return [use for item in workflow for use in unpinned(item)] if isinstance(workflow, list) else []


def test_workflows_use_only_what_is_pinned_by_commit() -> None:
    for path in sorted((PROJECT / ".github").rglob("*.y*ml")):
        assert not unpinned(yaml.safe_load(path.read_text(encoding="utf-8"))), path.name


@pytest.mark.parametrize(
    ("use", "fine"),
    [("a/b@" + "0" * 40, True), ("a/b/c@" + "f" * 40, True), ("./.github/x", True), ("a/b@v4", False),
     ("a/b@main", False), ("a/b", False), ("docker://x:latest", False), ("a/b@" + "0" * 39, False)],
)  # fmt: skip
def test_what_counts_as_pinned(use: str, fine: bool) -> None:
    workflow = {"jobs": {"one": {"steps": [{"run": "true"}, {"uses": use}]}}}
    assert (unpinned(workflow) == []) is fine


def test_the_audit_is_one_command_and_says_that_it_needs_the_network() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^audit: .*##.*needs the network", makefile, re.MULTILINE)
    assert re.search(r"pip.audit .*--require-hashes.*requirements\.lock", makefile)


def test_the_list_of_licences_is_told_of() -> None:
    assert "tests/supply/licences.csv" in (PROJECT / "README.md").read_text(encoding="utf-8")
    assert Path(licences.LIST).is_file()
