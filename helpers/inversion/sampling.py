"""Random timelines: whole days drawn uniformly from all that satisfy a chain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from helpers.inversion.timelines import Chain, tighten


def sample_days(chain: Chain, rng: np.random.Generator) -> np.ndarray | None:
    """Whole days for the steps of a chain, shape (steps,); None if there is no timeline.

    Uniform over all timelines of a chain with at most one difference constraint. With several, the first step of
    each but the last is drawn uniformly from its feasible days before the rest is drawn uniformly.
    """
    tight = tighten(chain)
    if tight is None:
        return None
    pending = list(tight.differences)
    while pending:
        u, after, d = pending.pop()
        days = np.arange(tight.low[u], tight.high[u] + 1)
        options = [tighten(tight.pinned(u, int(day)).pinned(after, int(day) + d)) for day in days]
        if pending:
            weights = np.array([float(option is not None) for option in options])
        else:
            logs = np.array([_log_count(o) if o is not None else -np.inf for o in options])
            weights = np.exp(logs - logs.max()) if np.isfinite(logs).any() else np.zeros(len(logs))
        if not weights.any():
            return None
        tight = options[rng.choice(len(days), p=weights / weights.sum())]
        assert tight is not None
    tables, _ = _completions(replace(tight, differences=()))
    return _walk(tight, tables, rng)


def _completions(chain: Chain) -> tuple[list[np.ndarray], float]:
    """For each step, the number of ways to complete the chain from each day, up to a common factor, and its log."""
    top = max(chain.high, default=0)
    tables: list[np.ndarray] = []
    log_scale = 0.0
    days = np.arange(top + 1)
    following = np.ones(top + 1)
    for i in range(len(chain.low) - 1, -1, -1):
        table = np.where((days >= chain.low[i]) & (days <= chain.high[i]), following, 0.0)
        largest = table.max()
        if largest > 0:
            table, log_scale = table / largest, log_scale + float(np.log(largest))
        tables.append(table)
        if i in chain.tied:
            following = table
        else:
            at_least = np.append(np.cumsum(table[::-1])[::-1], 0.0)
            following = at_least[chain.gap[i] :][: top + 1]
            following = np.pad(following, (0, top + 1 - len(following)))
    return tables[::-1], log_scale


def _log_count(chain: Chain) -> float:
    """Logarithm of the number of timelines of a chain whose differences are already pinned."""
    tables, scale = _completions(chain)
    total = tables[0].sum()
    return scale + float(np.log(total)) if total > 0 else -np.inf


def _walk(chain: Chain, tables: list[np.ndarray], rng: np.random.Generator) -> np.ndarray | None:
    days = np.zeros(len(tables), np.int64)
    for i, table in enumerate(tables):
        if i and i in chain.tied:
            days[i] = days[i - 1]
            continue
        first = days[i - 1] + chain.gap[i] if i else 0
        weights = table[first:]
        total = weights.sum()
        if total <= 0:
            return None
        days[i] = first + rng.choice(len(weights), p=weights / total)
    return days
