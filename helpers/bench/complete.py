"""Everything the inversion says of one study, once, in a fresh process after all imports; prints the seconds it took,
by the clock and of the processor.

``python -m helpers.bench.complete zhuo2024``: conventions, histories, timelines, linkage, what is set aside, bounds
and the band, and the ledger by leave-one-out. Draws are not part of it.
"""

from __future__ import annotations

import sys
from time import perf_counter, process_time

import pandas as pd

from helpers.inversion import invert_study
from helpers.inversion.bounds import bounds_frame
from helpers.inversion.draws import outer_endpoint
from helpers.inversion.frames import band_frame, convention_frame
from helpers.inversion.report import endpoint_timelines
from helpers.ledger import ledger_of
from helpers.narrative.bounds import endpoint_bounds, linkage_sentences
from helpers.study import load_study


def complete(name: str) -> tuple[float, float, int]:
    """Seconds after import, by the clock and of the processor, and the number of printed numbers judged."""
    pd.DataFrame({"warm": [1]}).astype(object)  # what pandas loads with its first frame is import, not work
    clock, processor = perf_counter(), process_time()
    study = load_study(name)
    inversion = invert_study(study)
    convention_frame(inversion)
    systems = {endpoint: endpoint_timelines(inversion, endpoint) for endpoint in inversion.endpoints}
    for endpoint, found in systems.items():
        bounds_frame(endpoint_bounds(inversion, endpoint, found))
        band_frame(found, study.n, int(max(mark.day for mark in inversion.endpoints[endpoint].landmarks)))
    linkage_sentences(inversion, outer_endpoint(study, tuple(systems)), systems)
    rows = ledger_of(inversion)
    return perf_counter() - clock, process_time() - processor, len(rows)


if __name__ == "__main__":
    print(*complete(sys.argv[1]))
