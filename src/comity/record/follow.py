"""Follow a log: the eight rules, as a state machine that opens no file and reads no clock.

1. The log's own key signed the checkpoint; no signature of a known key fails to hold.
2. The checkpoint names the origin that is followed.
3. Its size is not smaller than the size that is held.
4. At the same size it has the same root.
5. What is new continues what is held: the leaf hashes held are not served otherwise, and the new
   tree is computed by appending to the compact range held, so it begins with every entry held.
6. The root computed so, from the entries that were pulled, is the root that the log signed.
7. What was verified is persisted, atomically.
8. Only then is it cosigned, with a time that is never before the time of the last cosignature. A
   log that was proven to tell two stories is cosigned no more.

    receive(note) → extend(leaves) … → verified() → persisted() → cosign(signer, now)

Who breaks rule 3, 4, 5 or 6 may have told two stories: `ContradictionError` carries the checkpoint,
and `comity.record.fork` says what it proves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from comity.attest.merkle import CompactRange
from comity.attest.vkey import NoteKey
from comity.errors import RecordError
from comity.record.checkpoint import MAX_SIZE, Checkpoint, open_checkpoint
from comity.record.note import NoteSigner, cosign_note, keep_signatures, split_note

__all__ = ["ContradictionError", "Follower", "Held"]


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a follower has verified of a log, and persists.

    Attributes:
        origin: The log.
        size: Number of entries verified.
        root: Root over them.
        nodes: The compact range over them.
        note: The checkpoint, as the log signed it.
        last_cosigned: Time of the last cosignature, in seconds since 1970; 0: none yet.
        forks: Paths of the proofs, in the mirror, that the log told two stories.
        missing: Digests of signed files that entries name and nobody has served yet.
    """

    origin: str
    size: int = 0
    root: bytes = b""
    nodes: tuple[bytes, ...] = ()
    note: bytes = b""
    last_cosigned: int = 0
    forks: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The checkpoint held, or null before the first."""
        return Checkpoint(self.origin, self.size, self.root) if self.note else None


class ContradictionError(RecordError):
    """What the log says now does not agree with what it said before.

    Args:
        what: One sentence.
        rule: The rule that it breaks: 3, 4, 5 or 6.
        received: The checkpoint that does not agree.
        note: The same, signed.
    """

    def __init__(self, what: str, *, rule: int, received: Checkpoint, note: bytes) -> None:
        super().__init__(
            what,
            rule=rule,
            where=received.origin,
            hint="Nothing of it was taken over. Try again, and from another mirror, before you ask"
            "\n  its keeper: files may have been copied while they changed.",
        )
        self.received = received
        self.note = note


class Follower:
    """One follower of one log, from one checkpoint to the next.

    Args:
        held: What was verified before; a fresh `Held` begins at nothing.
        log_keys: The log's key; two while it changes keys.
        max_size: Longest log that is followed.

    Raises:
        RecordError: what is held does not agree with itself: its file was damaged.
    """

    def __init__(
        self, held: Held, log_keys: tuple[NoteKey, ...], *, max_size: int = MAX_SIZE
    ) -> None:
        if any(key.name != held.origin for key in log_keys) or not log_keys:
            raise ValueError("the keys are not those of the log that is followed")
        try:
            self._range = CompactRange(held.size, held.nodes)
        except ValueError:
            raise _damaged(held) from None
        if held.note and self._range.root() != held.root:
            raise _damaged(held)
        self._keys = log_keys
        self._max_size = max_size
        self._target: tuple[Checkpoint, bytes] | None = None
        self._verified: Held | None = None
        self._persisted = False
        self.held = held

    @property
    def position(self) -> int:
        """How many entries the tree has so far; the next one to extend by has this index."""
        return self._range.size

    @property
    def nodes(self) -> tuple[bytes, ...]:
        """The compact range so far."""
        return tuple(self._range.nodes)

    def receive(self, note: bytes) -> Checkpoint:
        """Rules 1 to 4: take in a signed checkpoint; it is believed in nothing yet.

        Raises:
            RecordError: rule 1 or 2, or the log is longer than allowed.
            ContradictionError: rule 3 or 4.
        """
        if self._target is not None:
            raise ValueError("one follower goes one step")
        # (1) signature, (2) origin
        received, _ = open_checkpoint(note, self._keys)
        note = keep_signatures(note, self._keys)  # who else signed it, is for others to say
        if received.size > self._max_size:
            raise RecordError(
                f"the log has {received.size:,} entries; {self._max_size:,} are allowed here",
                where=received.origin,
                hint="Allow more with --max-entries, if you have room for them.",
            )
        # (3) not smaller
        if received.size < self.held.size:
            raise ContradictionError(
                f"the log shows {received.size:,} entries, and it had {self.held.size:,} before",
                rule=3,
                received=received,
                note=note,
            )
        # (4) same size, same root
        if self.held.note and received.size == self.held.size and received.root != self.held.root:
            raise ContradictionError(
                f"the log shows two different histories of {received.size:,} entries",
                rule=4,
                received=received,
                note=note,
            )
        self._target = received, note
        return received

    def overlaps(self, held: Sequence[bytes], served: Sequence[bytes]) -> None:
        """Rule 5: leaf hashes that are held are served again as they were.

        Raises:
            ContradictionError: they are not.
        """
        received, note = self._need_target()
        if tuple(held) != tuple(served):
            raise ContradictionError(
                "the log serves other entries where it served some before",
                rule=5,
                received=received,
                note=note,
            )

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Rule 5: append the leaf hashes of pulled entries, in order.

        Raises:
            RecordError: there are more than the checkpoint names.
        """
        received, _ = self._need_target()
        for leaf in leaves:
            if self._range.size >= received.size:
                raise RecordError("more entries were pulled than the checkpoint names", rule=5)
            self._range.append(leaf)

    def resume(self, position: int, nodes: Sequence[bytes]) -> None:
        """Take up an interrupted pull where it stopped; rule 6 will judge the whole of it.

        Raises:
            RecordError: it lies not between what is held and what is received.
        """
        received, _ = self._need_target()
        if not self.held.size <= position <= received.size:
            raise RecordError("the interrupted pull does not lead to this checkpoint", rule=5)
        try:
            self._range = CompactRange(position, nodes)
        except ValueError:
            raise RecordError("the state of the interrupted pull is damaged", rule=5) from None

    def verified(self, missing: Iterable[str] = ()) -> Held:
        """Rule 6: the root of what was pulled is the root that the log signed.

        Args:
            missing: Digests of signed files that were not served.

        Returns:
            What is to be persisted.

        Raises:
            ContradictionError: it is another root.
        """
        received, note = self._need_target()
        if self._range.size < received.size:
            raise ValueError("not every entry has been pulled")
        if self._range.root() != received.root:
            raise ContradictionError(
                "the entries that the log serves are not those that it signed",
                rule=6,
                received=received,
                note=note,
            )
        self._verified = msgspec.structs.replace(
            self.held,
            size=received.size,
            root=received.root,
            nodes=self.nodes,
            note=note,
            missing=tuple(missing),
        )
        return self._verified

    def persisted(self) -> None:
        """Rule 7: the caller says that what `verified` returned is safely stored."""
        if self._verified is None:
            raise ValueError("nothing was verified that could be persisted")
        self.held = self._verified
        self._persisted = True

    def cosign(self, signer: NoteSigner, now: datetime) -> tuple[Held, str]:
        """Rule 8: cosign what was persisted.

        Returns:
            What is to be persisted before the signature is shown to anybody, so that no later one
            has an earlier time; and the signature line.

        Raises:
            RecordError: the clock stands before the last cosignature, or the log has forked.
        """
        if not self._persisted:
            raise ValueError("rule 8: nothing is cosigned before it is persisted")
        if self.held.forks:
            raise RecordError(
                "the log has told two stories, so it is cosigned no more",
                rule=8,
                where=self.held.origin,
                hint=f"The proof is in {self.held.forks[0]}. Its keeper must begin another log.",
            )
        seconds = int(now.timestamp())
        if seconds < self.held.last_cosigned:
            before = datetime.fromtimestamp(self.held.last_cosigned, UTC)
            raise RecordError(
                f"the clock says {now:%Y-%m-%d %H:%M:%S}, before the last cosignature of "
                f"{before:%Y-%m-%d %H:%M:%S}, so nothing is cosigned",
                rule=8,
                where=self.held.origin,
                hint="Set the clock right. What was verified is kept.",
            )
        text, _ = split_note(self.held.note)
        self.held = msgspec.structs.replace(self.held, last_cosigned=seconds)
        return self.held, cosign_note(text, signer, now)

    def _need_target(self) -> tuple[Checkpoint, bytes]:
        if self._target is None:
            raise ValueError("no checkpoint was received")
        return self._target


def _damaged(held: Held) -> RecordError:
    return RecordError(
        f"what is kept of the log {held.origin} does not agree with itself",
        rule=7,
        hint="Its file was damaged. Restore it from a backup; do not begin anew without need: a "
        "follower\n  that forgets can be told another history.",
    )
