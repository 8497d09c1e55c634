"""Witnesses: who has seen a checkpoint, when, and what that proves.

1. A cosignature counts if it is by the witness's key of an authority of the reader's trust file. An
   authority counts once, whatever number of keys it has. Whoever issued the statement, and whoever
   keeps the log, never count: they would vouch for themselves.
2. A time in the reader's future does not count.
3. *Existed by*: the q-th smallest of the witnesses' first times, where q is the reader's quorum. So
   many said by then that they had seen it; fewer than q who lie, or whose clock is wrong, cannot
   make it earlier than an honest witness saw it.
4. *Seen at*: the q-th largest of the witnesses' last times. So many have seen the log at this size
   as lately as that; a log that is shown as it was long ago is frozen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from comity.attest import Trust
from comity.attest.vkey import NoteKey
from comity.errors import InputError, RecordError
from comity.record.checkpoint import Checkpoint, open_checkpoint
from comity.record.cosigned import (
    keep_cosigned,
    merge_cosignatures,
    shown_to_witnesses,
)
from comity.record.fork import ForkError, check_fork, compare
from comity.record.note import MAX_NOTE_BYTES, Note, keep_signatures, split_note
from comity.record.store import Source, Store
from comity.record.tree import TiledTree

__all__ = [
    "Below",
    "Sight",
    "Sights",
    "existed_by",
    "gather",
    "seen_at",
    "seen_path",
    "sights_of",
]

TOLERANCE = timedelta(minutes=5)
"""How far another's clock may go before ours."""


class Below:
    """The part of a source below a folder of it, read as a source of its own."""

    def __init__(self, source: Source, folder: str) -> None:
        self._source = source
        self._folder = folder

    def read(self, path: str, limit: int) -> bytes | None:
        """As the source reads it."""
        return self._source.read(f"{self._folder}/{path}", limit)

    def __repr__(self) -> str:
        return f"Below({self._source!r}, {self._folder!r})"


class Sight(NamedTuple):
    """When one authority said that it had seen a checkpoint, first and last."""

    origin: str
    first: datetime
    last: datetime


Sights = tuple[Sight, ...]


def seen_path(origin: str) -> str:
    """The folder in which a follower publishes what it has seen of a log; a mirror of it."""
    return f"seen/{hashlib.sha256(origin.encode()).hexdigest()}"


def sights_of(note: Note, trust: Trust, now: datetime, without: Collection[str] = ()) -> Sights:
    """Who has seen a verified checkpoint, by rules 1 and 2.

    Args:
        note: The checkpoint, opened with the witnesses' keys.
        trust: Whose cosignatures count.
        now: The reader's clock.
        without: Origins that do not count: the issuer and the log's keeper.
    """
    owners = {key: origin for origin, key in trust.witnesses}
    times: dict[str, list[datetime]] = {}
    for signed in note.verified:
        origin = owners.get(signed.key)
        if origin is None or signed.time is None or origin in without:
            continue
        if signed.time <= now + TOLERANCE:
            times.setdefault(origin, []).append(signed.time)
    return tuple(Sight(origin, min(seen), max(seen)) for origin, seen in sorted(times.items()))


def existed_by(sights: Sights, quorum: int) -> datetime | None:
    """Rule 3; None if there are too few."""
    return sorted(sight.first for sight in sights)[quorum - 1] if len(sights) >= quorum else None


def seen_at(sights: Sights, quorum: int) -> datetime | None:
    """Rule 4; None if there are too few."""
    return sorted(sight.last for sight in sights)[-quorum] if len(sights) >= quorum else None


def gather(
    log: Store, log_keys: tuple[NoteKey, ...], trust: Trust, peers: Iterable[Source]
) -> dict[int, int]:
    """Pull the cosignatures of peers, and publish them below the log's own checkpoints.

    What a peer signed of shorter sizes since the last time is pulled, too: it makes entries older.

    Args:
        log: The folder of one's own log.
        log_keys: Its keys.
        trust: The witnesses; others' signatures are not taken over.
        peers: The published folders of those who follow the log.

    Returns:
        How many witnesses have seen each size that a peer showed.

    Raises:
        ForkError: a peer has seen another history: somebody else signs with the log's key.
        RecordError: a peer shows what does not hold.
        InputError: something cannot be read or written, or somebody else writes into the log.
    """
    origin = log_keys[0].name
    own_note = _need(log.read("checkpoint", MAX_NOTE_BYTES), origin)
    own, _ = open_checkpoint(own_note, log_keys)
    witnesses = trust.witness_keys
    found: dict[int, bytes] = {}
    for peer in peers:
        seen = peer.read(f"{seen_path(origin)}/checkpoint", MAX_NOTE_BYTES)
        if seen is None:
            continue
        checkpoint, _ = open_checkpoint(seen, log_keys, witnesses)
        newest = checkpoint, keep_signatures(seen, (*log_keys, *witnesses))
        mirror = Below(peer, seen_path(origin))
        before = shown_to_witnesses(mirror, log, own.size, log_keys, witnesses)
        for shown, note in (newest, *before):
            _require_own(shown, note, own, own_note, log, peer, log_keys)
            held = found.get(shown.size, note)
            found[shown.size] = merge_cosignatures(held, note, witnesses)
    with log.exclusive():  # the peers were asked before: nobody waits for the network
        kept = keep_cosigned(log, found, witnesses)
    return {size: _witnesses_of(note, trust) for size, note in sorted(kept.items())}


def _require_own(
    seen: Checkpoint,
    seen_note: bytes,
    own: Checkpoint,
    own_note: bytes,
    log: Store,
    peer: Source,
    log_keys: tuple[NoteKey, ...],
) -> None:
    """What a peer saw is this log, or its beginning."""
    if seen.size <= own.size:
        root = TiledTree(log, own.size).hash_of((0, seen.size)) if seen.size else seen.root
        if root == seen.root:
            return
        larger: Source = log
    else:
        larger = Below(peer, seen_path(own.origin))
    _, proof = compare(seen_note, own_note, log_keys, larger)
    if proof is not None:
        path = f"fork/{hashlib.sha256(proof).hexdigest()}.json"
        with log.exclusive():
            log.write(path, proof)
        raise ForkError(check_fork(proof), proof, path)
    raise RecordError(
        f"a peer has seen {seen.size:,} entries, and {own.size:,} are here",
        where=repr(peer),
        hint="This may be an old copy of your log; bring back the newest one before you append.",
    )


def _witnesses_of(note: bytes, trust: Trust) -> int:
    """How many authorities have a line below; the lines were verified before."""
    owners = {(key.name, key.key_id): origin for origin, key in trust.witnesses}
    lines = split_note(note)[1]
    return len({owners.get((line.name, line.key_id)) for line in lines} - {None})


def _need(note: bytes | None, origin: str) -> bytes:
    if note is None:
        raise InputError(f"there is no checkpoint of the log {origin} here")
    return note
