"""Forest of hazard ratios: each row is the model it names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.estimators.cox import cox_regression
from helpers.estimators.firth import Penalty
from helpers.estimators.log_rank import log_rank
from helpers.estimators.subgroup_survival import subgroup_hazards
from tests.oracle import cohorts


def test_each_variable_has_its_own_model_and_test():
    rows = cohorts.load("larynx")
    subgroups = pd.DataFrame({"stage": rows["group"], "old": rows["stratum"] == 1})
    frame = subgroup_hazards(rows["time"], rows["code"], subgroups, level=0.9)
    assert frame["subgroup"].tolist() == ["stage"] * 4 + ["old"] * 2
    assert frame["level"].tolist() == ["1", "2", "3", "4", "False", "True"]
    for name in ("stage", "old"):
        own = frame[frame["subgroup"] == name]
        assert (own["n"].sum(), own["events"].sum()) == (len(rows), rows["code"].sum())
        fit = cox_regression(
            rows["time"], rows["code"], subgroups[[name]].astype("string").astype("category"), level=0.9
        )
        theirs = fit.table[["hazard_ratio", "low", "high", "p_value"]]
        np.testing.assert_allclose(own[["estimate", "low", "high", "p"]].iloc[1:], theirs, rtol=1e-10)
        assert own["estimate"].iloc[0] == 1
        assert own["reference"].tolist() == [True] + [False] * (len(own) - 1)
        assert own["p_log_rank"].nunique() == 1
        assert own["p_log_rank"].iloc[0] == log_rank(rows["time"], rows["code"], subgroups[name]).p_value


def test_ten_levels_stay_in_their_order():
    """As text, 10 would come before 2."""
    level = np.tile(np.arange(1, 12), 8)
    time = np.arange(88) + 1
    frame = subgroup_hazards(time, np.ones(88), pd.DataFrame({"level": level}))
    assert frame["level"].tolist() == [*map(str, range(1, 12))]
    fit = cox_regression(time, np.ones(88), pd.DataFrame({"level": pd.Categorical([f"{k:02d}" for k in level])}))
    np.testing.assert_allclose(frame["estimate"].iloc[1:], fit.table["hazard_ratio"], rtol=1e-10)


def test_the_penalty_comes_in_where_a_level_has_no_events():
    time, event = [1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0]
    frame = subgroup_hazards(time, event, pd.DataFrame({"a": list("xxxyyy")})).set_index("level")
    assert 0 < frame.loc["y", "low"] < frame.loc["y", "estimate"] < frame.loc["y", "high"] < np.inf
    assert "Firth" in frame.loc["y", "method"] and "no maximum" in frame.loc["y", "notes"]
    plain = subgroup_hazards(time, event, pd.DataFrame({"a": list("xxxyyy")}), penalty=Penalty.NEVER)
    assert np.isnan(plain["estimate"].iloc[-1]) and np.isnan(plain["high"].iloc[-1])


def test_missing_labels_are_counted_and_compared_with_nothing():
    frame = subgroup_hazards([1, 2, 3, 4, 5], [1, 1, 0, 1, 0], pd.DataFrame({"a": ["x", None, "y", "x", "y"]}))
    counts = frame[["level", "n", "events"]].values.tolist()
    assert counts == [["x", 2, 2], ["y", 2, 0], ["not known", 1, 1]]
    assert np.isnan(frame["estimate"].iloc[-1])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("event", [[0] * 5, [1] * 5, [1, 0, 0, 1, 0]])
def test_five_rows_make_no_noise(event):
    groups = pd.DataFrame({"a": [None] * 5, "b": list("vwxyz"), "c": [1] * 5, "d": [True, False, True, None, False]})
    frame = subgroup_hazards([1, 2, 2, 4, 5], event, groups)
    assert frame.groupby("subgroup")["n"].sum().eq(5).all()


def test_rows_must_pair_up():
    with pytest.raises(InputError, match="1 rows of subgroups and 2 patients"):
        subgroup_hazards([1, 2], [1, 0], pd.DataFrame({"a": ["x"]}))
