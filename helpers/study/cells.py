"""One cell of a table as a printed number, or one clear sentence on why it is none."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from helpers.errors import shorten
from helpers.printed import PrintedNumber

MAX_DIGITS = 30
NOT_REACHED_MARKS = ("NR", "NE")
_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_LEADING_ZERO = re.compile(r"(-?)0+(?=\d)", re.ASCII)
_LOOKALIKES = str.maketrans({"·": ".", "∙": ".", "⋅": ".", "・": ".", "−": "-", "–": "-", "—": "-", "。": "."})


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a cell, and the remedy."""

    message: str
    remedy: str


def read_number(text: str, not_reached: bool = False) -> PrintedNumber | Flaw:
    """Read a cell as a number that keeps its digits.

    Parameters
    ----------
    text : the cell, without surrounding blanks.
    not_reached : whether ``NR`` and ``NE`` (not reached, not estimable) are allowed here.

    Examples
    --------
    >>> read_number("67.90")
    PrintedNumber(text='67.90')
    >>> read_number("67,90").remedy
    'write 67.90'
    """
    if text in NOT_REACHED_MARKS:
        if not_reached:
            return PrintedNumber(text)
        return Flaw(
            f"{text} (not reached) stands only for a median, a follow-up time or their limits",
            "leave the cell empty, or write the printed number",
        )
    if _PLAIN.fullmatch(text):
        if len(text) > MAX_DIGITS:
            return Flaw(f"the number has more than {MAX_DIGITS} characters", "write the digits the paper prints")
        if _LEADING_ZERO.match(text):
            return Flaw("the number begins with a zero too many", f"write {_LEADING_ZERO.sub(lambda m: m[1], text)}")
        return PrintedNumber(text)
    return _diagnose(text, not_reached)


def _diagnose(text: str, not_reached: bool) -> Flaw:
    """Name what keeps a text from being a number; the digits it probably means go into the remedy."""
    odd = next((c for c in text if not c.isascii()), None)
    guess = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).replace("%", "").strip()
    write = f"write {guess}" if _PLAIN.fullmatch(guess) and len(guess) <= MAX_DIGITS else ""
    if odd is not None:
        name = unicodedata.name(odd, "a character without a name")
        return Flaw(
            f"the number holds the character {shorten(odd)} ({name}, U+{ord(odd):04X})",
            write or "write plain digits 0-9 with a decimal point",
        )
    if "%" in text:
        return Flaw("the number holds a % sign", f"drop the % sign: {write}" if write else "write the number alone")
    if re.fullmatch(r"-?\d+,\d+", text):
        thousands = re.fullmatch(r"-?[1-9]\d{0,2},\d{3}", text)
        other = f" (or {text.replace(',', '')} if the comma separates thousands)" if thousands else ""
        return Flaw("a comma stands where a decimal point belongs", f"write {shorten(text.replace(',', '.'))}{other}")
    if "," in text and re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return Flaw("commas separate the thousands", f"write {shorten(text.replace(',', ''))}")
    if re.fullmatch(r"[+]\d+(\.\d+)?", text):
        return Flaw("the number holds a plus sign", f"write {shorten(text[1:])}")
    if re.fullmatch(r"\.\d+", text):
        return Flaw("no digit stands before the decimal point", f"write 0{shorten(text)}")
    if re.fullmatch(r"\d+\.", text):
        return Flaw("no digit stands after the decimal point", f"write {shorten(text[:-1])}")
    marks = ", NR or NE" if not_reached else ""
    return Flaw("this is no number", f"write plain digits such as 67.90{marks}, or leave the cell empty")
