"""What is certain of an endpoint too large to list, as plain data: part of the JSON of `unrounded invert`."""

from __future__ import annotations

from typing import Any

from helpers.inversion.certify import Certificate, Enclosure
from helpers.inversion.certify.calendar import event_days
from helpers.inversion.inverted import EndpointInversion


def certified_data(found: EndpointInversion, limit: int) -> dict[str, Any]:
    """The keys of the contract that come from the certificate, and the key `certificate` with what else is known.

    `count` is `[low, high]`, certain and rounded outwards, or None where there is no upper limit; `events` and
    `censored` are certain bounds up to the last landmark; `histories` are members of the set, a seeded sample first;
    `event_days` holds the events that certainly happened by then.
    """
    own = found.certificate
    assert own is not None
    last = own.bounds[-1] if own.bounds else None
    return {
        "exhaustive": False,
        "count": None if own.count.high is None else [own.count.low, own.count.high],
        "histories": list(sampled(own, limit)),
        "conventions": [c.as_dict() for c in own.conventions],
        "events": _ends(last.events) if last else None,
        "censored": _ends(last.censored) if last else None,
        "event_days": {str(k): list(days) for k, days in event_days(own).items()},
        "certificate": {
            "complete": own.complete,
            "contradictory": own.contradictory,
            "candidates": None if found.size is None else f"{found.size.candidates:.1e}",
            "undecided": [c.as_dict() for c in own.undecided],
            "excluded": len(own.excluded),
            "landmarks": [
                {
                    "claim": b.claim,
                    "events": _enclosure(b.events),
                    "censored": _enclosure(b.censored),
                    "at_risk": _enclosure(b.at_risk),
                    "survival": list(b.survival),
                }
                for b in own.bounds
            ],
            "notes": list(own.notes),
        },
    }


def sampled(certificate: Certificate, limit: int) -> tuple[str, ...]:
    """Histories of the set without repetition: those of the sample in the order drawn, then the others found."""
    drawn = dict.fromkeys(draw.history for draw in certificate.sample)
    return tuple(dict.fromkeys((*drawn, *certificate.histories)))[:limit]


def _ends(bound: Enclosure) -> list[int]:
    return [bound.low, bound.high]


def _enclosure(bound: Enclosure) -> dict[str, int | None]:
    return {
        "low": bound.low,
        "high": bound.high,
        "attained_low": bound.attained_low,
        "attained_high": bound.attained_high,
    }
