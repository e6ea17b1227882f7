"""A cohort: patient-level rows of a study in canonical columns, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from helpers.cohort.columns import response_day
from helpers.cohort.conditions import select
from helpers.errors import InputError, Problem, nearest

if TYPE_CHECKING:
    import pandas as pd

    from helpers.study.model import Study


@dataclass(frozen=True, eq=False)
class EndpointRows:
    """The patients of one endpoint whose time and event are known.

    `rows` are their rows of the cohort; `days` (m,) and `event` (m,), 0 censored, 1 event, 2, 3, … competing events,
    belong to them in that order. `missing` patients of the endpoint lack the time or the event; of `unknown` ones the
    rows do not tell whether they belong to it.
    """

    endpoint: str
    rows: pd.DataFrame
    days: NDArray[np.float64]
    event: NDArray[np.int64]
    missing: int = 0
    unknown: int = 0

    @property
    def n(self) -> int:
        """Patients with a known time and event."""
        return len(self.days)


@dataclass(frozen=True, eq=False)
class Cohort:
    """Patient-level rows of a study.

    Attributes
    ----------
    study : the study that the rows belong to; it says what events, codes and grades mean.
    rows : one row a patient, index 0..n−1. Columns, as far as the file has them: ``patient_id`` (running numbers P01,
        P02, … in the order of the file; the names in the file are not kept), ``enrolled_month`` (datetime64, first of
        the month), ``<endpoint>_days`` (float64), ``<endpoint>_event`` (Int64), ``<endpoint>_reason`` (string),
        ``response_days``, ``relapse_days``, ``transplant_days``, ``follow_up_days`` (float64; missing where it did not
        happen), ``cr``, ``cri``, ``mrd_negative`` (Int64, 0 or 1), ``best_response`` and ``response_day_<d>`` (ordered
        categories, best first), ``crs_grade``, ``icans_grade``, ``agvhd_grade`` (Int64), ``age`` (float64, years),
        ``sex`` (category), and the covariates of study.yaml (float64 or category).
    adverse_events : one row an adverse event: ``patient_id``, ``term`` (string), ``grade`` (Int64, 1 to 5), ``day``
        (float64); None if there is no such file.
    missing : one row a column that can have gaps: ``column, missing, of``.
    notes : how the file was read, in sentences: times converted, columns dropped, rows skipped.
    oddities : what is odd about the rows, in sentences: patients missing, half-known times, endpoints without columns.
    source : the name of the file, without its folder.
    invented : whether the file says of itself that its rows are invented.
    """

    study: Study = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    adverse_events: pd.DataFrame | None = field(repr=False)
    missing: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()
    oddities: tuple[str, ...] = ()
    source: str = ""
    invented: bool = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything that a reader should know before any number: notes, then oddities."""
        return (*self.notes, *self.oddities)

    @property
    def n(self) -> int:
        """Patients."""
        return len(self.rows)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The endpoints of the study whose columns are there."""
        have = set(self.rows.columns)
        endpoints = self.study.endpoints.values()
        return tuple(e.id for e in endpoints if {f"{e.stem}_days", f"{e.stem}_event"} <= have)

    @property
    def covariates(self) -> tuple[str, ...]:
        """Columns for subgroups: age and sex, then the declared ones, as far as they are there."""
        declared = [name for name in self.study.covariates if name not in ("age", "sex")]
        return tuple(name for name in ("age", "sex", *declared) if name in self.rows)

    @property
    def responder(self) -> pd.Series:
        """Who reached remission, complete or with incomplete recovery: 1, 0, or missing; Int64, one entry a row.

        From ``cr`` and ``cri`` where the file has one of them, else from ``best_response`` (CR or CRi); without any of
        the three it is missing throughout.
        """
        import pandas as pd

        flags = [self.rows[name] for name in ("cr", "cri") if name in self.rows]
        if not flags and "best_response" in self.rows:
            best = self.rows["best_response"].astype(object)
            flags = [best.isin(["CR", "CRi"]).astype("Int64").mask(best.isna())]
        found = pd.Series(pd.NA, index=self.rows.index, dtype="Int64")
        if flags:
            yes = np.logical_or.reduce([(flag == 1).fillna(False).to_numpy(dtype=bool) for flag in flags])
            no = np.logical_and.reduce([(flag == 0).fillna(False).to_numpy(dtype=bool) for flag in flags])
            found[yes], found[no & ~yes] = 1, 0
        return found

    @property
    def assessments(self) -> pd.DataFrame:
        """The columns ``response_day_<d>`` as one row an assessment: ``patient_id, day, response``."""
        import pandas as pd

        days = {name: day for name in map(str, self.rows.columns) if (day := response_day(name)) is not None}
        patients = self.rows["patient_id"]
        parts = [
            pd.DataFrame({"patient_id": patients, "day": day, "response": self.rows[name].astype(object)})
            for name, day in sorted(days.items(), key=lambda item: item[1])
        ]
        empty = pd.DataFrame({"patient_id": [], "day": [], "response": []}, dtype=object)
        return pd.concat(parts, ignore_index=True).dropna(subset=["response"]) if parts else empty

    def label(self, column: str) -> str:
        """What a table calls a covariate, with its unit: ``Age (years)``, ``Blasts in the marrow (%)``."""
        declared = self.study.covariates.get(column)
        standard = {"age": ("Age", "years"), "sex": ("Sex", "")}.get(column, (column, ""))
        name = (declared.label if declared else "") or standard[0]
        unit = (declared.unit if declared else "") or standard[1]
        return f"{name} ({unit})" if unit and unit != "none" else name

    def where(self, conditions: Mapping[str, str]) -> pd.DataFrame:
        """The rows that certainly meet conditions such as ``{"cr": "1", "crs_grade": ">= 3"}``."""
        return self.rows[select(self.rows, conditions).met]

    def endpoint(self, name: str, conditions: Mapping[str, str] | None = None) -> EndpointRows:
        """The rows of an endpoint: those of its subset, with a known time and event.

        Parameters
        ----------
        name : an endpoint of the study.
        conditions : further conditions on the rows, e.g. one subgroup.

        Raises
        ------
        InputError
            The study has no such endpoint, or the file no columns for it.
        """
        endpoint = self.study.endpoints.get(name)
        if endpoint is None or name not in self.endpoints:
            close = nearest(name, self.endpoints)
            known = ", ".join(self.endpoints) or "none"
            message = f"{self.source} has no columns for endpoint {name}"
            raise InputError(Problem(message, f"did you mean {close}?" if close else f"it has those of {known}"))
        chosen = select(self.rows, {**endpoint.subset, **(conditions or {})})
        part = self.rows[chosen.met]
        known_rows = part[part[f"{endpoint.stem}_days"].notna() & part[f"{endpoint.stem}_event"].notna()]
        return EndpointRows(
            name,
            known_rows,
            known_rows[f"{endpoint.stem}_days"].to_numpy(dtype=float),
            known_rows[f"{endpoint.stem}_event"].to_numpy(dtype=np.int64),
            len(part) - len(known_rows),
            int(chosen.unknown.sum()),
        )
