"""Tables are the same each time, escape what they show, and write CSV that no spreadsheet runs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.tables import house as tables

FRAME = pd.DataFrame({"what <b>": ["=1+1", "a & <script>", None], "n": [1, 22, 300], "at": ["-5", "+cmd", "@x"]})


def test_the_same_frame_gives_the_same_html() -> None:
    first, second = (tables.house_table(FRAME, name="t", title="T").as_raw_html() for _ in range(2))
    assert first == second
    assert 'id="table-t"' in first


def test_everything_is_escaped() -> None:
    page = tables.house_table(FRAME, name="t", title="<i>T", subtitle="<i>s", source="<i>x").as_raw_html()
    assert "<script>" not in page and "<i>" not in page and "<b>" not in page
    assert "a &amp; &lt;script&gt;" in page


def test_filled_cells_keep_their_text_readable() -> None:
    page = tables.house_table(FRAME, name="t", title="T", fills={(1, "n"): "#0d3b4f"}).as_raw_html()
    assert "#0d3b4f" in page and "#ffffff" in page


def test_csv_is_safe_and_numbers_keep_their_sign() -> None:
    lines = tables.safe_csv(FRAME).split("\n")
    assert lines == ["what <b>,n,at", "'=1+1,1,-5", "a & <script>,22,'+cmd", ",300,'@x", ""]


def test_plain_text_aligns_and_fills() -> None:
    text = tables.plain_text(FRAME, "T", "source")
    lines = text.split("\n")
    assert lines[0] == "T" and lines[-1] == "source"
    assert lines[2].startswith("=1+1") and lines[4].startswith(tables.MISSING)
    assert lines[2].index("-5") == lines[1].rindex("at")


def test_show_table_writes_the_exact_numbers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown: list[dict[str, str]] = []
    monkeypatch.setattr(tables, "publish", lambda data, metadata: shown.append(data))
    exact = pd.DataFrame({"x": [1 / 3]})
    tables.show_table(
        pd.DataFrame({"x": ["0.33"]}), name="t", title="T", results_dir=tmp_path, notebook="02_efficacy", exact=exact
    )
    written = pd.read_csv(tmp_path / "tables" / "02_efficacy-t.csv")
    assert written["x"].iloc[0] == pytest.approx(1 / 3, abs=1e-15)
    assert "0.33" in shown[0]["text/plain"] and "<table" in shown[0]["text/html"]
