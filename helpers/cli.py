"""The command line: it reads arguments, calls, and shows; heavy modules are imported when needed."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    name="unrounded",
    help="What lies behind rounded survival numbers: every history that could have printed them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

DEFAULT_STUDY = "zhuo2024"
StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A study in data/, or the path of a study folder.")]
CohortFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE|none", help="Patient-level rows, CSV or Parquet (default: the study's own cohort.csv, if any)."
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit", metavar="SECONDS", min=1.0, help="For each endpoint whose histories are too many to list."
    ),
]
AllowIdentifiers = Annotated[
    bool, typer.Option("--allow-identifiers", help="Drop identifying columns instead of refusing the file.")
]


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
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", metavar="NAME=VALUE", help="Set a notebook parameter."),
    ] = None,
    cohort: CohortFile = None,
    adverse_events: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Their adverse events (default: adverse_events.csv beside the cohort)."),
    ] = None,
    allow_identifiers: AllowIdentifiers = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write DIR/<study>/ instead of results/<study>/.")
    ] = None,
    jobs: Annotated[int, typer.Option(metavar="N", help="Notebooks at once.")] = 2,
    force: Annotated[bool, typer.Option("--force", help="Run every notebook, changed or not.")] = False,
) -> None:
    """Execute the notebooks; write tables, figures, ledger, manifest and the HTML report."""
    from helpers.paths import RESULTS
    from helpers.suite import run as suite
    from helpers.suite.terminal import Progress, show_done, show_rows

    settings = suite.Settings(
        pairs=tuple(parameter or ()),
        cohort=cohort,
        adverse_events=adverse_events,
        allow_identifiers=allow_identifiers,
        out=out if out is not None else RESULTS,
        jobs=jobs,
        force=force,
    )
    for plan in suite.plan(studies or [DEFAULT_STUDY], settings):
        progress = Progress(plan.study)
        if plan.rows is not None:
            show_rows(plan.rows.cohort, found=plan.rows.named is None)
        show_done(suite.run(plan, progress))


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

        rows = [row.as_dict() for row in ledger(loaded, deadline=time_limit, tell=_tell)]
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

    found = inversion_report.as_json(invert_study(loaded, deadline=time_limit, tell=_tell), endpoint, limit)
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
    from helpers.errors import InputError, Problem
    from helpers.suite.terminal import say

    if out.suffix not in (".csv", ".parquet"):
        raise InputError(Problem("the file must end in .csv or .parquet", "e.g. --out patients.csv", found=out.name))
    if not out.parent.is_dir() or out.is_dir():
        raise InputError(
            Problem("the file cannot be written there", "name a file in a folder that exists", found=str(out))
        )
    from helpers.inversion.draws import draw_patients
    from helpers.study import load_study

    loaded = load_study(study)
    frame = draw_patients(loaded, draws, seed)
    if set(frame["data_kind"]) != {"reconstructed"}:
        raise AssertionError("a drawn table must be labelled reconstructed in every row")
    if out.suffix == ".csv":
        frame.to_csv(out, index=False, lineterminator="\n")
    else:
        frame.to_parquet(out, index=False)
    tables = "table" if draws == 1 else "tables"
    say(f"{draws} reconstructed {tables} of {loaded.n} patients, {len(frame)} rows: {out}")
    if frame.attrs.get("distribution"):
        say(str(frame.attrs["distribution"]))


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
def studies() -> None:
    """List the studies in data/."""
    from helpers.study import list_studies
    from helpers.suite.terminal import show_studies

    show_studies(list_studies())


@app.command()
def explore(
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Port; the next free one if taken.")] = 8866,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Serve the what-if bench (notebooks/explore.ipynb) as an application on this machine."""
    from helpers.explore.serve import serve

    serve(port, browser=browser)


@app.command()
def baseline(
    notebooks: Annotated[
        list[Path] | None, typer.Argument(metavar="[NOTEBOOK]...", help="Notebooks (default: all).")
    ] = None,
    jobs: Annotated[int, typer.Option(metavar="N", min=1, help="Notebooks at once.")] = 2,
) -> None:
    """Re-execute notebooks with their defaults and store the outputs that the tests compare with."""
    from helpers.errors import InputError, Problem
    from helpers.paths import shown
    from helpers.suite.baseline import store_baseline
    from helpers.suite.terminal import Progress, say

    for path in notebooks or []:
        if not path.is_file():
            raise InputError(Problem("no such notebook", "give the path of an .ipynb file", found=str(path)))
    progress = Progress(None)
    changed = store_baseline(notebooks or (), jobs=jobs, started=progress.started, ended=progress.ended)
    for path in changed:
        say(f"changed: {shown(path)}")
    say(f"{len(changed)} of the stored notebooks changed")


def _tell(line: str) -> None:
    """How large a job is and how far it has come: on standard error, so that results can be piped."""
    print(line, file=sys.stderr, flush=True)


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
        sys.exit(_explain(error))


def _explain(error: Exception) -> int:
    """Print an error in two lines and return the exit code that goes with it."""
    from helpers.errors import shorten

    code: Any = getattr(error, "exit_code", None)
    if code is not None:
        print(error, file=sys.stderr)
        return int(code)
    if isinstance(error, OSError):
        print(
            f"{error.strerror or error}: {error.filename or ''}\n  remedy: check the path and its rights",
            file=sys.stderr,
        )
        return 2
    text = shorten(str(error), 200)
    print(
        f"unexpected {type(error).__name__}: {text}\n  remedy: run again with --debug and report it",
        file=sys.stderr,
    )
    return 1
