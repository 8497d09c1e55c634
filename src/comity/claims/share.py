"""Needs, offers, and how they were brought together: what is signed when countries share.

Countries are named by their three letters of ISO 3166-1 (Namibia is NAM): two-letter codes are
mistaken for words, and for missing values. Amounts are whole numbers of a kind's unit.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Annotated, Literal

import msgspec

from comity.claims.assessment import TYPE_BASE, Origin
from comity.claims.values import Count, Digest, Key, LongText, Text

__all__ = [
    "ALLOCATION_TYPE",
    "NEED_TYPE",
    "OFFER_TYPE",
    "Allocation",
    "Ask",
    "CountryCode",
    "Eligibility",
    "FractionText",
    "Grant",
    "Idle",
    "Kind",
    "LeftOut",
    "Level",
    "Need",
    "NeedRow",
    "Offer",
    "OfferedPart",
    "PoolRow",
    "Proof",
    "Round",
    "Shares",
    "ToEveryone",
]

NEED_TYPE = f"{TYPE_BASE}need/v1"
OFFER_TYPE = f"{TYPE_BASE}offer/v1"
ALLOCATION_TYPE = f"{TYPE_BASE}allocation/v1"

CountryCode = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$(?!\n)")]
FractionText = Annotated[
    str, msgspec.Meta(pattern=r"^(0|[1-9][0-9]*)(/[1-9][0-9]*)?$(?!\n)", max_length=200)
]
"""A fraction of at least 0 in lowest terms, such as `27/98`, as `str` writes it: never rounded."""


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a declared need rests on. The address is shown, and never opened."""

    title: Annotated[Text, msgspec.Meta(min_length=1)]
    address: Text = ""
    day: datetime.date


class NeedRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much of one kind a country needs.

    Attributes:
        kind: The kind, as the round names it, for instance `gpu_hours`.
        unit: Its unit; must be the round's.
        floor: The part without which the country has no irreducible minimum; at most `need`.
        need: All that it needs until the declaration ends.
        evidence: What that rests on, at least one.
    """

    kind: Key
    unit: Key
    floor: Count
    need: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    evidence: Annotated[tuple[Proof, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        if self.floor > self.need:
            raise ValueError(f"{self.kind}: `floor` is more than `need`")


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of a `need` statement: a country's own declaration.

    Attributes:
        authority: Who declares for the country.
        country: The country.
        valid_from, valid_until: When the declaration counts, both days included.
        rows: One for each kind.
    """

    authority: Origin
    country: CountryCode
    valid_from: datetime.date
    valid_until: datetime.date
    rows: Annotated[tuple[NeedRow, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        if self.valid_from > self.valid_until:
            raise ValueError("`valid_until` lies before `valid_from`")
        kinds = [row.kind for row in self.rows]
        if len(set(kinds)) != len(kinds):
            raise ValueError("a kind stands in two rows")


class Eligibility(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who may use an offer. Every condition that is given must hold; none given: everybody.

    Attributes:
        countries: Only these.
        groups: Only members of one of these: `LDC`, `LLDC`, `SIDS`.
        regions: Only countries of one of these regions of UN M49, for instance `Eastern Africa`.
        languages: Only countries with one of these official languages.
        not_countries: Not these, whatever else holds: the law of the donor forbids it.
    """

    countries: tuple[CountryCode, ...] = ()
    groups: tuple[Literal["LDC", "LLDC", "SIDS"], ...] = ()
    regions: tuple[Text, ...] = ()
    languages: tuple[Key, ...] = ()
    not_countries: tuple[CountryCode, ...] = ()


class Offer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of an `offer` statement.

    Attributes:
        authority: Who offers.
        title: What is offered, for people.
        kind: The kind, as the round names it.
        unit: Its unit; must be the round's.
        amount: How much; 0 for what is not used up by using it.
        rival: Whether what one has another cannot have. Open models, data and code are not rival:
            everybody eligible gets them.
        eligible: Who may use it.
        opens, closes: Days within which it may be granted, both included.
        conditions: What the donor asks for, in words; may be empty.
    """

    authority: Origin
    title: Annotated[Text, msgspec.Meta(min_length=1)]
    kind: Key
    unit: Key
    amount: Count
    rival: bool
    eligible: Eligibility
    opens: datetime.date
    closes: datetime.date
    conditions: LongText = ""

    def __post_init__(self) -> None:
        if self.rival != (self.amount > 0):
            raise ValueError(
                "`amount` must be above 0 for what is rival, and 0 for what everybody can have"
            )
        if self.opens > self.closes:
            raise ValueError("`closes` lies before `opens`")


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of thing that is shared in a round.

    Attributes:
        id: Its key.
        title: For people.
        unit: What one of it is.
        lot: Size of a lot that cannot be divided, in units; null: any part can be given.
        ceiling_per_million: Most that counts as need per million inhabitants, so that overstating
            cannot pay; null: none was agreed.
    """

    id: Key
    title: Text
    unit: Key
    lot: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)] | None = None
    ceiling_per_million: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)] | None = None


class Round(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The rules of one round, published before anybody knows the outcome.

    Attributes:
        id: Its key.
        title: For people.
        day: Day for which windows and declarations are read.
        lottery: Seed of the draw among equals; published before the round closes.
        kinds: What is shared.
    """

    id: Key
    title: Text
    day: datetime.date
    lottery: Annotated[Text, msgspec.Meta(min_length=1)]
    kinds: Annotated[tuple[Kind, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        ids = [kind.id for kind in self.kinds]
        if len(set(ids)) != len(ids):
            raise ValueError("a kind stands in the round twice")


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A need as the round counts it: in units, or in whole lots.

    Attributes:
        country: Who asks.
        statement: Digest of the `need` statement.
        floor, need: What counts, after the ceiling; in lots where the kind has lots.
        declared: What was declared, in units.
    """

    country: CountryCode
    statement: Digest
    floor: Count
    need: Count
    declared: Count

    def __post_init__(self) -> None:
        if self.floor > self.need:
            raise ValueError(f"{self.country}: `floor` is more than `need`")


class OfferedPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An offer in a pool: its statement, and how much of it can be given; lots for lots."""

    statement: Digest
    amount: Count


class PoolRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Offers that the same countries may use."""

    eligible: tuple[CountryCode, ...]
    offers: tuple[OfferedPart, ...]


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One link of the proof: countries, the pools that are theirs, and the level they reach.

    Attributes:
        stage: `floor`: the level is a share of the floor; `need`: of what is asked above it;
            `lots`: whole lots, whose levels differ by one lot at most.
        level: The level; null for `lots`.
        countries: Who stands here.
        pools: The pools, by their place in the list.
    """

    stage: Literal["floor", "need", "lots"]
    level: FractionText | None
    countries: tuple[CountryCode, ...]
    pools: tuple[Count, ...]

    def asked(self, ask: Ask) -> int:
        """What this link shares out of what a country asks for."""
        return {"floor": ask.floor, "need": ask.need - ask.floor}.get(self.stage, ask.need)


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """So much of one offer for one country; in lots where the kind has lots."""

    offer: Digest
    country: CountryCode
    amount: FractionText


class Shares(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one kind was shared, and the chain that proves it the fairest.

    Whoever reads one may rely on it that names in it lead somewhere; not on its arithmetic, which
    `comity.share.checker` checks.
    """

    kind: Key
    asks: tuple[Ask, ...]
    pools: tuple[PoolRow, ...]
    chain: tuple[Level, ...]
    grants: tuple[Grant, ...]

    @property
    def received(self) -> dict[str, Fraction]:
        """What each country that asks gets in all."""
        got = {ask.country: Fraction(0) for ask in self.asks}
        for grant in self.grants:
            got[grant.country] += Fraction(grant.amount)
        return got

    def __post_init__(self) -> None:
        asking = {ask.country for ask in self.asks}
        offers = {part.statement for row in self.pools for part in row.offers}
        if len(asking) != len(self.asks):
            raise ValueError(f"{self.kind}: a country asks twice")
        if len(offers) != sum(len(row.offers) for row in self.pools):
            raise ValueError(f"{self.kind}: an offer stands in it twice")
        named = {country for link in self.chain for country in link.countries}
        if not named | {grant.country for grant in self.grants} <= asking:
            raise ValueError(f"{self.kind}: it names a country that does not ask")
        if not {grant.offer for grant in self.grants} <= offers:
            raise ValueError(f"{self.kind}: a grant is of no offer that stands in it")
        if any(pool >= len(self.pools) for link in self.chain for pool in link.pools):
            raise ValueError(f"{self.kind}: the chain names a pool that there is not")


class ToEveryone(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is not used up by using it, and who may have it: all of these."""

    offer: Digest
    countries: tuple[CountryCode, ...]


class Idle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What nobody got of an offer, and why; it can be offered again."""

    offer: Digest
    amount: Count
    why: Text


class LeftOut(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A statement, or one kind in it, that took no part, and why: nothing is lost unseen."""

    statement: Digest
    kind: Key | None
    why: Text


class Allocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of an `allocation` statement: a proposal with its proof; it ranks nobody.

    Attributes:
        authority: Who calculated.
        round: The rules.
        facts: Digest of the table of countries by which rules were read.
        shares: One for each kind of the round.
        everyone: Offers that are not rival.
        idle: What was left.
        left_out: What took no part.
    """

    authority: Origin
    round: Round
    facts: Digest
    shares: tuple[Shares, ...]
    everyone: tuple[ToEveryone, ...]
    idle: tuple[Idle, ...]
    left_out: tuple[LeftOut, ...]

    def __post_init__(self) -> None:
        if [one.kind for one in self.shares] != [kind.id for kind in self.round.kinds]:
            raise ValueError("the kinds that are shared are not those of the round")
