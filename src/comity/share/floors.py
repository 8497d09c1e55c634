"""Which of five floors a country has reached: met, not met, or unknown, each with its evidence.

1. The country's own declaration, while it counts, stands above anybody's figure; both are shown.
2. A figure gives limits: a measured one itself, a censored one zero and what its source can see,
   none at all for whoever was not looked at. Unknown never counts as met, nor as not met.
3. A floor is *met* if the lower limit reaches the first goalpost, *not met* if the upper one stays
   below it, else *unknown*. The tier is known only if both limits lie in one.
4. Nothing is added up: five floors stay five floors.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Literal

import msgspec

from comity.claims.floor import Declaration, DeclaredFigure, Figure, Gap, Indicator
from comity.errors import InputError

__all__ = ["Floor", "Verdict", "floors", "load_indicators"]

Verdict = Literal["met", "not_met", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Floor:
    """One floor of one country.

    Attributes:
        country: Its code.
        gap: Which floor.
        indicator: By which indicator it was read.
        verdict: Met, not met or unknown.
        tier: 0 to 4, or None: it is not known.
        declared: The country's own figure that counts, or None.
        figures: All figures of others, newest first.
    """

    country: str
    gap: Gap
    indicator: Indicator
    verdict: Verdict
    tier: int | None
    declared: DeclaredFigure | None
    figures: tuple[Figure, ...]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    indicator: tuple[Indicator, ...]


@lru_cache(maxsize=1)
def load_indicators() -> tuple[Indicator, ...]:
    """The indicator cards that come with Comity, in the order of the five gaps."""
    text = resources.files("comity.share").joinpath("indicators.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=_File).indicator


def floors(
    country: str,
    day: datetime.date,
    declarations: Iterable[Declaration],
    figures: Iterable[Figure],
    indicators: Sequence[Indicator],
) -> tuple[Floor, ...]:
    """The floors of one country on one day, in the order of the indicators.

    Raises:
        InputError: two declarations that count give one indicator two values.
    """
    own: dict[str, DeclaredFigure] = {}
    for declaration in declarations:
        if declaration.country != country:
            continue
        if not declaration.valid_from <= day <= declaration.valid_until:
            continue
        for figure in declaration.figures:
            before = own.setdefault(figure.indicator, figure)
            if before.value != figure.value:
                raise InputError(
                    f"{country} declares {figure.indicator} twice: as {before.value} and as "
                    f"{figure.value}",
                    where="declarations",
                    hint="Leave out the one that no longer counts.",
                )
    others = [figure for figure in figures if figure.country == country]
    return tuple(_floor(country, one, own.get(one.id), others) for one in indicators)


def _floor(
    country: str,
    indicator: Indicator,
    declared: DeclaredFigure | None,
    others: Sequence[Figure],
) -> Floor:
    mine = sorted(
        (figure for figure in others if figure.indicator == indicator.id),
        key=lambda figure: (figure.day, figure.source),
        reverse=True,
    )
    low, high = _limits(declared, mine)
    posts = [Decimal(post) for post in indicator.goalposts]
    verdict: Verdict = "unknown"
    if low is not None and low >= posts[0]:
        verdict = "met"
    elif high is not None and high < posts[0]:
        verdict = "not_met"
    tiers = {sum(value >= post for post in posts) for value in (low, high) if value is not None}
    known = low is not None and high is not None and len(tiers) == 1
    return Floor(
        country=country,
        gap=indicator.gap,
        indicator=indicator,
        verdict=verdict,
        tier=tiers.pop() if known else None,
        declared=declared,
        figures=tuple(mine),
    )


def _limits(
    declared: DeclaredFigure | None, mine: Sequence[Figure]
) -> tuple[Decimal | None, Decimal | None]:
    """Rules 1 and 2: the declaration, else the newest figure that says anything."""
    if declared is not None:
        return Decimal(declared.value), Decimal(declared.value)
    for figure in mine:
        if figure.value is not None:
            value = Decimal(figure.value)
            return (value if figure.seen == "measured" else Decimal(0)), value
    return None, None
