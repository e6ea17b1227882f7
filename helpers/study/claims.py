"""Rows of claims.csv as claims: what each statistic needs, what it may hold, and what cannot be true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from helpers.errors import Problem, nearest
from helpers.printed import PrintedNumber
from helpers.spreadsheet import unshielded
from helpers.study.cells import Flaw, read_number
from helpers.study.model import Claim, days_in
from helpers.study.rules import (
    ESTIMATES,
    MAX_N,
    MAX_YEARS,
    MEANT,
    MISSING,
    RESTRICTED,
    SHARE_UNITS,
    STATISTICS,
    TIME_UNITS,
    Rule,
)
from helpers.study.table import Row, read_table

_CLAIM_ID = re.compile(r"[A-Za-z0-9_.-]{1,100}", re.ASCII)


@dataclass
class ClaimsTable:
    """What claims.csv says: its claims, every id that stands in it, and what is wrong or odd about it.

    `readable` is False where rows were lost, so that `ids` may lack some; `without_count` has the ids whose
    count is empty.
    """

    claims: list[Claim] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    without_count: set[str] = field(default_factory=set)
    readable: bool = True
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_claims(text: str, file: str, n: int | None, endpoints: Mapping[str, int | None] | None) -> ClaimsTable:
    """Read and check a claims.csv.

    Parameters
    ----------
    text : the file's text.
    file : how messages name the file.
    n : the study's number of patients, or None if study.yaml does not tell it.
    endpoints : the study's endpoints, each with its own number of patients if it has one, or None likewise.
    """
    rows, problems = read_table(text, file)
    table = ClaimsTable(problems=problems, readable=not problems)
    first_line: dict[str, int] = {}
    for row in rows:
        reader = _RowReader(row, file, n, endpoints)
        claim = reader.read()
        claim_id = row.cells["id"]
        if claim_id in first_line:
            reader.fault(
                "id",
                f"the claim id stands twice, first in row {first_line[claim_id]}",
                "give each claim its own id",
            )
        elif claim_id:
            first_line[claim_id] = row.line
        table.problems += reader.problems
        if claim is not None and not reader.problems:
            table.claims.append(claim)
            table.warnings += [f"{file}, row {row.line}: {odd}" for odd in _oddities(claim)]
    table.ids = set(first_line)
    table.without_count = {row.cells["id"] for row in rows if not row.cells["count"]}
    if not rows and not problems:
        table.problems.append(
            Problem("the table has a header but no claims", "add one row per printed statement", file)
        )
    return table


def _oddities(claim: Claim) -> list[str]:
    """What a paper may really print, but a reader should know of."""

    def size(number: PrintedNumber) -> Fraction | None:
        return number.value if number.reached else None

    low, high = claim.ci_low, claim.ci_high
    if low is None or high is None:
        return []
    bottom, top = size(low), size(high)
    interval = f"the interval {low.text} to {high.text} of claim {claim.id}"
    if bottom is None and top is not None or (bottom is not None and top is not None and bottom > top):
        return [f"{interval} has its limits reversed"]
    if claim.value is None:
        return []
    value = size(claim.value)
    below = bottom is not None and value is not None and value < bottom
    above = top is not None and (value is None or value > top)
    if below or above or (bottom is None and value is not None):
        return [f"{interval} does not contain its estimate {claim.value.text}"]
    return []


class _RowReader:
    """Reads one row; collects every fault of it."""

    def __init__(self, row: Row, file: str, n: int | None, endpoints: Mapping[str, int | None] | None) -> None:
        self.row, self.file, self.study_n, self.endpoints = row, file, n, endpoints
        self.cells = row.cells
        self.problems: list[Problem] = []

    def fault(self, column: str, message: str, remedy: str) -> None:
        """Note that a cell is wrong."""
        found = self.cells[column]
        self.problems.append(Problem(message, remedy, self.file, self.row.line, column, found))

    def read(self) -> Claim | None:
        """The claim of this row, or None for an unknown statistic; valid if nothing is wrong."""
        cells = self.cells
        if not _CLAIM_ID.fullmatch(cells["id"]):
            what = "the claim has no id" if not cells["id"] else "the claim id is not of the allowed form"
            self.fault("id", what, "use letters A-Z, a-z, digits, _ . and - only, at most 100, e.g. os_6mo")
        self._check_endpoint()
        rule = self._rule()
        n = self._whole("n", 1, MAX_N)
        count = self._whole("count", 0, MAX_N)
        level = self._level()
        if rule is None:
            for column in ("at", *ESTIMATES):
                self._number(column, not_reached=True)
            return None
        self._check_columns(rule)
        at = self._at()
        numbers = {column: self._number(column, rule.not_reached) for column in ESTIMATES}
        if self._check_unit(rule):
            for column in ESTIMATES:
                self._check_size(column, numbers[column], cells["unit"])
        own = (self.endpoints or {}).get(cells["endpoint"])
        denominator = n if cells["n"] else (own or self.study_n)
        if count is not None and denominator is not None and count > denominator:
            of = "of the row" if cells["n"] else ("of the endpoint" if own else "of the study")
            self.fault(
                "count",
                f"the count is above the n {of}, {denominator}",
                f"write a count from 0 to {denominator}",
            )
        return Claim(
            id=cells["id"],
            statistic=cells["statistic"],
            n=denominator or 1,
            endpoint=cells["endpoint"] or None,
            at=at,
            at_unit=cells["at_unit"],
            count=None if count is None else PrintedNumber(cells["count"]),
            value=numbers["value"],
            ci_low=numbers["ci_low"],
            ci_high=numbers["ci_high"],
            ci_level=Fraction(95, 100) if level is None else level,
            unit=cells["unit"],
            source=unshielded(cells["source"]),
            note=unshielded(cells["note"]),
            row=self.row.line,
        )

    def _rule(self) -> Rule | None:
        name = self.cells["statistic"]
        if name in STATISTICS:
            return STATISTICS[name]
        close = nearest(name[:100], STATISTICS)
        hint = f"did you mean {close}? " if close else ""
        what = "unknown statistic" if name else "the row names no statistic"
        self.fault("statistic", what, f"{hint}Allowed are {', '.join(STATISTICS)}")
        return None

    def _check_endpoint(self) -> None:
        name = self.cells["endpoint"]
        if name and self.endpoints is not None and name not in self.endpoints:
            close = nearest(name[:100], self.endpoints)
            hint = f"did you mean {close}? " if close else ""
            known = ", ".join(self.endpoints) or "none yet"
            self.fault("endpoint", "unknown endpoint", f"{hint}The endpoints of study.yaml are {known}")

    def _check_columns(self, rule: Rule) -> None:
        """Columns that the statistic needs, and columns that do not apply to it."""
        name = self.cells["statistic"]
        for column in RESTRICTED:
            filled = self.cells[column] != ""
            if column in rule.needs and not filled:
                remedy = MISSING.get(column, f"write one of {', '.join(rule.units)}")
                self.fault(column, f"the statistic {name} needs {column}", remedy)
            if filled and column not in rule.needs and column not in rule.may:
                self.fault(column, f"{column} does not apply to the statistic {name}", "leave the cell empty")
        if "count" not in rule.needs and not any(self.cells[c] for c in ("count", *ESTIMATES)):
            self.fault("value", "the row holds no printed number", "write a value, a count or an interval")

    def _check_unit(self, rule: Rule) -> bool:
        """Whether the unit of the estimates is known, so that their size can be judged."""
        unit = self.cells["unit"]
        if not rule.units:
            return False
        if not unit:
            if "unit" not in rule.needs and any(self.cells[c] for c in ESTIMATES):
                self.fault("unit", "the unit of the estimate is missing", f"write one of {', '.join(rule.units)}")
            return False
        if unit in rule.units:
            return True
        self._wrong_unit("unit", rule.units)
        return False

    def _wrong_unit(self, column: str, allowed: tuple[str, ...]) -> None:
        unit = self.cells[column]
        if unit in TIME_UNITS + SHARE_UNITS:
            message = f"the unit does not fit the statistic {self.cells['statistic']}"
        else:
            message = "unknown unit"
        close = MEANT.get(unit.lower()) or nearest(unit[:100], allowed)
        hint = f"did you mean {close}? " if close in allowed and close != unit else ""
        self.fault(column, message, f"{hint}Allowed here are {', '.join(allowed)}")

    def _number(self, column: str, not_reached: bool = False) -> PrintedNumber | None:
        text = self.cells[column]
        if not text:
            return None
        number = read_number(text, not_reached)
        if isinstance(number, Flaw):
            self.fault(column, number.message, number.remedy)
            return None
        return number

    def _whole(self, column: str, low: int, high: int) -> int | None:
        """A whole number within bounds, or None where the cell is empty or at fault."""
        number = self._number(column)
        if number is None:
            return None
        if number.decimals:
            self.fault(column, f"{column} is no whole number", "write a whole number of patients without decimals")
        elif number.text.startswith("-") or not low <= number.value <= high:
            self.fault(column, f"{column} lies outside {low} to {high:,}", "write the number of patients")
        else:
            return int(number.value)
        return None

    def _level(self) -> Fraction | None:
        """Confidence level as a fraction; None where the cell is empty (95 %)."""
        number = self._number("ci_level")
        if number is None:
            return None
        full_range = self.cells["statistic"] == "follow_up" and number.value == 100
        if not (50 <= number.value < 100 or full_range):
            remedy = "write the level in percent, e.g. 95; leave the cell empty for 95"
            self.fault("ci_level", "the confidence level is not from 50 to below 100 percent", remedy)
            return None
        return number.value / 100

    def _at(self) -> Fraction | None:
        """The time of a landmark, checked together with its unit."""
        number, unit = self._number("at"), self.cells["at_unit"]
        if unit and unit not in TIME_UNITS:
            self._wrong_unit("at_unit", TIME_UNITS)
        elif unit and not self.cells["at"]:
            if "at" not in STATISTICS[self.cells["statistic"]].needs:
                self.fault("at", "a unit of time without a time", "write the time in column at, or empty at_unit")
        elif number is not None and unit:
            self._check_size("at", number, unit)
        elif number is not None and "at_unit" not in STATISTICS[self.cells["statistic"]].needs:
            self.fault("at_unit", "the unit of the time is missing", MISSING["at_unit"])
        return number.value if number is not None else None

    def _check_size(self, column: str, number: PrintedNumber | None, unit: str) -> None:
        """Bounds that no printed share or time can leave."""
        if number is None or not number.reached:
            return
        below = number.text.startswith("-")
        if unit in TIME_UNITS:
            if below:
                self.fault(column, "the time is below 0", "write a time of 0 or more")
            elif number.value * days_in(unit) > MAX_YEARS * days_in("year"):
                self.fault(column, f"the time is beyond {MAX_YEARS} years", "check the number and its unit")
            return
        top = 100 if unit == "percent" else 1
        if not below and number.value <= top:
            return
        kind = "percentage" if unit == "percent" else "proportion"
        remedy = f"write a number from 0 to {top}"
        if unit == "proportion" and 1 < number.value <= 100:
            remedy += ", or the unit percent"
        self.fault(column, f"the {kind} is {'below 0' if below else f'above {top}'}", remedy)
