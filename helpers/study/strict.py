"""What the parts of a study.yaml have in common: no unknown keys, no silent conversion, text without stray blanks."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(lambda text: " ".join(text.split())),
]
StudyId = Annotated[str, StringConstraints(pattern=r"\A[a-z0-9][a-z0-9_-]*\z", max_length=64)]


class Strict(BaseModel):
    """A group of keys: unknown ones are refused, values are taken as they stand."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
