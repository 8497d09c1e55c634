"""Is it still good? What is known, at one moment, of statements, laboratories and comparisons.

Comity's log will provide it; until then a person may write it. Unknown never counts as good where
an agreement asks for a log.
"""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

from comity.claims.assessment import Origin
from comity.claims.values import Count, DecimalText, Digest, Key, Timestamp, digest_of

__all__ = ["ComparisonResult", "Standing", "State"]

State = Literal["live", "suspended", "withdrawn", "issuer_under_review", "expired"]


class ComparisonResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a comparison found of one laboratory; the nearer to 0, the more alike it measures."""

    comparison: Key
    origin: Origin
    statistic: Key
    value: DecimalText
    decided: datetime.date


class Standing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known about statements and those who issue them.

    Attributes:
        checked_at: Time of the log checkpoint that this was read from, or null: no log was asked.
        witnesses: How many witnesses that the reader trusts cosigned the checkpoint.
        statements: State of each statement, by its digest.
        issuers: State of an authority, by its origin; one that is absent is live.
        comparisons: Results of comparisons between laboratories.
    """

    checked_at: Timestamp | None = None
    witnesses: Count = 0
    statements: dict[Digest, State] = {}
    issuers: dict[Origin, State] = {}
    comparisons: tuple[ComparisonResult, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes."""
        return digest_of(self)
