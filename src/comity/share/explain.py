"""Why a country got what it got, and what would raise it: one sentence each, and the numbers.

Every sentence can be checked with one sum and one division; what-if questions are answered by
sharing out again, which takes a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.claims.share import Allocation, Ask, Kind, Shares
from comity.share.allocate import lottery_places
from comity.share.leximin import Pool, share_out
from comity.share.lots import share_lots

__all__ = ["Change", "Outcome", "Wider", "outcomes", "what_if", "wider_rules"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one country got of one kind; amounts in units, or in lots where there are lots.

    Attributes:
        country: Its code.
        got: How much.
        floor, need: What counted.
        declared: What was declared, in units.
        link: Its place in the chain, worst off first; None: it got all that it asked for.
        together: Everybody in that link.
        offers: The statements of all offers that the link may draw on and nobody worse off used up.
        elsewhere: How many other offers the country may use, which whoever is worse off uses up.
        holds: How much the first hold.
        floors: The sum of its floors, which come first.
        asked: What the link still asked for when they were shared: floors, or what is above them.
        level: The share of it that was met; None for lots.
        stage: `floor`, `need` or `lots`; `all` where the whole need is met.
    """

    country: str
    got: Fraction
    floor: int
    need: int
    declared: int
    link: int | None
    together: tuple[str, ...]
    offers: tuple[str, ...]
    elsewhere: int
    holds: int
    floors: int
    asked: int
    level: Fraction | None
    stage: str


@dataclass(frozen=True)
class Change:
    """What one country had, and would have."""

    country: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True)
class Wider:
    """What happens if one pool's offers also admitted the worst off.

    Attributes:
        pool: The pool, by its place.
        offers: Its offers.
        admits: Who would be admitted.
        changes: Who would have more, or less, largest gain first.
    """

    pool: int
    offers: tuple[str, ...]
    admits: tuple[str, ...]
    changes: tuple[Change, ...]


def outcomes(shares: Shares) -> tuple[Outcome, ...]:
    """The outcome of every country that asks, in the order of their codes."""
    got = shares.received
    link_of = {
        country: place for place, link in enumerate(shares.chain) for country in link.countries
    }
    asks = {ask.country: ask for ask in shares.asks}
    return tuple(_outcome(shares, asks, ask, got, link_of.get(ask.country)) for ask in shares.asks)


def _outcome(
    shares: Shares,
    asks: Mapping[str, Ask],
    ask: Ask,
    got: Mapping[str, Fraction],
    place: int | None,
) -> Outcome:
    mine = got[ask.country]
    link = None if place is None or mine == ask.need else shares.chain[place]
    pools = [] if link is None else [shares.pools[pool] for pool in link.pools]
    return Outcome(
        country=ask.country,
        got=mine,
        floor=ask.floor,
        need=ask.need,
        declared=ask.declared,
        link=None if link is None else place,
        together=() if link is None else link.countries,
        offers=tuple(part.statement for pool in pools for part in pool.offers),
        elsewhere=0
        if link is None
        else sum(
            len(row.offers)
            for at, row in enumerate(shares.pools)
            if at not in link.pools and ask.country in row.eligible
        ),
        holds=sum(part.amount for pool in pools for part in pool.offers),
        floors=0 if link is None else sum(asks[one].floor for one in link.countries),
        asked=0 if link is None else sum(link.asked(asks[one]) for one in link.countries),
        level=None if link is None or link.level is None else Fraction(link.level),
        stage="all" if link is None else link.stage,
    )


def what_if(
    allocation: Allocation,
    kind: str,
    *,
    more: Mapping[int, int] | None = None,
    admit: Mapping[int, Iterable[str]] | None = None,
) -> tuple[Change, ...]:
    """Share one kind out again with more in some pools, or more countries admitted to them.

    Args:
        allocation: What was proposed.
        kind: The kind.
        more: Units (or lots) to add, by pool.
        admit: Countries to admit, by pool.

    Returns:
        Every country whose amount changes, largest gain first.

    Raises:
        KeyError: the allocation shares no such kind.
    """
    rules, shares = _of_kind(allocation, kind)
    more, admit = more or {}, admit or {}
    number = {ask.country: at for at, ask in enumerate(shares.asks)}
    pools = [
        Pool(
            sum(part.amount for part in row.offers) + more.get(at, 0),
            frozenset(
                number[code] for code in {*row.eligible, *admit.get(at, ())} if code in number
            ),
        )
        for at, row in enumerate(shares.pools)
    ]
    after = _totals(pools, rules, shares.asks, allocation.round.lottery)
    before = shares.received
    changes = [
        Change(ask.country, before[ask.country], amount)
        for ask, amount in zip(shares.asks, after, strict=True)
        if amount != before[ask.country]
    ]
    return tuple(sorted(changes, key=lambda one: (one.before - one.after, one.country)))


def _of_kind(allocation: Allocation, kind: str) -> tuple[Kind, Shares]:
    for rules, shares in zip(allocation.round.kinds, allocation.shares, strict=True):
        if rules.id == kind:
            return rules, shares
    raise KeyError(kind)


def _totals(
    pools: Sequence[Pool], rules: Kind, asks: Sequence[Ask], lottery: str
) -> list[Fraction]:
    floors, needs = [ask.floor for ask in asks], [ask.need for ask in asks]
    totals = [Fraction(0)] * len(asks)
    if rules.lot is None:
        for amounts in share_out(pools, floors, needs).given:
            for country, amount in amounts.items():
                totals[country] += amount
    else:
        places = lottery_places(lottery, asks)
        for lots in share_lots(pools, floors, needs, places).given:
            for country, count in lots.items():
                totals[country] += count
    return totals


def wider_rules(allocation: Allocation, kind: str, most: int = 10) -> tuple[Wider, ...]:
    """Which offers, if their rule also admitted the worst off, would raise these, and by how much.

    The pools that hold most are tried first, `most` of them.

    Raises:
        KeyError: the allocation shares no such kind.
    """
    _, shares = _of_kind(allocation, kind)
    if not shares.chain:
        return ()
    worst = shares.chain[0].countries
    tried = sorted(
        (at for at, row in enumerate(shares.pools) if not set(worst) <= set(row.eligible)),
        key=lambda at: -sum(part.amount for part in shares.pools[at].offers),
    )[:most]
    found = []
    for at in tried:
        row = shares.pools[at]
        admits = tuple(code for code in worst if code not in row.eligible)
        changes = what_if(allocation, kind, admit={at: admits})
        if any(change.country in worst and change.after > change.before for change in changes):
            found.append(Wider(at, tuple(part.statement for part in row.offers), admits, changes))
    return tuple(found)
