"""Precision and recall of the reader per printed number: ``python -m tests.reading.measure`` prints the table."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from helpers.reading.draft import Draft
from helpers.reading.reader import read_text
from helpers.study.model import days_in

FIXTURES = Path(__file__).with_name("fixtures")
Key = tuple[str, str, Fraction | None, str, str]


@dataclass
class Score:
    """Numbers read rightly, read wrongly, and missed; and rightly placed numbers with another n than the right one."""

    right: Counter[Key] = field(default_factory=Counter)
    wrong: Counter[Key] = field(default_factory=Counter)
    missed: Counter[Key] = field(default_factory=Counter)
    other_n: list[Key] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the placed numbers that were placed rightly."""
        placed = self.right.total() + self.wrong.total()
        return self.right.total() / placed if placed else 1.0

    @property
    def recall(self) -> float:
        """Share of the numbers to be placed that were placed rightly."""
        printed = self.right.total() + self.missed.total()
        return self.right.total() / printed if printed else 1.0

    def add(self, other: Score, statistic: str = "") -> None:
        """Take in another score, of one statistic only if it is named."""
        for mine, its in ((self.right, other.right), (self.wrong, other.wrong), (self.missed, other.missed)):
            mine.update({key: n for key, n in its.items() if statistic in ("", key[0])})
        self.other_n += other.other_n


def day(at: str, unit: str) -> Fraction | None:
    return Fraction(at) * days_in(unit) if at else None


def gold() -> dict[str, dict[Key, str]]:
    """For every fixture the numbers to be read, each with the n of its row."""
    found: dict[str, dict[Key, str]] = defaultdict(dict)
    with (FIXTURES / "gold.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            key = (row["statistic"], row["what"], day(row["at"], row["at_unit"]), row["field"], row["printed"])
            found[row["fixture"]][key] = row["n"]
    return found


def read_fixture(name: str) -> Draft:
    return read_text((FIXTURES / f"{name}.txt").read_text(encoding="utf-8"))


def score(name: str, wanted: dict[Key, str]) -> Score:
    """Hold what is read from a fixture against what should be."""
    got: Counter[Key] = Counter()
    sizes: dict[Key, str] = {}
    for one, name_of_field, number in read_fixture(name).readings():
        key = (one.statistic, one.what, day(one.at, one.at_unit), name_of_field, number.text)
        got[key] += 1
        sizes[key] = one.n
    expected = Counter(dict.fromkeys(wanted, 1))
    right = got & expected
    return Score(right, got - expected, expected - got, [key for key in right if sizes[key] != wanted[key]])


def main() -> None:
    """Print precision and recall by language and kind of number."""
    scores = {name: score(name, wanted) for name, wanted in sorted(gold().items())}
    print(f"{'':10}{'statistic':14}{'numbers':>8}{'precision':>11}{'recall':>8}")
    for language, title in (("en", "English"), ("zh", "Chinese"), ("", "both")):
        for statistic in ("count", "proportion", "survival", "median", "follow_up", ""):
            total = Score()
            for name, one in scores.items():
                if name.startswith(language):
                    total.add(one, statistic)
            printed = total.right.total() + total.missed.total()
            row = f"{title:10}{statistic or 'all':14}{printed:>8}"
            print(f"{row}{total.precision:>11.3f}{total.recall:>8.3f}")


if __name__ == "__main__":
    main()
