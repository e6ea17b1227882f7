"""What the notebooks show of patient-level rows: one module a section, from a cohort to tables, figures and sentences.

`opening` says what the rows are; `exhibit` is the form in which tables are handed over. Numbers come from
`helpers.estimators`, drawings from `helpers.figures`; here they are chosen, put into words, and masked where small
counts must not be published (`masking`).
"""
