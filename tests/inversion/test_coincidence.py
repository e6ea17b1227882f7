"""Two timelines at once, and the days they can or must share, against going through every pair of timelines."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.inversion.linkage.coincidence import fewest_direct, most_direct
from helpers.inversion.linkage.order import beside, closed, demand
from helpers.inversion.linkage.pairing import Budget
from helpers.inversion.timelines import Chain
from tests.inversion.test_timelines import chains, every_timeline


@st.composite
def two_chains(draw: st.DrawFn) -> tuple[Chain, Chain]:
    return draw(chains(differences=1)), draw(chains(differences=1))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(chains())
def test_the_closed_matrix_has_the_days_of_all_timelines(chain):
    every, order = every_timeline(chain), closed(chain)
    if not every:
        assert order is None
        return
    days = np.array([(0, *t) for t in every])
    assert (order == (days[:, None, :] - days[:, :, None]).min(axis=0)).all()


@settings(deadline=None, derandomize=True, max_examples=120)
@given(two_chains(), st.data())
def test_coincidences_are_those_of_all_timelines(pair, data):
    """The most shared days, and the fewest that the inner days of the same rank do not leave room for."""
    first, second = pair
    every = [np.array((0, *a, *b)) for a in every_timeline(first) for b in every_timeline(second)]
    one, other = closed(first), closed(second)
    if one is None or other is None:
        assert not every
        return
    order, deaths = beside(one, other), [1 + i for i in range(len(first.kinds))]
    events = [1 + len(deaths) + i for i in range(len(second.kinds))]
    most = max(sum((t[deaths] == d).sum().clip(max=(t[events] == d).sum()) for d in range(6)) for t in every)
    found = most_direct(order, deaths, events, -1, Budget(10**6))
    assert found[0] == most
    above = data.draw(st.integers(0, 5))
    again = most_direct(order, deaths, events, above, Budget(10**6))
    assert (again is None) == (most <= above)
    ranked = list(zip(deaths, events, strict=False))
    for death, event in ranked:
        order = demand(order, event, death, 0)
    every = [t for t in every if all(t[event] <= t[death] for death, event in ranked)]
    assert (order is None) == (not every)
    if every:
        fewest = min(sum(t[event] == t[death] for death, event in ranked) for t in every)
        direct = fewest_direct(order, ranked, 9, Budget(10**6))
        assert direct[0] == fewest
        days = direct[1][0]
        assert sum(days[event] == days[death] for death, event in ranked) == fewest
        assert (fewest_direct(order, ranked, above, Budget(10**6)) is None) == (fewest >= above)
