"""How a log grows: from its size and new leaves to the files that change. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator

from comity.attest.merkle import leaf_hash, pair_hashes
from comity.record.store import Source
from comity.record.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    encode_entries,
    entries_path,
    read_checked_entries,
    read_hashes,
    tile_path,
    width_of,
)

__all__ = ["full_tile_root", "grown", "made_full"]


def grown(source: Source, old: int, leaves: list[bytes]) -> dict[str, bytes]:
    """Every tile and bundle of entries that the new leaves touch, by its path.

    Args:
        source: The log.
        old: Its size.
        leaves: The entries that follow.

    Raises:
        RecordError: what stands in the unfinished tiles is lost or does not belong together.
        InputError: it cannot be read, or an entry is too large.
    """
    contents: dict[str, bytes] = {}
    first, held = divmod(old, TILE_WIDTH)
    row = read_checked_entries(source, first, held) if held else []
    for index, chunk in _tiles(first, row + leaves):
        contents[entries_path(index, len(chunk))] = encode_entries(chunk)
    hashes, level = [leaf_hash(leaf) for leaf in leaves], 0
    while hashes:
        first, held = divmod(old >> TILE_HEIGHT * level, TILE_WIDTH)
        row = read_hashes(source, level, first, held) if held else []
        above: list[bytes] = []
        for index, chunk in _tiles(first, row + hashes):
            contents[tile_path(level, index, len(chunk))] = b"".join(chunk)
            above += full_tile_root(chunk)
        hashes, level = above, level + 1
    return contents


def full_tile_root(hashes: list[bytes]) -> list[bytes]:
    """What a tile adds to the level above: its root if it is full, else nothing."""
    if len(hashes) < TILE_WIDTH:
        return []
    while len(hashes) > 1:
        hashes = pair_hashes(hashes)
    return hashes


def made_full(old: int, new: int) -> Iterator[str]:
    """Paths of all partial tiles that nobody needs once the log has grown from `old` to `new`."""
    level = 0
    while new >> TILE_HEIGHT * level:
        index = (old >> TILE_HEIGHT * level) // TILE_WIDTH
        if width_of(level, index, new) == TILE_WIDTH:
            for width in range(1, TILE_WIDTH):
                yield tile_path(level, index, width)
                if not level:
                    yield entries_path(index, width)
        level += 1


def _tiles(first: int, row: list[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    for at in range(0, len(row), TILE_WIDTH):
        yield first + at // TILE_WIDTH, row[at : at + TILE_WIDTH]
