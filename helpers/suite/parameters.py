"""Parameters of a run: what the notebooks declare, what a person asks for, checked before anything runs."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import InputError, Problem, nearest
from helpers.suite.notebook import PARAMETERS, Notebook, read_notebook, tags

Value = str | int | float | bool
TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
ELSEWHERE = {
    "study": "name the study as an argument: unrounded run STUDY",
    "cohort": "use --cohort FILE",
    "results_dir": "use --out DIR",
}
_CHOICES = re.compile(r"one of:? (.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: ``name: type = default  # help``.

    A help text that says ``one of: a, b, c`` fixes the values allowed.
    """

    name: str
    type_name: str
    default: Value
    help: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The values allowed, or nothing if every value of the type is."""
        match = _CHOICES.search(self.help)
        return tuple(re.split(r",\s*(?:or\s+)?|\s+or\s+", match[1].strip(" ."))) if match else ()


def declared(notebook: Notebook, where: str) -> dict[str, Parameter]:
    """The parameters a notebook declares. Raises InputError unless one cell holds annotated literals only."""
    cells = [cell for cell in notebook["cells"] if PARAMETERS in tags(cell)]
    if len(cells) != 1:
        raise _broken(where, f"it has {len(cells)} cells tagged 'parameters'", "give it exactly one")
    source = cells[0]["source"]
    lines = source.splitlines()
    found: dict[str, Parameter] = {}
    for statement in ast.parse(source).body:
        if not (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(statement.annotation, ast.Name)
            and statement.annotation.id in TYPES
            and statement.value is not None
        ):
            raise _broken(
                where,
                f"its parameters cell holds {ast.unparse(statement)!r}",
                "keep only lines like `seed: int = 1  # help` there, of type str, int, float or bool",
            )
        try:
            default = ast.literal_eval(statement.value)
        except ValueError:
            raise _broken(
                where,
                f"parameter {statement.target.id} is not a literal",
                "move derived values to a later cell",
            ) from None
        rest = lines[(statement.end_lineno or 1) - 1].encode()[statement.end_col_offset or 0 :].decode()
        name = statement.target.id
        found[name] = Parameter(name, statement.annotation.id, default, rest.strip().lstrip("#").strip())
    return found


def declared_everywhere(paths: Iterable[Path]) -> dict[str, Parameter]:
    """The parameters of several notebooks together; a name must mean one type in all of them."""
    together: dict[str, Parameter] = {}
    for path in paths:
        for name, parameter in declared(read_notebook(path), path.name).items():
            known = together.setdefault(name, parameter)
            if known.type_name != parameter.type_name:
                raise _broken(
                    path.name,
                    f"it declares {name} as {parameter.type_name}, another one as {known.type_name}",
                    "declare it alike in all notebooks",
                )
    return together


def requested(pairs: Iterable[str], known: Mapping[str, Parameter]) -> dict[str, Value]:
    """Read ``name=value`` texts against the declared parameters.

    Raises
    ------
    InputError
        With every pair that is malformed, unknown (nearest name suggested), given twice, or of a wrong type.
    """
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for pair in pairs:
        name, sign, text = pair.partition("=")
        name = name.strip()
        if not sign or not name.isidentifier():
            problems.append(
                Problem("a parameter is given as name=value, the name an identifier", "e.g. -p seed=2", found=pair)
            )
        elif name in ELSEWHERE:
            problems.append(Problem(f"{name} is not set with -p", ELSEWHERE[name], found=pair))
        elif name not in known:
            problems.append(_unknown(name, known))
        elif name in values:
            problems.append(Problem(f"parameter {name} is given twice", "keep one of the two", found=pair))
        else:
            try:
                values[name] = coerce(known[name], text)
            except InputError as error:
                problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return values


def coerce(parameter: Parameter, text: str) -> Value:
    """Turn the text of the command line into the declared type; never guess a type from the text.

    >>> coerce(Parameter("label", "str", "", ""), "007")
    '007'
    """
    try:
        value = _CONVERTERS[parameter.type_name](text)
    except ValueError:
        raise InputError(
            Problem(
                f"parameter {parameter.name} takes {_EXPECTED[parameter.type_name]}",
                f"e.g. -p {parameter.name}={parameter.default}",
                found=text,
            )
        ) from None
    if parameter.choices and text not in parameter.choices:
        like = nearest(text, parameter.choices)
        raise InputError(
            Problem(
                f"parameter {parameter.name} is one of {', '.join(parameter.choices)}",
                f"did you mean {like}?" if like else f"e.g. -p {parameter.name}={parameter.default}",
                found=text,
            )
        )
    return value


def _to_int(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text, re.ASCII):
        raise ValueError(text)
    return int(text)


def _to_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _to_bool(text: str) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]


_CONVERTERS: dict[str, Callable[[str], Value]] = {
    "str": str,
    "int": _to_int,
    "float": _to_float,
    "bool": _to_bool,
}
_EXPECTED = {"str": "text", "int": "a whole number", "float": "a finite number", "bool": "true or false"}


def _unknown(name: str, known: Mapping[str, Parameter]) -> Problem:
    like = nearest(name, known)
    settable = ", ".join(n for n in known if n not in ELSEWHERE)
    remedy = f"did you mean {like}? " if like and like not in ELSEWHERE else ""
    return Problem("no notebook declares this parameter", f"{remedy}known are: {settable}", found=name)


def _broken(where: str, what: str, remedy: str) -> InputError:
    return InputError(Problem(f"notebook {where} cannot take parameters: {what}", remedy))
