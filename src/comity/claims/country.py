"""The reader: whose rules apply, whom it believes, and what it can spend. It is `country.toml`."""

from __future__ import annotations

import datetime
from decimal import Decimal

import msgspec

from comity.claims.agreement import Laboratory
from comity.claims.regime import Signer
from comity.claims.values import Count, DecimalText, Key, Text, digest_of

__all__ = ["Budget", "Country", "Deployment"]


MAX_ITEMS = 1_000_000
"""Largest test that is planned: looking for its size takes time in proportion."""


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a country can spend on one test of the delta.

    Attributes:
        max_items: Most items it can test; what would need more is undecidable here.
        planning_margin: By how much the true value is assumed to be better than the mark.
    """

    max_items: Count = 10_000
    planning_margin: DecimalText = "0.03"

    def __post_init__(self) -> None:
        if self.max_items > MAX_ITEMS:
            raise ValueError(f"`max_items` is at most {MAX_ITEMS:,}: no larger test is planned")
        if not 0 < Decimal(self.planning_margin) < 1:
            raise ValueError("`planning_margin` must lie between 0 and 1, for instance 0.03")


class Country(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate-free: the reader's own file, whose digest a decision names.

    Attributes:
        name: The country's name, for readers.
        jurisdiction: Its key, as the regime names it.
        authority: The origin and key that decides and that signs agreements for it.
        regime: Path of the regime file, beside this file, or the id of a shipped regime.
        overlays: Paths of signed overlays on it, in order.
        agreements: Paths of signed agreements.
        trust: Path of the trust file.
        own_assessors: Laboratories whose measurements count here without any agreement.
        own_max_age_days: Oldest evidence of theirs that counts.
        budget: What one test of the delta may cost.
    """

    name: Text
    jurisdiction: Key
    authority: Signer
    regime: Text
    overlays: tuple[Text, ...] = ()
    agreements: tuple[Text, ...] = ()
    trust: Text
    own_assessors: tuple[Laboratory, ...] = ()
    own_max_age_days: Count = 365
    budget: Budget = Budget()

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes."""
        return digest_of(self)


class Deployment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the system is used here, as far as it was stated.

    Attributes:
        on_market_since: First day on this market; null: not stated, so no grace applies.
        uses: What it is used for, in the regime's words; null: not stated.
    """

    on_market_since: datetime.date | None = None
    uses: tuple[Key, ...] | None = None
