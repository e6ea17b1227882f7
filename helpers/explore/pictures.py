"""The two pictures of the bench: the ladder of one history, and the curve with all that is known of it."""

from __future__ import annotations

from helpers.explore.drawn import Drawn, best_case, censored_marks, survival_steps, worst_case
from helpers.explore.model import Answer, Course, Passing
from helpers.explore.svg import Drawing
from helpers.figures.style import BAND, CENSORED, CENSORED_TEXT, EFS, EVENT, GRID, IMPOSSIBLE, INK, MUTED, OS
from helpers.inversion.history import EVENT as E
from helpers.inversion.history import states
from helpers.narrative.phrases import event_noun

RUNG, TOP, LEFT = 19.0, 34.0, 56.0
LADDER_WIDTH = 680.0
WIDTH, HEIGHT = 700.0, 330.0
_LEFT, _RIGHT, _BOTTOM, _HEAD = 58.0, 18.0, 52.0, 46.0
_MOST_RUNGS = 60


def ladder_picture(answer: Answer, position: int) -> str:
    """The ladder of the history at a position of the answer's list, as an HTML image."""
    return ladder_drawing(answer, position).image(ladder_alt(answer, position))


def curve_picture(answer: Answer, drawn: Drawn | None = None, *, best: bool = False, worst: bool = False) -> str:
    """The band, the printed landmarks and, where one was drawn, a reconstructed curve, as an HTML image."""
    alt = curve_alt(answer, drawn, best=best, worst=worst)
    return curve_drawing(answer, drawn, best=best, worst=worst).image(alt)


def ladder_drawing(answer: Answer, position: int) -> Drawing:
    """The ladder of the history at a position of the answer's list."""
    course = answer.courses[position]
    noun = event_noun(answer.events)
    steps = course.history[:_MOST_RUNGS]
    left = answer.n - len(course.history)
    sheet = Drawing(LADDER_WIDTH, TOP + RUNG * (len(steps) + 2) + 6)
    for x, head, align in ((LEFT - 8, "at risk", "end"), (228, "S", "end"), (282, "se", "end"), (366, "day", "end")):
        sheet.text(x, 14, head, 11, MUTED, align)
    for side in (LEFT, LEFT + 16):
        sheet.line(side, TOP - RUNG / 2, side, TOP + RUNG * (len(steps) - 0.5), MUTED, 1.2)
        sheet.line(side, TOP + RUNG * (len(steps) - 0.5), side, TOP + RUNG * (len(steps) + 1), MUTED, 1.2, "2 3")
    curve, counts = states(course.history, answer.n), {"E": 0, "C": 0}
    for i, kind in enumerate(steps):
        counts[kind] += 1
        y = TOP + RUNG * i
        sheet.text(LEFT - 8, y, str(answer.n - i), 11, MUTED, "end")
        days = _days(course, i)
        if kind == E:
            state = curve[i + 1]
            sheet.box(LEFT + 2.5, y - 5.5, 11, 11, EVENT)
            sheet.text(LEFT + 28, y, f"{noun} {counts['E']}", 12, EVENT)
            sheet.text(228, y, f"{float(state.survival):.3f}", 12, INK, "end")
            sheet.text(282, y, f"{float(state.variance) ** 0.5:.3f}", 12, INK, "end")
        else:
            sheet.ring(LEFT + 8, y, 5, CENSORED)
            sheet.text(LEFT + 28, y, "censored", 12, CENSORED_TEXT)
        sheet.text(366, y, days, 12, INK, "end")
    for mark in course.passed:
        if mark.length <= _MOST_RUNGS:
            _landmark(sheet, mark, TOP + RUNG * (mark.length - 0.5))
    more = len(course.history) - len(steps)
    tail = f"{more} more steps are not drawn; " if more else ""
    text = f"{tail}{left} patients left, whom no landmark reaches" if left else f"{tail}nobody is left"
    sheet.text(LEFT + 28, TOP + RUNG * (len(steps) + 0.4), text, 11, MUTED)
    return sheet


def _landmark(sheet: Drawing, mark: Passing, y: float) -> None:
    sheet.line(LEFT - 30, y, LADDER_WIDTH - 8, y, INK, 1, "5 3")
    value, low, high = mark.printed
    interval = f" ({low or '–'}–{high or '–'})" if low or high else ""
    sheet.text(384, y - 24, mark.label, 12, INK, weight="bold")
    sheet.text(384, y - 9.5, f"printed {value or '–'}{interval}"[:44], 11.5)
    wrong = [p for p, e in zip(mark.printed, mark.expected, strict=True) if p and p != e]
    first = f"S {mark.survival:.3f}, se {mark.std_error:.3f}"
    sheet.text(384, y + 10, first, 11, MUTED)
    if wrong:
        text = f"{'; '.join(wrong)} cannot be printed"
        sheet.text(LADDER_WIDTH - 8, y + 10, text, 11.5, IMPOSSIBLE, "end", "bold")


def _days(course: Course, i: int) -> str:
    if i >= len(course.low):
        return ""
    low, high = course.low[i], course.high[i]
    return f"{low}" if low == high else f"{low}–{high}"


def ladder_alt(answer: Answer, position: int) -> str:
    """The ladder in words."""
    course = answer.courses[position]
    noun = event_noun(answer.events)
    marks = " ".join(
        f"{mark.label} is read with {answer.n - mark.length} patients left, S {mark.survival:.3f}."
        for mark in course.passed
    )
    return (
        f"Ladder of {answer.n} rungs, {answer.endpoint_name}, history {position + 1}: {course.history} "
        f"({noun} E, censored C). {marks} Reconstructed from printed numbers, not observed."
    )


def curve_drawing(answer: Answer, drawn: Drawn | None = None, *, best: bool = False, worst: bool = False) -> Drawing:
    """The identified band, the printed landmarks and, where one was drawn, a reconstructed curve."""
    last = max(answer.last_day, float(max(drawn.days, default=0)) if drawn else 0.0, 1.0) * 1.04
    sheet = Drawing(WIDTH, HEIGHT)
    colour = EFS if answer.endpoint == "EFS" else OS

    def x(day: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * day / last

    def y(share: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _HEAD) * share

    for k in range(5):
        sheet.line(_LEFT, y(k / 4), WIDTH - _RIGHT, y(k / 4), GRID)
        sheet.text(_LEFT - 7, y(k / 4), f"{25 * k} %" if k else "0", 11.5, INK, "end")
    for day in _ticks(last):
        sheet.line(x(day), y(0), x(day), y(0) + 4, MUTED)
        sheet.text(x(day), y(0) + 14, f"{day:g}", 11.5, INK, "middle")
    sheet.text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 14, f"Days since {answer.origin}", 12, INK, "middle")
    key: list[tuple[str, str, str]] = []
    if answer.band:
        upper, lower = _stairs([(d, h) for d, _, h in answer.band]), _stairs([(d, low) for d, low, _ in answer.band])
        sheet.area([(x(d), y(s)) for d, s in (*upper, *reversed(lower))], BAND)
        key.append(("box", BAND, "every S(t) that is possible"))
    if drawn is not None:
        for wanted, made, dash, word in (
            (best, best_case, "7 3", "best case"), (worst, worst_case, "2 3", "worst case"),
        ):  # fmt: skip
            if wanted:
                _curve(sheet, [(x(d), y(s)) for d, s in _stairs(_until(made(drawn), last))], MUTED, 1.6, dash)
                key.append((dash, MUTED, word))
        end = max(drawn.days, default=0)
        steps = _stairs(_until(survival_steps(drawn.days, drawn.events), end))
        _curve(sheet, [(x(d), y(s)) for d, s in steps], colour, 2.2, "")
        for when, height in censored_marks(drawn):
            sheet.line(x(when), y(height) - 6, x(when), y(height) + 6, CENSORED, 1.8)
        key.append(("", colour, f"drawn, seed {drawn.seed} (not observed)"))
    wrong = {(item.field.claim, item.field.name) for item in answer.set_aside}
    claims = [mark.claim for mark in answer.courses[0].passed] if answer.courses else []
    for k, (day, value, low, high) in enumerate(answer.points):
        claim = claims[k] if k < len(claims) else ""
        if low is not None and high is not None:
            sheet.line(x(day), y(low), x(day), y(high), INK, 1.3)
        for name, share in (("ci_low", low), ("ci_high", high)):
            if share is not None:
                bad = (claim, name) in wrong
                wide = 7 if bad else 5
                sheet.line(
                    x(day) - wide, y(share), x(day) + wide, y(share), IMPOSSIBLE if bad else INK, 3 if bad else 2
                )
        if value is not None:
            sheet.diamond(x(day), y(value), 5.5, IMPOSSIBLE if (claim, "value") in wrong else INK)
    key.append(("diamond", INK, "printed"))
    _key(sheet, key)
    return sheet


def _curve(sheet: Drawing, points: list[tuple[float, float]], colour: str, width: float, dash: str) -> None:
    if len(points) > 1:
        sheet.path(points, colour, width, dash)


def _stairs(steps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Corner points of a right-continuous step function."""
    corners: list[tuple[float, float]] = []
    for day, share in steps:
        if corners:
            corners.append((day, corners[-1][1]))
        corners.append((day, share))
    return corners


def _until(steps: tuple[tuple[float, float], ...], last: float) -> list[tuple[float, float]]:
    """The steps up to a day, and the height there."""
    kept = [step for step in steps if step[0] <= last]
    return [*kept, (float(last), kept[-1][1])]


def _ticks(last: float) -> list[float]:
    """About six round numbers of days."""
    step = next(s for s in (10, 20, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10**9) if last / s <= 7)
    return [k * step for k in range(int(last // step) + 1)]


def _key(sheet: Drawing, entries: list[tuple[str, str, str]]) -> None:
    place, y = _LEFT, 12.0
    for kind, colour, text in entries:
        wide = 38 + 7 * len(text)
        if place + wide > WIDTH:
            place, y = _LEFT, y + 18
        if kind == "box":
            sheet.box(place, y - 6, 18, 12, colour)
        elif kind == "diamond":
            sheet.diamond(place + 9, y, 5.5, colour)
        else:
            sheet.line(place, y, place + 18, y, colour, 2.2, kind)
        sheet.text(place + 24, y, text, 11.5)
        place += wide


def curve_alt(answer: Answer, drawn: Drawn | None, *, best: bool = False, worst: bool = False) -> str:
    """The curve in words."""
    printed = "; ".join(f"day {day:g}: {100 * value:.4g} %" for day, value, _, _ in answer.points if value is not None)
    parts = [f"{answer.endpoint_name}. Printed landmarks: {printed or 'none'}."]
    if answer.band:
        widest = max(answer.band, key=lambda row: row[2] - row[1])
        between = f"S between {100 * widest[1]:.1f} and {100 * widest[2]:.1f} %"
        parts.append(f"Identified band, widest from day {widest[0]}: {between}.")
    else:
        parts.append("No band is known.")
    if drawn is not None:
        cases = " with best case" * best + " with worst case" * worst
        events = sum(drawn.events)
        parts.append(
            f"One reconstructed curve{cases}, {events} events, {len(drawn.days) - events} censored; not observed."
        )
    return " ".join(parts)
