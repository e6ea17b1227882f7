"""Servers for the browser tests: started on a free port of this machine, ended with everything they started."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpers.paths import PROJECT

FOLDERS = ("helpers", "data", "notebooks")
SETTINGS = {
    # Cells that are off-screen stay in the page, so that what is looked for is there.
    "notebook-extension/tracker": {"windowingMode": "defer"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "docmanager-extension/plugin": {"autosave": False},
}


@dataclass(frozen=True)
class Server:
    """Where a server listens, its token, and the folder that it shows."""

    port: int
    token: str
    folder: Path

    def url(self, path: str = "/", query: str = "") -> str:
        """An address with the token in it."""
        return f"http://127.0.0.1:{self.port}{path}?token={self.token}{query}"

    def status(self, path: str = "/", *, token: bool = True) -> tuple[int, str]:
        """What a plain request gets: status and final address."""
        address = self.url(path) if token else f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.url

    def api(self, method: str, path: str) -> object:
        """A call of the server's own interface."""
        request = urllib.request.Request(self.url(path), method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def checkout(folder: Path) -> Path:
    """A copy of what a checkout holds, so that nothing is saved into the real one."""
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in FOLDERS:
        shutil.copytree(PROJECT / name, folder / name, ignore=ignore)
    shutil.copy2(PROJECT / "pyproject.toml", folder)
    return folder


def environment(own: Path, project: Path, token: str) -> dict[str, str]:
    """Settings of nobody's home: everything that Jupyter reads or writes lies in a folder of the test."""
    settings = own / "settings"
    for name, content in SETTINGS.items():
        path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    folders = {
        "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }  # fmt: skip
    kept = {k: v for k, v in os.environ.items() if k != "MPLBACKEND"}
    return kept | {k: str(own / v) for k, v in folders.items()} | {
        "JUPYTERLAB_SETTINGS_DIR": str(settings), "JUPYTER_TOKEN": token, "UNROUNDED_TOKEN": token,
        "PYTHONPATH": str(project), "JUPYTER_PREFER_ENV_PATH": "1",
    }  # fmt: skip


@contextmanager
def served(arguments: Sequence[str], own: Path, project: Path, ready: str) -> Iterator[Server]:
    """Run a server until the block ends; then it and whatever it started are gone."""
    port, token = free_port(), secrets.token_urlsafe(16)
    log = (own / "log.txt").open("wb")
    command = [sys.executable, *(a.replace("{port}", str(port)).replace("{root}", str(project)) for a in arguments)]
    process = subprocess.Popen(
        command, cwd=project, env=environment(own, project, token), stdout=log, stderr=log, start_new_session=True
    )
    server = Server(port, token, project)
    try:
        _wait(server, process, ready, own / "log.txt")
        yield server
    finally:
        _end(process)
        log.close()


def _wait(server: Server, process: subprocess.Popen[bytes], path: str, log: Path, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"the server ended: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        try:
            server.status(path)
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise AssertionError(f"the server did not answer: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to end, which ends its kernels; then make sure of the whole group that was started here."""
    children = _descendants(process.pid)
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _descendants(pid: int) -> list[int]:
    """Processes started by a process, by theirs, and so on; empty where the system does not tell."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        for tasks in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            try:
                own = [int(p) for p in tasks.read_text().split()]
            except OSError:
                continue
            found += own
            waiting += own
    return found
