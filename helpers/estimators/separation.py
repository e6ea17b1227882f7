"""Monotone likelihood: when a Cox model has no finite estimate, and for which terms.

The partial likelihood grows without end in a direction δ if, at every event, no one at risk exceeds the patient with
the event in δ′x (and someone falls short):

    δ′x_i ≥ δ′x_l    for all events i and all l at risk with i

(Bryson & Johnson, J Am Stat Assoc 1981;76:360; Heinze & Schemper, Biometrics 2001;57:114). That is a linear programme.
Written out it has one line a pair; over the tree of `risk_sets` a few a row: the maximum M of δ′x over a risk set is
bounded below at the nodes that hold its rows, nodes hand their bound down to the leaves, and at its leaf M must not
exceed δ′x of those with the event.
"""

from __future__ import annotations

import numpy as np

from helpers.estimators.kaplan_meier import Floats
from helpers.estimators.partial_likelihood import PartialLikelihood

# A cone that holds a direction holds one with a largest component of 1; the solver is good to 1e-7.
_POSITIVE = 1e-4


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
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, csr_array, hstack, vstack

    x, sets = likelihood.x, likelihood.sets
    p, columns = x.shape[1], 2 * sets.size
    members = sets.nodes.tocoo()
    bounds = np.unique(np.column_stack((members.row, x[members.col])), axis=0)
    nodes, values = bounds[:, 0].astype(np.int64), bounds[:, 1:]
    ends = np.unique(np.column_stack((sets.at, x[sets.event_rows])), axis=0)
    leaves, reached = ends[:, 0].astype(np.int64) + sets.size, ends[:, 1:]
    children = np.arange(2, sets.size + sets.times)

    def chosen(index: np.ndarray) -> csr_array:
        return csr_array((np.ones(index.size), (np.arange(index.size), index)), shape=(index.size, columns))

    lines = vstack((
        hstack((csr_array(values), -chosen(nodes))),
        hstack((csr_array((children.size, p)), chosen(children // 2) - chosen(children))),
        hstack((-csr_array(reached), chosen(leaves))),
    ))  # fmt: skip
    free = [(-1.0, 1.0)] * p + [(None, None)] * columns
    found = np.zeros(p)
    for k in range(p):
        extremes = []
        for sign in (1.0, -1.0):
            goal = coo_array(([-sign], ([0], [k])), shape=(1, p + columns)).toarray()[0]
            best = linprog(goal, A_ub=lines, b_ub=np.zeros(lines.shape[0]), bounds=free, method="highs")
            extremes.append(-best.fun if best.status == 0 else 0.0)
        up, down = extremes[0] > _POSITIVE, extremes[1] > _POSITIVE
        found[k] = np.nan if up and down else float(up) - float(down)
    return found
