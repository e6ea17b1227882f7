"""Tables and sentences that the appendix on runs at scale shows, made from what was measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.bench.scale import FROZEN

if TYPE_CHECKING:
    import pandas as pd

STUDIES = (1_000, 10_000)
WORKERS = (2, 16, 128)
MINUTE, HOUR, DAY = 60, 3600, 86_400


def frozen(path: Path = FROZEN) -> dict[str, Any]:
    """What ``python -m helpers.bench.scale`` wrote last."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def throughput_table(found: dict[str, Any]) -> pd.DataFrame:
    """The loop and the cluster: seconds a study, and studies an hour."""
    import pandas as pd

    ways = (
        ("plain loop, one study after another", found["loop_seconds"]),
        (f"cluster of {found['workers']} worker processes, one killed", found["cluster_seconds"]),
    )
    rows = [
        {
            "way": way,
            "studies": found["studies"],
            "minutes": f"{seconds / MINUTE:.1f}",
            "seconds a study": f"{seconds / found['studies']:.2f}",
            "studies an hour": f"{HOUR * found['studies'] / seconds:,.0f}",
        }
        for way, seconds in ways
    ]
    return pd.DataFrame(rows)


def same_sentence(found: dict[str, Any]) -> str:
    """Whether the kill lost anything, and how the speeds compare."""
    failed, different = len(found["failed"]), len(found["different"])
    notebooks = ", ".join(f"`{name}`" for name in found["notebooks"])
    return (
        f"A worker was killed in the middle of a notebook when {found['killed_after']} of {found['studies']} studies "
        f"were done. **{failed} studies failed, and {different} differ from the loop** in any of {found['files']:,} "
        f"files (times left out). Executed was {notebooks}, with the report. The cluster was "
        f"{found['loop_seconds'] / found['cluster_seconds']:.1f} times as fast as the loop: beside working two at a "
        "time, its workers stay, while the loop starts a process for every notebook."
    )


def memory_table(found: dict[str, Any]) -> pd.DataFrame:
    """Memory when so many studies were done."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "studies done": mark["studies"],
                "command and scheduler, MB": f"{mark['driver']:.0f}",
                "largest worker, MB": f"{mark['worker']:.0f}",
            }
            for mark in found["marks"]
        ]
    )


def seconds_of_a_worker(found: dict[str, Any]) -> dict[str, float]:
    """Seconds for which one study occupies one worker: verdicts only, and the whole sequence."""
    whole = found["whole"]
    return {
        "verdicts only": found["cluster_seconds"] * found["workers"] / found["studies"],
        "whole sequence": whole["seconds"] * whole["workers"] / whole["studies"],
    }


def cost_table(found: dict[str, Any]) -> pd.DataFrame:
    """What thousands of studies would take, by proportion, for some numbers of workers."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "what": what,
                "studies": f"{studies:,}",
                **{f"{workers} workers": time_in_words(studies * seconds / workers) for workers in WORKERS},
            }
            for what, seconds in seconds_of_a_worker(found).items()
            for studies in STUDIES
        ]
    )


def cost_sentence(found: dict[str, Any]) -> str:
    """What the extrapolation rests on, and how many workers one command can feed."""
    each = seconds_of_a_worker(found)
    driver = found["whole"]["driver_seconds"] / found["whole"]["studies"]
    return (
        f"By proportion from {each['verdicts only']:.1f} s of a worker for a study with its verdicts only "
        f"({found['studies']} studies) and {each['whole sequence']:.0f} s with the whole sequence "
        f"({found['whole']['studies']} studies). The command itself worked {driver:.2f} s a study, so one can feed "
        f"about {each['whole sequence'] / driver:,.0f} workers with whole sequences; beyond that, part the studies "
        "among several commands. These are papers of 8 to 14 patients: where a set of histories is too large to list, "
        "its certificate takes longer, and that comes on top."
    )


def machine_sentence(found: dict[str, Any]) -> str:
    """On what machine."""
    about = found["machine"]
    return (
        f"{about['cores']} cores ({about['processor']}, {about['system']}), Python {about['python']}; the machine was "
        "shared with other work, loop and cluster took turns."
    )


def time_in_words(seconds: float) -> str:
    """A time with two digits.

    >>> time_in_words(50), time_in_words(3000), time_in_words(9000), time_in_words(400_000)
    ('50 s', '50 min', '2.5 h', '4.6 days')
    """
    for unit, name, below in ((1, "s", 2 * MINUTE), (MINUTE, "min", 2 * HOUR), (HOUR, "h", 2 * DAY)):
        if seconds < below:
            return f"{float(f'{seconds / unit:.2g}'):g} {name}"
    return f"{float(f'{seconds / DAY:.2g}'):g} days"
