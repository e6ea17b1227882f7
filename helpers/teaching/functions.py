"""A function that a learner writes, run on cases and compared with the suite's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isclose, isinf
from typing import Any

from helpers.teaching.answers import Judgement, Unreadable
from helpers.teaching.numerals import exact, plainly

_SAME = 1e-6


@dataclass(frozen=True)
class Function:
    """A function is right if it returns what a reference returns, for every case.

    Parameters
    ----------
    reference : the suite's own function, of the same arguments.
    cases : arguments to call both with, simple ones first: the first that differs is shown to the learner.
    like : how the function is called, e.g. ``"survival('EEC', 22)"``.
    decimals : for showing numbers.
    """

    reference: Callable[..., Any]
    cases: tuple[tuple[Any, ...], ...]
    like: str
    decimals: int = 4

    @property
    def shown(self) -> str:
        """What it returns for the first cases; how to write it stands in the master."""
        some = [f"`{_call(self.like, case)}` is {self._text(self.reference(*case))}" for case in self.cases[:3]]
        return "a function for which " + ", ".join(some)

    def read(self, given: object) -> Callable[..., Any]:
        """Anything that can be called. Raises Unreadable otherwise."""
        if not callable(given):
            raise Unreadable(f"a function is asked for, called like `{self.like}`: give its name without brackets")
        return given

    def unanswered(self, given: object) -> bool:
        """Whether the function still returns the `...` of the student copy."""
        try:
            return callable(given) and given(*self.cases[0]) is ...
        except Exception:
            return False

    def judge(self, read: Callable[..., Any]) -> Judgement:
        """Run all cases; say which is the first that differs, or what was raised."""
        for case in self.cases:
            call, want = _call(self.like, case), self.reference(*case)
            try:
                got = read(*case)
            except Exception as error:
                name = type(error).__name__
                return Judgement(False, f"`{call}` ended with {name}: {_first(error)}")
            if got is None:
                return Judgement(False, f"`{call}` returned nothing; is a `return` missing?")
            if got is ...:
                return Judgement(False, f"`{call}` returned `...`: this case is not written yet")
            if not _equal(got, want):
                return Judgement(
                    False, f"`{call}` should be {self._text(want)}; your function returned {self._text(got)}"
                )
        return Judgement(True)

    def same(self, read: Callable[..., Any], value: Callable[..., Any]) -> bool:
        """Whether it returns what another (wrong) function returns, for every case."""
        try:
            return all(_equal(read(*case), value(*case)) for case in self.cases)
        except Exception:
            return False

    def _text(self, value: Any) -> str:
        if isinstance(value, (tuple, list)):
            return "(" + ", ".join(self._text(item) for item in value) + ")"
        number = exact(value)
        if isinstance(value, (bool, str)) or number is None:
            return f"`{value!r}`"
        return f"`{plainly(number, self.decimals)}`"


def _call(like: str, case: tuple[Any, ...]) -> str:
    name = like.split("(")[0]
    return f"{name}({', '.join(_literal(argument) for argument in case)})"


def _literal(value: Any) -> str:
    if isinstance(value, (Fraction, float)):
        return f"{float(value):g}"
    return repr(value)


def _equal(got: Any, want: Any) -> bool:
    if isinstance(want, (tuple, list)):
        try:
            parts = list(got)
        except TypeError:
            return False
        return len(parts) == len(want) and all(_equal(a, b) for a, b in zip(parts, want, strict=True))
    if isinstance(want, (bool, str)):
        return bool(got == want)
    if isinstance(want, float) and isinf(want):
        return isinstance(got, float) and got == want
    a, b = exact(got), exact(want)
    return a is not None and b is not None and isclose(float(a), float(b), rel_tol=_SAME, abs_tol=_SAME)


def _first(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:120] if lines else "no message"
