"""How a printed number was made, as all printed numbers together show: one phrase a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from helpers.conventions import Convention
from helpers.inversion.inverted import StudyInversion
from helpers.inversion.median_account import MedianAccount
from helpers.printed import Rounding
from helpers.study.model import Claim


def how_made(inversion: StudyInversion, claim: Claim, accounts: Mapping[str, MedianAccount]) -> str:
    """The conventions that explain a claim within its paper, in one phrase; empty where nothing shows them."""
    if claim.statistic == "survival" and claim.endpoint in inversion.endpoints:
        return in_one_phrase(inversion.endpoints[claim.endpoint].conventions)
    account = accounts.get(claim.id)
    if account is None or not account.printed.complete:
        return ""
    limits = "limits symmetric about the median" if account.symmetric else "limits at event times"
    return f"{limits}, {_or(account.roundings)}" if 0 < len(account.roundings) < len(Rounding) else limits


def in_one_phrase(conventions: Sequence[Convention]) -> str:
    """Several conventions part by part: what each part may have been, commonest first; empty for none.

    >>> from helpers.conventions import Interval
    >>> some = [Convention(Interval.PLAIN, z, 3, Rounding.HALF_UP) for z in ("1.96", "exact")]
    >>> in_one_phrase(some)
    'plain interval, z 1.96 or exact, S and se rounded to 3 decimals first, half-up'
    """
    if not conventions:
        return ""
    decimals = dict.fromkeys(c.rounded_to for c in conventions)
    first = [f"S and se rounded to {d} decimals first" for d in decimals if d is not None]
    first = [*(["full precision"] if None in decimals else []), *first]
    parts = ([c.interval for c in conventions], [c.z for c in conventions], [c.rounding for c in conventions])
    interval, z, rounding = (_or(part) for part in parts)
    return f"{interval} interval, z {z}, {' or '.join(first)}, {rounding}"


def _or(words: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(str(word) for word in words))
