"""The command line: it reads arguments, calls, and shows; heavy modules are imported when needed."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from helpers.cli_options import (
    AdverseEvents,
    AllowIdentifiers,
    CohortFile,
    Jobs,
    Parameters,
    Scheduler,
    StudyName,
    TimeLimit,
    explain,
    tell,
)
from helpers.cli_upkeep import baseline, explore, lessons

DEFAULT_STUDY = "zhuo2024"
app = typer.Typer(
    name="unrounded",
    help="What lies behind rounded survival numbers: every history that could have printed them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """What lies behind rounded survival numbers: every history that could have printed them."""


@app.command()
def run(
    studies: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STUDY|FOLDER]...", help="Studies to run (default: zhuo2024)."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Run every study in data/.")] = False,
    parameter: Parameters = None,
    cohort: CohortFile = None,
    adverse_events: AdverseEvents = None,
    allow_identifiers: AllowIdentifiers = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write DIR/<study>/ instead of results/<study>/.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NOTEBOOK", help="Only this notebook, e.g. 06_verdict (repeatable).")
    ] = None,
    jobs: Jobs = 2,
    scheduler: Scheduler = None,
    force: Annotated[bool, typer.Option("--force", help="Run every notebook, changed or not.")] = False,
) -> None:
    """Execute the notebooks; write tables, figures, ledger, manifest and the HTML report.

    Several studies run at once, and one that fails stops no other. A parameter with several values, as in
    -p days_per_month=30,30.4375, runs every combination and shows which printed numbers depend on which choice.
    """
    from helpers.paths import RESULTS
    from helpers.suite.command import run_studies
    from helpers.suite.planning import Settings

    settings = Settings(
        pairs=tuple(parameter or ()),
        cohort=cohort,
        adverse_events=adverse_events,
        allow_identifiers=allow_identifiers,
        out=out if out is not None else RESULTS,
        jobs=jobs,
        force=force,
        only=tuple(only or ()),
    )
    named = list(studies or [])
    run_studies(named if named or everything else [DEFAULT_STUDY], everything, settings, scheduler)


@app.command()
def check(
    study: StudyName,
    cohort: CohortFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if a number is impossible, or differs.")] = False,
    allow_identifiers: AllowIdentifiers = False,
    time_limit: TimeLimit = None,
) -> None:
    """Judge every printed number by all the others, or by the patient-level rows."""
    from helpers.study import load_study
    from helpers.suite.terminal import print_json, show_ledger, show_rows, show_rows_ledger

    loaded = load_study(study)
    bad, named = False, cohort is not None and str(cohort) != "none"
    if not named:
        from helpers.ledger import ledger

        rows = [row.as_dict() for row in ledger(loaded, deadline=time_limit, tell=tell)]
        bad = any(row["verdict"] == "impossible" for row in rows)
        if as_json:
            print_json(rows)
        else:
            show_ledger(loaded, rows)
    from helpers.cohort import find_cohort

    path = find_cohort(loaded, cohort or "")
    if path is not None and (named or not as_json):
        from helpers.cohort import load_cohort
        from helpers.ledger.cohort import cohort_ledger

        held = load_cohort(loaded, path, allow_identifiers=allow_identifiers)
        against = cohort_ledger(held)
        bad = bad or any(row.verdict == "differs" for row in against.rows)
        if as_json:
            print_json(against.as_dicts())
        else:
            show_rows(held, found=not named)
            show_rows_ledger(loaded, against)
    if strict and bad:
        raise typer.Exit(1)


@app.command()
def verify(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="A results folder, or a zip of one.")],
    rerun: Annotated[bool, typer.Option("--rerun", help="Execute it again and compare every file.")] = False,
    seal: Annotated[str, typer.Option(metavar="SHA256", help="What the seal must be, as known from elsewhere.")] = "",
    study: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Its study folder, if not in data/.")] = None,
    cohort: CohortFile = None,
    adverse_events: AdverseEvents = None,
    allow_identifiers: AllowIdentifiers = False,
    jobs: Jobs = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Hash every file of results and hold it against their records; exit 1 if anything differs."""
    from helpers.provenance.command import run_verify
    from helpers.provenance.rerun import Means

    if not run_verify(results, seal, rerun, Means(study, cohort, adverse_events, allow_identifiers, jobs), as_json):
        raise typer.Exit(1)


@app.command()
def invert(
    study: StudyName,
    endpoint: Annotated[str | None, typer.Option(metavar="NAME", help="One endpoint only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    limit: Annotated[int, typer.Option(metavar="K", min=0, help="Show at most K histories.")] = 20,
    time_limit: TimeLimit = None,
) -> None:
    """List every history that could have printed the landmarks."""
    from helpers.errors import InputError, Problem, nearest
    from helpers.study import load_study
    from helpers.suite.terminal import print_json, show_inversion

    loaded = load_study(study)
    if endpoint is not None and endpoint not in loaded.endpoints:
        like = nearest(endpoint, loaded.endpoints)
        known = ", ".join(loaded.endpoints)
        remedy = f"did you mean {like}? known are: {known}" if like else f"known are: {known}"
        raise InputError(Problem(f"{loaded.id} has no such endpoint", remedy, found=endpoint))
    from helpers.inversion import invert_study
    from helpers.inversion import report as inversion_report

    found = inversion_report.as_json(invert_study(loaded, deadline=time_limit, tell=tell), endpoint, limit)
    if as_json:
        print_json(found)
    else:
        show_inversion(found)


@app.command()
def draw(
    study: StudyName,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write: .csv or .parquet.")],
    draws: Annotated[int, typer.Option(metavar="K", min=1, help="How many tables.")] = 1,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="The same seed draws the same tables.")] = 1,
) -> None:
    """Write reconstructed patient-level tables that fit everything printed, labelled as reconstructed."""
    from helpers.study import load_study
    from helpers.suite.drawn import require_place, write_drawn
    from helpers.suite.terminal import say

    require_place(out)
    for line in write_drawn(load_study(study), out, draws, seed):
        say(line)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that does not exist yet.")],
) -> None:
    """Make a commented study folder to fill in."""
    from helpers.study import write_template
    from helpers.suite.terminal import say

    write_template(folder)
    say(f"{folder} is ready: fill in study.yaml and claims.csv, then: unrounded check {folder}")
    say("with patient-level rows fill in cohort.csv too, and delete its first line; without them delete it")


@app.command()
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An abstract: .txt, .html, or .pdf with a text layer.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where to write the draft (default: the file's name).")
    ] = None,
) -> None:
    """Draft a study folder from the text of an abstract, every number to be confirmed."""
    from helpers.reading.folder import study_id, write_folder
    from helpers.reading.reader import read_text
    from helpers.reading.show import show_draft
    from helpers.reading.source import read_source

    source = read_source(file)
    draft = read_text(source.text, source.title, source.around)
    folder = out if out is not None else Path(study_id(Path(file.stem)))
    write_folder(draft, folder, file.name, source.part)
    show_draft(draft, folder, source.part)


@app.command()
def simulate(
    name: Annotated[str, typer.Argument(metavar="SIMULATION", help="coverage, field, identifiability, larger …")],
    cases: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Made-up trials or papers (default: as in the stored table).")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="The same seed gives the same table.")] = 1,
    jobs: Jobs = 1,
    scheduler: Scheduler = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the table as CSV.")] = None,
) -> None:
    """Repeat a simulation of the inversion: identifiability, mutation, coverage, field, larger or real-data."""
    from helpers.simulation.command import run_simulation

    if not run_simulation(name, cases, seed, jobs, scheduler, out, tell):
        raise typer.Exit(1)


@app.command()
def studies() -> None:
    """List the studies in data/."""
    from helpers.study import list_studies
    from helpers.suite.terminal import show_studies

    show_studies(list_studies())


for command in (explore, baseline, lessons):
    app.command()(command)


def main() -> None:
    """Entry point of the console script: run a command, turn what goes wrong into lines and an exit code."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    arguments = sys.argv[1:]
    debug = "--debug" in arguments
    arguments = ["--debug"] * debug + [a for a in arguments if a != "--debug"]
    try:
        app(args=arguments, prog_name="unrounded")
    except KeyboardInterrupt:
        print("stopped; earlier results are untouched", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if debug:
            raise
        sys.exit(explain(error))
