"""Estimators for patient-level rows: what one computes when the data behind the printed numbers are there.

Curves and tables in `kaplan_meier`, limits in `intervals`, medians in `medians`, follow-up in `follow_up`,
counts in `proportions`. Estimators take arrays and return numbers or tidy frames; they never draw.
"""
