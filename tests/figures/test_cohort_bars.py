"""Responses, enrolment, maximum grades and adverse events of a cohort: bars as long as their counts."""

from __future__ import annotations

import warnings
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.estimators.adverse_events import highest_grades
from helpers.estimators.responses import NOT_ASSESSED, best_responses
from helpers.figures import style
from helpers.figures.adverse_events import adverse_events
from helpers.figures.grades import grades, maximum_grades
from helpers.figures.recruitment import enrolment_counts, enrolment_over_time
from helpers.figures.response import best_response
from helpers.narrative.cohort_figures import (
    adverse_event_sentence,
    adverse_event_words,
    enrolment_words,
    response_words,
)
from helpers.narrative.words import grade_words
from tests.figures.reading import drawn, one, png, texts, unreadable

WIDTHS = (style.PAGE, style.COLUMN)
TERMS = ("Neutropenia", "Cytokine release syndrome", "Hypogammaglobulinaemia", "Nausea",
         "Infection, pathogen unspecified, of the lower respiratory tract")  # fmt: skip


@pytest.fixture(autouse=True)
def _strict() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def responses(n: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    names = ["CR", "CRi", "PR", "SD", "PD"]
    rows = [(p, d, rng.choice(names)) for p in range(n) for d in (28, 90) if rng.random() < 0.8]
    table = pd.DataFrame(rows, columns=["patient_id", "day", "response"])
    return best_responses(table, range(n), [28, 90, 180], names).assign(time=lambda f: "Day " + f["day"].astype(str))


def events(n: int, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [(p, t, rng.choice([1, 2, 3, 4, 5, np.nan])) for k, t in enumerate(TERMS) for p in range(n)
            for _ in range(2) if rng.random() < 0.6 / (k + 1)]  # fmt: skip
    return pd.DataFrame(rows, columns=["patient_id", "term", "grade"])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("n", [5, 64, 20_000])
def test_responses_stack_to_all_patients(n: int, width: float) -> None:
    frame = responses(n)
    figure, plotted = best_response(frame, width=width)
    for row in plotted.to_dict("records"):
        bars = drawn(figure, f"{row['time']}|{row['category']}")
        assert [round(bar.get_height() * n) for bar in bars] == ([row["count"]] if row["count"] else [])
        assert all(bar.get_y() == pytest.approx(row["bottom"]) for bar in bars)
    tops = plotted.groupby("time").apply(lambda p: (p["bottom"] + p["height"]).max(), include_groups=False)
    assert tops.tolist() == pytest.approx([1, 1, 1])
    assert [t.get_text() for t in figure.axes[-1].get_xticklabels()][0] == f"Day 28\nn = {n:,}"
    assert unreadable(figure) == []


def test_responses_in_words_and_refusals() -> None:
    frame = responses(5)
    assert response_words(best_response(frame)[1]).startswith("Best response so far, as stacked bars. Day 28, of 5: ")
    assert texts(best_response(frame)[0], "legend")[-1] == NOT_ASSESSED
    with pytest.raises(InputError, match="do not sum"):
        best_response(frame.assign(n=6))
    with pytest.raises(InputError, match="one to 5 responses"):
        best_response(pd.DataFrame({"time": "a", "category": list("abcdef"), "count": 1, "n": 6}))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("days", "period"), [(range(0, 1900, 27), "quarter"), ([0, 35, 46, 177, 329], "month"), ([0], "month"),
                         (range(0, 20_000, 11), "year")]
)  # fmt: skip
def test_enrolment_counts_every_patient_once(days: range, period: str, width: float) -> None:
    dates = [date(2017, 3, 5) + timedelta(days=d) for d in days]
    frame = enrolment_counts([*dates, None])
    figure, plotted = enrolment_over_time(frame, width=width)
    assert plotted["enrolled"].sum() == plotted["cumulative"].iloc[-1] == len(dates)
    for row in plotted.to_dict("records"):
        assert row["enrolled"] == sum(row["start"] <= day < row["end"] for day in dates)
    assert (plotted["start"].iloc[1:].to_numpy() == plotted["end"].iloc[:-1].to_numpy()).all()
    assert len(plotted) == len(drawn(figure, "enrolled"))
    assert [round(bar.get_height()) for bar in drawn(figure, "enrolled")] == plotted["enrolled"].tolist()
    assert list(one(figure, "cumulative").get_ydata()) == [0, *plotted["cumulative"]]
    per = {"month": 1, "quarter": 3, "year": 12}[period]
    assert 27 * per < (plotted["end"].iloc[0] - plotted["start"].iloc[0]).days < 32 * per
    assert unreadable(figure) == []
    assert enrolment_words(plotted).endswith("One patient without a date.")


def test_no_date_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="no patient has a date"):
        enrolment_counts([None, None])
    with pytest.raises(InputError, match="unknown period"):
        enrolment_counts([date(2020, 1, 1)], "week")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("n", [5, 80, 3000])
def test_maximum_grades_fill_their_bars(n: int, width: float) -> None:
    rng = np.random.default_rng(n)
    rows = pd.DataFrame({"crs": rng.choice([0, 1, 2, 3, 4, np.nan], n), "gvhd": rng.choice([0, 1, 2, 3, 4], n)})
    names = {"crs": "CRS (ASTCT 2019)", "gvhd": "Acute GVHD (MAGIC)"}
    frame = maximum_grades(rows, names, roman=("gvhd",))
    for column, family in names.items():
        counts = frame[frame["family"] == family].set_index("part")["count"].to_dict()
        assert sum(counts.values()) == n
        assert counts.get("grade not recorded", 0) == rows[column].isna().sum()
        third = "grade III" if column == "gvhd" else "grade 3"
        assert counts.get(third, 0) == (rows[column] == 3).sum()
    figure, plotted = grades(frame, width=width)
    bars = figure.axes[0].patches
    spans = {(bar.get_x(), bar.get_width()) for bar in bars}
    assert spans == {(row["left"], row["count"]) for row in plotted.to_dict("records")}
    assert "grade 1 / I" in [t.get_text() for t in figure.legends[0].get_texts()] or n == 5
    assert unreadable(figure) == []
    assert png(figure) == png(grades(frame, width=width)[0])
    assert f"CRS (ASTCT 2019): {plotted['count'].iloc[0]}" in grade_words(plotted)


def test_impossible_grades_are_refused() -> None:
    with pytest.raises(InputError, match="none of 0 to 5"):
        maximum_grades(pd.DataFrame({"crs": [0, 6]}), {"crs": "CRS"})
    with pytest.raises(InputError, match="none of 0 to 5"):
        maximum_grades(pd.DataFrame({"crs": ["0", "2a"]}), {"crs": "CRS"})


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("n", [3, 64, 3000])
def test_adverse_events_are_bars_of_patients(n: int, width: float) -> None:
    frame = highest_grades(events(n), n)
    figure, plotted = adverse_events(frame, width=width)
    for row in frame.to_dict("records"):
        bar = one(figure, f"{row['term']}|{row['grade']}")
        assert bar.get_width() == pytest.approx(100 * row["count"] / n)
    ends = plotted.assign(end=plotted["left"] + plotted["width"]).groupby("term", sort=False)["end"].max()
    for term, end in ends.items():
        assert end == pytest.approx(100 * frame.loc[frame["term"] == term, "any"].iloc[0] / n)
    first = frame.drop_duplicates("term")
    told = [t.split(" ")[0].replace(",", "") for t in texts(figure, "column|any")[1:]]
    assert told == [str(x) for x in first["any"]]
    assert unreadable(figure) == []
    assert png(figure) == png(adverse_events(frame, width=width)[0])


def test_only_the_most_frequent_terms_are_drawn_and_the_caption_says_so() -> None:
    frame = highest_grades(events(64), 64)
    _, plotted = adverse_events(frame, most=2)
    assert plotted["term"].nunique() == 2
    assert "The 2 most frequent of 5 terms." in adverse_event_sentence(plotted)
    assert "Grade not recorded" in adverse_event_sentence(plotted)
    row = frame.iloc[0]
    assert f"{row['term']}, {row['any']} of 64" in adverse_event_words(plotted)
    with pytest.raises(InputError, match="no adverse events"):
        adverse_events(frame.iloc[:0])
