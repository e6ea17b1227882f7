"""The sentences and tables of the appendix on the evidence say what the stored numbers say."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from helpers.figures.differences import differences
from helpers.figures.rates import rate_frame
from helpers.simulation import cohort_report, evidence, field, larger, mutation, real_data, report
from helpers.simulation.coverage import Tally


@pytest.fixture(scope="module")
def slips():
    return pd.read_csv(mutation.FROZEN)


@pytest.fixture(scope="module")
def arms():
    return real_data.frozen()


def test_the_sentence_on_accounts_has_the_rates_of_the_table(slips):
    small = slips[slips["n"] <= 22]
    text = evidence.account_sentence(slips)
    for account in mutation.ACCOUNTS:
        part = small[small["account"] == account]
        assert f"{100 - 100 * part['detected'].sum() / part['cases'].sum():.1f} %" in text
        last = part[part["digit"] == "last"]
        assert f"{100 - 100 * last['detected'].sum() / last['cases'].sum():.1f} %" in text


def test_slips_by_number_and_digit(slips):
    shown = evidence.mutation_words(slips)
    assert len(shown) == 3 * 3 * 2
    assert list(dict.fromkeys(shown["percentages with"])) == ["no decimal", "one decimal", "two decimals"]
    row = shown[(shown["percentages with"] == "one decimal") & (shown["number"] == "upper limit")].iloc[0]
    part = slips[(slips["n"] <= 22) & (slips["decimals"] == 1) & (slips["field"] == "ci_high")]
    part = part[(part["digit"] == row["digit"]) & (part["account"] == "paper")]
    assert row["slips"] == part["cases"].sum()
    assert row["paper"] == f"{100 * part['detected'].sum() / part['cases'].sum():.1f}"


def test_a_figure_in_words_gives_both_ends_of_every_line(slips):
    plotted = rate_frame(evidence.mutation_points(slips))
    words = report.rate_words(plotted, "wrong digits noticed")
    assert words.count(" patients, ") == 3 * 4
    assert "one decimal, paper: " in words


def test_real_cohorts_and_methods_are_shown_in_full(arms):
    shown, compared = cohort_report.arms_table(arms), cohort_report.field_table(field.frozen())
    assert len(shown) == len(real_data.ARMS)
    assert set(shown["truth"]) == {"in the set"}
    six_mp = shown[shown["cohort"] == "6-MP"].iloc[0]
    assert (six_mp["histories"], six_mp["events"], six_mp["true events"]) == ("1", "7", 7)
    assert shown.loc[shown["cohort"] == "Hodgkin, allogeneic", "events"].tolist() == ["3–5"]
    assert len(compared) == len(field.GUYOT_GIVEN) + len(field.EXACT_GIVEN)
    ours = compared[compared["method"] == "exact inversion"]
    assert set(ours["truth"]) == set(ours["digits again"]) == {"100 %"}


def test_widths_are_the_sizes_and_wider_is_darker(arms):
    shown = cohort_report.widths_table(arms)
    assert list(shown["cohort"]) == [arm.name for arm in real_data.ARMS]
    assert list(shown.columns[2:]) == [style.name for style in real_data.STYLES]
    for record in arms.to_dict("records"):
        cell = shown.loc[shown["cohort"] == record["arm"], record["style"]].item()
        assert cell == (None if pd.isna(record["size"]) else f"{record['size']:,}")
    fills = cohort_report.widths_fills(shown)
    assert len(fills) == (arms["size"] > 1).sum()
    widest = shown.index[shown["cohort"] == "lung cancer, ECOG 2"][0]
    assert fills[widest, "log, no decimal, numbers at risk"] != fills[widest, "log, 1 decimal"]


def test_the_sentence_on_real_cohorts_counts_them(arms):
    text = cohort_report.arms_sentence(arms)
    assert f"**{len(arms)} of {len(arms)}**" in text
    assert f"{(arms['size'] == 1).sum()} of these had one member" in text
    assert f"has {arms['size'].max():,}" in text


def test_the_figure_of_events_shows_the_ranges_of_the_table():
    compared = field.frozen()
    points = cohort_report.event_points(compared)
    figure, plotted = differences(points, xlabel="Events")
    assert len(plotted) == 3 * len(real_data.ARMS)
    ours = plotted[plotted["method"].str.startswith("exact")]
    assert "wrong" not in set(ours["outcome"])
    guyot = plotted[plotted["method"].str.startswith("Guyot")]
    row = compared[(compared["method"] == "Guyot") & (compared["given"] == "landmarks")]
    assert (guyot["outcome"] == "wrong").sum() == (row["events_low"] != row["true_events"]).sum() > 0
    words = cohort_report.event_words(plotted)
    assert f"{(guyot['outcome'] == 'wrong').sum()} wrong" in words and "27 real cohorts" in words
    assert [axes.get_title(loc="left") for axes in figure.axes] == list(dict.fromkeys(points["method"]))


def test_an_outcome_is_right_open_wrong_or_unknown():
    frame = pd.DataFrame(
        [("a", "m", 0, 0), ("b", "m", -2, 0), ("c", "m", 1, 3), ("d", "m", None, None), ("e", "m", 1, 1)],
        columns=["cohort", "method", "low", "high"],
    )
    _, plotted = differences(frame, xlabel="x")
    assert plotted["outcome"].tolist() == ["right", "open", "wrong", "unknown", "wrong"]


def test_brute_force_never_found_another_set():
    shown = evidence.brute_force_table()
    sizes = shown["patients"].tolist()
    assert sizes == list(range(1, len(sizes) + 1)) and len(sizes) >= 9
    assert shown["histories"].tolist() == [f"{2**n:,}" for n in sizes]
    assert set(shown["conventions"]) == {72}
    assert shown["other sets than by brute force"].sum() == 0


def test_the_sentence_on_coverage_counts_misses():
    text = evidence.coverage_sentence(Tally(50, 40, {}, ((3, "lost"),)))
    assert text.startswith("**1 of 50** truths were lost. 40 sets") and "in the other 10" in text


def test_larger_cohorts_are_shown_as_stored():
    table = larger.frozen().sort_values("censored", kind="stable").reset_index(drop=True)
    shown, points = evidence.larger_table(table), evidence.larger_points(table)
    assert len(shown) == len(points) == len(table) == len(larger.SIZES) * len(larger.FOLLOW_UP) * len(larger.WAYS)
    assert points["count"].tolist() == table["listed"].tolist()
    assert shown["listed"].tolist() == [f"{k} of {n}" for k, n in zip(table["listed"], table["cases"], strict=True)]
    assert set(shown.loc[table["median_size"] == float("inf"), "median"]) == {"∞"}


def test_the_benchmark_is_shown_as_stored():
    stored = json.loads(evidence.BENCHMARK.read_text(encoding="utf-8"))
    shown = evidence.benchmark_table()
    assert shown["task"].tolist() == [row["task"] for row in stored["rows"]]
    for reached, row in zip(shown["reached"], stored["rows"], strict=True):
        assert reached == {True: "yes", False: "no", None: ""}[row["reached"]]
    assert f"{stored['machine']['cores']} cores" in evidence.benchmark_sentence()
