"""Drafts of study folders from the text of an abstract: every printed number placed, set aside, or left to a person."""
