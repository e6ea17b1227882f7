"""Numbers as they stand in figures and tables: one way to write a median, a percentage, a P value, an interval."""

from __future__ import annotations

from math import isfinite, isnan

MINUS = "\u2212"


def number_text(value: float, decimals: int | None = None) -> str:
    """A number without needless digits, thousands parted, with a true minus sign; "not reached" if infinite.

    >>> number_text(287.0), number_text(1037.26), number_text(-3.5, 2), number_text(float("inf"))
    ('287', '1,037.3', '−3.50', 'not reached')
    """
    if isnan(value):
        return "–"
    if not isfinite(value):
        return "not reached"
    if decimals is None:
        decimals = 0 if float(value).is_integer() else (1 if abs(value) >= 10 else 2)
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def median_text(median: float, low: float, high: float) -> str:
    """A median with its limits: infinite is "not reached", limits that are not known are left out.

    >>> median_text(287, 132, float("inf")), median_text(5, float("nan"), float("nan"))
    ('287 (132–not reached)', '5')
    >>> median_text(float("inf"), float("inf"), float("inf"))
    'not reached'
    """
    if (isnan(low) and isnan(high)) or (not isfinite(median) and low == median):
        return number_text(median)
    return f"{number_text(median)} ({range_text(low, high)})"


def range_text(low: float, high: float, decimals: int | None = None) -> str:
    """Two limits; with a word between them where one is negative, so that no dash is taken for a minus.

    >>> range_text(1, 2), range_text(-1, 2)
    ('1–2', '−1 to 2')
    """
    first, second = number_text(low, decimals), number_text(high, decimals)
    return f"{first} to {second}" if MINUS in first + second else f"{first}–{second}"


def percent_text(count: float, of: float, decimals: int = 1) -> str:
    """A count out of a total in percent, "–" if there is no total.

    >>> percent_text(18, 22), percent_text(0, 0)
    ('81.8', '–')
    """
    return f"{100 * count / of:.{decimals}f}" if of else "–"


def p_text(p: float) -> str:
    """A P value as journals print it: two digits that count, never below 0.001, never 0 or 1.

    >>> [p_text(p) for p in (0.5, 0.0456, 0.00234, 0.0000001, 0.9999)]
    ['0.50', '0.046', '0.002', '<0.001', '>0.99']
    """
    if isnan(p):
        return "–"
    if p < 0.001:
        return "<0.001"
    if p > 0.99:
        return ">0.99"
    return f"{p:.3f}" if round(p, 3) < 0.1 else f"{p:.2f}"


def p_equation(p: float) -> str:
    """A P value with its sign: ``P = 0.046``, ``P < 0.001``."""
    text = p_text(p)
    return f"P {text[0]} {text[1:]}" if text[0] in "<>" else f"P = {text}"


def ratio_text(ratio: float) -> str:
    """A ratio with two digits that count for a reader: never more precise than its interval deserves.

    >>> [ratio_text(x) for x in (0.4512, 12.345, 0.001, 250.0, float("inf"), 0.0)]
    ['0.45', '12.3', '<0.01', '>100', '∞', '0']
    """
    if isnan(ratio):
        return "–"
    if not isfinite(ratio):
        return "∞"
    if ratio == 0:
        return "0"
    if ratio < 0.01:
        return "<0.01"
    if ratio > 100:
        return ">100"
    return f"{ratio:.1f}" if round(ratio, 2) >= 10 else f"{ratio:.2f}"
