"""The page of an allocation: tiles of equal size, the proof, and a sentence for every country."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec
from markupsafe import Markup

from comity.claims.share import Allocation, Ask, Kind, Level, Shares
from comity.report.allocation_words import WORDS
from comity.report.page import render, shell, static

__all__ = ["Land", "allocation_page"]

SHOWN = 6
"""So many names are written in a cell of the proof; the others are counted."""


class Land(NamedTuple):
    """A country as the page shows it: code, name, region."""

    code: str
    name: str
    region: str


class Tile(NamedTuple):
    """One country: how it stands, and the part of its need that is met, in words."""

    country: str
    name: str
    stage: str
    part: str


class Region(NamedTuple):
    """A block of tiles."""

    name: str
    tiles: list[Tile]


class Link(NamedTuple):
    """One row of the proof."""

    countries: str
    offers: str
    holds: str
    asked: str
    level: str


class KindPart(NamedTuple):
    """What the page says about one kind."""

    id: str
    title: str
    summary: str
    regions: list[Region]
    links: list[Link]


class Remark(NamedTuple):
    """A title and what is to be said of it."""

    title: str
    what: str


class CountryPart(NamedTuple):
    """A country with a sentence for each kind that it asks for."""

    code: str
    name: str
    sentences: list[str]


def allocation_page(
    allocation: Allocation,
    *,
    lands: Sequence[Land],
    sentences: Mapping[tuple[str, str], str],
    titles: Mapping[str, str],
) -> str:
    """The page as one HTML file that loads nothing and checks its own arithmetic.

    Args:
        allocation: What was calculated.
        lands: All countries, also those that declared nothing.
        sentences: By kind and country, why it got what it got.
        titles: Titles of offers, by the digests of their statements.
    """
    names = {land.code: land.name for land in lands}
    asking = sorted({ask.country for shares in allocation.shares for ask in shares.asks})
    pairs = list(zip(allocation.round.kinds, allocation.shares, strict=True))
    markup = render(
        "allocation.html.j2",
        language="en",
        direction="ltr",
        words=WORDS,
        title=allocation.round.title,
        authority=allocation.authority,
        day=str(allocation.round.day),
        short=list(_short(allocation, asking)),
        kinds=[_kind(kind, shares, lands, names, titles) for kind, shares in pairs],
        countries=[
            CountryPart(
                code,
                names.get(code, code),
                [sentences[kind.id, code] for kind, _ in pairs if (kind.id, code) in sentences],
            )
            for code in sorted(asking, key=lambda code: names.get(code, code))
        ],
        everyone=[
            Remark(
                titles.get(one.offer, one.offer[:12]),
                WORDS["everyone"].format(n=len(one.countries)),
            )
            for one in allocation.everyone
        ],
        idle=[
            Remark(
                titles.get(one.offer, one.offer[:12]),
                WORDS["idle"].format(amount=f"{one.amount:,}", why=one.why),
            )
            for one in allocation.idle
        ],
        left_out=[
            Remark(
                f"{one.statement[:12]}…",
                WORDS["left_out_kind" if one.kind else "left_out"].format(
                    kind=one.kind, why=one.why
                ),
            )
            for one in allocation.left_out
        ],
        embedded=_embedded(allocation),
        **shell(static("allocation.js"), style=static("allocation.css")),
    )
    return str(markup)


def _embedded(allocation: Allocation) -> Markup:
    """The allocation as JSON that cannot end its own element."""
    text = json.dumps(msgspec.to_builtins(allocation), ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - no `<` is left in it


def _short(allocation: Allocation, asking: Sequence[str]) -> Iterator[str]:
    below, partly = set[str](), set[str]()
    for shares in allocation.shares:
        got = shares.received
        below |= {ask.country for ask in shares.asks if got[ask.country] < ask.floor}
        partly |= {ask.country for ask in shares.asks if got[ask.country] < ask.need}
    n = len(asking)
    yield WORDS["short_floors"].format(met=n - len(below), asking=n)
    yield WORDS["short_all"].format(all=n - len(partly), asking=n)
    if allocation.idle:
        yield WORDS["short_idle"].format(idle=len(allocation.idle))
    if allocation.left_out:
        yield WORDS["short_left"].format(left=len(allocation.left_out))


def _kind(
    kind: Kind,
    shares: Shares,
    lands: Sequence[Land],
    names: Mapping[str, str],
    titles: Mapping[str, str],
) -> KindPart:
    if not shares.asks:
        return KindPart(kind.id, kind.title, WORDS["summary_none"], [], [])
    got, asks = shares.received, {ask.country: ask for ask in shares.asks}
    unit = kind.unit.replace("_", " ")
    summary = WORDS["summary"].format(
        asked=len(asks),
        need=f"{sum(ask.need for ask in shares.asks):,}",
        unit=unit if kind.lot is None else f"lots of {kind.lot:,} {unit}",
        given=_amount(sum(got.values(), Fraction(0))),
        offered=f"{sum(part.amount for row in shares.pools for part in row.offers):,}",
    )
    regions: dict[str, list[Tile]] = {}
    for land in sorted(lands, key=lambda land: land.code):
        tile = _tile(land, asks.get(land.code), got)
        regions.setdefault(land.region, []).append(tile)
    links = [_link(link, shares, asks, names, titles) for link in shares.chain if link.countries]
    return KindPart(
        kind.id,
        kind.title,
        summary,
        [Region(name, tiles) for name, tiles in sorted(regions.items())],
        links,
    )


def _tile(land: Land, ask: Ask | None, got: Mapping[str, Fraction]) -> Tile:
    if ask is None:
        return Tile(land.code, land.name, "none", "")
    mine = got[land.code]
    part = f"{_percent(mine / ask.need)}"
    if mine == ask.need:
        stage = "all"
    elif mine < ask.floor:
        stage = "floor"
    else:
        stage = "need"
    return Tile(land.code, land.name, stage, part)


def _link(
    link: Level,
    shares: Shares,
    asks: Mapping[str, Ask],
    names: Mapping[str, str],
    titles: Mapping[str, str],
) -> Link:
    offers = [part for pool in link.pools for part in shares.pools[pool].offers]
    members = [asks[code] for code in link.countries]
    asked = sum(link.asked(ask) for ask in members)
    level = WORDS["whole_lots"]
    if link.level is not None:
        level = WORDS["of_floors" if link.stage == "floor" else "of_rest"].format(
            level=_percent(Fraction(link.level)), met=f"{sum(ask.floor for ask in members):,}"
        )
    return Link(
        countries=_listed([names.get(code, code) for code in link.countries]),
        offers=_listed([titles.get(part.statement, part.statement[:12]) for part in offers]) or "—",
        holds=f"{sum(part.amount for part in offers):,}",
        asked=f"{asked:,}",
        level=level,
    )


def _listed(names: Sequence[str]) -> str:
    text = ", ".join(names[:SHOWN])
    return f"{text} {WORDS['more'].format(n=len(names) - SHOWN)}" if names[SHOWN:] else text


def _amount(value: Fraction) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):,.1f}"


def _percent(value: Fraction) -> str:
    """A percentage without decimals that never says 0 or 100 for what is neither."""
    whole = round(value * 100)
    if whole == 0 and value:
        return "<1 %"
    if whole == 100 and value < 1:
        return ">99 %"
    return f"{whole} %"
