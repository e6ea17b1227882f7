"""What several lessons need of the studies: the histories behind the first one, the real rows of the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from helpers.inversion import StudyInversion, invert_study
from helpers.inversion.frames import ladder_frame, landmark_frame
from helpers.inversion.history import State, state_after
from helpers.study import Claim, Study, load_study

if TYPE_CHECKING:
    import pandas as pd

STUDY, CONTROL = "zhuo2024", "freireich1963"


@dataclass(frozen=True)
class Landmark:
    """A printed landmark with the history that leads to it (the first of those that could have printed it)."""

    claim: Claim
    history: str
    n: int

    @property
    def state(self) -> State:
        """Curve, Greenwood's sum and patients at risk there, exact."""
        return state_after(self.history, self.n)

    @property
    def survival(self) -> Fraction:
        """S(t), exact."""
        return self.state.survival

    @property
    def std_error(self) -> float:
        """Greenwood's standard error."""
        return float(self.state.variance) ** 0.5


@dataclass(frozen=True)
class Facts:
    """The first study, read backwards."""

    paper: Study
    inversion: StudyInversion = field(repr=False)

    def histories(self, endpoint: str) -> tuple[str, ...]:
        """Every history that could have printed the landmarks of an endpoint."""
        return self.inversion.endpoints[endpoint].histories

    def landmark(self, claim: str) -> Landmark:
        """A landmark with its history."""
        found = self.paper.claim(claim)
        assert found.endpoint is not None
        frame = landmark_frame(self.inversion, found.endpoint, most=1)
        rung = int(frame.loc[frame["claim"] == claim, "rung"].iloc[0])
        n = self.paper.patients(found.endpoint)
        return Landmark(found, self.histories(found.endpoint)[0][: n - rung], n)

    def ladder(self, endpoint: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rungs and landmarks of an endpoint, for `helpers.figures.ladder`."""
        from helpers.inversion.report import endpoint_timelines

        found = endpoint_timelines(self.inversion, endpoint)
        return ladder_frame(self.inversion.endpoints[endpoint], found), landmark_frame(self.inversion, endpoint)


@lru_cache(maxsize=1)
def facts() -> Facts:
    """The first study with its inversion; worked out once."""
    paper = load_study(STUDY)
    return Facts(paper, invert_study(paper))


@lru_cache(maxsize=4)
def weeks(arm: str = "DR_6MP") -> tuple[tuple[int, int], ...]:
    """Real rows of the other study, one arm: weeks in remission and 1 for a relapse or 0, in order of time."""
    from helpers.cohort import find_cohort, load_cohort

    study = load_study(CONTROL)
    path = find_cohort(study, "")
    assert path is not None
    rows = load_cohort(study, path).endpoint(arm)
    pairs = zip((rows.days / 7).round().astype(int).tolist(), rows.event.tolist(), strict=True)
    return tuple(sorted(pairs, key=lambda pair: (pair[0], -pair[1])))


def times_and_events(arm: str = "DR_6MP") -> tuple[list[int], list[int]]:
    """The same as two lists, as estimators take them."""
    return [week for week, _ in weeks(arm)], [event for _, event in weeks(arm)]


def weeks_text(arm: str = "DR_6MP") -> str:
    """The real rows as textbooks list them: weeks in order, + for a censored one."""
    return ", ".join(f"{week}{'' if event else '+'}" for week, event in weeks(arm))
