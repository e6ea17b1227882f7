"""Whatever stands in the two files, the answer is a study or an InputError whose messages stay two lines each."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.study import Study, load_study
from tests.study.folder import COLUMNS, YAML, table, write
from tests.study.folder import SOUND as SOUND_ROW

QUICK = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = st.sampled_from(
    ["survival", "median", "follow_up", "proportion", "count", "at_risk", "events", "censored", "OS", "EFS", "percent",
     "proportion", "day", "month", "NR", "NE", "nan", "-0", "1e999", "67.90", "６", "67,9", "0", "1", "22", "95", "1/0",
     "9" * 40, "٣", "²", "=cmd|x", "\x1b[0m", "a\nb", '"', "﷽", "\u202e", ""]
)  # fmt: skip
CELL = st.one_of(WORDS, st.text(max_size=12))
SCALAR = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(["OS", "cr", "2015-09"])
)  # fmt: skip
KEYS = st.sampled_from(
    ["id", "title", "n", "endpoints", "sites", "enrolled", "from", "to", "conventions", "z", "interval", "rounded_to",
     "rounding", "outcomes", "totals", "safety", "citation", "year", "doi", "last_follow_up_before", "OS", "cr", "name"]
)  # fmt: skip
TREE = st.recursive(
    SCALAR,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=12,
)


def load(yaml: str | bytes, claims: str | bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            study = load_study(write(Path(folder) / "s", yaml, claims))
        except InputError as error:
            assert error.problems
            for problem in error.problems:
                assert str(problem).count("\n") == 1
                assert all(line.isprintable() for line in str(problem).split("\n"))
                assert problem.message and problem.remedy and problem.file
        else:
            assert isinstance(study, Study)
            for claim in study.claims:
                assert claim.printed
                assert claim.at is None or claim.at_day() >= 0


@QUICK
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_random_bytes(yaml: bytes, claims: bytes) -> None:
    load(yaml, claims)


@QUICK
@given(st.binary(max_size=60), st.integers(0, len(YAML)), st.integers(0, 200))
def test_random_bytes_within_sound_files(noise: bytes, at: int, there: int) -> None:
    yaml, claims = YAML.encode(), table(SOUND_ROW).encode()
    load(yaml[:at] + noise + yaml[at:], claims[:there] + noise + claims[there:])


@QUICK
@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELL), max_size=4), st.booleans())
def test_random_cells(rows: list[dict[str, str]], sound_header: bool) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS if sound_header else COLUMNS[::-1])
    for row in rows:
        writer.writerow([row.get(column, "") for column in COLUMNS])
    load(YAML, text.getvalue().encode("utf-8", "replace"))


@QUICK
@given(st.dictionaries(KEYS, TREE, max_size=8))
def test_random_trees(tree: dict[str, object]) -> None:
    import yaml

    load(yaml.safe_dump(tree, allow_unicode=True).encode("utf-8", "replace"), table(SOUND_ROW))


@QUICK
@given(st.text(alphabet="{}[]:,-?&*!|>'\"%@` \n\t#ab1.~<=\\x0u", max_size=60))
def test_random_yaml_marks(text: str) -> None:
    load(text, table(SOUND_ROW))
