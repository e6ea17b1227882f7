"""Flow of patients: from those infused to those in remission, each column a stage, heights in patients."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from helpers.figures.lettering import inches
from helpers.figures.style import FLOW, NOT_DERIVABLE, PAGE, canvas, ink_on, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from helpers.study.model import Study

_WIDTH = 0.34
_MARGIN = 0.7  # inches beside the axes


def flow_frame(study: Study) -> pd.DataFrame:
    """The stages that the printed counts form, one row a stage: ``stage, count, of, without``.

    The first stage is the study's n. An efficacy count follows the stage before it when its denominator is
    that stage's count; a count out of anything else is no part of the flow. One row alone: no flow printed.
    """
    import pandas as pd

    outcomes = {name for names in study.outcomes.values() for name in names}
    others = (c for c in study.select("count") if c.id not in outcomes and c.endpoint is None)
    first = next((c.note for c in others if c.count is not None and c.count.value == study.n), "")
    rows = [(first or "Patients", study.n, study.n, 0)]
    for name in study.outcomes.get("efficacy", ()):
        claim = study.claim(name)
        if claim.count is not None and claim.n == rows[-1][1]:
            count = int(claim.count.value)
            rows.append((claim.note or claim.id, count, claim.n, claim.n - count))
    return pd.DataFrame(rows, columns=["stage", "count", "of", "without"])


@use_style()
def flow(frame: pd.DataFrame) -> tuple[Figure, pd.DataFrame]:
    """Draw the stages of `flow_frame` as columns joined by ribbons; those who leave go to hatched blocks."""
    plotted = frame.reset_index(drop=True).copy()
    total = int(plotted["count"].iloc[0])
    plotted["bottom"] = total - plotted["count"]
    figure, axes = canvas(PAGE, 3.1)
    wide = (PAGE - _MARGIN) * _WIDTH / (len(plotted) - 1 + _WIDTH + 0.4)
    for k, row in enumerate(plotted.to_dict("records")):
        count, of, without = int(row["count"]), int(row["of"]), int(row["without"])
        colour = FLOW[min(k, len(FLOW) - 1)]
        if k:
            _ribbon(axes, k, (total - count, total), colour)
        if without:
            _ribbon(axes, k, (total - of, total - count), NOT_DERIVABLE)
            _block(axes, k, (total - of, total - count), NOT_DERIVABLE, f"{without:,} without", wide, "////")
        _block(axes, k, (total - count, total), colour, f"{count:,} of {of:,}" if k else f"{count:,}", wide)
        axes.text(k + _WIDTH / 2, total * 1.05, fill(row["stage"], 24), ha="center", va="bottom", weight="bold")
    axes.set(xlim=(-0.2, len(plotted) - 1 + _WIDTH + 0.2), ylim=(0, total), ylabel="Patients")
    axes.set_xticks([])
    axes.set_yticks(_patient_ticks(total))
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.spines["bottom"].set_visible(False)
    return figure, plotted


def _block(axes: Axes, k: int, span: tuple[int, int], colour: str, text: str, wide: float, hatch: str = "") -> None:
    from matplotlib.patches import Rectangle

    low, high = span
    edge = "white" if hatch else colour
    axes.add_patch(Rectangle((k, low), _WIDTH, high - low, facecolor=colour, edgecolor=edge, hatch=hatch, zorder=3))
    plate = {"facecolor": colour, "edgecolor": "none", "pad": 1.5} if hatch else None
    text, size = _fitting(text, 8.5 if hatch else 11.0, wide, "normal" if hatch else "bold")
    axes.text(
        k + _WIDTH / 2,
        (low + high) / 2,
        text,
        ha="center",
        va="center",
        color=ink_on(colour),
        weight="normal" if hatch else "bold",
        fontsize=size,
        bbox=plate,
        zorder=4,
    )


def _fitting(text: str, size: float, wide: float, weight: str) -> tuple[str, float]:
    """A text and its size such that it stays in a block: broken before its last words, then smaller, where need be."""

    def widest(lines: str, points: float) -> float:
        return max(inches(line, points, weight) for line in lines.split("\n"))

    if widest(text, size) > wide:
        text = text.replace(" of ", "\nof ").replace(" without", "\nwithout")
    while size > 6 and widest(text, size) > wide:
        size -= 0.5
    return text, size


def _ribbon(axes: Axes, k: int, span: tuple[int, int], colour: str) -> None:
    """The band of patients between stage k - 1 and stage k; everyone keeps the height, so it is straight."""
    axes.fill_between([k - 1 + _WIDTH, k], span[0], span[1], color=colour, alpha=0.22, linewidth=0, zorder=1)


def _patient_ticks(total: int) -> list[int]:
    """Whole patients only: 0, the total, and round steps in between."""
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if total / s <= 6), max(1, total // 5))
    return [*(t for t in range(0, total, step) if total - t > step / 2), total]
