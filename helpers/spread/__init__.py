"""Spreading independent tasks: over processes of this machine, or over a Dask cluster that is already there.

A `Crew` takes tasks and tells how they ended, in whatever order that is. Whoever asks decides what follows from it, so
the same table comes out however the work was spread. There is no scheduler of our own: `dask.distributed` has one that
starts a task again when its worker dies.
"""

from __future__ import annotations

from helpers.spread.crew import Alone, Crew, Ended, LostTask, spread_over
from helpers.spread.open import open_crew

__all__ = ["Alone", "Crew", "Ended", "LostTask", "open_crew", "spread_over"]
