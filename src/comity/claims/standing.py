"""Is it still good? What is known, at one moment, of statements, laboratories and comparisons.

It is replayed from logs, or read from a signed status list; a person may write it, too. Unknown
never counts as good where an agreement asks for a log.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

import msgspec

from comity.claims.assessment import Origin
from comity.claims.values import Count, DecimalText, Digest, Key, Timestamp, digest_of

__all__ = ["ComparisonResult", "LogHead", "LogName", "Standing", "State"]

LogName = Annotated[str, msgspec.Meta(pattern=r"^[!-*,-~]{1,255}$(?!\n)")]
"""Name of a log: ASCII without spaces and plus signs, which its checkpoints put to other uses."""

State = Literal["live", "suspended", "withdrawn", "issuer_under_review", "expired"]


class ComparisonResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a comparison found of one laboratory; the nearer to 0, the more alike it measures."""

    comparison: Key
    origin: Origin
    statistic: Key
    value: DecimalText
    decided: datetime.date


class LogHead(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A log at one size: its name, the number of its entries, and the root over them."""

    origin: LogName
    size: Count
    root: Digest


class Standing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known about statements and those who issue them.

    Attributes:
        checked_at: When witnesses last saw the checkpoints that this was read from, the oldest of
            several; null: no log was asked, or no witness whom the reader trusts has seen it.
        witnesses: How many witnesses that the reader trusts cosigned the checkpoint, the fewest
            of several.
        logs: The logs that it was read from, by name.
        statements: State of each statement, by its digest.
        issuers: State of an authority, by its origin; one that is absent is live.
        comparisons: Results of comparisons between laboratories.
    """

    checked_at: Timestamp | None = None
    witnesses: Count = 0
    logs: tuple[LogHead, ...] = ()
    statements: dict[Digest, State] = {}
    issuers: dict[Origin, State] = {}
    comparisons: tuple[ComparisonResult, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes."""
        return digest_of(self)
