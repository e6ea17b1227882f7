"""Small counts hidden for publication, and enough beside them that nobody can work them out again.

A count below the threshold is shown as "<5". That alone hides nothing where it can be had by subtraction from a total,
so further counts are hidden ("≥5", or "not shown" where even that would say too much) until for every hidden small
count at least two values are left that fit all that is shown. Zero is shown: it is nobody's count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

VAGUE = "not shown"


@dataclass(frozen=True)
class Sum:
    """An equation between shown counts: `parts` add up to `whole` (each a place in the list of counts)."""

    whole: int
    parts: tuple[int, ...]


def masked_counts(
    counts: Sequence[int], sums: Sequence[Sum], threshold: int, public: Sequence[int] = ()
) -> dict[int, str]:
    """Which counts to hide, and what to show in their place.

    Parameters
    ----------
    counts : sequence of int
        All counts of a table, totals included.
    sums : sequence of Sum
        How they add up, as any reader knows.
    threshold : int
        Counts from 1 to threshold - 1 are hidden; 0 or 1 hides nothing.
    public : sequence of int
        Places of counts that everybody knows (the size of the cohort): never hidden.

    Returns
    -------
    dict
        Place → ``"<5"``, ``"≥5"`` or `VAGUE`.

    Raises
    ------
    InputError
        A public count is small, so that it should not be public, or small counts cannot be protected from it.

    Examples
    --------
    >>> masked_counts([22, 3, 9, 10], [Sum(0, (1, 2, 3))], 5, public=[0])
    {1: '<5', 2: '≥5'}
    """
    small = [k for k, count in enumerate(counts) if 0 < count < threshold]
    if any(k in public for k in small):
        found = str(next(counts[k] for k in small if k in public))
        remedy = "merge this group with another, or show it alone in a table without totals"
        raise InputError(Problem(f"a group has fewer than {threshold} patients", remedy, found=found))
    hidden = {k: f"<{threshold}" for k in small}
    while True:
        known = next((k for k in small if _told(k, counts, sums, hidden, threshold)), None)
        if known is None:
            return dict(sorted(hidden.items()))
        more = _to_hide(known, counts, sums, hidden, public)
        if more is not None:
            hidden[more] = f"≥{threshold}" if counts[more] >= threshold else VAGUE
            continue
        precise = [k for k in _beside(known, sums) if hidden.get(k, VAGUE) != VAGUE]
        if not precise:
            remedy = "merge levels, or leave the variable out"
            raise InputError(Problem("a small count follows from public ones", remedy, found=str(counts[known])))
        hidden.update(dict.fromkeys(precise, VAGUE))


def _beside(place: int, sums: Sequence[Sum]) -> list[int]:
    """A count and those it adds up with, in the order of the equations."""
    found = [place]
    for line in sums:
        if place in (line.whole, *line.parts):
            found += [k for k in (*line.parts, line.whole) if k not in found]
    return found


def _to_hide(
    known: int, counts: Sequence[int], sums: Sequence[Sum], hidden: Mapping[int, str], public: Sequence[int]
) -> int | None:
    """The next count to hide: the smallest that is not zero among those that give the known one away."""
    near = _beside(known, sums)
    further = [k for place in near if place in hidden for k in _beside(place, sums)]
    for places in (near, further):
        open_ones = [k for k in dict.fromkeys(places) if k not in hidden and k not in public]
        if open_ones:
            return min(open_ones, key=lambda k: (counts[k] == 0, counts[k], k))
    return None


def _told(place: int, counts: Sequence[int], sums: Sequence[Sum], hidden: Mapping[int, str], threshold: int) -> bool:
    """Whether what is shown leaves only one value for a hidden count: smallest equals largest (integer programs)."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    names = sorted(hidden)
    rows: list[NDArray[np.float64]] = []
    rest: list[float] = []
    for line in sums:
        if not any(k in hidden for k in (line.whole, *line.parts)):
            continue
        row, shown = np.zeros(len(names)), 0.0
        for k, sign in ((line.whole, -1.0), *((part, 1.0) for part in line.parts)):
            if k in hidden:
                row[names.index(k)] += sign
            else:
                shown += sign * counts[k]
        rows.append(row)
        rest.append(-shown)
    if not rows:
        return False
    low = [{"<": 1, "≥": threshold}.get(hidden[k][0], 0) for k in names]
    high = [threshold - 1 if hidden[k][0] == "<" else np.inf for k in names]
    matrix = LinearConstraint(np.array(rows), np.array(rest), np.array(rest))
    goal = np.array([1.0 if k == place else 0.0 for k in names])
    ends = []
    for sign in (1.0, -1.0):
        found = milp(sign * goal, constraints=matrix, bounds=Bounds(low, high), integrality=np.ones(len(names)))
        if found.status == 3 or found.x is None:  # no end in this direction
            return False
        ends.append(round(found.x[names.index(place)]))
    return ends[0] == ends[1]
