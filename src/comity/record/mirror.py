"""Mirror a log: pull what is new, verify it by the eight rules, keep it, and then cosign it.

The mirror is itself a folder of the same form, so that others can follow the log from it:

    seen/<SHA-256 of the origin>/checkpoint    signed by the log, cosigned by the follower
    seen/<…>/tile/…, blob/…                    as in the log itself; hashes are computed here
    seen/<…>/cosigned/…                        who saw which size, and when (`record.cosigned`)
    seen/<…>/fork/<SHA-256>.json               proofs that the log told two stories

What was verified last (`Held`) and how far an interrupted pull came stay private. Tiles are written
as they come; no checkpoint speaks of them before rule 6 holds. A kill at any moment leaves what was
held before, or what was verified: the next run goes on from there.

What the mirror shows was verified by its owner, too. So where what is held is lost, or comes from
an old backup, the mirror says how far the log was followed: a follower must not forget.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from comity.attest.merkle import EMPTY_ROOT
from comity.attest.vkey import NoteKey
from comity.claims import canonical_bytes
from comity.errors import InputError, RecordError
from comity.record.checkpoint import MAX_SIZE, Checkpoint, open_checkpoint
from comity.record.cosigned import keep_cosigned, merge_cosignatures, shown_to_witnesses
from comity.record.follow import ContradictionError, Follower, Held
from comity.record.fork import ForkError, check_fork, compare
from comity.record.grow import made_full
from comity.record.log import CHECKPOINT
from comity.record.note import (
    MAX_NOTE_BYTES,
    NoteSigner,
    add_signature,
    keep_signatures,
    split_note,
)
from comity.record.pull import MAX_STATE_BYTES, Bounded, Puller, decode_state, pull_path
from comity.record.store import Source, Store
from comity.record.tree import TiledTree

__all__ = ["Followed", "Limits", "follow", "held_path", "read_held"]

MAX_FORKS = 100


class Limits(NamedTuple):
    """What a follower takes in at most.

    Attributes:
        entries: Longest log.
        bytes: Most bytes in one run.
    """

    entries: int = MAX_SIZE
    bytes: int = 20_000_000_000


DEFAULT_LIMITS = Limits()


class Followed(NamedTuple):
    """What came of it.

    Attributes:
        checkpoint: Where the log stands, verified and kept.
        new: How many entries were pulled.
        missing: Digests of signed files that the log names and that were not served, at most 1,000;
            they are asked for again at the next run.
        absent: How many these are in all.
        cosigned: When the checkpoint was cosigned; None if it was not.
        refused: Why it was not cosigned, or empty.
        forks: Proofs in the mirror that the log told two stories, from now or before.
    """

    checkpoint: Checkpoint
    new: int
    missing: tuple[str, ...]
    absent: int
    cosigned: datetime | None
    refused: str
    forks: tuple[str, ...]


def held_path(origin: str) -> str:
    """Where what is held of a log stands in the private folder."""
    return f"{hashlib.sha256(origin.encode()).hexdigest()}.held"


def read_held(private: Source, origin: str) -> Held:
    """What was verified of a log; nothing, if it was never followed.

    Raises:
        RecordError: the file was damaged.
        InputError: it cannot be read.
    """
    data = private.read(held_path(origin), MAX_STATE_BYTES)
    if data is None:
        return Held(origin=origin)
    held = decode_state(data, Held, held_path(origin))
    if held.origin != origin:
        raise RecordError("this is kept of another log", where=held_path(origin))
    return held


def follow(
    source: Source,
    mirror: Store,
    private: Store,
    log_keys: tuple[NoteKey, ...],
    now: Callable[[], datetime],
    signer: NoteSigner | None = None,
    *,
    witnesses: tuple[NoteKey, ...] = (),
    limits: Limits = DEFAULT_LIMITS,
    blobs: bool = True,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> Followed:
    """Bring a mirror up to what the log says now.

    Args:
        source: The log, or anybody's mirror of it.
        mirror: One's own mirror of this log.
        private: Where to keep what is held.
        log_keys: The log's key; two while it changes keys.
        now: The clock, for the cosignature.
        signer: The witness's key; None mirrors without cosigning.
        witnesses: Whose cosignatures are taken over, where the source shows them.
        limits: What is taken in at most.
        blobs: Whether the signed files are mirrored, too, or the entries alone.
        progress: Called with how many entries were pulled, and of how many.

    Raises:
        ForkError: the log told two stories; the proof is in the mirror.
        RecordError: one of the eight rules does not hold; nothing verified before is lost.
        InputError: something cannot be read or written, or somebody else follows into this mirror.
    """
    origin = log_keys[0].name
    known = (*witnesses, *((signer.key,) if signer else ()))
    with mirror.exclusive():
        held = read_held(private, origin)
        bounded = Bounded(source, limits.bytes)
        note = bounded.read(CHECKPOINT, MAX_NOTE_BYTES)
        if note is None:
            raise InputError("no log is here: there is no checkpoint", where=repr(source))
        try:
            held = _remembered(held, mirror, log_keys, signer)
        except ContradictionError as error:
            _keep_fork(error.note, error.rule, held, mirror, mirror, private, log_keys)
            raise
        try:
            follower = Follower(held, log_keys, max_size=limits.entries)
            received = follower.receive(note)
            pull = Puller(bounded, mirror, private, follower, received, progress)
            pull.run(blobs=blobs)
            verified = follower.verified(pull.missing if blobs else held.missing)
        except ContradictionError as error:
            private.remove([pull_path(origin)])
            larger: Source = source if error.received.size > held.size else mirror
            _keep_fork(error.note, error.rule, held, larger, mirror, private, log_keys)
            raise
        # (7) persist: from here on this is what is held
        private.write(held_path(origin), canonical_bytes(verified))
        follower.persisted()
        private.remove([pull_path(origin)])
        tree = TiledTree(mirror, verified.size)
        others: dict[int, bytes] = {}
        for seen, shown in shown_to_witnesses(bounded, mirror, verified.size, log_keys, known):
            root = tree.hash_of((0, seen.size)) if seen.size else EMPTY_ROOT
            if root == seen.root:
                others[seen.size] = shown
            elif not verified.forks:
                _keep_fork(shown, 4, verified, mirror, mirror, private, log_keys)
        # (8) only then cosign
        cosigned, refused = None, ""
        before = mirror.read(CHECKPOINT, MAX_NOTE_BYTES)
        published = verified.note
        if signer is not None:
            moment = now()
            try:
                stamped, line = follower.cosign(signer, moment)
            except RecordError as error:
                refused = error.what
            else:
                private.write(held_path(origin), canonical_bytes(stamped))
                published, cosigned = add_signature(published, line), moment
                if before is not None:  # when it was first seen matters as much as when last
                    published = merge_cosignatures(published, before, (signer.key,))
        if cosigned or not _same_text(before, published):
            mirror.write(CHECKPOINT, published)
        if cosigned:
            mine = others.get(verified.size, published)
            others[verified.size] = merge_cosignatures(mine, published, known)
        keep_cosigned(mirror, others, known)
        mirror.remove(made_full(held.size, received.size))
    return Followed(
        checkpoint=received,
        new=received.size - held.size,
        missing=tuple(pull.missing),
        absent=pull.absent,
        cosigned=cosigned,
        refused=refused,
        forks=held.forks,
    )


def _remembered(
    held: Held, mirror: Store, log_keys: tuple[NoteKey, ...], signer: NoteSigner | None
) -> Held:
    """What is held, or what the mirror shows, if that is more.

    Raises:
        ContradictionError: the mirror does not continue what is held.
        RecordError: the mirror was damaged.
    """
    note = mirror.read(CHECKPOINT, MAX_NOTE_BYTES)
    own = (signer.key,) if signer else ()
    try:
        if note is None:
            return held
        shown, opened = open_checkpoint(note, log_keys, own)
    except RecordError:
        return held  # signed under a key that is gone; then what is held must do
    if held.note and shown.size <= held.size:
        return held
    tree = TiledTree(mirror, shown.size)
    if tree.root() != shown.root:
        raise RecordError(
            "your mirror goes further than what is kept of this log, and was damaged",
            rule=7,
            where=held.origin,
            hint="Restore the mirror, or the .held file among your keys, from a backup.",
        )
    if held.size and tree.hash_of((0, held.size)) != held.root:
        raise ContradictionError(
            "your mirror does not continue what is kept of this log",
            rule=5,
            received=shown,
            note=keep_signatures(note, log_keys),
        )
    times = [int(one.time.timestamp()) for one in opened.verified if one.time]
    return msgspec.structs.replace(
        held,
        size=shown.size,
        root=shown.root,
        nodes=tuple(tree.compact_range().nodes),
        note=keep_signatures(note, log_keys),
        last_cosigned=max([held.last_cosigned, *times]),
    )


def _keep_fork(
    note: bytes,
    rule: int | None,
    held: Held,
    larger: Source,
    mirror: Store,
    private: Store,
    log_keys: tuple[NoteKey, ...],
) -> None:
    """If `note` and what is held are a fork that can be proven, keep the proof and say so."""
    if not held.note:
        return
    try:
        _, proof = compare(held.note, note, log_keys, larger)
    except RecordError:  # held under a key that is gone: no common key, nothing to show
        return
    if proof is None:
        return
    path = f"fork/{hashlib.sha256(proof).hexdigest()}.json"
    mirror.write(path, proof)
    if path not in held.forks and len(held.forks) < MAX_FORKS:
        known = msgspec.structs.replace(held, forks=(*held.forks, path))
        private.write(held_path(held.origin), canonical_bytes(known))
    raise ForkError(check_fork(proof), proof, path, rule=rule) from None


def _same_text(before: bytes | None, note: bytes) -> bool:
    return before is not None and split_note(before)[0] == split_note(note)[0]
