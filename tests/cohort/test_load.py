"""Sound cohort files: what they become, in every form in which they may come."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.cohort import load_cohort
from tests.cohort.making import ROWS, YAML, csv, file, load, rows, study
from tests.study.folder import COUNT, table

FULL = rows(
    {2: {"OS_reason": ""}}, OS_reason=["", "lost", ""], CIR_days=["60", "200", "50"], CIR_event=["1", "0", "2"],
    response_days=["28", "30", ""], relapse_days=["60", "", ""], transplant_days=["", "90", ""],
    mrd_negative=["1", "0", ""], cri=["0", "0", "0"], best_response=["CR", "CR", "NR"],
    response_day_28=["CR", "PR", "NR"], crs_grade=["3", "0", "5"], icans_grade=["0", "NA", "4"],
    agvhd_grade=["1", "2", "0"], age=["30.5", "8", "61"], sex=["F", "男", "male"],
    donor=["haplo", "sibling", ""], blasts=["90", "0.5", "7"], site=["B", "10", "9"],
)  # fmt: skip


def test_the_canonical_frame(tmp_path: Path) -> None:
    cohort = load(tmp_path, FULL)
    frame = cohort.rows
    assert list(frame.columns) == [
        "patient_id", "OS_days", "OS_event", "OS_reason", "EFS_days", "EFS_event", "CIR_days", "CIR_event",
        "response_days", "relapse_days", "transplant_days", "cr", "mrd_negative", "cri", "best_response",
        "response_day_28", "crs_grade", "icans_grade", "agvhd_grade", "age", "sex", "donor", "blasts", "site",
    ]  # fmt: skip
    assert list(frame["patient_id"]) == ["P01", "P02", "P03"]
    assert frame["OS_days"].tolist() == [100.0, 200.0, 50.0]
    assert frame["CIR_event"].tolist() == [1, 0, 2]
    assert frame["icans_grade"].tolist() == [0, pd.NA, 4]
    assert frame["sex"].tolist() == ["female", "male", "male"]
    assert frame["best_response"].cat.ordered and list(frame["best_response"].cat.categories)[:2] == ["CR", "CRi"]
    assert list(frame["donor"].cat.categories) == ["sibling", "haplo"]
    assert list(frame["site"].cat.categories) == ["9", "10", "B"]
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert {kinds[n] for n in ("OS_days", "relapse_days", "age", "blasts")} == {"float64"}
    assert {kinds[n] for n in ("OS_event", "CIR_event", "cr", "mrd_negative", "crs_grade")} == {"Int64"}
    assert {kinds[n] for n in ("sex", "donor", "site", "best_response", "response_day_28")} == {"category"}
    assert cohort.endpoints == ("OS", "EFS", "CIR")
    assert cohort.covariates == ("age", "sex", "donor", "blasts", "site")
    assert [cohort.label(name) for name in cohort.covariates] == ["Age (years)", "Sex", "Donor", "Blasts (%)", "site"]
    assert (cohort.source, cohort.n, cohort.invented, cohort.adverse_events) == ("rows.csv", 3, False, None)


def test_missing_values_are_counted_among_those_whom_they_concern(tmp_path: Path) -> None:
    content = rows({1: {"OS_event": "", "cr": "1"}}, mrd_negative=["1", "", "NA"], response_days=["28", "", ""],
                   RFS_days=["32", "", ""], RFS_event=["1", "", ""])  # fmt: skip
    cohort = load(tmp_path, content)
    missing = {name: (m, of) for name, m, of in cohort.missing.itertuples(index=False)}
    assert missing["OS_event"] == (1, 3)
    assert missing["mrd_negative"] == (2, 3)
    assert missing["response_days"] == (1, 2)  # one of the two in remission
    assert missing["RFS_days"] == (1, 2)
    assert "relapse_days" not in missing
    assert cohort.warnings == (
        "1 patient with only one of OS_days and OS_event: counted as missing (P02)",
        "the file has no columns for CIR; what needs them is left out",
    )
    os, rfs = cohort.endpoint("OS"), cohort.endpoint("RFS")
    assert (os.n, os.missing, os.unknown) == (2, 1, 0)
    assert os.days.tolist() == [100.0, 50.0] and os.event.tolist() == [1, 1]
    assert (rfs.n, rfs.missing) == (1, 1)
    assert cohort.endpoint("OS", {"cr": "0"}).days.tolist() == [50.0]


def test_a_row_that_does_not_tell_whether_it_belongs_is_unknown_not_dropped(tmp_path: Path) -> None:
    content = rows({1: {"cr": ""}}, RFS_days=["32", "9", "1"], RFS_event=["1", "0", "0"])
    cohort = load(tmp_path, content)
    assert (cohort.endpoint("RFS").n, cohort.endpoint("RFS").unknown) == (1, 1)
    assert "endpoint RFS has 1 patient in the file, study.yaml says n: 2" in cohort.warnings
    assert "of 1 patient the file does not tell whether they belong to endpoint RFS" in cohort.warnings


def test_an_endpoint_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    from helpers.errors import InputError

    with pytest.raises(InputError, match="rows.csv has no columns for endpoint CIR\n  remedy: it has those of OS, EFS"):
        load(tmp_path, ROWS).endpoint("CIR")


def test_odd_but_possible_files_are_read_and_told(tmp_path: Path) -> None:
    yaml = YAML.replace("n: 3", "n: 4") + (
        "enrolled: {from: 2020-01, to: 2020-12}\nlast_follow_up_before: 2021-06-30\nignored_columns: [remarks]\n"
    )
    content = [
        {"patient_id": "a", "infusion_date": "2019-12-31", "OS_date": "2021-06-30", "OS_event": "0", "remarks": "x"},
        {"patient_id": "b", "infusion_date": "2020-06-01", "OS_date": "", "OS_event": "", "remarks": "x"},
        {},
    ]
    cohort = load(tmp_path, content, yaml)
    assert cohort.notes == (
        "the column remarks is not read (ignored_columns in study.yaml)",
        "1 empty row skipped: 4",
        "1 patient enrolled outside the period that study.yaml gives",
        "dates in OS_date lie on or after last_follow_up_before of study.yaml, 2021-06-30",
    )
    assert cohort.oddities == (
        "the file has 2 patients, study.yaml says n: 4",
        "OS is longer than 545 days in 1 row: longer than study.yaml's dates allow",
        "the file has no columns for EFS, CIR, RFS; what needs them is left out",
    )
    assert "remarks" not in cohort.rows
    assert cohort.rows["enrolled_month"].dt.strftime("%Y-%m-%d").tolist() == ["2019-12-01", "2020-06-01"]
    assert not [name for name in cohort.rows if str(name).endswith("_date")]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.rstrip("\n"),
        lambda text: "# a comment\n#another, with a comma\n" + text,
        lambda text: '\ufeff"# a comment, quoted",,,,,\r\n' + text.replace("\n", "\r\n"),
        lambda text: text.replace(",", " , "),
        lambda text: text.replace("a,", '"a",'),
        lambda text: text.replace(",1,", ",TRUE,").replace(",0,", ",FALSE,"),
        lambda text: text.replace(",1,", ",1.0,").replace(",0\n", ",0.0\n"),
    ],
)
def test_harmless_differences_change_nothing(tmp_path: Path, change) -> None:  # type: ignore[no-untyped-def]
    expected = load(tmp_path, ROWS)
    pd.testing.assert_frame_equal(load(tmp_path, change(csv(ROWS))).rows, expected.rows)


def test_lines_are_those_of_the_file_whatever_stands_in_between(tmp_path: Path) -> None:
    from tests.cohort.making import problems

    text = '# comment\npatient_id,site,OS_days,OS_event\na,"two\nlines",5,1\n\nb,x,-1,0\n'
    (problem,) = problems(tmp_path, text)
    assert (problem.row, problem.column) == (6, "OS_days")


@pytest.mark.parametrize(("unit", "length"), [("weeks", 7.0), ("months", 30.4375), ("years", 365.25)])
def test_units_are_stated_by_the_column(tmp_path: Path, unit: str, length: float) -> None:
    content = [{"patient_id": str(i), f"OS_{unit}": text, "OS_event": "1"} for i, text in enumerate(("1", "2.5"))]
    cohort = load(tmp_path, content)
    assert cohort.rows["OS_days"].tolist() == [length, 2.5 * length]
    told = [note for note in cohort.notes if "turned into days" in note]
    assert bool(told) == (unit != "weeks")


def test_the_length_of_a_month_is_a_choice(tmp_path: Path) -> None:
    content = [{"patient_id": "a", "OS_months": "6", "OS_event": "1"}]
    cohort = load_cohort(study(tmp_path), file(tmp_path, content), days_per_month=Fraction(30))
    assert cohort.rows["OS_days"].tolist() == [180.0]
    assert cohort.notes == ("OS_months was turned into days with 30 days a month",)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.dates(pd.Timestamp("2015-01-01").date(), pd.Timestamp("2020-12-31").date()), st.integers(0, 3000)),
        min_size=1,
        max_size=8,
    )
)
def test_dates_and_days_are_the_same_cohort(tmp_path_factory: pytest.TempPathFactory, pairs: list) -> None:  # type: ignore[type-arg]
    folder = tmp_path_factory.mktemp("dates")
    days = [{"patient_id": str(i), "OS_days": str(d), "OS_event": "0"} for i, (_, d) in enumerate(pairs)]
    dates = [
        {
            "patient_id": str(i),
            "infusion_date": begin.isoformat(),
            "OS_date": (begin + pd.Timedelta(days=d)).isoformat()[:10],
            "OS_event": "0",
        }
        for i, (begin, d) in enumerate(pairs)
    ]
    by_days, by_dates = load(folder, days), load(folder, dates)
    pd.testing.assert_frame_equal(by_dates.rows.drop(columns="enrolled_month"), by_days.rows)
    both = [a | b for a, b in zip(dates, days, strict=True)]
    pd.testing.assert_frame_equal(load(folder, both).rows, by_dates.rows)


def test_a_missing_date_is_a_missing_time(tmp_path: Path) -> None:
    content = [
        {"patient_id": "a", "infusion_date": "", "OS_date": "2020-05-01", "OS_event": "0"},
        {"patient_id": "b", "infusion_date": "2020-01-01", "OS_date": "2020-05-01", "OS_event": "0"},
    ]
    cohort = load(tmp_path, content)
    assert cohort.rows["OS_days"].tolist()[1] == 121.0 and np.isnan(cohort.rows["OS_days"][0])
    assert "1 row has OS_date without infusion_date: the time counts as missing" in cohort.notes


def test_parquet_is_the_same_cohort_with_its_own_types(tmp_path: Path) -> None:
    plain = load(tmp_path, FULL)
    frame = pd.DataFrame(FULL).replace({"": None, "NA": None})
    for name in (*(n for n in frame if str(n).endswith("_days")), "age", "blasts"):
        frame[name] = frame[name].astype(float)
    for name in ("crs_grade", "icans_grade", "agvhd_grade", "mrd_negative"):
        frame[name] = frame[name].astype(float).astype("Int64")
    frame["cr"] = frame["cr"] == "1"
    frame["OS_event"] = frame["OS_event"].astype("int8")
    frame["donor"] = frame["donor"].astype("category")
    path = tmp_path / "rows.parquet"
    frame.to_parquet(path, index=False)
    read = load_cohort(study(tmp_path), path)
    pd.testing.assert_frame_equal(read.rows, plain.rows)
    assert read.source == "rows.parquet"


def test_parquet_dates_and_what_it_must_not_hold(tmp_path: Path) -> None:
    from helpers.errors import InputError

    begin = pd.to_datetime(["2020-01-01", None])
    frame = pd.DataFrame(
        {"patient_id": [1, 2], "infusion_date": begin, "OS_date": begin + pd.Timedelta(days=9), "OS_event": [1, 0]}
    )
    path = tmp_path / "rows.parquet"
    frame.to_parquet(path, index=False)
    assert load_cohort(study(tmp_path), path).rows["OS_days"].tolist()[0] == 9.0
    frame.assign(OS_date=begin + pd.Timedelta(hours=36)).to_parquet(path, index=False)
    with pytest.raises(InputError, match="row 1, column OS_date: the date is not written as yyyy-mm-dd"):
        load_cohort(study(tmp_path), path)
    frame.assign(site=[[1], [2]]).to_parquet(path, index=False)
    with pytest.raises(InputError, match="column site: the column holds values of the type list"):
        load_cohort(study(tmp_path), path)


def test_reconstructed_patients_are_never_taken_for_observed_ones(tmp_path: Path) -> None:
    from tests.cohort.making import problems

    drawn = [{"data_kind": "reconstructed", "draw": "1"} | row for row in ROWS]
    (problem,) = problems(tmp_path, drawn)
    assert problem.message == "the file holds reconstructed patients, not observed ones"
    assert "no claim is judged by rows that were made from it" in problem.remedy


def test_sums_of_converted_times_are_not_off_by_a_rounding_error(tmp_path: Path) -> None:
    content = [
        {"patient_id": "a", "OS_years": "0.3", "OS_event": "1", "cr": "1", "response_months": "1.2",
         "RFS_months": "2.4", "RFS_event": "1", "relapse_months": "3.6"}
    ]  # fmt: skip
    cohort = load(tmp_path, content)
    assert cohort.rows["relapse_days"][0] == pytest.approx(cohort.rows["OS_days"][0])


def test_a_subset_by_a_column_that_is_declared_nowhere_is_read_as_it_stands(tmp_path: Path) -> None:
    yaml = YAML.replace('subset: {cr: "1"}', "subset: {arm: A or B}")
    content = rows(arm=["A", "C", "B"], RFS_days=["1", "2", "3"], RFS_event=["0", "0", "1"])
    cohort = load(tmp_path, content, yaml)
    assert cohort.endpoint("RFS").days.tolist() == [1.0, 3.0]


def test_endpoints_may_share_their_columns(tmp_path: Path) -> None:
    yaml = YAML.replace("events: relapse or death, n: 2", "events: relapse or death, n: 2, columns: TT")
    content = rows(TT_days=["1", "2", "3"], TT_event=["0", "1", "1"])
    cohort = load(tmp_path, content, yaml)
    assert cohort.endpoint("RFS").days.tolist() == [1.0, 2.0]
    assert cohort.rows.columns.tolist().count("TT_days") == 1


def test_who_responded_and_when_as_the_estimators_take_it(tmp_path: Path) -> None:
    cohort = load(tmp_path, FULL)
    assert cohort.responder.tolist() == [1, 1, 0]
    assert str(cohort.responder.dtype) == "Int64"
    assert cohort.assessments.values.tolist() == [["P01", 28, "CR"], ["P02", 28, "PR"], ["P03", 28, "NR"]]
    plain = [{k: v for k, v in row.items() if k != "cr"} for row in ROWS]
    assert load(tmp_path, plain).responder.isna().all()
    assert load(tmp_path, plain).assessments.empty
    with_best = [row | {"best_response": level} for row, level in zip(plain, ("CRi", "NR", ""), strict=True)]
    assert load(tmp_path, with_best).responder.tolist() == [1, 0, pd.NA]
    partly = rows({1: {"cr": ""}, 2: {"cr": "0"}}, cri=["0", "1", ""])
    assert load(tmp_path, partly).responder.tolist() == [1, 1, pd.NA]


@pytest.mark.slow
def test_200_000_rows_load_in_seconds_and_less_than_a_gibibyte(tmp_path: Path) -> None:
    import subprocess
    import sys

    rng, n = np.random.default_rng(3), 200_000
    death, end = rng.exponential(1000, n), rng.uniform(200, 2000, n)
    frame = pd.DataFrame(
        {
            "patient_id": [f"X{i}" for i in range(n)],
            "OS_days": np.minimum(death, end).round(),
            "OS_event": (death <= end).astype(int),
            "cr": rng.integers(0, 2, n),
            "crs_grade": rng.integers(0, 6, n),
            "age": rng.uniform(1, 80, n).round(1),
            "sex": rng.choice(["F", "M"], n),
            "blasts": rng.uniform(0, 100, n).round(3),
        }
    )
    frame.to_csv(tmp_path / "rows.csv", index=False)
    study(tmp_path, YAML.replace("n: 3", f"n: {n}"), table(COUNT))
    code = (
        "import resource, sys, time; from helpers.study import load_study; from helpers.cohort import load_cohort\n"
        "s = load_study(sys.argv[1]); t = time.perf_counter(); c = load_cohort(s, sys.argv[2])\n"
        "most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"  # holds what the parent had, so Linux is asked
        "try: most = int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])\n"
        "except OSError: pass\n"
        "print(c.n, time.perf_counter() - t, most)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "study"), str(tmp_path / "rows.csv")],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    patients, seconds, kilobytes = ended.stdout.split()
    assert int(patients) == n
    assert float(seconds) < 30
    assert int(kilobytes) < 1024 * 1024
