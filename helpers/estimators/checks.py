"""Checks at the door that several estimators share: codes, groups, confidence levels, days."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.errors import InputError, Problem
from helpers.estimators.kaplan_meier import Floats, Integers, checked_rows


@dataclass(frozen=True)
class Groups:
    """To which group each patient belongs: `names` in order, `codes` (n,) pointing into them."""

    names: tuple[Hashable, ...]
    codes: Integers

    def of(self, number: int) -> NDArray[np.bool_]:
        """Mask of the patients of one group."""
        return self.codes == number


def checked_groups(values: Any, n: int, what: str) -> Groups:
    """Labels as codes, in the order of their categories if they have one, otherwise sorted.

    Parameters
    ----------
    values : (n,) labels of any kind, or None for one group of all.
    n : number of patients.
    what : what the labels are, for messages, e.g. ``group``.

    Raises
    ------
    InputError
        As many labels as patients are not there, or a label is missing.
    """
    import pandas as pd

    if values is None:
        return Groups(("all",), np.zeros(n, dtype=np.int64))
    # A column of whole numbers stays one; pandas itself would turn a list with mixed kinds into an error.
    column = pd.Series(values if isinstance(values, (pd.Series, pd.Categorical)) else list(values))
    if len(column) != n:
        message = f"{len(column)} labels of the {what} and {n} patients do not pair up"
        raise InputError(Problem(message, f"give one {what} for each patient"))
    missing = np.flatnonzero(column.isna().to_numpy())
    if missing.size:
        message = f"the {what} is missing for {missing.size} of {n} patients, first for patient {missing[0] + 1}"
        raise InputError(Problem(message, "leave these patients out, or give 'unknown' as a label of its own"))
    categories = column.astype("category").cat.remove_unused_categories()
    codes = categories.cat.codes.to_numpy().astype(np.int64)
    return Groups(tuple(categories.cat.categories.tolist()), codes)


def checked_codes(time: ArrayLike, code: ArrayLike, causes: tuple[int, ...]) -> tuple[Floats, Integers]:
    """Rows with competing events: 0 for censored, otherwise one of the causes.

    Raises
    ------
    InputError
        What `checked_rows` says of times; a code that is neither 0 nor a cause; causes other than distinct whole
        numbers above 0.
    """
    if not causes or len(set(causes)) != len(causes) or any(cause != int(cause) or cause < 1 for cause in causes):
        message = f"the causes {causes} are not distinct whole numbers above 0"
        raise InputError(Problem(message, "give e.g. (1, 2): 0 is kept for censored patients"))
    times, _ = checked_rows(time, np.zeros(np.shape(np.asarray(time))))
    try:
        codes = np.asarray(code, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(Problem(f"event codes must be numbers: {error}", f"give 0 or one of {causes}")) from None
    if codes.shape != times.shape:
        message = f"times of shape {times.shape} and event codes of shape {codes.shape} do not pair up"
        raise InputError(Problem(message, "give one time and one event code for each patient"))
    strange = np.flatnonzero(~np.isin(codes, (0, *causes)))
    if strange.size:
        raise InputError(
            Problem(f"the event of patient {i + 1} of {times.size} is neither 0 nor one of the causes {causes}",
                    "give 0 for a censored patient, or name the cause", found=str(codes[i]))
            for i in strange
        )  # fmt: skip
    return times, codes.astype(np.int64)


def checked_level(level: float) -> float:
    """A confidence level as a proportion.

    Raises
    ------
    InputError
        It does not lie strictly between 0 and 1.
    """
    if not 0 < level < 1:
        remedy = "give a proportion such as 0.95"
        raise InputError(Problem("a confidence level lies strictly between 0 and 1", remedy, found=str(level)))
    return float(level)


def multiplier(level: float) -> float:
    """Two-sided normal multiplier of a level, e.g. 1.959964 for 0.95.

    >>> round(multiplier(0.95), 6)
    1.959964
    """
    from scipy.special import ndtri

    return float(ndtri((1 + checked_level(level)) / 2))
