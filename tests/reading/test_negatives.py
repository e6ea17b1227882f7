"""Numbers that look like results and are none: none of them becomes a claim, and most say what they are."""

from __future__ import annotations

import pytest

from helpers.reading.reader import read_text

NOT_RESULTS = [
    ("The median age was 34 years (range, 18-72), and patients aged 3-61 years were eligible.", "an age"),
    ("患者年龄18～70岁，中位年龄32（15～65）岁。", "an age"),
    ("Twelve patients (54.5%) were male and 10 (45.5%) female.", "sex or baseline"),
    ("男12例，女10例。", "sex or baseline"),
    ("The median dose was 2.0 (0.5-3.0) × 10^6/kg.", "a dose or a measured amount"),
    ("Cells were infused at 1×10^6/kg, 3 × 10⁶ per kg or 0.4-5 × 106 cells/kg.", "a dose or a measured amount"),
    ("中位回输剂量为2.3（0.5～5.0）×10^6/kg，环磷酰胺300 mg/m2。", "a dose or a measured amount"),
    ("Fludarabine 30 mg/m2 was given on days -5, -4 and -3, and cells on day 0.", "a point in time"),
    ("Response was assessed on day +28, day 100 and at month 3.", "a point in time"),
    ("输注后第28天、第90天评估疗效。", "a point in time"),
    ("Bone marrow was examined within 30 days and 6 months after infusion.", "a point in time"),
    ("The hazard ratio for OS was 2.31 (95% CI, 1.10-4.85; P = 0.027).", "a hazard or odds ratio"),
    ("GVHD (HR 7.224, 95% CI 1.42-36.82) and age (OR = 3.4; 95% CI 1.2 to 9.8) mattered.", "a hazard or odds ratio"),
    ("HR＝2.35（95％CI 1.12～4.93），OR值为3.1（95%CI 1.1~8.9）。", "a hazard or odds ratio"),
    ("OS differed (P<0.001, P = .04, p=1.2×10-5, P value of 0.03).", "a p value"),
    ("两组OS率差异有统计学意义（P＜0.05，P均=0.012）。", "a p value"),
    ("Registered as NCT03144583, ChiCTR-ONC-17012829 and EudraCT 2016-002972-29.", "part of a name or number"),
    ("CD19, CD22, 4-1BB, 19-28z and IL-6 were used in this phase 1/2 trial (cohort 2A).", "part of a name or number"),
    ("SPSS 26.0 and R version 4.1.2 were used.", "part of a name or number"),
    ("Blood 2021;137(2):145-153 reports CR [12,13].", "a reference"),
    ("See doi: 10.1182/blood.2020012345 and www.example.org/123.", "part of an address"),
    ("Patients were enrolled from April 2017 to May 1, 2020, between 8/2018 and 2022-01-31.", "a date"),
    ("2015年9月至2022年12月，随访截至2023年6月30日。", "a date"),
    ("Patients had a median of 3 (range, 1-8) prior lines at 27 centres in 10 countries.", ""),
    ("The median time to response was 28 days and CRS lasted 5 days (2-11).", "a length of time"),
    ("中位移植至复发间隔时间为8.5（2.1～36.0）个月，CRS持续时间中位5（2～12）d。", "a length of time"),
    ("Patients with ≥5% blasts, <20% donor chimerism or ejection fraction of 45% were excluded.", ""),
    ("Relapse occurs in 30–50% of patients.", "a range of percentages"),
    ("Roughly 30% of patients survive for 1 year.", "an approximate figure"),
    ("Randomisation was 1:1, and OS was compared at a level of 0.05.", "a ratio"),
    ("The 1-year cumulative incidence of relapse was 41% (25, 62%).", "a cumulative incidence"),
    ("1年累积复发率为41%，非复发死亡率为12%。", "a cumulative incidence"),
    ("In the primary analysis the overall response rate was 52% and the CR rate 40%.", "a result of another report"),
    ("Background: after relapse, CR is reached in 45% and OS at 1 year is 20%.", "what was known before"),
    ("IQR of the follow-up: 37.8-43.8 months; grade 3-4 CRS and ≥2级aGVHD were recorded.", "a grade"),
]


@pytest.mark.parametrize(("sentence", "reason"), NOT_RESULTS, ids=range(len(NOT_RESULTS)))
def test_it_is_no_claim_and_is_set_aside_for_its_reason(sentence: str, reason: str) -> None:
    draft = read_text(sentence)
    claims = [(one.what, {f: number.text for f, number in one.numbers.items()}) for one in draft.statements]
    assert claims == []
    assert draft.leftovers
    if reason:
        assert any(left.reason.startswith(reason) and left.known for left in draft.leftovers), draft.leftovers


@pytest.mark.parametrize("separator", [" ", "\n\n"])
def test_all_of_them_together_leave_the_results_between_them_alone(separator: str) -> None:
    results = ["Sixty-one patients were infused.", "CR was reached by 49 patients (80.3%).",
               "Overall survival at 12 months was 57.0% (95% CI, 40.1 to 70.7)."]  # fmt: skip
    ours = [sentence for sentence, reason in NOT_RESULTS if "known before" not in reason]
    third = len(ours) // 3
    text = separator.join(
        [*ours[:third], results[0], *ours[third : 2 * third], results[1], *ours[2 * third :], results[2]]
    )
    draft = read_text(text)
    found = {one.what: {f: number.text for f, number in one.numbers.items()} for one in draft.statements}
    assert found == {
        "patients": {"count": "61"},
        "cr": {"count": "49", "value": "80.3"},
        "OS": {"value": "57.0", "ci_low": "40.1", "ci_high": "70.7"},
    }
