"""Serve the bench as an application without code cells: Voilà on this machine only, behind a token."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from pathlib import Path
from typing import Any

from helpers.errors import InputError, Problem
from helpers.paths import NOTEBOOKS

NOTEBOOK = NOTEBOOKS / "explore.ipynb"
TEMPLATES = Path(__file__).with_name("application")
HOST = "127.0.0.1"
DEFAULT_PORT = 8866


def free_port(wanted: int = DEFAULT_PORT, tries: int = 20) -> int:
    """The wanted port of this machine, or one of the next ones if it is taken; any free one for 0.

    Raises
    ------
    InputError
        if none of them is free.
    """
    for port in range(wanted, wanted + tries) if wanted else (0,):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
                return int(probe.getsockname()[1])
            except (OSError, OverflowError):
                continue
    raise InputError(Problem("no port is free here", "choose another with --port", found=str(wanted)))


def address(port: int, token: str) -> str:
    """What to open in a browser."""
    return f"http://{HOST}:{port}/?token={token}"


def application(port: int, token: str, notebook: Path = NOTEBOOK, *, browser: bool = False) -> Any:
    """Voilà, set up and not yet started.

    Parameters
    ----------
    port, token : where it listens, on 127.0.0.1 only, and the word without which it shows nothing.
    notebook : what it shows; cells of code are left out.
    browser : whether to open one.
    """
    from traitlets.config import Config
    from voila.app import Voila

    from helpers.suite.execution import kernel_environment

    os.environ.update(kernel_environment())
    before = os.environ.get("JUPYTER_PATH", "")
    if str(TEMPLATES) not in before.split(os.pathsep):
        os.environ["JUPYTER_PATH"] = f"{TEMPLATES}{os.pathsep}{before}" if before else str(TEMPLATES)
    # Given here and not as an argument, so that nobody reads the token in the list of processes.
    config = Config()
    config.Voila.ip, config.Voila.port, config.Voila.port_retries = HOST, port, 0
    config.Voila.token, config.Voila.open_browser = token, browser
    config.VoilaConfiguration.template = "unrounded"
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.Voila.log_level = "ERROR"
    app = Voila(config=config)
    app.initialize([str(notebook)])
    return app


def serve(port: int = DEFAULT_PORT, *, browser: bool = True, notebook: Path = NOTEBOOK) -> None:
    """Serve the bench until Ctrl-C, and say how to reach it."""
    if not notebook.is_file():
        raise InputError(Problem("the notebook of the bench is missing", "restore notebooks/explore.ipynb"))
    token = os.environ.get("UNROUNDED_TOKEN") or secrets.token_urlsafe(24)
    chosen = free_port(port)
    app = application(chosen, token, notebook, browser=browser)
    print("the bench is served on this machine only; open", file=sys.stderr)
    print(address(chosen, token), flush=True)
    print("(each visitor gets a kernel, which takes some seconds; Ctrl-C ends it)", file=sys.stderr)
    app.start()
