"""Real cohorts of at most 60 patients: print their landmarks as papers do, invert them, and see what comes back.

No row of the data is stored here. Most cohorts come with lifelines, a dependency; the others are read from the R
packages survival and KMsurv where these are installed. What is frozen is what a paper would print, how large the set
of histories is, and a hash of the true one, by which it can be known again.
``python -m helpers.simulation.real_data`` writes the frozen table (all of it only where R is installed).
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.conventions import Convention, Interval
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.history import states
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import bindings, solve
from helpers.inversion.windows import window
from helpers.printed import PrintedNumber, Rounding
from helpers.simulation.cohort import Cohort, cohort
from helpers.simulation.print_study import LEVEL, numbers_at_risk, printed_landmarks

if TYPE_CHECKING:
    import pandas as pd

LIMIT = 2_000_000
FROZEN = Path(__file__).with_name("frozen") / "real_data.csv"
COLUMNS = (
    "arm", "source", "n", "unit", "style", "landmarks", "at_risk", "true_events", "truth", "size", "events_low",
    "events_high", "truth_in_set",
)  # fmt: skip


@dataclass(frozen=True)
class Arm:
    """One real cohort: where it comes from, and the times at which its curve is read.

    For `source` lifelines, `loader` is a function of lifelines.datasets and `where` a query; for R, `loader` is
    ``package::dataset`` and `where` an R expression in its columns. `times` are landmarks in the data's own `unit`.
    """

    name: str
    source: str
    loader: str
    time: str
    event: str
    where: str
    unit: str
    times: tuple[str, str]

    @property
    def days(self) -> tuple[Fraction, ...]:
        """The landmark times, exactly."""
        return tuple(map(Fraction, self.times))


@dataclass(frozen=True)
class Style:
    """A way to print: convention, decimals in percent, and whether numbers at risk stand beside the landmarks."""

    name: str
    convention: Convention
    decimals: int
    at_risk: bool = False


def _style(name: str, interval: Interval, rounded_to: int | None, decimals: int, *, at_risk: bool = False) -> Style:
    return Style(name, Convention(interval, "1.96", rounded_to, Rounding.HALF_UP), decimals, at_risk)


STYLES = (
    _style("plain, 1 decimal", Interval.PLAIN, None, 1),
    _style("log, 1 decimal", Interval.LOG, None, 1),
    _style("log-log, 1 decimal", Interval.LOG_LOG, None, 1),
    _style("plain, S and se to 3 decimals first", Interval.PLAIN, 3, 2),
    _style("log, 2 decimals", Interval.LOG, None, 2),
    _style("log, 1 decimal, numbers at risk", Interval.LOG, None, 1, at_risk=True),
    _style("log, no decimal, numbers at risk", Interval.LOG, None, 0, at_risk=True),
)


def _python(name: str, loader: str, columns: str, where: str, unit: str, *times: str) -> Arm:
    time, event = columns.split()
    return Arm(name, "lifelines", loader, time, event, where, unit, (times[0], times[1]))


def _r(name: str, loader: str, columns: str, where: str, unit: str, *times: str) -> Arm:
    time, event = columns.split()
    return Arm(name, "R", loader, time, event, where, unit, (times[0], times[1]))


ARMS = (
    _python("6-MP", "load_leukemia", "t status", "Rx == 0", "week", "10", "20"),
    _python("6-MP placebo", "load_leukemia", "t status", "Rx == 1", "week", "5", "10"),
    _python("psychiatric patients", "load_psychiatric_patients", "T C", "", "year", "20", "30"),
    _python("larynx stage I", "load_larynx", "time death", "Stage_II + Stage_III + Stage_IV == 0", "year", "2", "5"),
    _python("larynx stage II", "load_larynx", "time death", "Stage_II == 1", "year", "2", "5"),
    _python("larynx stage III", "load_larynx", "time death", "Stage_III == 1", "year", "2", "5"),
    _python("larynx stage IV", "load_larynx", "time death", "Stage_IV == 1", "year", "1", "2"),
    _python("miR-137 flies", "load_waltons", "T E", "group == 'miR-137'", "day", "20", "40"),
    _python("grade III glioma", "load_g3", "time event", "", "month", "12", "24"),
    _python("grade III glioma, RIT", "load_g3", "time event", "group == 'RIT'", "month", "12", "24"),
    _python("lymphoma stage III", "load_lymphoma", "Time Censor", "Stage_group == 1", "day", "90", "180"),
    _python("lung cancer, ECOG 2", "load_lung", "time status", "`ph.ecog` == 2", "day", "182.625", "365.25"),
    _r("AML maintained", "survival::aml", "time status", "x == 'Maintained'", "week", "12", "26"),
    _r("AML not maintained", "survival::aml", "time status", "x == 'Nonmaintained'", "week", "12", "26"),
    _r("ovarian, arm 1", "survival::ovarian", "futime fustat", "rx == 1", "day", "182.625", "365.25"),
    _r("ovarian, arm 2", "survival::ovarian", "futime fustat", "rx == 2", "day", "365.25", "730.5"),
    _r("Hodgkin, allogeneic", "KMsurv::hodg", "time delta", "gtype == 1 & dtype == 2", "day", "60", "182.625"),
    _r("Hodgkin, autologous", "KMsurv::hodg", "time delta", "gtype == 2 & dtype == 2", "day", "182.625", "365.25"),
    _r("non-Hodgkin, allogeneic", "KMsurv::hodg", "time delta", "gtype == 1 & dtype == 1", "day", "182.625", "365.25"),
    _r("non-Hodgkin, autologous", "KMsurv::hodg", "time delta", "gtype == 2 & dtype == 1", "day", "60", "182.625"),
    _r("breast cancer, negative", "KMsurv::btrial", "time death", "im == 1", "month", "60", "120"),
    _r("breast cancer, positive", "KMsurv::btrial", "time death", "im == 2", "month", "36", "60"),
    _r("tongue, aneuploid", "KMsurv::tongue", "time delta", "type == 1", "week", "26", "52"),
    _r("tongue, diploid", "KMsurv::tongue", "time delta", "type == 2", "week", "26", "52"),
    _r("BNCT rats, untreated", "KMsurv::bnct", "time death", "trt == 1", "day", "22", "26"),
    _r("BNCT rats, irradiated", "KMsurv::bnct", "time death", "trt == 2", "day", "28", "30"),
    _r("BNCT rats, BPA", "KMsurv::bnct", "time death", "trt == 3", "day", "35", "40"),
)


def load(arm: Arm) -> Cohort | None:
    """The patients of an arm; None where R or its package is not installed."""
    rows = _from_lifelines(arm) if arm.source == "lifelines" else _from_r(arm.name)
    return None if rows is None else cohort([(Fraction(str(time)), event > 0) for time, event in rows])


def _from_lifelines(arm: Arm) -> list[tuple[object, int]]:
    import lifelines.datasets

    frame = getattr(lifelines.datasets, arm.loader)()
    frame = frame.query(arm.where) if arm.where else frame
    events = frame[arm.event].astype(int).tolist()
    return list(zip(frame[arm.time].tolist(), events, strict=True))


def _from_r(name: str) -> list[tuple[object, int]] | None:
    return _all_from_r().get(name)


@cache
def _all_from_r() -> Mapping[str, list[tuple[object, int]]]:
    """Every arm that R can give, read in one go; empty where there is no R."""
    program = shutil.which("Rscript")
    if program is None:
        return {}
    script = "\n".join(_r_lines(arm) for arm in ARMS if arm.source == "R")
    done = subprocess.run([program, "--vanilla", "-"], input=script, capture_output=True, text=True, timeout=120)
    import pandas as pd

    if done.returncode or not done.stdout.strip():
        return {}
    frame = pd.read_csv(StringIO(done.stdout), names=["arm", "time", "event"], dtype={"arm": str, "time": str})
    return {str(name): list(zip(part["time"], part["event"], strict=True)) for name, part in frame.groupby("arm")}


def _r_lines(arm: Arm) -> str:
    package, name = arm.loader.split("::")
    return (
        f'if (requireNamespace("{package}", quietly = TRUE)) {{ e <- new.env(); '
        f'suppressWarnings(data(list = "{name}", package = "{package}", envir = e)); '
        f'd <- if (exists("{name}", e)) get("{name}", e) else getExportedValue("{package}", "{name}"); '
        f"d <- subset(d, {arm.where}); "
        f'cat(paste("{arm.name}", d${arm.time}, d${arm.event}, sep = ","), sep = "\\n"); cat("\\n") }}'
    ).replace(f'paste("{arm.name}"', f"paste('\"{arm.name}\"'")


def printed(patients: Cohort, arm: Arm, style: Style) -> tuple[tuple[Landmark, ...], tuple[Count, ...]]:
    """What a paper would print of an arm in a style: landmarks and, if the style has them, numbers at risk."""
    marks = printed_landmarks(patients, arm.days, style.convention, style.decimals)
    return marks, numbers_at_risk(patients, arm.days) if style.at_risk else ()


def as_text(landmarks: Iterable[Landmark]) -> str:
    """Landmarks as a paper would put them, e.g. ``75.3 (58.9-96.3); 62.7 (44.1-89.3)``."""
    return "; ".join(f"{_t(m.value)} ({_t(m.ci_low)}-{_t(m.ci_high)})" for m in landmarks)


def _t(number: PrintedNumber | None) -> str:
    return "" if number is None else number.text


def read(text: str, arm: Arm) -> tuple[Landmark, ...]:
    """Landmarks back from `as_text`."""
    found = []
    for part, day in zip(text.split("; "), arm.days, strict=True):
        value, _, limits = part.partition(" (")
        low, _, high = limits.rstrip(")").partition("-")
        numbers = (PrintedNumber(value), PrintedNumber(low), PrintedNumber(high))
        found.append(Landmark(f"at_{day}", day, *numbers, Fraction(1, 100), LEVEL))
    return tuple(found)


def read_counts(text: str, arm: Arm) -> tuple[Count, ...]:
    """Numbers at risk back from the table, where they stand as ``15; 8``."""
    numbers = text.split("; ") if text else []
    return tuple(Count(f"at_risk_{d}", "at_risk", d, int(k)) for d, k in zip(arm.days, numbers, strict=bool(numbers)))


def fingerprint(history: str, arm: str) -> str:
    """A hash by which a history can be known again without being told."""
    return hashlib.sha256(f"{arm}:{history}".encode()).hexdigest()[:16]


def histories(
    n: int, marks: tuple[Landmark, ...], style: Style, counts: tuple[Count, ...], limit: int = LIMIT
) -> tuple[str, ...] | None:
    """All histories that print an arm's numbers, the style known; None where there are too many to list."""
    try:
        return solve(n, marks, (style.convention,), limit, counts).histories
    except TooLargeError:
        return None


def result(arm: Arm, patients: Cohort, style: Style) -> dict[str, Any]:
    """One row of the table: what is printed, and what the inversion makes of it."""
    marks, counts = printed(patients, arm, style)
    truth = patients.history(arm.days[-1])
    found = histories(patients.n, marks, style, counts)
    numbers = {history.count("E") for history in found or ()}
    return {
        "arm": arm.name,
        "source": arm.loader if arm.source == "R" else "lifelines",
        "n": patients.n,
        "unit": arm.unit,
        "style": style.name,
        "landmarks": as_text(marks),
        "at_risk": "; ".join(str(c.number) for c in counts),
        "true_events": truth.count("E"),
        "truth": fingerprint(truth, arm.name),
        "size": None if found is None else len(found),
        "events_low": min(numbers, default=None),
        "events_high": max(numbers, default=None),
        "truth_in_set": truth in found if found is not None else accepted(patients, arm, style, marks, counts),
    }


def accepted(patients: Cohort, arm: Arm, style: Style, marks: tuple[Landmark, ...], counts: tuple[Count, ...]) -> bool:
    """The membership question where the set is too large to list: the truth prints everything and is never pruned."""
    truth = patients.history(arm.days[-1])
    way = tuple(len(patients.history(day)) for day in arm.days)
    if way not in bindings(truth, patients.n, marks, style.convention, counts):
        return False
    for mark, length in zip(marks, way, strict=True):
        state, pruned = states(truth, patients.n)[length], window(mark, style.convention)
        if not pruned.s_low <= float(state.survival) <= pruned.s_high:
            return False
        if 0 < state.survival < 1 and not pruned.g_low <= float(state.greenwood) <= pruned.g_high:
            return False
    return True


def table(arms: Iterable[Arm] = ARMS, styles: Iterable[Style] = STYLES) -> pd.DataFrame:
    """One row for each arm that can be read here and each style; columns `COLUMNS`."""
    import pandas as pd

    found = [(arm, load(arm)) for arm in arms]
    rows = [result(arm, who, style) for arm, who in found if who is not None for style in styles]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({name: "Int64" for name in ("size", "events_low", "events_high")})


def frozen() -> pd.DataFrame:
    """The table as it was last written by the command above."""
    import pandas as pd

    frame = pd.read_csv(FROZEN, dtype={"at_risk": str, "truth": str}, keep_default_na=False, na_values=[""])
    frame["at_risk"] = frame["at_risk"].fillna("")
    return frame.astype({name: "Int64" for name in ("size", "events_low", "events_high")})


def main() -> None:
    """Write the frozen table."""
    parser = argparse.ArgumentParser(prog="python -m helpers.simulation.real_data", description=__doc__)
    parser.add_argument("--out", type=Path, default=FROZEN)
    frame = table()
    frame.to_csv(parser.parse_args().out, index=False, lineterminator="\n")
    print(frame.drop(columns=["truth", "source"]).to_string(index=False))


if __name__ == "__main__":
    main()
