"""Series: their intervals hold, or there is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from benchmarks.kinds_of_series import CHOSEN_ON, HELD_BACK, fractional
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from comity.statistics import Bounds, block_drift, block_mean, block_rate, block_skill, square_root
from comity.statistics.blocks import FINE, parts_of
from tests.statistics.simulation import ENOUGH

Floats = NDArray[np.float64]


def series(seed: int, memory: float, steps: int = 1_000, repetitions: int = 1_000) -> Floats:
    """Standard normal series, each correlated with its neighbour by `memory`."""
    noise = np.random.default_rng(seed).normal(size=(repetitions, steps))
    noise[:, 1:] *= np.sqrt(1 - memory**2)
    for step in range(1, steps):
        noise[:, step] += memory * noise[:, step - 1]
    return noise


def blocks(values: Floats) -> Floats:
    fine = min(values.shape[-1], FINE)
    starts = -(-np.arange(fine) * values.shape[-1] // fine)
    return np.asarray(np.add.reduceat(values, starts, axis=-1))


def sizes(steps: int = 1_000) -> Floats:
    return blocks(np.ones(steps))


def given_and_held(found: list[Bounds], truth: float) -> tuple[float, float]:
    """Share of the series that have an interval, and share of those that hold the truth."""
    held = [one.low <= truth <= one.high for one in found if one.low is not None]  # type: ignore[operator]
    return len(held) / len(found), float(np.mean(held)) if held else 1.0


QUANTITIES = [
    pytest.param(lambda z: z, 0.0, id="normal"),
    pytest.param(lambda z: z * z, 1.0, id="squares"),
    pytest.param(np.exp, float(np.exp(0.5)), id="lognormal, like rain"),
]


@pytest.mark.parametrize("memory", [0.0, 0.5])
@pytest.mark.parametrize(("of", "truth"), QUANTITIES)
def test_nineteen_of_twenty_hold_the_mean(
    of: Callable[[Floats], Floats], truth: float, memory: float
) -> None:
    x = blocks(of(series(1, memory)))
    share, held = given_and_held([block_mean(one, sizes()) for one in x], truth)
    assert share > 0.9
    assert held >= ENOUGH


def test_the_interval_that_takes_days_for_independent_fails_the_same_test() -> None:
    x = series(1, 0.5)
    margin = 1.96 * x.std(axis=1) / np.sqrt(x.shape[1])
    assert np.mean(np.abs(x.mean(axis=1)) <= margin) < 0.8


KINDS = [
    pytest.param("long memory 0.2", 1_000, id="memory that never fades"),
    pytest.param("two memories", 1_000, id="a weak long memory under a short one"),
    pytest.param("volatile, 0.9", 1_000, id="spreads that wander"),
    pytest.param("spells with a heavy tail", 400, id="spells, some of them very long"),
    pytest.param("cycle of 10", 1_000, id="swings"),
    pytest.param("rain, long spells", 1_000, id="wet and dry spells"),
    pytest.param("weeks", 400, id="weeks"),
]


@pytest.mark.parametrize(("name", "steps"), KINDS)
def test_the_mean_is_held_whatever_the_kind_of_memory(name: str, steps: int) -> None:
    x, truth = (CHOSEN_ON | HELD_BACK)[name](np.random.default_rng(11), 500, steps)
    share, held = given_and_held([block_mean(one, sizes(steps)) for one in blocks(x)], truth)
    assert share > 0.9
    assert held >= ENOUGH


def test_blocks_alone_would_fail_the_same_test() -> None:
    """The t interval over eight blocks, without what lasts longer than they do."""
    x, _ = CHOSEN_ON["long memory 0.3"](np.random.default_rng(12), 500, 1_024)
    means = x.reshape(500, 8, 128).mean(axis=2)
    margin = 2.365 * means.std(axis=1, ddof=1) / 8**0.5
    assert np.mean(np.abs(means.mean(axis=1)) <= margin) < 0.75


def test_a_longer_memory_gives_a_wider_interval_and_none_in_the_end() -> None:
    widths = []
    for d in (0.0, 0.2, 0.35):
        x = fractional(np.random.default_rng(13), 200, 2_000, d)
        x /= x.std(axis=1, keepdims=True)
        found = [block_mean(one, sizes(2_000)) for one in blocks(x)]
        widths.append(np.median([one.high - one.low for one in found if one.low is not None]))  # type: ignore[operator]
    assert widths[1] > 3 * widths[0] and widths[2] > 2 * widths[1]
    walk = blocks(np.cumsum(np.random.default_rng(14).normal(size=(50, 2_000)), axis=1))
    assert given_and_held([block_mean(one, sizes(2_000)) for one in walk], 0.0)[0] == 0


@pytest.mark.parametrize("truth", [0.0, 0.4])
def test_nineteen_of_twenty_hold_the_skill(truth: float) -> None:
    shared, own, other = (series(seed, 0.5) for seed in (1, 2, 3))
    base, loss = blocks((shared + other) ** 2), blocks((1 - truth) * (shared + own) ** 2)
    found = [block_skill(*one, sizes()) for one in zip(loss, base, strict=True)]
    share, held = given_and_held(found, truth)
    assert share > 0.9
    assert held >= ENOUGH


@pytest.mark.parametrize("truth", [0.5, 0.9])
def test_nineteen_of_twenty_hold_the_rate(truth: float) -> None:
    hits = (series(4, 0.5) < {0.5: 0.0, 0.9: 1.2815515655}[truth]).astype(float)
    share, held = given_and_held([block_rate(one, sizes()) for one in blocks(hits)], truth)
    assert share > 0.9
    assert held >= ENOUGH


@pytest.mark.parametrize("apart", [0.0, 0.5])
@pytest.mark.parametrize("windows", [True, False], ids=["windows", "sites"])
def test_nineteen_of_twenty_hold_the_drift(windows: bool, apart: float) -> None:
    parts, rows = 4, sizes()
    shared = series(5, 0.3, repetitions=400)
    found = []
    for number, one in enumerate(shared):
        if windows:
            of = np.array(parts_of(FINE, parts)) == np.arange(parts)[:, None]
            x = of * (blocks(one) + apart * rows * of[0])
            found.append(block_drift(x, of * rows, windows=True))
        else:
            x = blocks(one + series(number, 0.3, repetitions=parts))
            x[0] += apart * rows
            found.append(block_drift(x, np.tile(rows, (parts, 1))))
    share, held = given_and_held(found, apart)
    assert share > 0.9
    assert held >= ENOUGH


def test_sites_that_share_their_weather_are_compared_more_sharply() -> None:
    shared = 5 * series(6, 0.0, repetitions=1)
    own = series(7, 0.0, repetitions=2)
    rows = np.tile(sizes(), (2, 1))
    together = block_drift(blocks(shared + own), rows)
    apart = block_drift(blocks(5 * series(8, 0.0, repetitions=2) + own), rows)
    assert together.high is not None and apart.high is not None
    assert together.high < apart.high / 2


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(np.tile([0.0, 1.0], 60), id="a hundred and twenty steps"),
        pytest.param(np.cumsum(np.tile([1.0, -1.0, 1.0], 100)), id="a trend"),
        pytest.param(np.r_[np.zeros(290), np.ones(10)], id="ten events, one after the other"),
        pytest.param(np.where(np.arange(300) % 30 == 0, 1.0, 0.0), id="ten events, far apart"),
        pytest.param(np.zeros(300), id="nothing at all"),
    ],
)
def test_a_series_that_cannot_carry_an_interval_has_none(values: Floats) -> None:
    x = blocks(values)
    found = block_mean(x, sizes(values.size))
    assert found.estimate == pytest.approx(np.mean(values))
    assert (found.low, found.high) == (None, None)


def rough(seed: int) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    rows = rng.integers(1, 9, FINE).astype(float)
    return rng.gamma(2, 1, FINE) * rows, rng.gamma(3, 1, FINE) * rows, rows


@given(st.integers(0, 500), st.floats(0.9, 1.1))
def test_a_skill_is_shown_only_where_the_paired_difference_is(seed: int, worse: float) -> None:
    rng = np.random.default_rng(seed)
    loss, base = worse * rng.gamma(2, 1, FINE), rng.gamma(2, 1, FINE)
    skill = block_skill(loss, base, np.ones(FINE))
    difference = block_mean(base - loss, np.ones(FINE))
    assume(skill.low is not None and difference.low is not None)
    assert skill.low is not None and skill.high is not None and skill.estimate is not None
    assert difference.low is not None and difference.high is not None
    assert skill.low <= skill.estimate <= skill.high
    assert difference.low > 0 or not skill.low > 0
    assert difference.high < 0 or not skill.high < 0


@given(st.integers(0, 500), st.sampled_from([1e-6, 3.0, 1e9]))
def test_another_unit_changes_only_the_unit(seed: int, unit: float) -> None:
    loss, base, rows = rough(seed)
    one, other = block_mean(loss, rows), block_mean(loss * unit, rows)
    assume(one.low is not None)
    assert one.low is not None and other.low is not None
    assert other.low == pytest.approx(one.low * unit, rel=1e-6)
    same, again = block_skill(loss, base, rows), block_skill(loss * unit, base * unit, rows)
    assert (again.low is None) == (same.low is None)
    if same.low is not None:
        assert (again.low, again.high) == pytest.approx((same.low, same.high), rel=1e-6)


def test_a_root_moves_both_ends_and_never_below_zero() -> None:
    assert square_root(Bounds(4.0, -1.0, 9.0, "m")) == Bounds(2.0, 0.0, 3.0, "m")
    skill = square_root(Bounds(0.75, -3.0, 0.91, "m"), skill=True)
    assert (skill.low, skill.estimate, skill.high) == pytest.approx((-1.0, 0.5, 0.7))
    assert square_root(Bounds(None, None, None, "m")).estimate is None


def test_no_rows_give_no_estimate() -> None:
    nothing = np.zeros(0)
    assert block_mean(nothing, nothing).estimate is None
    assert block_rate(nothing, nothing).estimate is None
    assert block_skill(nothing, nothing, nothing).estimate is None
    assert block_drift(np.zeros((2, 4)), np.zeros((2, 4))).estimate is None


@pytest.mark.parametrize(
    ("x", "n"),
    [
        pytest.param(np.ones(300), np.ones(300), id="too many blocks"),
        pytest.param(np.ones(3), np.ones(4), id="two shapes"),
        pytest.param(np.ones(3), -np.ones(3), id="fewer rows than none"),
    ],
)
def test_sums_that_cannot_be_are_refused(x: Floats, n: Floats) -> None:
    with pytest.raises(ValueError, match="one shape"):
        block_mean(x, n)
