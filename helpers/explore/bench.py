"""The bench itself: widgets in, pictures out. What is shown always belongs to the numbers that stand above it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from time import perf_counter
from typing import Any

import ipywidgets as w

from helpers.errors import InputError
from helpers.explore import inputs, panels
from helpers.explore.answer import first_answer
from helpers.explore.drawn import Drawn
from helpers.explore.model import Answer
from helpers.explore.pictures import curve_picture, ladder_picture
from helpers.explore.save import DEFAULT_FOLDER, save_figures, save_study
from helpers.explore.state import State, endpoint_names, study_of
from helpers.explore.typed import TypedPaper
from helpers.explore.worker import Apart, Before, Failure, Here, Job, Runner, Said
from helpers.ledger.row import LedgerRow
from helpers.paths import shown

FALLBACK = (
    "*Here stands the bench while the notebook runs: choices, printed numbers to edit, the histories that are left, "
    "ladder, band, drawn timelines and the ledger. It needs a kernel: open the notebook in JupyterLab, or run* "
    "`make explore`*.*"
)
_AUTO = {"width": "auto"}
VIEW = "application/vnd.jupyter.widget-view+json"


class Bench:
    """The what-if bench.

    Parameters
    ----------
    state : the paper to begin with, as printed.
    runner : who works out the long answers; by default a process of its own. `Here` does so on the spot.
    folder : where study folders and figures are saved.
    """

    def __init__(self, state: State | None = None, runner: Runner | None = None, folder: Any = DEFAULT_FOLDER) -> None:
        """Build the widgets and answer in full what stands on the bench."""
        self.state = state if state is not None else State()
        self.runner: Runner = runner if runner is not None else Apart()
        self.folder = folder
        self.answer: Answer | None = None
        self.drawn: Drawn | None = None
        self.before: tuple[LedgerRow, ...] | None = None
        self.seconds = 0.0
        self._quiet = False
        self.choices = inputs.choices(self.state)
        self.own = inputs.own_paper()
        self.numbers = inputs.numbers(self.state, self._number)
        self.entry = w.VBox([])
        names = ("verdict", "ladder", "histories", "curve", "ledger", "time", "told")
        self.out: dict[str, w.HTML] = {name: w.HTML() for name in names}
        self.step = w.BoundedIntText(description="history", value=1, min=1, max=1, layout=w.Layout(width="11em"))
        self.back, self.on = (
            _button(d, t) for d, t in (("◀ before", "the history before"), ("next ▶", "the next history"))
        )
        self.best = w.Checkbox(description="best case: the censored stay free of the event", indent=False, layout=_AUTO)
        self.worst = w.Checkbox(description="worst case: the censored have it at once", indent=False, layout=_AUTO)
        self.draw = _button("Draw a timeline", "one reconstructed table that fits everything printed")
        self.seed = w.BoundedIntText(description="seed", value=1, min=0, max=999_999, layout=w.Layout(width="11em"))
        self.name = inputs.text("save as", "my_what_if", "18em", at_once=False)
        self.save_study = _button("study folder", "save the numbers as a study folder")
        self.save_figures = _button("figures", "save the pictures as PNG, SVG and PDF")
        self._observe()
        self.widget = self._laid_out()
        self._entry()
        self._answer(at_once=True)

    def display(self) -> None:
        """Show the bench in a notebook; where widgets cannot run, a sentence stands in its place."""
        from IPython.display import display

        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        display({VIEW: view, "text/markdown": FALLBACK, "text/plain": FALLBACK}, raw=True)

    def close(self) -> None:
        """End the process that works for the bench."""
        self.runner.close()

    # -- what is put in

    def _observe(self) -> None:
        self.choices.study.observe(lambda c: self._guarded(self._study, c["new"]), names="value")
        self.choices.endpoint.observe(lambda c: self._guarded(self._set, endpoint=c["new"] or ""), names="value")
        for name, box in self.choices.conventions.items():
            box.observe(lambda c, n=name: self._guarded(self._set, **{n: c["new"]}), names="value")
        self.choices.month.observe(lambda c: self._guarded(self._set, days_per_month=c["new"]), names="value")
        self.own.go.on_click(lambda _: self._guarded(self._typed, self.own.paper))
        self.step.observe(lambda _: self._guarded(self._pictures), names="value")
        self.back.on_click(lambda _: self._stepped(-1))
        self.on.on_click(lambda _: self._stepped(1))
        for box in (self.best, self.worst):
            box.observe(lambda _: self._curve(), names="value")
        self.draw.on_click(lambda _: self._drawing())
        self.save_study.on_click(lambda _: self._save(self._study_folder))
        self.save_figures.on_click(lambda _: self._save(self._figures))

    def _guarded(self, act: Callable[..., None], *arguments: Any, **named: Any) -> None:
        """Act on a change made by a person, not on those that the bench makes itself."""
        if not self._quiet:
            act(*arguments, **named)

    def _study(self, name: str) -> None:
        if name == inputs.OWN:
            self._entry()
            self._nothing(panels.block("<p class='answer'>Type in a paper and ask for its verdict.</p>"))
            return
        self._begin(replace(self.state, study=name, endpoint="", edits=(), typed=None))

    def _typed(self, paper: TypedPaper) -> None:
        self._begin(replace(self.state, endpoint="", edits=(), typed=paper))

    def _begin(self, state: State) -> None:
        """Another paper."""
        self.state, self.drawn, self.before = state, None, None
        self._quiet = True
        try:
            names = endpoint_names(study_of(state))
            self.choices.endpoint.options = names
            self.choices.endpoint.value = names[0] if names else None
        except InputError:
            self.choices.endpoint.options = ()
        finally:
            self._quiet = False
        self._entry()
        self._answer()

    def _set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        if "endpoint" in changes:
            self._entry()
        self._answer()

    def _number(self, claim: str, field: str, text: str) -> None:
        if not self._quiet:
            self.state = self.state.edited(claim, field, text)
            self._answer()

    def _as_printed(self) -> None:
        self.state = self.state.as_printed
        self._entry()
        self._answer()

    def _entry(self) -> None:
        """The boxes for the numbers of what is on display; the form too where a paper is typed in."""
        own = self.choices.study.value == inputs.OWN
        try:
            self.numbers = inputs.numbers(self.state, self._number)
        except InputError:
            self.entry.children = [self.own.box] if own else []
            return
        self.numbers.back.on_click(lambda _: self._as_printed())
        grid = [inputs.title("Printed numbers"), self.numbers.box] if not own or self.state.typed is not None else []
        self.entry.children = [*([inputs.title("A paper of your own"), self.own.box] if own else []), *grid]

    # -- what comes out

    def _answer(self, *, at_once: bool = False) -> None:
        """Answer for the state as it is now: the quick answer, then the long one from elsewhere."""
        started = perf_counter()
        self.drawn = None
        self.out["told"].value = ""
        try:
            self.answer = first_answer(self.state)
        except InputError as error:
            self._nothing(panels.problem_panel(error))
            return
        self.seconds = perf_counter() - started
        if at_once:
            Here().submit(Job(self.state), self._said)
            return
        self._stepper()
        self.out["verdict"].value = panels.verdict_panel(self.answer, waiting=True)
        self._pictures()
        self.out["ledger"].value = panels.block(panels.WAITING)
        self.seconds = perf_counter() - started
        self.out["time"].value = panels.block(f"<p>First answer after {1000 * self.seconds:.0f} ms.</p>")
        self.runner.submit(Job(self.state), self._said)

    def _said(self, item: Said) -> None:
        """Show what a job has to say, if the numbers above are still those it was about."""
        if item.state != self.state:
            return
        if isinstance(item, Answer):
            self.answer = item
            self._stepper()
            self.out["verdict"].value = panels.verdict_panel(item)
            self._pictures()
            self._ledger()
        elif isinstance(item, Before):
            self.before = item.ledger
            self._ledger()
        elif isinstance(item, Drawn):
            self.drawn = item
            note = f" {item.note}" if item.note else ""
            told = (
                f"Drawn with seed {item.seed}: {item.history} up to the last event; reconstructed, not observed.{note}"
            )
            self.out["told"].value = panels.block(f"<p>{escape(told)}</p>")
            self._curve()
        elif isinstance(item, Failure):
            if self.answer is not None and self.answer.ledger is None:
                self.out["verdict"].value, self.out["ledger"].value = panels.verdict_panel(self.answer), ""
            self.out["told"].value = panels.block(f"<p class='wrong'>{escape(item.text)}</p>")

    def _nothing(self, verdict: str) -> None:
        """Show no result at all: there is none for what stands above."""
        self.answer = self.drawn = None
        self.runner.close()
        for name in ("ladder", "histories", "curve", "ledger", "time", "told"):
            self.out[name].value = ""
        self.out["verdict"].value = verdict

    def _stepper(self) -> None:
        count = len(self.answer.courses) if self.answer else 0
        self._quiet = True
        self.step.max = max(count, 1)
        self.step.value = min(self.step.value, max(count, 1))
        self._quiet = False
        self.step.disabled = self.back.disabled = self.on.disabled = count < 2

    def _stepped(self, by: int) -> None:
        count = len(self.answer.courses) if self.answer else 0
        if count:
            self.step.value = (self.step.value - 1 + by) % count + 1

    def _pictures(self) -> None:
        if self.answer is None:
            return
        position = self.step.value - 1
        listed = bool(self.answer.courses)
        none = "<p>No history is listed, so there is no ladder to draw.</p>"
        self.out["ladder"].value = ladder_picture(self.answer, position) if listed else panels.block(none)
        self.out["histories"].value = panels.histories_panel(self.answer, position)
        self._curve()

    def _curve(self) -> None:
        if self.answer is not None:
            self.out["curve"].value = curve_picture(
                self.answer, self.drawn, best=self.best.value, worst=self.worst.value
            )

    def _ledger(self) -> None:
        if self.answer is not None:
            labels = {c.id: c.note or c.id for c in study_of(self.state).claims}
            self.out["ledger"].value = panels.ledger_panel(self.answer, labels, self.before)

    def _drawing(self) -> None:
        if self.answer is not None:
            self.out["told"].value = panels.block(panels.WAITING)
            self.runner.submit(Job(self.state, self.seed.value), self._said, stale=False)

    # -- what is kept

    def _save(self, act: Callable[[], str]) -> None:
        try:
            self.out["told"].value = panels.block(f"<p>{escape(act())}</p>")
        except InputError as error:
            self.out["told"].value = panels.block(f"<p class='wrong'>{escape(str(error))}</p>")
        except OSError as error:
            self.out["told"].value = panels.block(f"<p class='wrong'>Not saved: {escape(str(error.strerror))}</p>")

    def _study_folder(self) -> str:
        where = shown(save_study(self.state, self.name.value.strip(), self.folder))
        return f"Saved as {where}. In a terminal: unrounded check {where}"

    def _figures(self) -> str:
        if self.answer is None:
            raise InputError(panels.NO_PICTURE)
        written = save_figures(
            self.answer, self.step.value - 1, self.name.value.strip() + "-figures", self.folder, self.drawn,
            best=self.best.value, worst=self.worst.value,
        )  # fmt: skip
        return f"Saved {len(written)} files in {shown(written[0].parent)}."

    def _laid_out(self) -> w.VBox:
        out = self.out
        return w.VBox([
            w.HTML(panels.STYLE), inputs.title("Study and conventions"), self.choices.box, self.entry,
            inputs.title("Can any history print this?"), out["verdict"], out["time"],
            inputs.title("The histories that are left"), inputs.row(self.back, self.step, self.on),
            inputs.row(out["ladder"], out["histories"]),
            inputs.title("What is known of the curve"), inputs.row(self.draw, self.seed, self.best, self.worst),
            out["curve"], out["told"], inputs.row(self.name, self.save_study, self.save_figures),
            inputs.title("The ledger"), out["ledger"],
        ])  # fmt: skip


def _button(description: str, tooltip: str) -> w.Button:
    return w.Button(description=description, tooltip=tooltip, layout=_AUTO)
