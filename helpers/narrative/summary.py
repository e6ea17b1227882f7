"""What a study prints and what it leaves out, as tidy frames and sentences for a notebook's reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.figures.display import literal
from helpers.figures.enrolment import Calendar, day_text
from helpers.printed import FIELD_TITLES

if TYPE_CHECKING:
    import pandas as pd

    from helpers.study.model import Claim, Study

_UNITS = {"percent": "%", "proportion": "", "day": "days", "month": "months", "year": "years"}


def card(study: Study) -> pd.DataFrame:
    """The study card: one row a fact that the study folder states, columns ``about, printed``."""
    import pandas as pd

    facts = {
        "Study": study.title,
        "Original title": study.title_original,
        "Paper": citation_text(study),
        "Patients": str(study.n),
        "Population": study.population,
        "Product": study.product,
        "Sites": "; ".join(study.sites),
        "Enrolled": _enrolled(study),
        **{f"{e.name} ({e.id})": f"from {e.origin} to {e.events}" for e in study.endpoints.values()},
    }
    return pd.DataFrame([(k, v) for k, v in facts.items() if v], columns=["about", "printed"])


def citation_text(study: Study) -> str:
    """Authors, journal, year and DOI in one line, as far as the study folder gives them."""
    get = study.citation.get
    authors = str(get("authors", "")).split(", ")
    short = ", ".join(authors[:3]) + (" et al." if len(authors) > 3 else "")
    place = " ".join(str(get(key)) for key in ("journal", "year") if get(key))
    doi = f"doi {get('doi')}" if get("doi") else ""
    return ", ".join(part for part in (short, place, doi) if part)


def printed_numbers(study: Study) -> pd.DataFrame:
    """Every printed number, one row a number: ``statement, field, printed, unit, source, claim``.

    `printed` is the number as text, digit for digit. The denominator of a count is part of the statement.
    """
    import pandas as pd

    rows = [
        (_statement(claim, study.n), FIELD_TITLES[name], number.text, _unit(claim, name), claim.source, claim.id)
        for claim in study.claims
        for name, number in sorted(claim.printed.items(), key=lambda item: item[0] != "count")
    ]
    return pd.DataFrame(rows, columns=["statement", "field", "printed", "unit", "source", "claim"])


def not_published(study: Study) -> str:
    """The study's list of what its public part does not say, as Markdown."""
    if not study.not_published:
        return (
            "The study folder has no list of what the paper leaves out (`not_published` in `study.yaml`). "
            "That does not mean that everything is public."
        )
    items = "\n".join(f"- {literal(item)}" for item in study.not_published)
    return f"The public part of this paper does not say:\n\n{items}"


def follow_up_sentences(calendar: Calendar, claim: Claim | None) -> str:
    """What the calendar allows, and whether the printed median follow-up fits into it, as Markdown."""
    text = [
        f"Nobody can have been followed for more than **{calendar.longest:,} days**: that is the time from "
        f"{day_text(calendar.first)}, the first possible day, to {day_text(calendar.seen)}, the last. "
        f"Whoever came on {day_text(calendar.last)} had at most **{calendar.of_the_last:,} days**."
    ]
    if claim is None or claim.value is None:
        return " ".join([*text, "No median follow-up in days is printed to compare with this."])
    days = round(claim.value.value)
    if days > calendar.longest:
        text.append(
            f"The printed median follow-up of {claim.value.text} days is **longer than the calendar "
            "allows**: one of the dates, or the median, cannot be right."
        )
    else:
        text.append(
            f"The printed median follow-up of {claim.value.text} days fits. A patient followed for so long "
            f"had come by {day_text(calendar.latest_entry(days))} at the latest."
        )
    high = claim.ci_high
    if high is not None and high.reached and high.value > calendar.longest:
        text.append(f"The upper limit of {high.text} days lies beyond the longest possible follow-up.")
    return " ".join(text)


def flow_sentence(frame: pd.DataFrame) -> str:
    """The stages of a flow frame read aloud."""
    if len(frame) < 2:
        return "No count of responders is printed, so there is no flow to draw."
    parts = [f"{row['stage']}: {row['count']} of {row['of']}" for row in frame.to_dict("records")[1:]]
    start = frame.iloc[0]
    return f"{start['stage']}: {start['count']}. " + ". ".join(parts) + "."


def _statement(claim: Claim, n: int) -> str:
    label = claim.note or claim.id
    whole = claim.count is None or claim.n == n == claim.count.value
    return label if whole else f"{label} (of {claim.n})"


def _unit(claim: Claim, field: str) -> str:
    return "patients" if field == "count" else _UNITS.get(claim.unit, claim.unit)


def _enrolled(study: Study) -> str:
    first, last = study.enrolled_from, study.enrolled_to
    if first is None or last is None:
        return ""
    return f"{first:%Y-%m} to {last:%Y-%m}"


def landmarks_table(study: Study) -> pd.DataFrame:
    """Every printed landmark: columns landmark, endpoint, time, patients, estimate, lower, upper; digits as printed."""
    import pandas as pd

    columns = ["landmark", "endpoint", "time", "patients", "estimate", "lower", "upper"]
    rows = [
        {
            "landmark": claim.note or claim.id,
            "endpoint": claim.endpoint,
            "time": f"{float(claim.at):g} {claim.at_unit}{'' if claim.at == 1 else 's'}"
            if claim.at is not None
            else "",
            "patients": claim.n,
            "estimate": claim.value.text if claim.value else None,
            "lower": claim.ci_low.text if claim.ci_low else None,
            "upper": claim.ci_high.text if claim.ci_high else None,
        }
        for claim in study.select("survival")
    ]
    return pd.DataFrame(rows, columns=columns)


def medians_table(study: Study) -> pd.DataFrame:
    """Every printed median and median follow-up: columns median, endpoint, unit, estimate, lower, upper."""
    import pandas as pd

    columns = ["median", "endpoint", "unit", "estimate", "lower", "upper"]
    rows = [
        {
            "median": claim.note or claim.id,
            "endpoint": claim.endpoint,
            "unit": claim.unit,
            "estimate": claim.value.text if claim.value else None,
            "lower": claim.ci_low.text if claim.ci_low else None,
            "upper": claim.ci_high.text if claim.ci_high else None,
        }
        for claim in (*study.select("median"), *study.select("follow_up"))
    ]
    return pd.DataFrame(rows, columns=columns)
