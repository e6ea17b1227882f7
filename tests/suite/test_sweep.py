"""Sweeps and the index over all studies, on small notebooks, through the command."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers.errors import InputError
from helpers.simulation.folders import made_up_folder
from helpers.suite.command import SomeFailed, run_studies
from helpers.suite.lock import exclusive
from helpers.suite.overview import lines_of, write_overview
from helpers.suite.planning import LEDGERS, Settings
from helpers.suite.run import run
from tests.suite.stubs import stub
from tests.suite.test_many import made, targets

LEDGER = """\
import json
row = {"claim": "os_6mo", "field": "value", "printed": "1", "predicted": [f"{level:g}"],
       "verdict": "impossible" if interval == "log" else "consistent", "note": "", "convention": ""}
other = row | {"claim": "cr", "field": "count", "predicted": ["5"], "verdict": "re-derived"}
if results_dir:
    Path(results_dir, "ledger.json").write_text(json.dumps([row, other]))
if interval == "log-log" and seed == 13:
    raise ValueError("unlucky")
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of one stub notebook and one invented study."""
    stub(tmp_path / "notebooks", "06_verdict", LEDGER, outputs=("tables/06_verdict-facts.csv", "ledger.json"))
    made_up_folder(tmp_path / "studies", 1, 0)
    return tmp_path


def settings(root: Path, *pairs: str) -> Settings:
    return replace(made(root), names=("06_verdict",), pairs=pairs)


def study(root: Path) -> str:
    return str(root / "studies" / "invented-0000")


def test_a_sweep_shows_which_number_depends_on_which_choice(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = ("level=0.9,0.95", "interval=plain,log,log-log", "seed=13")
    (target,) = targets(root, settings(root), range(1))
    run(target.plan())
    with pytest.raises(SomeFailed, match="2 points failed, the others are done") as caught:
        run_studies([study(root)], False, settings(root, *pairs))
    assert "unlucky" in str(caught.value)
    sweep = root / "results" / "invented-0000" / "sweeps" / "level+interval"
    shown = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert "a sweep over level = 0.9, 0.95; interval = plain, log, log-log" in shown
    table = pd.read_csv(sweep / "dependence.csv", dtype=str)
    assert table[["claim", "level", "interval", "verdicts"]].values.tolist() == [
        ["os_6mo", "yes", "yes", "consistent / impossible"],
        ["cr", "no", "no", "re-derived"],
    ]
    points = pd.read_csv(sweep / "points.csv", dtype=str)
    assert len(points) == 2 * 4
    assert points.query("claim == 'os_6mo' and level == '0.9' and interval == 'log'")["verdict"].tolist() == [
        "impossible"
    ]
    page = BeautifulSoup((sweep / "index.html").read_text(encoding="utf-8"), "html.parser")
    text = page.get_text(" ", strip=True)
    assert not page.find_all("script")
    assert "1 of 2 verdicts" in text and "unlucky" in text and "seed=13" in text
    assert {link["href"] for link in page.select("main a") if "%3D" in link["href"]} == {
        f"level%3D{level}%2Cinterval%3D{interval}/index.html"
        for level in ("0.9", "0.95")
        for interval in ("plain", "log")
    }
    assert (sweep / "level=0.9,interval=log" / "index.html").is_file()
    verdicts = pd.read_parquet(root / "results" / LEDGERS)
    assert verdicts.groupby("parameters").ngroups == 1 + 4
    # the study's own results are replaced without losing the sweep, and say that it is there
    stub(root / "notebooks", "06_verdict", LEDGER, "print(1)", outputs=("ledger.json",))
    (target,) = targets(root, settings(root), range(1))
    assert run(target.plan()).executed == ("06_verdict",)
    assert (sweep / "points.csv").is_file()
    (line,) = lines_of(root / "results")
    assert (line.sweeps, line.failure, line.patients) == (("level+interval",), "", 11)


def test_a_sweep_waits_for_no_other_run_of_its_study(root: Path) -> None:
    with exclusive(root / "results" / ".invented-0000.lock"), pytest.raises(InputError, match="another run is writing"):
        run_studies([study(root)], False, settings(root, "level=0.9,0.95"))


def test_the_index_has_one_line_a_study_and_the_reasons_of_what_failed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made_up_folder(root / "studies", 1, 1)
    broken = root / "studies" / "broken"
    broken.mkdir()
    (broken / "study.yaml").write_text("id: broken\n")
    with pytest.raises(SomeFailed, match="1 study failed, the others are done"):
        run_studies([study(root), str(root / "studies" / "invented-0001"), str(broken)], False, settings(root))
    assert "2 of 3 studies are up to date, 2 notebooks executed" in capsys.readouterr().out
    html = (root / "results" / "index.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    rows = {tr.th.a.text if tr.th.a else tr.th.text: tr for tr in page.select("table.studies tbody tr")}
    assert list(rows) == ["broken", "invented-0000", "invented-0001"]
    assert rows["invented-0000"].a["href"] == "invented-0000/index.html"
    assert [td.text for td in rows["invented-0000"].select("td.number")] == ["11", "1", "1", "·", "·", "·"]
    assert "failed" in rows["broken"].get_text()
    assert "the key title is missing" in page.select_one(".finding").get_text()
    assert str(root) not in html
    assert not page.find_all("script")
    # one that runs alone afterwards brings its line up to date; a page of someone else is left alone
    run_studies([study(root)], False, replace(settings(root, "interval=log"), jobs=1))
    assert [line.counts for line in lines_of(root / "results")][0]["impossible"] == 1
    (root / "results" / "index.html").write_text("mine")
    with pytest.raises(InputError, match="no page of this suite"):
        write_overview(root / "results")
    run_studies([study(root)], False, settings(root, "interval=log"))
    assert (root / "results" / "index.html").read_text() == "mine"


@pytest.mark.parametrize(
    ("names", "everything", "words"),
    [(["zhuo2024"], True, "exclude each other"), (["zhuo2024", "zhou2024"], False, "did you mean zhuo2024")],
)
def test_what_is_wrong_from_the_start_is_said_before_anything_runs(
    root: Path, names: list[str], everything: bool, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        run_studies(names, everything, settings(root))
    with pytest.raises(InputError, match="no such notebook"):
        run_studies([study(root), "zhuo2024"], False, replace(settings(root), only=("06_verdit",)))
    assert not (root / "results").exists()
