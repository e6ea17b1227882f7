"""What a worksheet or quiz displayed, as plain text, for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collect the plain text of every box that is displayed inside."""
    found: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("IPython.display.display", lambda data, raw, metadata: found.append(data["text/plain"]))
        yield found


def said(call: Callable[..., None], *arguments: object) -> str:
    """What one call displays."""
    with listening() as found:
        call(*arguments)
    return "\n".join(found)
