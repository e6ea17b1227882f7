"""An exercise: a question, what counts as right, hints in rising order, and the slips that are recognised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.teaching.answers import Answer


@dataclass(frozen=True)
class Slip:
    """A wrong answer that many give, computed like the right one, and what to say to those who give it."""

    value: Any
    hint: str


@dataclass(frozen=True)
class Exercise:
    """One exercise. All texts are light Markdown; no text but `explanation` may give the answer away.

    Attributes
    ----------
    name : a short name in lower case, by which a cell calls it.
    question : what is asked.
    answer : what counts as right; its truth is computed by the suite.
    hints : shown one after another: the first after the second wrong answer, and so on.
    slips : recognised wrong answers.
    explanation : shown once the answer is right, and with the answer on request.
    """

    name: str
    question: str
    answer: Answer
    hints: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()
    explanation: str = ""

    def about(self, read: Any, otherwise: str) -> str:
        """What to say about one wrong answer: a recognised slip before anything general."""
        return next((slip.hint for slip in self.slips if self.answer.same(read, slip.value)), otherwise)
