"""Estimators for patient-level rows: what one computes when the data behind the printed numbers are there.

| question | module |
|---|---|
| survival curves, numbers at risk, restricted mean | `kaplan_meier`, `intervals`, `restricted_means` |
| S(t), quantiles and medians as tidy tables | `readings`, `medians` |
| curves of groups as figures take them | `group_curves` |
| follow-up | `follow_up` |
| do groups differ? | `log_rank`, `gray` (competing risks), `subgroup_survival` (forest) |
| regression | `cox`, `firth` (small cohorts, separation), both give a `cox_fit`; `concordance` |
| competing events | `competing_risks` |
| transplant without immortal time | `landmark_analysis` |
| endpoints from other columns | `endpoints` |
| what the cohort is like, its responses, its adverse events | `describe`, `responses`, `adverse_events` |
| counts | `proportions`, `proportion_contrasts` |

Estimators take arrays and return numbers or tidy frames; they never draw, warn or change what is global. What a reader
must be told stands in `notes`.
"""
