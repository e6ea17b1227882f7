"""Parameter sweeps: which parameters are given several values, and the grid of their combinations.

Values are separated by commas where a comma cannot be part of a value: numbers, true and false, and parameters with a
list of choices. A free text keeps its commas; it is swept by giving the option once for each text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from helpers.errors import InputError, Problem
from helpers.suite.parameters import Parameter, coerce, requested

MOST_POINTS = 500


@dataclass(frozen=True)
class Point:
    """One combination: the swept values as given, and all pairs of the run."""

    values: Mapping[str, str]
    pairs: tuple[str, ...]

    @property
    def name(self) -> str:
        """A readable name for a folder, e.g. ``days_per_month=30,interval=log-log``."""
        return ",".join(f"{name}={_for_a_file(value)}" for name, value in self.values.items())


@dataclass(frozen=True)
class Grid:
    """Swept parameters with their values, and the pairs that are the same at every point."""

    swept: Mapping[str, tuple[str, ...]]
    fixed: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A name for the folder of the sweep, e.g. ``days_per_month+interval``."""
        return "+".join(self.swept)

    @property
    def points(self) -> tuple[Point, ...]:
        """Every combination, the last parameter changing fastest."""
        combinations = product(*self.swept.values())
        found = [dict(zip(self.swept, values, strict=True)) for values in combinations]
        return tuple(Point(v, (*self.fixed, *(f"{name}={text}" for name, text in v.items()))) for v in found)


def is_free_text(parameter: Parameter) -> bool:
    """Whether a value may contain anything, commas included."""
    return parameter.type_name == "str" and not parameter.choices


def grid_of(pairs: Iterable[str], known: Mapping[str, Parameter]) -> Grid:
    """Part what is swept from what is fixed. Raises InputError with everything that is wrong.

    >>> known = {"level": Parameter("level", "float", 0.95, ""), "days": Parameter("days", "str", "", "")}
    >>> grid_of(["level=0.9,0.95", "days=90, 180"], known)
    Grid(swept={'level': ('0.9', '0.95')}, fixed=('days=90, 180',))
    """
    swept: dict[str, tuple[str, ...]] = {}
    fixed: list[str] = []
    texts: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for pair in pairs:
        name, _, text = pair.partition("=")
        parameter = known.get(name.strip())
        if parameter is not None and is_free_text(parameter):
            texts.setdefault(parameter.name, []).append(text)
        elif parameter is not None and "," in text and parameter.name not in swept:
            swept[parameter.name] = tuple(value.strip() for value in text.split(","))
        elif parameter is not None and parameter.name in swept:
            problems.append(Problem(f"parameter {parameter.name} is given twice", "keep one of the two", found=pair))
        else:
            fixed.append(pair)
    for name, many in texts.items():
        if len(many) > 1:
            swept[name] = tuple(many)
        else:
            fixed.append(f"{name}={many[0]}")
    problems += [problem for name, values in swept.items() for problem in _faults(known[name], values)]
    try:
        requested([*fixed, *(f"{name}={values[0]}" for name, values in swept.items() if not problems)], known)
    except InputError as error:
        problems += error.problems
    size = 1
    for values in swept.values():
        size *= len(values)
    if size > MOST_POINTS:
        problems.append(Problem(f"a sweep of {size:,} points", f"sweep at most {MOST_POINTS} at once"))
    if problems:
        raise InputError(problems)
    return Grid(swept, tuple(fixed))


def _faults(parameter: Parameter, values: tuple[str, ...]) -> list[Problem]:
    problems: list[Problem] = []
    for value in values:
        try:
            coerce(parameter, value)
        except InputError as error:
            problems += error.problems
    if not problems and len({coerce(parameter, value) for value in values}) < len(values):
        message = f"parameter {parameter.name} is given one value twice"
        problems.append(Problem(message, "name each value once", found=", ".join(values)))
    names = [_for_a_file(value) for value in values]
    if not problems and len(set(names)) < len(names):
        message = f"two values of {parameter.name} would share a folder"
        problems.append(Problem(message, "run them one at a time, each with its own --out", found=", ".join(values)))
    return problems


def _for_a_file(text: str) -> str:
    """A value as part of a file name: letters, digits and a few signs; anything else becomes a hyphen."""
    return re.sub(r"[^\w.+-]+", "-", text, flags=re.ASCII).strip("-")[:60] or "empty"
