"""Reconstructed patient-level tables as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.spreadsheet import safe_csv

if TYPE_CHECKING:
    from helpers.study.model import Study


def require_place(out: Path) -> None:
    """Raise InputError unless a table can be written there."""
    if out.suffix not in (".csv", ".parquet"):
        raise InputError(Problem("the file must end in .csv or .parquet", "e.g. --out patients.csv", found=out.name))
    if not out.parent.is_dir() or out.is_dir():
        raise InputError(
            Problem("the file cannot be written there", "name a file in a folder that exists", found=str(out))
        )


def write_drawn(study: Study, out: Path, draws: int, seed: int) -> list[str]:
    """Draw tables that fit everything printed and write them, labelled in every row; returns what is to be told."""
    from helpers.inversion.draws import draw_patients

    frame = draw_patients(study, draws, seed)
    if set(frame["data_kind"]) != {"reconstructed"}:
        raise AssertionError("a drawn table must be labelled reconstructed in every row")
    if out.suffix == ".csv":
        out.write_text(safe_csv(frame), encoding="utf-8", newline="")
    else:
        frame.to_parquet(out, index=False)
    tables = "table" if draws == 1 else "tables"
    lines = [f"{draws} reconstructed {tables} of {study.n} patients, {len(frame)} rows: {out}"]
    if frame.attrs.get("distribution"):
        lines.append(str(frame.attrs["distribution"]))
    return lines
