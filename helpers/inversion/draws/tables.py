"""Draws: reconstructed patient-level tables that print every number of the paper that was not set aside.

The distribution. Of the histories of an endpoint that can print its numbers, each is equally likely. Given the
history, so is every data set: every course of the patients left after the last landmark with every whole day for every
patient, up to the longest possible follow-up, that prints the medians and the median follow-up (all made in one way,
where the paper's account knows one) and agrees with the printed counts and ranges. Two endpoints of the same patients
are drawn as one: every pair of histories that can be linked is equally likely, and given the pair so is every
combination of a data set of the one, a data set of the other, and a linkage. A linkage says which patient's inner event
(of EFS, say) is whose: one to one, no event later than death or loss to follow-up, every death an event on that day or
before, and a patient censored for it lost on that day for the outer endpoint too (an assumption).

What follows from that, and is no finding: tables with much room have more neighbours, so days spread wide, a death
is rarely the first event (it would have to fall on the same day), and few patients are censored for the inner
endpoint after its last landmark.

What is left out: data sets with a death and a loss on one day where that matters to the median follow-up, as the two
tie rules of reverse Kaplan-Meier then differ. A third endpoint is drawn given the outer one alone, a history at random
first; where none fits, the whole table is drawn again. Endpoints that the account of the paper does not link, of other
patients or without each other's events, are drawn apart and have rows of their own. Where histories or courses are too
many to go through, only some are drawn from, and `PatientTables.distribution` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.errors import InputError, Problem
from helpers.inversion.draws.block import Ints
from helpers.inversion.draws.endpoints import Endpoint, Group, groups_of
from helpers.inversion.draws.given import draw_given
from helpers.inversion.draws.source import NothingToDrawError, Source, Tables, empty_tables
from helpers.inversion.inverted import StudyInversion
from helpers.inversion.paper import invert_study
from helpers.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

_TRIES = 20


@dataclass(frozen=True)
class DrawnTables:
    """Reconstructed tables as arrays of shape (draws, patients), by endpoint; reconstructed, not observed.

    `days` are whole days, `events` 1 for an event and 0 for a censored patient. In each of `groups`, the endpoints of
    the same patients, a column is one patient, in the order of the first endpoint's days. `distribution` says in words
    what was drawn from.
    """

    days: dict[str, Ints]
    events: dict[str, Ints]
    groups: tuple[tuple[str, ...], ...]
    distribution: str


def draw_arrays(study: Study | StudyInversion, draws: int, seed: int) -> DrawnTables:
    """Reconstructed tables as arrays, for many draws at once.

    Parameters
    ----------
    study : the study folder, read, or its inversion.
    draws : how many tables.
    seed : seed of the random numbers; table k is the same however many are drawn.

    Returns
    -------
    DrawnTables
        days and events of shape (draws, patients) for each endpoint that the numbers determine.

    Raises
    ------
    InputError
        if no endpoint could be inverted, or no table satisfies all of it.

    Examples
    --------
    >>> from helpers.study import load_study
    >>> found = draw_arrays(load_study("zhuo2024"), draws=3, seed=1)
    >>> found.days["OS"].shape, found.groups
    ((3, 22), (('OS', 'EFS'),))
    """
    return PatientTables(study, seed).draw(draws)


def draw_patients(study: Study | StudyInversion, draws: int, seed: int) -> pd.DataFrame:
    """Reconstructed patient-level tables, one below the other.

    Parameters
    ----------
    study : the study folder, read, or its inversion.
    draws : how many tables.
    seed : seed of the random numbers; table k is the same however many are drawn.

    Returns
    -------
    DataFrame
        one row a patient and draw: ``data_kind`` ("reconstructed"), ``draw`` (from 1), ``patient_id``, and
        ``<endpoint>_days``, ``<endpoint>_event`` for each endpoint that the numbers determine. Patients of endpoints
        that are not linked have rows of their own, with what is not theirs missing. ``attrs["distribution"]`` says
        what was drawn from.

    Raises
    ------
    InputError
        if no endpoint could be inverted, or no table satisfies all of it.
    """
    return as_frame(draw_arrays(study, draws, seed))


def as_frame(tables: DrawnTables) -> pd.DataFrame:
    """Tables as rows; see `draw_patients`."""
    import pandas as pd

    frames = []
    for number, names in enumerate(tables.groups):
        draws, n = tables.days[names[0]].shape
        prefix = "R" if number == 0 else f"{names[0]}-R"
        columns: dict[str, object] = {
            "data_kind": "reconstructed",
            "draw": np.repeat(np.arange(1, draws + 1), n),
            "patient_id": np.tile(np.array([f"{prefix}{i:03d}" for i in range(1, n + 1)], object), draws),
        }
        for name in names:
            columns[f"{name}_days"] = tables.days[name].ravel().astype(np.int64)
            columns[f"{name}_event"] = tables.events[name].ravel().astype(np.int64)
        frames.append(pd.DataFrame(columns))
    if len(frames) == 1:
        frame = frames[0]
    else:
        numbers = [f"{name}_{what}" for names in tables.groups for name in names for what in ("days", "event")]
        frame = pd.concat(frames).sort_values("draw", kind="stable", ignore_index=True)
        frame[numbers] = frame[numbers].astype("Int64")
    frame.attrs["distribution"] = tables.distribution
    return frame


class PatientTables:
    """All tables of a study, ready to be drawn from again and again with one seed.

    Parameters
    ----------
    study : the study folder, read, or its inversion.
    seed : seed of the random numbers.

    Raises
    ------
    InputError
        if no endpoint could be inverted.
    """

    def __init__(self, study: Study | StudyInversion, seed: int) -> None:
        """Nothing is counted before the first draw."""
        inversion = study if isinstance(study, StudyInversion) else invert_study(study)
        self.study, self.seed = inversion.study, seed
        self.groups = groups_of(inversion, seed)
        if not self.groups:
            raise InputError(
                Problem(
                    f"nothing can be drawn for {self.study.id}: no endpoint's landmarks determine a listable set",
                    "print S(t) with its interval at one time at least, for at most about 30 patients",
                )
            )
        self._sources = [Source(g.outer, g.inner[0] if g.inner else None, seed) for g in self.groups]

    def draw(self, draws: int, first: int = 0) -> DrawnTables:
        """Some tables, from number `first` on.

        Raises
        ------
        InputError
            if no table satisfies all that is printed.
        """
        days: dict[str, Ints] = {}
        events: dict[str, Ints] = {}
        for number, group in enumerate(self.groups):
            try:
                found = self._drawn(number, group, draws, first)
            except NothingToDrawError as error:
                raise self._nothing(str(error)) from None
            days |= found.days
            events |= found.events
        names = tuple(tuple(e.name for e in group.endpoints) for group in self.groups)
        return DrawnTables(days, events, names, self.distribution)

    def sizes(self, group: int = 0) -> dict[tuple[str, ...], float]:
        """How many tables there are by history, or by pair of linked histories; none of those that have no table.

        Counted in floats, exactly while they hold whole numbers. Only of the choices of histories that may be drawn.
        """
        source = self._sources[group]
        sets = {choice: source.table_set(k) for k, choice in enumerate(source.choices)}
        return {choice: found.size for choice, found in sets.items() if found is not None}

    def _drawn(self, number: int, group: Group, draws: int, first: int) -> Tables:
        """The tables of one group; those to which a further endpoint finds no way are drawn again."""
        source, others = self._sources[number], group.inner[1:]
        stream = 1000 * number
        tables = source.draw(draws, first, stream)
        if not others:
            return tables
        whole = empty_tables(group.endpoints, draws)
        open_ = np.arange(draws)
        for attempt in range(1, _TRIES + 1):
            for k in open_.tolist():
                one = Tables({n: d[k] for n, d in tables.days.items()}, {n: e[k] for n, e in tables.events.items()})
                if self._completed(one, group, others, first + k, stream + attempt):
                    whole.put(slice(k, k + 1), one)
                    open_ = open_[open_ != k]
            if not len(open_):
                return whole
            for k in open_.tolist():
                tables.put(slice(k, k + 1), source.draw(1, first + k, stream + attempt))
        raise NothingToDrawError(f"{' and '.join(e.name for e in others)} fit none of {_TRIES} tables of the others")

    def _completed(self, one: Tables, group: Group, others: tuple[Endpoint, ...], number: int, stream: int) -> bool:
        for k, endpoint in enumerate(others):
            outer = group.outer.name
            own = 100_000 + 10 * stream + k
            found = draw_given(endpoint, one.days[outer], one.events[outer], number, own, self.seed)
            if found is None:
                return False
            one.days[endpoint.name], one.events[endpoint.name] = found[0][0], found[1][0]
        return True

    def _nothing(self, why: str) -> InputError:
        return InputError(
            Problem(
                f"no patient-level table prints all of {self.study.id}: {why}",
                "check the printed numbers with `unrounded check`; set `last_follow_up_before` if it is too early",
            )
        )

    @property
    def distribution(self) -> str:
        """In words, what is drawn from, as far as it has been drawn from by now."""
        parts = []
        for source, group in zip(self._sources, self.groups, strict=True):
            names = " and ".join(e.name for e in source.endpoints)
            linked = ", pairs of histories that can be linked" if source.inner else ""
            text = f"{names}: uniform over the histories that print everything{linked}; given these, uniform over "
            text += "all days of all patients and over all linkages" if source.inner else "all days of all patients"
            if not source.complete:
                text += " (histories or courses were too many: only some of them)"
            if group.inner[1:]:
                others = " and ".join(e.name for e in group.inner[1:])
                text += f"; then {others} given {group.outer.name}, a history first, then days and linkage"
            parts.append(text + ".")
        if len(parts) > 1:
            parts.append("These are not linked to each other.")
        return " ".join(parts)
