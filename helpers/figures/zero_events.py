"""What no event in n patients can rule out: the chance of seeing none, for every true rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.estimators.proportions import rule_of_three, upper_bound_zero
from helpers.figures.style import BAND, IMPOSSIBLE, INK, MUTED, OS, PAGE, canvas, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def zero_frame(n: int) -> pd.DataFrame:
    """Chance of no event in n patients for each true rate: ``rate, chance``, both from 0 to 1.

    The chance is (1 − rate)^n. Rates reach far enough that it falls below one in a thousand.
    """
    import numpy as np
    import pandas as pd

    top = min(1.0, upper_bound_zero(n, 0.999))
    rates = np.linspace(0, top, 301)
    return pd.DataFrame({"rate": rates, "chance": (1 - rates) ** n})


@use_style()
def zero_events(frame: pd.DataFrame, n: int) -> tuple[Figure, pd.DataFrame]:
    """Draw the curve of `zero_frame` with the 95 % bounds, one- and two-sided, and the rule of three.

    Rates in the shaded part leave at least 5 % chance of seeing nothing: zero events cannot rule them out.
    """
    bound, two_sided, three = upper_bound_zero(n), upper_bound_zero(n, 0.975), rule_of_three(n)
    figure, axes = canvas(PAGE, 3.5)
    rates, chances = 100 * frame["rate"], 100 * frame["chance"]
    axes.fill_between(rates, 0, chances, where=frame["rate"] <= bound, color=BAND, linewidth=0)
    axes.plot(rates, chances, color=OS, linewidth=2.2)
    top = float(rates.max())
    axes.plot([0, 100 * bound], [5, 5], color=MUTED, linewidth=1, linestyle=(0, (3, 2)))
    axes.text(0.012 * top, 6.5, "5 % chance", color=INK, fontsize=8.5)
    marks = (
        (bound, 5.0, "o", IMPOSSIBLE, f"95 % bound, one-sided: {100 * bound:.1f} %", 33),
        (three, 100 * (1 - three) ** n, "D", INK, f"rule of three, 3/{n}: {100 * three:.1f} %", 23),
        (two_sided, 2.5, "s", MUTED, f"two-sided exact interval ends at {100 * two_sided:.1f} %", 13),
    )
    for rate, chance, marker, colour, text, height in marks:
        x = 100 * rate
        axes.plot([x, x], [chance, height + 2.5], color=colour, linewidth=1)
        axes.text(x + 0.008 * top, height, text, va="center", color=INK)
        axes.plot([100 * rate], [chance], marker=marker, color=colour, markersize=6, zorder=4)
    axes.set(xlim=(0, top), ylim=(0, 100), xlabel="True rate (%)", ylabel=f"Chance of 0 events in {n} patients (%)")
    axes.grid(True, axis="y")
    return figure, frame
