"""Checkpoints as a reader knows them: by the own trust file, with who has seen them, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property

import msgspec

from comity.attest import Trust
from comity.claims.standing import LogHead
from comity.errors import RecordError
from comity.record.checkpoint import open_checkpoint, parse_checkpoint
from comity.record.cosigned import COSIGNED, cosigned_notes, cosigned_sizes, merge_cosignatures
from comity.record.log import CHECKPOINT
from comity.record.note import MAX_NOTE_BYTES, split_note
from comity.record.store import Source
from comity.record.witness import Sights, existed_by, seen_at, sights_of

__all__ = ["CheckedNote", "cosigned_heads", "heads_of", "lately_seen", "merged", "open_head"]

NEWEST = 16
"""How many of the newest cosigned checkpoints are asked which one enough witnesses have seen."""

_NEVER = datetime.min.replace(tzinfo=UTC)


class CheckedNote(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A signed checkpoint whose known signatures hold.

    Attributes:
        head: Name, size and root.
        keeper: Origin of the authority whose log it is.
        quorum: How many witnesses the reader asks for.
        sights: Which witnesses of the trust file have seen it, and when.
        note: The signed note.
    """

    head: LogHead
    keeper: str
    quorum: int
    sights: Sights
    note: bytes

    @cached_property
    def first(self) -> datetime | None:
        """By when enough witnesses had seen it, or None: too few have."""
        return existed_by(self.sights, self.quorum)

    @cached_property
    def last(self) -> datetime | None:
        """When enough witnesses last saw it, or None: too few have."""
        return seen_at(self.sights, self.quorum)


def open_head(note: bytes, trust: Trust, now: datetime) -> CheckedNote:
    """Verify a signed checkpoint by the trust file alone (rule 1).

    Raises:
        RecordError: it is no checkpoint, it is of a log that the trust file does not name, or a
            known key's signature does not hold.
    """
    origin = parse_checkpoint(split_note(note)[0]).origin
    keeper = trust.keeper_of(origin)
    if keeper is None:
        raise RecordError(
            f"the log {origin[:200]} is in no entry of your trust file, so nobody stands for it",
            hint="Get its keeper's .vkey file, compare its fingerprint by telephone, and add it:\n"
            "  comity trust add FILE.vkey --origin WHO --name NAME",
        )
    witnesses = trust.witness_keys
    checkpoint, opened = open_checkpoint(note, trust.log_keys(origin), witnesses)
    return CheckedNote(
        head=LogHead(origin=origin, size=checkpoint.size, root=checkpoint.root.hex()),
        keeper=keeper.origin,
        quorum=trust.quorum.witnesses,
        sights=sights_of(opened, trust, now, [keeper.origin]),
        note=note,
    )


def heads_of(source: Source, trust: Trust, now: datetime) -> list[CheckedNote]:
    """The checkpoints that a log, or a mirror of one, shows: its own first; none without that.

    Of those that witnesses have signed, what does not hold for this reader is passed over: it makes
    nothing older or newer. A log may have changed its key since.

    Raises:
        RecordError: its own does not hold, or is of a log that the trust file does not name.
        InputError: one of them cannot be read.
    """
    note = source.read(CHECKPOINT, MAX_NOTE_BYTES)
    if note is None:
        return []
    own = open_head(note, trust, now)
    newest = source.read(COSIGNED, MAX_NOTE_BYTES)
    sizes = cosigned_sizes(source)[-NEWEST:]
    heads = _holding([newest] if newest is not None else [], own.head.origin, trust, now)
    return [own, *heads, *cosigned_heads(source, own.head.origin, sizes, trust, now)]


def cosigned_heads(
    source: Source, origin: str, sizes: list[int], trust: Trust, now: datetime
) -> list[CheckedNote]:
    """The checkpoints of these sizes that witnesses have signed, as far as they are here and hold.

    Raises:
        InputError: one of them cannot be read.
    """
    notes = (note for _, note in cosigned_notes(source, sizes))
    return _holding(notes, origin, trust, now)


def _holding(notes: Iterable[bytes], origin: str, trust: Trust, now: datetime) -> list[CheckedNote]:
    """Those that hold and are of this log: another one's would make it look newer than it is."""
    heads = []
    for note in notes:
        with suppress(RecordError):
            heads.append(open_head(note, trust, now))
    return [one for one in heads if one.head.origin == origin]


def lately_seen(heads: Iterable[CheckedNote], trust: Trust, now: datetime) -> CheckedNote:
    """Of checkpoints of one log, the one that enough witnesses saw last.

    What is shown of one size and root at several places adds up. Where no one was seen by enough,
    it is the one that most have seen.

    Raises:
        ValueError: there is none.
    """
    same: dict[tuple[int, str], list[CheckedNote]] = {}
    for one in heads:
        same.setdefault((one.head.size, one.head.root), []).append(one)
    best = [merged(found, trust, now) for found in same.values()]
    return max(best, key=lambda one: (one.last or _NEVER, len(one.sights), one.head.size))


def merged(same: Sequence[CheckedNote], trust: Trust, now: datetime) -> CheckedNote:
    """Checkpoints of one size and root as one, with the cosignatures of all."""
    witnesses = trust.witness_keys
    note = same[0].note
    for one in same[1:]:
        note = merge_cosignatures(note, one.note, witnesses)
    return open_head(note, trust, now)
