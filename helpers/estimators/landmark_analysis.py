"""Transplant and survival without immortal time: landmark analysis, and transplant as a time-dependent covariate.

Comparing "transplanted" with "not transplanted" from infusion on credits transplant with the time that patients had to
survive to reach it. Two remedies: start the clock at a landmark day and group patients by what had happened by then
(Anderson, Cain & Gelber, J Clin Oncol 1983;1:710), or let each patient count as not transplanted up to the transplant
and as transplanted after it (Mantel & Byar, J Am Stat Assoc 1974;69:81; Cox, 1972).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import InputError, Problem
from helpers.estimators.cox_fit import CoxFit
from helpers.estimators.firth import Penalty, fit_cox
from helpers.estimators.kaplan_meier import Floats, checked_rows
from helpers.estimators.partial_likelihood import Ties


@dataclass(frozen=True, eq=False)
class Landmark:
    """The patients still under observation at a landmark day, their clock starting there.

    Attributes
    ----------
    day : the landmark.
    rows : one row a patient who is in: `row` (position among all patients, from 0), `time` since the landmark,
        `event`, `exposed` (whether transplanted by the landmark).
    events_before, censored_before : patients left out because their follow-up ended before the landmark, by an event
        or not.
    exposed_before : those of them who had been transplanted.
    exposed_later : patients who are in as not transplanted but were transplanted after the landmark, within follow-up.
    """

    day: float
    rows: pd.DataFrame
    events_before: int
    censored_before: int
    exposed_before: int
    exposed_later: int

    @property
    def excluded(self) -> int:
        """Number of patients left out."""
        return self.events_before + self.censored_before

    def sentence(self, exposure: str = "transplant") -> str:
        """One sentence that accounts for every patient, for a caption."""
        exposed = int(self.rows["exposed"].sum())
        return (
            f"Landmark at day {self.day:g}: {len(self.rows)} patients, {exposed} with {exposure} by then "
            f"and {len(self.rows) - exposed} without ({self.exposed_later} of these later); left out: "
            f"{self.events_before} with an earlier event, {self.censored_before} censored earlier."
        )


def at_landmark(time: ArrayLike, event: ArrayLike, exposure_time: ArrayLike, day: float) -> Landmark:
    """Cut a cohort at a landmark day.

    A patient is in who is still at risk on the landmark day by the rule of all tables here (T ≥ day): an event on that
    very day counts, at time 0. Transplants on the landmark day count as done.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`; any whole event code above 0 counts as an event and is kept.
    exposure_time : (n,) day of transplant, missing (NaN) if there was none. One after the end of a patient's follow-up
        (e.g. after the relapse that ended event-free survival) plays no part in it.
    day : the landmark, zero or larger.

    Raises
    ------
    InputError
        As `survival_table`; a transplant before day 0; a landmark that no one reaches.

    Examples
    --------
    >>> cut = at_landmark([10, 50, 80, 90], [1, 1, 0, 1], [None, 20, 60, None], 30)
    >>> cut.rows["exposed"].tolist(), cut.events_before, cut.exposed_later
    ([True, False, False], 1, 1)
    """
    codes = np.asarray(event, dtype=float)
    times, events = checked_rows(time, np.where(codes > 0, 1.0, codes))
    exposed_at = _exposures(times, exposure_time)
    if not (np.isfinite(day) and day >= 0):
        raise InputError(Problem("a landmark must be a day from 0 on", "give e.g. 90", found=str(day)))
    inside = times >= day
    if not inside.any():
        message = f"no patient is under observation at the landmark of day {day:g} (the last leaves at {times.max():g})"
        raise InputError(Problem(message, "choose an earlier day"))
    by_then = exposed_at <= day
    rows = pd.DataFrame({
        "row": np.flatnonzero(inside), "time": times[inside] - day, "event": codes[inside].astype(np.int64),
        "exposed": by_then[inside],
    })  # fmt: skip
    return Landmark(
        float(day), rows, int((~inside & (events == 1)).sum()), int((~inside & (events == 0)).sum()),
        int((~inside & np.isfinite(exposed_at)).sum()), int((inside & ~by_then & np.isfinite(exposed_at)).sum()),
    )  # fmt: skip


def counting_process(time: ArrayLike, event: ArrayLike, exposure_time: ArrayLike) -> pd.DataFrame:
    """Cut each patient's follow-up at the transplant, into rows (start, stop].

    A transplant takes effect after its day, as R's ``tmerge`` has it: an event on the day of transplant is one of a
    patient not yet transplanted, and a transplant on the last day makes no row of its own. If someone leaves on day
    0, all first rows start at −1, so that day 0 lies within them; nothing else changes by that.

    Parameters
    ----------
    time, event, exposure_time : as in `at_landmark`.

    Returns
    -------
    DataFrame
        One or two rows a patient: `row` (position among all patients, from 0), `start`, `stop`, `event`, `exposed`
        (0 or 1), patients in their order.

    Raises
    ------
    InputError
        As `at_landmark`.

    Examples
    --------
    >>> counting_process([10, 50], [1, 0], [None, 20])[["start", "stop", "event", "exposed"]].values.tolist()
    [[0.0, 10.0, 1.0, 0.0], [0.0, 20.0, 0.0, 0.0], [20.0, 50.0, 0.0, 1.0]]
    """
    codes = np.asarray(event, dtype=float)
    times, _ = checked_rows(time, np.where(codes > 0, 1.0, codes))
    exposed_at = _exposures(times, exposure_time)
    origin = -1.0 if times.min() == 0 else 0.0
    patient = np.arange(times.size)
    crosses = exposed_at < times
    # A transplant on day 0 leaves no time before it, unless day 0 itself is a day at risk.
    before = ~(crosses & (exposed_at <= origin))
    first = pd.DataFrame({
        "row": patient, "start": origin, "stop": np.where(crosses, exposed_at, times),
        "event": np.where(crosses, 0, codes).astype(np.int64), "exposed": 0,
    })[before]  # fmt: skip
    second = pd.DataFrame({
        "row": patient, "start": np.where(crosses, np.maximum(exposed_at, origin), 0.0), "stop": times,
        "event": codes.astype(np.int64), "exposed": 1,
    })[crosses]  # fmt: skip
    return pd.concat([first, second]).sort_values(["row", "start"], kind="stable").reset_index(drop=True)


def time_dependent_cox(
    time: ArrayLike,
    event: ArrayLike,
    exposure_time: ArrayLike,
    covariates: pd.DataFrame | None = None,
    *,
    exposure: str = "transplant",
    strata: Any = None,
    ties: Ties = Ties.EFRON,
    level: float = 0.95,
    penalty: Penalty = Penalty.NEVER,
) -> CoxFit:
    """Cox regression with transplant as a covariate that changes on its day.

    Parameters
    ----------
    time, event, exposure_time : as in `at_landmark`, `event` 0 or 1.
    covariates : (n, p) further covariates, one row a patient.
    exposure : name of the transplant's term.
    strata : (n,) labels, one a patient.
    ties, level : as in `cox_regression`.
    penalty : whether to fit with Firth's penalty.

    Returns
    -------
    CoxFit
        `n` counts rows (start, stop], not patients. Without further covariates, `score` is the test of Mantel and
        Byar.

    Raises
    ------
    InputError
        As `at_landmark` and `cox_regression`; a covariate of the transplant's name.
    """
    rows = counting_process(time, event, exposure_time)
    patient = rows["row"].to_numpy()
    frame = pd.DataFrame({exposure: rows["exposed"].to_numpy()})
    if covariates is not None:
        if exposure in covariates.columns:
            message = "a covariate has the name of the exposure"
            raise InputError(Problem(message, "rename one of them", found=exposure))
        frame = pd.concat([frame, covariates.iloc[patient].reset_index(drop=True)], axis=1)
    layers = None if strata is None else pd.Series(strata).to_numpy()[patient]
    return fit_cox(
        rows["stop"], rows["event"], frame, penalty, start=rows["start"], strata=layers, ties=ties, level=level
    )


def _exposures(time: Floats, exposure_time: ArrayLike) -> Floats:
    """Days of transplant, infinite for those without one and for those whose follow-up ended before it."""
    try:
        given = pd.to_numeric(pd.Series(np.asarray(exposure_time, dtype=object))).to_numpy(dtype=float)
    except (TypeError, ValueError) as error:
        message = f"days of transplant must be numbers: {error}"
        raise InputError(Problem(message, "give days as numbers, missing where there was none")) from None
    if given.shape != time.shape:
        message = f"{given.size} days of transplant and {time.size} patients do not pair up"
        raise InputError(Problem(message, "give one for each patient, missing where there was none"))
    if (given < 0).any():
        raise InputError(
            Problem(f"patient {i + 1} of {time.size} is transplanted before day 0",
                    "leave the day empty, or count days from another origin", found=str(given[i]))
            for i in np.flatnonzero(given < 0)
        )  # fmt: skip
    return np.where(given <= time, given, np.inf)
