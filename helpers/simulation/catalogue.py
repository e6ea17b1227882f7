"""The simulations that can be repeated: each as tasks that do not depend on each other, and what joins their results.

The tasks of a simulation are the same whoever does them, and are joined in their own order: the same seed gives the
same table however the work is spread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from helpers.simulation import coverage, identifiability, larger, mutation, real_data
from helpers.simulation import field as against_the_field

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Simulation:
    """A simulation: `tasks(cases, seed)`, what is done with one, what joins the results, and what a person is shown.

    `cases` is how many the stored table was made of; None where the data are given, so that there is nothing to draw.
    `lost` says whether a table shows that the suite is at fault. `csv` is how its table is written.
    """

    name: str
    about: str
    cases: int | None
    tasks: Callable[[int, int], Sequence[Any]]
    part: Callable[[Any], Any]
    joined: Callable[[Iterable[Any]], pd.DataFrame]
    shown: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame
    lost: Callable[[pd.DataFrame], bool] = lambda frame: False
    csv: Mapping[str, str] = field(default_factory=dict)


def _field_part(arm: real_data.Arm) -> pd.DataFrame:
    return against_the_field.table([arm])


def _real_part(arm: real_data.Arm) -> pd.DataFrame:
    return real_data.table([arm])


def _below_each_other(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    every = list(parts)
    return pd.concat([frame for frame in every if len(frame)] or every[:1], ignore_index=True)


def _by_account(frame: pd.DataFrame) -> pd.DataFrame:
    return mutation.rates(frame, "account", "field")


def _truths_lost(frame: pd.DataFrame) -> bool:
    return bool(frame["lost"].sum())


SIMULATIONS = {
    simulation.name: simulation
    for simulation in (
        Simulation(
            "coverage", "is the truth always among what the inversion finds", 100_000,
            coverage.tasks, coverage.part, coverage.joined, lost=_truths_lost,
        ),
        Simulation(
            "field", "Guyot's reconstruction and the inversion on the same real arms", None,
            lambda cases, seed: real_data.ARMS, _field_part, _below_each_other, against_the_field.summary,
            csv={"float_format": "%.9g"},
        ),
        Simulation(
            "identifiability", "how many histories print the same numbers", 40,
            identifiability.tasks, identifiability.part, identifiability.joined,
        ),
        Simulation(
            "larger", "how far listing every history reaches in larger cohorts", 20,
            larger.tasks, larger.part, larger.joined,
        ),
        Simulation(
            "mutation", "how often one wrong digit is noticed", 80,
            mutation.tasks, mutation.part, mutation.joined, _by_account,
        ),
        Simulation(
            "real-data", "real cohorts printed as papers print them, and inverted", None,
            lambda cases, seed: real_data.ARMS, _real_part, _below_each_other,
        ),
    )
}  # fmt: skip
