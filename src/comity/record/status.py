"""The status list: what followed from logs at certain sizes, signed, for readers without a network.

1. A list names each log with its size and root, and carries the checkpoint with its cosignatures:
   whoever holds the log computes the same list again, and who does not sees who had seen it.
2. It counts for a reader from the reader's own authority, or from a witness of the trust file that
   keeps none of these logs: nobody is the only witness of their own good standing.
3. How old it is and how many witnesses saw the logs, the reader finds from the checkpoints by the
   own trust file, never from the list. Fewer than the quorum leave the age unknown, and an unknown
   age is too old.
4. It speaks of one day, since suspensions begin and end by the day: of one that the reader has
   already begun somewhere, and that is no longer past than the list may be old.
5. Of authorities it says what follows by the rules of whoever made it.
"""

from __future__ import annotations

import datetime
from collections.abc import Container, Sequence
from typing import NamedTuple

from comity.attest import Trust, Verified
from comity.claims import timestamp
from comity.claims.record import CheckedHead, StatusList
from comity.claims.standing import Standing, State
from comity.errors import InputError, RecordError
from comity.record.heads import CheckedNote, open_head
from comity.record.standing import LogPrefix, Replayed

__all__ = ["Difference", "differences", "make_status", "standing_of"]

ADVICE = "Make it again once enough witnesses have seen the log (comity log follow, log gather)."


class Difference(NamedTuple):
    """What a list says of a statement or authority, and what follows from the logs."""

    about: str
    listed: State | None
    found: State | None


def make_status(
    logs: Sequence[LogPrefix],
    replayed: Replayed,
    *,
    author: str,
    now: datetime.datetime,
    day: datetime.date,
) -> StatusList:
    """Write down what followed from logs.

    Args:
        logs: The logs, each read to the size that its witnesses saw and no further.
        replayed: What followed from them for `day`, with no file in anybody's hand.
        author: Origin of who will sign.
        now: The moment.
        day: For which day.

    Raises:
        InputError: no log was read, or one twice.
    """
    ordered = sorted(logs, key=lambda log: log.head.origin)
    if len({log.head.origin for log in ordered}) != len(ordered) or not ordered:
        raise InputError("a status list speaks of at least one log, and of each once")
    return StatusList(
        author=author,
        made=timestamp(now),
        day=day,
        logs=tuple(CheckedHead(head=log.head, note=log.note.decode()) for log in ordered),
        statements=replayed.standing.statements,
        issuers=replayed.standing.issuers,
    )


def standing_of(
    verified: Verified,
    trust: Trust,
    *,
    reader: str,
    now: datetime.datetime,
    max_age_hours: int | None = None,
    asked: Container[str] = (),
) -> Standing:
    """What a reader may take from a signed list.

    Args:
        verified: The list, verified like any signed file.
        trust: The reader's trust file.
        reader: Origin of the reader's own authority.
        now: The moment at which its age is asked.
        max_age_hours: Oldest that counts; the trust file's own limit if left out.
        asked: The laboratories in question: of these the logs must have been seen lately. Where
            the list has no log of theirs, all of its logs must.

    Raises:
        RecordError: one of the rules does not hold.
    """
    listed: StatusList = verified.predicate
    notes = [_opened(checked, trust, now) for checked in listed.logs]
    # (2) from whom
    author = verified.authority.origin
    if author != reader and (
        author not in {origin for origin, _ in trust.witnesses}
        or author in {one.keeper for one in notes}
    ):
        raise RecordError(
            f"a status list of {author} does not count for you",
            hint="It counts from your own authority, or from a witness in your trust file that "
            "keeps\n  none of the logs that it speaks of.",
        )
    # (3) how old
    limit = trust.quorum.max_age_hours if max_age_hours is None else max_age_hours
    telling = [one for one in notes if one.keeper in asked] or notes
    times = [one.last for one in telling if one.last is not None]
    if len(times) < len(telling):
        raise RecordError(
            f"fewer than {trust.quorum.witnesses} witnesses whom you trust have seen a log of this "
            "status list, so nothing says how old it is",
            hint=ADVICE,
        )
    oldest = min(times)
    age = (now - oldest).total_seconds() / 3600
    if age > limit:
        raise RecordError(
            f"the status list is too old: its log was last seen {timestamp(oldest)}, "
            f"{age:.0f} hours ago, and {limit} are allowed",
            hint="Ask for a new one, or allow more: --max-age HOURS.",
        )
    # (4) of which day
    today, a_day = now.date(), datetime.timedelta(days=1)
    if not today - a_day - datetime.timedelta(hours=limit) <= listed.day <= today + a_day:
        raise RecordError(
            f"the status list speaks of {listed.day}, and you ask about {today}",
            hint="Suspensions begin and end by the day. Ask for a list of this day.",
        )
    return Standing(
        checked_at=timestamp(oldest),
        witnesses=min(len(one.sights) for one in telling),
        logs=tuple(checked.head for checked in listed.logs),
        statements=listed.statements,
        issuers=listed.issuers,
    )


def differences(listed: StatusList, found: Standing) -> tuple[Difference, ...]:
    """Compare a list with what follows from the logs at its sizes; empty: it is right."""
    pairs = [(listed.statements, found.statements), (listed.issuers, found.issuers)]
    return tuple(
        Difference(about, said.get(about), replayed.get(about))
        for said, replayed in pairs
        for about in sorted(said.keys() | replayed.keys())
        if said.get(about) != replayed.get(about)
    )


def _opened(checked: CheckedHead, trust: Trust, now: datetime.datetime) -> CheckedNote:
    """Rule 1: the checkpoint is signed by the log, and is the one that the list names."""
    if not checked.note:
        raise RecordError(
            f"the status list carries no checkpoint of {checked.head.origin}", hint=ADVICE
        )
    opened = open_head(checked.note.encode(), trust, now)
    if opened.head != checked.head:
        raise RecordError(
            f"the status list names another size or root of {checked.head.origin} than the "
            "checkpoint that it carries"
        )
    return opened
