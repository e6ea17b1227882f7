"""A Parquet file as columns of text, so that one path of checks serves both formats."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.cohort.files import MAX_ROWS, Texts, TextTable, bad_cells, header_problems, too_many_rows
from helpers.errors import InputError, Problem, shorten

if TYPE_CHECKING:
    import pyarrow as pa

MAX_UNPACKED = 1024 * 1024 * 1024


def read_parquet(raw: bytes, name: str) -> TextTable:
    """Read the bytes of a Parquet file: whole numbers, floats, texts, true and false, dates; nothing nested.

    Raises
    ------
    InputError
        It is no Parquet file, unpacks to too much, or has a column of another kind.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(raw))
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        if file.metadata.num_rows > MAX_ROWS:
            raise too_many_rows(name)
        if sum(group.total_byte_size for group in groups) > MAX_UNPACKED:
            remedy = "keep one row per patient and the columns that are analysed"
            raise InputError(Problem("the file unpacks to more than 1 GiB", remedy, name))
        header = [str(column) for column in file.schema_arrow.names]
        problems = header_problems(header, None, name)
        if problems:
            raise InputError(problems)
        problems = _kinds(file.schema_arrow, name)
        if problems:
            raise InputError(problems)
        table = file.read()
        columns = {column: _texts(table.column(column)) for column in header}
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError, MemoryError) as error:
        reason = shorten(str(error).splitlines()[0] if str(error) else type(error).__name__, 120)
        raise InputError(Problem(f"the file is no Parquet file: {reason}", "save it again, or as CSV", name)) from None
    lines = np.arange(1, table.num_rows + 1, dtype=np.int64)
    return TextTable(name, columns, lines, problems=bad_cells(columns, lines, name))


def _kinds(schema: pa.Schema, name: str) -> list[Problem]:
    remedy = "store whole numbers, decimals, texts, true and false, or dates"
    return [
        Problem(f"the column holds values of the type {shorten(str(f.type))}", remedy, name, None, shorten(f.name))
        for f in schema
        if not _plain(f.type)
    ]


def _plain(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = (
        pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_decimal, pa.types.is_string,
        pa.types.is_large_string, pa.types.is_date, pa.types.is_timestamp, pa.types.is_null,
    )  # fmt: skip
    return any(test(kind) for test in tests)


def _texts(column: pa.ChunkedArray) -> Texts:
    """The values of a column as a CSV file would hold them."""
    values = np.empty(len(column), dtype=object)
    known: dict[Any, str] = {}
    for i, value in enumerate(column.to_pylist()):
        try:
            values[i] = known.setdefault((type(value), value), _text(value))
        except TypeError:
            values[i] = _text(value)
    return values


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
