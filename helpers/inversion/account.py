"""One account of the landmarks of all endpoints: which numbers are set aside, and which convention made the rest.

One convention for the whole paper is preferred to a different one for every endpoint: each further convention costs
as much as one number set aside, and where the two cost the same, the single convention is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product

from helpers.conventions import Convention
from helpers.inversion.evidence import Evidence
from helpers.inversion.inverted import EndpointInversion
from helpers.inversion.landmarks import Option, SetAside, options, set_aside_with_expectation, solved

_COMBINATIONS = 4096


def options_by_size(evidence: Evidence, conventions: tuple[Convention, ...], further: int) -> tuple[Option, ...]:
    """The options of the smallest size that has any; of all sizes up to `further` where that is smaller."""
    solved(evidence, conventions)
    found: list[Option] = []
    first: int | None = None
    for size, some in options(evidence, conventions):
        found.extend(some)
        if some and first is None:
            first = size
        if first is not None and size >= max(first, further):
            break
    return tuple(found)


def cheapest(
    searched: dict[str, tuple[Option, ...]],
) -> tuple[dict[str, Option], tuple[Convention, ...]]:
    """One option an endpoint: fewest numbers set aside plus further conventions, then fewest slips to repair."""
    names = [name for name, found in searched.items() if found]
    best: tuple[tuple[int, int], dict[str, Option], tuple[Convention, ...]] | None = None
    for picked in islice(product(*(searched[name] for name in names)), _COMBINATIONS):
        shared = _common(option.solution.conventions for option in picked)
        removed = sum(len(option.removed) for option in picked)
        extra = 0 if shared else 1
        cost = (removed + extra, extra)
        if best is None or cost < best[0]:
            best = (cost, dict(zip(names, picked, strict=True)), shared)
    return (best[1], best[2]) if best else ({}, ())


def _common(many: Iterable[tuple[Convention, ...]]) -> tuple[Convention, ...]:
    sets = list(many)
    return tuple(c for c in sets[0] if all(c in other for other in sets[1:])) if sets else ()


def chosen_endpoint(
    name: str,
    evidence: Evidence,
    chosen: Option,
    searched: tuple[Option, ...],
    shared: tuple[Convention, ...],
) -> EndpointInversion:
    """The chosen option, or another of the same size that needs fewer slips under the same conventions."""
    rivals = [
        option
        for option in searched
        if len(option.removed) == len(chosen.removed) and (not shared or set(shared) & set(option.solution.conventions))
    ]

    def judged(option: Option) -> tuple[SetAside, ...]:
        allowed = shared or option.solution.conventions
        return set_aside_with_expectation(evidence, option.removed, allowed)

    ranked = sorted(rivals, key=lambda option: sum(item.slips for item in judged(option)))
    best = ranked[0]
    solution = best.solution.under(shared) if shared else best.solution
    return EndpointInversion(
        name,
        evidence,
        solution,
        judged(best),
        tuple(option.removed for option in ranked[1:]),
    )
