"""Effort: limits counted in units of work, so that what is found does not depend on the speed of the machine.

A unit is about a hundredth of a microsecond of an idle machine of today. The clock is the last resort: it stops work
only where a machine is so slow, or so busy, that the units would take much longer than they should.
"""

from __future__ import annotations

from time import monotonic

STANDARD, PATIENCE = 20.0, 90.0  # seconds: work for so many, stopped after so many, where no deadline is given
UNITS_A_SECOND = 30_000_000  # so few that an idle machine of today needs about a third of the seconds it is given


class OutOfTimeError(Exception):
    """The work allowed was used up, or the time was."""


class Effort:
    """So many units of work, and a moment after which nothing more is begun."""

    def __init__(self, seconds: float, units: float | None = None, end: float | None = None) -> None:
        """Start now: the work that so many seconds are meant for, and the clock as a last resort."""
        self.left = seconds * UNITS_A_SECOND if units is None else units
        self._end = monotonic() + seconds if end is None else end

    @classmethod
    def usual(cls, deadline: float | None) -> Effort:
        """What is meant for a deadline in seconds; without one, for twenty seconds, and with patience."""
        return cls(deadline) if deadline is not None else cls(PATIENCE, STANDARD * UNITS_A_SECOND)

    @property
    def late(self) -> bool:
        """Whether the clock has run out."""
        return monotonic() >= self._end

    @property
    def seconds(self) -> float:
        """Seconds left on the clock, never negative."""
        return max(0.0, self._end - monotonic())

    def part(self, share: float) -> Part:
        """A limit of a share of the work left, taken from it as it is used."""
        return Part(self, share)

    def spend(self, units: float) -> None:
        """Take units off; raise OutOfTimeError where there are none left, or no time."""
        self.left -= units
        if self.left < 0 or self.late:
            raise OutOfTimeError

    def affords(self, units: float) -> bool:
        """Whether so much work may still be begun."""
        return units <= self.left and not self.late


class Part(Effort):
    """A share of another effort: what is spent here is spent there."""

    def __init__(self, whole: Effort, share: float) -> None:
        """Start with a share of what is left."""
        super().__init__(0.0, max(0.0, whole.left) * share, whole._end)
        self._whole = whole

    def spend(self, units: float) -> None:
        """Take units off here and there."""
        self._whole.left -= units
        super().spend(units)
