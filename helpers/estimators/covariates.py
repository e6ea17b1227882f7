"""From a frame of patient characteristics to the columns of a regression."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import InputError, Problem
from helpers.estimators.kaplan_meier import Floats


@dataclass(frozen=True)
class Term:
    """One column of a regression: a number, or a level of a category against its reference level.

    `level` and `reference` are None for numbers.
    """

    covariate: str
    level: Hashable = None
    reference: Hashable = None

    def __str__(self) -> str:
        """How the term is named in tables, e.g. ``sex: male (vs female)``."""
        return self.covariate if self.level is None else f"{self.covariate}: {self.level} (vs {self.reference})"


@dataclass(frozen=True, eq=False)
class Design:
    """Covariates as numbers: `matrix` (m, p) of the m complete patients, `complete` (n,) which of all they are."""

    terms: tuple[Term, ...]
    matrix: Floats
    complete: NDArray[np.bool_]

    @property
    def missing(self) -> int:
        """Number of patients left out because a covariate is missing."""
        return int((~self.complete).sum())


def design(covariates: pd.DataFrame, n: int) -> Design:
    """Numbers and true/false as they are, everything else as categories against their first level.

    The first level is the first category if the column is categorical, otherwise the first in sorted order (R's
    treatment contrasts). Categories that no patient has are passed over. Patients with a missing covariate are
    left out, and counted.

    Parameters
    ----------
    covariates : (n, p) one row a patient; the index is not used.
    n : number of patients.

    Raises
    ------
    InputError
        No covariate, another number of rows, an infinite number, two columns of one name.

    Examples
    --------
    >>> frame = pd.DataFrame({"age": [50, 61, None], "sex": ["f", "m", "f"]})
    >>> made = design(frame, 3)
    >>> [str(term) for term in made.terms], made.matrix.tolist(), made.missing
    (['age', 'sex: m (vs f)'], [[50.0, 0.0], [61.0, 1.0]], 1)
    """
    if covariates.shape[1] == 0:
        raise InputError(Problem("there is no covariate to regress on", "give a frame with at least one column"))
    if len(covariates) != n:
        message = f"{len(covariates)} rows of covariates and {n} patients do not pair up"
        raise InputError(Problem(message, "give one row of covariates for each patient"))
    if covariates.columns.has_duplicates:
        twice = covariates.columns[covariates.columns.duplicated()][0]
        raise InputError(Problem("two covariates have one name", "rename one of them", found=str(twice)))
    complete = covariates.notna().all(axis=1).to_numpy()
    terms: list[Term] = []
    columns: list[Floats] = []
    for name, column in covariates[complete].items():
        if pd.api.types.is_numeric_dtype(column.dtype):
            terms.append(Term(str(name)))
            columns.append(_finite(column.to_numpy(dtype=float), str(name)))
            continue
        labels = column.astype("category").cat.remove_unused_categories()
        levels = labels.cat.categories.tolist()
        codes = labels.cat.codes.to_numpy()
        # A column with a single level still makes a term, so that the result can say that it cannot be estimated.
        for number, level in list(enumerate(levels))[1:] or [(0, levels[0] if levels else None)]:
            terms.append(Term(str(name), level, levels[0] if levels else None))
            columns.append((codes == number).astype(float))
    return Design(tuple(terms), np.column_stack(columns), complete)


def _finite(values: Floats, name: str) -> Floats:
    if not np.isfinite(values).all():
        row = int(np.flatnonzero(~np.isfinite(values))[0])
        message = f"the covariate {name!r} of complete patient {row + 1} is not a finite number"
        raise InputError(Problem(message, "leave it empty if it is not known", found=str(values[row])))
    return values
