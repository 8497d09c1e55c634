"""Spread over people: by known numbers, and never narrower than what the limits allow."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.share.divide import Limits, divide, theil_parts


def known(*values: float, people: int = 100) -> list[Limits]:
    return [Limits(value, value, people) for value in values]


def test_all_alike_is_zero() -> None:
    found = divide(known(3, 3, 3))

    assert found.gini == pytest.approx((0, 0), abs=1e-12)
    assert found.theil == pytest.approx((0, 0), abs=1e-12)
    assert found.top_tenth == pytest.approx((0.1, 0.1))
    assert found.bottom_four_tenths == pytest.approx((0.4, 0.4))


@pytest.mark.parametrize(
    ("values", "gini"),
    [((1, 2, 3, 4, 5), 4 / 15), ((0, 0, 0, 1), 0.75), ((1, 3), 0.25)],
    ids=["one to five", "one of four has all", "one and three"],
)
def test_gini_of_known_values(values: tuple[float, ...], gini: float) -> None:
    """Closed forms: for x sorted, sum((2i - n - 1) x) / (n sum x)."""
    found = divide(known(*values)).gini

    assert found.low == pytest.approx(gini, abs=1e-12)
    assert found.high == pytest.approx(gini, abs=2e-3)


def test_theil_of_one_among_four_who_has_all() -> None:
    assert divide(known(0, 0, 0, 1)).theil.low == pytest.approx(np.log(4))


def test_where_nobody_looked_the_interval_is_wide_and_not_zero() -> None:
    sure = divide(known(1, 10))
    unsure = divide([*known(1, 10), Limits(0, 10, 100)])

    assert unsure.gini.low < sure.gini.low
    assert unsure.gini.high > sure.gini.high


def test_a_detection_limit_is_narrower_than_nothing_at_all() -> None:
    censored = divide([*known(5, 10), Limits(0, 0.1, 100)]).gini
    absent = divide([*known(5, 10), Limits(0, 10, 100)]).gini

    assert censored.high - censored.low < absent.high - absent.low


limits = st.builds(
    lambda low, width, people: Limits(low, low + width, people),
    st.floats(0, 10, allow_subnormal=False),
    st.one_of(st.just(0.0), st.floats(0, 10, allow_subnormal=False)),
    st.integers(1, 1000),
)


def shares(values: list[float], people: list[int]) -> dict[str, float]:
    """The four numbers of known values, by formulas that share nothing with the code."""
    x, w = np.asarray(values), np.asarray(people, float)
    mean = (x * w).sum() / w.sum()
    pairs = np.abs(x[:, None] - x[None, :]) * w[:, None] * w[None, :]
    order = np.argsort(x)
    heads, held = np.cumsum(w[order]) / w.sum(), np.cumsum((x * w)[order]) / (x * w).sum()
    curve = np.concatenate([[0], heads]), np.concatenate([[0], held])
    theil = sum(n * v / mean * np.log(v / mean) for v, n in zip(x, w, strict=True) if v > 0)
    return {
        "gini": float(pairs.sum() / (2 * mean * w.sum() ** 2)),
        "theil": float(theil / w.sum()),
        "top_tenth": float(1 - np.interp(0.9, *curve)),
        "bottom_four_tenths": float(np.interp(0.4, *curve)),
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(limits, min_size=1, max_size=6), st.integers(0, 10**6))
def test_no_values_within_the_limits_lie_outside_the_interval(
    countries: list[Limits], seed: int
) -> None:
    if not any(one.low > 0.1 for one in countries):
        return
    found = divide(countries)
    draw = np.random.default_rng(seed)
    for at in range(100):
        part = draw.random(len(countries))
        part = part.round() if at % 2 else part
        values = [
            one.low + share * (one.high - one.low)
            for one, share in zip(countries, part, strict=True)
        ]
        for name, value in shares(values, [one.people for one in countries]).items():
            span = getattr(found, name)
            assert span.low - 1e-3 <= value <= span.high + 1e-3


@pytest.mark.parametrize("seed", range(25))
def test_no_corner_of_the_limits_and_no_common_height_lies_outside(seed: int) -> None:
    draw = np.random.default_rng(seed)
    countries = [Limits(1.0, 1.0, 100)]
    for _ in range(6):
        low = draw.choice([0.0, draw.random() ** 4 * 100])
        countries.append(Limits(low, low + draw.random() * 100, int(draw.integers(1, 1000))))
    corners = [list(one) for one in product(*[(one.low, one.high) for one in countries])]
    heights = [
        [min(max(height, one.low), one.high) for one in countries]
        for height in np.linspace(0.5, 150, 300)
    ]
    found = divide(countries)
    for values in corners + heights:
        for name, value in shares(values, [one.people for one in countries]).items():
            span = getattr(found, name)
            assert span.low - 1e-9 <= value <= span.high + 1e-4, name


@given(
    st.lists(st.tuples(st.floats(0.01, 10), st.integers(1, 1000)), min_size=2, max_size=12),
    st.data(),
)
def test_theil_splits_exactly(rows: list[tuple[float, int]], data: st.DataObject) -> None:
    values, people = [one[0] for one in rows], [one[1] for one in rows]
    size = len(rows)
    groups = data.draw(st.lists(st.sampled_from("abc"), min_size=size, max_size=size))
    parts = theil_parts(values, people, groups)
    whole = theil_parts(values, people, ["all"] * size)

    assert parts.whole == pytest.approx(whole.within, abs=1e-9)
    assert parts.between >= -1e-12
    assert parts.within >= -1e-12


@pytest.mark.parametrize(
    ("countries", "what"),
    [
        ([], "somebody must live"),
        (known(1, people=0), "somebody must live"),
        ([Limits(2, 1, 5)], "in order"),
        ([Limits(-1, 1, 5)], "not negative"),
        ([Limits(0, float("inf"), 5)], "finite"),
        (known(0, 0), "nobody has anything"),
        ([Limits(0, 1, 5), Limits(0, 2, 5)], "every share is possible"),
    ],
    ids=[
        "no country",
        "nobody lives there",
        "limits the wrong way round",
        "a negative limit",
        "no upper limit",
        "nobody has anything",
        "nothing measured",
    ],
)
def test_what_has_no_answer_is_refused(countries: list[Limits], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        divide(countries)
