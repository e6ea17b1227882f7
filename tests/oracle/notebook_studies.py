"""Study folders of real cohorts, on which the numbers of the notebooks are compared with R.

Each is a `study.yaml`, a `claims.csv` that prints hardly anything, and a `cohort.csv`; beside them `analysis.csv` tells
R what is what (endpoints, covariates with their levels, days, groups). Cohorts of R's own packages reach Python only
while R runs; no row of them, nor of those of lifelines, is stored here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.paths import DATA
from tests.cohort.invented import invented_rows

HELD = ("freireich", "heart", "kidney", "lung", "edges", "invented")  # rows that Python has without R
OF_R = ("bmt", "alloauto", "myeloid", "veteran")
REAL = ("freireich", "heart", "kidney", "lung", *OF_R)
OF_TRANSPLANTS = ("heart", "kidney", "bmt", "alloauto")
CLAIMS = "id,endpoint,statistic,at,at_unit,n,count,value,ci_low,ci_high,ci_level,unit,source,note\n"


@dataclass(frozen=True)
class Endpoint:
    """An endpoint: its name in words, its origin, how it is followed (`competing` events) and of whom (`subset`)."""

    id: str
    name: str = "Overall survival"
    events: str = "death"
    origin: str = "infusion"
    competing: tuple[str, ...] = ()
    subset: tuple[str, str] = ("", "")
    stem: str = ""

    @property
    def yaml(self) -> str:
        """Its entry in study.yaml."""
        more = f", competing: [{', '.join(self.competing)}]" if self.competing else ""
        more += f", subset: {{{self.subset[0]}: {self.subset[1]}}}" if self.subset[0] else ""
        more += f", columns: {self.stem}" if self.stem else ""
        return f'  {self.id}: {{name: {self.name}, origin: {self.origin}, events: "{self.events}"{more}}}'


@dataclass(frozen=True)
class Covariate:
    """A covariate: its column, and its levels in order; none for a number."""

    column: str
    levels: tuple[str, ...] = ()

    @property
    def yaml(self) -> str:
        """Its entry in study.yaml."""
        if not self.levels:
            return f"  {self.column}: {{kind: continuous, label: {self.column.title()}, unit: none}}"
        quoted = ", ".join(f'"{level}"' for level in self.levels)
        return f"  {self.column}: {{kind: categorical, label: {self.column.title()}, levels: [{quoted}]}}"


@dataclass(frozen=True)
class StudyOfRows:
    """A cohort with all that R and the notebooks have to be told of it."""

    rows: pd.DataFrame
    endpoints: tuple[Endpoint, ...]
    covariates: tuple[Covariate, ...] = ()
    days: tuple[int, ...] = (90, 180, 365)
    interval: str = "plain"
    group: str = "none"
    landmark: int = 90
    extra: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path, name: str) -> Path:
        """Write the study folder."""
        folder.mkdir(parents=True, exist_ok=True)
        n = len(self.rows)
        lines = [f"id: {name}", f"title: The cohort {name}", f"n: {n}", "endpoints:"]
        lines += [e.yaml for e in self.endpoints]
        lines += ["covariates:", *[c.yaml for c in self.covariates]] if self.covariates else []
        lines += [f"{key}: {value}" for key, value in self.extra.items()]
        (folder / "study.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "claims.csv").write_text(f"{CLAIMS}all,,count,,,,{n},,,,,,text,Patients\n", encoding="utf-8")
        self.rows.to_csv(folder / "cohort.csv", index=False)
        self.tell_r(folder)
        return folder

    def tell_r(self, folder: Path) -> None:
        """Write `analysis.csv`: what, name, detail."""
        told = [("endpoint", e.id, "|".join([e.stem or e.id, *e.subset, str(len(e.competing)), e.origin]))
                for e in self.endpoints]  # fmt: skip
        told += [("covariate", c.column, "|".join(c.levels)) for c in self.covariates]
        told += [("day", "", str(day)) for day in self.days]
        told += [("interval", "", self.interval), ("group", "", self.group), ("landmark", "", str(self.landmark))]
        pd.DataFrame(told, columns=["what", "name", "detail"]).to_csv(folder / "analysis.csv", index=False)

    @property
    def parameters(self) -> dict[str, object]:
        """Parameters of the notebooks."""
        return {
            "interval": self.interval, "group": self.group, "landmark_days": ", ".join(map(str, self.days)),
            "transplant_landmark": self.landmark,
        }  # fmt: skip


def _ids(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(patient_id=[f"no {k}" for k in range(1, len(rows) + 1)])


def _lifelines(name: str) -> pd.DataFrame:
    import lifelines.datasets

    rows: pd.DataFrame = getattr(lifelines.datasets, name)()
    return rows


OS = Endpoint("OS")


def _freireich() -> StudyOfRows:
    remission = {"name": "Duration of remission", "events": "relapse", "origin": "remission", "stem": "DR"}
    rows = pd.read_csv(DATA / "freireich1963" / "cohort.csv", comment="#").drop(columns="pair")
    return StudyOfRows(
        rows,
        (
            Endpoint("DR", remission["name"], "relapse", "remission"),
            Endpoint("DR_6MP", **remission, subset=("arm", "6-MP")),
            Endpoint("DR_placebo", **remission, subset=("arm", "placebo")),
        ),
        (Covariate("arm", ("placebo", "6-MP")), Covariate("remission", ("complete", "partial"))),
        days=(35, 70, 140, 161, 400), interval="log-log", group="arm",
    )  # fmt: skip


def _heart() -> StudyOfRows:
    """Patients waiting for a transplant of the heart at Stanford, one row a patient."""
    rows = _lifelines("load_stanford_heart_transplants").sort_values(["id", "start"])
    last = rows.groupby("id").last()
    moved = rows[rows["transplant"] == 1].groupby("id")["start"].first().reindex(last.index)
    frame = pd.DataFrame({
        "OS_days": last["stop"], "OS_event": last["event"], "transplant_days": moved, "years": last["age"],
        "entry": last["year"], "surgery": np.where(last["surgery"] == 1, "yes", "no"),
    })  # fmt: skip
    covariates = (Covariate("years"), Covariate("entry"), Covariate("surgery", ("no", "yes")))
    return StudyOfRows(
        _ids(frame), (OS,), covariates, days=(20, 50, 150, 600), interval="log", group="surgery", landmark=30
    )


def _kidney() -> StudyOfRows:
    r = _lifelines("load_kidney_transplant")
    kind = 1 + r["black_male"] + 2 * r["white_male"] + 3 * r["black_female"]
    frame = pd.DataFrame({
        "OS_days": r["time"], "OS_event": r["death"], "years": r["age"], "kind": [f"kind {k}" for k in kind],
    })  # fmt: skip
    covariates = (Covariate("years"), Covariate("kind", tuple(f"kind {k}" for k in (1, 2, 3, 4))))
    return StudyOfRows(_ids(frame), (OS,), covariates, days=(30, 365, 2000), group="kind")


def _lung() -> StudyOfRows:
    """Advanced lung cancer; values are missing in two of its covariates."""
    r = _lifelines("load_lung")
    frame = pd.DataFrame({
        "OS_days": r["time"], "OS_event": r["status"], "years": r["age"], "gender": [f"g{s}" for s in r["sex"]],
        "ecog": r["ph.ecog"].map("{:.0f}".format).where(r["ph.ecog"].notna()), "loss": r["wt.loss"],
    })  # fmt: skip
    genders = tuple(sorted(set(frame["gender"])))
    levels = tuple(sorted(set(frame["ecog"].dropna())))
    covariates = (Covariate("years"), Covariate("gender", genders), Covariate("ecog", levels), Covariate("loss"))
    return StudyOfRows(_ids(frame), (OS,), covariates, days=(4, 200, 700, 1100), interval="log", group="gender")


def _edges() -> StudyOfRows:
    """Made up: S at exactly one half, S reaching 0, nobody with an event, everybody censored early, a group of one."""
    half = ([5, 8, 12, 15, 20, 28, 45, 60, 61, 70, 10, 30], [1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0])
    flat = ([10, 30, 50, 70, 87, 89, 90, 100, 105, 110, 118, 120], [1] * 6 + [0] * 6)
    ties = ([2, 2, 2, 5, 5, 5, 5, 9, 9, 12, 12, 12], [1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1])
    none = ([3, 5, 5, 8, 9, 9, 9, 11, 14, 20, 30, 31], [0] * 12)
    every = ([1, 2, 2, 4, 7, 7, 9, 12, 12, 15, 40, 41], [1] * 12)
    early = ([1, 1, 1, 2, 2, 3, 10, 20, 30, 40, 50, 60], [0, 0, 0, 0, 1, 0, 1, 2, 0, 1, 2, 0])
    columns: dict[str, list[int]] = {}
    for name, (days, event) in {
        "HALF": half, "FLAT": flat, "TIES": ties, "NONE": none, "EVERY": every, "EARLY": early
    }.items():  # fmt: skip
        columns |= {f"{name}_days": days, f"{name}_event": event}
    frame = pd.DataFrame(columns).assign(part=["a"] + ["b"] * 6 + ["c"] * 5, score=[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8])
    titles = {"HALF": "Half", "FLAT": "Flat", "TIES": "Tied", "NONE": "Without events", "EVERY": "Without censoring"}
    endpoints = [Endpoint(name, title, "the event") for name, title in titles.items()]
    endpoints.append(Endpoint("EARLY", "Relapse", "relapse", competing=("other death",)))
    covariates = (Covariate("part", ("a", "b", "c")), Covariate("score"))
    return StudyOfRows(_ids(frame), tuple(endpoints), covariates, days=(0, 7, 12, 20, 41), group="part")


def _invented() -> StudyOfRows:
    """Every column that a file can have; nobody in it exists."""
    rows = invented_rows(90, seed=11)
    rows = rows.drop(columns=["enrolled_month", "OS_reason", "age", "sex", "best_response", "response_day_28",
                              "response_day_90"])  # fmt: skip
    endpoints = (
        OS,
        Endpoint("EFS", "Event-free survival", "relapse, non-response or death"),
        Endpoint("CIR", "Relapse", "relapse", "remission", ("death without relapse",)),
    )
    covariates = (
        Covariate("product", ("CD19", "CD19 and CD22")), Covariate("donor", ("sibling", "haploidentical", "unrelated")),
        Covariate("blasts"),
    )  # fmt: skip
    return StudyOfRows(rows, endpoints, covariates, days=(90, 180, 365), interval="log-log", group="product")


def _bmt(r: pd.DataFrame) -> StudyOfRows:
    """Allogeneic transplants of bone marrow in acute leukaemia (Klein and Moeschberger)."""
    frame = pd.DataFrame({
        "OS_days": r["t1"], "OS_event": r["d1"], "DFS_days": r["t2"], "DFS_event": r["d3"], "CIR_days": r["t2"],
        "CIR_event": np.where(r["d2"] == 1, 1, 2 * (r["d3"] == 1)), "agvhd_grade": np.where(r["da"] == 1, 2, 0),
        "disease": [f"group {g}" for g in r["group"]], "years": r["z1"], "donor_age": r["z2"], "wait": r["z7"],
        "fab": np.where(r["z8"] == 1, "4 or 5", "other"), "mtx": np.where(r["z10"] == 1, "yes", "no"),
    })  # fmt: skip
    endpoints = (
        Endpoint("OS", origin="transplantation"),
        Endpoint("DFS", "Disease-free survival", "relapse or death", "transplantation"),
        Endpoint("CIR", "Relapse", "relapse", "transplantation", ("death in remission",)),
    )
    covariates = (
        Covariate("disease", ("group 1", "group 2", "group 3")), Covariate("years"), Covariate("donor_age"),
        Covariate("wait"), Covariate("fab", ("other", "4 or 5")), Covariate("mtx", ("no", "yes")),
    )  # fmt: skip
    return StudyOfRows(
        _ids(frame), endpoints, covariates, days=(100, 365, 730, 2700), interval="log-log", group="disease",
        extra={"grading": "{agvhd: Glucksberg}"},
    )  # fmt: skip


def _alloauto(r: pd.DataFrame) -> StudyOfRows:
    """Allogeneic and autologous transplants in acute myeloid leukaemia (Klein and Moeschberger); months."""
    frame = pd.DataFrame({
        "LFS_days": r["time"] * 30.4375, "LFS_event": r["delta"], "kind": np.where(r["type"] == 1, "allo", "auto"),
    })  # fmt: skip
    endpoint = Endpoint("LFS", "Leukaemia-free survival", "relapse or death", "transplantation")
    return StudyOfRows(
        _ids(frame), (endpoint,), (Covariate("kind", ("allo", "auto")),), days=(182, 365, 730), interval="log",
        group="kind",
    )  # fmt: skip


def _myeloid(r: pd.DataFrame) -> StudyOfRows:
    """Acute myeloid leukaemia with remissions, relapses and transplants on the way (after a trial, in R's survival)."""
    odd = (r["rltime"] > r["futime"]) | (r["rltime"] <= r["crtime"]) | (r["crtime"] >= r["futime"])
    odd |= r["rltime"].notna() & r["crtime"].isna()
    r = r[~odd].reset_index(drop=True)
    frame = pd.DataFrame({
        "OS_days": r["futime"], "OS_event": r["death"], "cr": r["crtime"].notna().astype(int),
        "response_days": r["crtime"], "relapse_days": r["rltime"],
        "transplant_days": r["txtime"].where(r["txtime"] <= r["futime"]), "arm": r["trt"], "gender": r["sex"],
    })  # fmt: skip
    covariates = (Covariate("arm", ("A", "B")), Covariate("gender", ("f", "m")))
    return StudyOfRows(_ids(frame), (OS,), covariates, days=(90, 365, 1000), group="arm", landmark=120)


def _veteran(r: pd.DataFrame) -> StudyOfRows:
    frame = pd.DataFrame({
        "OS_days": r["time"], "OS_event": r["status"], "histology": r["celltype"],
        "arm": [f"arm {a:.0f}" for a in r["trt"]], "karnofsky": r["karno"], "years": r["age"],
    })  # fmt: skip
    covariates = (
        Covariate("histology", ("squamous", "smallcell", "adeno", "large")), Covariate("arm", ("arm 1", "arm 2")),
        Covariate("karnofsky"), Covariate("years"),
    )  # fmt: skip
    return StudyOfRows(_ids(frame), (OS,), covariates, days=(30, 100, 500, 1000), interval="log-log", group="histology")


MADE: Mapping[str, Callable[[], StudyOfRows]] = {
    "freireich": _freireich, "heart": _heart, "kidney": _kidney, "lung": _lung, "edges": _edges, "invented": _invented,
}  # fmt: skip
MADE_OF_R: Mapping[str, Callable[[pd.DataFrame], StudyOfRows]] = {
    "bmt": _bmt, "alloauto": _alloauto, "myeloid": _myeloid, "veteran": _veteran,
}  # fmt: skip


def study_of_rows(name: str, packages: Path | None = None) -> StudyOfRows:
    """A study by its name; those of R's packages need the folder into which `rows_of_packages.R` wrote."""
    if name in MADE:
        return MADE[name]()
    if packages is None:
        raise ValueError(f"{name} lives in R")
    return MADE_OF_R[name](pd.read_csv(packages / f"{name}.csv", float_precision="round_trip"))


if __name__ == "__main__":
    for held in HELD:
        study_of_rows(held).write(Path(sys.argv[1]) / held, held)
