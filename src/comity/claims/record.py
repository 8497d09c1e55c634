"""What authorities put into their logs about statements and each other.

A withdrawal takes one's own word back. A suspension stops it for some days, or stops an authority.
A scope says for what peers vouch for somebody. An intent says what will be measured, before it is.
A status list says what followed from logs of a certain size, for readers without a network.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

import msgspec

from comity.claims.assessment import TYPE_BASE, Origin, Role, System
from comity.claims.standing import LogHead, LogName, State
from comity.claims.values import Count, Digest, Key, LongText, Timestamp

__all__ = [
    "INTENT_TYPE",
    "MAX_SUSPENSION_DAYS",
    "SCOPE_TYPE",
    "STATUS_LIST_TYPE",
    "SUSPENSION_TYPE",
    "WITHDRAWAL_TYPE",
    "Beacon",
    "CheckedHead",
    "Intent",
    "ScopeGrant",
    "StatusList",
    "Suspension",
    "Withdrawal",
]

WITHDRAWAL_TYPE = f"{TYPE_BASE}withdrawal/v1"
SUSPENSION_TYPE = f"{TYPE_BASE}suspension/v1"
SCOPE_TYPE = f"{TYPE_BASE}scope/v1"
INTENT_TYPE = f"{TYPE_BASE}intent/v1"
STATUS_LIST_TYPE = f"{TYPE_BASE}status-list/v1"

MAX_SUSPENSION_DAYS = 42
"""Longest single suspension, as in EUCC, Regulation (EU) 2024/482, Article 30."""

MAX_SCOPE_DAYS = 5 * 366
"""Longest scope: as long as an EUCC certificate may live."""

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
"""Why, in words that others can act on. It is public for ever."""


class Withdrawal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of a `withdrawal` statement: its author takes a statement of theirs back.

    Of a suspension, it lifts it. Of anything else it is final: sign a new statement instead.

    Attributes:
        author: Who withdraws; must be the signer, and an author of what is withdrawn.
        statement: SHA-256 of the payload of what is withdrawn.
        reason: Why.
    """

    author: Origin
    statement: Digest
    reason: Reason


class Suspension(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of a `suspension` statement: a statement or an authority is stopped for some days.

    It ends nothing. Whoever means longer signs the next one, or withdraws.

    Attributes:
        author: Who suspends; must be the signer.
        statement: SHA-256 of the payload of a statement of the author's, or null.
        issuer: An authority, or null. One of the two is given.
        degree: `suspended`; of an authority also `issuer_under_review`.
        first_day, last_day: When it counts, both included, in UTC.
        reason: Why.
    """

    author: Origin
    statement: Digest | None
    issuer: Origin | None
    degree: Literal["suspended", "issuer_under_review"]
    first_day: datetime.date
    last_day: datetime.date
    reason: Reason

    def __post_init__(self) -> None:
        if (self.statement is None) == (self.issuer is None):
            raise ValueError("a suspension is of one statement or of one issuer")
        if self.statement is not None and self.degree != "suspended":
            raise ValueError("only an issuer can be under review; a statement is suspended")
        if not 1 <= self.days <= MAX_SUSPENSION_DAYS:
            raise ValueError(f"a suspension lasts 1 to {MAX_SUSPENSION_DAYS} days")

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last_day - self.first_day).days + 1


class ScopeGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of a `scope` statement: a peer vouches for an authority, in a role, for measures.

    It counts only together with other peers', and never from its own subject.

    Attributes:
        author: The peer; must be the signer.
        subject: The authority that it vouches for.
        key: SHA-256 of the subject's key (SPKI).
        role: The highest role that it vouches for.
        measures: Ids of the measures, or of whole risks, that it vouches for.
        first_day, last_day: When it counts, both included, in UTC.
    """

    author: Origin
    subject: Origin
    key: Digest
    role: Role
    measures: tuple[Key, ...]
    first_day: datetime.date
    last_day: datetime.date

    def __post_init__(self) -> None:
        if self.author == self.subject:
            raise ValueError("nobody grants scope to themselves")
        if not self.measures or len(set(self.measures)) != len(self.measures):
            raise ValueError("a scope names at least one measure, and each once")
        if not 0 <= (self.last_day - self.first_day).days < MAX_SCOPE_DAYS:
            raise ValueError("a scope lasts from one day to five years")


class Beacon(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The log of somebody else from whose later root the seed of the items will come.

    Attributes:
        origin: Name of the log.
        size: Its size when the intent was written: only a larger one gives the seed.
    """

    origin: LogName
    size: Count


class Intent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of an `intent` statement: what will be measured, signed and logged before it is.

    An assessment names it by the SHA-256 of its payload.

    Attributes:
        assessor: Who will measure; must be the signer.
        system: What will be measured.
        card: SHA-256 of the card's bytes: what is asked, and of which columns.
        procedures: Digests of the procedures, where they are known beforehand; may be empty.
        planned: How many items.
        items: SHA-256 of the file that they are drawn from, or null: no item is drawn by lot.
        seed_commitment: SHA-256 of a secret of 32 bytes. It makes the digest of the intent, and so
            the seed, one that nobody could try out beforehand but its author.
        beacon: Whose later root makes the seed of the items, or null: no item is drawn by lot.
    """

    assessor: Origin
    system: System
    card: Digest
    procedures: tuple[Digest, ...]
    planned: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    items: Digest | None
    seed_commitment: Digest
    beacon: Beacon | None


class CheckedHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A log at one size, with the text that proves who saw it.

    Attributes:
        head: Name, size and root.
        note: The checkpoint as a signed note with its cosignatures, or empty: a size between two.
    """

    head: LogHead
    note: LongText


class StatusList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of a `status-list` statement: what followed from logs, for readers without them.

    Whoever holds the logs computes the same list, but for the reader's own rules of suspension.

    Attributes:
        author: Who replayed the logs; must be the signer.
        made: When, by the author's clock.
        day: For which day; suspensions begin and end by the day.
        logs: The logs, each at one size.
        statements: State of every statement that they show.
        issuers: State of the authorities that are not live.
    """

    author: Origin
    made: Timestamp
    day: datetime.date
    logs: tuple[CheckedHead, ...]
    statements: dict[Digest, State]
    issuers: dict[Origin, State]

    def __post_init__(self) -> None:
        names = [checked.head.origin for checked in self.logs]
        if not names or names != sorted(set(names)):
            raise ValueError("`logs` holds each log once, in the order of their names")
