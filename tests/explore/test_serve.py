"""The application listens on this machine only, asks for its token, and shows no code."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from helpers.errors import InputError
from helpers.explore.serve import HOST, TEMPLATES, address, free_port
from helpers.paths import PROJECT


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port = taken.getsockname()[1]
        assert free_port(port) != port
        with pytest.raises(InputError, match="no port is free"):
            free_port(port, tries=1)
    assert free_port(0) > 0


SETTINGS = """
from helpers.explore.serve import application, free_port
app = application(free_port(0), "the-token")
stripped = app.voila_configuration.strip_sources
print(app.ip, app.token, app.open_browser, stripped, app.notebook_path, app.template_paths[0])
"""


@pytest.mark.slow
def test_its_settings() -> None:
    # In a process of its own: Voilà takes over the signals of the one it is made in.
    ended = subprocess.run(
        [sys.executable, "-c", SETTINGS], cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    host, token, browser, stripped, notebook, template = ended.stdout.split()
    assert (host, token, browser, stripped) == ("127.0.0.1", "the-token", "False", "True")
    assert notebook.endswith("explore.ipynb") and template.startswith(str(TEMPLATES))


def test_the_page_loads_nothing_from_elsewhere() -> None:
    (template,) = TEMPLATES.rglob("index.html.j2")
    text = template.read_text(encoding="utf-8")
    assert "http://" not in text and "https://" not in text


def test_the_address_is_one_of_this_machine() -> None:
    assert address(8866, "abc") == "http://127.0.0.1:8866/?token=abc"
