"""The notebooks in JupyterLab, as a person runs them: open, Run All, save; what is saved is what is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpers.paths import NOTEBOOKS
from helpers.suite.notebook import Notebook, code_cells, read_notebook
from helpers.suite.sequence import SEQUENCE
from helpers.suite.tidy import tidy
from tests.browser.serving import Server

pytestmark = pytest.mark.slow
RUN = """async () => {
  const app = window.jupyterapp;
  const session = app.shell.currentWidget.sessionContext;
  await session.ready;
  await app.commands.execute('notebook:run-all-cells');
  await app.commands.execute('docmanager:save');
  return session.session.kernel.status;
}"""


def opened(browser: Any, lab: Server, name: str) -> Any:
    """A notebook in JupyterLab, its kernel ready."""
    page = browser.new_page(viewport={"width": 1300, "height": 950})
    page.set_default_timeout(60_000)
    page.goto(lab.url(f"/lab/workspaces/{name.replace('/', '-')}/tree/notebooks/{name}.ipynb", "&reset"))
    page.wait_for_function(
        "(name) => window.jupyterapp && window.jupyterapp.shell.currentWidget && "
        "window.jupyterapp.shell.currentWidget.context && window.jupyterapp.shell.currentWidget.context.isReady && "
        "window.jupyterapp.shell.currentWidget.context.path.endsWith(name)",
        arg=f"{name}.ipynb",
    )
    page.wait_for_selector(".jp-NotebookPanel-toolbar .jp-Notebook-ExecutionIndicator[data-status='idle']")
    return page


def closed(lab: Server, page: Any) -> None:
    page.close()
    for session in lab.api("GET", "/api/sessions"):  # type: ignore[attr-defined]
        lab.api("DELETE", f"/api/sessions/{session['id']}")


def outputs(notebook: Notebook) -> list[list[Any]]:
    """All outputs of the code cells, without what differs between two runs."""
    found = []
    for cell in code_cells(tidy(notebook)):
        own = []
        for output in cell["outputs"]:
            data = {k: v.strip() if k.startswith("image/") else v for k, v in output.get("data", {}).items()}
            own.append({**{k: v for k, v in output.items() if k not in ("data", "metadata")}, "data": data})
        found.append(own)
    return found


@pytest.mark.parametrize("name", [*SEQUENCE, "explore"])
def test_run_all_gives_the_stored_outputs(browser: Any, lab: Server, name: str) -> None:
    page = opened(browser, lab, name)
    try:
        assert page.evaluate(RUN) == "idle"
        saved = read_notebook(lab.folder / "notebooks" / f"{name}.ipynb")
        stored = read_notebook(NOTEBOOKS / f"{name}.ipynb")
        counts = [cell["execution_count"] for cell in code_cells(saved)]
        assert counts == list(range(1, len(counts) + 1))
        kinds = {output["output_type"] for cell in code_cells(saved) for output in cell["outputs"]}
        assert "error" not in kinds
        assert outputs(saved) == outputs(stored)
    finally:
        closed(lab, page)


def test_the_bench_moves_in_jupyterlab(browser: Any, lab: Server, keep: Callable[..., None]) -> None:
    page = opened(browser, lab, "explore")
    try:
        page.evaluate(RUN)
        curve = page.locator("img.unrounded-picture[alt*='Identified band']")
        ladder = page.locator("img.unrounded-picture[alt^='Ladder']")
        curve.wait_for()
        before = curve.get_attribute("src"), ladder.get_attribute("src")
        page.get_by_label("upper").first.fill("87.50")
        page.get_by_text("Yes: two histories").wait_for()
        page.wait_for_function(
            "([a, b]) => document.querySelector(\"img.unrounded-picture[alt*='Identified band']\").src !== a && "
            "document.querySelector(\"img.unrounded-picture[alt^='Ladder']\").src !== b", arg=list(before),
        )  # fmt: skip
        page.get_by_text("from the ledger of the paper as printed").wait_for()
        page.get_by_role("button", name="next ▶").click()
        page.locator("img.unrounded-picture[alt*='EEEEEECECEEEECE']").wait_for()
        page.get_by_label("upper").first.fill("87.")
        page.get_by_text("Nothing can be said of these numbers yet").wait_for()
        assert page.locator("img.unrounded-picture").count() == 0
        page.get_by_label("upper").first.fill("84.50")
        curve.wait_for()
        page.get_by_text("By everything printed").wait_for()
        page.evaluate("window.jupyterapp.shell.collapseLeft()")
        page.set_viewport_size({"width": 1300, "height": 1500})
        page.get_by_text("Study and conventions").evaluate("heading => heading.scrollIntoView()")
        page.wait_for_timeout(500)
        keep(page, "explore")
    finally:
        closed(lab, page)


def test_the_server_wants_its_token(lab: Server) -> None:
    _, address = lab.status("/lab", token=False)
    assert "/login" in address
