"""Counts and percentages: what follows by arithmetic, and what cannot be."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest

from helpers.errors import InputError
from helpers.ledger import Verdict
from tests.inversion.brute import text_of
from tests.ledger.making import claim, folder, rows_of, study

RULES = ("half-up", "half-even", "truncation")


def share(count: str = "", value: str = "", n: str = "", **cells: str) -> dict[str, str]:
    return claim("x", "proportion", count=count, value=value, n=n, unit="percent", **cells)


def percentages(count: int, n: int, decimals: int) -> set[str]:
    return {text_of(Fraction(100 * count, n), decimals, rule) for rule in RULES}


@pytest.mark.parametrize("n", [7, 19, 22, 64])
@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_a_percentage_with_its_count_is_right_only_in_one_of_the_three_roundings(n, decimals):
    for count in range(0, n + 1, 3):
        good = percentages(count, n, decimals)
        for text in good:
            row = rows_of(study(n, [share(str(count), text)]))["x", "value"]
            assert row.verdict is Verdict.ARITHMETIC
            assert row.predicted == (text,)
        unit = Fraction(1, 10**decimals)
        for wrong in (max(map(Fraction, good)) + unit, min(map(Fraction, good)) - unit):
            if 0 <= wrong <= 100:
                row = rows_of(study(n, [share(str(count), text_of(wrong, decimals, "half-up"))]))["x", "value"]
                assert row.verdict is Verdict.IMPOSSIBLE
                assert set(row.predicted) == good


@pytest.mark.parametrize("n", [7, 19, 22])
def test_a_percentage_without_its_count_is_possible_where_a_whole_number_of_patients_gives_it(n):
    """The granularity test of Brown and Heathers, for one decimal: every text from 0.0 to 100.0."""
    possible = {text for count in range(n + 1) for text in percentages(count, n, 1)}
    for tenths in range(0, 1001, 7):
        text = text_of(Fraction(tenths, 10), 1, "half-up")
        row = rows_of(study(n, [share(value=text)]))["x", "value"]
        if text in possible:
            assert row.verdict is Verdict.CONSISTENT
            assert row.predicted == (text,)
        else:
            assert row.verdict is Verdict.IMPOSSIBLE
            assert set(row.predicted) <= possible
            below, above = (f(map(Fraction, row.predicted)) for f in (min, max))
            assert below <= Fraction(text) <= above


def test_the_denominator_of_the_row_counts_not_the_size_of_the_study():
    found = rows_of(study(22, [share("9", "50.00", n="18")]))
    assert found["x", "value"].verdict is Verdict.ARITHMETIC
    assert found["x", "count"].predicted == ("9",)
    found = rows_of(study(22, [share("9", "40.91", n="18")]))
    assert found["x", "value"].verdict is Verdict.IMPOSSIBLE


def test_a_count_and_a_percentage_that_disagree_blame_each_other():
    found = rows_of(study(19, [share("8", "36.84")]))
    assert (found["x", "count"].verdict, found["x", "count"].predicted) == (Verdict.IMPOSSIBLE, ("7",))
    assert found["x", "value"].verdict is Verdict.IMPOSSIBLE
    assert set(found["x", "value"].predicted) == {"42.10", "42.11"}


def test_a_coarse_percentage_leaves_several_counts():
    found = rows_of(study(300, [share("41", "14")]))["x", "count"]
    assert found.verdict is Verdict.CONSISTENT
    expected = [str(k) for k in range(301) if "14" in percentages(k, 300, 0)]
    assert list(found.predicted) == expected


def size_of(n: int, *pairs: tuple[int, str]):
    rows = [claim("patients", "count", count=str(n))]
    rows += [claim(f"p{k}", "proportion", count=str(c), value=v, unit="percent") for k, (c, v) in enumerate(pairs)]
    return rows_of(study(n, rows))["patients", "count"]


def sizes(*pairs: tuple[int, str]) -> list[int]:
    return [
        n
        for n in range(max(c for c, _ in pairs), 300)
        if all(v in percentages(c, n, len(v.partition(".")[2])) for c, v in pairs)
    ]


def test_the_size_of_the_study_follows_from_counts_with_their_percentages():
    assert sizes((18, "81.82"), (3, "13.64")) == [22]
    row = size_of(22, (18, "81.82"), (3, "13.64"))
    assert (row.verdict, row.predicted) == (Verdict.ARITHMETIC, ("22",))


def test_a_wrong_size_of_the_study_is_impossible():
    row = size_of(23, (18, "81.82"), (3, "13.64"))
    assert (row.verdict, row.predicted) == (Verdict.IMPOSSIBLE, ("22",))


def test_percentages_that_belong_to_no_size_at_all():
    assert sizes((18, "81.82"), (3, "13.74")) == []
    row = size_of(22, (18, "81.82"), (3, "13.74"))
    assert (row.verdict, row.predicted) == (Verdict.IMPOSSIBLE, ())
    assert "only size" not in row.note


def test_several_sizes_are_not_called_the_only_one():
    assert sizes((20, "14"), (1, "1")) == list(range(134, 149))
    row = size_of(140, (20, "14"), (1, "1"))
    assert row.verdict is Verdict.CONSISTENT
    assert "only" not in row.note


def test_no_percentage_no_size():
    assert size_of(22).verdict is Verdict.NOT_DERIVABLE
    assert size_of(22, (0, "0.00")).verdict is Verdict.NOT_DERIVABLE


TOTALS = "totals: {all: [two, three, four]}\n"


def parts(whole: int, *counts: int) -> list[dict[str, str]]:
    rows = [claim("all", "count", count=str(whole))]
    return rows + [claim(k, "count", count=str(c)) for k, c in zip(("two", "three", "four"), counts, strict=True)]


def test_counts_that_add_up(tmp_path):
    found = rows_of(folder(tmp_path / "s", 30, parts(9, 4, 3, 2), TOTALS))
    assert {row.verdict for row in found.values()} == {Verdict.ARITHMETIC}
    assert {claim: row.predicted for (claim, _), row in found.items()} == {
        "all": ("9",),
        "two": ("4",),
        "three": ("3",),
        "four": ("2",),
    }


def test_counts_that_do_not_add_up(tmp_path):
    found = rows_of(folder(tmp_path / "s", 30, parts(9, 4, 3, 1), TOTALS))
    assert {row.verdict for row in found.values()} == {Verdict.IMPOSSIBLE}
    assert {claim: row.predicted for (claim, _), row in found.items()} == {
        "all": ("8",),
        "two": ("5",),
        "three": ("4",),
        "four": ("2",),
    }


def test_parts_above_their_whole_ask_for_no_negative_count(tmp_path):
    found = rows_of(folder(tmp_path / "s", 30, parts(2, 4, 3, 1), TOTALS))
    assert {row.verdict for row in found.values()} == {Verdict.IMPOSSIBLE}
    assert all(int(text) >= 0 for row in found.values() for text in row.predicted)


def test_counts_without_a_total_are_not_derivable(tmp_path):
    found = rows_of(folder(tmp_path / "s", 30, parts(9, 4, 3, 2)))
    assert {row.verdict for row in found.values()} == {Verdict.NOT_DERIVABLE}


def limits(count: int, n: int, level: float = 0.95) -> dict[str, tuple[float, float]]:
    """In percent: exact by beta quantiles, score by its quadratic, Jeffreys' posterior, and Wald."""
    from scipy.stats import beta, norm

    z, tail, p = float(norm.ppf((1 + level) / 2)), (1 - level) / 2, count / n
    middle, half = (p + z * z / 2 / n) / (1 + z * z / n), z / (1 + z * z / n) * sqrt(p * (1 - p) / n + (z / 2 / n) ** 2)
    wald = z * sqrt(p * (1 - p) / n)
    found = {
        "Clopper-Pearson": (beta.ppf(tail, count, n - count + 1), beta.ppf(1 - tail, count + 1, n - count)),
        "Wilson": (middle - half, middle + half),
        "Jeffreys": (beta.ppf(tail, count + 0.5, n - count + 0.5), beta.ppf(1 - tail, count + 0.5, n - count + 0.5)),
        "Wald": (p - wald, p + wald),
    }
    return {name: (100 * float(a), 100 * float(b)) for name, (a, b) in found.items()}


@pytest.mark.parametrize("method", ["Clopper-Pearson", "Wilson", "Jeffreys", "Wald"])
@pytest.mark.parametrize(("count", "n"), [(18, 22), (7, 19), (30, 64)])
@pytest.mark.parametrize("level", ["95", "90"])
def test_a_proportions_interval_is_recognised_by_its_method(method, count, n, level):
    low, high = (f"{x:.1f}" for x in limits(count, n, float(level) / 100)[method])
    row = share(str(count), f"{100 * count / n:.2f}", n=str(n), ci_low=low, ci_high=high, ci_level=level)
    found = rows_of(study(n, [row]))
    for name, text in (("ci_low", low), ("ci_high", high)):
        assert found["x", name].verdict is Verdict.RE_DERIVED
        assert found["x", name].predicted == (text,)
        assert method in found["x", name].note


def test_an_interval_that_no_method_gives_is_impossible():
    found = rows_of(study(22, [share("18", "81.82", ci_low="58.7", ci_high="94.9")]))
    for name, column in (("ci_low", 0), ("ci_high", 1)):
        row = found["x", name]
        assert row.verdict is Verdict.IMPOSSIBLE
        for pair in limits(18, 22).values():
            assert f"{pair[column]:.1f}" in row.predicted


def test_an_interval_without_its_count_is_not_derivable():
    found = rows_of(study(22, [share(value="81.82", ci_low="59.7", ci_high="94.8")]))
    assert found["x", "ci_low"].verdict is found["x", "ci_high"].verdict is Verdict.NOT_DERIVABLE


@pytest.mark.parametrize(("count", "low", "high"), [(0, "0.0", "15.4"), (22, "84.6", "100.0")])
def test_exact_limits_at_the_ends(count, low, high):
    value = "0.00" if count == 0 else "100.00"
    found = rows_of(study(22, [share(str(count), value, ci_low=low, ci_high=high)]))
    assert {row.verdict for (_, name), row in found.items() if name.startswith("ci")} == {Verdict.RE_DERIVED}


def test_a_wald_limit_below_zero_is_printed_as_zero():
    """1 of 22: 4.5 − 8.7 %; no table prints a negative percentage, nor does the loader take one."""
    assert limits(1, 22)["Wald"][0] < 0
    found = rows_of(study(22, [share("1", "4.55", ci_low="0.0", ci_high="13.2")]))
    assert found["x", "ci_high"].verdict is Verdict.RE_DERIVED
    assert found["x", "ci_low"].verdict is Verdict.RE_DERIVED
    assert "Wald" in found["x", "ci_low"].note


def test_leading_zeros_do_not_make_a_number_impossible(tmp_path):
    """Either the loader refuses 04.55 or the ledger reads it as 4.55."""
    try:
        some = folder(tmp_path / "s", 22, [share("1", "04.55")])
    except InputError:
        return
    assert rows_of(some)["x", "value"].verdict is Verdict.ARITHMETIC
