"""Nothing true is called impossible: random patients, printed in full, and a ledger without a contradiction."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from helpers.inversion.median_ways import all_ways
from helpers.ledger import Verdict
from tests.inversion import brute
from tests.inversion.making import CONVENTIONS
from tests.inversion.patients import Rows, spss
from tests.inversion.programs import printed_ways
from tests.ledger.making import claim, landmark, rows_of, study

MONTH = Fraction("30.4375")
NAMED = {"at_risk": "EC", "events": "E", "censored": "C"}


def patients(rng: random.Random, n: int) -> Rows:
    """Many ties, and events before censorings of the same day."""
    days = rng.choice([range(1, 500), range(30, 500, 30), range(100, 400, 7)])
    return sorted(((rng.choice(days), int(rng.random() < 0.7)) for _ in range(n)), key=lambda r: (r[0], -r[1]))


def history_until(rows: Rows, day: Fraction) -> str:
    return "".join("E" if event else "C" for d, event in rows if d <= day)


def median_texts(rows: Rows, rounding: str) -> tuple[str, str, str] | None:
    found = spss(rows)
    if found is None or found[0] - found[1] < 0:
        return None
    t, half = Fraction(found[0]), Fraction(found[1])
    return tuple(brute.text_of(x, 0, rounding) for x in (t, t - half, t + half))


def paper(seed: int) -> tuple[int, list[dict[str, str]]]:
    """What a paper prints of random patients under one convention, some numbers left out; counts in half of them."""
    rng = random.Random(seed)
    n = rng.randint(6, 11)
    rows, convention = patients(rng, n), rng.choice(CONVENTIONS)
    decimals = rng.choice([1, 1, 2])
    claims = []
    for months in rng.sample([3, 6, 9, 12], rng.choice([1, 2, 2])):
        history = history_until(rows, months * MONTH)
        texts = list(brute.print_history(history.rstrip("C"), n, convention, decimals).texts)
        if rng.random() < 0.2:
            texts[rng.randint(1, 2)] = ""
        claims.append(landmark(f"s{months}", months, *texts))
        if seed % 2:
            for statistic, kinds in NAMED.items():
                gone = sum(what in kinds for what in history)
                count = str(n - gone if statistic == "at_risk" else gone)
                claims.append(
                    claim(
                        f"{statistic}{months}", statistic, endpoint="OS", count=count, at=str(months), at_unit="month"
                    )
                )
    texts = median_texts(rows, str(convention.rounding))
    if texts is not None:
        value, low, high = texts
        claims.append(claim("median", "median", endpoint="OS", value=value, ci_low=low, ci_high=high, unit="day"))
    return n, claims


@pytest.mark.parametrize("seed", range(12))
def test_a_true_paper_has_no_impossible_number(seed):
    n, claims = paper(seed)
    wrong = {key: row for key, row in rows_of(study(n, claims)).items() if row.verdict is Verdict.IMPOSSIBLE}
    assert wrong == {}, claims


def two_endpoints(rng: random.Random, n: int) -> dict[str, Rows]:
    """Deaths and losses, and for some patients a relapse before: EFS ends there, or with OS."""
    rows = patients(rng, n)
    earlier = [(rng.randint(0, day), 1) if rng.random() < 0.5 else (day, event) for day, event in rows]
    return {"OS": rows, "EFS": sorted(earlier, key=lambda r: (r[0], -r[1]))}


def whole_paper(seed: int) -> tuple[int, list[dict[str, str]]]:
    """Two endpoints of the same patients under one convention, their medians and the follow-up under one way."""
    rng = random.Random(seed)
    n, convention, way = rng.randint(4, 8), rng.choice(CONVENTIONS), rng.choice(all_ways())
    if rng.random() < 0.4:
        way = rng.choice([w for w in all_ways() if w.symmetric])
    parts = (way.limits, way.z, str(way.flat), str(way.rounding))
    unit, decimals, name = rng.choice([(Fraction(1), 0, "day"), (MONTH, 1, "month")])
    claims = []
    for endpoint, rows in two_endpoints(rng, n).items():
        for months in sorted(rng.sample([3, 6, 12], rng.choice([1, 2]))):
            history = history_until(rows, months * MONTH).rstrip("C")
            texts = brute.print_history(history, n, convention, rng.choice([1, 2])).texts
            claims.append(landmark(f"{endpoint}{months}", months, *texts, endpoint=endpoint))
        kinds = [("median", "")] + ([("follow_up", rng.choice(["keep", "strict"]))] if endpoint == "OS" else [])
        for statistic, ties in kinds:
            if rng.random() < 0.7:
                value, low, high = rng.choice(sorted(printed_ways(rows, parts, unit, decimals, ties)))
                if any(text.startswith("-") for text in (value, low, high)):
                    continue
                if rng.random() < 0.3:
                    low = high = ""
                cells = {"value": value, "ci_low": low, "ci_high": high, "unit": name}
                claims.append(claim(f"{endpoint}{statistic}", statistic, endpoint=endpoint, **cells))
    return n, claims


@pytest.mark.parametrize("seed", range(24))
def test_a_true_paper_on_two_endpoints_has_no_impossible_number(seed):
    """Whatever program made medians and follow-up, with whichever rule for ties."""
    n, claims = whole_paper(seed)
    wrong = {key: row for key, row in rows_of(study(n, claims)).items() if row.verdict is Verdict.IMPOSSIBLE}
    assert wrong == {}, claims
