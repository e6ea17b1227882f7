"""Random timelines: whole days drawn uniformly from all that satisfy a chain."""

from __future__ import annotations

import numpy as np

from helpers.inversion.draws.chains import draw_timelines
from helpers.inversion.timelines import Chain


def sample_days(chain: Chain, rng: np.random.Generator) -> np.ndarray | None:
    """Whole days for the steps of a chain, shape (steps,), uniform over all timelines; None if there is none."""
    found = draw_timelines(chain, 1, int(rng.integers(2**31)))
    return None if found is None else found[0]
