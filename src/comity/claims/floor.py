"""What a country declares about itself, and the indicators by which five floors are read."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from comity.claims.assessment import TYPE_BASE, Origin
from comity.claims.share import CountryCode, Proof
from comity.claims.values import DecimalText, Key, Text

__all__ = [
    "DECLARATION_TYPE",
    "Declaration",
    "DeclaredFigure",
    "Figure",
    "Gap",
    "Indicator",
    "Seen",
]

DECLARATION_TYPE = f"{TYPE_BASE}declaration/v1"

Gap = Literal["compute", "data", "talent", "policies", "use"]
"""The five gaps of the UN Secretary-General's report A/79/966: a floor for each."""

Seen = Literal["measured", "censored", "absent", "withheld", "not_applicable"]
"""Whether a source has a value: measured; below what it can see; not looked at; kept back; or the
question does not arise."""


class DeclaredFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One figure of a country's own, with what it rests on."""

    indicator: Key
    value: DecimalText
    evidence: Annotated[tuple[Proof, ...], msgspec.Meta(min_length=1)]


class Declaration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of a `declaration` statement: what a country says it has.

    Attributes:
        authority: Who declares for the country.
        country: The country.
        valid_from, valid_until: When it counts, both days included.
        figures: One for each indicator.
    """

    authority: Origin
    country: CountryCode
    valid_from: datetime.date
    valid_until: datetime.date
    figures: Annotated[tuple[DeclaredFigure, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        if self.valid_from > self.valid_until:
            raise ValueError("`valid_until` lies before `valid_from`")
        names = [figure.indicator for figure in self.figures]
        if len(set(names)) != len(names):
            raise ValueError("an indicator stands in it twice")
        if any(Decimal(figure.value) < 0 for figure in self.figures):
            raise ValueError("a figure is negative")


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The card of an indicator: what is counted, by whom, under which licence, against what.

    Attributes:
        id: Its key.
        gap: Which of the five gaps it stands for.
        title: For people.
        unit: Its unit; more is better.
        goalposts: Where tiers 1, 2, 3 and 4 begin, rising. Tier 1 is the floor.
        version: Raised whenever a goalpost moves.
        source: Who publishes figures, and how to read them.
        licence: SPDX identifier or the publisher's words.
        detection_limit: The smallest value that the source can see, or null.
        missing: What a country's absence from the source means.
        does_not_show: What nobody should conclude from it.
    """

    id: Key
    gap: Gap
    title: Text
    unit: Text
    goalposts: tuple[DecimalText, DecimalText, DecimalText, DecimalText]
    version: int
    source: Text
    licence: Text
    detection_limit: DecimalText | None = None
    missing: Literal["censored", "absent"]
    does_not_show: Text

    def __post_init__(self) -> None:
        posts = [Decimal(post) for post in self.goalposts]
        if posts[0] <= 0 or sorted(set(posts)) != posts:
            raise ValueError("`goalposts` must be above 0 and rise")
        if self.missing == "censored" and self.detection_limit is None:
            raise ValueError("what is censored needs a `detection_limit`")


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A third party's figure for a country, or why there is none.

    Attributes:
        indicator: Which.
        country: Whose.
        seen: Whether there is a value.
        value: The value if measured, the detection limit if censored; else null.
        source: Who says so.
        day: When they published it.
    """

    indicator: Key
    country: CountryCode
    seen: Seen
    value: DecimalText | None
    source: Text
    day: datetime.date

    def __post_init__(self) -> None:
        if (self.seen in ("measured", "censored")) != (self.value is not None):
            raise ValueError("`value` must be given exactly for what is measured or censored")
        if self.value is not None and Decimal(self.value) < 0:
            raise ValueError("`value` is negative")
