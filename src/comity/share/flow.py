"""A maximum flow from pools to receivers, in whole numbers, by Dinic's algorithm.

E. A. Dinic, Soviet Math. Doklady 11 (1970), 1277-1280. Pools stand on the left with their
capacities, receivers on the right with their demands; a pool may serve any receiver on its list.
Python's integers have no upper limit, so nothing is ever rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Flow", "largest_flow"]


class Flow(NamedTuple):
    """A maximum flow.

    Attributes:
        sent: For each pool, receiver to amount; only amounts above 0.
        short: The receivers that no further amount can reach: the smallest bottleneck that holds
            everybody whose demand is not met. Empty when every demand is met.
    """

    sent: list[dict[int, int]]
    short: frozenset[int]


def largest_flow(
    capacities: Sequence[int], serves: Sequence[Sequence[int]], demands: Sequence[int]
) -> Flow:
    """Send as much as possible.

    Args:
        capacities: What each pool holds, at least 0.
        serves: For each pool, the receivers it may serve, by their number.
        demands: What each receiver asks for, at least 0.
    """
    left = list(capacities)
    wants = list(demands)
    sent: list[dict[int, int]] = [{} for _ in left]
    holds: list[set[int]] = [set() for _ in wants]  # the pools from which a receiver has something
    # Greedy first: a pool with few receivers has the fewest other ways to go.
    for pool in sorted(range(len(left)), key=lambda one: len(serves[one])):
        for receiver in serves[pool]:
            amount = min(left[pool], wants[receiver])
            if amount:
                _move(sent, holds, pool, receiver, amount)
                left[pool] -= amount
                wants[receiver] -= amount
    while True:
        pool_level, receiver_level, reached = _levels(left, wants, serves, holds)
        if not reached:
            break
        pool_next = [0] * len(left)
        receiver_next = [list(one) for one in holds]
        for pool, rest in enumerate(left):
            while rest:
                pushed = _push(
                    pool, rest, serves, sent, holds, wants,
                    pool_level, receiver_level, pool_next, receiver_next,
                )  # fmt: skip
                if not pushed:
                    break
                rest -= pushed
            left[pool] = rest
    if not any(wants):
        return Flow(sent, frozenset())
    return Flow(sent, _unreached(wants, serves, holds))


def _move(
    sent: list[dict[int, int]], holds: list[set[int]], pool: int, receiver: int, amount: int
) -> None:
    """Change what a pool sends to a receiver by `amount`, which may be negative."""
    now = sent[pool].get(receiver, 0) + amount
    if now:
        sent[pool][receiver] = now
        holds[receiver].add(pool)
    else:
        del sent[pool][receiver]
        holds[receiver].discard(pool)


def _levels(
    left: list[int], wants: list[int], serves: Sequence[Sequence[int]], holds: list[set[int]]
) -> tuple[list[int], list[int], bool]:
    """Distance of each pool and receiver from a pool with something left; −1: not reached.

    From a pool one goes to whom it serves; from a receiver to the pools that it has from, since it
    could give that back. Ends after the layer in which an open demand is found.
    """
    pool_level = [0 if rest else -1 for rest in left]
    receiver_level = [-1] * len(wants)
    layer = [pool for pool, rest in enumerate(left) if rest]
    depth = 0
    while layer:
        depth += 1
        receivers = []
        for pool in layer:
            for receiver in serves[pool]:
                if receiver_level[receiver] < 0:
                    receiver_level[receiver] = depth
                    receivers.append(receiver)
        if any(wants[receiver] for receiver in receivers):
            return pool_level, receiver_level, True
        depth += 1
        layer = []
        for receiver in receivers:
            for pool in holds[receiver]:
                if pool_level[pool] < 0:
                    pool_level[pool] = depth
                    layer.append(pool)
    return pool_level, receiver_level, False


def _push(
    start: int,
    rest: int,
    serves: Sequence[Sequence[int]],
    sent: list[dict[int, int]],
    holds: list[set[int]],
    wants: list[int],
    pool_level: list[int],
    receiver_level: list[int],
    pool_next: list[int],
    receiver_next: list[list[int]],
) -> int:
    """Push what one shortest path from `start` to an open demand carries; 0 if there is none.

    A path is pool, receiver, pool, receiver …: forward along `serves`, back along `holds`. Each
    dead end is passed once in a phase, since the marks `…_next` only move on.
    """
    path = [start]  # pools at even places, receivers at odd ones
    while path:
        node = path[-1]
        if len(path) % 2:  # a pool
            step = _next_receiver(node, serves, pool_level, receiver_level, pool_next)
            if step < 0:
                path.pop()
                if path:
                    receiver_next[path[-1]].pop()
            else:
                path.append(step)
        elif wants[node]:
            return _carry(path, rest, sent, holds, wants)
        else:
            choices = receiver_next[node]
            while choices and not (
                pool_level[choices[-1]] == receiver_level[node] + 1 and node in sent[choices[-1]]
            ):
                choices.pop()
            if choices:
                path.append(choices[-1])
            else:
                path.pop()
                pool_next[path[-1]] += 1
    return 0


def _next_receiver(
    pool: int,
    serves: Sequence[Sequence[int]],
    pool_level: list[int],
    receiver_level: list[int],
    pool_next: list[int],
) -> int:
    wanted, mine = pool_level[pool] + 1, serves[pool]
    while pool_next[pool] < len(mine):
        if receiver_level[mine[pool_next[pool]]] == wanted:
            return mine[pool_next[pool]]
        pool_next[pool] += 1
    return -1


def _carry(
    path: list[int],
    rest: int,
    sent: list[dict[int, int]],
    holds: list[set[int]],
    wants: list[int],
) -> int:
    """Send along a found path as much as its narrowest place lets through."""
    back = list(zip(path[1::2], path[2::2], strict=False))  # receiver gives back to pool
    amount = min([rest, wants[path[-1]], *(sent[pool][receiver] for receiver, pool in back)])
    for pool, receiver in zip(path[::2], path[1::2], strict=True):
        _move(sent, holds, pool, receiver, amount)
    for receiver, pool in back:
        _move(sent, holds, pool, receiver, -amount)
    wants[path[-1]] -= amount
    return amount


def _unreached(
    wants: list[int], serves: Sequence[Sequence[int]], holds: list[set[int]]
) -> frozenset[int]:
    """Everybody who competes, through whatever chain, for the pools of those in want."""
    may: list[list[int]] = [[] for _ in wants]
    for pool, receivers in enumerate(serves):
        for receiver in receivers:
            may[receiver].append(pool)
    takers: list[list[int]] = [[] for _ in serves]
    for receiver, pools in enumerate(holds):
        for pool in pools:
            takers[pool].append(receiver)
    found = {receiver for receiver, open_ in enumerate(wants) if open_}
    todo, seen = list(found), set[int]()
    while todo:
        for pool in may[todo.pop()]:
            if pool not in seen:
                seen.add(pool)
                new = [one for one in takers[pool] if one not in found]
                found.update(new)
                todo += new
    return frozenset(found)
