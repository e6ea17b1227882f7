"""Summaries over studies, leave-one-out, what the others foretell, and likeness: each against a plain recomputation."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pandas as pd
import pytest

from helpers.across.field import CURVES, Field, load_field
from helpers.across.pooling import pooled_lines
from helpers.across.similarity import FEATURES, SAME, similarity
from helpers.across.summaries import (
    LEAST,
    against_the_others,
    groups_of,
    leave_one_out,
    summaries,
    summarise,
    uncertain_counts,
)
from helpers.estimators.binomial_normal import pool_proportions
from helpers.estimators.random_effects import pool_effects


@pytest.fixture(scope="module")
def field() -> Field:
    return load_field("zhuo2024")


@pytest.fixture(scope="module")
def pooled(field: Field) -> pd.DataFrame:
    return pooled_lines(field.lines, field.overlaps)


def made(counts: list[tuple[int, int]], first: tuple[int, int] | None = None) -> pd.DataFrame:
    """Lines of invented studies of one outcome, the first study among them if given."""
    rows = [("first", *first)] if first else []
    rows += [(f"s{k}", a, n) for k, (a, n) in enumerate(counts)]
    return pd.DataFrame(
        [
            {"outcome": "cr", "group": "b-all", "study": s, "count_low": k, "count_high": k, "n": n, "estimate": k / n,
             "error": float("nan"), "usable": True, "match": "same", "pooled": True,
             "printed": f"{k}/{n}", "how": "printed"}
            for s, k, n in rows
        ]
    )  # fmt: skip


def test_a_summary_is_the_model_of_its_lines(pooled: pd.DataFrame) -> None:
    found = {(s.outcome, s.group): s for s in summaries(pooled)}
    cr = found["cr", "post-transplant"]
    assert cr.studies == ("zhuo2024", "zhang2021", "carcik2025", "sequential2022", "deng2024", "delbufalo2023")
    fit = pool_proportions([18, 34, 30, 22, 11, 13], [22, 43, 36, 22, 14, 13])
    assert (cr.estimate, cr.low, cr.tau, cr.patients) == (fit.estimate, fit.low, fit.tau, 150)
    for (outcome, group), summary in found.items():
        assert len(summary.studies) >= LEAST
        assert group != "other disease"
        assert summary.low <= summary.estimate <= summary.high
        assert summary.predicted_low <= summary.estimate <= summary.predicted_high, outcome


def test_survival_is_pooled_on_its_own_scale() -> None:
    lines = pd.DataFrame(
        {
            "outcome": "os_12",
            "group": "b-all",
            "study": list("abc"),
            "n": 20,
            "estimate": [0.4, 0.5, 0.7],
            "error": [0.3, 0.2, 0.25],
        }
    )
    found = summarise(lines)
    fit = pool_effects([log(-log(s)) for s in (0.4, 0.5, 0.7)], [0.3, 0.2, 0.25])
    assert found.estimate == pytest.approx(exp(-exp(fit.mu)))
    assert found.low == pytest.approx(exp(-exp(fit.high)))
    assert found.predicted_high == pytest.approx(exp(-exp(fit.predicted_low)))
    assert 0.4 < found.estimate < 0.7


def test_two_studies_are_not_summed_up() -> None:
    assert groups_of(made([(1, 10), (2, 10)])) == []
    assert len(groups_of(made([(1, 10), (2, 10), (3, 10)]))) == 1


def test_leaving_one_out_is_the_summary_of_the_rest() -> None:
    lines = made([(1, 10), (2, 12), (7, 14), (3, 20)])
    frame = leave_one_out(lines).set_index("left_out")
    assert list(frame.index) == ["", "s0", "s1", "s2", "s3"]
    assert frame.loc["", "estimate"] == summarise(lines).estimate
    rest = pool_proportions([1, 2, 3], [10, 12, 20])
    assert (frame.loc["s2", "estimate"], frame.loc["s2", "tau"]) == (rest.estimate, rest.tau)
    assert (frame["studies"] == [4, 3, 3, 3, 3]).all()


def test_every_study_of_every_summary_is_left_out_once(pooled: pd.DataFrame) -> None:
    frame = leave_one_out(pooled)
    for outcome, group, part in groups_of(pooled):
        own = frame[(frame["outcome"] == outcome) & (frame["group"] == group)]
        assert list(own["left_out"]) == ["", *part["study"]]


def test_uncertain_counts_move_a_summary_both_ways() -> None:
    lines = made([(10, 20), (12, 20), (9, 20)])
    lines.loc[0, "count_low"], lines.loc[0, "count_high"] = 8, 12
    frame = uncertain_counts(lines)
    assert frame.loc[0, "with_lowest"] == pytest.approx(29 / 60, abs=1e-6)
    assert frame.loc[0, "with_highest"] == pytest.approx(33 / 60, abs=1e-6)
    assert uncertain_counts(made([(10, 20), (12, 20), (9, 20)])).empty


def test_a_study_far_out_is_unusual_and_one_like_the_others_is_not() -> None:
    others = [(10, 50), (11, 50), (9, 50), (10, 50), (12, 50), (8, 50), (10, 50), (11, 50)]
    odd = against_the_others(made(others, first=(40, 50)), "first").iloc[0]
    assert odd["tail"] < 0.01
    assert odd["estimate"] > odd["expected_high"]
    plain = against_the_others(made(others, first=(10, 50)), "first").iloc[0]
    assert plain["tail"] > 0.5
    assert plain["expected_low"] < 0.2 < plain["expected_high"]


def test_the_first_study_does_not_foretell_itself() -> None:
    others = [(10, 50), (11, 50), (9, 50), (10, 50)]
    one = against_the_others(made(others, first=(40, 50)), "first").iloc[0]
    two = against_the_others(made(others, first=(1, 50)), "first").iloc[0]
    assert (one["expected_low"], one["expected_high"]) == (two["expected_low"], two["expected_high"])


def test_expected_counts_hold_as_often_as_they_say() -> None:
    """Studies drawn from the model itself: the first lies outside in about one of twenty."""
    rng = np.random.default_rng(7)
    outside = 0
    for _ in range(40):
        rates = 1 / (1 + np.exp(-rng.normal(0.5, 0.5, 9)))
        draws = [(int(rng.binomial(30, p)), 30) for p in rates]
        outside += bool(against_the_others(made(draws[1:], first=draws[0]), "first").iloc[0]["tail"] < 0.05)
    assert outside <= 6  # two expected; more than six has a chance of about 1 in 300


@pytest.mark.parametrize(
    ("others", "note"),
    [([(1, 9), (2, 9)], "too few others"), ([(0, 9), (0, 9), (0, 9)], "the others had none")],
)
def test_why_nothing_is_foretold(others: list[tuple[int, int]], note: str) -> None:
    found = against_the_others(made(others, first=(1, 9)), "first").iloc[0]
    assert np.isnan(found["tail"]) and note in found["note"]


def test_survival_is_foretold_with_its_own_error(pooled: pd.DataFrame) -> None:
    rows = pd.DataFrame(
        {"outcome": "os_12", "group": "b-all", "study": ["first", "a", "b", "c", "d"], "n": 30,
         "estimate": [0.2, 0.6, 0.62, 0.58, 0.61],
         "error": 0.15, "usable": True, "pooled": True, "printed": "x", "how": ""}
    )  # fmt: skip
    rows["match"] = "same"
    low = against_the_others(rows, "first").iloc[0]
    assert (low["higher"], low["lower"], low["compared"]) == (4, 0, 4)
    assert low["tail"] < 0.05 and low["estimate"] < low["expected_low"]
    vague = against_the_others(rows.assign(error=[5.0, *[0.15] * 4]), "first").iloc[0]
    assert vague["tail"] > 0.5
    assert set(pooled.loc[pooled["outcome"].isin(CURVES), "n"]) >= {22, 43}


def test_likeness_does_not_depend_on_outcomes_and_orders_by_what_is_shared(field: Field) -> None:
    frame = similarity(field)
    assert set(frame["study"]) == {study.id for study in field.studies[1:]}
    assert frame["points"].is_monotonic_decreasing
    assert (frame["in_common"] == (frame[list(FEATURES)] == SAME).sum(axis=1)).all()
    by_id = frame.set_index("study")
    assert by_id.loc["sequential2022", list(FEATURES)].tolist() == ["same", "same", "partly", "same"]
    assert by_id.loc["zuma1_2023", "disease"] == "other"
    assert by_id.loc["deng2024", "target"] == "not told"
    assert by_id.loc["delbufalo2023", "after transplantation"] == "not told"


def test_differences_are_of_outcomes_that_both_print(field: Field) -> None:
    row = similarity(field).set_index("study").loc["zhang2021"]
    expected = [34 / 43 - 18 / 22, 7 / 43 - 3 / 22, 9 / 43, 0.0, 2 / 43 - 2 / 22, 0.43 - 0.411, 0.43 - 0.343]
    assert row["outcomes"] == len(expected)
    assert row["mean_difference"] == pytest.approx(np.abs(expected).mean())
    assert (row["largest_outcome"], row["largest_difference"]) == ("icans", pytest.approx(9 / 43))
    assert row["unlikely"] == 1  # 9 of 43 beside 0 of 22: Fisher's P = 0.024
