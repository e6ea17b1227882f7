"""A file on its way to a cohort: what it says, and everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from helpers.cohort.files import Texts, TextTable
from helpers.cohort.times import Times
from helpers.errors import Problem
from helpers.study.model import Study

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Draft:
    """A file on its way to a cohort: its text, its values, the canonical frame with the names of the file."""

    study: Study
    table: TextTable
    parsed: dict[str, Texts] = field(default_factory=dict)
    times: Times = field(default_factory=Times)
    frame: pd.DataFrame = field(init=False)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def lines(self) -> NDArray[np.int64]:
        """The line of each row in the file."""
        return self.table.lines
