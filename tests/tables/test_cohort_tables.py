"""Tables of a cohort: the words and digits a reader gets, and nothing small when masked."""

from __future__ import annotations

import re
from math import nan

import numpy as np
import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.estimators.adverse_events import highest_grades
from helpers.estimators.describe import Variable, describe
from helpers.figures.wording import p_equation, p_text, ratio_text
from helpers.tables import house_table, plain_text
from helpers.tables.cohort_tables import adverse_event_table, flow_table, regression_table
from helpers.tables.masking import VAGUE
from helpers.tables.table_one import table_one

ROWS = pd.DataFrame(
    {
        "age": [34, 51, None, 7, 60, 22, 45, 38, 29, 41, 12, 55],
        "sex": ["m"] * 7 + ["f"] * 5,
        "burden": ["high"] * 2 + ["low"] * 9 + [None],
        "arm": ["A"] * 6 + ["B"] * 6,
    }
)
VARIABLES = [Variable("age", "Age, years"), Variable("sex", "Sex"), Variable("burden", "Disease burden")]


def test_table_one_reads_as_journals_print_it() -> None:
    table = table_one(describe(ROWS, VARIABLES, group="arm"))
    assert list(table.columns) == ["variable", "characteristic", "All patients (n = 12)", "A (n = 6)", "B (n = 6)"]
    assert table[["variable", "characteristic", "All patients (n = 12)"]].values.tolist() == [
        ["Age, years", "median (IQR)", "38.0 (25.5–48.0)"],
        ["Age, years", "range", "7–60"],
        ["Age, years", "missing, n (%)", "1 (8.3)"],
        ["Sex, n (%)", "f", "5 (41.7)"],
        ["Sex, n (%)", "m", "7 (58.3)"],
        ["Disease burden, n (%)", "high", "2 (18.2)"],
        ["Disease burden, n (%)", "low", "9 (81.8)"],
        ["Disease burden, n (%)", "missing", "1 (8.3)"],
    ]
    page = house_table(table, name="one", title="Table 1", group="variable", right=table.columns[2:]).as_raw_html()
    assert page.count("Disease burden, n (%)") == 1 and "9 (81.8)" in page
    assert "38.0 (25.5–48.0)" in plain_text(table, "Table 1")


def test_a_masked_table_one_shows_no_small_count_and_no_single_value() -> None:
    table = table_one(describe(ROWS, VARIABLES, group="arm"), mask_below=5)
    cells = table[table.columns[2:]]
    for text in cells.to_numpy().ravel():
        count = re.match(r"^(\d+) \(", text)
        assert count is None or int(count[1]) >= 5 or int(count[1]) == 0
    assert "range" not in set(table["characteristic"])
    missing = table[table["characteristic"].str.startswith("missing")]
    assert set(missing["All patients (n = 12)"]) <= {"<5", VAGUE}
    burden = table[table["variable"] == "Disease burden, n (%)"]
    assert (
        not burden["All patients (n = 12)"].str.contains("(", regex=False).any()
    )  # a percentage tells what is missing
    with pytest.raises(InputError, match="fewer than 7 patients"):
        table_one(describe(ROWS, VARIABLES, group="arm"), mask_below=7)


def test_medians_have_the_decimals_of_their_values() -> None:
    rows = pd.DataFrame(
        {"whole": [1, 2, 3], "fine": [0.11, 0.25, 0.38], "one": [10.5, 20.25, 30], "none": [np.nan] * 3}
    )
    variables = [Variable(name, name, continuous=True) for name in rows]
    table = table_one(describe(rows, variables)).set_index(["variable", "characteristic"])["All patients (n = 3)"]
    assert table["fine", "median (IQR)"] == "0.25 (0.18–0.32)"
    assert table["one", "range"] == "10.5–30.0"
    assert table["none", "median (IQR)"] == "–" and table["none", "missing, n (%)"] == "3 (100.0)"


def test_flow_table() -> None:
    stages = pd.DataFrame(
        {"stage": ["infused", "evaluable", "remission"], "count": [60, 57, 45], "of": [60, 60, 57],
         "without": [0, 3, 12], "reason": [None, "no assessment", ""]}
    )  # fmt: skip
    table = flow_table(stages)
    assert table["% of the stage before"].tolist() == ["–", "95.0", "78.9"]
    assert table["left out"].tolist() == ["–", "3", "12"] and table["reason"].tolist() == ["–", "no assessment", "–"]
    masked = flow_table(stages, mask_below=5)
    assert masked["patients"].tolist() == ["60", "≥5", masked["patients"][2]]
    assert masked["left out"].tolist()[1] == "<5"
    shown = [x for x in masked[["patients", "left out"]].to_numpy().ravel() if x.isdigit()]
    assert "57" not in shown  # 60 - 57 would give the 3 away
    assert not {"45", "12"} <= set(shown)  # and so would 45 + 12


def test_regression_table_sets_models_side_by_side() -> None:
    rows = [
        ("Age, per 10 years", "", 200, 120, 1.21, 1.03, 1.42, 0.021, False, "univariable"),
        ("Donor", "sibling", 80, 40, nan, nan, nan, nan, True, "univariable"),
        ("Donor", "haplo", 120, 80, 1.4, 0.9, 2.2, 0.13, False, "univariable"),
        ("Age, per 10 years", "", 200, 120, 1.3, 1.1, 1.5, 0.0004, False, "multivariable"),
    ]
    columns = ["subgroup", "level", "n", "events", "estimate", "low", "high", "p", "reference", "model"]
    frame = pd.DataFrame(rows, columns=columns)
    table = regression_table(frame)
    assert table.values.tolist() == [
        ["Age, per 10 years", "", "120/200", "1.21 (1.03–1.42)", "0.021", "1.30 (1.10–1.50)", "<0.001"],
        ["Donor", "sibling", "40/80", "reference", "–", "–", "–"],
        ["Donor", "haplo", "80/120", "1.40 (0.90–2.20)", "0.13", "–", "–"],
    ]
    assert list(table.columns[3:5]) == ["univariable: HR (95 % CI)", "univariable: P"]
    small = frame[frame["model"] == "univariable"].assign(events=[120, 2, 118])
    assert regression_table(small, mask_below=5)["events/n"].tolist() == ["120/200", "<5/80", "≥5/120"]
    with pytest.raises(InputError, match="stands twice"):
        regression_table(pd.concat([frame, frame]))


def test_adverse_event_table_counts_patients() -> None:
    events = pd.DataFrame(
        [(p, "fever", g) for p, g in enumerate([1, 2, 2, 3, 4, 1, 1, 5])] + [(0, "rash", None), (1, "rash", 2)],
        columns=["patient_id", "term", "grade"],
    )
    frame = highest_grades(events, 20)
    table = adverse_event_table(frame)
    assert table.values.tolist() == [
        ["fever", "8 (40.0)", "5 (25.0)", "2 (10.0)", "1 (5.0)", "0 (0.0)"],
        ["rash", "2 (10.0)", "1 (5.0)", "0 (0.0)", "0 (0.0)", "1 (5.0)"],
    ]
    masked = adverse_event_table(frame, mask_below=5)
    assert masked.loc[0, "grade 3–4"] == "<5" and masked.loc[1, "any grade"] == "<5"
    assert adverse_event_table(frame, at_least=3)["term"].tolist() == ["fever"]
    assert adverse_event_table(frame, at_least=9).empty


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (1.0, ">0.99"),
        (0.994, ">0.99"),
        (0.1, "0.10"),
        (0.0996, "0.10"),
        (0.0994, "0.099"),
        (0.001, "0.001"),
        (0.0, "<0.001"),
    ],
)
def test_p_values(p: float, text: str) -> None:
    assert p_text(p) == text
    assert p_equation(p).replace("P ", "").replace("= ", "").replace(" ", "") == text


def test_ratios_never_print_as_zero_or_nonsense() -> None:
    assert [ratio_text(x) for x in (0.009999, 0.995, 99.96, 9.996)] == ["<0.01", "0.99", "100.0", "10.0"]
