"""Pull a log's new entries into a mirror: in chunks, bounded, resumable. Rule 6 judges it all.

A signed file that is not served is asked for again at every run, withdrawals and suspensions first:
whoever serves the entries and keeps such a file back delays it until somebody serves it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from comity.attest.merkle import leaf_hash
from comity.claims import canonical_bytes
from comity.errors import RecordError
from comity.record.checkpoint import Checkpoint
from comity.record.entry import ALWAYS, decode_entry
from comity.record.follow import Follower
from comity.record.grow import grown
from comity.record.log import MAX_BLOB_BYTES
from comity.record.store import Source, Store
from comity.record.tiles import TILE_WIDTH, blob_path, read_entries, read_hashes, width_of

__all__ = ["MAX_STATE_BYTES", "Bounded", "Puller", "decode_state", "pull_path"]

T = TypeVar("T")

MAX_STATE_BYTES = 2_000_000
MAX_MISSING = 1_000
CHUNK_ENTRIES = 1 << 16
CHUNK_BYTES = 32_000_000
"""How much is verified before the pull's progress is kept."""


class _Pull(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How far an interrupted pull came. Rule 6 judges what it leads to."""

    start: int
    position: int
    nodes: tuple[bytes, ...]
    missing: tuple[str, ...] = ()


class Puller:
    """Pulls entries in chunks: overlap checked, tree extended, tiles written, progress kept.

    Attributes:
        missing: Digests of signed files that were not served, at most 1,000.
        absent: How many these are in all.
    """

    def __init__(
        self,
        source: Source,
        mirror: Store,
        private: Store,
        follower: Follower,
        received: Checkpoint,
        progress: Callable[[int, int], object],
    ) -> None:
        self.missing: list[str] = []
        self.absent = 0
        self._source = source
        self._mirror = mirror
        self._private = private
        self._follower = follower
        self._received = received
        self._progress = progress
        self._start = follower.held.size

    def run(self, *, blobs: bool) -> None:
        """Pull all that is new."""
        size = self._received.size
        asked = [*self._follower.held.missing, *self._resume()]
        if blobs:
            self._pull_blobs(dict.fromkeys(asked, False))
        for leaves in self._chunks():
            old = self._follower.position
            self._follower.extend(map(leaf_hash, leaves))
            if blobs:
                self._pull_blobs(_named_in(leaves))
            self._mirror.write_all(grown(self._mirror, old, leaves))
            position = self._follower.position
            if position < size:
                state = _Pull(
                    start=self._start,
                    position=position,
                    nodes=self._follower.nodes,
                    missing=tuple(self.missing),
                )
                self._private.write(pull_path(self._received.origin), canonical_bytes(state))
            self._progress(position - self._start, size - self._start)

    def _resume(self) -> tuple[str, ...]:
        """Go on where an interrupted pull stopped; returns what it missed."""
        path = pull_path(self._received.origin)
        data = self._private.read(path, MAX_STATE_BYTES)
        if data is None:
            return ()
        state = decode_state(data, _Pull, path)
        if state.start != self._start or state.position > self._received.size:
            return ()
        self._follower.resume(state.position, state.nodes)
        return state.missing

    def _chunks(self) -> Iterator[list[bytes]]:
        """New entries, in pieces that end where a tile does."""
        size, leaves, weight = self._received.size, list[bytes](), 0
        first, held = divmod(self._follower.position, TILE_WIDTH)
        for index in range(first, -(-size // TILE_WIDTH)):
            entries = read_entries(self._source, index, width_of(0, index, size))
            if held:
                ours = read_hashes(self._mirror, 0, index, held)
                self._follower.overlaps(ours, [leaf_hash(one) for one in entries[:held]])
                entries, held = entries[held:], 0
            leaves += entries
            weight += sum(map(len, entries))
            if len(leaves) >= CHUNK_ENTRIES or weight >= CHUNK_BYTES:
                yield leaves
                leaves, weight = [], 0
        if leaves:
            yield leaves

    def _pull_blobs(self, named: dict[str, bool]) -> None:
        """Signed files by digest, and which go first. A log that lacks one can be followed."""
        found: dict[str, bytes] = {}
        weight = 0
        for digest, first in named.items():
            blob = self._source.read(blob_path(digest), MAX_BLOB_BYTES)
            if blob is None or hashlib.sha256(blob).hexdigest() != digest:
                self.absent += 1
                self.missing.insert(0 if first else len(self.missing), digest)
                del self.missing[MAX_MISSING:]
                continue
            found[blob_path(digest)] = blob
            weight += len(blob)
            if weight >= CHUNK_BYTES:
                self._mirror.write_all(found)
                found, weight = {}, 0
        self._mirror.write_all(found)


def _named_in(leaves: list[bytes]) -> dict[str, bool]:
    """The signed files that entries name, and whether they may change what others count for."""
    named = {}
    for leaf in leaves:
        try:
            entry = decode_entry(leaf)
        except RecordError:
            continue  # an entry of another kind: kept, and of no meaning here
        named[entry.bundle] = entry.kind in ALWAYS
    return named


class Bounded:
    """A source that gives no more than so many bytes in all."""

    def __init__(self, source: Source, limit: int) -> None:
        self._source = source
        self._left = limit

    def read(self, path: str, limit: int) -> bytes | None:
        """As the source reads it.

        Raises:
            RecordError: it is more than is allowed in all.
        """
        data = self._source.read(path, limit)
        self._left -= len(data or b"")
        if self._left < 0:
            raise RecordError(
                "the log serves more bytes than are allowed in one run",
                where=repr(self._source),
                hint="Allow more with --max-gigabytes. What was fetched so far is kept.",
            )
        return data


def pull_path(origin: str) -> str:
    """Where the progress of an interrupted pull stands in the private folder."""
    return f"{hashlib.sha256(origin.encode()).hexdigest()}.pull"


def decode_state(data: bytes, kind: type[T], where: str) -> T:
    """Read a follower's own file.

    Raises:
        RecordError: it was damaged.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except ValueError:
        raise RecordError("the file of what was verified is damaged", where=where) from None
