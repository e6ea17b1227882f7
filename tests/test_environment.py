"""environment.yml says exactly what requirements.lock says."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import yaml
from packaging.requirements import Requirement

from helpers.paths import PROJECT
from helpers.suite.environment import Pin, environment_text, installed_versions, locked

LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
ENVIRONMENT = (PROJECT / "environment.yml").read_text(encoding="utf-8")


def lock_requirements() -> set[str]:
    """The lock read in another way than the suite's own: continuation lines joined, hashes cut off."""
    joined = LOCK.replace("\\\n", " ")
    return {str(Requirement(re.sub(r"\s--hash=\S+", "", line).strip())) for line in joined.splitlines() if line.strip()}


def test_environment_lists_exactly_the_locked_packages() -> None:
    tree = yaml.safe_load(ENVIRONMENT)
    *conda, pip = tree["dependencies"]
    assert conda == ["python=3.11", "pip"]
    *pins, project = pip["pip"]
    assert project == "-e ."
    assert len(pins) == len(set(pins))
    assert {str(Requirement(pin)) for pin in pins} == lock_requirements()
    assert all("==" in pin for pin in pins)


def test_environment_is_what_the_generator_writes() -> None:
    assert environment_text(locked()) == ENVIRONMENT


def test_lock_has_hashes_and_no_address() -> None:
    assert "://" not in LOCK + ENVIRONMENT
    assert LOCK.count("--hash=sha256:") >= len(locked()) > 100


def test_every_direct_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    versions = {pin.name: pin.version for pin in locked()}
    for requirement in map(Requirement, wanted):
        assert versions[requirement.name] in requirement.specifier, requirement


def test_pins_with_and_without_markers_are_read(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("a==1.0 \\\n    --hash=sha256:00\nb-c==2.0.post1 ; os_name == 'nt' \\\n    --hash=sha256:00\n")
    assert locked(lock) == (Pin("a", "1.0"), Pin("b-c", "2.0.post1", "os_name == 'nt'"))


def test_installed_versions_are_those_of_the_lock() -> None:
    installed = installed_versions()
    assert installed["numpy"] == version("numpy")
    assert "unrounded" not in installed
    assert set(installed) <= {pin.name for pin in locked()}
