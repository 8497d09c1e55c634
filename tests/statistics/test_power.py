"""How many items a test needs: exact, against a brute-force binomial and known figures."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.statistics import clopper_pearson
from comity.statistics.power import critical_count, smallest_n


def tail(k: int, n: int, p: float) -> float:
    """P(X >= k) by adding up."""
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


@pytest.mark.parametrize(
    ("n", "mark", "comparison", "count"),
    [
        pytest.param(1000, 0.9, "at_least", 916, id="90 % of 1,000 needs 916"),
        pytest.param(300, 0.95, "at_least", 292, id="95 % of 300 needs 292"),
        pytest.param(4000, 0.96, "at_least", 3861, id="96 % of 4,000 needs 3,861"),
        pytest.param(300, 0.05, "at_most", 8, id="at most 5 % of 300 needs 8 or fewer"),
        pytest.param(58, 0.95, "at_least", None, id="58 right of 58 do not show 95 %"),
        pytest.param(59, 0.95, "at_least", 59, id="59 right of 59 show 95 %: the rule of three"),
        pytest.param(10, 0.0, "at_least", 0, id="a mark of 0 needs nothing"),
        pytest.param(10, 1.0, "at_most", 10, id="a limit of 1 forbids nothing"),
    ],
)
def test_critical_count(n: int, mark: float, comparison: str, count: int | None) -> None:
    assert critical_count(n, mark, comparison) == count  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 120), st.integers(1, 99))
def test_the_critical_count_is_where_the_exact_bound_crosses_the_mark(n: int, percent: int) -> None:
    mark = percent / 100
    count = critical_count(n, mark, "at_least")
    low = clopper_pearson(range(n + 1), n, 0.95, "lower")[0]
    reached = [k for k in range(n + 1) if low[k] >= mark]
    assert count == (reached[0] if reached else None)


@settings(max_examples=40, deadline=None)
@given(st.integers(5, 90), st.integers(5, 9))
def test_the_plan_is_the_smallest_n_with_the_power_by_brute_force(mark: int, better: int) -> None:
    p0, p1 = mark / 100, (mark + better) / 100
    plan = smallest_n(p0, p1, "at_least", budget=150)
    for n in range(1, (plan.n if plan else 150) + 1):
        needed = critical_count(n, p0, "at_least")
        power = 0.0 if needed is None else tail(needed, n, p1)
        assert (power >= 0.8) == (plan is not None and n == plan.n)
    if plan:
        assert plan.power == pytest.approx(tail(plan.critical, plan.n, p1))


def test_a_limit_mirrors_a_floor() -> None:
    floor, limit = (
        smallest_n(0.95, 0.98, "at_least", budget=1000),
        smallest_n(0.05, 0.02, "at_most", budget=1000),
    )
    assert floor is not None and limit is not None
    assert (limit.n, limit.critical) == (floor.n, floor.n - floor.critical) == (234, 6)


@pytest.mark.parametrize(
    "truth",
    [
        pytest.param(0.9, id="the truth is the mark"),
        pytest.param(0.8, id="the truth is worse than the mark"),
        pytest.param(0.901, id="the truth is nearer than the budget can show"),
    ],
)
def test_no_n_within_the_budget_is_none_and_not_infinity(truth: float) -> None:
    assert smallest_n(0.9, truth, "at_least", budget=5000) is None


def test_an_n_below_the_asked_minimum_is_not_considered() -> None:
    plan = smallest_n(0.9, 0.99, "at_least", budget=5000, at_least=1000)
    assert plan is not None and plan.n == 1000
