"""A mark in words and in a drawing: never rounded, never seemingly on its other side."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from comity.report.marks import Axis, axis_of, exact_text, mark_plot, mark_text, weigh
from tests.report import decisions
from tests.report.decisions import mark

shares = st.decimals(0, 1, places=6, allow_nan=False)


def number(text: str) -> Decimal:
    return Decimal(text.replace("\u202f", "").replace("%", "").replace("\u2212", "-")) / 100


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        pytest.param("0.9", "rate", "90\u202f%", id="a rate as percent"),
        pytest.param("0.333333333333", "rate", "33.3333333333\u202f%", id="all its digits"),
        pytest.param("0", "rate", "0\u202f%", id="zero"),
        pytest.param("0.05", "difference", "5\u202fpp", id="a difference in points"),
        pytest.param("0.8", "ratio", "0.8", id="a ratio as it is"),
        pytest.param("3600", "joule", "3\u202f600\u202fJ", id="a large number"),
        pytest.param("0.8", "", "0.8", id="a measure that this version does not know"),
    ],
)
def test_a_mark_is_shown_as_it_was_written(value: str, unit: str, text: str) -> None:
    assert exact_text(Decimal(value), unit) == text


def test_a_mark_in_words_says_which_side_meets_it() -> None:
    assert mark_text(mark("at_most", "0.05"), "rate") == "at most 5\u202f%"


@given(st.integers(0, 3000), st.integers(1, 3000), shares, st.sampled_from(["at_least", "at_most"]))
def test_rounding_moves_no_number_across_the_mark(
    k: int, n: int, value: Decimal, comparison: str
) -> None:
    of = mark(comparison, f"{value.normalize():f}")
    (one,) = weigh(decisions.tested("r", "R", min(k, n), n, of), "rate")
    for exact, text in ((one.value, one.value_text), (one.bound, one.bound_text)):
        assert exact is not None
        shown = number(text)
        # Six decimals of a percent are the most that is shown, and then equality is as near.
        assert shown == value or (shown > value) == (exact > value)


@pytest.mark.parametrize(
    ("comparison", "text"),
    [
        pytest.param("at_least", "35.6\u202f%", id="down where much is asked for"),
        pytest.param("at_most", "40.9\u202f%", id="up where little is"),
    ],
)
def test_a_bound_is_rounded_outward(comparison: str, text: str) -> None:
    (one,) = weigh(decisions.tested("r", "R", 386, 1_010, mark(comparison, "0.5")), "rate")
    assert one.bound_text == text


@given(st.lists(shares, min_size=1, max_size=5))
def test_an_axis_of_shares_holds_them_all_and_stays_between_0_and_1(values: list[Decimal]) -> None:
    axis = axis_of(values, "rate")
    assert 0 <= axis.start <= min(values) and max(values) <= axis.end <= 1
    assert 0 <= axis.place(values[0]) <= 100


@given(st.lists(st.decimals(0, 10**12, places=3, allow_nan=False), min_size=1, max_size=5))
def test_an_axis_of_anything_else_holds_all_values(values: list[Decimal]) -> None:
    axis = axis_of(values, "second")
    assert axis.start <= min(values) and max(values) <= axis.end


@pytest.mark.parametrize(
    ("values", "axis"),
    [
        pytest.param(("0.9", "0.883", "0.9"), ("0.84", "0.94"), id="near each other: enlarged"),
        pytest.param(("0.38", "0.35", "0.6"), ("0", "1"), id="far from each other: all of it"),
        pytest.param(("0", "0", "0"), ("0", "0.1"), id="all zero"),
        pytest.param(("1", "1", "1"), ("0.9", "1"), id="all one"),
    ],
)
def test_axis(values: tuple[str, ...], axis: tuple[str, str]) -> None:
    assert axis_of([Decimal(v) for v in values], "rate") == Axis(*map(Decimal, axis))


def test_a_rate_is_compared_as_the_fraction_it_is() -> None:
    """2 of 3 is less than 0.666666666667, the decimal to which it is rounded."""
    of = mark("at_least", "0.666666666667")
    (one,) = weigh(decisions.tested("r", "R", 2, 3, of), "rate")
    assert (one.numerator, one.denominator, one.cases) == ("2", 3, "2 of 3")


def test_a_plot_without_a_bound_draws_none() -> None:
    found = decisions.tested("r", "R", 900, 1_000, mark("at_least", "0.8"))
    bare = msgspec.structs.replace(found.used[0], bound=None, bound_method="")
    found = decisions.finding("r", "marginal", found.ground, "R", mark=found.mark, used=(bare,))
    weighed = weigh(found, "rate")
    plot = mark_plot(found, weighed, "rate", Markup("A rate"))
    assert weighed[0].bound_text == "—"
    assert 'class="reach"' not in plot
