"""A quiz: questions with a few options, each of which has something to be said about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from helpers.teaching.boxes import Kind, box


@dataclass(frozen=True)
class Option:
    """One option: what it says, why it is right or wrong, and which of the two."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with its options, exactly one of them right.

    Raises ValueError otherwise.
    """

    text: str
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        """Refuse a question without exactly one right option."""
        if sum(option.right for option in self.options) != 1:
            raise ValueError(f"exactly one option must be right: {self.text!r}")

    @property
    def key(self) -> str:
        """The letter of the right option."""
        return next(letter for letter, option in zip(ascii_lowercase, self.options, strict=False) if option.right)


class Quiz:
    """The quiz at the end of a lesson; it is answered with one letter a question, such as ``"bca"``.

    Examples
    --------
    >>> quiz = Quiz([Question("1 + 1?", (Option("2", "Yes.", True), Option("3", "One too many.")))])
    >>> quiz.key
    'a'
    """

    def __init__(self, questions: Iterable[Question]) -> None:
        """Take the questions in order."""
        self.questions = tuple(questions)

    @property
    def key(self) -> str:
        """The letters of all right options."""
        return "".join(question.key for question in self.questions)

    def ask(self) -> None:
        """Display all questions with their options."""
        for number, question in enumerate(self.questions, 1):
            lines = "\n".join(
                f"- **{letter}** {option.text}"
                for letter, option in zip(ascii_lowercase, question.options, strict=False)
            )
            box(Kind.QUESTION, f"Question {number}. {question.text}", lines)

    def check(self, replies: object = ...) -> None:
        """Display for every question what is to be said about the option that was chosen.

        Parameters
        ----------
        replies : one letter a question, as a text or a list; ``-``, a blank or nothing for those still open.
        """
        letters = _letters(replies, len(self.questions))
        right = 0
        for number, (question, letter) in enumerate(zip(self.questions, letters, strict=True), 1):
            place = ascii_lowercase.find(letter) if letter else -1
            if not letter:
                box(Kind.OPEN, f"Question {number}: not answered yet")
            elif not 0 <= place < len(question.options):
                last = ascii_lowercase[len(question.options) - 1]
                box(Kind.OPEN, f"Question {number}: `{letter}` is none of its options", f"They go from a to {last}.")
            else:
                option = question.options[place]
                right += option.right
                verdict = "right" if option.right else "no"
                box(Kind.RIGHT if option.right else Kind.WRONG, f"Question {number}: {verdict}", option.why)
        if any(letters):
            kind = Kind.RIGHT if right == len(self.questions) else Kind.OPEN
            box(kind, f"{right} of {len(self.questions)} questions are right")


def _letters(replies: object, wanted: int) -> list[str]:
    """One letter a question, empty where it is still open; letters too many are left out."""
    if isinstance(replies, str):
        given: Sequence[object] = [sign for sign in replies if sign not in " ,;"]
    elif isinstance(replies, (list, tuple)):
        given = replies
    else:
        given = []
    found = [str(reply).strip().lower() if isinstance(reply, str) else "" for reply in given[:wanted]]
    found = ["" if reply in ("-", ".", "...") else reply[:1] for reply in found]
    return found + [""] * (wanted - len(found))
