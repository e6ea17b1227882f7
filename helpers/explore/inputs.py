"""The widgets into which a state is put: choices, printed numbers, and a paper of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as w

from helpers.explore.state import (
    CHOICES,
    MONTHS,
    NOT_ROUNDED,
    State,
    endpoint_names,
    on_display,
    printed_text,
    study_of,
)
from helpers.explore.typed import ENDPOINTS, UNITS, TypedLandmark, TypedPaper
from helpers.printed import PrintedNumber, show
from helpers.study import list_studies
from helpers.study.model import Claim, Study

OWN = "a paper of your own"
LABELS = {"interval": "interval", "z": "z", "rounded_to": "S, se first to", "rounding": "rounding"}
FIELDS = {"at": "at", "count": "count", "value": "estimate", "ci_low": "lower", "ci_high": "upper"}
_WIDE = {"description_width": "initial"}


def dropdown(description: str, options: Any, value: Any, width: str = "15em") -> w.Dropdown:
    """A list to choose from, with its label."""
    return w.Dropdown(description=description, options=options, value=value, style=_WIDE, layout=w.Layout(width=width))


def text(description: str, value: str = "", width: str = "9em", *, at_once: bool = True, hint: str = "") -> w.Text:
    """A line of text, told of at every keystroke or when it is left."""
    return w.Text(
        description=description, value=value, continuous_update=at_once, placeholder=hint, style=_WIDE,
        layout=w.Layout(width=width),
    )  # fmt: skip


def row(*children: w.Widget) -> w.Box:
    """Widgets side by side, wrapping where the window is narrow."""
    return w.Box(
        list(children), layout=w.Layout(display="flex", flex_flow="row wrap", align_items="center", grid_gap="2px 10px")
    )


def title(words: str) -> w.HTML:
    """A heading."""
    return w.HTML(f"<h3 style='margin:.6em 0 .1em'>{words}</h3>")


@dataclass
class Choices:
    """Study, endpoint, conventions held fixed, and the length of a month."""

    study: w.Dropdown
    endpoint: w.Dropdown
    conventions: dict[str, w.Dropdown]
    month: w.Combobox
    box: w.Box = field(init=False)

    def __post_init__(self) -> None:
        """Put them beside each other."""
        self.box = row(self.study, self.endpoint, *self.conventions.values(), self.month)


def choices(state: State) -> Choices:
    """The choices as a state has them."""
    usable = [(f"{s.id}, n = {s.n}", s.id) for s in list_studies() if not s.problem]
    if state.study not in [value for _, value in usable]:
        usable.append((state.study, state.study))
    names = endpoint_names(study_of(state))
    words = {
        name: [("any", "") if not v else (_word(name, v), v) for v in allowed] for name, allowed in CHOICES.items()
    }
    return Choices(
        dropdown("study", [*usable, (OWN, OWN)], state.study, "20em"),
        dropdown("endpoint", list(names), state.endpoint or (names[0] if names else None), "11em"),
        {name: dropdown(LABELS[name], words[name], getattr(state, name), "13em") for name in CHOICES},
        w.Combobox(
            description="days a month", value=state.days_per_month, options=MONTHS, ensure_option=False, style=_WIDE,
            continuous_update=False, layout=w.Layout(width="15em"),
        ),
    )  # fmt: skip


def _word(name: str, value: str) -> str:
    if name != "rounded_to":
        return value
    return "not rounded first" if value == NOT_ROUNDED else f"{value} decimals"


@dataclass
class Numbers:
    """One line a claim, one box a printed number; and buttons that move the last digit of one of them."""

    boxes: dict[tuple[str, str], w.Text]
    which: w.Dropdown
    down: w.Button
    up: w.Button
    back: w.Button
    box: w.VBox


def numbers(state: State, changed: Callable[[str, str, str], None]) -> Numbers:
    """The printed numbers of the endpoint on display as editable text.

    Parameters
    ----------
    state : what stands on the bench.
    changed : called with claim, field and text when one is edited.
    """
    study = study_of(state)
    edits = {(e.claim, e.field): e.text for e in state.edits}
    boxes: dict[tuple[str, str], w.Text] = {}
    lines = []
    for claim in on_display(state):
        own = []
        for part, label in FIELDS.items():
            key = (claim.id, part)
            shown = printed_text(claim, part)
            if shown or key in edits:
                unit = f" ({claim.at_unit})" if part == "at" else ""
                boxes[key] = text(label + unit, edits.get(key, shown), "10.5em")
                boxes[key].observe(lambda change, k=key: changed(k[0], k[1], change["new"]), names="value")
                own.append(boxes[key])
        heading = w.HTML(f"<strong>{_name(study, claim)}</strong>", layout=w.Layout(width="16em"))
        lines.append(row(heading, *own))
    options = [(f"{_label(study, c)}: {FIELDS[f]}", (c, f)) for c, f in boxes]
    which = dropdown("last digit of", options, options[0][1] if options else None, "26em")
    down, up, back = (w.Button(description=d, tooltip=t, layout=w.Layout(width="auto")) for d, t in (
        ("− 1", "one less in the last digit"), ("+ 1", "one more in the last digit"),
        ("as printed", "take back every change"),
    ))  # fmt: skip
    down.on_click(lambda _: _nudge(boxes, which.value, -1))
    up.on_click(lambda _: _nudge(boxes, which.value, 1))
    return Numbers(boxes, which, down, up, back, w.VBox([*lines, row(which, down, up, back)]))


def _nudge(boxes: dict[tuple[str, str], w.Text], key: tuple[str, str] | None, by: int) -> None:
    """Move the last digit of a number by one; what is no number stays."""
    if key is None:
        return
    try:
        number = PrintedNumber(boxes[key].value.strip())
        moved = number.value + by * number.unit
    except ValueError:
        return
    if moved >= 0:
        boxes[key].value = show(moved, number.decimals)


def _label(study: Study, claim_id: str) -> str:
    return study.claim(claim_id).note or claim_id if any(c.id == claim_id for c in study.claims) else claim_id


def _name(study: Study, claim: Claim) -> str:
    from html import escape

    unit = {
        "percent": ", %",
        "proportion": "",
        "day": ", days",
        "week": ", weeks",
        "month": ", months",
        "year": ", years",
    }
    return escape(f"{claim.note or claim.id}{unit.get(claim.unit, '')}")


@dataclass
class Own:
    """A form for a paper that nobody prepared."""

    n: w.Text
    endpoint: w.Dropdown
    lines: list[dict[str, Any]]
    median: list[w.Text]
    median_unit: w.Dropdown
    go: w.Button
    box: w.VBox

    @property
    def paper(self) -> TypedPaper:
        """What is typed in."""
        marks = tuple(TypedLandmark(**{name: box.value for name, box in line.items()}) for line in self.lines)
        low, middle, high = (box.value for box in self.median)
        return TypedPaper(self.n.value, self.endpoint.value, marks, (low, middle, high), self.median_unit.value)


def own_paper(lines: int = 3) -> Own:
    """The form, empty."""
    n = text("patients", width="9em", at_once=False, hint="22")
    endpoint = dropdown("endpoint", list(ENDPOINTS), "OS", "11em")
    rows = []
    for k in range(lines):
        hints = ("6", "67.90", "48.30", "87.50") if not k else ("", "", "", "")
        rows.append({
            "at": text(f"landmark {k + 1} at", width="11em", at_once=False, hint=hints[0]),
            "at_unit": dropdown("unit", UNITS, "month", "9em"),
            "value": text("estimate %", width="11em", at_once=False, hint=hints[1]),
            "ci_low": text("lower %", width="10em", at_once=False, hint=hints[2]),
            "ci_high": text("upper %", width="10em", at_once=False, hint=hints[3]),
        })  # fmt: skip
    median = [text(d, width="11em", at_once=False) for d in ("median, if printed", "lower", "upper")]
    median[0].layout.width = "15em"
    unit = dropdown("unit", UNITS, "month", "9em")
    go = w.Button(
        description="Verdict", button_style="", tooltip="read what is typed in", layout=w.Layout(width="auto")
    )
    says = w.HTML(
        "<p>Type the digits exactly as printed: 67.90 is not 67.9. Leave empty what the paper does not print.</p>"
    )
    box = w.VBox([says, row(n, endpoint), *(row(*line.values()) for line in rows), row(*median, unit), go])
    return Own(n, endpoint, rows, median, unit, go, box)
