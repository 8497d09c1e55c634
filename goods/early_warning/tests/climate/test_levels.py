"""Return levels: published numbers, an independent program, coverage, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import chi2, genextreme

from comity.errors import InputError
from early_warning.climate import Level, Levels, Maxima, likelihood, moments, return_levels
from early_warning.climate.gev import Floats, Gev, log_likelihood
from goods.early_warning.tests.climate.portpirie import LEVELS, YEARS

SHAPES = (-0.4, -0.1, 0.0, 1e-9, 0.15, 0.6)


def maxima(values: Floats, where: str = "Port Pirie") -> Maxima:
    return Maxima(tuple(range(1900, 1900 + len(values))), np.asarray(values, float), (), where)


def by(levels: Levels, method: str, period: float) -> Level:
    return next(one for one in levels.levels if (one.method, one.period) == (method, period))


def draws(shape: float, size: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    return np.asarray(genextreme(-shape, 50, 10).rvs(size, random_state=rng))


def test_port_pirie_by_likelihood_is_what_coles_reports() -> None:
    found = return_levels(Maxima(YEARS, LEVELS, (), "Port Pirie"), [10, 100])
    fitted = found.likelihood
    assert fitted is not None
    assert fitted.mu == pytest.approx(3.8747, abs=1e-4)
    assert fitted.sigma == pytest.approx(0.1980, abs=1e-4)
    assert fitted.xi == pytest.approx(-0.0501, abs=1e-4)
    assert log_likelihood(LEVELS, fitted.mu, fitted.sigma, fitted.xi) == pytest.approx(
        4.33906, abs=1e-5
    )
    ten, hundred = by(found, "likelihood", 10), by(found, "likelihood", 100)
    assert ten.value == pytest.approx(4.30, abs=0.005)
    assert hundred.value == pytest.approx(4.69, abs=0.005)
    assert hundred.low == pytest.approx(4.50, abs=0.015)
    assert hundred.high == pytest.approx(5.27, abs=0.015)
    assert found.years == 65
    assert found.drift > 0.1


def test_port_pirie_by_l_moments_differs_a_little() -> None:
    found = return_levels(maxima(LEVELS), [100])
    likely, moment = by(found, "likelihood", 100), by(found, "l_moments", 100)
    assert likely.value is not None
    assert moment.value is not None
    assert 0.005 < moment.value - likely.value < 0.05
    assert moment.low is not None
    assert moment.high is not None
    assert 4.4 < moment.low < moment.value < moment.high < 5.5


def test_the_same_maxima_give_the_same_intervals() -> None:
    assert return_levels(maxima(LEVELS), [20]) == return_levels(maxima(LEVELS), [20])


@pytest.mark.parametrize("shape", SHAPES)
def test_likelihood_and_levels_are_those_of_scipy(shape: float) -> None:
    x = draws(shape, 50, seed=1)
    other = genextreme(-shape, 50, 10)
    assert log_likelihood(x, 50, 10, shape) == pytest.approx(other.logpdf(x).sum(), rel=1e-9)
    for period in (1.5, 20, 1000):
        expected = other.ppf(1 - 1 / period)
        assert Gev(50, 10, shape).level(period) == pytest.approx(expected, rel=1e-7)
        fitted = np.array([50, 10, shape])
        assert moments.levels(fitted, period) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("shape", (-0.3, 0.0, 0.3))
def test_no_fit_is_likelier_than_ours(shape: float) -> None:
    x = draws(shape, 60, seed=2)
    ours = likelihood.fit(x)
    assert ours is not None
    c, loc, scale = genextreme.fit(x, -shape, loc=50, scale=10)
    theirs = log_likelihood(x, loc, scale, -c)
    assert log_likelihood(x, ours.mu, ours.sigma, ours.xi) >= theirs - 1e-6


def test_values_that_the_distribution_cannot_give_have_no_likelihood() -> None:
    assert log_likelihood(np.array([0.0, 12.0]), 0, 1, -0.1) == -math.inf
    assert log_likelihood(np.array([0.0]), 0, -1, 0.1) == -math.inf


def highest(x: Floats, level: float, period: float) -> float:
    """The profile of a level: locations and shapes are tried, then searched from the best."""

    def loss(p: Floats) -> float:
        sigma = (level - p[0]) / Gev(0, 1, p[1]).level(period)
        return min(-log_likelihood(x, p[0], sigma, p[1]), 1e9)

    grid = [(mu, xi) for mu in np.linspace(x.min(), x.max(), 60) for xi in np.linspace(-0.9, 2, 59)]
    best = min(grid, key=lambda one: loss(np.array(one)))
    return -float(minimize(loss, best, method="Nelder-Mead").fun)


@pytest.mark.parametrize(
    ("shape", "seed"), [pytest.param(0.1, 3, id="a usual tail"), pytest.param(0.6, 1, id="a heavy")]
)
def test_the_ends_of_a_profile_lie_half_a_chi_square_below_the_top(shape: float, seed: int) -> None:
    x = draws(shape, 25, seed)
    fitted = likelihood.fit(x)
    assert fitted is not None
    ends = likelihood.profile_interval(x, fitted, 80, level=0.9)
    assert ends is not None
    top = log_likelihood(x, fitted.mu, fitted.sigma, fitted.xi)
    for end in ends:
        assert end is not None
        drop = top - highest(x, end, 80)
        assert drop == pytest.approx(chi2.ppf(0.9, 1) / 2, abs=0.002)


def test_the_heaviest_record_has_no_upper_end() -> None:
    x = moments.sample(np.array([0.0, 1.0, 0.9]), (20,), np.random.default_rng(0))
    found = by(return_levels(maxima(x), [80]), "likelihood", 80)
    assert found.low is not None
    assert found.high is None
    assert found.reason == "no level is too high for this record"


def test_where_the_theory_fails_there_is_a_level_without_an_interval() -> None:
    found = by(return_levels(maxima(draws(-0.75, 30, 2)), [20]), "likelihood", 20)
    assert found.value is not None
    assert (found.low, found.high) == (None, None)
    assert found.reason.startswith("the shape is -0.")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_l_moments_of_a_distribution_give_it_back(shape: float) -> None:
    even = genextreme(-shape, 50, 10).ppf((np.arange(200_000) + 0.5) / 200_000)
    mu, sigma, xi = moments.fit(even)
    assert mu == pytest.approx(50, abs=0.1)
    assert sigma == pytest.approx(10, rel=0.01)
    assert xi == pytest.approx(shape, abs=0.01)


def test_l_moments_are_means_over_all_subsets() -> None:
    x = np.array([3.0, 1.0, 4.0, 1.5, 9.0])
    first, second, ratio = moments.l_moments(x)
    pairs = [abs(a - b) / 2 for i, a in enumerate(x) for b in x[:i]]
    triples = [
        sorted((a, b, c)) for i, a in enumerate(x) for j, b in enumerate(x[:i]) for c in x[:j]
    ]
    third = np.mean([(c - 2 * b + a) / 3 for a, b, c in triples])
    assert first == pytest.approx(x.mean())
    assert second == pytest.approx(np.mean(pairs))
    assert ratio == pytest.approx(third / np.mean(pairs))


@settings(max_examples=25, deadline=None)
@given(
    shift=st.floats(-1e3, 1e3),
    scale=st.floats(0.01, 100),
    seed=st.integers(0, 1000),
)
def test_another_unit_gives_the_same_levels_in_that_unit(
    shift: float, scale: float, seed: int
) -> None:
    x = draws(0.1, 30, seed)
    one, other = likelihood.fit(x), likelihood.fit(shift + scale * x)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        near = 1e-4 * scale * x.std()
        assert other.level(50) == pytest.approx(shift + scale * one.level(50), abs=20 * near)
    level = moments.levels(moments.fit(x), 50)
    moved = moments.levels(moments.fit(shift + scale * x), 50)
    assert moved == pytest.approx(shift + scale * level, rel=1e-6, abs=1e-6)


def test_of_fifty_intervals_at_level_90_about_45_hold_the_truth() -> None:
    truth = float(genextreme(-0.1, 50, 10).ppf(1 - 1 / 50))
    held = {"likelihood": 0, "l_moments": 0}
    for seed in range(50):
        for one in return_levels(maxima(draws(0.1, 30, seed)), [50], level=0.9).levels:
            assert one.low is not None
            held[one.method] += one.low <= truth <= (math.inf if one.high is None else one.high)
    assert all(39 <= count <= 49 for count in held.values()), held


@pytest.mark.parametrize(
    ("values", "periods", "sentence"),
    [
        pytest.param(LEVELS[:19], [10], "has 19 whole years", id="nineteen years"),
        pytest.param(LEVELS[:20], [100], "100 years cannot be read from 20", id="far beyond"),
        pytest.param(LEVELS, [1], "1 years is no return period", id="a period of one year"),
        pytest.param(LEVELS, [math.inf], "no return period", id="an endless period"),
        pytest.param(LEVELS, [math.nan], "no return period", id="a period that is no number"),
        pytest.param([0.0] * 10 + [*range(1, 21)], [10], "10 of 30 yearly", id="dry years"),
        pytest.param([4.0] * 30, [10], "30 of 30 yearly maxima", id="a stuck instrument"),
    ],
)
def test_what_a_record_cannot_say_is_refused(
    values: Floats, periods: list[float], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        return_levels(maxima(np.array(values, float), "station 7"), periods)
    assert caught.value.where == "station 7"


def test_where_the_likelihood_has_no_maximum_the_other_method_remains() -> None:
    # Values that crowd at their upper end: the likelihood grows without bound for ξ below −1.
    x = 10 - np.linspace(0, 3, 25) ** 3
    found = return_levels(maxima(x), [20])
    likely, moment = by(found, "likelihood", 20), by(found, "l_moments", 20)
    assert likely.low is None
    assert likely.high is None
    assert likely.reason
    assert moment.value is not None


def test_a_record_that_rises_is_told() -> None:
    assert return_levels(maxima(LEVELS + np.linspace(0, 0.6, 65)), [10]).drift < 0.01
