"""What the inversion of a paper returns: one entry for each endpoint, and the paper as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from helpers.conventions import Convention
from helpers.inversion.certify import Certificate, JobSize
from helpers.inversion.evidence import Evidence, Field, Landmark
from helpers.inversion.joint.removal import Removal
from helpers.inversion.landmarks import SetAside
from helpers.inversion.reconcile import Reconciled
from helpers.inversion.solve import Solution
from helpers.study.model import Study


@dataclass(frozen=True)
class EndpointInversion:
    """What everything printed determines about one endpoint.

    `exhaustive` is False where the set could not be gone through; `why_not` then says why, `size` how large the job
    would have been, and `certificate` what is certain all the same (of what is left once fields are set aside; then
    `solution` is empty). `alternatives` are other, equally small sets of fields that could have been set aside.
    `removals` tell how many histories each kind of evidence rules out; of `undecided` histories it is not known, for
    want of work, whether they stand.
    """

    endpoint: str
    evidence: Evidence
    solution: Solution
    set_aside: tuple[SetAside, ...] = ()
    alternatives: tuple[tuple[Field, ...], ...] = ()
    exhaustive: bool = True
    why_not: str = ""
    size: JobSize | None = None
    certificate: Certificate | None = None
    removals: tuple[Removal, ...] = ()
    undecided: int = 0

    @property
    def n(self) -> int:
        """Patients at the start."""
        return self.evidence.n

    @property
    def landmarks(self) -> tuple[Landmark, ...]:
        """The printed landmarks, complete, in order of time."""
        return self.evidence.landmarks

    @property
    def histories(self) -> tuple[str, ...]:
        """Every history that could have printed the numbers, in ladder order."""
        return self.solution.histories

    @property
    def conventions(self) -> tuple[Convention, ...]:
        """The conventions under which they could have been printed, commonest first."""
        return self.solution.conventions if self.certificate is None else self.certificate.conventions

    @property
    def possible_conventions(self) -> tuple[Convention, ...]:
        """Those, and the ones that could be neither found nor excluded where the set is too large to list."""
        return self.solution.conventions if self.certificate is None else self.certificate.possible

    @property
    def removed(self) -> tuple[Field, ...]:
        """The fields set aside."""
        return tuple(item.field for item in self.set_aside)


@dataclass(frozen=True)
class StudyInversion:
    """The inversion of everything a study prints, endpoint by endpoint.

    `shared` are the conventions that explain every endpoint at once; empty where no single one does. `deadline` is the
    time limit that was set for endpoints too large to list, if any. `reconciled` holds all printed numbers together,
    and what contradicts what.
    """

    study: Study
    days_per_month: Fraction
    endpoints: dict[str, EndpointInversion]
    shared: tuple[Convention, ...] = field(default=())
    deadline: float | None = None
    reconciled: Reconciled = field(kw_only=True, repr=False)
