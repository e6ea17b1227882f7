"""An answer of the bench as figures in the house style, for print and for a static page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.explore.model import Answer
from helpers.figures import style
from helpers.figures.ladder import ladder
from helpers.figures.survival import identified_band
from helpers.inversion.history import states
from helpers.narrative.phrases import event_noun

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def ladder_figure(answer: Answer, position: int) -> Figure:
    """The ladder of one of the histories of an answer."""
    frames = rungs_frame(answer, position), marks_frame(answer, position)
    return ladder(*frames, event_name=event_noun(answer.events))[0]


def band_figure(answer: Answer) -> Figure:
    """The identified band of an answer with the printed landmarks in it."""
    import pandas as pd

    band = pd.DataFrame(answer.band, columns=["day", "low", "high"])
    points = pd.DataFrame(answer.points, columns=["day", "value", "low", "high"]).dropna(subset=["value"])
    colour = style.EFS if answer.endpoint == "EFS" else style.OS
    words = {"ylabel": answer.endpoint_name, "xlabel": f"Days since {answer.origin}"}
    return identified_band(band, points, colour=colour, **words)[0]


def rungs_frame(answer: Answer, position: int) -> pd.DataFrame:
    """The history at a position as `helpers.figures.ladder.ladder` takes it."""
    import pandas as pd

    course, rows = answer.courses[position], []
    curve, counts = states(course.history, answer.n), {"E": 0, "C": 0}
    for i in range(answer.n):
        row: dict[str, object] = {"history": 1, "rung": answer.n - i, "kind": ""}
        if i < len(course.history):
            kind = course.history[i]
            counts[kind] += 1
            state = curve[i + 1]
            row |= {
                "kind": kind, "number": counts[kind], "survival": float(state.survival),
                "std_error": float(state.variance) ** 0.5,
                "day_low": course.low[i] if course.low else None, "day_high": course.high[i] if course.high else None,
            }  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows)


def marks_frame(answer: Answer, position: int) -> pd.DataFrame:
    """The landmarks on that history as the same figure takes them."""
    import pandas as pd

    course = answer.courses[position]
    fields = ("value", "ci_low", "ci_high")
    return pd.DataFrame([
        {
            "history": 1, "claim": mark.claim, "label": mark.label, "rung": answer.n - mark.length,
            "z": course.convention.z, "interval": str(course.convention.interval), "survival": mark.survival,
            "std_error": mark.std_error,
            **{f"printed_{f}": text for f, text in zip(fields, mark.printed, strict=True)},
            **{f"expected_{f}": text for f, text in zip(fields, mark.expected, strict=True)},
        }
        for mark in course.passed
    ])  # fmt: skip
