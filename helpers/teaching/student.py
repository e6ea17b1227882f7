"""From a teacher's master to a student's copy: solutions out, dots in, nothing else changed.

A code cell of a master marks the lines that are the solution::

    # solution {
    share = 16 / 22
    # }
    work.check("share", share)

In the copy each name that the solution assigns is `...`, and each function it defines keeps its first line and its
docstring and returns `...`. Names that begin with an underscore are steps on the way: they are left out. Cells tagged
``teacher`` are left out as a whole.
"""

from __future__ import annotations

import ast
import copy

from helpers.errors import InputError, Problem
from helpers.suite.notebook import Notebook, tags

BEGIN, END = "# solution {", "# }"
TEACHER = "teacher"
OPEN = "# your answer"


def student_notebook(master: Notebook, where: str = "the master") -> Notebook:
    """The student's copy of a master, without outputs.

    Raises
    ------
    InputError
        A solution that is not closed, or holds something that cannot be left to the learner.
    """
    notebook: Notebook = copy.deepcopy(master)
    notebook["cells"] = [cell for cell in notebook["cells"] if TEACHER not in tags(cell)]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = student_source(cell["source"], f"{where}, cell {cell.get('id', '')}")
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def student_source(source: str, where: str = "a cell") -> str:
    """One code cell with its solutions replaced.

    >>> print(student_source("# solution {\\nx = 1 / 2\\n# }\\nwork.check('half', x)"))
    x = ...  # your answer
    work.check('half', x)
    """
    kept: list[str] = []
    solution: list[str] | None = None
    for line in source.splitlines():
        if line.strip() == BEGIN:
            if solution is not None:
                raise _broken(where, "a solution begins inside another one")
            solution = []
        elif line.strip() == END and solution is not None:
            kept += _stubs("\n".join(solution), where)
            solution = None
        elif solution is not None:
            solution.append(line)
        else:
            kept.append(line)
    if solution is not None:
        raise _broken(where, f"a solution is not closed with {END!r}")
    return "\n".join(kept)


def has_solution(source: str) -> bool:
    """Whether a cell holds a marked solution."""
    return any(line.strip() == BEGIN for line in source.splitlines())


def _stubs(solution: str, where: str) -> list[str]:
    lines: list[str] = []
    named: set[str] = set()
    try:
        body = ast.parse(solution).body
    except SyntaxError as error:
        raise _broken(where, f"its solution is no Python: {error.msg}") from None
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            lines += _function(statement, solution)
            named.add(statement.name)
        elif isinstance(statement, ast.Assign):
            for name in (name for target in statement.targets for name in _names(target, where)):
                if not name.startswith("_") and name not in named:
                    lines.append(f"{name} = ...  {OPEN}")
                    named.add(name)
        elif not isinstance(statement, (ast.Import, ast.ImportFrom, ast.For, ast.If, ast.Expr, ast.AugAssign)):
            raise _broken(where, f"its solution holds {ast.unparse(statement)!r}")
    if not named:
        raise _broken(where, "its solution names nothing that a learner could answer")
    return lines


def _names(target: ast.expr, where: str) -> list[str]:
    """The names that an assignment binds."""
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, ast.Tuple):
        return [name for part in target.elts for name in _names(part, where)]
    raise _broken(where, f"its solution assigns to {ast.unparse(target)!r}")


def _function(function: ast.FunctionDef, solution: str) -> list[str]:
    """The head of a function with its docstring, and a body of dots."""
    first = function.body[0]
    end = first.lineno - 1 if ast.get_docstring(function) is None else first.end_lineno
    head = solution.splitlines()[function.lineno - 1 : end]
    return [*head, f"    return ...  {OPEN}"]


def _broken(where: str, what: str) -> InputError:
    return InputError(Problem(f"{where}: {what}", f"mark a solution with {BEGIN!r} above it and {END!r} below it"))
