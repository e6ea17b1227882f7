"""What all printed numbers say together: what contradicts what, and which histories each kind of evidence rules out."""

from __future__ import annotations

from helpers.figures.display import literal
from helpers.inversion.inverted import EndpointInversion, StudyInversion
from helpers.inversion.joint.removal import FOLLOW_UP, LINKAGE
from helpers.inversion.landmarks import SetAside
from helpers.inversion.reconcile import Contradiction
from helpers.inversion.repair import describe
from helpers.narrative.phrases import counted, listed
from helpers.printed import FIELD_TITLES

_MOST_WAYS = 5
_SINGULAR = (FOLLOW_UP, LINKAGE)
_FIELDS = {name: f"the {title}" for name, title in FIELD_TITLES.items()}


def contradiction_sentences(inversion: StudyInversion) -> list[str]:
    """Each set of claims that cannot all be right, with the smallest ways out, nearest repair first."""
    return [_contradiction(inversion, found) for found in inversion.reconciled.contradictions]


def _contradiction(inversion: StudyInversion, found: Contradiction) -> str:
    claims = listed([f"**{literal(inversion.study.claim(c).note or c)}**" for c in found.claims])
    subject = f"{claims} contradict each other" if len(found.claims) > 1 else f"{claims} contradicts itself"
    ways = [listed([_way(inversion, item) for item in way]) for way in found.ways_out[:_MOST_WAYS]]
    more = len(found.ways_out) - len(ways)
    others = f", or by {more} further sets of numbers" if more > 0 else ""
    return f"{subject}. The smallest repair is {listed(ways, 'or')}{others}."


def _way(inversion: StudyInversion, item: SetAside) -> str:
    label = literal(inversion.study.claim(item.field.claim).note or item.field.claim)
    what = f"{_FIELDS.get(item.field.name, item.field.name)} of {label}"
    return f"{what}, {describe(item.printed, item.nearest)}" if item.nearest else f"{what} ({item.printed})"


def removal_sentence(endpoint: EndpointInversion) -> str:
    """How many histories remain after each kind of evidence; empty where there is nothing to tell."""
    if not endpoint.removals:
        return ""
    first, *rest = endpoint.removals
    steps = [f"{first.evidence} leave {counted(first.after, 'history', 'histories')}"]
    ruling = [step for step in rest if step.removed]
    for step in ruling:
        steps.append(f"{step.evidence} rule{'s' * (step.evidence in _SINGULAR)} out {step.removed:,} of them")
    if rest and not ruling:
        steps.append(f"{listed([step.evidence for step in rest], 'and')} rule out none of them")
    text = f"{endpoint.endpoint}: {'; '.join(steps)}."
    if endpoint.undecided:
        text += f" Of {counted(endpoint.undecided, 'history', 'histories')} it could not be decided."
    return text


def assumption_sentences(inversion: StudyInversion) -> list[str]:
    """What is assumed of endpoints that run over the same patients."""
    assumptions = inversion.reconciled.printed.assumptions
    sentences = []
    for inner, outer in assumptions.pairs:
        follow_up = (
            f"a patient censored for {inner} is taken to be censored for {outer} on the same day"
            if assumptions.same_follow_up
            else f"{outer} follow-up may go on after a patient was censored for {inner}"
        )
        sentences.append(f"{inner} and {outer} run over the same patients: {follow_up}.")
    return sentences
