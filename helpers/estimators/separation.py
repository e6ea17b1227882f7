"""Monotone likelihood: when a Cox model has no finite estimate, and for which terms.

The partial likelihood grows without end in a direction δ if, at every event, no one at risk exceeds the patient with
the event in δ′x (and someone falls short):

    δ′(x_i − x_l) ≥ 0    for all events i and all l at risk with i

(Bryson & Johnson, Technometrics 1981;23:381; Heinze & Schemper, Biometrics 2001;57:114). Such directions form a cone;
a term has no finite estimate if some direction of the cone leans on it, which two linear programmes a term decide.
There is a line for each pair of an event and someone at risk, far too many to write out: lines are added where a
solution breaks them, the worst of each event, until it breaks none. Only then, or when nothing but 0 is left, is the
answer given, so that it is that of all lines.
"""

from __future__ import annotations

import numpy as np

from helpers.estimators.kaplan_meier import Floats
from helpers.estimators.partial_likelihood import PartialLikelihood

# A cone that holds a direction holds one with a largest component of 1.
_POSITIVE = 1e-4
_BROKEN = 1e-7
_LINES_AT_ONCE = 200
_ROUNDS = 1000


def diverging(likelihood: PartialLikelihood) -> Floats:
    """The terms whose estimate is infinite.

    Parameters
    ----------
    likelihood : with columns of unit size, linearly independent within the risk sets.

    Returns
    -------
    (p,) array
        +1 or −1 for a term that runs to plus or minus infinity, NaN for one that may do either, 0 for the others.
    """
    p = likelihood.x.shape[1]
    lines = np.zeros((0, p))
    found = np.zeros(p)
    for k in range(p):
        up, lines = _reach(likelihood, lines, np.eye(p)[k])
        down, lines = _reach(likelihood, lines, -np.eye(p)[k])
        found[k] = np.nan if up and down else float(up) - float(down)
    return found


def _reach(likelihood: PartialLikelihood, lines: Floats, goal: Floats) -> tuple[bool, Floats]:
    """Whether a direction of the cone has a positive product with `goal`; and all lines known by now."""
    from scipy.optimize import linprog

    for _ in range(_ROUNDS):
        direction = goal
        if len(lines):
            best = linprog(
                -goal, A_ub=-lines, b_ub=np.zeros(len(lines)), bounds=(-1.0, 1.0), method="highs",
                options={"primal_feasibility_tolerance": 1e-10},
            )  # fmt: skip
            if best.status != 0 or -best.fun < _POSITIVE:
                return False, lines
            direction = best.x
        broken = _broken(likelihood, direction)
        if not len(broken):
            return True, lines
        lines = np.unique(np.vstack((lines, broken)), axis=0)
    return False, lines


def _broken(likelihood: PartialLikelihood, direction: Floats) -> Floats:
    """Lines that a direction breaks, those broken most: differences x_i − x_l, of unit length."""
    x, sets = likelihood.x, likelihood.sets
    value = x @ direction
    above = sets.highest(value)[sets.at]
    gap = value[above] - value[sets.event_rows]
    worst = np.argsort(-gap, kind="stable")[:_LINES_AT_ONCE]
    worst = worst[gap[worst] > _BROKEN]
    differences = x[sets.event_rows[worst]] - x[above[worst]]
    return differences / np.linalg.norm(differences, axis=1, keepdims=True)
