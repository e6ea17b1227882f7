"""A study folder is data: whatever its texts hold, nothing of it is alive in any result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import PROJECT
from tests.hostile.live import alive_in_html, alive_in_markdown, alive_in_notebook, formulas_in
from tests.hostile.poison import FORMULA, IMAGE, LINK, PAYLOADS, SCRIPT, write_poisoned

MARK = "pwned"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    return subprocess.run(
        [sys.executable, "-m", "helpers", *arguments], capture_output=True, text=True, env=environment, timeout=300
    )


@pytest.mark.parametrize("payload", [SCRIPT, IMAGE])
def test_the_search_finds_what_is_alive(payload: str) -> None:
    assert alive_in_html(f"<p>{payload}</p>") and alive_in_markdown(LINK)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_literal_is_dead_markdown(payload: str) -> None:
    from helpers.figures.display import literal
    from helpers.suite.pages import finish, render_markdown

    assert not alive_in_markdown(f"Before **{literal(payload)}** after.")
    page = render_markdown(f"Before **{literal(payload)}** after.")
    assert not alive_in_html(page) and not alive_in_html(finish(page))
    assert "<math" not in page and 'class="formula"' not in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_nobody_made_literal_is_dead_too(payload: str) -> None:
    from helpers.figures.display import inert
    from helpers.suite.pages import finish, render_markdown

    said = inert(f"**{payload}** is told of in [the verdict](06_verdict.ipynb).")
    assert not alive_in_markdown(said) and not alive_in_html(finish(render_markdown(said)))
    assert "[the verdict](06_verdict.ipynb)" in said


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_table_is_dead_html(payload: str) -> None:
    import pandas as pd

    from helpers.tables.house import table_html, untypeset

    frame = pd.DataFrame({payload: [payload], "group": [payload]})
    markup = untypeset(table_html(frame, name="t", title=payload, subtitle=payload, source=payload))
    assert not alive_in_html(markup)
    assert ("tex2jax_ignore" in markup) is ("$" in payload or "\\" in payload)


@pytest.mark.parametrize(
    "payload",
    [SCRIPT, IMAGE, LINK, "<a href=' java\tscript:x()'>a</a>", "<p style='x:url(//p)'>a", "<img srcset=//p.x>",
     "<meta http-equiv=refresh content='0;url=//pwned.invalid'>", "<svg><set attributeName=href to=javascript:x()>"],
)  # fmt: skip
def test_a_page_of_the_report_drops_what_is_alive(payload: str) -> None:
    from helpers.suite.pages import finish

    page = finish(f"<html><head></head><body><main>{payload}</main></body></html>")
    assert not alive_in_html(page) and "http-equiv" not in page and "srcset" not in page and "<set" not in page


@pytest.mark.slow
def test_nothing_is_alive_in_the_results(poisoned: Path) -> None:
    pages = sorted(poisoned.rglob("*.html"))
    notebooks = sorted((poisoned / "notebooks").glob("*.ipynb"))
    assert len(pages) >= 7 and len(notebooks) >= 6
    assert any(MARK in page.read_text(encoding="utf-8") for page in pages), "the poison never reached the report"
    for page in pages:
        assert not alive_in_html(page.read_text(encoding="utf-8")), page.name
    for notebook in notebooks:
        assert not alive_in_notebook(notebook), notebook.name
    tables = sorted(poisoned.rglob("*.csv"))
    assert any("'=cmd" in table.read_text(encoding="utf-8") for table in tables)
    for table in tables:
        assert not formulas_in(table), table.name
    for drawing in sorted(poisoned.rglob("*.svg")):
        assert not alive_in_html(drawing.read_text(encoding="utf-8")), drawing.name


@pytest.mark.slow
def test_every_page_forbids_scripts_and_loading(poisoned: Path) -> None:
    from bs4 import BeautifulSoup

    for page in sorted(poisoned.rglob("*.html")):
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        policy = soup.head.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
        rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
        assert rules["default-src"] == "'none'" and "script-src" not in rules, page.name
        assert rules["img-src"] == "data:" and rules["base-uri"] == rules["form-action"] == "'none'"


def test_the_terminal_shows_no_control_sequence_of_the_study(tmp_path: Path) -> None:
    folder = write_poisoned(tmp_path / "study")
    ledger = command("check", str(folder), "--cohort", "none")
    assert ledger.returncode == 0, ledger.stderr
    for shown in (ledger.stdout, ledger.stderr):
        assert "\u202e" not in shown and "\u200b" not in shown
    assert "[bold red]rich[/]" in " ".join(ledger.stdout.split()) and ":bomb:" in ledger.stdout


def test_a_message_about_an_ugly_name_is_two_plain_lines(tmp_path: Path) -> None:
    folder = tmp_path / "a\x1b[2J\nb\u202ec"
    folder.mkdir()
    done = command("check", str(folder))
    assert done.returncode == 2 and not done.stdout
    lines = done.stderr.splitlines()
    assert len(lines) % 2 == 0 and all(line.isprintable() for line in lines)
    assert all(line.startswith("  remedy: ") for line in lines[1::2])


def test_json_is_the_text_itself(tmp_path: Path) -> None:
    folder = write_poisoned(tmp_path / "study")
    done = command("check", str(folder), "--json")
    assert done.returncode == 0 and isinstance(json.loads(done.stdout), list)


def test_formulas_are_shielded_and_come_back(tmp_path: Path) -> None:
    import pandas as pd

    from helpers.spreadsheet import safe_csv, shielded, unshielded

    cells = [FORMULA, "+1+1", "-2+3", "@SUM(1)", "\t=1", "＝1", " =1", "a", "-1.5", "+3", "-1e-9", "'tis", "-", ""]
    frame = pd.DataFrame({
        "=name": cells, "number": range(-7, 7), "kind": pd.Categorical(cells), "text": pd.array(cells, dtype="string"),
    })  # fmt: skip
    path = tmp_path / "t.csv"
    path.write_text(safe_csv(frame), encoding="utf-8", newline="")
    assert not formulas_in(path)
    back = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert list(back["number"].astype(int)) == list(range(-7, 7))
    for column in ("'=name", "kind", "text"):
        assert [unshielded(cell) for cell in back[column]] == cells
    assert [shielded(text) for text in ("-1.5", "+3", "-1e-9", "-inf")] == ["-1.5", "+3", "-1e-9", "-inf"]


def test_levels_that_look_like_formulas_survive_the_way_to_a_notebook(tmp_path: Path) -> None:
    from helpers.cohort import load_cohort, write_cohort
    from helpers.study import load_study

    study = load_study(write_poisoned(tmp_path / "study"))
    cohort = load_cohort(study, study.folder / "cohort.csv", allow_identifiers=True)
    (tmp_path / "rows").mkdir()
    path = write_cohort(cohort, tmp_path / "rows")
    assert not formulas_in(path) and not formulas_in(path.with_name("adverse_events.csv"))
    again = load_cohort(study, path)
    assert list(again.rows["donor"]) == list(cohort.rows["donor"]) and FORMULA in set(again.rows["donor"])
    assert again.adverse_events is not None and cohort.adverse_events is not None
    assert list(again.adverse_events["term"]) == list(cohort.adverse_events["term"])
