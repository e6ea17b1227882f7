"""Endpoints beside one another: which run over the same patients, and which counts every event of another."""

from __future__ import annotations

import re
from collections.abc import Iterable

from helpers.study.model import Endpoint, Study

DEATH = "death"
_BETWEEN = re.compile(r",|;|/|\band\b|\bor\b")
_ANY_DEATH = re.compile(r"death( (from|of|due to) any cause)?|any death|all-cause (death|mortality)")


def event_words(endpoint: Endpoint) -> frozenset[str]:
    """What counts as an event, one word or phrase each.

    >>> sorted(event_words(Endpoint("EFS", "", "infusion", "relapse, non-response or death")))
    ['death', 'non-response', 'relapse']
    """
    parts = (part.strip().lower() for part in _BETWEEN.split(endpoint.events.lower()))
    return frozenset(DEATH if _ANY_DEATH.fullmatch(part) else part for part in parts if part)


def same_patients(study: Study, one: str, other: str) -> bool:
    """Whether two endpoints run over the same patients."""
    a, b = study.endpoints[one], study.endpoints[other]
    return study.patients(one) == study.patients(other) and dict(a.subset) == dict(b.subset)


def nested_pairs(study: Study, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Pairs (inner, outer) of endpoints of the same patients from the same origin: each outer event is an inner one.

    So are EFS and OS where EFS counts death, by the words of study.yaml; a time to relapse that censors at death has
    no outer endpoint.
    """
    known = tuple(names)
    words = {name: event_words(study.endpoints[name]) for name in known}
    return tuple(
        (inner, outer)
        for outer in known
        for inner in known
        if words[outer] < words[inner]
        and study.endpoints[inner].origin == study.endpoints[outer].origin
        and same_patients(study, inner, outer)
    )


def follow_up_endpoint(study: Study, names: Iterable[str]) -> str | None:
    """The endpoint to which a follow-up printed for none belongs: of all patients, and only death counts."""
    known = tuple(names)
    everybody = [name for name in known if study.patients(name) == study.n and not study.endpoints[name].subset]
    deaths = [name for name in everybody if event_words(study.endpoints[name]) == {DEATH}]
    return next(iter((*deaths, *(name for name in everybody if name == "OS"))), None)
