"""Linked patients: one table of both endpoints, what it says at a landmark, and whether it keeps to every rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.linkage.order import Order
from helpers.inversion.linkage.pairing import Pair, Pairing
from helpers.inversion.timelines import Timeline

ALIVE, THEN_DIED, DIED_FIRST, THEN_LOST, DIED_UNSEEN = (
    "inner event, alive and followed",
    "inner event, then died",
    "died without earlier inner event",
    "inner event, then lost alive",
    "died after inner censoring",
)


@dataclass(frozen=True)
class Patient:
    """The last day of both endpoints, and whether it was an event."""

    inner_day: int
    inner_event: bool
    outer_day: int
    outer_event: bool


Patients = tuple[Patient, ...]


def counted(patients: Patients, day: int) -> dict[str, int]:
    """How many patients are in each state after a day."""
    found = dict.fromkeys((ALIVE, THEN_DIED, DIED_FIRST, THEN_LOST, DIED_UNSEEN), 0)
    for p in patients:
        if p.inner_event and p.inner_day <= day < p.outer_day:
            found[ALIVE] += 1
        elif p.inner_event and p.outer_day <= day:
            if not p.outer_event:
                found[THEN_LOST] += 1
            else:
                found[THEN_DIED if p.inner_day < p.outer_day else DIED_FIRST] += 1
        elif p.outer_event and p.outer_day <= day:
            found[DIED_UNSEEN] += 1
    return found


def assembled(
    pair: Pair, pairing: Pairing, order: Order, lost_on: tuple[int, int] = (0, 0), *, together: bool = False
) -> Patients:
    """One table: every step on its smallest day.

    Parameters
    ----------
    pair, pairing : whose steps, and which were censored for the inner endpoint.
    order : the timelines to take the smallest days of.
    lost_on : so many of those left over after the outer history who had the inner event are lost on a day.
    together : deaths on the day of an inner event are given to the same patients as far as they go.
    """
    days = order[0].tolist()
    outer = [(days[pair.outer_node(i)], kind == EVENT) for i, kind in enumerate(pair.outer.history)]
    events = [days[pair.inner_node(i)] for i in pair.events]
    losses = [days[pair.inner_node(i)] for i in pair.losses]
    last = days[pair.inner_node(len(pair.inner.history) - 1)] if pair.inner.history else 0
    table: list[Patient] = []
    for rank, (day, died) in enumerate(row for row, flag in zip(outer, pairing.censored, strict=True) if flag):
        spare = day if pair.same_follow_up else last
        table.append(Patient(losses[rank] if rank < len(losses) else spare, False, day, died))
    for day in losses[sum(pairing.censored) :]:
        table.append(Patient(day, False, day if pair.same_follow_up else pair.beyond, False))
    leaving = [row for row, flag in zip(outer, pairing.censored, strict=True) if not flag]
    number, day = lost_on
    leaving += [(day, False)] * number
    leaving += [(pair.beyond, False)] * (len(events) - len(leaving))
    events += [pair.inner_end + 1] * (len(leaving) - len(events))
    if together:
        for day, died in tuple(leaving):
            if died and day in events:
                leaving.remove((day, died))
                events.remove(day)
                table.append(Patient(day, True, day, True))
    table += [Patient(event, True, day, died) for event, (day, died) in zip(events, leaving, strict=True)]
    table += [Patient(pair.beyond, True, pair.beyond, False)] * (pair.n - len(table))
    return tuple(table)


def keeps_the_rules(pair: Pair, patients: Patients) -> bool:
    """Whether a table is of n patients, obeys every rule of linkage, and each endpoint is a timeline of its system."""
    inner = [(p.inner_day, p.inner_event) for p in patients]
    outer = [(p.outer_day, p.outer_event) for p in patients]
    return (
        len(patients) == pair.n
        and all(_possible(p, same_follow_up=pair.same_follow_up) for p in patients)
        and _belongs(inner, pair.inner, pair.inner_days)
        and _belongs(outer, pair.outer, pair.outer_days)
    )


def _possible(p: Patient, *, same_follow_up: bool) -> bool:
    if p.inner_event:
        return p.inner_day <= p.outer_day
    if same_follow_up:
        return p.inner_day == p.outer_day and not p.outer_event
    return p.inner_day < p.outer_day or (p.inner_day == p.outer_day and not p.outer_event)


def _belongs(rows: list[tuple[int, bool]], system: Timeline, landmarks: Sequence[int]) -> bool:
    rows = sorted(rows, key=lambda row: (row[0], not row[1]))
    days, kinds = [day for day, _ in rows], "".join(EVENT if event else CENSORED for _, event in rows)
    chain, steps = system.chain, len(system.history)
    passed = [
        max((i + 1 for i, k in enumerate(kinds) if k == EVENT and days[i] <= day), default=0) for day in landmarks
    ]
    return (
        kinds[:steps] == system.history
        and tuple(passed) == system.passed
        and (not landmarks or max(passed) == steps)
        and all(low <= day <= high for low, day, high in zip(chain.low, days, chain.high, strict=False))
        and all(days[i] - days[i - 1] >= chain.gap[i] for i in range(1, steps))
        and all(days[i] == days[i - 1] for i in chain.tied)
        and all(days[b] - days[a] == d for a, b, d in chain.differences)
    )
