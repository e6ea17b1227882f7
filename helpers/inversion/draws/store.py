"""The store: what the stretches of many draws need to know of their blocks, laid end to end in long arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.inversion.draws.block import Block, Ints, Terminal
from helpers.inversion.draws.paths import Stretches


class Store:
    """Blocks and terminals of some stretches.

    States are numbered through all blocks (`state_base` of each terminal's block); so are moves. Ways that use k days
    from a state to an end stand in `powers` at ``base + k · step + state · width + end``, all by terminal. The moves
    of a single patient stand in `single`, `single_end`, `single_weight`, shape (states, 4), of no weight where there
    is none.
    """

    def __init__(self, stretches: Sequence[Stretches]) -> None:
        """Lay out what they refer to, each thing once."""
        terminals: dict[int, Terminal] = {id(s.terminal): s.terminal for s in stretches}
        blocks: dict[int, Block] = {id(t.block): t.block for t in terminals.values()}
        self.number = {key: k for k, key in enumerate(terminals)}
        self._lay_moves(list(blocks.values()))
        self._lay_powers(list(terminals.values()), {key: k for k, key in enumerate(blocks)})

    def _lay_moves(self, blocks: Sequence[Block]) -> None:
        moves = [block.moves for block in blocks]
        row = _begins([len(m.start) for m in moves])
        self._block_base = _begins([m.states for m in moves])
        self.first = np.concatenate([m.first[:-1] + r for m, r in zip(moves, row, strict=True)])
        self.last = np.concatenate([m.first[1:] + r for m, r in zip(moves, row, strict=True)])
        self.end = np.concatenate([m.end for m in moves])
        self.weight = np.concatenate([m.weight for m in moves])
        self.what = np.concatenate([m.what for m in moves])
        self.outer_depth = np.concatenate([np.array(b.outer.depth)[b.states[0]] for b in blocks])
        self.inner_depth = np.concatenate([np.array(b.inner.depth)[b.states[1]] for b in blocks])
        self.single = np.concatenate(
            [np.where(m.single >= 0, m.single + r, -1) for m, r in zip(moves, row, strict=True)]
        )
        self.single_end = np.where(self.single >= 0, self.end[self.single], 0)
        self.single_weight = np.where(self.single >= 0, self.weight[self.single], 0.0)

    def _lay_powers(self, terminals: Sequence[Terminal], block: dict[int, int]) -> None:
        shapes = np.array([t.powers.shape for t in terminals])
        self.hits = np.array([t.hit for t in terminals])
        self.state_base = self._block_base[[block[id(t.block)] for t in terminals]]
        self.powers = np.concatenate([t.powers.ravel() for t in terminals])
        self.base = _begins([t.powers.size for t in terminals])
        self.width = shapes[:, 2]
        self.step = shapes[:, 1] * shapes[:, 2]
        self._ends = np.concatenate([t.ends for t in terminals])
        self._ends_base = _begins([len(t.ends) for t in terminals])
        self._top = np.concatenate([_top(t.powers).ravel() for t in terminals])
        self._top_base = _begins([t.powers[0].size for t in terminals])

    def top(self, terminal: Ints, state: Ints, column: Ints) -> Ints:
        """The most days that can be used, -1 where there is no way."""
        return self._top[self._top_base[terminal] + state * self.width[terminal] + column]

    def end_of(self, terminal: Ints, column: Ints) -> Ints:
        """The state that an end is."""
        return self._ends[self._ends_base[terminal] + column]


def _begins(sizes: Sequence[int]) -> Ints:
    return np.cumsum([0, *sizes])[:-1]


def _top(powers: np.ndarray) -> Ints:
    used = powers > 0
    return np.where(used.any(axis=0), len(powers) - 1 - np.argmax(used[::-1], axis=0), -1)
