"""The Merkle tree of a log, read out of its tiles: roots and proofs without reading the log.

Nothing here trusts the tiles. Whoever uses a tree compares its `root` with a checkpoint that the
log signed; a proof is verified by `attest.merkle` against that root.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from comity.attest.merkle import (
    EMPTY_ROOT,
    CompactRange,
    Range,
    consistency_ranges,
    node_hash,
    pair_hashes,
    perfect_ranges,
    proof_ranges,
)
from comity.record.store import Source
from comity.record.tiles import TILE_HEIGHT, TILE_WIDTH, read_hashes, width_of

__all__ = ["TiledTree", "consistency_proof", "inclusion_proof"]

CACHED_TILES = 256
"""About 12 MB: what a run of proofs over neighbouring entries needs is never read twice."""

HashOf = Callable[[Range], bytes]


def inclusion_proof(hash_of: HashOf, index: int, size: int) -> tuple[bytes, ...]:
    """The hashes that prove that the leaf at `index` stands in the tree of `size` leaves.

    Args:
        hash_of: The hash of a subtree, for instance `TiledTree.hash_of`.
        index: The leaf.
        size: The tree's leaves.

    Raises:
        ValueError: the tree has no such leaf.
    """
    return tuple(map(hash_of, proof_ranges(index, size)))


def consistency_proof(hash_of: HashOf, old: int, new: int) -> tuple[bytes, ...]:
    """The hashes that prove that the tree of `old` leaves is the beginning of that of `new`.

    Raises:
        ValueError: `old` is not between 1 and `new`.
    """
    return tuple(map(hash_of, consistency_ranges(old, new)))


class TiledTree:
    """The tree of the first `size` entries of a log.

    Attributes:
        size: Number of leaves; the log must have published a checkpoint of at least this size.
    """

    def __init__(self, source: Source, size: int) -> None:
        self.size = size
        self._source = source
        self._tile = lru_cache(maxsize=CACHED_TILES)(self._read_tile)

    def hash_of(self, span: Range) -> bytes:
        """The hash of the subtree over these leaves, as proofs name subtrees.

        Raises:
            RecordError: a tile is absent, or is not one.
            InputError: a tile cannot be read.
        """
        *left, last = perfect_ranges(*span)
        node = self._perfect(last)
        for one in reversed(left):
            node = node_hash(self._perfect(one), node)
        return node

    def root(self) -> bytes:
        """The root hash; errors as for `hash_of`."""
        return self.hash_of((0, self.size)) if self.size else EMPTY_ROOT

    def compact_range(self) -> CompactRange:
        """What is needed to append to the tree; errors as for `hash_of`."""
        return CompactRange(self.size, map(self._perfect, perfect_ranges(0, self.size)))

    def _perfect(self, span: Range) -> bytes:
        """The hash of a complete subtree: it stands within one tile, up to 7 levels above it."""
        start, end = span
        height = (end - start).bit_length() - 1
        level, above = divmod(height, TILE_HEIGHT)
        index, offset = divmod(start >> TILE_HEIGHT * level, TILE_WIDTH)
        return self._tile(level, index)[above][offset >> above]

    def _read_tile(self, level: int, index: int) -> list[list[bytes]]:
        """A tile's hashes, and above them every complete pair's hash, up to the tile's own."""
        row = read_hashes(self._source, level, index, width_of(level, index, self.size))
        rows = [row]
        while len(row) > 1:
            row = pair_hashes(row)
            rows.append(row)
        return rows
