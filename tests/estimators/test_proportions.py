"""Proportions: published values, independent implementations, and coverage by exact enumeration."""

from __future__ import annotations

from math import comb

import pytest
from statsmodels.stats.proportion import proportion_confint

from helpers.estimators.proportions import (
    UNIFORM_PRIOR,
    ProportionMethod,
    counts_that_print,
    denominators_that_print,
    patients_to_rule_out,
    percentage_digits,
    posterior,
    proportion,
    rule_of_three,
    upper_bound_zero,
)
from helpers.printed import PrintedNumber, Rounding

STATSMODELS = {"Clopper-Pearson": "beta", "Wilson": "wilson", "Jeffreys": "jeffreys"}


@pytest.mark.parametrize(
    ("count", "n", "text"),
    [
        (18, 22, "81.8 % (59.7–94.8)"),
        (3, 22, "13.6 % (2.9–34.9)"),
        (2, 22, "9.1 % (1.1–29.2)"),
        (0, 22, "0.0 % (0.0–15.4)"),
    ],
)
def test_exact_intervals_of_the_first_study(count: int, n: int, text: str) -> None:
    assert proportion(count, n).percent() == text


@pytest.mark.parametrize("method", STATSMODELS)
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("count", "n"), [(1, 3), (3, 22), (11, 22), (18, 22), (21, 22), (57, 300)])
def test_agrees_with_statsmodels(method: str, level: float, count: int, n: int) -> None:
    mine = proportion(count, n, ProportionMethod(method), level)
    theirs = proportion_confint(count, n, alpha=1 - level, method=STATSMODELS[method])
    assert (mine.low, mine.high) == pytest.approx(theirs, abs=1e-12)


def test_wald_is_the_textbook_formula() -> None:
    mine = proportion(3, 22, ProportionMethod.WALD)
    assert mine.low == pytest.approx(3 / 22 - 1.959963984540054 * (3 / 22 * 19 / 22 / 22) ** 0.5)
    assert mine.low < 0, "Wald may leave the range: that is how it is recognised"
    whole = proportion(22, 22, ProportionMethod.WALD)
    assert whole.low == whole.high == 1.0


@pytest.mark.parametrize("method", list(STATSMODELS))
@pytest.mark.parametrize("n", [1, 5, 22])
def test_limits_at_none_and_all(method: str, n: int) -> None:
    none, everyone = (proportion(k, n, ProportionMethod(method)) for k in (0, n))
    assert none.low == 0.0 and everyone.high == 1.0
    assert none.high == pytest.approx(1 - everyone.low, abs=1e-12)
    assert 0 < none.high < 1


@pytest.mark.parametrize("method", list(STATSMODELS))
def test_a_method_may_be_named_by_its_text(method: str) -> None:
    assert proportion(3, 22, method) == proportion(3, 22, ProportionMethod(method))  # type: ignore[arg-type]


def coverage(method: ProportionMethod, n: int, rate: float, level: float) -> float:
    """Chance that the interval of a binomial count holds its true rate, added up over all counts."""
    held = (k for k in range(n + 1) if (p := proportion(k, n, method, level)).low <= rate <= p.high)
    return sum(comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in held)


@pytest.mark.parametrize("n", [5, 12, 22])
def test_clopper_pearson_never_covers_less_than_its_level(n: int) -> None:
    rates = [i / 97 for i in range(1, 97)]
    worst = min(coverage(ProportionMethod.CLOPPER_PEARSON, n, rate, 0.9) for rate in rates)
    assert 0.9 <= worst < 0.97


@pytest.mark.parametrize("method", [ProportionMethod.WILSON, ProportionMethod.JEFFREYS])
def test_wilson_and_jeffreys_cover_on_average_but_not_always(method: ProportionMethod) -> None:
    covered = [coverage(method, 22, i / 97, 0.95) for i in range(1, 97)]
    assert min(covered) < 0.95
    assert sum(covered) / len(covered) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize(("count", "n"), [(0, 22), (18, 22), (1, 1)])
def test_posterior_moments_match_the_beta_by_integration(count: int, n: int) -> None:
    summary = posterior(count, n, UNIFORM_PRIOR)
    steps = 200_000
    rates = [(i + 0.5) / steps for i in range(steps)]
    weight = [r**count * (1 - r) ** (n - count) for r in rates]
    total = sum(weight)
    assert summary.mean == pytest.approx(sum(r * w for r, w in zip(rates, weight, strict=True)) / total, abs=1e-6)
    below = sum(w for r, w in zip(rates, weight, strict=True) if r < summary.low) / total
    assert below == pytest.approx(0.025, abs=1e-4)
    assert summary.probability_below(summary.high) == pytest.approx(0.975)
    assert summary.probability_above(0.3) + summary.probability_below(0.3) == pytest.approx(1)


def test_bound_after_zero_events_inverts_its_own_chance() -> None:
    for n in (1, 22, 300):
        assert (1 - upper_bound_zero(n)) ** n == pytest.approx(0.05)
        assert upper_bound_zero(n, 0.975) == pytest.approx(proportion(0, n).high)
        assert upper_bound_zero(n) < rule_of_three(n)


@pytest.mark.parametrize("rate", [0.5, 0.1, 0.05, 0.01, 0.001])
def test_patients_to_rule_out_is_the_smallest_number(rate: float) -> None:
    n = patients_to_rule_out(rate)
    assert upper_bound_zero(n) <= rate < upper_bound_zero(n - 1) if n > 1 else upper_bound_zero(1) <= rate


def test_digits_of_percentages() -> None:
    assert percentage_digits(18, 22, 2, Rounding.HALF_UP) == "81.82"
    assert percentage_digits(18, 22, 2, Rounding.TRUNCATION) == "81.81"
    assert percentage_digits(1, 8, 0, Rounding.HALF_EVEN) == "12"
    assert percentage_digits(1, 8, 0, Rounding.HALF_UP) == "13"
    assert counts_that_print(PrintedNumber("14"), 300, Rounding.HALF_UP) == (41, 42, 43)
    assert counts_that_print(PrintedNumber("81.80"), 22, Rounding.HALF_UP) == ()
    assert denominators_that_print(PrintedNumber("81.82"), 60, Rounding.HALF_UP) == (11, 22, 33, 44, 55)


@pytest.mark.parametrize(
    ("count", "n", "level"), [(-1, 22, 0.95), (23, 22, 0.95), (0, 0, 0.95), (3, 22, 1.0), (3, 22, 0)]
)
def test_out_of_range_is_refused(count: int, n: int, level: float) -> None:
    with pytest.raises(ValueError, match="must|lies"):
        proportion(count, n, level=level)
