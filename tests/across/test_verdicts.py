"""The frozen verdicts: what they hold is what is derived today, and what no longer fits is refused."""

from __future__ import annotations

import os
from dataclasses import replace

import pandas as pd
import pytest

from helpers.across import verdicts
from helpers.across.explain import explanations
from helpers.errors import InputError
from helpers.printed import PrintedNumber
from helpers.study import list_studies, load_study
from helpers.study.model import Study

NAMES = [summary.id for summary in list_studies()]
# A second or less each; the others take up to forty seconds.
QUICK = (
    "ash2019", "ash2020", "delbufalo2023", "deng2024", "hay2019", "hua2021", "inaticel2025", "juliet2021",
    "kochenderfer2013", "pan2019", "park2018", "sequential2022", "zhuo2024",
)  # fmt: skip
ALL = os.environ.get("UNROUNDED_ALL_VERDICTS") == "1"


def as_text(rows: list[dict], columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [tuple(str(row[name]) for name in columns) for row in rows]


def frozen(path, columns: tuple[str, ...], name: str) -> list[tuple[str, ...]]:  # type: ignore[no-untyped-def]
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return [tuple(row) for row in frame.loc[frame["study"] == name, list(columns)].itertuples(index=False)]


@pytest.mark.parametrize("name", [*QUICK, *(n for n in NAMES if ALL and n not in QUICK)])
def test_what_is_frozen_is_what_is_derived(name: str) -> None:
    rows, curves = verdicts.derive(load_study(name))
    assert as_text(rows, verdicts.VERDICT_COLUMNS) == frozen(verdicts.VERDICTS, verdicts.VERDICT_COLUMNS, name)
    assert as_text(curves, verdicts.INVERSION_COLUMNS) == frozen(verdicts.INVERSIONS, verdicts.INVERSION_COLUMNS, name)


def test_every_printed_number_of_every_study_has_one_verdict() -> None:
    studies = [load_study(name) for name in NAMES]
    frame = verdicts.frozen_verdicts(studies)
    for study in studies:
        own = frame[frame["study"] == study.id]
        printed = [(claim.id, name, n.text) for claim in study.claims for name, n in claim.printed.items()]
        assert [tuple(row) for row in own[["claim", "field", "printed"]].itertuples(index=False)] == printed
    curves = verdicts.frozen_inversions(studies)
    expected = {(s.id, e) for s in studies for e in s.endpoints if s.select("survival", e)}
    assert set(zip(curves["study"], curves["endpoint"], strict=True)) == expected
    known = curves[curves["count_high"].notna()]
    assert (known["count_low"] <= known["count_high"]).all()


def changed(study: Study, **claim: object) -> Study:
    first, *rest = study.claims
    return replace(study, claims=(replace(first, **claim), *rest))  # type: ignore[arg-type]


def test_a_changed_number_is_noticed_and_a_changed_note_is_not() -> None:
    study = load_study("zhuo2024")
    assert verdicts.inputs_hash(changed(study, note="another")) == verdicts.inputs_hash(study)
    for other in (
        changed(study, count=PrintedNumber("23")),
        replace(study, n=23),
        replace(study, last_follow_up_before=None),
        replace(study, conventions={"interval": "plain"}),
        replace(study, totals={}),
        replace(study, claims=study.claims[1:]),
    ):
        assert verdicts.inputs_hash(other) != verdicts.inputs_hash(study)
    assert verdicts.inputs_hash(replace(study, title="another", comparison=None)) == verdicts.inputs_hash(study)


def test_digits_that_differ_only_as_text_are_different_numbers() -> None:
    study = load_study("deng2024")
    claim = study.claim("os_12mo")
    other = replace(
        study, claims=tuple(replace(c, value=PrintedNumber("56.0")) if c is claim else c for c in study.claims)
    )
    assert verdicts.inputs_hash(other) != verdicts.inputs_hash(study)


def test_stale_verdicts_are_refused_with_the_command_that_renews_them() -> None:
    study = changed(load_study("zhuo2024"), count=PrintedNumber("23"))
    with pytest.raises(InputError, match=r"found 'zhuo2024'") as caught:
        verdicts.frozen_verdicts([study])
    assert verdicts.COMMAND in str(caught.value)
    with pytest.raises(InputError):
        verdicts.frozen_inversions([replace(study, id="unknown")])


def test_accounts_of_contradicted_numbers_print_them() -> None:
    """By hand: 25/28 = 89.29 %; 34/48 has the exact upper limit 0.830469; the Wald limit of 34/43 is 91.23 %."""
    missing = explanations(load_study("carcik2025"), "mrd_negative", "value")
    assert missing[0].startswith("25 of 28 prints 89 %") and "26 of 29" in missing[1]
    twice = explanations(load_study("inaticel2025"), "orr_3mo", "ci_high")
    assert any("0.830469; first rounded to 0.8305" in text for text in twice)
    outwards = explanations(load_study("zhang2021"), "cr", "ci_high")
    assert any("the Wald limit is 91.23 %" in text and "rounded up" in text for text in outwards)
    assert explanations(load_study("zhuo2024"), "os_6mo", "ci_high") == []
    assert explanations(load_study("zhuo2024"), "cr", "count") == []
