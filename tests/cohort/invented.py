"""Invented CAR-T cohorts with every column that a file can have: a study folder, its rows and its adverse events.

Nobody in here exists. The names of the patients and of the hospital are made to be found again, should they ever leak
into a result. `python -m tests.cohort.invented FOLDER [N] [SEED]` writes one.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.conventions import Interval
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import survival_table
from helpers.estimators.medians import brookmeyer_crowley

NAMED = "NOWHERE-7731"
INVENTED = "# INVENTED EXAMPLE: these are not real patients.\n"
CUT_OFF = 365 * 4 + 200  # days after the first possible infusion
Z = 1.959963984540054

YAML = """id: invented-cart
title: Invented CAR-T cells in invented patients
n: {n}
population: invented patients with relapsed B-ALL
product: invented CAR-T cells
enrolled: {{from: 2019-01, to: 2022-12}}
last_follow_up_before: 2023-07-21
endpoints:
  OS: {{name: Overall survival, origin: infusion, events: death, censoring: [alive at data cut-off, lost to follow-up]}}
  EFS: {{name: Event-free survival, origin: infusion, events: "relapse, non-response or death"}}
  CIR:
    name: Cumulative incidence of relapse
    origin: remission
    events: relapse
    competing: [death without relapse]
    n: {responders}
    subset: {{best_response: CR or CRi}}
covariates:
  product: {{kind: categorical, label: Product, levels: [CD19, CD19 and CD22]}}
  donor: {{kind: categorical, label: Donor, levels: [sibling, haploidentical, unrelated]}}
  blasts: {{kind: continuous, label: Blasts in the marrow, unit: "%"}}
grading: {{crs: ASTCT 2019, icans: ASTCT 2019, agvhd: MAGIC}}
outcomes:
  efficacy: [cr, cr_cri, mrd_negative]
  safety: [crs_grade_3_plus, icans, agvhd]
non_response_day: 28
"""
CLAIMS = "id,endpoint,statistic,at,at_unit,n,count,value,ci_low,ci_high,ci_level,unit,source,note"
TERMS = {
    "Neutropenia": 0.7, "Anaemia": 0.5, "Infection": 0.35, "Thrombocytopenia": 0.45, "Fever": 0.6,
    "Raised liver enzymes": 0.2, "Seizure": 0.03,
}  # fmt: skip


@dataclass(frozen=True)
class Invented:
    """A folder that was written: the rows as they are in it, and the paths of its files."""

    folder: Path
    rows: pd.DataFrame
    events: pd.DataFrame
    cohort: Path


def invented_rows(n: int, seed: int = 2024, missing: float = 0.06) -> pd.DataFrame:
    """`n` invented patients; some cells are empty, none of them a time or an event of OS or EFS."""
    rng = np.random.default_rng(seed)
    age = np.clip(rng.normal(32, 14, n), 3, 75).round()
    blasts = np.clip(rng.gamma(1.1, 22, n), 0, 98).round(1)
    donor = rng.choice(["sibling", "haploidentical", "unrelated"], n, p=[0.3, 0.5, 0.2])
    product = rng.choice(["CD19", "CD19 and CD22"], n, p=[0.6, 0.4])
    responded = rng.random(n) < 1 / (1 + np.exp(-(1.9 - 0.025 * blasts)))
    full = responded & (rng.random(n) < 0.85)
    response = np.where(responded, rng.integers(25, 36, n), np.nan)
    entry = rng.integers(0, 365 * 4, n)
    lost = np.where(rng.random(n) < 0.08, rng.integers(60, 900, n), 10**6)
    end = np.minimum(CUT_OFF - entry, lost)
    risk = np.exp(0.012 * (blasts - 20) + 0.25 * (donor == "haploidentical") - 0.3 * (product == "CD19 and CD22"))
    relapse = np.where(responded, response + 1 + rng.exponential(420 / risk, n).round(), np.nan)
    transplant = np.where(responded & (rng.random(n) < 0.4), rng.integers(50, 140, n), np.nan)
    toxic = rng.exponential(1500, n).round() + 5
    relapse = np.where(transplant < relapse, transplant + 2 * (relapse - transplant), relapse)
    death = np.where(responded, relapse + rng.exponential(140, n).round() + 1, rng.exponential(110, n).round() + 12)
    death = np.minimum(death, np.where(responded, toxic + 40, toxic + 12))
    death = np.where(responded, np.maximum(death, response + 1), death)
    os_days = np.minimum(death, end).astype(int)
    os_days = np.where(responded, np.maximum(os_days, response + 1), os_days).astype(int)
    os_event = (death <= os_days).astype(int)
    relapse = np.where(relapse <= os_days, relapse, np.nan)
    transplant = np.where((transplant <= os_days) & ~(transplant >= relapse), transplant, np.nan)
    stop = np.where(np.isfinite(relapse), relapse, os_days)
    efs_days = np.where(responded, stop, np.minimum(28, os_days)).astype(int)
    efs_event = np.where(responded, np.isfinite(relapse) | (os_event == 1), 1).astype(int)
    cir_days = np.where(responded, stop - np.nan_to_num(response), np.nan)
    cir_event = np.where(np.isfinite(relapse), 1, np.where(os_event == 1, 2, 0)).astype(float)
    best = np.where(full, "CR", np.where(responded, "CRi", np.where(rng.random(n) < 0.5, "PR", "NR")))
    months = pd.Timestamp("2019-01-01") + pd.to_timedelta(entry, unit="D")
    crs = rng.choice([0, 1, 2, 3, 4], n, p=[0.2, 0.33, 0.27, 0.14, 0.06])
    rows = pd.DataFrame({
        "patient_id": [f"{NAMED}-{i:06d}" for i in rng.permutation(n) + 1],
        "enrolled_month": months.strftime("%Y-%m"),
        "OS_days": os_days, "OS_event": os_event,
        "OS_reason": np.select([os_event == 1, os_days == lost], ["", "lost to follow-up"], "alive at data cut-off"),
        "EFS_days": efs_days, "EFS_event": efs_event,
        "CIR_days": _texts(cir_days), "CIR_event": _texts(np.where(responded, cir_event, np.nan)),
        "cr": full.astype(int), "cri": (responded & ~full).astype(int),
        "mrd_negative": _texts(np.where(responded, rng.random(n) < 0.85, np.nan)),
        "best_response": best,
        "response_day_28": np.where(os_days < 28, "NE", np.where(responded & (response <= 28), best, np.where(
            responded, "PR", best))),
        "response_day_90": np.where(os_days < 90, "", best),
        "response_days": _texts(response), "relapse_days": _texts(relapse), "transplant_days": _texts(transplant),
        "follow_up_days": os_days, "crs_grade": crs,
        "icans_grade": rng.choice([0, 1, 2, 3], n, p=[0.78, 0.12, 0.06, 0.04]),
        "agvhd_grade": rng.choice([0, 1, 2, 3, 4], n, p=[0.8, 0.07, 0.07, 0.04, 0.02]),
        "age": age.astype(int), "sex": rng.choice(["female", "male"], n, p=[0.45, 0.55]),
        "product": product, "donor": donor, "blasts": blasts,
    })  # fmt: skip
    rows = rows.astype(object)
    for column in ("age", "blasts", "donor", "icans_grade", "agvhd_grade"):
        rows.loc[rng.random(n) < missing, column] = ""
    return rows


def invented_events(rows: pd.DataFrame, seed: int = 2024) -> pd.DataFrame:
    """Adverse events of invented patients: some terms several times a patient, some grades not recorded."""
    rng = np.random.default_rng(seed)
    parts = []
    days = rows["OS_days"].to_numpy(dtype=int)
    for term, rate in TERMS.items():
        for share in (rate, rate / 4):
            who = np.flatnonzero(rng.random(len(rows)) < share)
            grade = rng.choice([1, 2, 3, 4, 5], who.size, p=[0.25, 0.3, 0.25, 0.18, 0.02]).astype(object)
            grade[rng.random(who.size) < 0.05] = ""
            day = np.floor(rng.random(who.size) * np.minimum(days[who], 60)).astype(int)
            names = rows["patient_id"].to_numpy()[who]
            parts.append(pd.DataFrame({"patient_id": names, "term": term, "grade": grade, "day": day}))
    return pd.concat(parts, ignore_index=True)


def write_invented(
    folder: Path, n: int = 22, seed: int = 2024, missing: float = 0.06, landmarks: bool = True
) -> Invented:
    """Write a study folder with all its files; claims are printed from the rows, one of them with a slip.

    Without `landmarks` only counts and medians are printed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = invented_rows(n, seed, missing)
    events = invented_events(rows, seed)
    responders = int(rows["best_response"].isin(["CR", "CRi"]).sum())
    (folder / "study.yaml").write_text(YAML.format(n=n, responders=max(responders, 1)), encoding="utf-8")
    (folder / "claims.csv").write_text(invented_claims(rows, landmarks), encoding="utf-8")
    for name, frame in (("rows.csv", rows), ("adverse_events.csv", events)):
        text = INVENTED + frame.to_csv(index=False, lineterminator="\n")
        (folder / name).write_text(text, encoding="utf-8")
    return Invented(folder, rows, events, folder / "rows.csv")


def invented_claims(rows: pd.DataFrame, landmarks: bool = True) -> str:
    """What an invented paper prints of its invented rows: full precision, plain intervals; one upper limit is wrong."""
    n, lines = len(rows), [CLAIMS]

    def count(name: str, k: int, of: int, note: str) -> None:
        if of:
            lines.append(f"{name},,proportion,,,{of},{k},{100 * k / of:.1f},,,,percent,table,{note}")

    remission = (rows["cr"].astype(int) + rows["cri"].astype(int)) > 0
    lines.append(f"patients,,count,,,{n},{n},,,,,,text,Patients infused")
    count("cr", int(rows["cr"].astype(int).sum()), n, "Complete remission")
    count("cr_cri", int(remission.sum()), n, "Complete remission with or without recovery of counts")
    negative = int((rows["mrd_negative"].astype(str) == "1").sum())
    count("mrd_negative", negative, int(remission.sum()), "MRD-negative among those in remission")
    count("crs_grade_3_plus", int((rows["crs_grade"].astype(int) >= 3).sum()), n, "CRS grade 3 or higher")
    for name, what in (("icans", "ICANS"), ("agvhd", "Acute GVHD")):
        grades = pd.to_numeric(rows[f"{name}_grade"], errors="coerce")
        count(name, int((grades >= 1).sum()), int(grades.notna().sum()), f"{what} of any grade")
    for endpoint in ("OS", "EFS"):
        table = survival_table(rows[f"{endpoint}_days"].astype(float), rows[f"{endpoint}_event"].astype(int))
        for months in (6, 12) if landmarks else ():
            at = table[table["time"] <= months * 30.4375].tail(1)
            if at.empty or not 0 < at["survival"].iloc[0] < 1:
                continue
            low, high = confidence_limits(at["survival"], at["greenwood"], Interval.PLAIN, Z)
            slip = 4 if (endpoint, months) == ("EFS", 12) else 0
            numbers = [100 * float(x[0]) for x in (at["survival"].to_numpy(), low, high)]
            numbers[2] -= slip
            value, lower, upper = (f"{x:.1f}" for x in numbers)
            name = f"{endpoint.lower()}_{months}mo,{endpoint},survival,{months},month"
            lines.append(f"{name},,,{value},{lower},{upper},95,percent,text,{endpoint} at {months} months")
        median = brookmeyer_crowley(table, Interval.LOG_LOG, Z)
        texts = [f"{x:.0f}" if np.isfinite(x) else "NR" for x in (median.value, median.low, median.high)]
        if "NR" not in texts[:2]:
            name = f"{endpoint.lower()}_median,{endpoint},median"
            lines.append(f"{name},,,,,{','.join(texts)},95,day,text,Median {endpoint}")
    return "\n".join(lines) + "\n"


def _texts(values: np.ndarray) -> list[str]:
    return ["" if not np.isfinite(x) else str(int(x)) for x in np.asarray(values, dtype=float)]


if __name__ == "__main__":
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 22
    write_invented(Path(sys.argv[1]), size, *map(int, sys.argv[3:4]), landmarks=size <= 1000)
