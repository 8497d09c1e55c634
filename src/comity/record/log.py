"""An authority's log: a folder of plain files that only ever grows.

    checkpoint               size and root hash, signed by the log
    checkpoint.cosigned      the same, with the signatures of witnesses
    tile/…                   hashes and entries (`comity.record.tiles`)
    blob/sha256/<2>/<64>     the signed files, under the SHA-256 of their bytes

All of it is public. The log's key, and `last`, the last checkpoint that it signed, stay in the
owner's folder of keys.

1. One process appends at a time.
2. Before it appends, the tiles give the root of the published checkpoint and of the last one that
   was signed, and the entries of an unfinished tile have its hashes. Else nothing is written: a log
   that goes on from altered tiles, or from an old copy of its folder, tells two stories.
3. Blobs and tiles are written first, whole and onto the disk; then the checkpoint is signed and
   kept as `last`; then it is published. A kill before the second leaves what no checkpoint speaks
   of, and the next append writes over it. A kill after the second leaves a promise that the next
   append keeps: it publishes `last` before anything else.
4. Partial tiles go when the full tile stands and a checkpoint speaks of it. Those of an attempt
   that was killed may stay: no checkpoint leads there, and one that does writes them anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec

from comity.attest.merkle import EMPTY_ROOT, CompactRange, leaf_hash
from comity.attest.vkey import NoteKey
from comity.errors import InputError, RecordError
from comity.record.checkpoint import Checkpoint, format_checkpoint, open_checkpoint
from comity.record.entry import Entry, encode_entry
from comity.record.grow import full_tile_root, grown, made_full
from comity.record.note import MAX_NOTE_BYTES, NoteSigner, add_signature, sign_note
from comity.record.store import Store
from comity.record.tiles import (
    TILE_WIDTH,
    blob_path,
    read_checked_entries,
    read_entries,
    read_hashes,
    tile_path,
    width_of,
)
from comity.record.tree import TiledTree

__all__ = ["CHECKPOINT", "MAX_BLOB_BYTES", "Log", "Writer", "create_log", "last_path"]

CHECKPOINT = "checkpoint"
MAX_BLOB_BYTES = 16_000_000


class Log(msgspec.Struct, frozen=True):
    """A log and where it is kept. It holds no state: every call reads what is published now.

    Attributes:
        store: The published folder.
        keys: The log's public key, whose name is the log's origin; several, of one name, while the
            log changes from one key to another.
        private: Where `last` is kept. Null: nowhere; then an old copy of the folder is not noticed.
    """

    store: Store
    keys: tuple[NoteKey, ...]
    private: Store | None = None

    @property
    def origin(self) -> str:
        """The log's name, unique in the world."""
        return self.keys[0].name

    def checkpoint(self) -> tuple[Checkpoint, bytes]:
        """The published checkpoint, with the signed note that it stands in.

        Raises:
            RecordError: it is not this log's, or not signed by its key.
            InputError: there is none, or it cannot be read.
        """
        note = self.store.read(CHECKPOINT, MAX_NOTE_BYTES)
        if note is None:
            raise InputError(
                "no log is here: there is no checkpoint",
                hint=f"Begin one: comity log init --origin {self.origin}",
            )
        return _opened(note, self.keys, CHECKPOINT), note

    def tree(self, checkpoint: Checkpoint | None = None) -> TiledTree:
        """The tree of a checkpoint of this log, the published one if none is given.

        Raises:
            RecordError: the tiles do not give its root.
        """
        checkpoint = checkpoint or self.checkpoint()[0]
        tree = TiledTree(self.store, checkpoint.size)
        _require_root(tree, checkpoint)
        return tree

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The entries from `start` up to, but without, `end`, as they stand in their files.

        They are compared with the hashes in the tiles, and these with nothing: `tree` does that.

        Raises:
            RecordError: entries or tiles are lost, or do not belong together.
            ValueError: the log has no such entries.
        """
        size = self.checkpoint()[0].size
        end = size if end is None else end
        if not 0 <= start <= end <= size:
            raise ValueError(f"the log has {size:,} entries")
        for index in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
            first = index * TILE_WIDTH
            found = read_checked_entries(self.store, index, width_of(0, index, size))
            yield from found[max(0, start - first) : end - first]

    def find(self, payloads: Collection[str]) -> dict[str, list[tuple[int, bytes]]]:
        """Where statements stand, by their identity: numbers and entries. Reads all entries.

        Raises:
            RecordError: as for `entries`.
        """
        size = self.checkpoint()[0].size
        wanted = {payload.encode(): payload for payload in payloads}
        found: dict[str, list[tuple[int, bytes]]] = {}
        for index in range(-(-size // TILE_WIDTH)):
            width = width_of(0, index, size)
            for number, entry in enumerate(read_entries(self.store, index, width)):
                # An entry names its payload once as a field, and others among its references.
                at = entry.find(b'"payload":"') + 11
                payload = wanted.get(entry[at : at + 64])
                if payload is not None:
                    found.setdefault(payload, []).append((index * TILE_WIDTH + number, entry))
        return found

    def check(self) -> Checkpoint:
        """Read the whole log: every entry, every tile, and the root. Returns the checkpoint.

        Raises:
            RecordError: something is lost or altered.
        """
        checkpoint, _ = self.checkpoint()
        tree, row = CompactRange(), []
        for index in range(-(-checkpoint.size // TILE_WIDTH)):
            width = width_of(0, index, checkpoint.size)
            hashes = list(map(leaf_hash, read_checked_entries(self.store, index, width)))
            for one in hashes:
                tree.append(one)
            row += full_tile_root(hashes)
        if tree.root() != checkpoint.root:
            raise RecordError("the entries are not those of the checkpoint", where=CHECKPOINT)
        level = 1
        while row:
            above = []
            for at in range(0, len(row), TILE_WIDTH):
                hashes, index = row[at : at + TILE_WIDTH], at // TILE_WIDTH
                if read_hashes(self.store, level, index, len(hashes)) != hashes:
                    raise RecordError(
                        "the tile was altered", where=tile_path(level, index, len(hashes))
                    )
                above += full_tile_root(hashes)
            row, level = above, level + 1
        return checkpoint

    def append(
        self, entries: Sequence[Entry | bytes], blobs: Mapping[str, bytes], signer: NoteSigner
    ) -> Checkpoint:
        """Append entries and publish a new checkpoint, as `Writer.append` does."""
        with self.writing(signer) as writer:
            return writer.append(entries, blobs)

    @contextmanager
    def writing(self, signer: NoteSigner) -> Iterator[Writer]:
        """Be the only writer for a while (rule 1); first keep what a killed one had promised.

        Args:
            signer: The log's key.

        Raises:
            InputError: somebody else is writing, or this is not the log's key.
            RecordError: what is published does not fit together, or is older than what was signed.
        """
        if signer.key not in self.keys:
            raise InputError(f"this is not the key of the log {self.origin}, but another one")
        with self.store.exclusive():
            yield Writer(self, signer, self._recovered())

    def _recovered(self) -> Checkpoint:
        """Rules 2 and 3: what is published is what was signed last, and the tiles give it."""
        published, _ = self.checkpoint()
        path = last_path(self.origin)
        note = self.private.read(path, MAX_NOTE_BYTES) if self.private else None
        last = _opened(note, self.keys, path) if note else published
        if last.size < published.size:
            before, newest = last, published
        else:
            before, newest = published, last
        try:
            tree = self.tree(newest)
        except RecordError:
            if newest == published:
                raise
            raise _two_stories(last, published) from None
        root = tree.hash_of((0, before.size)) if before.size else EMPTY_ROOT
        if root != before.root:
            raise _two_stories(last, published)
        if note and newest.size > published.size:
            self.store.write(CHECKPOINT, note)
        return newest


class Writer:
    """Appends to a log while nobody else does.

    Attributes:
        checkpoint: The newest checkpoint, which is published.
    """

    def __init__(self, log: Log, signer: NoteSigner, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self._log = log
        self._signer = signer

    def append(self, entries: Sequence[Entry | bytes], blobs: Mapping[str, bytes]) -> Checkpoint:
        """Append entries and publish a new checkpoint; all of them, or none.

        Args:
            entries: The new leaves, in order.
            blobs: The signed files that they name, by the SHA-256 of their bytes.

        Returns:
            The new checkpoint; without entries, the old one.

        Raises:
            InputError: an entry is too large, a file is not what its digest says, or cannot be
                written (rule 3 says what stands then).
            RecordError: entries and hashes of an unfinished tile do not belong together.
        """
        leaves = [encode_entry(one) if isinstance(one, Entry) else one for one in entries]
        for digest, blob in blobs.items():
            if hashlib.sha256(blob).hexdigest() != digest:
                raise InputError("the file is not what its digest says", where=blob_path(digest))
        if leaves:
            self.checkpoint = self._append(leaves, blobs)
        return self.checkpoint

    def change_key(self, new: NoteSigner) -> None:
        """Have the newest checkpoint signed by the log's key and by the one that follows it.

        Whoever knows one of the two can follow. From the next append on the new one signs alone.

        Raises:
            InputError: the new key is of another log, or a file cannot be written.
        """
        if new.key.name != self._log.origin:
            raise InputError(f"the new key is of {new.key.name}, not of {self._log.origin}")
        text = format_checkpoint(self.checkpoint)
        line = sign_note(text, new).removeprefix(f"{text}\n".encode()).decode()
        self._publish(add_signature(sign_note(text, self._signer), line))

    def _append(self, leaves: list[bytes], blobs: Mapping[str, bytes]) -> Checkpoint:
        """Rules 3 and 4."""
        log, old = self._log, self.checkpoint
        contents = grown(log.store, old.size, leaves)
        contents |= {
            blob_path(digest): blob
            for digest, blob in blobs.items()
            if log.store.read(blob_path(digest), MAX_BLOB_BYTES) != blob
        }
        tree = TiledTree(log.store, old.size).compact_range()
        for leaf in leaves:
            tree.append(leaf_hash(leaf))
        new = Checkpoint(log.origin, tree.size, tree.root())
        note = sign_note(format_checkpoint(new), self._signer)
        log.store.write_all(contents)
        self._publish(note)
        log.store.remove(made_full(old.size, new.size))
        return new

    def _publish(self, note: bytes) -> None:
        """Rule 3: what was signed is remembered, then published."""
        if self._log.private:
            self._log.private.write(last_path(self._log.origin), note)
        self._log.store.write(CHECKPOINT, note)


def create_log(store: Store, signer: NoteSigner, private: Store | None = None) -> Log:
    """Begin an empty log: its first checkpoint, of size 0.

    Raises:
        InputError: a log is here already, or it cannot be written.
    """
    log = Log(store, (signer.key,), private)
    with store.exclusive():
        for one, path in ((store, CHECKPOINT), (private, last_path(log.origin))):
            if one and one.read(path, MAX_NOTE_BYTES) is not None:
                raise InputError(
                    "this log has begun already, and a log never begins again", where=path
                )
        note = sign_note(format_checkpoint(Checkpoint(log.origin, 0, EMPTY_ROOT)), signer)
        store.write(CHECKPOINT, note)
        if private:
            private.write(last_path(log.origin), note)
    return log


def last_path(origin: str) -> str:
    """Where `last` stands among the owner's keys."""
    return f"{origin.replace('/', '_')}.log.last"


def _opened(note: bytes, keys: tuple[NoteKey, ...], where: str) -> Checkpoint:
    try:
        return open_checkpoint(note, keys)[0]
    except RecordError as error:
        error.where = where
        raise


def _require_root(tree: TiledTree, checkpoint: Checkpoint) -> None:
    if tree.root() != checkpoint.root:
        raise RecordError(
            "the log's tiles do not give the root that its checkpoint names",
            where=CHECKPOINT,
            hint="A tile was altered or lost. Restore the folder from a copy that is whole.",
        )


def _two_stories(last: Checkpoint, published: Checkpoint) -> RecordError:
    return RecordError(
        f"this folder does not continue what the log's key has signed: {last.size:,} entries were "
        f"promised, and {published.size:,} others are here",
        where=CHECKPOINT,
        hint="It may be an old copy. Bring back the newest one: to go on from here would tell two\n"
        "  stories, and whoever follows the log would prove it.",
    )
