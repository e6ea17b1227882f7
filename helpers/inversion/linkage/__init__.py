"""Which histories of two endpoints can belong to the same patients, and what every such combination has in common."""

from helpers.inversion.linkage.summary import (
    WORK_LIMIT,
    HistoryPair,
    LinkageSummary,
    LinkedBound,
    linkages,
)

__all__ = ["WORK_LIMIT", "HistoryPair", "LinkageSummary", "LinkedBound", "linkages"]
