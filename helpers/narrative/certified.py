"""What is certain of endpoints whose histories are too many to list, in sentences and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from helpers.conventions import Convention
from helpers.inversion.certify import Enclosure
from helpers.inversion.certify.enclose import CertifiedBound
from helpers.inversion.inverted import EndpointInversion
from helpers.narrative.bounds import bounds_table
from helpers.narrative.phrases import counted, event_noun, listed

if TYPE_CHECKING:
    import pandas as pd

_LARGE = 10**9
_REACHED = "limit reached: "
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def size_sentence(endpoint: EndpointInversion) -> str:
    """How large the job of listing every history would have been."""
    if endpoint.size is None:
        return ""
    number = _number(round(endpoint.size.candidates))
    return (
        f"**{endpoint.endpoint}.** To list every history of {endpoint.n} patients that fits, at least {number} "
        "candidates would have to be formed: too many. What follows is certain all the same."
    )


def certified_sentence(endpoint: EndpointInversion) -> str:
    """How many histories could have printed the landmarks: a certain range."""
    own = endpoint.certificate
    if own is None:
        return ""
    name = f"**{endpoint.endpoint}.**"
    if own.contradictory:
        return f"{name} It is certain that no history fits: {endpoint.why_not}."
    aside = ""
    if endpoint.set_aside:
        fields = listed([f"{item.printed} ({item.field})" for item in endpoint.set_aside])
        aside = f" once {fields} {'is' if len(endpoint.set_aside) == 1 else 'are'} set aside"
    if own.count.high is None:
        least = f"at least {_number(own.count.low)} " if own.count.low else "it is not known how many "
        return f"{name} Too many histories to list could have printed the landmarks{aside}: {least}of them."
    return (
        f"{name} Between **{_number(own.count.low)}** and **{_number(own.count.high)}** histories of {endpoint.n} "
        f"patients could have printed the landmarks{aside}: both ends are certain."
    )


def certain_sentences(endpoint: EndpointInversion, events: str) -> list[str]:
    """What every data set has in common, landmark by landmark."""
    own = endpoint.certificate
    noun = event_noun(events)
    sentences = []
    for mark, bound in zip(own.landmarks, own.bounds, strict=False) if own is not None else ():
        parts = [
            f"{_span(bound.events)} {noun}s",
            f"{_span(bound.censored)} censorings before the last of them",
            f"{_span(bound.at_risk)} patients left just after it",
        ]
        ends = [e for e in (bound.events, bound.censored, bound.at_risk) if not e.sharp]
        found = (
            "Histories were found at both ends of each of these ranges."
            if not ends
            else "Not every end of these ranges was attained by a history that was found, so they may be too wide."
        )
        sentences.append(f"Up to day {int(mark.day)} ({mark.claim}) there certainly were {listed(parts)}. {found}")
    return sentences


def conventions_sentence(endpoint: EndpointInversion) -> str:
    """Under which conventions a history was found, which are certainly out, and which could not be decided."""
    own = endpoint.certificate
    if own is None or own.contradictory:
        return ""
    every = len(own.conventions) + len(own.excluded) + len(own.undecided)
    text = (
        f"{endpoint.endpoint}: of {every} ways of making the numbers, histories were found under "
        f"{len(own.conventions)}{_intervals(own.conventions)}; under {len(own.excluded)} there certainly are none."
    )
    if own.undecided:
        text += f" {counted(len(own.undecided), 'way').capitalize()} could be neither found nor excluded."
    return text


def limits_sentence(endpoint: EndpointInversion) -> str:
    """What was left out, and whether a limit was reached; empty where there is nothing to say."""
    own = endpoint.certificate
    if own is None or not own.notes:
        return ""
    reached = [note.removeprefix(_REACHED) for note in own.notes if note.startswith(_REACHED)]
    others = [note for note in own.notes if not note.startswith(_REACHED)]
    parts = [f"the search ended at its limit: {'; '.join(reached)}"] if reached else []
    parts += ["; ".join(others)] if others else []
    return f"{endpoint.endpoint}: {'. '.join(part[:1].upper() + part[1:] for part in parts)}."


def certified_table(found: Sequence[CertifiedBound]) -> pd.DataFrame:
    """As `bounds_table`, with what data sets that were found attain: columns quantity, when, smallest, largest, seen.

    `seen` is "attained" where a data set was found at both ends, else the range of those that were found.
    """
    table = bounds_table(found)
    shown = [b for b in found if _shown(b)]
    inner = bounds_table([_as_seen(b) for b in shown])
    seen = []
    for bound, row in zip(shown, inner.to_dict("records"), strict=True):
        if bound.seen_low is None:
            seen.append("none found")
        elif bound.low_attained and bound.high_attained:
            seen.append("attained")
        else:
            seen.append(f"{row['smallest']} to {row['largest']}")
    return table.assign(seen=seen)


def _shown(bound: CertifiedBound) -> bool:
    return len(bounds_table([bound])) == 1


def _as_seen(bound: CertifiedBound) -> CertifiedBound:
    low, high = bound.seen_low, bound.seen_high
    return replace(bound, low=bound.low if low is None else low, high=bound.high if high is None else high)


def _span(bound: Enclosure) -> str:
    return str(bound.low) if bound.low == bound.high else f"{bound.low} to {bound.high}"


def _intervals(conventions: Sequence[Convention]) -> str:
    kinds = sorted({str(c.interval) for c in conventions})
    return f" ({listed(kinds, 'or')} intervals)" if kinds else ""


def _number(number: float) -> str:
    """A number as a reader takes it in: in full up to a thousand million, then with its power of ten."""
    if not isfinite(number):
        return "any number of"
    if number < _LARGE:
        return f"{int(number):,}"
    digits = f"{number:.2e}"
    mantissa, power = digits.split("e")
    return f"{mantissa} · 10{str(int(power)).translate(_RAISED)}"
