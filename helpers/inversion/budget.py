"""The budget of a search: it is never started on what it could not finish."""

from __future__ import annotations

CANDIDATE_LIMIT = 15_000_000


class TooLargeError(Exception):
    """The set, or the search for it, is too large to go through one by one; `size` estimates how large."""

    def __init__(self, size: float) -> None:
        """Keep the estimate for the caller."""
        self.size = size
        super().__init__(f"about {size:.1e} candidates")


class Budget:
    """How many candidates may still be formed; spending more raises TooLargeError."""

    def __init__(self, limit: float) -> None:
        """Start with `limit` candidates."""
        self.left = limit

    def spend(self, candidates: float) -> None:
        """Take candidates off, or raise with the number that would be needed."""
        if candidates > self.left:
            raise TooLargeError(candidates)
        self.left -= candidates
