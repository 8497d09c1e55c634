"""Read a log, or a mirror of one, for replay: every hash and every signature checked again.

1. The log is known by the reader's trust file: whose it is, and its key.
2. Its entries must give the root of every checkpoint at hand: its own, those that witnesses have
   cosigned, and those that other followers show. Where one differs, two stories were told.
3. The log is read up to the largest size that as many witnesses have seen as the reader asks for
   (`comity.record.witness` says who counts, and from when on). What stands beyond it is read, too:
   it counts against somebody, and for nobody.
4. A statement counts only if its blob has the digest that the entry names, is verified like any
   other file, and is what the entry says: statement, kind and key. Its key must count at the time
   by which witnesses other than its author had seen the entry, or now, where too few have.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from comity.attest import MAX_BUNDLE_BYTES, Proven, Trust, verify
from comity.attest.merkle import CompactRange, leaf_hash
from comity.claims import timestamp
from comity.claims.standing import LogHead
from comity.errors import InputError, RecordError, VerificationError
from comity.record.cosigned import (
    cosigned_sizes,
)
from comity.record.entry import ALWAYS, decode_entry, entry_of
from comity.record.heads import CheckedNote, cosigned_heads, heads_of, merged, open_head
from comity.record.standing import Logged, LogPrefix
from comity.record.store import Source
from comity.record.tiles import TILE_WIDTH, blob_path, read_entries, width_of
from comity.record.witness import Sights, existed_by

__all__ = ["read_prefix"]

ROOM = 64
"""How many cosigned checkpoints behind an entry are asked, at most, by when it was seen."""


def read_prefix(
    source: Source,
    trust: Trust,
    types: Mapping[str, type],
    now: datetime,
    *,
    size: int | None = None,
    wanted: Collection[str] | None = None,
    others: Iterable[bytes] = (),
) -> LogPrefix:
    """Read a log from its start.

    Args:
        source: The log, or a mirror of it.
        trust: The reader's trust file.
        types: Which struct the predicate of each statement type must match.
        now: The reader's clock.
        size: How many entries; as rule 3 says, if left out.
        wanted: The statements of interest. Left out: all. Withdrawals, suspensions and scopes are
            always read.
        others: Checkpoints of this log that other followers show.

    Raises:
        RecordError: the log is nobody's whom the reader knows, or its files do not fit together.
        InputError: there is no log, it is shorter than `size`, or a file cannot be read.
    """
    own = heads_of(source, trust, now)
    if not own:
        raise InputError("no log is here: there is no checkpoint")
    longest = max(own, key=lambda one: one.head.size).head.size
    shown = [*own, *(open_head(note, trust, now) for note in others)]
    if len({one.head.origin for one in shown}) > 1:
        raise RecordError("the checkpoints here are of different logs")
    if size is not None:
        shown += cosigned_heads(source, own[0].head.origin, [size], trust, now)
    known = [one for one in shown if one.head.size <= longest]
    if size is not None and size > longest:
        raise InputError(f"the log has {longest:,} entries, not {size:,}")
    cosigned = [one for one in cosigned_sizes(source) if one <= longest]
    sizes = {one.head.size for one in known} | {size or 0} | set(cosigned)
    roots, leaves = _walk(source, longest, sizes, wanted)
    for one in known:  # (2)
        _require_root(one, roots)
    chosen = _chosen(known, trust, now)
    at = chosen.head.size if size is None else size
    if at != chosen.head.size:
        same = [one for one in known if one.head.size == at]
        chosen = merged(same, trust, now) if same else _plain(chosen, at, roots[at])
    times = _Times(source, cosigned, trust, now, roots, chosen)
    stop = longest if size is None else at
    found = (
        _read(source, number, leaf, trust, types, now, times)
        for number, leaf in leaves
        if number < stop
    )
    return LogPrefix(
        head=chosen.head,
        owner=chosen.keeper,
        checked_at=timestamp(chosen.last) if chosen.last else None,
        witnesses=len(chosen.sights),
        entries=tuple(found),
        note=chosen.note,
        first=chosen.first,
    )


def _chosen(known: Sequence[CheckedNote], trust: Trust, now: datetime) -> CheckedNote:
    """Rule 3: the largest size that enough witnesses have seen; else the largest."""
    by_size: dict[int, list[CheckedNote]] = {}
    for one in known:
        by_size.setdefault(one.head.size, []).append(one)
    longest = [merged(by_size[size], trust, now) for size in sorted(by_size, reverse=True)]
    return next((one for one in longest if one.first is not None), longest[0])


def _plain(of: CheckedNote, size: int, root: str) -> CheckedNote:
    """A size that no checkpoint at hand names, so that nobody has seen it."""
    return CheckedNote(
        head=LogHead(origin=of.head.origin, size=size, root=root),
        keeper=of.keeper,
        quorum=of.quorum,
        sights=(),
        note=b"",
    )


def _require_root(one: CheckedNote, roots: Mapping[int, str]) -> None:
    if roots[one.head.size] != one.head.root:
        raise RecordError(
            f"the entries are not those of the checkpoint of {one.head.size:,} entries",
            hint="They were altered, or the log tells two stories. Keep both, and prove it:\n"
            "  comity log prove-fork",
        )


def _walk(
    source: Source, size: int, sizes: set[int], wanted: Collection[str] | None
) -> tuple[dict[int, str], list[tuple[int, bytes]]]:
    """The roots at some sizes, and the entries that are of interest, with their numbers."""
    leaves: list[tuple[int, bytes]] = []
    tree = CompactRange()
    roots = {0: tree.root().hex()}
    for index in range(-(-size // TILE_WIDTH)):
        for leaf in read_entries(source, index, width_of(0, index, size)):
            if _matters(leaf, wanted):
                leaves.append((tree.size, leaf))
            tree.append(leaf_hash(leaf))
            if tree.size in sizes:
                roots[tree.size] = tree.root().hex()
    return roots, leaves


def _matters(leaf: bytes, wanted: Collection[str] | None) -> bool:
    """Whether an entry is of interest; one that is malformed always is."""
    try:
        entry = decode_entry(leaf)
    except RecordError:
        return True
    return wanted is None or entry.kind in ALWAYS or entry.payload in wanted


class _Times:
    """By when witnesses had seen an entry: under the first checkpoints that hold it."""

    def __init__(
        self,
        source: Source,
        sizes: Sequence[int],
        trust: Trust,
        now: datetime,
        roots: Mapping[int, str],
        chosen: CheckedNote,
    ) -> None:
        self._source, self._sizes, self._trust, self._now = source, sizes, trust, now
        self._roots, self._chosen = roots, chosen
        self._known: dict[int, Sights] = {}
        self._quorum = trust.quorum.witnesses
        self._owners = {
            key.public.spki_sha256: authority.origin for authority, key in trust.by_hint.values()
        }

    def of(self, number: int, key: str) -> datetime | None:
        """None: too few witnesses have seen it, or the key is nobody's."""
        issuer = self._owners.get(key)
        later = bisect_right(self._sizes, number)
        shown = [self._at(size) for size in self._sizes[later : later + ROOM]]
        if self._chosen.head.size > number:
            shown.append(self._chosen.sights)
        times = (
            existed_by(tuple(one for one in sights if one.origin != issuer), self._quorum)
            for sights in shown
        )
        return min((time for time in times if time is not None), default=None)

    def _at(self, size: int) -> Sights:
        if size not in self._known:
            heads = cosigned_heads(
                self._source, self._chosen.head.origin, [size], self._trust, self._now
            )
            for one in heads:
                _require_root(one, self._roots)
            at = (one.sights for one in heads if one.head.size == size)
            self._known[size] = next(at, ())
        return self._known[size]


def _read(
    source: Source,
    number: int,
    leaf: bytes,
    trust: Trust,
    types: Mapping[str, type],
    now: datetime,
    times: _Times,
) -> Logged:
    """Rule 4."""
    try:
        entry = decode_entry(leaf)
        blob = source.read(blob_path(entry.bundle), MAX_BUNDLE_BYTES)
        if blob is None:
            return Logged(number, None, "the log lacks the signed file")
        if hashlib.sha256(blob).hexdigest() != entry.bundle:
            return Logged(number, None, "the signed file is not the one that the entry names")
        proven = Proven(
            statement=entry.payload, key=entry.key, existed_by=times.of(number, entry.key)
        )
        verified = verify(blob, trust, types, now, proven)
    except VerificationError as error:
        if error.rule == 7:
            return Logged(number, None, _OTHERWISE)
        return Logged(number, None, f"rule {error.rule}: {error.what}")
    except (RecordError, InputError) as error:
        return Logged(number, None, error.what)
    # What it refers to is read from the statement, whatever the entry says of that.
    if entry_of(verified, blob).kind != entry.kind:
        return Logged(number, None, _OTHERWISE)
    return Logged(number, verified)


_OTHERWISE = "the entry says something else than the signed file"
