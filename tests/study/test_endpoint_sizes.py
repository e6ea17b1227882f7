"""Endpoints that run over some of the patients only, such as responders or one arm."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.inversion import invert_study
from helpers.study import load_study
from tests.study.folder import COUNT, SOUND, YAML, table, write

WHOLE = YAML.replace("22", "60")
PART = WHOLE.replace("events: death}", 'events: death, n: 22, subset: {arm: "1"}}')
LANDMARK = SOUND | {"ci_high": "87.50"}


def test_a_claim_takes_the_patients_of_its_endpoint(tmp_path: Path) -> None:
    study = load_study(write(tmp_path / "s", PART, table(LANDMARK, COUNT, LANDMARK | {"id": "part", "n": "10"})))
    assert (study.n, study.patients("OS"), study.patients(None)) == (60, 22, 60)
    assert [claim.n for claim in study.claims] == [22, 60, 10]
    assert dict(study.endpoints["OS"].subset) == {"arm": "1"}


def test_an_endpoint_is_inverted_over_its_own_patients(tmp_path: Path) -> None:
    part = invert_study(load_study(write(tmp_path / "part", PART, table(LANDMARK)))).endpoints["OS"]
    alone = invert_study(load_study(write(tmp_path / "alone", YAML, table(LANDMARK)))).endpoints["OS"]
    assert part.n == 22
    assert part.histories == alone.histories == ("EEEEEECE",)


def test_a_count_above_the_endpoints_patients_is_refused(tmp_path: Path) -> None:
    events = {"id": "deaths", "endpoint": "OS", "statistic": "events", "count": "23"}
    with pytest.raises(InputError, match="above the n of the endpoint, 22"):
        load_study(write(tmp_path / "s", PART, table(events)))
