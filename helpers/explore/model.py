"""What the bench says of a state, as plain data that travels between processes."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.conventions import Convention
from helpers.explore.state import State
from helpers.inversion.landmarks import SetAside
from helpers.ledger.row import LedgerRow

CURVE, PAPER = "curve", "paper"
MOST_COURSES = 60  # histories that can be stepped through


@dataclass(frozen=True)
class Passing:
    """A landmark on one history: after how many patients it is read, the arithmetic, printed and expected digits."""

    claim: str
    label: str
    length: int
    survival: float
    std_error: float
    printed: tuple[str, str, str]
    expected: tuple[str, str, str]


@dataclass(frozen=True)
class Course:
    """One history that is left: its steps, the days between which each lies, and how it passes the landmarks."""

    history: str
    convention: Convention
    low: tuple[int, ...]
    high: tuple[int, ...]
    passed: tuple[Passing, ...]


@dataclass(frozen=True)
class Answer:
    """What can be said of one state.

    Attributes
    ----------
    scope : ``curve`` for the quick answer, ``paper`` for the full one.
    fits : whether some history prints every number read; None where that is not known.
    count : histories left, after what is set aside; None where they are not listed.
    courses : the first of them, up to `MOST_COURSES`.
    band : smallest and largest S(t), as (day, low, high) from which they hold on; empty where it is not known.
    points : printed landmarks as (day, S, lower, upper), None where unprinted.
    sentences : the verdict in Markdown, first the answer itself.
    ledger : one row a printed number; None until it is made.
    """

    state: State
    scope: str
    endpoint: str
    endpoint_name: str
    n: int
    events: str
    origin: str
    fits: bool | None
    count: int | None
    conventions: tuple[Convention, ...]
    set_aside: tuple[SetAside, ...]
    courses: tuple[Course, ...]
    band: tuple[tuple[int, float, float], ...]
    points: tuple[tuple[float, float | None, float | None, float | None], ...]
    sentences: tuple[str, ...]
    ledger: tuple[LedgerRow, ...] | None = None

    @property
    def last_day(self) -> float:
        """The day of the last printed landmark."""
        return max((point[0] for point in self.points), default=0.0)
