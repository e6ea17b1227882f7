"""One look for all figures: the palette, the style file and an empty canvas.

Colours that stand beside each other differ in lightness as well as in hue, so that they stay apart in grey
print and for readers with a colour-vision deficiency; markers and hatches repeat what colour says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#222222"
MUTED = "#6b6b6b"
GRID = "#e3e3e3"
BAND = "#c9dceb"
SHEET = "#ffffff"
DIFFERENT = "#fbf1e4"  # the ground of rungs on which histories differ
GROUP_ROW = "#f5f7f9"  # the ground of a row that heads a group of a table

OS = "#1f5a85"
EFS = "#45a38f"
EVENT = "#1d4965"
CENSORED = "#e07b1f"
CENSORED_TEXT = "#a85a10"  # the same, dark enough to be read
PRINTED = "#222222"
MARKED = "#8e3563"  # the first study among others

DERIVED = "#0d3b4f"
IMPOSSIBLE = "#b00030"
CONSISTENT = "#3d9183"
ARITHMETIC = "#93b3d2"
NOT_DERIVABLE = "#d9d9d9"

# Groups of patients: none of the colours of an endpoint, an event or a verdict, each with a line of its own.
GROUPS = ("#3b2a73", "#a8851f", "#9a4f8c", "#111111")
DASHES: tuple[Any, ...] = ("-", (0, (4, 1.2)), (0, (1.6, 1)), (0, (4.5, 1.1, 1.1, 1.1)))
RELAPSE = "#8e3563"
NON_RELAPSE = "#a8851f"
TRANSPLANT = "#1f5a85"
RESPONSE = "#45a38f"
DEATH = "#111111"
CAUSES = (RELAPSE, NON_RELAPSE, GROUPS[0], GROUPS[3])  # competing events
METHODS = (OS, EFS, GROUPS[3], MUTED)  # ways of computing the same number; never the colour of the censored
FLOW = (EVENT, "#2f7396", EFS, "#98d3c3")  # stages of a flow of patients
LANES = ("#d3dae0", "#e9dfc4", "#dccbdc", "#f0f0ee", "#c3c3c3", "#cfe3dc")  # grounds of a swimmer's lanes, by group
LASTING = "#8cc9ba"  # a response that lasts, on a lane
NO_EVENT = "#dfe8ef"  # the part of a bar without the adverse event
COUNTS = (SHEET, "#eef4f9", BAND, "#9fc1da")  # grounds of a table's cells, from none to most
RESPONSES = ("#0f4a50", "#2a747b", "#5ca394", "#9bcdbf", "#faf6ee")  # from the best down
SEVERITY = {1: "#f6c667", 2: "#ee9b3b", 3: "#cf5b2e", 4: "#8f1d2c", 5: "#4a0d1a"}

STYLE_FILE = Path(__file__).with_name("unrounded.mplstyle")
COLUMN = 3.5  # inches: one column of a journal page
PAGE = 7.0  # inches: its full width


@lru_cache(maxsize=1)
def _settings() -> Any:
    """The seaborn theme with the style file on top, as one set of matplotlib settings."""
    import matplotlib as mpl
    import seaborn as sns

    own: Any = mpl.rc_params_from_file(STYLE_FILE, use_default_template=False)
    return {**sns.axes_style("ticks"), **sns.plotting_context("paper"), **own}


@contextmanager
def use_style() -> Iterator[None]:
    """Draw in the house style inside a ``with`` block or a decorated function; nothing outside changes.

    >>> import matplotlib as mpl
    >>> before = mpl.rcParams["axes.spines.top"]
    >>> with use_style():
    ...     mpl.rcParams["axes.spines.top"]
    False
    >>> mpl.rcParams["axes.spines.top"] == before
    True
    """
    import matplotlib as mpl

    with mpl.rc_context(rc=_settings()):
        yield


def canvas(width: float = PAGE, height: float = 3.6, **subplots: Any) -> tuple[Figure, Any]:
    """A figure and its axes, made without pyplot: nothing is registered, displayed or left open.

    Parameters
    ----------
    width, height : float
        Size in inches; a journal column is 3.5, a page 7.
    **subplots
        Passed on to `matplotlib.figure.Figure.subplots` (``nrows``, ``sharex``, ``width_ratios``, …).

    Returns
    -------
    (Figure, Axes or array of Axes)
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    return figure, figure.subplots(**subplots)


def sheet(width: float, height: float) -> Figure:
    """An empty figure without automatic layout: panels are put where `panel` says, in inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    figure.set_layout_engine("none")
    return figure


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes on a `sheet`, measured in inches from its upper left corner."""
    across, down = (float(x) for x in figure.get_size_inches())
    return figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))


def quiet(axes: Axes, *, x: bool = True, y: bool = False) -> None:
    """Light grid lines along the axis that is read off; no tick marks on the axis that only carries names."""
    if x:
        axes.grid(True, axis="x")
    if y:
        axes.grid(True, axis="y")


def lightness(colour: str) -> float:
    """CIE lightness L* of a colour, 0 (black) to 100 (white): what is left of it in grey print.

    >>> round(lightness("#ffffff")), round(lightness("#000000"))
    (100, 0)
    """
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * luminance ** (1 / 3) - 16 if luminance > 216 / 24389 else luminance * 24389 / 27


def ink_on(background: str) -> str:
    """Black or white, whichever is read more easily on a background."""
    return INK if lightness(background) > 60 else "#ffffff"


def small(width: float) -> float:
    """Size in points of the small print of a figure of this width: never below 7, at a page's width 8.5."""
    return 8.5 if width > 1.5 * COLUMN else 7.2
