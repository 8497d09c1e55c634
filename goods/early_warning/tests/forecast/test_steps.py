"""Step functions: CRPS, probabilities and quantiles are exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scores.probability import crps_cdf, crps_for_ensemble  # type: ignore[import-untyped]
from xarray import DataArray

from early_warning.forecast import Steps, brier, crps, exceedance, members_as_steps, quantiles

numbers = st.integers(-20, 20).map(float)


@settings(max_examples=60, deadline=None)
@given(arrays(float, (7, 5), elements=numbers), arrays(float, 7, elements=numbers))
def test_the_crps_of_members_is_what_the_scores_package_says(
    members: np.ndarray, observed: np.ndarray
) -> None:
    expected = crps_for_ensemble(
        DataArray(members, dims=["day", "member"]),
        DataArray(observed, dims=["day"]),
        "member",
        preserve_dims="all",
    )
    np.testing.assert_allclose(crps(members_as_steps(members), observed), expected, atol=1e-12)


def shared(rng: np.random.Generator, rows: int) -> Steps:
    """Distributions that rise at the same points, as isotonic regression gives them."""
    chances = np.sort(rng.uniform(size=(rows, 6)), axis=1)
    chances[:, -1] = 1
    return Steps(np.array([0.0, 1.0, 1.5, 4.0, 4.2, 9.0]), chances)


@pytest.mark.filterwarnings("ignore:numba is not available")
def test_the_crps_of_shared_points_is_that_of_a_finely_drawn_function() -> None:
    rng = np.random.default_rng(1)
    steps, observed = shared(rng, 9), rng.uniform(-2, 11, 9).round(1)
    grid = np.unique(np.concatenate([steps.points, steps.points - 1e-9, observed, [-5.0, 15.0]]))
    places = np.searchsorted(steps.points, grid, side="right")
    drawn = np.concatenate([np.zeros((9, 1)), steps.chances], axis=1)[:, places]
    expected = crps_cdf(
        DataArray(drawn, dims=["day", "z"], coords={"z": grid}),
        DataArray(observed, dims=["day"]),
        threshold_dim="z",
        preserve_dims=["day"],
        integration_method="exact",
    ).total
    np.testing.assert_allclose(crps(steps, observed), expected, atol=1e-6)


def test_a_sure_forecast_scores_its_distance() -> None:
    assert [*crps(members_as_steps([[3.0, 3.0], [3.0, 3.0]]), [3.0, 7.5])] == [0.0, 4.5]


def test_many_rows_score_as_few_do() -> None:
    rng = np.random.default_rng(2)
    steps, observed = shared(rng, 1300), rng.uniform(-2, 11, 1300)
    one_by_one = [crps(steps.rows(slice(i, i + 1)), observed[i : i + 1])[0] for i in range(1300)]
    np.testing.assert_allclose(crps(steps, observed), one_by_one)


def test_a_probability_counts_members_above_and_not_at_the_threshold() -> None:
    steps = members_as_steps([[1.0, 2.0, 5.0, 9.0], [0.0, 0.0, 0.0, 5.0]])
    for threshold in (-1.0, 0.0, 2.0, 5.0, 9.0):
        members = np.array([[1.0, 2.0, 5.0, 9.0], [0.0, 0.0, 0.0, 5.0]])
        assert [*exceedance(steps, threshold)] == [*(members > threshold).mean(axis=1)]


def test_a_probability_of_shared_points_is_one_less_the_chance_below() -> None:
    steps = Steps(np.array([0.0, 2.0]), np.array([[0.3, 1.0], [0.9, 1.0]]))
    assert [*exceedance(steps, -0.1)] == [1, 1]
    assert exceedance(steps, 0.0) == pytest.approx([0.7, 0.1])
    assert exceedance(steps, 1.9) == pytest.approx([0.7, 0.1])
    assert [*exceedance(steps, 2.0)] == [0, 0]


def test_quantiles_are_the_smallest_points_that_reach_them() -> None:
    steps = Steps(np.array([0.0, 2.0, 7.0]), np.array([[0.3, 0.5, 1.0], [0.9, 0.9, 1.0]]))
    assert quantiles(steps, [0.1, 0.3, 0.5, 0.51, 1.0]).tolist() == [
        [0, 0, 2, 7, 7],
        [0, 0, 0, 0, 7],
    ]
    assert quantiles(members_as_steps([[3.0, 1.0]]), [0.5, 0.9]).tolist() == [[1, 3]]


def test_the_brier_score_is_a_squared_distance() -> None:
    assert brier([0.0, 0.3, 1.0], [True, False, True]) == pytest.approx([1, 0.09, 0])


def test_forecasts_and_observations_must_belong_together() -> None:
    with pytest.raises(ValueError, match="one forecast for each"):
        crps(members_as_steps([[1.0], [2.0]]), [1.0])
