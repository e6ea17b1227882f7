"""Points in time (6-month, at 1 and 2 years, 12个月时, day 100) told from durations that are results."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.reading.tokens import Token

_NUMBERS = ("NUM", "WORDNUM")
_LINKS = ("COMMA", "AND", "TO")
_CURVES = ("ENDPOINT", "SURVIVAL", "INCIDENCE")
_LOOK_BACK = 12


def with_times(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with each point in time as one token of kind TIME (or LAPSE: within it), whose value is ``6 month``.

    A list such as "6- and 12-month" becomes two tokens. What stays a number with a unit may be a result.
    """
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind in ("DAYREF", "MOMENT"):
            out += _named(token)
            i += 1
            continue
        found = _listed(tokens, i) if token.kind in _NUMBERS else None
        if found is not None and _is_point(tokens, i, *found):
            numbers, last, _ = found
            kind = "LAPSE" if _is_lapse(tokens, i, last, found[2]) else "TIME"
            for number in numbers:
                out.append(Token(kind, f"{number.value} {tokens[last].value}", number.start, number.end))
            out[-1] = Token(kind, out[-1].value, out[-1].start, tokens[last].end)
            i = last + 1
            continue
        out.append(token)
        i += 1
    return out


def _named(token: Token) -> list[Token]:
    """``day +28`` and ``month 3`` as points in time; of several days named at once none is one."""
    numbers = re.findall(r"[0-9]+", token.value)
    unit = "day"
    if token.kind == "MOMENT":
        signs = {"month": "月|onth", "week": "周|eek", "year": "年|ear"}
        unit = next(name for name, sign in signs.items() if re.search(sign, token.value))
    if len(numbers) != 1:
        return [token]
    return [Token("TIME", f"{numbers[0]} {unit}", token.start, token.end)]


def _listed(tokens: Sequence[Token], i: int) -> tuple[list[Token], int, bool] | None:
    """Numbers that share a unit, from position i: the numbers, the unit's position, and whether a hyphen joins them."""
    numbers, hyphen = [tokens[i]], False
    j = i + 1
    while j < len(tokens):
        kind = tokens[j].kind
        if kind == "UNIT":
            return numbers, j, hyphen
        if kind == "DASH" and not hyphen and j + 1 < len(tokens) and tokens[j + 1].kind != "NUM":
            hyphen = True
        elif (
            kind == "DASH"
            and hyphen
            and j + 1 < len(tokens)
            and tokens[j + 1].kind == "UNIT"
            or kind in _LINKS
            and kind != "TO"
            and j - i < _LOOK_BACK
        ):
            pass
        elif kind in _NUMBERS and tokens[j - 1].kind in _LINKS:
            numbers.append(tokens[j])
        else:
            return None
        j += 1
    return None


def _is_point(tokens: Sequence[Token], i: int, numbers: list[Token], last: int, hyphen: bool) -> bool:
    before = tokens[i - 1].kind if i else ""
    following = [token for token in _past_list(tokens, last) if token.kind not in ("RATE", "DASH")]
    after = following[0].kind if following else ""
    in_brackets = before == "OPEN" and after == "CLOSE" and len(numbers) == 1
    if in_brackets and any(token.kind in _CURVES for token in tokens[max(0, i - 3) : i]):
        return True
    if after == "FOLLOW" or (after == "MEDIAN" and len(following) > 1 and following[1].kind == "FOLLOW"):
        return False
    if hyphen or before == "AT" or after == "AT":
        return True
    if before == "EQ" or (len(numbers) > 1 and after not in _CURVES):
        return False
    if after in _CURVES or (after == "MARK" and len(following) > 1 and following[1].kind in _CURVES):
        return not _said(tokens, i, ("MEDIAN", "FOLLOW"))
    if before == "WITHIN" or after == "WITHIN":
        return not _said(tokens, i, ("MEDIAN", "FOLLOW", "RANGE", "OTHERTIME"))
    return False


def _past_list(tokens: Sequence[Token], last: int) -> Sequence[Token]:
    """The words behind a time, and behind other times listed with it: ``6 months and 12 months``."""
    i = last + 1
    while [token.kind for token in tokens[i : i + 3]] in (["AND", "NUM", "UNIT"], ["COMMA", "NUM", "UNIT"]):
        i += 3
    return tokens[i : i + 3]


def _is_lapse(tokens: Sequence[Token], i: int, last: int, hyphen: bool) -> bool:
    """``within 6 months of``, ``30 d内``: a time that something took, at which no curve is read."""
    if hyphen or (i and tokens[i - 1].kind == "AT"):
        return False
    before = tokens[i - 1].kind if i else ""
    after = tokens[last + 1].kind if last + 1 < len(tokens) else ""
    named = any(token.kind in _CURVES for token in tokens[max(0, i - 4) : i])
    return not named and "WITHIN" in (before, after)


def _said(tokens: Sequence[Token], i: int, kinds: tuple[str, ...]) -> bool:
    """Whether one of these words stands shortly before, with no result in between."""
    for token in reversed(tokens[max(0, i - _LOOK_BACK) : i]):
        if token.kind in kinds:
            return True
        if token.kind in ("NUM", "SEMI", "STOP"):
            return False
    return False
