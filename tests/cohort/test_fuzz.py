"""Whatever a file holds, the answer is a cohort or an InputError whose messages stay two lines each."""

from __future__ import annotations

import io
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.cohort import Cohort, load_cohort
from helpers.cohort.columns import known_columns
from helpers.errors import InputError
from helpers.study import Study
from tests.cohort.making import study

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def the_study() -> Study:
    with tempfile.TemporaryDirectory() as folder:
        return study(Path(folder))


COLUMNS = st.sampled_from([*known_columns(the_study()), "response_day_28", "name", "姓名", "cr ", "", "#x", "OS_day"])
CELL = st.one_of(
    st.sampled_from(
        ["", "NA", "0", "1", "2", "-1", "1.5", "1,5", "100", "44197", "2020-01-01", "2019-12-31", "1/2/2020", "CR",
         "NR", "CRi", "sibling", "F", "男", "TRUE", "1e9", "９", "nan", "inf", "III", '"', "=1+1", "\x1b[0m", "\u202e",
         "a\nb", "13812345678", "9" * 40, "0001-01-01", "2020-13-01", "alive"]
    ),
    st.text(max_size=8),
)  # fmt: skip


def read(content: bytes, name: str = "rows.csv", events: bytes | None = None, allow: bool = False) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        if events is not None:
            (Path(folder) / "adverse_events.csv").write_bytes(events)
        try:
            cohort = load_cohort(the_study(), path, allow_identifiers=allow)
        except InputError as error:
            assert error.problems
            for problem in error.problems:
                assert str(problem).count("\n") == 1, str(problem)
                assert all(line.isprintable() for line in str(problem).split("\n")), str(problem)
                assert problem.message and problem.remedy and problem.file
        else:
            sound(cohort)


def sound(cohort: Cohort) -> None:
    frame = cohort.rows
    assert frame["patient_id"].is_unique and len(frame) == cohort.n
    for name in frame.columns:
        if str(name).endswith("_days"):
            assert (frame[name].dropna() >= 0).all()
    for endpoint in cohort.endpoints:
        found = cohort.endpoint(endpoint)
        assert found.n + found.missing + found.unknown <= cohort.n
        assert set(found.event) <= set(cohort.study.endpoints[endpoint].codes)


def as_csv(header: list[str], table: list[list[str]]) -> bytes:
    text = io.StringIO()
    pd.DataFrame(table, columns=range(len(header))).to_csv(text, index=False, header=header)
    return text.getvalue().encode("utf-8", "replace")


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    header = draw(st.lists(COLUMNS, min_size=1, max_size=8, unique=True))
    if draw(st.booleans()) and "patient_id" not in header:
        header = ["patient_id", *header]
    table = draw(st.lists(st.lists(CELL, min_size=len(header), max_size=len(header)), max_size=5))
    if "patient_id" in header and draw(st.booleans()):
        for i, row in enumerate(table):
            row[header.index("patient_id")] = f"x{i}"
    return as_csv(header, table)


@QUICK
@given(st.binary(max_size=300))
def test_random_bytes(content: bytes) -> None:
    read(content)
    read(content, "rows.parquet")
    read(b"PAR1" + content + b"PAR1")


@QUICK
@given(tables(), st.booleans())
def test_random_tables(content: bytes, allow: bool) -> None:
    read(content, allow=allow)


@QUICK
@given(st.text(alphabet="patient_id,OS_days,OS_event\r\n\"';#\t 01.,-a", max_size=120))
def test_random_marks(text: str) -> None:
    read(text.encode())
    read(("patient_id,OS_days,OS_event\n" + text).encode())


@QUICK
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=4), st.booleans())
def test_random_adverse_events(cells: list[tuple[str, ...]], sound_ids: bool) -> None:
    rows = [["a" if sound_ids else c[0], *c[1:]] for c in map(list, cells)]
    events = as_csv(["patient_id", "term", "grade", "day"], rows)
    read(b"patient_id,OS_days,OS_event\na,10,1\n", events=events)


@QUICK
@given(
    st.lists(
        st.one_of(
            st.lists(st.floats(), min_size=2, max_size=2), st.lists(st.integers(-9, 9), min_size=2, max_size=2),
            st.lists(st.text(max_size=5), min_size=2, max_size=2), st.just([None, None]), st.just([b"x", b"y"]),
            st.just([pd.Timestamp("2020-01-01"), pd.NaT]), st.just([True, False]), st.just([[1], [2]]),
        ),
        min_size=1, max_size=4,
    ),
    st.lists(COLUMNS, min_size=4, max_size=4, unique=True),
)  # fmt: skip
def test_random_parquet(columns: list[list[object]], names: list[str]) -> None:
    frame = pd.DataFrame({name: cells for name, cells in zip(names, columns, strict=False)})
    frame.insert(0, "patient_id" if "patient_id" not in frame else "site", ["a", "b"], allow_duplicates=True)
    stream = io.BytesIO()
    try:
        frame.to_parquet(stream, index=False)
    except ValueError:
        return  # columns that Parquet itself does not take
    read(stream.getvalue(), "rows.parquet")
