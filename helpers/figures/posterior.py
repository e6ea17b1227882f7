"""Posterior of a proportion under several priors: densities with their credible intervals beneath."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from helpers.figures.style import GRID, METHODS, PAGE, PRINTED, canvas, use_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from helpers.estimators.proportions import Posterior

_LOOK = ((METHODS[0], "-"), (METHODS[1], "--"), (METHODS[3], ":"))


def posterior_frame(posteriors: Sequence[tuple[str, str, Posterior]]) -> pd.DataFrame:
    """Densities on a grid of rates from 0.2 % to 99.8 %, one row a point.

    Takes (outcome, name of the prior, posterior) triples; gives the columns outcome, prior, rate, density
    and, the same on every row of a curve, low, median, high and estimate.
    """
    import numpy as np
    import pandas as pd
    from scipy.stats import beta

    rates = np.linspace(0.002, 0.998, 499)
    parts = [
        pd.DataFrame(
            {
                "outcome": outcome,
                "prior": prior,
                "rate": rates,
                "density": beta.pdf(rates, p.a, p.b),
                "low": p.low,
                "median": p.median,
                "high": p.high,
                "estimate": p.count / p.n,
            }
        )
        for outcome, prior, p in posteriors
    ]
    return pd.concat(parts, ignore_index=True)


@use_style()
def posterior_figure(frame: pd.DataFrame) -> tuple[Figure, pd.DataFrame]:
    """Draw one panel an outcome from `posterior_frame`: a curve a prior, its interval beneath."""
    outcomes = list(dict.fromkeys(frame["outcome"]))
    across = min(2, len(outcomes))
    down = -(-len(outcomes) // across)
    figure, grid = canvas(PAGE, 0.75 + 2.4 * down, nrows=down, ncols=across, squeeze=False)
    panels = list(grid.flat)
    for axes, outcome in zip(panels, outcomes, strict=False):
        _panel(axes, frame[frame["outcome"] == outcome], outcome)
    for axes in panels[len(outcomes) :]:
        axes.set_visible(False)
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=2, handlelength=2.6)
    return figure, frame


def _panel(axes: Axes, part: pd.DataFrame, outcome: str) -> None:
    inner = part[(part["rate"] > 0.01) & (part["rate"] < 0.99)]
    peak = float(inner["density"].max())
    for k, (prior, curve) in enumerate(part.groupby("prior", sort=False)):
        colour, dash = _LOOK[k % len(_LOOK)]
        axes.plot(100 * curve["rate"], curve["density"], color=colour, linestyle=dash, label=str(prior))
        low, median, high = (100 * float(curve[name].iloc[0]) for name in ("low", "median", "high"))
        y = -peak * (0.09 + 0.1 * k)
        axes.plot([low, high], [y, y], color=colour, linestyle=dash)
        axes.plot([median], [y], marker="o", color=colour, markersize=5)
    axes.axvline(100 * float(part["estimate"].iloc[0]), color=PRINTED, linewidth=0.9, linestyle=(0, (1, 2)), zorder=0)
    axes.axhline(0, color=GRID, linewidth=0.8, zorder=0)
    axes.set(xlim=(0, 100.5), ylim=(-0.28 * peak, 1.12 * peak), xlabel="True rate (%)")
    axes.set_title(fill(outcome, 38))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
