"""A paper with one digit changed on purpose, for practice in reviewing; always labelled as doctored.

Only a change that the other printed numbers contradict is of use: the ledger, run on the doctored paper, must call the
changed number impossible, and no other one beside those it called so before, and must name its true digits.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import Any

from helpers.errors import InputError, Problem
from helpers.ledger import LedgerRow, Verdict, ledger
from helpers.printed import PrintedNumber
from helpers.study.model import Claim, Study

LABEL = "DOCTORED FOR TEACHING: one digit was changed on purpose"


@dataclass(frozen=True)
class Doctored:
    """A paper with one wrong digit.

    Attributes
    ----------
    study : what is shown; its id and title say that it is doctored.
    claim, field : the number that was changed.
    true, wrong : its digits in the paper, and the digits shown.
    before, after : the ledgers of the paper and of the doctored one.
    """

    study: Study
    claim: str
    field: str
    true: str
    wrong: str
    before: tuple[LedgerRow, ...] = attribute(repr=False)
    after: tuple[LedgerRow, ...] = attribute(repr=False)

    @property
    def place(self) -> str:
        """Claim and field in one word, e.g. ``efs_6mo.ci_low``."""
        return f"{self.claim}.{self.field}"

    def row(self, place: str) -> LedgerRow:
        """The row of the doctored ledger for one printed number. Raises KeyError if there is none."""
        for row in self.after:
            if f"{row.claim}.{row.field}" == place:
                return row
        raise KeyError(place)

    def has(self, place: str) -> bool:
        """Whether a number of this name is printed."""
        return any(f"{r.claim}.{r.field}" == place for r in self.after)


def doctor(study: Study, seed: int, most: int = 40) -> Doctored:
    """Change one digit of one true printed number, so that the rest of the paper contradicts it.

    Parameters
    ----------
    study : a paper as printed. Numbers that its own ledger calls impossible are left as they are.
    seed : which digit; the same seed changes the same digit on every machine.
    most : how many changes are tried before giving up.

    Raises
    ------
    InputError
        None of the changes tried is contradicted by the rest.
    """
    before = ledger(study)
    doubtful = {row.claim for row in before if row.verdict in (Verdict.IMPOSSIBLE, Verdict.NOT_DERIVABLE)}
    changes = list(_changes(study, doubtful))
    random.Random(seed).shuffle(changes)
    for claim, name, wrong in changes[:most]:
        doctored = with_digits(study, claim.id, name, wrong)
        after = ledger(doctored)
        (row,) = (r for r in after if r.claim == claim.id and r.field == name)
        true = claim.printed[name].text
        named = isinstance(row.predicted, tuple) and true in row.predicted
        if named and _impossible(after) - _impossible(before) == {f"{claim.id}.{name}"}:
            return Doctored(doctored, claim.id, name, true, wrong, before, after)
    raise InputError(
        Problem(f"{study.id} has no digit whose change the rest contradicts", "take another seed", found=str(seed))
    )


def with_digits(study: Study, claim_id: str, name: str, text: str) -> Study:
    """The study with other digits in one place, its id and title saying so."""
    changed: dict[str, Any] = {name: PrintedNumber(text)}
    claims = tuple(replace(c, **changed) if c.id == claim_id else c for c in study.claims)
    return replace(study, id=f"{study.id}-doctored", title=f"{study.title} ({LABEL})", claims=claims)


def _impossible(rows: Iterable[LedgerRow]) -> set[str]:
    return {f"{row.claim}.{row.field}" for row in rows if row.verdict is Verdict.IMPOSSIBLE}


def _changes(study: Study, doubtful: set[str]) -> Iterator[tuple[Claim, str, str]]:
    """Every change of one digit that a reader could overlook, in the order of the claims.

    Medians are left alone: the rest of a paper bounds them too loosely to name their digits.
    """
    for claim in study.claims:
        if claim.id in doubtful or claim.statistic in ("median", "follow_up"):
            continue
        for name, number in claim.printed.items():
            for place, old in enumerate(number.text):
                if not old.isdigit():
                    continue
                for new in "0123456789":
                    text = number.text[:place] + new + number.text[place + 1 :]
                    if new != old and _printable(text, claim, name):
                        yield claim, name, text


def _printable(text: str, claim: Claim, name: str) -> bool:
    """Whether the digits are a number that the quantity can have, with its limits on either side of the estimate."""
    try:
        numbers = claim.printed | {name: PrintedNumber(text)}
    except ValueError:
        return False
    if numbers[name].value > (claim.n if name == "count" else 1 / claim.scale):
        return False
    low, value, high = (numbers.get(key) for key in ("ci_low", "value", "ci_high"))
    if low is None or value is None or high is None:
        return True
    return low.value < value.value < high.value
