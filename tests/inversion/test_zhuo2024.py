"""What the printed numbers of Zhuo 2024 say about its patients: the facts, checked by other means."""

from __future__ import annotations

from itertools import product

import pytest

from helpers.inversion import invert_study
from helpers.inversion.median_account import median_accounts
from helpers.inversion.report import as_json, endpoint_timelines
from helpers.printed import Rounding
from helpers.study import load_study
from tests.inversion.patients import at_day, placed, spss, spss_truncated

OS = ("EEEEEECEEECECEE", "EEEEEECECEEEECE")
EFS = ("EEEEEEEECEEEEEE",)
PRINTED = {"OS": ("287", "132", "441"), "EFS": ("212", "120", "303")}
SIX_MONTHS, ONE_YEAR, LAST_DAY = 182, 365, 2904


@pytest.fixture(scope="module")
def inversion():
    return invert_study(load_study("zhuo2024"))


@pytest.fixture(scope="module")
def shown(inversion):
    return as_json(inversion)


def test_the_object_is_the_one_of_the_contract(shown):
    assert list(shown) == ["study", "endpoints", "contradictions", "evidence", "assumptions"]
    assert shown["study"] == "zhuo2024"
    assert list(shown["endpoints"]) == ["OS", "EFS"]
    keys = ["n", "exhaustive", "count", "histories", "conventions", "set_aside", "events", "censored", "event_days"]
    for endpoint in shown["endpoints"].values():
        assert list(endpoint) == keys


def test_overall_survival(shown):
    os = shown["endpoints"]["OS"]
    assert (os["n"], os["exhaustive"], os["count"]) == (22, True, 2)
    assert os["histories"] == list(OS)
    assert os["set_aside"] == [
        {"claim": "os_6mo", "field": "ci_high", "printed": "84.50", "expected": ["87.50"], "one_digit": True}
    ]
    assert (os["events"], os["censored"]) == ([12, 12], [3, 3])
    assert os["event_days"]["11"] == [287, 287]
    assert list(os["event_days"]) == [str(k) for k in range(1, 13)]


def test_what_contradicts_what_over_the_whole_paper(shown, inversion):
    """Two contradictions; of the follow-up any one of the three numbers may be the wrong one."""
    first, second = shown["contradictions"]
    assert first == {
        "claims": ["os_6mo"],
        "ways_out": [
            [{"claim": "os_6mo", "field": "ci_high", "printed": "84.50", "expected": ["87.50"], "one_digit": True}]
        ],
    }
    assert second["claims"] == ["follow_up"]
    ways_out = [(*(item[k] for k in ("field", "printed", "expected")),) for [item] in second["ways_out"]]
    assert ways_out == [
        ("ci_low", "546", ["564"]),
        ("value", "1037", ["1028"]),
        ("ci_high", "1509", ["1527"]),
    ]
    assert inversion.reconciled.removed[1].name == "ci_low"


def test_nothing_printed_takes_a_history_away(shown):
    """Every history of the landmarks stands under medians, follow-up, calendar and linkage as well."""
    for name, count in (("OS", 2), ("EFS", 1)):
        assert {(step["before"], step["after"]) for step in shown["evidence"][name]} == {(count, count)}
    kinds = [step["evidence"] for step in shown["evidence"]["OS"]]
    assert kinds == ["landmarks and counts", "days of counts and the calendar", "medians", "follow-up", "linkage"]
    assert shown["assumptions"] == {"linked": [["EFS", "OS"]], "same_follow_up": True}


@pytest.mark.parametrize("switches", [{"same_follow_up": False}, {"linked": False}])
def test_the_assumption_about_follow_up_can_be_switched(switches):
    inversion = invert_study(load_study("zhuo2024"), **switches)
    assert inversion.endpoints["OS"].histories == OS
    assert inversion.endpoints["EFS"].histories == EFS
    assumptions = as_json(inversion)["assumptions"]
    assert assumptions["linked"] == ([["EFS", "OS"]] if switches.get("linked", True) else [])
    assert assumptions["same_follow_up"] is switches.get("same_follow_up", True)


def test_event_free_survival(shown):
    efs = shown["endpoints"]["EFS"]
    assert (efs["n"], efs["exhaustive"], efs["count"]) == (22, True, 1)
    assert efs["histories"] == list(EFS)
    assert efs["set_aside"] == []
    assert (efs["events"], efs["censored"]) == ([14, 14], [1, 1])
    assert efs["event_days"]["11"] == [212, 212]


def test_one_account_of_how_the_landmarks_were_made(shown, inversion):
    expected = [
        {"interval": "plain", "z": z, "rounded_to": 3, "rounding": rounding}
        for rounding in ("half-up", "half-even")
        for z in ("1.96", "exact")
    ]
    for endpoint in shown["endpoints"].values():
        assert endpoint["conventions"] == expected
    assert [c.as_dict() for c in inversion.shared] == expected


def test_one_endpoint_alone_and_a_cut_list(inversion, shown):
    only = as_json(inversion, "OS", limit=1)
    assert list(only["endpoints"]) == ["OS"]
    assert only["endpoints"]["OS"]["histories"] == [OS[0]]
    for key in ("count", "events", "censored"):
        assert only["endpoints"]["OS"][key] == shown["endpoints"]["OS"][key], key


def test_a_cut_list_of_histories_leaves_the_days_of_events_as_they_are(inversion, shown):
    """Only `histories` is cut at the limit."""
    cut = as_json(inversion, "OS", limit=1)["endpoints"]["OS"]
    assert cut["event_days"] == shown["endpoints"]["OS"]["event_days"]


def test_medians_were_cut_to_whole_days_and_the_follow_up_contradicts_itself(inversion):
    accounts = median_accounts(inversion.study)
    for name in ("os_median", "efs_median", "follow_up"):
        assert accounts[name].symmetric
        assert accounts[name].roundings == (Rounding.TRUNCATION,)
    assert accounts["os_median"].candidates == accounts["efs_median"].candidates == ()
    follow_up = {c.field.name: c for c in accounts["follow_up"].candidates}
    # Symmetry alone leaves a second text where the half-width could be a whole number of days; on the surviving
    # histories it is not one, as the ledger shows.
    assert {name: c.expected for name, c in follow_up.items()} == {
        "value": ("1028",),
        "ci_low": ("564", "565"),
        "ci_high": ("1527", "1528"),
    }
    assert accounts["follow_up"].candidates[0].field.name == "ci_low"
    assert accounts["follow_up"].used.ci_low is None


def tie_patterns(history: str):
    """Every way in which events that follow one another can share days; the first six steps stay apart.

    Ties among events long before the median change nothing in its formula.
    """
    free = [i for i in range(6, len(history)) if history[i] == history[i - 1] == "E"]
    for choice in product((False, True), repeat=len(free)):
        tied = {i for i, chosen in zip(free, choice, strict=True) if chosen}
        groups: list[list[int]] = []
        for i in range(len(history)):
            if i in tied:
                groups[-1].append(i)
            else:
                groups.append([i])
        yield frozenset(tied), groups


def tables(history: str, passed: int, median: int, width: float):
    """Patient tables of a history: for every tie pattern and every pair of days around the median, one table.

    Steps before position `passed` lie in the first six months, events after it in the second; those beyond the
    history are lost after a year. One of the groups lies on the printed median day; the group before the fall below
    .55 and the one that reaches .45 are put on every pair of days.
    """
    n = 22
    for tied, groups in tie_patterns(history):
        kinds = [["E" if history[i] == "E" else "C" for i in group] for group in groups]
        rough = placed([*kinds, ["C"] * (n - len(history))], [(0, LAST_DAY)] * (len(kinds) + 1))
        s = [at_day(rough, rough[group[0]][0])[0] for group in groups]
        events = [g for g, group in enumerate(kinds) if group[0] == "E"]
        u = max((g for g in events if 100 * s[g] >= 55), default=None)
        half = min(g for g in events if 2 * s[g] <= 1)
        low = min(g for g in events if 100 * s[g] <= 45)
        if u is None:
            continue
        windows = []
        for group in groups:
            inside = all(i < passed for i in group)
            across = not inside and any(i < passed for i in group)
            if across:
                break
            censored = history[group[0]] == "C"
            windows.append((0, ONE_YEAR) if censored else (0, SIX_MONTHS) if inside else (SIX_MONTHS + 1, ONE_YEAR))
        else:
            # The half-width is proportional to the difference: what is five days off on the rough table cannot print.
            apart = rough[groups[low][0]][0] - rough[groups[u][0]][0]
            one_day = float(spss(rough)[1]) / apart
            for difference in range(1, ONE_YEAR + 1):
                if abs(one_day * difference - width) < 5:
                    rows = _with(kinds, windows, {half: median}, u, low, difference, n - len(history))
                    if rows is not None:
                        yield tied, difference, rows


def _with(kinds, windows, pins, u, low, difference, left):
    """The first table in which two groups are a number of days apart and one lies on a given day."""
    for day in range(windows[u][0], windows[u][1] + 1):
        days = {**pins}
        for group, value in ((u, day), (low, day + difference)):
            if days.setdefault(group, value) != value:
                break
        else:
            fixed = [(max(days[g], a), min(days[g], b)) if g in days else (a, b) for g, (a, b) in enumerate(windows)]
            rows = placed([*kinds, ["C"] * left], [*fixed, (ONE_YEAR + 1, LAST_DAY)])
            if rows is not None:
                return rows
    return None


@pytest.mark.parametrize(("endpoint", "history"), [*(("OS", h) for h in OS), *(("EFS", h) for h in EFS)])
def test_days_around_the_median_are_those_of_spss_on_patient_tables(inversion, endpoint, history):
    """Every tie pattern and every difference of days, tried on explicit tables with SPSS's formula of one's own."""
    median, low, high = map(int, PRINTED[endpoint])
    passed = 8 if endpoint == "OS" else 10
    printing, tried = set(), set()
    for tied, difference, rows in tables(history, passed, median, (high - low) / 2):
        assert len(rows) == 22
        tried.add((tied, difference))
        if spss_truncated(rows) == PRINTED[endpoint]:
            printing.add((tied, difference))
    claimed = {
        (case.tied, case.apart, case.before, case.after, t.chain.differences[-1][2])
        for t in endpoint_timelines(inversion, endpoint)
        if t.history == history and (case := t.case) is not None
    }
    # A claimed case speaks of some ties only: it stands for every pattern that has its ties and keeps its distances.
    covered = {
        (tied, difference)
        for tied, _ in tie_patterns(history)
        for ties, apart, _, _, difference in claimed
        if ties <= tied and not apart & tied
    }
    assert printing
    assert printing == covered & tried
    assert {difference for _, difference in covered} == {difference for _, difference in printing}
    no_ties = {difference for tied, difference in printing if not tied}
    differences = {difference for _, difference in printing}
    if endpoint == "EFS":
        assert no_ties == {63}
    elif history == OS[0]:
        assert no_ties == differences == {120}
    else:
        assert no_ties == {116}
        assert differences == {116, 153, 190}


def test_bounds_of_the_event_days_of_overall_survival(shown):
    """By hand: seven deaths by day 182, of which the seventh follows a censoring; then the median day 287.

    Under the first history u is the tenth step and l the last, 120 days apart with l within the year, so that
    u ≤ 245. Under the second, with two deaths tied on the median day, no such bound holds.
    """
    days = {int(k): tuple(v) for k, v in shown["endpoints"]["OS"]["event_days"].items()}
    assert days[7] == (1, SIX_MONTHS)
    assert all(days[k] == (0, SIX_MONTHS - 1) for k in range(1, 7))
    assert all(days[k][0] == SIX_MONTHS + 1 and days[k][1] <= 287 for k in (8, 9, 10))
    assert days[12] == (288, ONE_YEAR)


def test_timelines_of_the_first_history_pin_both_ends(inversion):
    found = [t for t in endpoint_timelines(inversion, "OS") if t.history == OS[0]]
    assert len(found) == 1
    chain = found[0].chain
    assert chain.low[13] == chain.high[13] == 287
    assert chain.low[14] - chain.low[9] == chain.high[14] - chain.high[9] == 120
    assert (chain.low[9], chain.high[9]) == (SIX_MONTHS + 1, 245)
    assert (chain.low[14], chain.high[14]) == (SIX_MONTHS + 1 + 120, ONE_YEAR)
