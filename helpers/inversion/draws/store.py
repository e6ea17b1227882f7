"""The store: what the stretches of many draws need to know of their blocks, laid end to end in long arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.inversion.draws.block import Block, Ints, Terminal
from helpers.inversion.draws.paths import Stretches

_COLUMNS = ("events", "losses", "inner_events", "both")


class Store:
    """Blocks and terminals of some stretches; states are numbered through all blocks, moves and powers likewise."""

    def __init__(self, stretches: Sequence[Stretches]) -> None:
        terminals: dict[int, Terminal] = {id(s.terminal): s.terminal for s in stretches}
        blocks: dict[int, Block] = {id(t.block): t.block for t in terminals.values()}
        self.number = {key: k for k, key in enumerate(terminals)}
        self._lay_moves(list(blocks.values()))
        self._lay_powers(list(terminals.values()), {key: k for k, key in enumerate(blocks)})

    def _lay_moves(self, blocks: Sequence[Block]) -> None:
        moves = [block.moves for block in blocks]
        row = _begins([len(m.start) for m in moves])
        self.state_base = _begins([m.states for m in moves])
        self.single = np.concatenate([np.where(m.single >= 0, m.single + r, -1) for m, r in zip(moves, row, strict=True)])
        self.first = np.concatenate([m.first[:-1] + r for m, r in zip(moves, row, strict=True)])
        self.last = np.concatenate([m.first[1:] + r for m, r in zip(moves, row, strict=True)])
        self.end = np.concatenate([m.end for m in moves])
        self.weight = np.concatenate([m.weight for m in moves])
        self.what = np.column_stack([np.concatenate([getattr(m, name) for m in moves]) for name in _COLUMNS])
        self.outer_depth = np.concatenate([np.array(b.outer.depth)[b.states[0]] for b in blocks])
        self.inner_depth = np.concatenate([np.array(b.inner.depth)[b.states[1]] for b in blocks])

    def _lay_powers(self, terminals: Sequence[Terminal], block: dict[int, int]) -> None:
        self.block = np.array([block[id(t.block)] for t in terminals])
        self.hits = np.array([t.hit for t in terminals])
        self._powers = np.concatenate([t.powers.ravel() for t in terminals])
        self._base = _begins([t.powers.size for t in terminals])
        self._size = np.array([t.powers.shape[1:] for t in terminals]).reshape(-1, 2)
        self._ends = np.concatenate([t.ends for t in terminals])
        self._ends_base = _begins([len(t.ends) for t in terminals])
        self._top = np.concatenate([_top(t.powers).ravel() for t in terminals])
        self._top_base = _begins([t.powers[0].size for t in terminals])

    def power(self, terminal: Ints, used: Ints, state: Ints, column: Ints) -> np.ndarray:
        """Ways from a state to an end that use so many days."""
        size = self._size[terminal]
        return self._powers[self._base[terminal] + (used * size[:, 0] + state) * size[:, 1] + column]

    def top(self, terminal: Ints, state: Ints, column: Ints) -> Ints:
        """The most days that can be used, -1 where there is no way."""
        return self._top[self._top_base[terminal] + state * self._size[terminal, 1] + column]

    def end_of(self, terminal: Ints, column: Ints) -> Ints:
        """The state that an end is."""
        return self._ends[self._ends_base[terminal] + column]


def _begins(sizes: Sequence[int]) -> Ints:
    return np.cumsum([0, *sizes])[:-1]


def _top(powers: np.ndarray) -> Ints:
    used = powers > 0
    return np.where(used.any(axis=0), len(powers) - 1 - np.argmax(used[::-1], axis=0), -1)
