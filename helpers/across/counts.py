"""Outcomes that are counts: which count out of how many a study prints, or leaves open, for an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from helpers.estimators.proportions import ProportionMethod, proportion
from helpers.ledger.arithmetic import fitting_counts, prints_proportion
from helpers.printed import Rounding, round_to, show
from helpers.study.comparison import ComparedOutcome
from helpers.study.model import Claim, Study


@dataclass(frozen=True)
class Counted:
    """The counts out of n that a study can mean by what it prints; one where the count is printed or follows.

    `how` says where the count comes from: printed, implied by words, or the only one (or ones) that print a percentage.
    `counts` is empty where nothing fits; `how` then says why.
    """

    counts: tuple[int, ...]
    n: int
    how: str

    @property
    def middle(self) -> int:
        """The count in the middle of those that are possible."""
        return self.counts[len(self.counts) // 2]

    @property
    def text(self) -> str:
        """``18/22``, or ``157–159/185`` where the count is not certain."""
        low, high = self.counts[0], self.counts[-1]
        return f"{low}/{self.n}" if low == high else f"{low}–{high}/{self.n}"

    @property
    def limits(self) -> tuple[float, float]:
        """Ends of the exact (Clopper-Pearson) 95 % interval, the widest over the counts that are possible."""
        return proportion(self.counts[0], self.n).low, proportion(self.counts[-1], self.n).high


def counted(study: Study, outcome: ComparedOutcome) -> Counted:
    """The counts that a study can mean for an outcome.

    >>> from helpers.study import load_study
    >>> paper = load_study("zhuo2024")
    >>> counted(paper, paper.comparison.outcomes["cr"]).text
    '18/22'
    """
    claim = study.claim(outcome.claim)
    n = claim.n
    if outcome.of:
        total = study.claim(outcome.of).count
        assert total is not None  # the loader has seen to it
        n = int(total.value)
    if outcome.count is not None:
        return Counted((outcome.count,), n, "follows from the words")
    if claim.count is not None:
        k = int(claim.count.value)
        if claim.value is not None and n == claim.n and not prints_proportion(k, n, claim.value, claim.scale):
            return Counted((k,), n, f"printed, although {claim.value.text} % is another count")
        return Counted((k,), n, "printed")
    assert claim.value is not None  # a proportion has a count or a value
    fitting = fitting_counts(n, claim.value, claim.scale)
    if not fitting:
        return Counted((), n, f"no whole number of {n} prints {claim.value.text} %")
    kept = tuple(k for k in fitting if _limits_fit(claim, k)) or tuple(fitting)
    if len(kept) == 1:
        return Counted(kept, n, f"the only count that prints {claim.value.text} %")
    return Counted(kept, n, f"all of these print {claim.value.text} %")


def _limits_fit(claim: Claim, k: int) -> bool:
    """Whether a usual method prints the claim's interval for a count; true where no interval is printed."""
    if claim.ci_low is None or claim.ci_high is None:
        return True
    for method in ProportionMethod:
        found = proportion(k, claim.n, method, float(claim.ci_level))
        if all(
            printed.text in {show(round_to(_inside(x) / claim.scale, printed.decimals, rule), printed.decimals) for rule
            in Rounding}
            for printed, x in ((claim.ci_low, found.low), (claim.ci_high, found.high))
        ):  # fmt: skip
            return True
    return False


def _inside(x: float) -> Fraction:
    return min(max(Fraction(x), Fraction(0)), Fraction(1))
