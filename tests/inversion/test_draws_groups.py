"""More endpoints, fewer patients, too many courses, nothing to draw."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.inversion import invert_study
from helpers.inversion.draws import PatientTables, draw_arrays, draw_patients, tableset
from helpers.inversion.draws import source as draw_source
from helpers.printed import PrintedNumber
from helpers.study import Study, load_study
from tests.inversion.drawing import Print, made
from tests.inversion.patients import at_day, spss_truncated


def with_endpoint(study: Study, name: str, n: int | None, **changes: str) -> Study:
    """The study with a further endpoint that prints what EFS prints, with some texts changed (claim__field)."""
    copies = []
    for claim in study.claims:
        if claim.endpoint == "EFS":
            fields = {
                key.split("__")[1]: PrintedNumber(text) if text else None
                for key, text in changes.items()
                if key.split("__")[0] == claim.id
            }
            key = claim.id.replace("efs", name.lower())
            copies.append(replace(claim, id=key, endpoint=name, n=n or claim.n, **fields))
    endpoint = replace(study.endpoints["EFS"], id=name, n=n)
    return replace(study, claims=(*study.claims, *copies), endpoints={**study.endpoints, name: endpoint})


@pytest.fixture(scope="module")
def zhuo() -> Study:
    """The study without its median follow-up, which takes most of the time."""
    study = load_study("zhuo2024")
    return replace(study, claims=tuple(c for c in study.claims if c.id != "follow_up"))


def test_a_third_endpoint_is_drawn_given_the_outer_one(zhuo):
    tables = draw_arrays(with_endpoint(zhuo, "PFS", None), draws=12, seed=4)
    assert tables.groups == (("OS", "EFS", "PFS"),)
    assert "then PFS given OS" in tables.distribution
    days, died = tables.days["OS"], tables.events["OS"]
    for name in ("EFS", "PFS"):
        first, failed = tables.days[name], tables.events[name]
        assert (first <= days).all()
        assert (failed[died == 1] == 1).all()
        assert (first[failed == 0] == days[failed == 0]).all()
        for row, event in zip(first.tolist(), failed.tolist(), strict=True):
            assert spss_truncated(list(zip(row, event, strict=True))) == ("212", "120", "303")
    assert (tables.days["EFS"] != tables.days["PFS"]).any()
    again = draw_arrays(with_endpoint(zhuo, "PFS", None), draws=2, seed=4)
    assert (again.days["PFS"] == tables.days["PFS"][:2]).all()


def test_endpoints_of_different_numbers_of_patients_are_not_linked(zhuo):
    fewer = with_endpoint(
        zhuo, "DOR", 18, efs_6mo__value="66.70", efs_6mo__ci_low="", efs_6mo__ci_high="",
        efs_12mo__value="38.90", efs_12mo__ci_low="", efs_12mo__ci_high="", efs_median__value="",
        efs_median__ci_low="", efs_median__ci_high="",
    )  # fmt: skip
    tables = draw_arrays(fewer, draws=20, seed=4)
    assert tables.groups == (("OS", "EFS"), ("DOR",))
    assert tables.days["DOR"].shape == (20, 18)
    assert tables.distribution.endswith("These are not linked to each other.")
    for row, event in zip(tables.days["DOR"].tolist(), tables.events["DOR"].tolist(), strict=True):
        patients = list(zip(row, event, strict=True))
        for months, printed in ((6, "0.667"), (12, "0.389")):
            survival, _ = at_day(patients, months * Fraction("30.4375"))
            assert f"{float(survival):.3f}" == printed
    frame = draw_patients(fewer, draws=20, seed=4)
    assert len(frame) == 20 * (22 + 18)
    assert frame.groupby("draw")["patient_id"].nunique().eq(40).all()
    own = frame["patient_id"].str.startswith("DOR-")
    assert frame.loc[own, ["OS_days", "EFS_event"]].isna().all(axis=None)
    assert frame.loc[~own, "DOR_days"].isna().all()
    assert frame["OS_days"].dtype == pd.Int64Dtype()


def test_where_courses_are_too_many_some_are_drawn_from_and_the_output_says_so(monkeypatch, zhuo):
    """With no landmark at a year the medians come after the last one, and nearly every course of 14 patients counts."""
    monkeypatch.setattr(draw_source, "WORK_LIMIT", 20_000_000)
    early = replace(zhuo, claims=tuple(c for c in zhuo.claims if c.id != "os_12mo"))
    tables = draw_arrays(early, draws=30, seed=2)
    assert "were too many: only some of them" in tables.distribution
    for name, printed in (("OS", ("287", "132", "441")), ("EFS", ("212", "120", "303"))):
        for row, event in zip(tables.days[name].tolist(), tables.events[name].tolist(), strict=True):
            assert spss_truncated(list(zip(row, event, strict=True))) == printed
    assert (draw_arrays(early, draws=3, seed=2).days["EFS"] == tables.days["EFS"][:3]).all()


def test_where_histories_are_too_many_some_are_drawn_from(monkeypatch):
    """S = 1/2 of four patients: two of four die, or one of the last two."""
    study = made([Print("survival", "OS", Fraction(9, 2), ("50.00", None, None))], 4, 7)
    inversion = invert_study(study)
    assert set(PatientTables(inversion, 1).sizes()) == {("EE",), ("CCE",)}
    monkeypatch.setattr(draw_source, "MOST_HISTORIES", 1)
    source = PatientTables(inversion, 1)
    assert len(source.sizes()) == 1
    assert "were too many" in source.draw(3).distribution
    seen = {next(iter(PatientTables(inversion, seed).sizes())) for seed in range(12)}
    assert len(seen) > 1


def test_endpoints_that_cannot_be_linked_are_drawn_without_what_is_set_aside(zhuo):
    """Fewer events of EFS than deaths by half a year: the inversion sets the number aside that keeps them apart."""
    better = [
        replace(c, value=PrintedNumber("95.50"), ci_low=None, ci_high=None) if c.id == "efs_6mo" else c
        for c in zhuo.claims
        if c.id not in ("efs_12mo", "efs_median", "os_12mo", "os_median")
    ]
    study = replace(zhuo, claims=tuple(better))
    removed = {str(field) for field in invert_study(study).reconciled.removed}
    assert removed
    table = draw_patients(study, draws=5, seed=1)
    if "EFS_days" in table:
        assert (table["EFS_days"] <= table["OS_days"]).all()


def test_the_work_of_one_pair_of_histories_is_bounded(monkeypatch, zhuo):
    monkeypatch.setattr(draw_source, "WORK_LIMIT", 10)
    monkeypatch.setattr(tableset, "_LARGEST", 1)
    with pytest.raises(InputError, match="before the work limit was reached"):
        draw_patients(zhuo, draws=1, seed=1)


def test_no_draw_at_all_is_an_empty_table(zhuo):
    tables = draw_arrays(zhuo, draws=0, seed=1)
    assert tables.days["OS"].shape == (0, 22)
    assert isinstance(tables.events["EFS"], np.ndarray)
