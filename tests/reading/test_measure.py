"""How much of what abstracts print is read, and how much of what is read is right."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.reading.measure import Score, gold, read_fixture, score

GOLD = gold()
LANGUAGES = {"en": "English", "zh": "Chinese"}


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    return {name: score(name, wanted) for name, wanted in GOLD.items()}


def test_there_are_enough_texts_and_numbers_in_both_languages() -> None:
    for language in LANGUAGES:
        names = [name for name in GOLD if name.startswith(language)]
        assert len(names) >= 10
        assert sum(len(GOLD[name]) for name in names) >= 150


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("statistic", ["count", "proportion", "survival", "median", "follow_up"])
def test_precision_and_recall_of_every_kind(scores: dict[str, Score], language: str, statistic: str) -> None:
    total = Score()
    for name, one in scores.items():
        if name.startswith(language):
            total.add(one, statistic)
    assert total.right.total() >= 9
    assert total.precision >= 0.98, dict(total.wrong)
    assert total.recall >= 0.98, dict(total.missed)


@pytest.mark.parametrize("name", GOLD)
def test_no_text_is_read_badly(scores: dict[str, Score], name: str) -> None:
    assert scores[name].precision >= 0.9, dict(scores[name].wrong)
    assert scores[name].recall >= 0.9, dict(scores[name].missed)
    assert scores[name].other_n == []


def test_a_number_that_is_called_sure_is_hardly_ever_wrong(scores: dict[str, Score]) -> None:
    sure: Counter[bool] = Counter()
    for name in GOLD:
        wrong = {key[4] for key in scores[name].wrong}
        for one, _, number in read_fixture(name).readings():
            if not one.doubts:
                sure[number.text not in wrong] += 1
    assert sure[True] > 250
    assert sure[False] <= sure[True] // 100


def test_the_measure_can_fail() -> None:
    wanted = dict(GOLD["en_mrd53"])
    key = next(key for key in wanted if key[4] == "7.6")
    changed = {k: n for k, n in wanted.items() if k != key} | {(*key[:4], "7.7"): ""}
    result = score("en_mrd53", changed)
    assert (result.right.total(), result.wrong.total(), result.missed.total()) == (len(wanted) - 1, 1, 1)
    assert result.precision < 1 and result.recall < 1
