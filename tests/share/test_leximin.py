"""What is shared out is feasible, exact and the fairest: by tables, by HiGHS, and by its laws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from comity.share.leximin import Pool, Shared, share_out
from tests.share.instances import Problem, problems

ANYBODY = frozenset({0, 1, 2})


def received(shared: Shared, countries: int) -> list[Fraction]:
    totals = [Fraction(0)] * countries
    for amounts in shared.given:
        for country, amount in amounts.items():
            totals[country] += amount
    return totals


def standing(got: Fraction, floor: int, need: int) -> tuple[int, Fraction]:
    if got < floor:
        return 0, got / floor
    return 1, (got - floor) / (need - floor) if need > floor else Fraction(1)


def vector(problem: Problem, shared: Shared) -> list[tuple[int, Fraction]]:
    """How well off everybody is who needs something, worst off first."""
    got = received(shared, len(problem.needs))
    rows = zip(got, problem.floors, problem.needs, strict=True)
    return sorted(standing(*row) for row in rows if row[2])


def solve(problem: Problem) -> Shared:
    return share_out(problem.pools, problem.floors, problem.needs)


CASES: dict[str, tuple[Problem, list[Fraction | int]]] = {
    "enough for all: everybody gets the need, and no more": (
        Problem((Pool(100, ANYBODY),), (0, 0, 0), (10, 20, 30)),
        [10, 20, 30],
    ),
    "one pool is shared in proportion to the needs": (
        Problem((Pool(30, ANYBODY),), (0, 0, 0), (10, 20, 30)),
        [5, 10, 15],
    ),
    "floors come before needs": (
        Problem((Pool(12, ANYBODY),), (10, 0, 0), (10, 20, 30)),
        [10, Fraction(4, 5), Fraction(6, 5)],
    ),
    "who may draw on one pool only does not take from who may draw on none other": (
        Problem((Pool(6, frozenset({0})), Pool(6, frozenset({0, 1}))), (0, 0), (10, 10)),
        [6, 6],
    ),
    "a donor's earmark stays with its countries when others have less": (
        Problem((Pool(9, frozenset({0})), Pool(1, frozenset({1}))), (0, 0), (10, 10)),
        [9, 1],
    ),
    "who needs nothing gets nothing": (
        Problem((Pool(9, ANYBODY),), (0, 0, 0), (0, 9, 9)),
        [0, Fraction(9, 2), Fraction(9, 2)],
    ),
    "a country that nobody may serve gets nothing and holds nobody back": (
        Problem((Pool(9, frozenset({1})),), (1, 0), (5, 9)),
        [0, 9],
    ),
    "a level need not be a decimal": (
        Problem((Pool(1, ANYBODY),), (0, 0, 0), (1, 1, 1)),
        [Fraction(1, 3)] * 3,
    ),
    "without pools nobody gets anything": (Problem((), (1, 1), (2, 2)), [0, 0]),
    "without countries nothing is given": (Problem((Pool(5, frozenset()),), (), ()), []),
}


@pytest.mark.parametrize(("problem", "expected"), CASES.values(), ids=CASES)
def test_sharing(problem: Problem, expected: list[Fraction | int]) -> None:
    assert received(solve(problem), len(problem.needs)) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        Problem((), (3,), (2,)),
        Problem((), (-1,), (2,)),
        Problem((Pool(-1, frozenset()),), (), ()),
        Problem((Pool(1, frozenset({1})),), (0,), (1,)),
        Problem((), (0, 0), (1,)),
    ],
    ids=[
        "a floor above the need",
        "a negative floor",
        "negative supply",
        "a pool for a country that is not there",
        "more floors than needs",
    ],
)
def test_what_makes_no_sense_is_refused(wrong: Problem) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        solve(wrong)


def highs_vector(problem: Problem) -> list[float]:
    """Levels by repeated linear programmes, floors first; a second opinion in floating point."""
    arcs = [(p, c) for p, pool in enumerate(problem.pools) for c in sorted(pool.eligible)]
    everybody = [c for c, need in enumerate(problem.needs) if need]
    levels: list[float] = []
    fixed: dict[int, float] = {}
    floors, needs = problem.floors, problem.needs

    def best(active: Sequence[int], base: Sequence[float], asked: Sequence[float]) -> float:
        """The largest t with base + t · asked for all of `active`, and `fixed` for the others."""
        cost = np.zeros(len(arcs) + 1)
        cost[-1] = -1
        upper = np.zeros((len(problem.pools), len(arcs) + 1))
        for at, (pool, _) in enumerate(arcs):
            upper[pool, at] = 1
        rows, rights = [], []
        for country in everybody:
            row = np.zeros(len(arcs) + 1)
            for at, (_, receiver) in enumerate(arcs):
                row[at] = float(receiver == country)
            if country in active:
                row[-1] = -asked[country]
                rows.append(row)
                rights.append(base[country])
            else:
                rows.append(row)
                rights.append(fixed[country])
        holds = [pool.holds for pool in problem.pools]
        answer = linprog(
            cost,
            A_ub=upper if len(upper) else None,
            b_ub=holds if len(upper) else None,
            A_eq=np.array(rows),
            b_eq=rights,
            bounds=[(0, None)] * len(arcs) + [(0, 1)],
            method="highs",
        )
        assert answer.status == 0, answer.message
        return float(-answer.fun)

    def run(stage: int, countries: list[int], base: list[float], asked: list[float]) -> list[int]:
        full, active = [], list(countries)
        while active:
            level = best(active, base, asked)
            if level > 1 - 1e-9:
                full += active
                for country in active:
                    fixed[country] = base[country] + asked[country]
                break
            stuck = []
            for country in active:
                # Can this one rise a little while the others stay?
                raised = list(base)
                raised[country] += 1e-4 * max(asked[country], 1)
                try:
                    stays = best(active, raised, asked) < level - 1e-7
                except AssertionError:
                    stays = True
                if stays:
                    stuck.append(country)
            assert stuck
            for country in stuck:
                fixed[country] = base[country] + level * asked[country]
                levels.append(stage + level)
            active = [country for country in active if country not in stuck]
        return full

    nothing = [0.0] * len(needs)
    with_floor = [c for c in everybody if floors[c]]
    for country in everybody:
        fixed[country] = 0.0
    full = run(0, with_floor, nothing, [float(f) for f in floors])
    above = [float(need - floor) for need, floor in zip(needs, floors, strict=True)]
    rest = [c for c in everybody if (c in full or not floors[c])]
    asking = [c for c in rest if above[c]]
    levels += [2.0] * (len(rest) - len(asking))
    done = run(1, asking, [float(f) for f in floors], above)
    return sorted([*levels, *([2.0] * len(done))])


@settings(max_examples=40, deadline=None)
@given(problems(most=5, size=12))
def test_highs_finds_the_same_levels(problem: Problem) -> None:
    ours = [stage + float(level) for stage, level in vector(problem, solve(problem))]

    assert np.allclose(ours, highs_vector(problem), rtol=0, atol=1e-9)


@given(problems())
def test_nobody_gets_what_is_forbidden_or_more_than_the_need(problem: Problem) -> None:
    shared = solve(problem)

    for pool, amounts in zip(problem.pools, shared.given, strict=True):
        assert sum(amounts.values()) <= pool.holds
        assert set(amounts) <= pool.eligible
        assert all(amount > 0 for amount in amounts.values())
    for got, need in zip(received(shared, len(problem.needs)), problem.needs, strict=True):
        assert got <= need


@given(problems(), st.integers(2, 9))
def test_other_units_change_nothing(problem: Problem, factor: int) -> None:
    other = Problem(
        tuple(replace(pool, holds=pool.holds * factor) for pool in problem.pools),
        tuple(floor * factor for floor in problem.floors),
        tuple(need * factor for need in problem.needs),
    )

    assert vector(other, solve(other)) == vector(problem, solve(problem))


@given(problems(), st.data())
def test_splitting_an_offer_changes_nobodys_share(problem: Problem, data: st.DataObject) -> None:
    if not problem.pools:
        return
    at = data.draw(st.integers(0, len(problem.pools) - 1))
    part = data.draw(st.integers(0, problem.pools[at].holds))
    whole = problem.pools[at]
    pieces = (Pool(part, whole.eligible), Pool(whole.holds - part, whole.eligible))
    other = replace(problem, pools=problem.pools[:at] + pieces + problem.pools[at + 1 :])

    count = len(problem.needs)
    assert received(solve(other), count) == received(solve(problem), count)


@given(problems(), st.data())
def test_more_supply_never_lowers_the_vector(problem: Problem, data: st.DataObject) -> None:
    if not problem.pools:
        return
    at = data.draw(st.integers(0, len(problem.pools) - 1))
    pools = list(problem.pools)
    pools[at] = replace(pools[at], holds=pools[at].holds + data.draw(st.integers(0, 20)))
    other = replace(problem, pools=tuple(pools))

    assert vector(other, solve(other)) >= vector(problem, solve(problem))


@given(problems(), st.data())
def test_a_wider_rule_never_lowers_the_vector(problem: Problem, data: st.DataObject) -> None:
    if not problem.pools:
        return
    at = data.draw(st.integers(0, len(problem.pools) - 1))
    more = data.draw(st.frozensets(st.integers(0, len(problem.needs) - 1)))
    pools = list(problem.pools)
    pools[at] = replace(pools[at], eligible=pools[at].eligible | more)
    other = replace(problem, pools=tuple(pools))

    assert vector(other, solve(other)) >= vector(problem, solve(problem))


@given(problems(), st.randoms(use_true_random=False))
def test_other_names_change_nothing(problem: Problem, random: object) -> None:
    order = list(range(len(problem.needs)))
    random.shuffle(order)  # type: ignore[attr-defined]
    place = {country: at for at, country in enumerate(order)}
    other = Problem(
        tuple(
            replace(pool, eligible=frozenset(place[c] for c in pool.eligible))
            for pool in problem.pools
        ),
        tuple(problem.floors[country] for country in order),
        tuple(problem.needs[country] for country in order),
    )

    count = len(order)
    renamed = received(solve(other), count)
    assert [renamed[place[country]] for country in range(count)] == received(solve(problem), count)


@given(problems())
def test_nobody_envies_what_another_could_do_without(problem: Problem) -> None:
    """Who holds something that a worse off country may use holds it for the floor alone."""
    shared = solve(problem)
    got = received(shared, len(problem.needs))
    well = [
        standing(*row) if row[2] else (1, Fraction(1))
        for row in zip(got, problem.floors, problem.needs, strict=True)
    ]
    for pool, amounts in zip(problem.pools, shared.given, strict=True):
        for holder in amounts:
            for other in pool.eligible:
                at_floor = got[holder] == problem.floors[holder] and well[other][0] == 1
                assert well[holder] <= well[other] or at_floor


@given(problems())
def test_nothing_that_somebody_could_use_is_left_over(problem: Problem) -> None:
    shared = solve(problem)
    got = received(shared, len(problem.needs))
    for pool, amounts in zip(problem.pools, shared.given, strict=True):
        if sum(amounts.values()) < pool.holds:
            assert all(got[country] == problem.needs[country] for country in pool.eligible)
