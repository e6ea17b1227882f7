"""Numbers written in words: ``forty-three`` and ``二十二`` as digits."""

from __future__ import annotations

import re

_ONES = (
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    + ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
)  # fmt: skip
_DECADES = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {word: number for number, word in enumerate(_ONES)}
_TENS = {word: 10 * number for number, word in enumerate(_DECADES, 2)}
_UNIT = "|".join(word for word in _ONES[1:10])
_TEEN = "|".join(word for word in reversed(_ONES[1:]))
_TEN = "|".join(_TENS)
_BELOW_100 = rf"(?:{_TEN})(?:[- ](?:{_UNIT}))?|{_TEEN}"
ENGLISH = rf"(?:(?:{_UNIT}) hundred(?:(?: and)? (?:{_BELOW_100}))?|{_BELOW_100})"
_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
CHINESE = r"[一二三四五六七八九十百两零〇]{1,7}(?=例|名患|位患|个月|年)"


def in_digits(words: str) -> str:
    """A numeral in words as digits, or an empty text if it is none.

    >>> in_digits("Forty-three"), in_digits("one hundred and seven"), in_digits("二十二"), in_digits("两")
    ('43', '107', '22', '2')
    """
    if re.fullmatch("[一二三四五六七八九十百两零〇]+", words):
        return _from_chinese(words)
    total = 0
    for word in re.split(r"[- ]", words.lower()):
        if word == "hundred":
            total *= 100
        elif word != "and":
            number = _SMALL.get(word, _TENS.get(word))
            if number is None:
                return ""
            total += number
    return str(total)


def _from_chinese(words: str) -> str:
    total, digit = 0, None
    for character in words:
        if character in _DIGITS:
            digit = _DIGITS[character]
            continue
        total += (1 if digit is None else digit) * (100 if character == "百" else 10)
        digit = None
    return str(total + (digit or 0))
