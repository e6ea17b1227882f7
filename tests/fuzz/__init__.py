"""Hostile files by the hundred thousand: `python -m tests.fuzz.run --inputs 100000`."""
