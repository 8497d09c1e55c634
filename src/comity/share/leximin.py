"""The fairest way to share what can be divided: first floors, then needs, the worst off first.

The rule, in this order:

1. Nobody gets what the law or the donor's rule forbids, nor more than the need.
2. Floors: the share of each country's floor that is met is made as large as possible for the worst
   off, then for the next worst off, and so on (leximin). This is the UN's sentence: every country
   reaches an irreducible minimum.
3. Needs: what is left is shared in the same way by the share of the remaining need that is met.

Both steps are exact and need no solver. A set of countries that together may draw on certain pools
only is a *bottleneck*: nobody in it can rise without another in it falling. Its level is one sum
and one division: (what the pools hold − the floors already met from them) / what the countries
still ask for. The bottlenecks are found by splitting: share everything out equally; where a
maximum flow shows that a set comes short, that set keeps its own pools, all others the rest, and
both are shared out in turn. (S. Fujishige, Math. Oper. Res. 5, 1980, 186-196: the lexicographically
optimal base of a polymatroid by decomposition.) A level is a fraction; nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from comity.share.flow import largest_flow

__all__ = ["Bottleneck", "Pool", "Shared", "Stage", "share_out"]

Stage = Literal["floor", "need"]


@dataclass(frozen=True)
class Pool:
    """Offers that the same countries may use, taken together.

    Attributes:
        holds: How much, a whole number of units.
        eligible: Who may use it, by number.
    """

    holds: int
    eligible: frozenset[int]


@dataclass(frozen=True)
class Bottleneck:
    """Countries that reach one level, and the pools that are theirs alone.

    Attributes:
        stage: Whether the level is a share of the floor or of the need above it.
        level: From 0 to 1. Below 1, the pools are used up.
        countries: By number, ascending.
        pools: By number, ascending.
    """

    stage: Stage
    level: Fraction
    countries: tuple[int, ...]
    pools: tuple[int, ...]


@dataclass(frozen=True)
class Shared:
    """An allocation with the chain of bottlenecks that proves it the fairest.

    Attributes:
        chain: Bottlenecks, worst off first. A country stands in exactly one.
        given: For each pool, country to amount; only amounts above 0.
    """

    chain: tuple[Bottleneck, ...]
    given: tuple[dict[int, Fraction], ...]


@dataclass(frozen=True)
class _Part:
    """Some countries and the pools that are left to them."""

    countries: tuple[int, ...]
    pools: tuple[int, ...]


def share_out(pools: Sequence[Pool], floors: Sequence[int], needs: Sequence[int]) -> Shared:
    """Share pools among countries by the rule above.

    Args:
        pools: The pools.
        floors: The floor of each country; 0 where there is none.
        needs: The need of each country, at least its floor.

    Raises:
        ValueError: a number is negative, a need is below its floor, or a pool serves somebody who
            does not stand in the list.
    """
    _check(pools, floors, needs)
    asking = tuple(country for country, need in enumerate(needs) if need)
    whole = _Part(asking, tuple(range(len(pools))))
    given: list[dict[int, Fraction]] = [{} for _ in pools]
    chain: list[Bottleneck] = []
    met: list[_Part] = []
    nothing = [0] * len(needs)
    for part, level in _split(pools, whole, nothing, floors):
        if level == 1:
            met.append(part)
        else:
            chain.append(_settle(pools, part, "floor", level, nothing, floors, given))
    # All whose floor is met share what is left, whichever part they came from.
    rest = _Part(
        tuple(sorted(country for part in met for country in part.countries)),
        tuple(sorted(pool for part in met for pool in part.pools)),
    )
    above = [need - floor for floor, need in zip(floors, needs, strict=True)]
    for part, level in _split(pools, rest, floors, above):
        if part.countries:
            chain.append(_settle(pools, part, "need", level, floors, above, given))
    chain.sort(key=lambda one: (one.stage, one.level, one.countries))
    return Shared(tuple(chain), tuple(given))


def _check(pools: Sequence[Pool], floors: Sequence[int], needs: Sequence[int]) -> None:
    if len(floors) != len(needs):
        raise ValueError("there must be one floor for each need")
    if any(floor < 0 or floor > need for floor, need in zip(floors, needs, strict=True)):
        raise ValueError("a floor must lie between 0 and the need")
    if any(pool.holds < 0 for pool in pools):
        raise ValueError("a pool cannot hold less than nothing")
    if any(not 0 <= country < len(needs) for pool in pools for country in pool.eligible):
        raise ValueError("a pool serves a country that is not in the list")


def _split(
    pools: Sequence[Pool], whole: _Part, base: Sequence[int], asked: Sequence[int]
) -> Iterator[tuple[_Part, Fraction]]:
    """Split into parts of one level each. A country's demand is base + level × asked.

    The base can always be met. Parts of level 1 may leave something in their pools.
    """
    todo = [whole]
    while todo:
        part = todo.pop()
        if not part.countries:
            if part.pools:  # nobody here asks any more
                yield part, Fraction(1)
            continue
        total = sum(asked[country] for country in part.countries)
        spare = sum(pools[pool].holds for pool in part.pools)
        spare -= sum(base[country] for country in part.countries)
        level = min(Fraction(1), Fraction(spare, total)) if total else Fraction(1)
        short = _flow(pools, part, level, base, asked)[1]
        if not short:
            yield part, level
            continue
        inside = tuple(country for country in part.countries if country in short)
        mine = tuple(pool for pool in part.pools if not pools[pool].eligible.isdisjoint(short))
        held = set(mine)
        outside = tuple(country for country in part.countries if country not in short)
        todo.append(_Part(inside, mine))
        todo.append(_Part(outside, tuple(pool for pool in part.pools if pool not in held)))


def _flow(
    pools: Sequence[Pool],
    part: _Part,
    level: Fraction,
    base: Sequence[int],
    asked: Sequence[int],
) -> tuple[list[dict[int, int]], frozenset[int]]:
    """The largest flow at a level, in units of 1 / its denominator; countries by their number."""
    place = {country: at for at, country in enumerate(part.countries)}
    scale, share = level.denominator, level.numerator
    serves = [
        sorted(place[country] for country in pools[pool].eligible if country in place)
        for pool in part.pools
    ]
    flow = largest_flow(
        [pools[pool].holds * scale for pool in part.pools],
        serves,
        [base[country] * scale + asked[country] * share for country in part.countries],
    )
    sent = [{part.countries[at]: amount for at, amount in one.items()} for one in flow.sent]
    return sent, frozenset(part.countries[at] for at in flow.short)


def _settle(
    pools: Sequence[Pool],
    part: _Part,
    stage: Stage,
    level: Fraction,
    base: Sequence[int],
    asked: Sequence[int],
    given: list[dict[int, Fraction]],
) -> Bottleneck:
    sent, _ = _flow(pools, part, level, base, asked)
    for pool, amounts in zip(part.pools, sent, strict=True):
        given[pool] = {
            country: Fraction(amount, level.denominator)
            for country, amount in sorted(amounts.items())
        }
    return Bottleneck(stage, level, part.countries, part.pools)
