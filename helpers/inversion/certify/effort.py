"""Effort: limits counted in units of work, so that what is found does not depend on the speed of the machine.

A unit is about a hundredth of a microsecond of an idle machine of today. Clocks are the last resort: where a deadline
is given, nothing is begun after it; where none is, only a processor that is ten times too slow is ever stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, process_time

UNITS_A_SECOND = 45_000_000  # so few that an idle machine of today needs about half of the seconds it is given
STANDARD = 20.0  # seconds of work, where no deadline is given
PATIENCE = 10.0  # times as many seconds of the processor, before work is stopped for being slow


class OutOfTimeError(Exception):
    """The work allowed was used up, or the time was."""


class Effort:
    """So many units of work, and a moment after which nothing more is begun."""

    def __init__(self, seconds: float, units: float | None = None, clock: Callable[[], float] = monotonic) -> None:
        """Start now, with the work that so many seconds are meant for, or with another number of units."""
        self.left = seconds * UNITS_A_SECOND if units is None else units
        self.clock = clock
        self.end = clock() + seconds

    @classmethod
    def of(cls, seconds: float) -> Effort:
        """The work of so many seconds, however long a busy machine takes for it."""
        return cls(PATIENCE * seconds, seconds * UNITS_A_SECOND, process_time)

    @classmethod
    def usual(cls, deadline: float | None) -> Effort:
        """What is meant for a deadline in seconds on the clock; without one, the standard work."""
        return cls.of(STANDARD) if deadline is None else cls(deadline)

    @property
    def late(self) -> bool:
        """Whether the clock has run out."""
        return self.clock() >= self.end

    def part(self, share: float) -> Part:
        """A limit of a share of the work left, taken from it as it is used."""
        return Part(self, share)

    def spend(self, units: float) -> None:
        """Take units off; raise OutOfTimeError where there are none left, or no time."""
        self._take(units)
        if self.left < 0 or self.late:
            raise OutOfTimeError

    def affords(self, units: float) -> bool:
        """Whether so much work may still be begun."""
        return units <= self.left and not self.late

    def _take(self, units: float) -> None:
        self.left -= units


class Part(Effort):
    """A share of another effort: what is spent here is spent there."""

    def __init__(self, whole: Effort, share: float) -> None:
        """Start with a share of what is left."""
        self.left, self.clock, self.end = max(0.0, whole.left) * share, whole.clock, whole.end
        self._whole = whole

    def _take(self, units: float) -> None:
        self.left -= units
        self._whole._take(units)
