"""The fairest way to share what comes in equal lots: a seat, an engineer-week, 1,000 GPU hours.

The rule is that of `leximin`: floors first, then needs, the worst off first; among equals the one
whom a lot lifts highest, and then by a lottery that was published beforehand.

Lots are handed out one by one, each to the country that is worst off at that moment. Where no lot
is left that it may use, another country that holds one and can use another kind of offer passes it
on, through as many hands as needed; nobody loses by it. Where that is impossible too, the country
and everybody who was asked on the way can never rise again: they are settled. For such a structure
(one lot is as good as another that one may use) this gives the leximin optimum: V. Viswanathan and
Y. Zick, "A general framework for fair allocation under matroid rank valuations", EC 2023.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from comity.errors import InputError
from comity.share.leximin import Pool

__all__ = ["Lots", "share_lots", "standing_of"]

MAX_LOTS = 1_000_000
"""Lots go one by one: so many take about half a minute."""


@dataclass(frozen=True)
class Lots:
    """An allocation of lots.

    Attributes:
        given: For each pool, country to number of lots; only numbers above 0.
        settled: The sets of countries that got stuck together, in the order in which they did, each
            with the pools that are closed to it. Who got all that it needs is in none.
    """

    given: tuple[dict[int, int], ...]
    settled: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


def standing_of(lots: int, floor: int, need: int) -> tuple[int, Fraction]:
    """How well off a country is: (0, share of the floor) or, above it, (1, share of the rest)."""
    if lots < floor:
        return 0, Fraction(lots, floor)
    return 1, Fraction(lots - floor, need - floor) if need > floor else Fraction(1)


def share_lots(
    pools: Sequence[Pool], floors: Sequence[int], needs: Sequence[int], lottery: Sequence[int]
) -> Lots:
    """Share lots among countries.

    Args:
        pools: The pools; `holds` counts lots.
        floors: The floor of each country, in lots.
        needs: The need of each country, in lots, at least its floor.
        lottery: The place of each country in the draw; the lowest wins a tie.

    Raises:
        InputError: more than `MAX_LOTS` could be handed out.
    """
    most = min(sum(needs), sum(pool.holds for pool in pools))
    if most > MAX_LOTS:
        raise InputError(
            f"{most:,} lots are more than {MAX_LOTS:,}, and each is handed out by itself",
            hint="Take a larger lot, or leave it out: what can be divided has no limit.",
        )
    left = [pool.holds for pool in pools]
    given: list[dict[int, int]] = [{} for _ in pools]
    may: list[list[int]] = [[] for _ in needs]
    for number, pool in enumerate(pools):
        for one in sorted(pool.eligible):
            may[one].append(number)
    have = [0] * len(needs)
    closed: set[int] = set()  # pools
    stuck: set[int] = set()
    settled = []

    # The pools that a country may still have something left to it; what is used up stays so.
    open_ = [list(reversed(one)) for one in may]

    def turn(country: int) -> tuple[Any, ...]:
        stage, level = standing_of(have[country], floors[country], needs[country])
        then, raised = standing_of(have[country] + 1, floors[country], needs[country])
        # Floats are compared first: division rounds in order, so fractions decide only their ties.
        return (
            *(stage, float(level), level),
            *(-then, -float(raised), -raised),
            *(lottery[country], country),
        )

    queue: list[tuple[Any, ...]] = [turn(country) for country, need in enumerate(needs) if need]
    heapq.heapify(queue)
    while queue:
        country: int = heapq.heappop(queue)[-1]
        if country in stuck:
            continue
        path, asked_pools, asked_countries = _find(country, may, open_, given, left, closed)
        if path:
            _pass_on(country, path, given, left)
            have[country] += 1
            if have[country] < needs[country]:
                heapq.heappush(queue, turn(country))
        else:
            stuck |= asked_countries
            closed |= asked_pools
            settled.append((tuple(sorted(asked_countries)), tuple(sorted(asked_pools))))
    return Lots(tuple(dict(sorted(one.items())) for one in given), tuple(settled))


def _find(
    start: int,
    may: Sequence[Sequence[int]],
    open_: Sequence[list[int]],
    given: Sequence[dict[int, int]],
    left: Sequence[int],
    closed: set[int],
) -> tuple[list[tuple[int, int]], set[int], set[int]]:
    """The shortest way to a free lot: pairs (pool, who holds the lot that moves on from it).

    Returns the path, from the free lot back to `start`, empty if there is none; and the pools and
    countries that were asked.
    """
    direct = open_[start]
    while direct and not left[direct[-1]]:
        direct.pop()
    if direct:
        return [(direct[-1], start)], set(), set()
    came: dict[int, int] = {}  # pool to the country that asked it
    took: dict[int, int] = {start: -1}  # country to the pool whose lot it would pass on
    layer = [start]
    while layer:
        following = []
        for country in layer:
            for pool in may[country]:
                if pool in came or pool in closed:
                    continue
                came[pool] = country
                if left[pool]:
                    return _trace(pool, came, took), set(came), set(took)
                for holder in given[pool]:
                    if holder not in took:
                        took[holder] = pool
                        following.append(holder)
        layer = following
    return [], set(came), set(took)


def _trace(pool: int, came: dict[int, int], took: dict[int, int]) -> list[tuple[int, int]]:
    path = []
    while pool >= 0:
        path.append((pool, came[pool]))
        pool = took[came[pool]]
    return path


def _pass_on(
    start: int, path: list[tuple[int, int]], given: Sequence[dict[int, int]], left: list[int]
) -> None:
    """Give a free lot to whoever asked for it, who passes one of another pool on, and so on."""
    left[path[0][0]] -= 1
    for place, (pool, asker) in enumerate(path):
        given[pool][asker] = given[pool].get(asker, 0) + 1
        if place + 1 < len(path):
            following = path[place + 1][0]
            given[following][asker] -= 1
            if not given[following][asker]:
                del given[following][asker]
    assert path[-1][1] == start
