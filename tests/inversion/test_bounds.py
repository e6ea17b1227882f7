"""Bounds against every data set of small studies, and what they are for Zhuo 2024."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.conventions import Convention, Interval
from helpers.estimators.kaplan_meier import restricted_mean, survival_table
from helpers.estimators.medians import FlatMedianRule, median_survival
from helpers.inversion import invert_study
from helpers.inversion.bounds import FLAT_RULES, bounds, bounds_frame, median, rmst
from helpers.inversion.corners import DataSet
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.report import endpoint_timelines
from helpers.inversion.sampling import sample_days
from helpers.inversion.solve import solve
from helpers.inversion.timelines import longest_day, survival_band, tighten, timelines
from helpers.printed import PrintedNumber, Rounding
from helpers.study import load_study
from tests.inversion.cohorts import every_cohort, printed, reading

CONVENTION = Convention(Interval.PLAIN, "1.96", None, Rounding.HALF_UP)
PERCENT = Fraction(1, 100)


def marks(texts: tuple[str, ...], days: tuple[Fraction, ...]) -> tuple[Landmark, ...]:
    return tuple(
        Landmark(f"m{k}", day, PrintedNumber(text), None, None, PERCENT, Fraction("0.95"))
        for k, (text, day) in enumerate(zip(texts, days, strict=True))
    )


def rows_of(data: DataSet) -> list[tuple[int, int]]:
    return [(day, int(kind == "E")) for day, kind in zip(data.days, data.kinds, strict=True)]


def same_as_brute_force(found, cohorts) -> None:
    """Each bound is the extreme over the data sets, and each witness is one of them and has the value."""
    every = set(cohorts)
    assert every
    for bound in found:
        values = [reading(list(rows), bound.quantity, bound.since, bound.at, bound.unit) for rows in cohorts]
        defined = [v for v in values if v is not None]
        assert (bound.low, bound.high) == (min(defined), max(defined)), (bound.quantity, bound.since, bound.at)
        assert bound.attained
        for value, witness in ((bound.low, bound.low_witness), (bound.high, bound.high_witness)):
            rows = rows_of(witness)
            assert tuple(rows) in every
            assert reading(rows, bound.quantity, bound.since, bound.at, bound.unit) == value


@st.composite
def studies(draw: st.DrawFn, largest: int = 4):
    """`(n, longest, landmark days, decimals, a true data set)`."""
    n = draw(st.integers(1, largest))
    longest = draw(st.integers(2, 6 if n < 5 else 4))
    halves = draw(st.lists(st.integers(0, 2 * longest + 1), min_size=1, max_size=2, unique=True))
    days = tuple(Fraction(h, 2) for h in sorted(halves))
    return n, longest, days, draw(st.integers(0, 1)), draw(st.sampled_from(every_cohort(n, longest)))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(studies(), st.integers(0, 8), st.integers(1, 18))
def test_bounds_are_those_of_all_data_sets(study, day, half):
    n, longest, days, decimals, truth = study
    texts = printed(truth, days, decimals)
    solution = solve(n, marks(texts, days), (CONVENTION,))
    found = bounds(timelines(solution, None, (), longest), solution, longest, days=[day], horizons=[Fraction(half, 2)])
    cohorts = [rows for rows in every_cohort(n, longest) if printed(rows, days, decimals) == texts]
    assert {bound.quantity for bound in found} >= {"events", "at_risk", "survival", "rmst", "median, r-print"}
    same_as_brute_force(found, cohorts)


@pytest.mark.parametrize(
    ("days", "truth"),
    [
        ((Fraction(3), Fraction(11, 2)), ((1, 1), (2, 0), (4, 1), (6, 1), (8, 0))),
        ((Fraction(4),), ((2, 1), (2, 1), (3, 0), (3, 0), (8, 1))),
    ],
)
def test_bounds_of_five_patients_over_eight_days(days, truth):
    texts = printed(truth, days, 1)
    solution = solve(5, marks(texts, days), (CONVENTION,))
    found = bounds(timelines(solution, None, (), 8), solution, 8, days=[2, 7], horizons=[8])
    same_as_brute_force(found, [rows for rows in every_cohort(5, 8) if printed(rows, days, 1) == texts])


@settings(deadline=None, derandomize=True, max_examples=60)
@given(studies(), st.data())
def test_bounds_keep_to_ties_and_differences_between_days(study, data):
    """One system with further conditions, such as a median leaves: against the data sets that satisfy each of them."""
    n, longest, days, decimals, truth = study
    texts = printed(truth, days, decimals)
    solution = solve(n, marks(texts, days), (CONVENTION,))
    systems = [t for t in timelines(solution, None, (), longest) if len(t.history) > 1]
    assume(systems)
    system = data.draw(st.sampled_from(systems))
    steps = st.integers(0, len(system.history) - 1)
    first, second = sorted((data.draw(steps), data.draw(steps)))
    tied = frozenset({second} if second and data.draw(st.booleans()) else ())
    chain = replace(system.chain, tied=tied, differences=((first, second, data.draw(st.integers(0, 3))),))
    tight = tighten(chain)
    assume(tight is not None)

    def satisfies(rows) -> bool:
        days_of = [day for day, _ in rows]
        kinds = "".join("E" if event else "C" for _, event in rows)
        inside = [i for i, kind in enumerate(kinds) if kind == "E" and days_of[i] <= days[-1]]
        history = kinds[: inside[-1] + 1] if inside else ""
        if history != system.history or printed(rows, days, decimals) != texts:
            return False
        passed = [max([i + 1 for i in inside if days_of[i] <= day], default=0) for day in days]
        good = tuple(passed) == system.passed
        good &= all(days_of[i] == days_of[i - 1] for i in tied)
        return good and all(days_of[b] - days_of[a] == d for a, b, d in chain.differences)

    found = bounds([replace(system, chain=tight)], solution, longest, horizons=[longest + 1])
    same_as_brute_force(found, [rows for rows in every_cohort(n, longest) if satisfies(rows)])


COUNTS = {
    "at_risk": lambda rows, at: sum(day >= at for day, _ in rows),
    "events": lambda rows, at: sum(event for day, event in rows if at is None or day <= at),
    "censored": lambda rows, at: sum(1 - event for day, event in rows if at is None or day <= at),
}


@settings(deadline=None, derandomize=True, max_examples=80)
@given(studies(), st.sampled_from(tuple(COUNTS)), st.sampled_from([None, 1, 2, 5, 7, 9]))
def test_with_printed_counts_the_bounds_hold_and_those_called_attained_are_the_narrowest(study, kind, half):
    n, longest, days, decimals, truth = study
    at = None if half is None else Fraction(half, 2)
    assume(kind != "at_risk" or (at is not None and at.denominator == 2))
    texts, number = printed(truth, days, decimals), COUNTS[kind](truth, at)
    solution = solve(n, marks(texts, days), (CONVENTION,), counts=(Count("c", kind, at, number),))
    found = bounds(timelines(solution, None, (), longest), solution, longest)
    cohorts = [
        rows
        for rows in every_cohort(n, longest)
        if COUNTS[kind](rows, at) == number and printed(rows, days, decimals) == texts
    ]
    every = set(cohorts)
    for bound in found:
        values = [reading(list(rows), bound.quantity, bound.since, bound.at, bound.unit) for rows in cohorts]
        defined = [v for v in values if v is not None]
        assert not defined or bound.low <= min(defined) <= max(defined) <= bound.high
        if bound.attained:
            assert (bound.low, bound.high) == (min(defined), max(defined)), (bound.quantity, bound.at)
            assert {tuple(rows_of(w)) for w in (bound.low_witness, bound.high_witness)} <= every
        else:
            assert bound.at is None or bound.at > days[-1] or (at is not None and at > days[-1])


def test_a_number_at_risk_at_the_landmark_bounds_what_happened_before_it():
    day = Fraction(11, 2)
    truth = ((1, 1), (2, 0), (4, 1), (5, 0), (8, 0))
    solution = solve(
        5, marks(printed(truth, (day,), 1), (day,)), (CONVENTION,), counts=(Count("c", "at_risk", day, 1),)
    )
    found = {(b.quantity, b.at): b for b in bounds(timelines(solution, None, (), 8), solution, 8)}
    assert all(b.attained for b in found.values())
    assert (found["at_risk", day].low, found["at_risk", day].high) == (1, 1)
    assert (found["censored", day].low, found["censored", day].high) == (2, 2)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=9))
def test_medians_are_those_of_the_estimators(rows):
    ordered = sorted((day, not event) for day, event in rows)
    data = DataSet("".join("C" if lost else "E" for _, lost in ordered), tuple(day for day, _ in ordered))
    table = survival_table([day for day, _ in rows], [int(event) for _, event in rows])
    assert set(FLAT_RULES) == {str(rule) for rule in FlatMedianRule}
    for rule in FlatMedianRule:
        assert float(median(data, str(rule))) == median_survival(table, rule)


def test_no_system_nothing_to_bound():
    solution = solve(3, marks(("50.0",), (Fraction(2),)), (CONVENTION,))
    assert bounds((), solution, 9) == ()
    assert len(bounds_frame(())) == 0


@pytest.fixture(scope="module")
def zhuo():
    study = load_study("zhuo2024")
    inversion = invert_study(study)
    found = {}
    for name in ("OS", "EFS"):
        systems = endpoint_timelines(inversion, name)
        solution = inversion.endpoints[name].solution
        found[name] = (systems, solution, bounds(systems, solution, longest_day(study), [90, 1000], [365, 730]))
    return found


HALF_YEAR, YEAR = Fraction("182.625"), Fraction("365.25")


def limits(zhuo, name):
    return {(b.quantity, b.at): (b.low, b.high) for b in zhuo[name][2] if b.unit != "per person-month"}


def test_overall_survival_of_zhuo_2024(zhuo):
    os = limits(zhuo, "OS")
    assert all(b.attained for b in zhuo["OS"][2])
    assert os["events", HALF_YEAR] == (7, 7)
    assert os["events", YEAR] == (12, 12)
    assert os["events", None] == (12, 19)
    assert os["censored", HALF_YEAR] == (1, 2)
    assert os["censored", YEAR] == (3, 10)
    assert os["at_risk", HALF_YEAR] == (13, 14)
    assert os["at_risk", YEAR] == (0, 7)
    first = _curve("EEEEEECEEECECEE")
    assert os["survival", YEAR] == (_curve("EEEEEECECEEEECE"), first)
    assert os["survival", Fraction(1000)] == (0, first)
    for rule in FLAT_RULES:
        assert os[f"median, {rule}", None] == (287, 287)


def _curve(history: str, n: int = 22) -> Fraction:
    s = Fraction(1)
    for i, kind in enumerate(history):
        s *= Fraction(n - i - 1, n - i) if kind == "E" else 1
    return s


@pytest.mark.parametrize(
    ("name", "at", "low", "high"),
    [
        ("OS", 365, 211.399534, 287.406061),
        ("OS", 730, 211.810723, 437.489977),
        ("EFS", 365, 180.531469, 268.279720),
        ("EFS", 730, 180.874126, 393.349650),
    ],
)
def test_mean_survival_of_zhuo_2024(zhuo, name, at, low, high):
    found = limits(zhuo, name)["rmst", Fraction(at)]
    assert (float(found[0]), float(found[1])) == pytest.approx((low, high), abs=1e-6)
    witness = next(b.low_witness for b in zhuo[name][2] if (b.quantity, b.at) == ("rmst", at))
    table = survival_table(witness.days, [int(k == "E") for k in witness.kinds])
    assert restricted_mean(table, at)[0] == pytest.approx(low, abs=1e-6)


def test_event_free_survival_of_zhuo_2024(zhuo):
    efs = limits(zhuo, "EFS")
    assert efs["events", HALF_YEAR] == (9, 9)
    assert efs["events", YEAR] == (14, 14)
    assert efs["censored", HALF_YEAR] == (1, 1)
    assert efs["censored", YEAR] == (1, 8)
    assert efs["at_risk", HALF_YEAR] == (12, 12)
    hazard = efs["hazard", YEAR]
    assert (float(hazard[0]), float(hazard[1])) == pytest.approx((0.002834, 0.015456), abs=1e-6)


def test_survival_agrees_with_the_band_of_zhuo_2024(zhuo):
    for systems, solution, found in zhuo.values():
        band, _ = survival_band(systems, solution.n, range(90, 91))
        bound = next(b for b in found if (b.quantity, b.at) == ("survival", 90))
        assert (float(bound.low), float(bound.high)) == band[0]


@pytest.mark.parametrize("name", ["OS", "EFS"])
@settings(deadline=None, derandomize=True, max_examples=40)
@given(seed=st.integers(0, 10**6), kinds=st.text("EC", min_size=7, max_size=7), data=st.data())
def test_a_random_data_set_of_zhuo_2024_never_lies_outside(zhuo, name, seed, kinds, data):
    systems, _, found = zhuo[name]
    system = data.draw(st.sampled_from(systems))
    days = sample_days(system.chain, np.random.default_rng(seed)).tolist()
    rows = [(day, int(kind == "E")) for day, kind in zip(days, system.history, strict=True)]
    for kind in kinds:
        earliest = 366 if kind == "E" else days[-1]
        rows.append((data.draw(st.integers(earliest, 2904)), int(kind == "E")))
    ordered = sorted(rows, key=lambda row: (row[0], -row[1]))
    for bound in found:
        if bound.quantity == "rmst" or bound.unit == "per person-month":
            continue
        value = reading(rows, bound.quantity, bound.since, bound.at, bound.unit)
        assert bound.low <= value <= bound.high, (bound.quantity, bound.at)
    data_set = DataSet("".join("E" if event else "C" for _, event in ordered), tuple(day for day, _ in ordered))
    for bound in found:
        if bound.quantity == "rmst":
            assert bound.low <= rmst(data_set, bound.at) <= bound.high


def test_the_frame_has_one_row_a_bound(zhuo):
    frame = bounds_frame(zhuo["OS"][2])
    assert list(frame.columns) == ["quantity", "since", "at", "low", "high", "unit", "attained"]
    assert len(frame) == len(zhuo["OS"][2])
    assert (frame["low"] <= frame["high"]).all()
    assert not (frame["low"] == -inf).any()
