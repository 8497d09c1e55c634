"""A proof that travels with a signed file: it stands in a log, and witnesses had seen it by a time.

The file is a `tlog-proof` (https://c2sp.org/tlog-proof): where the entry stands, the hashes that
lead from it to the root, and the cosigned checkpoint. The entry itself stands in the extra line. No
network is needed to check it, only the reader's own trust file:

1. The checkpoint is signed by a log of the trust file, and no known key's signature fails to hold.
2. The entry's hash leads to the root that was signed, at the place named.
3. The time is the q-th smallest of the witnesses' times (`comity.record.witness`): neither the
   log's keeper nor the authority whose key the entry names counts. With fewer than q witnesses the
   entry stands in the log, and its time is unproven.
4. What the entry says is compared with the signed file by `attest.verify`, and is nothing without.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from comity.attest import Proven, Trust
from comity.attest.merkle import HASH_SIZE, leaf_hash, root_from_proof
from comity.attest.vkey import NoteKey, decode_base64
from comity.errors import InputError, RecordError
from comity.record.checkpoint import Checkpoint, open_checkpoint
from comity.record.cosigned import COSIGNED, cosigned_notes, cosigned_sizes
from comity.record.entry import Entry, decode_entry
from comity.record.log import CHECKPOINT, Log
from comity.record.note import MAX_NOTE_BYTES, Note, split_note
from comity.record.tiles import MAX_ENTRY_BYTES
from comity.record.tree import inclusion_proof
from comity.record.witness import Sights, existed_by, sights_of

__all__ = ["MAX_PROOF_BYTES", "Inclusion", "check_proof", "make_proof", "prove"]

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 53
MAX_PROOF_BYTES = MAX_NOTE_BYTES + 2 * MAX_ENTRY_BYTES
MAX_TRIED = 1_000
"""How many cosigned checkpoints are looked at for the one that proves the earliest time."""

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})\Z", re.ASCII)


class Inclusion(msgspec.Struct, frozen=True, kw_only=True):
    """What a proof proves.

    Attributes:
        entry: The entry, which names the statement and the key that signed it.
        index: Its place in the log.
        checkpoint: The checkpoint that it stands under.
        sights: Which witnesses saw that, and when.
        needed: How many the reader asks for.
        existed_by: The proven time; None if too few witnesses have seen it.
    """

    entry: Entry
    index: int
    checkpoint: Checkpoint
    sights: Sights
    needed: int
    existed_by: datetime | None

    @property
    def proven(self) -> Proven:
        """What `attest.verify` compares with the signed file."""
        return Proven(statement=self.entry.payload, key=self.entry.key, existed_by=self.existed_by)


def make_proof(entry: bytes, index: int, hashes: Sequence[bytes], note: bytes) -> bytes:
    """The bytes of the file."""
    lines = [HEADER, f"extra {_to_base64(entry)}", f"index {index}", *map(_to_base64, hashes), ""]
    return "".join(f"{line}\n" for line in lines).encode() + note


def prove(log: Log, payload: str, trust: Trust, now: datetime, key: str | None = None) -> bytes:
    """Write the proof for a statement that stands in a log, under the checkpoint that proves most.

    Args:
        log: The log, or a mirror of it.
        payload: The statement's identity: SHA-256 of its payload.
        trust: One's own trust file; among the checkpoints that witnesses have seen, the one under
            which the statement is proven to be oldest is taken.
        now: One's own clock.
        key: SHA-256 of the SPKI bytes of the key that signed it; several may have signed the same.

    Raises:
        InputError: the log holds no such statement, or of several signers, and none is named.
        RecordError: the log does not fit its checkpoints.
    """
    places = [
        (index, entry)
        for index, entry in log.find([payload]).get(payload, [])
        if key in (None, decode_entry(entry).key)
    ]
    if len({decode_entry(entry).key for _, entry in places}) > 1:
        raise InputError(
            "several have signed this statement, and each signature has a proof of its own",
            hint="Name the signed file instead of the identity.",
        )
    if not places:
        raise InputError(
            f"the log {log.origin} holds no statement {payload}",
            hint="Its identity is what `comity verify` shows. `comity publish` puts it into a log.",
        )
    index, entry = places[0]
    best: tuple[tuple[bool, float, int], bytes, Checkpoint] | None = None
    witnesses = trust.witness_keys
    for checkpoint, opened, note in _checkpoints(log, index, witnesses):
        if checkpoint.size <= index:
            continue
        sights = _sights(opened, trust, now, log.origin, decode_entry(entry))
        time = existed_by(sights, trust.quorum.witnesses)
        rank = (time is None, time.timestamp() if time else 0.0, -len(sights))
        if best is None or rank < best[0]:
            best = rank, note, checkpoint
    if best is None:
        raise RecordError("no checkpoint of the log speaks of this entry yet", where=CHECKPOINT)
    _, note, checkpoint = best
    tree = log.tree(checkpoint)
    hashes = inclusion_proof(tree.hash_of, index, checkpoint.size)
    data = make_proof(entry, index, hashes, note)
    _leads(entry, index, hashes, checkpoint)
    return data


def check_proof(data: bytes, trust: Trust, now: datetime) -> Inclusion:
    """Check a proof by the rules above.

    Args:
        data: The file.
        trust: Whose logs and whose witnesses count, and how many of these.
        now: The reader's clock.

    Raises:
        InputError: it is no such file, or of a log that the trust file does not name.
        RecordError: it does not hold.
    """
    entry, index, hashes, note = _parse(data)
    # (1) the checkpoint
    origin = split_note(note)[0].partition("\n")[0]
    log_keys = trust.log_keys(origin)
    if not log_keys:
        raise InputError(
            f"you do not know the log {origin[:200]}",
            hint="Ask its keeper for its .vkey file, compare it by telephone, and add it:\n"
            "  comity trust add FILE.vkey",
        )
    checkpoint, opened = open_checkpoint(note, log_keys, trust.witness_keys)
    # (2) the place
    _leads(entry, index, hashes, checkpoint)
    record = decode_entry(entry)
    # (3) the time
    sights = _sights(opened, trust, now, origin, record)
    needed = trust.quorum.witnesses
    return Inclusion(
        entry=record,
        index=index,
        checkpoint=checkpoint,
        sights=sights,
        needed=needed,
        existed_by=existed_by(sights, needed),
    )


def _sights(opened: Note, trust: Trust, now: datetime, log: str, entry: Entry) -> Sights:
    """Rule 3: without the keeper of the log, and without who signed the statement."""
    keeper = trust.keeper_of(log)
    issuer = trust.by_hint.get(_to_base64(bytes.fromhex(entry.key)))
    without = [one.origin for one in (keeper, issuer and issuer[0]) if one]
    return sights_of(opened, trust, now, without)


def _leads(entry: bytes, index: int, hashes: Sequence[bytes], checkpoint: Checkpoint) -> None:
    """Rule 2."""
    try:
        root = root_from_proof(leaf_hash(entry), index, checkpoint.size, hashes)
    except ValueError:
        root = b""
    if root != checkpoint.root:
        raise RecordError(
            f"the proof does not lead to what the log {checkpoint.origin[:200]} signed",
            hint="Ask for the original; it is made again with `comity log prove`.",
        )


def _checkpoints(
    log: Log, index: int, witnesses: tuple[NoteKey, ...]
) -> Iterator[tuple[Checkpoint, Note, bytes]]:
    """Checkpoints that speak of an entry: cosigned ones, the oldest first, and the newest of all.

    A cosigned one that does not hold proves nothing and is passed over: the log may have changed
    its key since.
    """
    sizes = [size for size in cosigned_sizes(log.store) if size > index][:MAX_TRIED]
    notes = [note for _, note in cosigned_notes(log.store, sizes)]
    notes += [note for note in (log.store.read(COSIGNED, MAX_NOTE_BYTES),) if note is not None]
    for note in notes:
        try:
            opened = open_checkpoint(note, log.keys, witnesses)
        except RecordError:
            continue
        yield *opened, note
    newest = log.store.read(CHECKPOINT, MAX_NOTE_BYTES)
    if newest is not None:
        yield *open_checkpoint(newest, log.keys, witnesses), newest


def _parse(data: bytes) -> tuple[bytes, int, tuple[bytes, ...], bytes]:
    """Entry, index, hashes and note."""
    if len(data) > MAX_PROOF_BYTES:
        raise InputError(f"the file is larger than the {MAX_PROOF_BYTES:,} bytes allowed here")
    head, _, note = data.partition(b"\n\n")
    try:
        header, extra, place, *lines = head.decode().split("\n")
        word, _, text = extra.partition(" ")
        found = _INDEX.match(place)
        if header != HEADER or word != "extra" or found is None or len(lines) > MAX_HASHES:
            raise ValueError
        hashes = tuple(map(decode_base64, lines))
        if any(len(one) != HASH_SIZE for one in hashes):
            raise ValueError
        return decode_base64(text), int(found[1]), hashes, note
    except ValueError:
        raise InputError(
            "this is no proof from a log of Comity",
            hint="`comity log prove` writes one; its name ends in .tlog-proof.",
        ) from None


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
