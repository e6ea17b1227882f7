"""How fast reconstructed tables are drawn, and their curves read, beside lifelines in a loop.

``python -m helpers.simulation.draw_speed`` prints seconds of the processor, so that other work on the machine does not
count. Set-up (all tables counted, once for a study) is shown apart from drawing.
"""

from __future__ import annotations

from time import process_time

import numpy as np
import pandas as pd

from helpers.estimators.kaplan_meier import survival_at_days
from helpers.inversion import invert_study
from helpers.inversion.draws import DrawnTables, PatientTables
from helpers.study import load_study

DAYS = (91, 183, 274, 365, 730, 1096)
_FITS = 60


def drawing_times(study: str = "zhuo2024", sizes: tuple[int, ...] = (1, 1_000, 100_000), seed: int = 1) -> pd.DataFrame:
    """Seconds of the processor for some numbers of tables, each time from the inverted study.

    Returns
    -------
    DataFrame
        One row a number; columns `draws`, `first` (set-up included) and `more` (as many again, all counted by then).
    """
    inversion = invert_study(load_study(study))
    rows = []
    for draws in sizes:
        begin = process_time()
        source = PatientTables(inversion, seed)
        source.draw(draws)
        middle = process_time()
        source.draw(draws, first=draws)
        rows.append({"draws": draws, "first": middle - begin, "more": process_time() - middle})
    return pd.DataFrame(rows)


def curve_times(tables: DrawnTables, fits: int = _FITS) -> dict[str, float]:
    """Seconds of the processor a curve: all at once by NumPy, and by lifelines one at a time, at the same days.

    Parameters
    ----------
    tables : drawn tables; those of the first endpoint are used, a few of them for lifelines.
    fits : how many lifelines fits.

    Raises
    ------
    ArithmeticError
        if the two disagree.
    """
    from lifelines import KaplanMeierFitter

    name = tables.groups[0][0]
    time, event = tables.days[name], tables.events[name]
    begin = process_time()
    curves = survival_at_days(time, event, DAYS, extend=True)
    together = (process_time() - begin) / len(time)
    with np.errstate():  # lifelines changes NumPy's settings
        KaplanMeierFitter().fit(time[0], event[0])
        begin = process_time()
        fitted = [
            KaplanMeierFitter().fit(time[k], event[k]).survival_function_at_times(DAYS).to_numpy() for k in range(fits)
        ]
        one_by_one = (process_time() - begin) / fits
    if not np.allclose(curves[:fits], np.array(fitted), atol=1e-12):
        raise ArithmeticError("the curves of NumPy and lifelines differ")
    return {"numpy": together, "lifelines": one_by_one, "ratio": one_by_one / together}


def main() -> None:
    """Print both."""
    print(drawing_times().round(2).to_string(index=False))
    found = curve_times(PatientTables(invert_study(load_study("zhuo2024")), 1).draw(100_000))
    print(
        f"a curve at {len(DAYS)} days: {found['numpy'] * 1e6:.1f} µs with NumPy, "
        f"{found['lifelines'] * 1e3:.2f} ms with lifelines, {found['ratio']:,.0f} times as long"
    )


if __name__ == "__main__":
    main()
