"""Numbers at risk, events and censorings of small made-up studies, against going through all orders of their ends."""

from __future__ import annotations

from itertools import product

import pytest

from helpers.ledger import Verdict
from tests.inversion import brute
from tests.inversion.brute import Print
from tests.inversion.making import CONVENTIONS
from tests.ledger.making import claim, landmark, rows_of, study
from tests.ledger.test_survival import PLAIN, printed, spanned

SIX, TWELVE = 6, 12


def possible_numbers(n: int, prints: dict[int, Print], month: int) -> dict[str, set[int]]:
    """Every order of n patients' ends and every way to lay the landmarks and one more moment between them.

    The conventions are all; moments are in months, and by a moment a number of patients have ended.
    """
    moments = sorted({*prints, month})
    found: dict[str, set[int]] = {"at_risk": set(), "events": set(), "censored": set()}
    histories = brute.all_histories(n)
    ways = {
        tuple(frozenset(h for h in histories if brute.agrees(h, n, what, c)) for what in prints.values())
        for c in CONVENTIONS
    }
    for sets in ways:
        fits = dict(zip(prints, sets, strict=True))
        for ends in product("EC", repeat=n):
            order = "".join(ends)
            good = {m: [k for k in range(n + 1) if order[:k].rstrip("C") in fits[m]] for m in prints}
            for cuts in product(*(good.get(m, range(n + 1)) for m in moments)):
                if list(cuts) == sorted(cuts):
                    k = cuts[moments.index(month)]
                    found["at_risk"].add(n - k)
                    found["events"].add(order[:k].count("E"))
                    found["censored"].add(order[:k].count("C"))
    return found


NUMBERS = {
    "one landmark": (6, {SIX: "EECE"}),
    "two landmarks": (6, {SIX: "EE", TWELVE: "EECE"}),
}


@pytest.mark.parametrize(
    ("which", "month"),
    [*(("one landmark", m) for m in (3, 6, 9)), *(("two landmarks", m) for m in (3, 6, 9, 12, 15))],
)
def test_numbers_at_risk_events_and_censorings_are_bounded_as_by_going_through_all(which, month):
    n, histories = NUMBERS[which]
    prints = {m: brute.print_history(h, n, PLAIN, 2) for m, h in histories.items()}
    expected = possible_numbers(n, prints, month)
    marks = [landmark(f"m{m}", m, *what.texts) for m, what in prints.items()]
    for statistic, numbers in expected.items():
        for count in range(n + 1):
            number = claim("k", statistic, endpoint="OS", count=str(count), at=str(month), at_unit="month")
            row = rows_of(study(n, [*marks, number]))["k", "count"]
            if count in numbers:
                assert row.verdict is not Verdict.IMPOSSIBLE, (statistic, count)
            else:
                assert row.verdict is Verdict.IMPOSSIBLE, (statistic, count)
        truth = claim("k", statistic, endpoint="OS", count=str(min(numbers)), at=str(month), at_unit="month")
        row = rows_of(study(n, [*marks, truth]))["k", "count"]
        if row.verdict is not Verdict.NOT_DERIVABLE:
            assert spanned(row) == (min(numbers), max(numbers)), statistic
        if len(numbers) == 1:
            assert row.verdict is Verdict.RE_DERIVED


def test_numbers_without_a_landmark_are_not_derivable():
    number = claim("k", "at_risk", endpoint="OS", count="4", at="6", at_unit="month")
    assert rows_of(study(9, [number]))["k", "count"].verdict is Verdict.NOT_DERIVABLE


def test_numbers_of_another_endpoint_are_not_derivable():
    mark = landmark("a", 6, *printed("EECE", 8))
    number = claim("k", "events", endpoint="EFS", count="4", at="6", at_unit="month")
    assert rows_of(study(8, [mark, number]))["k", "count"].verdict is Verdict.NOT_DERIVABLE
