"""The inversion as tidy frames, ready for a table or a figure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.conventions import Convention, Interval
from helpers.inversion.certified import certainly_nothing, size_of
from helpers.inversion.evidence import ESTIMATE_FIELDS, Evidence, Field, Landmark
from helpers.inversion.history import EVENT, states
from helpers.inversion.inverted import EndpointInversion, StudyInversion
from helpers.inversion.landmarks import solved
from helpers.inversion.paper import conventions_of
from helpers.inversion.printing import printed_text, shown
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import Solution
from helpers.inversion.timelines import Timeline, survival_band
from helpers.printed import Rounding, round_root

if TYPE_CHECKING:
    import pandas as pd

_ROUNDED = (None, 3, 4, 2)


def ladder_frame(endpoint: EndpointInversion, found: Sequence[Timeline], most: int = 2) -> pd.DataFrame:
    """One row a rung and history: patients at risk, what happened, S and its standard error after it, possible days.

    Columns: history (1-based), rung (patients at risk before the step), kind (E, C or "" where nothing is
    determined), number (running number of the event or censoring), survival, std_error, day_low, day_high.
    Only the first `most` histories.
    """
    import pandas as pd

    rows = []
    for number, history in enumerate(endpoint.histories[:most], start=1):
        own = [t for t in found if t.history == history]
        curve, counts = states(history, endpoint.n), {"E": 0, "C": 0}
        for i in range(endpoint.n):
            row: dict[str, object] = {"history": number, "rung": endpoint.n - i, "kind": ""}
            if i < len(history):
                kind, state = history[i], curve[i + 1]
                counts[kind] += 1
                row |= {
                    "kind": kind,
                    "number": counts[kind],
                    "survival": float(state.survival),
                    "std_error": float(state.variance) ** 0.5,
                    "day_low": min((t.chain.low[i] for t in own), default=None),
                    "day_high": max((t.chain.high[i] for t in own), default=None),
                }
            rows.append(row)
    columns = ["history", "rung", "kind", "number", "survival", "std_error", "day_low", "day_high"]
    return pd.DataFrame(rows, columns=columns)


def landmark_frame(inversion: StudyInversion, name: str, most: int = 2) -> pd.DataFrame:
    """One row a landmark and history: where it binds, the arithmetic behind it, and what is printed.

    Columns: history, claim, label, day, rung (patients at risk just after the landmark's last event), z, interval,
    survival, std_error (as they enter the interval), and for each field the printed and the expected digits.
    The first convention that fits is shown.
    """
    import pandas as pd

    endpoint = inversion.endpoints[name]
    rows = []
    for number, history in enumerate(endpoint.histories[:most], start=1):
        convention = next(c for c, found in endpoint.solution.by_convention.items() if history in found)
        way = endpoint.solution.bindings(history, convention)[0]
        curve = states(history, endpoint.n)
        for mark, length in zip(endpoint.solution.landmarks, way, strict=True):
            printed = next(m for m in endpoint.landmarks if m.claim == mark.claim)
            state = curve[length]
            used = shown(state, convention.rounded_to, convention.rounding)
            row: dict[str, object] = {
                "history": number,
                "claim": mark.claim,
                "label": inversion.study.claim(mark.claim).note or mark.claim,
                "day": float(mark.day),
                "rung": state.at_risk,
                "z": convention.z,
                "interval": str(convention.interval),
                "survival": float(used.survival),
                "std_error": float(round_root(used.variance, convention.rounded_to or 6, Rounding.HALF_UP)),
            }
            for field, sign in zip(ESTIMATE_FIELDS, (0, -1, 1), strict=True):
                text = getattr(printed, field)
                row[f"printed_{field}"] = text.text if text is not None else ""
                row[f"expected_{field}"] = (
                    printed_text(state, convention, sign, text.decimals, printed.scale, printed.level) if text else ""
                )
            rows.append(row)
    return pd.DataFrame(rows)


def _count(evidence: Evidence, conventions: tuple[Convention, ...]) -> int | None:
    """How many histories fit; where they are too many to list, 0 if it is certain that none does, else None."""
    try:
        if size_of(evidence, conventions).listable:
            return len(solved(evidence, conventions).histories)
    except TooLargeError:
        pass
    return 0 if certainly_nothing(evidence, conventions) else None


def convention_frame(inversion: StudyInversion) -> pd.DataFrame:
    """How many histories print each landmark, all its fields, under each way of making it; one row a way.

    The first two columns name the interval and the rounding before it, one more column a landmark; half-up, half-even
    and truncation, and both values of z, are tried together. Missing where there are too many to go through.
    """
    import pandas as pd

    every = conventions_of(inversion.study)
    rows = []
    for interval in Interval:
        for decimals in _ROUNDED:
            some = tuple(c for c in every if c.interval is interval and c.rounded_to == decimals)
            if some:
                row: dict[str, object] = {"interval": str(interval), "rounded_to": decimals}
                for endpoint in inversion.endpoints.values():
                    row |= {mark.claim: _count(Evidence(endpoint.n, (mark,)), some) for mark in endpoint.landmarks}
                rows.append(row)
    return pd.DataFrame(rows, dtype=object)


def left_out_frame(inversion: StudyInversion, claim: str) -> pd.DataFrame:
    """How many histories fit a landmark when one of its numbers is left out; columns left_out, printed, histories."""
    import pandas as pd

    endpoint = next(e for e in inversion.endpoints.values() if any(m.claim == claim for m in e.landmarks))
    mark = next(m for m in endpoint.landmarks if m.claim == claim)
    others = tuple(c for e in inversion.endpoints.values() if e is not endpoint for c in e.conventions)
    allowed = tuple(c for c in conventions_of(inversion.study) if not others or c in others)
    rows: list[dict[str, object]] = [
        {"left_out": "nothing", "printed": "", "histories": _count(endpoint.evidence, allowed)}
    ]
    for name in ESTIMATE_FIELDS:
        if getattr(mark, name) is not None:
            rest = endpoint.evidence.without([Field(claim, name)])
            number = _count(rest, allowed)
            rows.append({"left_out": name, "printed": getattr(mark, name).text, "histories": number})
    return pd.DataFrame(rows, dtype=object)


def survivors(solution: Solution) -> pd.DataFrame:
    """The histories that fit, one a row: history, steps, events, censored, at_risk at the end."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "history": history,
                "events": history.count(EVENT),
                "censored": len(history) - history.count(EVENT),
                "at_risk": solution.n - len(history),
            }
            for history in solution.histories
        ]
    )


def band_frame(found: Sequence[Timeline], n: int, last_day: int) -> pd.DataFrame:
    """The identified band: columns day, low, high, the smallest and largest S(t) over all consistent data sets."""
    import pandas as pd

    band, _ = survival_band(tuple(found), n, range(last_day + 1))
    return pd.DataFrame(
        {"day": range(last_day + 1), "low": [low for low, _ in band], "high": [high for _, high in band]}
    )


def landmark_points(endpoint: EndpointInversion) -> pd.DataFrame:
    """The printed landmarks as proportions for a figure: claim, day, value, low, high; missing where unprinted."""
    import pandas as pd

    def number(mark: Landmark, name: str) -> float | None:
        printed = getattr(mark, name)
        return float(printed.value * mark.scale) if printed is not None and printed.reached else None

    found = pd.DataFrame(
        [
            {
                "claim": mark.claim,
                "day": float(Fraction(mark.day)),
                "value": number(mark, "value"),
                "low": number(mark, "ci_low"),
                "high": number(mark, "ci_high"),
            }
            for mark in endpoint.landmarks
        ]
    )
    return found.astype({"value": float, "low": float, "high": float}) if len(found) else found
