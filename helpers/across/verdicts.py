"""The verdicts of all studies in data/, frozen: inverting every one of them takes minutes.

Each row carries a hash of everything that decides it in the study folder; a row whose hash no longer fits is refused,
never shown. ``python -m helpers.across.verdicts`` derives anew what is missing or changed (``--all``: everything),
one study after the other, each in a process of its own. No clock is involved, so the tables are the same everywhere.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.errors import InputError, Problem
from helpers.study import list_studies, load_study
from helpers.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

    from helpers.inversion.inverted import EndpointInversion

FOLDER = Path(__file__).with_name("frozen")
VERDICTS, INVERSIONS = FOLDER / "verdicts.csv", FOLDER / "inversions.csv"
VERDICT_COLUMNS = ("study", "inputs", "claim", "field", "printed", "predicted", "verdict", "note")
INVERSION_COLUMNS = (
    "study", "inputs", "endpoint", "n", "landmarks", "numbers", "decimals", "with_interval", "listed", "count_low",
    "count_high", "interval", "rounded_first", "z", "rounding", "set_aside", "why_not",
)  # fmt: skip
COMMAND = "python -m helpers.across.verdicts"
_DECIDING = ("id", "n", "conventions", "totals", "enrolled_from", "enrolled_to", "last_follow_up_before")


def inputs_hash(study: Study) -> str:
    """Hash of all in a study folder that its verdicts depend on; not titles, notes, nor what it is compared by."""
    material = {
        **{name: getattr(study, name) for name in _DECIDING},
        "endpoints": {key: _without(_fields_of(endpoint), "name") for key, endpoint in study.endpoints.items()},
        "claims": [_without(_fields_of(claim), "source", "note", "row") for claim in study.claims],
    }
    text = json.dumps(_plain(material), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _fields_of(entry: Any) -> dict[str, Any]:
    """The fields of a frozen dataclass, mappings left as they are."""
    return {one.name: getattr(entry, one.name) for one in fields(entry)}


def _without(entry: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in names}


def _plain(value: Any) -> Any:
    if hasattr(value, "items"):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def derive(study: Study) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of one study: one a printed number, and one an endpoint with a printed landmark."""
    from helpers.inversion.paper import invert_study
    from helpers.ledger import ledger_of

    inversion = invert_study(study)
    key = {"study": study.id, "inputs": inputs_hash(study)}
    verdicts = [
        {
            **key,
            "claim": row.claim,
            "field": row.field,
            "printed": row.printed,
            "predicted": row.predicted_text,
            "verdict": str(row.verdict),
            "note": row.note,
        }
        for row in ledger_of(inversion)
    ]
    return verdicts, [{**key, **_inversion_row(endpoint)} for endpoint in inversion.endpoints.values()]


def _inversion_row(endpoint: EndpointInversion) -> dict[str, Any]:
    """How large the set of histories of an endpoint is, and how its numbers can have been made."""
    texts = [text for mark in endpoint.landmarks for text in _texts(mark)]
    own = endpoint.certificate
    low, high = (len(endpoint.histories),) * 2 if own is None else (own.count.low, own.count.high)
    ways = endpoint.possible_conventions
    return {
        "endpoint": endpoint.endpoint,
        "n": endpoint.n,
        "landmarks": len(endpoint.landmarks),
        "numbers": len(texts),
        "decimals": max(number.decimals for number in texts),
        "with_interval": sum(mark.ci_low is not None or mark.ci_high is not None for mark in endpoint.landmarks),
        "listed": "yes" if own is None and endpoint.exhaustive else "no",
        "count_low": str(low),
        "count_high": "" if high is None else str(high),
        "interval": " or ".join(dict.fromkeys(str(way.interval) for way in ways)),
        "rounded_first": " or ".join(dict.fromkeys(str(way.rounded_to or "no") for way in ways)),
        "z": " or ".join(dict.fromkeys(way.z for way in ways)),
        "rounding": " or ".join(dict.fromkeys(str(way.rounding) for way in ways)),
        "set_aside": "; ".join(f"{item.field.claim} {item.field.name} {item.printed}" for item in endpoint.set_aside),
        "why_not": endpoint.why_not,
    }


def _texts(mark: Any) -> list[Any]:
    return [number for number in (mark.value, mark.ci_low, mark.ci_high) if number is not None]


def frozen_verdicts(studies: Sequence[Study]) -> pd.DataFrame:
    """One row a printed number of these studies; columns `VERDICT_COLUMNS`, all text.

    Raises
    ------
    InputError
        A study that is missing from the frozen table, or whose folder has changed since.
    """
    return _read(VERDICTS, studies)


def frozen_inversions(studies: Sequence[Study]) -> pd.DataFrame:
    """One row an endpoint with a printed landmark; columns `INVERSION_COLUMNS`, counts of histories as whole numbers.

    `count_high` is None where nothing bounds the number of histories from above. Raises as `frozen_verdicts`.
    """
    frame = _read(INVERSIONS, studies)
    for column in ("n", "landmarks", "numbers", "decimals", "with_interval"):
        frame[column] = frame[column].astype(int)
    for column in ("count_low", "count_high"):
        frame[column] = [int(text) if text else None for text in frame[column]]
        frame[column] = frame[column].astype(object)
    return frame


def _read(path: Path, studies: Sequence[Study]) -> pd.DataFrame:
    frame = _table(path)
    wanted = {study.id: inputs_hash(study) for study in studies}
    known = _known()
    stale = [name for name, inputs in wanted.items() if known.get(name) != inputs]
    if stale:
        raise InputError(
            Problem(
                "the frozen verdicts do not fit the study folders as they are now",
                f"derive them anew: {COMMAND} (it takes minutes)",
                found=", ".join(stale),
            )
        )
    order = {name: place for place, name in enumerate(wanted)}
    kept = frame[frame["study"].isin(list(order))]
    return kept.sort_values("study", key=lambda c: c.map(order), kind="stable").reset_index(drop=True)


def _table(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _known() -> dict[str, str]:
    """The hash under which each study is frozen."""
    if not VERDICTS.exists():
        return {}
    frame = _table(VERDICTS)
    return dict(zip(frame["study"], frame["inputs"], strict=True))


def write(names: Iterable[str]) -> None:
    """Derive studies anew, each in a process of its own, and put their rows into the frozen tables."""
    for name in names:
        with ProcessPoolExecutor(
            1, mp_context=get_context("spawn")
        ) as pool:  # gives the memory back, and says if it dies
            rows = pool.submit(_rows_of, name).result()
        for path, columns, own in zip((VERDICTS, INVERSIONS), (VERDICT_COLUMNS, INVERSION_COLUMNS), rows, strict=True):
            _store(path, columns, name, own)
        print(f"{name}: {len(rows[0])} printed numbers, {len(rows[1])} endpoints", flush=True)


def _rows_of(name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return derive(load_study(name))


def _store(path: Path, columns: Sequence[str], name: str, rows: list[dict[str, Any]]) -> None:
    import pandas as pd

    before = _table(path) if path.exists() else pd.DataFrame(columns=list(columns))
    own = pd.DataFrame(rows, columns=list(columns))
    frame = pd.concat([before[before["study"] != name], own]).sort_values("study", kind="stable")
    FOLDER.mkdir(exist_ok=True)
    frame.to_csv(path, index=False, lineterminator="\n")


def main() -> None:
    """Write the frozen tables."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("studies", nargs="*", help="studies in data/ (default: those missing or changed)")
    parser.add_argument("--all", action="store_true", help="derive every study anew")
    chosen = parser.parse_args()
    known = _known()
    names = [summary.id for summary in list_studies()]
    stale = [name for name in names if known.get(name) != inputs_hash(load_study(name))]
    write(chosen.studies or (names if chosen.all else stale))


if __name__ == "__main__":
    main()
