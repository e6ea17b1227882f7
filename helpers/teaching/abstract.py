"""The results paragraph of an abstract in plain English, written from the claims of a study folder."""

from __future__ import annotations

from helpers.narrative.phrases import listed
from helpers.study.model import Claim, Study

_UNITS = {"percent": " %", "day": " days", "week": " weeks", "month": " months", "year": " years", "proportion": ""}


def abstract_text(study: Study) -> str:
    """The printed numbers as a paragraph, digits as printed, one sentence a kind of statement.

    Counts come first, then follow-up, medians and landmarks, then what is filed as safety.
    """
    safety = set(study.outcomes.get("safety", ()))
    counts = [c for c in study.claims if c.statistic in ("count", "proportion")]
    timed = [c for kind in ("follow_up", "median", "survival") for c in study.claims if c.statistic == kind]
    groups = [
        [c for c in counts if c.id not in safety], timed, [c for c in counts if c.id in safety],
    ]  # fmt: skip
    return " ".join(f"{listed(map(claim_text, group))}." for group in groups if group)


def claim_text(claim: Claim) -> str:
    """One statement: its name, the digits, and the interval in brackets.

    >>> from helpers.study import load_study
    >>> claim_text(load_study("zhuo2024").claim("efs_6mo"))
    'EFS at 6 months 58.70 % (95 % CI 37.92–79.48)'
    """
    name, unit = claim.note or claim.id, _UNITS.get(claim.unit, "")
    if claim.statistic in ("count", "proportion"):
        parts = [f"{claim.count.text} of {claim.n}"] if claim.count is not None else []
        share = f"{claim.value.text}{unit}" if claim.value is not None else ""
        return f"{name} {parts[0]} ({share})" if parts and share else f"{name} {(parts or [share])[0]}"
    value = claim.value.text if claim.value is not None else "not given"
    limits = ""
    if claim.ci_low is not None and claim.ci_high is not None:
        level = float(100 * claim.ci_level)
        limits = f" ({level:g} % CI {claim.ci_low.text}–{claim.ci_high.text})"
    return f"{name} {value}{unit}{limits}"
