"""Verdicts over studies and runs as one data set: a folder of Parquet files, one a run, for pandas, DuckDB and others.

A run is a study under its parameters; running it again replaces its file. Files are written beside their place and
renamed into it, each by one writer, so that any number of runs can add to the data set at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from helpers.ledger.files import read_ledger_rows
from helpers.ledger.rows.row import RowsLedgerRow, RowsVerdict
from helpers.ledger.tidy import as_json, tidy_verdicts
from helpers.suite.manifest import Manifest
from helpers.suite.rows_report import read_rows

if TYPE_CHECKING:
    import pandas as pd

    from helpers.study.model import Study

NOT_PARAMETERS = ("study", "results_dir")


def parameters_of(given: Mapping[str, object], defaults: Mapping[str, object]) -> dict[str, object]:
    """All parameters of a run, given ones and defaults; not the study, and no path."""
    values = {**defaults, **given}
    return {name: value for name, value in values.items() if name not in NOT_PARAMETERS}


def run_verdicts(study: Study, folder: Path, manifest: Manifest, defaults: Mapping[str, object]) -> pd.DataFrame:
    """The verdicts in a results folder as tidy rows (columns as `helpers.ledger.tidy.COLUMNS`)."""
    found = read_rows(folder)
    against = [_against(row) for row in found["rows"]] if found else []
    return tidy_verdicts(
        study,
        read_ledger_rows(folder),
        against,
        parameters_of(manifest.inputs["parameters"], defaults),
        manifest.version,
    )


def _against(row: Mapping[str, Any]) -> RowsLedgerRow:
    digits = "" if row["rows_print"] == "–" else str(row["rows_print"])
    verdict = RowsVerdict(row["verdict"])
    return RowsLedgerRow(
        row["claim"], row["field"], row["printed"], digits, row["value"], verdict, row["convention"], note=row["note"]
    )


def file_of(ledgers: Path, study: str, parameters: Mapping[str, object]) -> Path:
    """The file of a run: the study and a short hash of the parameters.

    >>> file_of(Path("ledgers.parquet"), "zhuo2024", {"seed": 1}).as_posix()
    'ledgers.parquet/zhuo2024-6c16428b0c7d.parquet'
    """
    key = hashlib.sha256(as_json(parameters).encode()).hexdigest()[:12]
    return ledgers / f"{study}-{key}.parquet"


def write_verdicts(
    ledgers: Path, study: Study, folder: Path, manifest: Manifest, defaults: Mapping[str, object]
) -> Path | None:
    """Write the verdicts of new results beside their place in the data set; None if the run judged nothing.

    Names that begin with a dot are no part of a data set, for pandas and DuckDB alike.
    """
    frame = run_verdicts(study, folder, manifest, defaults)
    if frame.empty:
        return None
    final = file_of(ledgers, study.id, parameters_of(manifest.inputs["parameters"], defaults))
    final.parent.mkdir(parents=True, exist_ok=True)
    waiting = final.with_name(f".{final.stem}.{uuid4().hex}")
    frame.to_parquet(waiting, index=False)
    return waiting


def publish_verdicts(waiting: Path | None) -> None:
    """Put written verdicts in their place."""
    if waiting is not None:
        waiting.replace(waiting.with_name(waiting.name[1:].rpartition(".")[0] + ".parquet"))


def drop_unpublished(ledgers: Path, study: str, parameters: Mapping[str, object]) -> None:
    """Remove what killed attempts at a run have left; only for whoever holds the lock of its results."""
    stem = file_of(ledgers, study, parameters).stem
    for leftover in ledgers.glob(f".{stem}.*"):
        leftover.unlink(missing_ok=True)


def keep_verdicts(
    ledgers: Path, study: Study, folder: Path, manifest: Manifest, defaults: Mapping[str, object]
) -> None:
    """Add the verdicts of results that still hold, if their file is missing."""
    drop_unpublished(ledgers, study.id, parameters_of(manifest.inputs["parameters"], defaults))
    if not file_of(ledgers, study.id, parameters_of(manifest.inputs["parameters"], defaults)).is_file():
        publish_verdicts(write_verdicts(ledgers, study, folder, manifest, defaults))


def all_verdicts(ledgers: Path) -> pd.DataFrame:
    """The whole data set as one frame: the runs in the order of their files; with ``parameters`` still as text."""
    import pandas as pd

    return pd.read_parquet(ledgers)


def with_parameters(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with a column for each parameter instead of one text for all of them."""
    import pandas as pd

    apart = pd.json_normalize(frame["parameters"].map(json.loads).tolist()).set_index(frame.index)
    return pd.concat([frame.drop(columns="parameters"), apart], axis=1)
