"""Whole lots: the best of all allocations, found by trying them all."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings

from comity.share.leximin import Pool
from comity.share.lots import Lots, share_lots, standing_of
from tests.share.instances import Problem, problems


def solve(problem: Problem) -> Lots:
    order = range(len(problem.needs))
    return share_lots(problem.pools, problem.floors, problem.needs, order)


def received(lots: Lots, countries: int) -> list[int]:
    return [sum(amounts.get(country, 0) for amounts in lots.given) for country in range(countries)]


def vector(problem: Problem, got: tuple[int, ...] | list[int]) -> list[tuple[int, Fraction]]:
    rows = zip(got, problem.floors, problem.needs, strict=True)
    return sorted(standing_of(*row) for row in rows if row[2])


CASES: dict[str, tuple[Problem, list[int]]] = {
    "enough for all": (Problem((Pool(9, frozenset({0, 1})),), (0, 0), (2, 3)), [2, 3]),
    "an odd lot goes to the smaller need, which it lifts higher": (
        Problem((Pool(1, frozenset({0, 1})),), (0, 0), (5, 2)),
        [0, 1],
    ),
    "between equals the lottery decides": (
        Problem((Pool(1, frozenset({0, 1})),), (0, 0), (2, 2)),
        [1, 0],
    ),
    "floors come first": (
        Problem((Pool(3, frozenset({0, 1})),), (0, 3), (3, 6)),
        [0, 3],
    ),
    "a lot is passed on to whoever has no other way": (
        Problem((Pool(2, frozenset({0, 1})), Pool(2, frozenset({0}))), (0, 0), (2, 2)),
        [2, 2],
    ),
    "it is passed on through two hands": (
        Problem(
            (
                Pool(1, frozenset({0, 1})),
                Pool(1, frozenset({1, 2})),
                Pool(1, frozenset({2})),
            ),
            (0, 0, 0),
            (1, 1, 1),
        ),
        [1, 1, 1],
    ),
    "nobody who may use nothing holds the others back": (
        Problem((Pool(2, frozenset({1})),), (1, 0), (2, 2)),
        [0, 2],
    ),
}


@pytest.mark.parametrize(("problem", "expected"), CASES.values(), ids=CASES)
def test_lots(problem: Problem, expected: list[int]) -> None:
    assert received(solve(problem), len(problem.needs)) == expected


def all_outcomes(problem: Problem) -> set[tuple[int, ...]]:
    """Every vector of lots that the pools allow, needs not exceeded."""
    reached = {(0,) * len(problem.needs)}
    for pool in problem.pools:
        eligible = sorted(pool.eligible)
        for _ in range(pool.holds):
            more = {
                tuple(n + (at == country) for at, n in enumerate(got))
                for got, country in product(reached, eligible)
                if got[country] < problem.needs[country]
            }
            reached |= more
    return reached


@settings(max_examples=300, deadline=None)
@given(problems(most=4, size=4))
def test_no_other_allocation_is_fairer(problem: Problem) -> None:
    ours = vector(problem, received(solve(problem), len(problem.needs)))

    assert ours == max(vector(problem, got) for got in all_outcomes(problem))


@given(problems())
def test_lots_go_only_to_whom_the_rules_allow(problem: Problem) -> None:
    lots = solve(problem)

    for pool, amounts in zip(problem.pools, lots.given, strict=True):
        assert sum(amounts.values()) <= pool.holds
        assert set(amounts) <= pool.eligible
        assert all(amount > 0 for amount in amounts.values())
    got = received(lots, len(problem.needs))
    assert all(lot <= need for lot, need in zip(got, problem.needs, strict=True))


@given(problems())
def test_who_is_short_is_settled_exactly_once(problem: Problem) -> None:
    lots = solve(problem)
    got = received(lots, len(problem.needs))
    settled = [country for countries, _ in lots.settled for country in countries]

    assert len(set(settled)) == len(settled)
    short = {c for c, need in enumerate(problem.needs) if got[c] < need}
    assert short <= set(settled)
