"""Digits that are read as part of something else: dates, addresses, p values, doses, grades, points in time.

Every repetition is bounded or cannot overlap with what follows it, so that no text makes the search slow.
"""

from __future__ import annotations

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_YEAR = r"(?:19|20)[0-9]{2}"
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_ROMAN = r"(?:I{1,3}V?|IV|V|[Ⅰ-Ⅴ])"
_STEP = rf"(?:[0-5](?![0-9%]|\.[0-9])|{_ROMAN}(?![A-Za-z]))"
_JOIN = r" ?(?:-|~|/|to|or|and|至|和|、|或) ?"
_MORE = r"(?: ?(?:or|and) (?:higher|greater|above|more|worse|over|lower|less|below))"
_ENDS = r"(?![0-9%]|\.[0-9])"
_GRADES = (
    rf"(?:[≥≤<>]=? ?)?(?i:grades?)[- ]?(?: ?(?:[≥≤<>]=?|of) ?)?{_STEP}(?:{_JOIN}(?:(?i:grades?) ?)?{_STEP})?{_MORE}?",
    rf"[≥≤<>]=? ?{_STEP} ?[级度]",
    rf"{_STEP}(?:{_JOIN}{_STEP})? ?[级度](?:及以上|或以上|以上|及以下|或以下|以下)?",
    rf"G[1-5](?:{_JOIN}G?[1-5])?(?![0-9A-Za-z])",
)
_P = r"(?<![A-Za-z0-9-])[Pp]"
_LABELS = (
    r"phases?|cohorts?|tables?|fig(?:ure)?s?\.?|versions?|SPSS(?: Statistics)?|SAS|Stata|GraphPad|Prism|stages?|levels?"
    r"|types?|parts?|refs?\.|No\.|vol(?:ume)?\.?|courses?|chapter|step|arm|group"
)
# Words that may stand right before a number without making it part of a name.
_NO_NAMES = (
    r"(?:CI|IQR|OS|EFS|PFS|RFS|LFS|DFS|HR|CR|CRi|ORR|NR|NE|to|and|vs|in|of|was|for|at|by|or|is|were|median|range|rate|plus"
    r"|than)[0-9]"
)
_CI_WORDS = r"(?i:confidence (?:intervals?|limits?)|credible intervals?)|C\.?I\.?s?|CrI|IC|可信区间|置信区间|可信限"
NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
COMPOSITES: tuple[tuple[str, str], ...] = (
    ("LINK", r"(?:https?://|www\.|doi\.org/)[^\s]+|(?i:doi)[ :]{0,3}10\.[^\s]+|10\.[0-9]{4,9}/[^\s，。]+"),
    ("ID", r"(?:NCT|ChiCTR|EudraCT|ISRCTN|UMIN|CTRI|jRCT|ACTRN|KCT|IRCT|NTR)[-A-Za-z]{0,12}[ #:]{0,3}[0-9][-0-9]*"),
    ("ID", r"(?:PMID|PMCID|ISSN|ISBN)[ :]{0,3}[A-Z]{0,4}[0-9][-0-9X]*|PMC[0-9]+"),
    ("CITE", rf"{_YEAR};[ ]?[0-9]+(?:\([^)]{{1,20}}\))?(?::[ ]?[A-Za-z]?[0-9]+(?:-[A-Za-z]?[0-9]+)?)?"),
    ("CITE", r"(?<=[A-Za-z\u4e00-\u9fff.,;])[ ]?\[[0-9]{1,3}(?:(?:,[ ]?|-)[0-9]{1,3}){0,30}\](?![ ]?%)"),
    (
        "PVALUE",
        rf"{_P}(?: ?-? ?values?|值|均)?(?: for [a-z]{{1,20}})?(?: of| was)? ?(?:均)?[=<>≤≥]{{1,2}} ?"
        r"(?:[0-9]*\.[0-9]+|[0-9]+)(?: ?[×x] ?10 ?\^? ?-? ?[0-9]+)?",
    ),
    ("PVALUE", rf"{_P}(?:-| )(?:values?) (?:of |was )?[0-9]*\.[0-9]+"),
    ("GRADE", "|".join(_GRADES)),
    ("DATE", rf"{_YEAR}年(?: ?[0-9]{{1,2}}月(?: ?[0-9]{{1,2}}日)?)?|[0-9]{{1,2}}月[0-9]{{1,2}}日"),
    ("DATE", rf"(?<![0-9.]){_YEAR}[-/.][0-9]{{1,2}}(?:[-/.][0-9]{{1,2}})?(?![0-9%])"),
    ("DATE", rf"(?<![0-9.])[0-9]{{1,2}}/{_YEAR}(?![0-9])"),
    ("DATE", rf"(?i:{_MONTH})\.? (?:{_DAY},? )?{_YEAR}(?![0-9])|(?<![0-9]){_DAY} (?i:{_MONTH})\.?,? {_YEAR}(?![0-9])"),
    ("DATE", rf"(?<![A-Za-z]){_MONTH}\.? {_DAY}(?![0-9])"),
    (
        "DATE",
        rf"(?<![0-9.,]){_YEAR}(?:-{_YEAR})?(?![0-9]|\.[0-9]|,[0-9]| ?%| ?(?:patients|subjects|cases|例|名))",
    ),
    ("DAYREF", rf"(?<![A-Za-z])(?i:days) [-+]?[0-9]+(?:, ?[-+]?[0-9]+){{1,20}},? and [-+]?[0-9]+{_ENDS}"),
    ("DAYREF", rf"(?<![A-Za-z])(?i:days?) ?[-+]{{0,2}}[0-9]+(?: ?(?:and|-|to|or|/) ?[-+]?[0-9]+){{0,9}}{_ENDS}"),
    ("DAYREF", r"(?<![A-Za-z0-9])[Dd]\+?[0-9]{1,3}(?![0-9A-Za-z.%])|第 ?[+-]?[0-9]+ ?(?:天|日|d)"),
    ("DAYREF", r"\+ ?[0-9]{1,3} ?(?:d|天)(?![A-Za-z])"),
    ("MOMENT", rf"(?<![A-Za-z])(?i:months?|weeks?|years?) ?\+?[0-9]+(?: ?(?:and|-|to) ?[0-9]+){{0,9}}{_ENDS}"),
    ("MOMENT", r"第 ?[0-9]+ ?(?:个月|周|年)"),
    (
        "LABEL",
        rf"(?<![A-Za-z])(?i:{_LABELS}) ?#?[0-9IVab]{{1,6}}(?:\.[0-9]{{1,4}}){{0,4}}(?:[-/][0-9IVab]{{1,6}})?"
        r"(?![0-9A-Za-z%])",
    ),
    ("LABEL", r"(?<![A-Za-z])R (?:v(?:ersion)?\.? ?)?[0-9]{1,3}\.[0-9]{1,3}(?:\.[0-9]{1,3})?"),
    (
        "CI",
        rf"(?:(?P<level>[0-9]{{2}}(?:\.[0-9])?) ?%? ?-? ?)?(?:{_CI_WORDS})(?![A-Za-z])"
        r"(?: ?[\[(] ?(?:95 ?% ?)?C\.?I\.?s? ?[\])])?(?: ?为)?",
    ),
    ("N", r"(?<![A-Za-z0-9])[nN] ?= ?"),
    ("DOSAGE", r"(?:m|μ|u|n|p)?g/(?:m2|m²|kg|d|L|dL|mL|ml)(?![A-Za-z0-9])"),
    ("POWER", r"[×xX*] ?10 ?(?:\^|\(|\*\*)? ?-?[0-9]{0,2}\)?[⁰¹²³⁴⁵⁶⁷⁸⁹]*|10 ?\^ ?-?[0-9]+|10[⁰¹²³⁴⁵⁶⁷⁸⁹]+"),
    ("RATIO", r"(?<![0-9.])[0-9]{1,3} ?: ?[0-9]{1,3}(?! ?%)(?![0-9.])"),
    ("ID", r"(?:19-28z|4-1BB|[0-9]{1,2}-[0-9]{1,2}z)(?![A-Za-z])"),
    (
        "ID",
        rf"(?<![A-Za-z0-9])(?!{_NO_NAMES})[A-Za-z]{{1,20}}(?:[-/][A-Za-z]{{1,20}}){{0,4}}-?[0-9]{{1,12}}"
        r"(?:[A-Za-z][A-Za-z0-9]{0,20})?(?:[-/.][A-Za-z0-9]{1,20}){0,4}[+]?(?![0-9]{0,9}\.[0-9]{0,9}%)",
    ),
    (
        "ID",
        r"(?<![0-9.])[0-9]{1,6}(?:st|nd|rd|th)(?![A-Za-z])|(?<![0-9.])[0-9]{1,2}(?:[ABCEFGHaz]|b/[0-9])(?![A-Za-z0-9])",
    ),
)
UNITS = {
    "day": r"(?:days?|d)(?![A-Za-z])|天|日(?!期)",
    "week": r"(?:weeks?|wks?|w)(?![A-Za-z])|周",
    "month": r"(?:months?|mos?\.?|mo|mths?)(?![A-Za-z])|个月|月",
    "year": r"(?:years?|yrs?\.?|y)(?![A-Za-z])|年",
}
AFTER_NUMBER: tuple[tuple[str, str], ...] = (
    ("AGEUNIT", r"岁|(?:-| )?years?[- ](?:old|of age)"),
    (
        "MEASURE",
        r"(?:cells?/|mg|μg|ug|kg|mL|ml|IU|Gy|cGy|mmHg|℃|°C|copies|pg|ng|U/L|g/L|cells|hours?|hrs?|min(?:utes)?|kb|bp"
        r"|years? old)(?![A-Za-z])|[×x]|(?:[gLUh])(?![A-Za-z])|小时|分钟|元",
    ),
)
