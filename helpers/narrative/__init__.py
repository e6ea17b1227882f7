"""Computed sentences: what a notebook says about a study, true for whichever study it is given."""
