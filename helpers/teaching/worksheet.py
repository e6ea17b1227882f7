"""A worksheet: the exercises of one lesson, asked and checked, with hints before answers.

The first wrong answer gets a sentence about itself. The second gets the first hint as well, the third the next one.
The answer is shown only to those who ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from helpers.errors import InputError, Problem, nearest
from helpers.teaching.answers import Unreadable
from helpers.teaching.boxes import Kind, box
from helpers.teaching.exercise import Exercise
from helpers.teaching.functions import Function


class Worksheet:
    """The exercises of a lesson, and how far one learner has come with them.

    Parameters
    ----------
    exercises : in the order of the lesson.
    reveal : show all hints and the answer under every check, for a teacher's copy.

    Examples
    --------
    >>> from helpers.teaching.answers import Number
    >>> work = Worksheet([Exercise("half", "How much is 1/2?", Number(0.5))])
    >>> work.tries("half")
    0
    """

    def __init__(self, exercises: Iterable[Exercise], reveal: bool = False) -> None:
        """Nothing is answered yet."""
        self.exercises = {exercise.name: exercise for exercise in exercises}
        self.reveal = reveal
        self._tries: dict[str, int] = {}
        self._right: set[str] = set()
        self._hinted: dict[str, int] = {}

    def tries(self, name: str) -> int:
        """How many wrong answers were given to an exercise."""
        return self._tries.get(name, 0)

    def ask(self, name: str) -> None:
        """Display the question of an exercise."""
        exercise = self._find(name)
        box(Kind.QUESTION, f"Exercise {self._number(name)}", exercise.question)

    def check(self, name: str, given: object = ...) -> None:
        """Display at once what is to be said about an answer."""
        exercise = self._find(name)
        if _blank(given) or (isinstance(exercise.answer, Function) and exercise.answer.unanswered(given)):
            box(Kind.OPEN, f"Exercise {self._number(name)}: not answered yet",
                f"Take your time. Put your answer in place of `...` and run the cell again. For a hint: "
                f"`work.hint({name!r})`.")  # fmt: skip
        else:
            self._judge(exercise, given)
        if self.reveal:
            for number, hint in enumerate(exercise.hints, 1):
                box(Kind.HINT, f"Hint {number}", hint)
            self.answer(name)

    def _judge(self, exercise: Exercise, given: object) -> None:
        name, title = exercise.name, f"Exercise {self._number(exercise.name)}"
        try:
            read = exercise.answer.read(given)
            judgement = exercise.answer.judge(read)
        except Unreadable as error:
            box(Kind.OPEN, f"{title}: this cannot be read as an answer", f"{_sentence(str(error))} It does not count.")
            return
        if judgement.right:
            self._right.add(name)
            box(Kind.RIGHT, f"{title}: right", exercise.explanation)
            return
        self._right.discard(name)
        self._tries[name] = self.tries(name) + 1
        lines = [_sentence(exercise.about(read, judgement.about))]
        if self.tries(name) > 1:
            lines.append(self._next_hint(exercise))
        box(Kind.WRONG, f"{title}: not yet", "\n\n".join(lines))

    def hint(self, name: str) -> None:
        """Display the next hint of an exercise; after the last one, how to see the answer."""
        exercise = self._find(name)
        box(Kind.HINT, f"Exercise {self._number(name)}", self._next_hint(exercise))

    def answer(self, name: str) -> None:
        """Display the answer of an exercise with its explanation, for those who ask."""
        exercise = self._find(name)
        box(Kind.ANSWER, f"Exercise {self._number(name)}: the answer is {exercise.answer.shown}", exercise.explanation)

    def score(self) -> None:
        """Display how far the learner has come."""
        total, right = len(self.exercises), len(self._right)
        wrong = [n for n in self.exercises if n not in self._right and self.tries(n)]
        rest = [n for n in self.exercises if n not in self._right and not self.tries(n)]
        lines = [f"{right} of {total} exercises are right."]
        if wrong:
            lines.append("Tried but not right yet: " + ", ".join(f"`{n}`" for n in wrong) + ".")
        if rest:
            lines.append("Not answered yet: " + ", ".join(f"`{n}`" for n in rest) + ".")
        if right == total:
            lines.append("All of it: well done.")
        box(Kind.RIGHT if right == total else Kind.OPEN, "How far you have come", "\n\n".join(lines))

    def _next_hint(self, exercise: Exercise) -> str:
        used = self._hinted.get(exercise.name, 0)
        if used >= len(exercise.hints):
            return f"There are no more hints. `work.answer({exercise.name!r})` shows the answer."
        self._hinted[exercise.name] = used + 1
        return f"**Hint {used + 1} of {len(exercise.hints)}.** {exercise.hints[used]}"

    def _number(self, name: str) -> int:
        return list(self.exercises).index(name) + 1

    def _find(self, name: str) -> Exercise:
        if name in self.exercises:
            return self.exercises[name]
        like = nearest(name, self.exercises)
        remedy = f"did you mean {like}?" if like else f"it has {', '.join(self.exercises)}"
        raise InputError(Problem("the lesson has no such exercise", remedy, found=name))


def _blank(given: Any) -> bool:
    """Whether nothing was answered: the dots of a student copy, None, an empty text, or a pair of these."""
    if given is ... or given is None or (isinstance(given, str) and not given.strip(" .")):
        return True
    return isinstance(given, (tuple, list)) and bool(given) and all(_blank(part) for part in given)


def _sentence(text: str) -> str:
    text = text.strip()
    text = text if text[:1] in "`" else text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
