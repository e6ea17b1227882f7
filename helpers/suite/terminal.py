"""What the command line shows: progress, the ledger, an inversion, the list of studies."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from helpers.errors import printable
from helpers.paths import shown
from helpers.printed import FIELD_TITLES
from helpers.suite.watcher import Watcher

if TYPE_CHECKING:
    from helpers.cohort import Cohort
    from helpers.ledger.cohort import RowsLedger
    from helpers.study import Study, StudySummary
    from helpers.suite.cache import Decision
    from helpers.suite.execution import Outcome
    from helpers.suite.run import Done

ROWS_STYLES = {"reproduced": "green", "reproduced otherwise": "blue", "differs": "bold red"}
ROWS_MARKS = {"reproduced": "●", "reproduced otherwise": "◐", "differs": "✕", "not computable": "○"}
STYLES = {"re-derived": "blue", "consistent": "green", "impossible": "bold red", "arithmetic": "magenta"}
MARKS = {"re-derived": "●", "consistent": "◐", "impossible": "✕", "arithmetic": "=", "not derivable": "○"}


class _PlainConsole(Console):
    """A console on which a text is only text: no markup, no emoji codes, no control sequences."""

    def render_str(self, text: str, **options: Any) -> Text:
        """The text with control characters, also invisible ones, made visible."""
        return super().render_str("\n".join(map(printable, text.split("\n"))), **options)


def console() -> Console:
    """Standard output; where it is not a terminal there are no colours and lines are wide."""
    out = _PlainConsole(highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not out.is_terminal:
        out.width = 200
    return out


def say(text: str) -> None:
    """One line for the person at the terminal."""
    console().print(text, soft_wrap=True)


def print_json(value: object) -> None:
    """JSON on standard output, nothing else."""
    print(json.dumps(value, indent=1, ensure_ascii=False))


class Progress(Watcher):
    """Shows a run as it goes: for each notebook why it runs or not, and how it ended."""

    def __init__(self, study: Study | None) -> None:
        """Print the study, if there is one."""
        self.console = console()
        if study is not None:
            self.console.print(f"{study.id}: {study.title}", style="bold", soft_wrap=True)

    def decided(self, name: str, decision: Decision) -> None:
        """A notebook will be run, or not, for this reason."""
        word = {"run": "to run", "graft": "new text", "keep": "kept"}[decision.action]
        self.console.print(f"  {name:<20} {word:<9} {decision.reason}", soft_wrap=True)

    def started(self, name: str) -> None:
        """A notebook has started."""
        self.console.print(f"  {name:<20} running …", style="dim", soft_wrap=True)

    def ended(self, outcome: Outcome) -> None:
        """A notebook has ended."""
        if outcome.failure:
            self.console.print(f"  {outcome.name:<20} failed", style="bold red", soft_wrap=True)
        else:
            self.console.print(f"  {outcome.name:<20} done      {outcome.seconds:.1f} s", soft_wrap=True)


def show_done(done: Done) -> None:
    """Where the report is."""
    count = len(done.executed)
    ran = f"{count} notebook{'' if count == 1 else 's'} executed" if count else "nothing to execute"
    say(f"{ran}; the report: {shown(done.folder / 'index.html')}")


def show_rows(cohort: Cohort, found: bool) -> None:
    """Which patient-level rows a run is about, and everything that is odd about them."""
    where = ", found in the study folder" if found else ""
    lacking = int(cohort.missing["missing"].sum())
    gaps = "no value missing" if not lacking else f"{lacking} value{'s' if lacking != 1 else ''} missing"
    events = cohort.adverse_events
    safety = "" if events is None else f", {len(events)} adverse events"
    say(f"rows: {cohort.source}{where}: {cohort.n} patients{safety}, {gaps}")
    for column, missing, of in cohort.missing.itertuples(index=False):
        if missing:
            say(f"  {column}: {missing} of {of} missing")
    for text in cohort.warnings:
        say(f"  note: {text}")


def show_rows_ledger(study: Study, ledger: RowsLedger) -> None:
    """The claims against the rows as a table, the conventions of the paper, and a line that counts the verdicts."""
    out = console()
    table = _ledger_table(f"{study.id}: the printed numbers against the rows", "the rows print")
    for row in ledger.rows:
        verdict = str(row.verdict)
        marked = Text(f"{ROWS_MARKS[verdict]} {verdict}", style=ROWS_STYLES.get(verdict, ""))
        off = f"printed {row.difference:+g}" if verdict == "differs" and row.difference is not None else ""
        kept = row.convention if verdict == "reproduced otherwise" else ""
        why = "; ".join(filter(None, (off, kept, row.note)))
        table.add_row(row.claim, FIELD_TITLES.get(row.field, row.field), row.printed, row.digits or "–", marked, why)
    out.print(table)
    for part, convention in ledger.conventions().items():
        out.print(f"{part}: {convention}")
    counts = Counter(str(row.verdict) for row in ledger.rows)
    total = len(ledger.rows)
    out.print(f"{total} printed numbers: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.most_common()))


def _ledger_table(title: str, predicted_by: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for heading, justify in (
        ("claim", "left"),
        ("field", "left"),
        ("printed", "right"),
        (predicted_by, "right"),
    ):
        table.add_column(heading, justify=justify, no_wrap=heading != predicted_by)  # type: ignore[arg-type]
    table.add_column("verdict", no_wrap=True)
    table.add_column("why", ratio=1)
    return table


def show_ledger(study: Study, rows: Sequence[Mapping[str, Any]]) -> None:
    """The ledger as a table, and a last line that counts the verdicts."""
    out = console()
    table = _ledger_table(f"{study.id}: {study.title}", "the rest predicts")
    for row in rows:
        verdict = str(row["verdict"])
        marked = Text(f"{MARKS.get(verdict, ' ')} {verdict}", style=STYLES.get(verdict, ""))
        field = FIELD_TITLES.get(row["field"], row["field"])
        table.add_row(row["claim"], field, row["printed"], predicted(row["predicted"]), marked, row["note"])
    out.print(table)
    counts = Counter(str(row["verdict"]) for row in rows)
    out.print(f"{len(rows)} printed numbers: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.most_common()))


def predicted(value: Any) -> str:
    """What the rest predicts, in a few words."""
    if isinstance(value, Mapping):
        return f"{value['min']} to {value['max']}"
    texts = [str(v) for v in value]
    return ", ".join(texts[:4]) + (f" … ({len(texts)})" if len(texts) > 4 else "") if texts else "–"


def show_inversion(found: Mapping[str, Any]) -> None:
    """An inversion, endpoint by endpoint: histories, conventions, what was set aside, days of events."""
    out = console()
    for name, e in found["endpoints"].items():
        out.print(f"{found['study']} {name}: n = {e['n']}", style="bold")
        out.print(f"  {_count(e)}")
        for index, history in enumerate(e["histories"]):
            out.print(f"  {index:>4}  {history}", soft_wrap=True)
        hidden = (e["count"] if isinstance(e["count"], int) else 0) - len(e["histories"])
        if e["exhaustive"] and hidden > 0:
            out.print(f"        … and {hidden} more (--limit)")
        out.print(f"  up to the last landmark: {_range(e['events'])} events, {_range(e['censored'])} censored")
        for c in e["conventions"]:
            first = f"S and se rounded to {c['rounded_to']} decimals first" if c["rounded_to"] else "full precision"
            out.print(f"  convention: {c['interval']} interval, z {c['z']}, {first}, {c['rounding']}")
        for s in e["set_aside"]:
            digit = " (one digit off)" if s.get("one_digit") else ""
            field = FIELD_TITLES.get(s["field"], s["field"])
            rest = f"the rest predicts {predicted(s['expected'])}{digit}"
            out.print(f"  set aside: {s['claim']} {field} {s['printed']}; {rest}", style="red")
        for (first_day, last_day), same in groupby(e["event_days"].items(), key=lambda item: tuple(item[1])):
            days = f"day {first_day}" if first_day == last_day else f"between day {first_day} and day {last_day}"
            numbers = [k for k, _ in same]
            which = f"event {numbers[0]}" if len(numbers) == 1 else f"events {numbers[0]} to {numbers[-1]}"
            out.print(f"  {which}: {days}")
        if "certificate" in e:
            _show_certificate(out, e["certificate"])
        steps = found.get("evidence", {}).get(name, [])[1:]
        for step in steps:
            if step["before"] != step["after"]:
                out.print(f"  {step['evidence']}: {step['before']} histories before, {step['after']} after")
        idle = [step["evidence"] for step in steps if step["before"] == step["after"]]
        if idle:
            out.print(f"  held against {'; '.join(idle)}: no history excluded")
    _show_whole_paper(out, found)


def _show_certificate(out: Console, certificate: Mapping[str, Any]) -> None:
    """What else is certain, landmark by landmark; a star marks an end of a bound at which no history was found."""
    for b in certificate["landmarks"]:
        parts = [f"{_starred(b[name])} {word}" for name, word in (("events", "events"), ("censored", "censored"))]
        s = " to ".join(f"{100 * x:.2f}" for x in b["survival"])
        out.print(f"  by {b['claim']}: {', '.join(parts)}, {_starred(b['at_risk'])} left, S between {s} %")
    undecided = len(certificate["undecided"])
    if undecided:
        noun = "convention was" if undecided == 1 else "conventions were"
        out.print(f"  {undecided} {noun} neither found nor excluded")
    for note in certificate["notes"]:
        out.print(f"  note: {note}", soft_wrap=True)


def _starred(bound: Mapping[str, Any]) -> str:
    ends = [f"{bound[end]}{'' if bound[end] == bound[f'attained_{end}'] else '*'}" for end in ("low", "high")]
    return ends[0] if bound["low"] == bound["high"] else " to ".join(ends)


def _show_whole_paper(out: Console, found: Mapping[str, Any]) -> None:
    """What contradicts what over the whole paper, and what is assumed about endpoints of the same patients."""
    for contradiction in found.get("contradictions", []):
        out.print(f"contradiction: {', '.join(contradiction['claims'])}; set aside one of", style="red")
        for some in contradiction["ways_out"]:
            out.print(f"  {' with '.join(_field_set_aside(item) for item in some)}", style="red")
    if found.get("unresolved"):
        out.print(f"not reconciled: {found['unresolved']}", style="red")
    assumptions = found.get("assumptions", {})
    for inner, outer in assumptions.get("linked", []):
        same = f"is censored for {outer} on that day" if assumptions["same_follow_up"] else "may be followed on"
        out.print(f"{inner} and {outer} are of the same patients; whoever is censored for {inner} {same} (assumed)")


def _field_set_aside(item: Mapping[str, Any]) -> str:
    expected = predicted(item.get("expected_range") or item["expected"])
    return f"{item['claim']} {FIELD_TITLES.get(item['field'], item['field'])} {item['printed']} (the rest: {expected})"


def _count(endpoint: Mapping[str, Any]) -> str:
    count = endpoint["count"]
    if endpoint["exhaustive"]:
        noun = "history" if count == 1 else "histories"
        return f"{count} {noun} could have printed the landmarks (all were tried)" if count else "no history fits"
    if count is None:
        return "not exhaustive: a seeded sample of the histories that fit"
    if count == [0, 0]:
        return "certainly no history fits, whichever few numbers are set aside"
    low, high = (f"{number:,}" if number < 10**9 else f"{number:.3g}" for number in count)
    return f"too many to list: certainly {low} to {high} histories could have printed the landmarks; some of them"


def _range(bounds: Any) -> str:
    if bounds is None:
        return "an unknown number of"
    if isinstance(bounds, int):
        return str(bounds)
    low, high = bounds
    return str(low) if low == high else f"{low} to {high}"


def show_studies(studies: Sequence[StudySummary]) -> None:
    """One line a study; a folder that cannot be read says why."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("study", "n", "claims", "title"):
        table.add_column(heading, justify="right" if heading in ("n", "claims") else "left")
    for study in studies:
        size = "" if study.n is None else str(study.n)
        table.add_row(study.id, size, str(study.claims), Text(study.problem, "red") if study.problem else study.title)
    console().print(table)
