"""Draws: reconstructed patient-level tables that print every number of the paper that was not set aside.

How a draw is made, so that nobody takes it for more than it is. Of the endpoint in which only death counts, a history
is drawn uniformly from those that fit; what happened after the last landmark is drawn uniformly from the E/C strings
for the patients left, until one agrees with the printed median follow-up; whole days are then drawn uniformly from the
timelines that satisfy every printed median. Every other endpoint is drawn in the same way given the first, with its
patients linked to those of the first: an event comes no later than death or loss to follow-up, every death is an event,
and a patient censored for it is followed no longer for death either (an assumption).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from helpers.errors import InputError, Problem
from helpers.inversion.follow_up import FLIP
from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.median_account import MedianAccount, median_accounts
from helpers.inversion.paper import EndpointInversion, StudyInversion, invert_study
from helpers.inversion.sampling import sample_days
from helpers.inversion.timelines import Chain, free_chain, longest_day, median_chains, tighten, with_landmarks
from helpers.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

_TRIES = 4000


@dataclass(frozen=True)
class Outcome:
    """One endpoint of one draw, in order of time: days and event flags, both of shape (n,)."""

    days: np.ndarray
    event: np.ndarray


def draw_patients(study: Study, draws: int, seed: int) -> pd.DataFrame:
    """Reconstructed patient-level tables, one below the other.

    Parameters
    ----------
    study : the study folder, read.
    draws : how many tables.
    seed : seed of the random numbers; the same seed gives the same tables.

    Returns
    -------
    DataFrame
        one row a patient and draw: ``data_kind`` ("reconstructed"), ``draw`` (from 1), ``patient_id``, and
        ``<endpoint>_days``, ``<endpoint>_event`` for each endpoint that the numbers determine.

    Raises
    ------
    InputError
        if no endpoint could be inverted, or no table satisfies all of it.
    """
    import pandas as pd

    inversion = invert_study(study)
    sampler = _Sampler(inversion)
    rng = np.random.default_rng(seed)
    frames = []
    for number in range(1, draws + 1):
        columns = sampler.draw(rng)
        frame = pd.DataFrame(columns)
        frame.insert(0, "patient_id", [f"R{i:03d}" for i in range(1, study.n + 1)])
        frame.insert(0, "draw", number)
        frame.insert(0, "data_kind", "reconstructed")
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


class _Sampler:
    """What does not change from draw to draw."""

    def __init__(self, inversion: StudyInversion) -> None:
        self.study = inversion.study
        self.longest = longest_day(self.study)
        self.accounts = median_accounts(self.study, inversion.days_per_month)
        self.endpoints = {name: e for name, e in inversion.endpoints.items() if e.histories}
        if not self.endpoints:
            raise InputError(
                Problem(
                    f"nothing can be drawn for {self.study.id}: no endpoint's landmarks determine a listable set",
                    "print S(t) with its interval at one time at least, for at most about 30 patients",
                )
            )
        self.outer = outer_endpoint(self.study, tuple(self.endpoints))

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        for _ in range(_TRIES):
            outer = self._outcome(self.endpoints[self.outer], rng)
            columns = {f"{self.outer}_days": outer.days, f"{self.outer}_event": outer.event}
            linked = self._linked(outer, rng)
            if linked is not None:
                return columns | linked
        raise self._nothing("endpoints cannot belong to the same patients")

    def _nothing(self, why: str) -> InputError:
        return InputError(
            Problem(
                f"no patient-level table was found for {self.study.id} in {_TRIES} tries: {why}",
                "check the printed numbers with `unrounded check`; set `last_follow_up_before` if it is too early",
            )
        )

    def _linked(self, outer: Outcome, rng: np.random.Generator) -> dict[str, np.ndarray] | None:
        columns: dict[str, np.ndarray] = {}
        for name, endpoint in self.endpoints.items():
            if name != self.outer:
                inner = self._inner(endpoint, outer, rng)
                if inner is None:
                    return None
                columns |= {f"{name}_days": inner.days, f"{name}_event": inner.event}
        return columns

    def _account(self, statistic: str, endpoint: str) -> MedianAccount | None:
        claims = self.study.select(statistic)
        fitting = [c for c in claims if c.endpoint == endpoint or (statistic == "follow_up" and not c.endpoint)]
        return next((self.accounts[c.id] for c in fitting if c.id in self.accounts), None)

    def _chain(self, endpoint: EndpointInversion, kinds: str, rng: np.random.Generator) -> Iterator[Chain]:
        """The feasible systems of a full string that begins with a fitting history, in random order."""
        history = next(h for h in endpoint.histories if kinds.startswith(h))
        ways = [
            way
            for convention, found in endpoint.solution.by_convention.items()
            if history in found
            for way in endpoint.solution.bindings(history, convention)
        ]
        way = ways[rng.integers(len(ways))]
        base = with_landmarks(free_chain(kinds, self.longest), endpoint.solution.landmarks, way)
        account = self._account("median", endpoint.endpoint)
        median, roundings = (account.used, account.roundings) if account else (None, ())
        chains = [chain for _, chain in median_chains(base, endpoint.n, median, roundings, self.longest)]
        for i in rng.permutation(len(chains)):
            yield chains[i]

    def _followed(self, chain: Chain, rng: np.random.Generator) -> Iterator[Chain]:
        """The chain under each case of the printed median follow-up: the same formula with E and C exchanged.

        Deaths and losses are kept on different days, so that no tie rule of reverse Kaplan-Meier matters.
        """
        account = self._account("follow_up", self.outer)
        if account is None or not account.symmetric:
            yield chain
            return
        gap = tuple(max(g, int(i > 0 and chain.kinds[i] != chain.kinds[i - 1])) for i, g in enumerate(chain.gap))
        flipped = replace(chain, kinds=chain.kinds.translate(FLIP), gap=gap)
        found = [
            (case, c)
            for case, c in median_chains(flipped, self.study.n, account.used, account.roundings, self.longest)
            if case is not None
        ]
        for i in rng.permutation(len(found)):
            yield replace(found[i][1], kinds=chain.kinds)

    def _outcome(self, endpoint: EndpointInversion, rng: np.random.Generator) -> Outcome:
        for _ in range(_TRIES):
            history = endpoint.histories[rng.integers(len(endpoint.histories))]
            kinds = history + _random_tail(endpoint.n - len(history), rng)
            for chain in self._chain(endpoint, kinds, rng):
                for complete in self._followed(chain, rng):
                    days = sample_days(complete, rng)
                    if days is not None:
                        return Outcome(days, _flags(kinds))
        raise self._nothing(f"the medians contradict the landmarks of {endpoint.endpoint}")

    def _inner(self, endpoint: EndpointInversion, outer: Outcome, rng: np.random.Generator) -> Outcome | None:
        """An endpoint given the outer one, in the order of the outer one's patients."""
        lost = np.flatnonzero(outer.event == 0)
        for _ in range(_TRIES // 10):
            history = endpoint.histories[rng.integers(len(endpoint.histories))]
            kinds = history + _random_tail(endpoint.n - len(history), rng)
            censored = [i for i, kind in enumerate(kinds) if kind == CENSORED]
            if len(censored) > len(lost):
                continue
            patients = np.sort(rng.choice(lost, len(censored), replace=False))
            others = np.setdiff1d(np.arange(endpoint.n), patients)
            for chain in self._chain(endpoint, kinds, rng):
                bounded = _within(chain, outer.days, patients, others)
                days = sample_days(bounded, rng) if tighten(bounded) is not None else None
                if days is not None:
                    return _assigned(days, kinds, outer.days, patients, others, rng)
        return None


def outer_endpoint(study: Study, names: tuple[str, ...]) -> str:
    """The endpoint in which only death counts, which every other endpoint precedes; the first one if there is none."""
    for name in names:
        if study.endpoints[name].events.strip().lower() in {"death", "death from any cause"}:
            return name
    return "OS" if "OS" in names else names[0]


def _random_tail(length: int, rng: np.random.Generator) -> str:
    return "".join(EVENT if bit else CENSORED for bit in rng.integers(0, 2, length))


def _flags(kinds: str) -> np.ndarray:
    return np.array([int(kind == EVENT) for kind in kinds])


def _within(chain: Chain, days: np.ndarray, patients: np.ndarray, others: np.ndarray) -> Chain:
    """Censorings on the days of their patients; the k-th event no later than the k-th of the other patients' days.

    The second is Hall's condition for nested sets: it holds if and only if the events can be dealt out.
    """
    low, high = list(chain.low), list(chain.high)
    censored, events = iter(patients), iter(np.sort(days[others]))
    for i, kind in enumerate(chain.kinds):
        if kind == CENSORED:
            day = int(days[next(censored)])
            low[i], high[i] = max(low[i], day), min(high[i], day)
        else:
            high[i] = min(high[i], int(next(events)))
    if any(a > b for a, b in zip(low, high, strict=True)):
        return replace(chain, low=(1,), high=(0,), gap=(0,), kinds="E", tied=frozenset(), differences=())
    return replace(chain, low=tuple(low), high=tuple(high))


def _assigned(
    days: np.ndarray,
    kinds: str,
    outer_days: np.ndarray,
    patients: np.ndarray,
    others: np.ndarray,
    rng: np.random.Generator,
) -> Outcome:
    """Deal the events out to the patients, uniformly over all ways in which none comes after the patient's last day."""
    result, flags = np.zeros(len(kinds), np.int64), np.zeros(len(kinds), np.int64)
    result[patients] = outer_days[patients]
    left = list(others)
    for i in sorted((i for i, kind in enumerate(kinds) if kind == EVENT), key=lambda i: -days[i]):
        able = [p for p in left if outer_days[p] >= days[i]]
        patient = able[rng.integers(len(able))]
        left.remove(patient)
        result[patient], flags[patient] = days[i], 1
    return Outcome(result, flags)
