"""Where a log's tiles and entries stand, and what they may hold: https://c2sp.org/tlog-tiles.

1. `tile/<L>/<N>` holds 256 hashes of level L: leaf hashes at level 0, and above it the hash of each
   full tile of the level below. N is written in groups of three digits, all but the last behind an
   x: tile 1,234,067 is `x001/x234/067`.
2. `tile/entries/<N>` holds the 256 entries of the level 0 tile with that number, each behind its
   length in two bytes, the larger first. So an entry has at most 65,535 bytes.
3. The rightmost tile of a level may hold fewer: `<N>.p/<W>` with W from 1 to 255. It is there for
   every size that a checkpoint named, until the full tile is there; then the full one begins alike.
4. What has another length than its path says is not read as a tile.
"""

from __future__ import annotations

from collections.abc import Iterable

from comity.attest.merkle import HASH_SIZE, leaf_hash
from comity.errors import InputError, RecordError
from comity.record.store import Source

__all__ = [
    "MAX_ENTRY_BYTES",
    "TILE_HEIGHT",
    "TILE_WIDTH",
    "blob_path",
    "encode_entries",
    "entries_path",
    "read_checked_entries",
    "read_entries",
    "read_hashes",
    "tile_path",
    "width_of",
]

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_ENTRY_BYTES = 65_535

_LOST = (
    "The log was altered or copied incompletely. Fetch it again; as its owner, restore it from a\n"
    "  copy that is whole."
)


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Rule 1: the path of a tile of hashes."""
    return f"tile/{level}/{_number(index, width)}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Rule 2: the path of a bundle of entries."""
    return f"tile/entries/{_number(index, width)}"


def blob_path(digest: str) -> str:
    """The path of a signed file by the SHA-256 of its bytes, 64 hexadecimal digits."""
    return f"blob/sha256/{digest[:2]}/{digest}"


def width_of(level: int, index: int, size: int) -> int:
    """How many hashes a tile has in a tree of `size` leaves; 0 if it does not exist there."""
    return max(0, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - TILE_WIDTH * index))


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """The bytes of a bundle of entries.

    Raises:
        InputError: an entry has more than 65,535 bytes.
    """
    pieces = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise InputError(
                f"an entry of {len(entry):,} bytes does not fit into a log; "
                f"{MAX_ENTRY_BYTES:,} are allowed"
            )
        pieces += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(pieces)


def read_hashes(source: Source, level: int, index: int, width: int) -> list[bytes]:
    """The first `width` hashes of a tile.

    Raises:
        RecordError: the tile is absent, or has another length than its path says (rule 4).
        InputError: it cannot be read.
    """
    for held in dict.fromkeys((width, TILE_WIDTH)):
        path = tile_path(level, index, held)
        data = source.read(path, HASH_SIZE * held + 1)
        if data is None:
            continue
        if len(data) != HASH_SIZE * held:
            raise RecordError(
                f"the tile has {len(data):,} bytes where {held} hashes have {HASH_SIZE * held:,}",
                where=path,
                hint=_LOST,
            )
        return [data[at : at + HASH_SIZE] for at in range(0, HASH_SIZE * width, HASH_SIZE)]
    raise RecordError("the log lacks this tile", where=tile_path(level, index, width), hint=_LOST)


def read_entries(source: Source, index: int, width: int) -> list[bytes]:
    """The first `width` entries of a bundle, not compared with any hash.

    Raises:
        RecordError: the bundle is absent, or does not hold as many entries as its path says.
        InputError: it cannot be read.
    """
    for held in dict.fromkeys((width, TILE_WIDTH)):
        path = entries_path(index, held)
        data = source.read(path, (2 + MAX_ENTRY_BYTES) * held)
        if data is not None:
            return _decode_entries(data, held, path)[:width]
    raise RecordError("the log lacks these entries", where=entries_path(index, width), hint=_LOST)


def read_checked_entries(source: Source, index: int, width: int) -> list[bytes]:
    """The first `width` entries of a bundle, which have the hashes of the tile at level 0.

    Raises:
        RecordError: one of the two is absent or malformed, or they do not belong together.
        InputError: one of the two cannot be read.
    """
    entries = read_entries(source, index, width)
    if list(map(leaf_hash, entries)) != read_hashes(source, 0, index, width):
        raise RecordError(
            "these entries are not those that the log's hashes are of",
            where=entries_path(index, width),
            hint=_LOST,
        )
    return entries


def _decode_entries(data: bytes, count: int, path: str) -> list[bytes]:
    entries, at = [], 0
    for _ in range(count):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if at != len(data):  # too short or too long, wherever that began
        raise RecordError(f"the file does not hold {count} entries", where=path, hint=_LOST)
    return entries


def _number(index: int, width: int) -> str:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return path if width == TILE_WIDTH else f"{path}.p/{width}"
