"""What the inversion found, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.inversion.evidence import Field
from helpers.inversion.history import event_steps
from helpers.inversion.inverted import EndpointInversion, StudyInversion
from helpers.inversion.repair import describe
from helpers.inversion.timelines import Timeline
from helpers.narrative.certified import certified_sentence
from helpers.narrative.phrases import counted, event_noun, listed
from helpers.printed import FIELD_TITLES

if TYPE_CHECKING:
    import pandas as pd


def histories_sentence(endpoint: EndpointInversion) -> str:
    """How many histories could have printed the landmarks of an endpoint."""
    name = endpoint.endpoint
    if endpoint.certificate is not None:
        return certified_sentence(endpoint)
    if not endpoint.histories:
        return f"**{name}.** Nothing can be listed: {endpoint.why_not}."
    shown = listed([f"`{h}`" for h in endpoint.histories[:4]])
    more = f" and {len(endpoint.histories) - 4:,} more" if len(endpoint.histories) > 4 else ""
    aside = ""
    if endpoint.set_aside:
        fields = listed([f"{item.printed} ({item.field})" for item in endpoint.set_aside])
        aside = f" once {fields} {'is' if len(endpoint.set_aside) == 1 else 'are'} set aside"
    number = counted(len(endpoint.histories), "history", "histories")
    return (
        f"**{name}.** Of all {2 ** (endpoint.n - 1) - 1:,} histories of {endpoint.n} patients that end in an event "
        f"with S > 0, exactly **{number}** could have printed the landmarks{aside}: {shown}{more}."
    )


def set_aside_sentences(endpoint: EndpointInversion) -> list[str]:
    """For every number set aside: what it should be, and how small the slip is."""
    sentences = []
    for item in endpoint.set_aside:
        expected = listed(item.expected, "or") or "nothing that can be printed"
        repair = f" Nearest repair: {describe(item.printed, item.nearest)}." if item.nearest else ""
        sentences.append(
            f"The **{_field(item.field)}** is printed as {item.printed}; the other numbers of the paper allow only "
            f"**{expected}**.{repair}"
        )
    if endpoint.set_aside and not endpoint.alternatives:
        sentences.append("No other single number could be set aside instead." if len(endpoint.set_aside) == 1 else "")
    elif endpoint.alternatives:
        others = listed(
            [" with ".join(f"the {_field(field)}" for field in removed) for removed in endpoint.alternatives[:5]], "or"
        )
        sentences.append(f"The contradiction would also vanish without {others}.")
    return [s for s in sentences if s]


def _field(field: Field) -> str:
    return f"{FIELD_TITLES[field.name]} of {field.claim}"


def convention_sentence(inversion: StudyInversion) -> str:
    """Which ways of making the intervals explain the whole paper."""
    shared = inversion.shared
    if not inversion.endpoints:
        return "The study prints no landmark, so nothing can be said about how intervals were made."
    if not shared:
        return "No single way of making the intervals explains all endpoints at once."
    intervals = sorted({str(c.interval) for c in shared})
    firsts = sorted({c.rounded_to or 0 for c in shared})
    first = (
        f"S and its standard error rounded to {firsts[0]} decimals *before* the interval was computed"
        if len(firsts) == 1 and firsts[0]
        else "full precision kept to the end"
        if firsts == [0]
        else "rounding before the interval undetermined"
    )
    zs = {c.z for c in shared}
    z = "; whether z was 1.96 or 1.959964 cannot be told" if len(zs) > 1 else f"; z = {zs.pop()}"
    roundings = listed(sorted({str(c.rounding) for c in shared}), "or")
    kind = listed(intervals, "or")
    return f"One account explains every endpoint: **{kind}** interval, {first}{z}; rounding {roundings}."


def left_out_sentence(frame: pd.DataFrame, label: str) -> str:
    """Which number of a contradictory landmark is the culprit, from a left-out frame."""
    helps = frame[(frame["histories"] > 0) & (frame["left_out"] != "nothing")]
    if frame.iloc[0]["histories"]:
        return f"{label}: all printed numbers fit together."
    if helps.empty:
        return f"{label}: no single number can be left out to make the rest fit."
    names = {"value": "the estimate", "ci_low": "the lower limit", "ci_high": "the upper limit"}
    culprits = listed([f"{names[r['left_out']]} {r['printed']}" for r in helps.to_dict("records")], "or")
    only = "Only leaving out" if len(helps) == 1 else "Leaving out"
    return f"{label}: with all its numbers no history fits. {only} {culprits} lets the rest fit."


def gap_sentences(found: Sequence[Timeline], events: str) -> list[str]:
    """What the printed median's limits fix about the days of two events, history by history."""
    noun = event_noun(events)
    sentences = []
    for history in dict.fromkeys(t.history for t in found):
        own = [t for t in found if t.history == history and t.case is not None]
        numbers = {i: k for k, i in enumerate(event_steps(history), start=1)}
        apart: dict[bool, dict[tuple[int, int], list[int]]] = {False: {}, True: {}}
        for t in own:
            for u, after, days in t.chain.differences:
                kind = apart[bool(t.case is not None and t.case.tied)]
                kind.setdefault((numbers[u], numbers[after]), []).append(days)
        parts = []
        if apart[False]:
            parts.append(_distances(apart[False], noun))
        if apart[True]:
            parts.append(f"or, if {noun}s share a day, {_distances(apart[True], noun)}")
        if parts:
            sentences.append(f"On `{history}` the limits of the printed median put {' '.join(parts)}.")
    return sentences


def _distances(apart: dict[tuple[int, int], list[int]], noun: str) -> str:
    """Pairs of events with the days between them: ``deaths 9 and 12 exactly 120 days apart``."""
    return listed(
        [
            f"{noun}s {first} and {second} exactly **{listed(map(str, sorted(set(days))), 'or')} days** apart"
            for (first, second), days in apart.items()
        ],
        "or",
    )


def undetermined_sentence(endpoint: EndpointInversion, found: Sequence[Timeline]) -> str:
    """How wide the possible days are: what the printed numbers leave open."""
    if not found:
        return ""
    widths: dict[int, tuple[int, int]] = {}
    for t in found:
        for k, i in enumerate(event_steps(t.history), start=1):
            low, high = widths.get(k, (t.chain.low[i], t.chain.high[i]))
            widths[k] = min(low, t.chain.low[i]), max(high, t.chain.high[i])
    fixed = [k for k, (low, high) in widths.items() if low == high]
    widest = max(widths, key=lambda k: widths[k][1] - widths[k][0])
    days = f"days {widths[widest][0]} to {widths[widest][1]}"
    known = f"The day of event {listed(map(str, fixed))} is known exactly. " if fixed else "No day is known exactly. "
    return f"{known}The least certain is event {widest}: anywhere from {days}."


def band_sentence(band: pd.DataFrame) -> str:
    """Where the identified band is widest, and how wide it is on average."""
    width = band["high"] - band["low"]
    widest = int(width.idxmax())
    row = band.loc[widest]
    return (
        f"The band is on average {100 * width.mean():.0f} percentage points wide. "
        f"It is widest on day {int(row['day'])}: S between {100 * row['low']:.0f} % and {100 * row['high']:.0f} %. "
        "It closes where something printed binds."
    )
