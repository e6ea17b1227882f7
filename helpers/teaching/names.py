"""An answer that names one thing out of several, where each wrong one has something to be said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers.errors import nearest
from helpers.teaching.answers import Judgement, Unreadable


@dataclass(frozen=True)
class Names:
    """One name of a list, such as the id of a claim.

    Parameters
    ----------
    truth : the right name.
    known : every name that can be given, each with what is to be said about it where it is wrong.
    """

    truth: str
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The name."""
        return f"`{self.truth}`"

    def read(self, given: object) -> str:
        """A known name. Raises Unreadable with the nearest one otherwise."""
        text = given.strip() if isinstance(given, str) else ""
        if text in self.known or text == self.truth:
            return text
        like = nearest(text, {*self.known, self.truth}) if text else None
        example = like or next(iter(self.known), self.truth)
        raise Unreadable(f"one of the names listed is asked for, such as `'{example}'`")

    def judge(self, read: str) -> Judgement:
        """Right, or what the list says about a wrong one."""
        return Judgement(read == self.truth, "" if read == self.truth else self.known[read])

    def same(self, read: str, value: str) -> bool:
        """The same name."""
        return read == value
