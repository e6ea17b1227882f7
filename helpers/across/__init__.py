"""Across studies: their printed numbers matched by meaning, their verdicts, and how like each other they are."""
