"""What we start listens on this machine only, asks for a token, and asks nobody for news."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from helpers.paths import PROJECT

MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
ADDRESS = re.compile(r"(?:https?:)?//(?!127\.0\.0\.1)[\w.-]+")


def lab() -> list[str]:
    (line,) = [line for line in MAKEFILE.splitlines() if "/jupyter lab" in line]
    return shlex.split(line.replace("$(BIN)", "bin"))


def settings() -> dict[str, str]:
    return dict(word[2:].split("=", 1) for word in lab() if word.startswith("--") and "=" in word)


def test_lab_listens_here_only_and_keeps_its_token() -> None:
    found = settings()
    assert found["ServerApp.ip"] == "127.0.0.1"
    assert not [name for name in found if re.search(r"token|password|allow_|disable_check", name)]
    assert "--allow-root" not in lab()


def test_lab_asks_nobody() -> None:
    found = settings()
    assert found["LabApp.news_url"] == "None"
    assert found["LabApp.check_for_updates_class"] == "jupyterlab.NeverCheckForUpdate"
    assert found["LabApp.extension_manager"] == "readonly"


def test_jupyterlab_understands_these_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    from jupyterlab.handlers.announcements import NeverCheckForUpdate
    from jupyterlab.labapp import LabApp

    app = LabApp()
    app.parse_command_line([word for word in lab() if word.startswith("--LabApp")])
    app.update_config(app.cli_config)
    assert app.news_url is None
    assert app.check_for_updates_class is NeverCheckForUpdate
    assert app.extension_manager == "readonly"
    assert all(name.partition(".")[2] in app.traits() for name in settings() if name.startswith("LabApp."))


def test_no_command_of_the_makefile_opens_a_server_to_others() -> None:
    assert "0.0.0.0" not in MAKEFILE and not re.search(r"ip=(?!127\.0\.0\.1)", MAKEFILE)


def test_no_module_listens_to_others() -> None:
    for path in sorted((PROJECT / "helpers").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"0\.0\.0\.0|(?:host|ip)\s*=\s*[\"']{2}", text), path.name


def test_templates_load_nothing() -> None:
    for path in sorted((PROJECT / "helpers").rglob("*")):
        if path.suffix in (".j2", ".css", ".html", ".js"):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"<(?:script|link|iframe)\b[^>]*(?:https?:)?//", text), path.name
            assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", text), path.name


def test_stored_notebooks_load_nothing() -> None:
    from bs4 import BeautifulSoup

    from helpers.suite.notebook import read_notebook

    for path in sorted((PROJECT / "notebooks").rglob("*.ipynb")):
        for cell in read_notebook(path)["cells"]:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                assert "application/javascript" not in data, path.name
                soup = BeautifulSoup(data.get("text/html", ""), "html.parser")
                assert not soup.find_all(["script", "link", "iframe"]), path.name
                assert not [t for t in soup.find_all(src=True) if not str(t["src"]).startswith("data:")], path.name
                assert not [s for s in soup.find_all("style") if re.search(r"@import|url\(", s.get_text())], path.name


def test_explore_binds_to_this_machine_with_a_token() -> None:
    serve = (PROJECT / "helpers" / "explore" / "serve.py").read_text(encoding="utf-8")
    assert 'HOST = "127.0.0.1"' in serve
    assert re.search(r"config\.Voila\.ip,.*= HOST, port", serve) and "token_urlsafe" in serve
    assert "Voila.token" in serve
