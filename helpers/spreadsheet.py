"""Text that a spreadsheet takes for text: no cell of a CSV file that we write can be a formula.

A spreadsheet that opens a CSV file runs a cell beginning with ``=``, ``+``, ``-`` or ``@`` as a formula, which can call
programs and send data away ("CSV injection"). An apostrophe in front is the spreadsheet's own mark for text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# The wide forms count too: spreadsheets in Chinese and Japanese take them for the narrow ones.
_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?(inf|nan)", re.ASCII | re.IGNORECASE)


def shielded(text: str) -> str:
    """A cell that is no formula: an apostrophe in front where it would be one; numbers keep their sign.

    >>> shielded("=1+1"), shielded("-0.5"), shielded("@SUM(A1)"), shielded("a=b")
    ("'=1+1", '-0.5', "'@SUM(A1)", 'a=b')
    """
    return f"'{text}" if _is_formula(text) else text


def unshielded(text: str) -> str:
    """The text as it was before `shielded`.

    >>> unshielded("'=1+1"), unshielded("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and _is_formula(text[1:]) else text


def safe_csv(frame: pd.DataFrame) -> str:
    """The frame as CSV text in which no cell, and no name of a column, can be taken for a spreadsheet formula.

    Numbers keep their sign. Lines end in ``\\n`` on every system.
    """
    safe = frame.rename(columns=_safe)
    for position, kind in enumerate(frame.dtypes):
        if str(kind).startswith(("object", "category", "str")):
            column = frame.iloc[:, position].astype(object).map(_safe)
            safe.isetitem(position, column.where(column.notna(), None))
    return str(safe.to_csv(index=False, lineterminator="\n"))


def _safe(value: object) -> object:
    return shielded(value) if isinstance(value, str) else value


def _is_formula(text: str) -> bool:
    return text.lstrip(" ").startswith(_STARTS) and _NUMBER.fullmatch(text) is None
