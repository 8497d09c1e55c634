"""Isotonic distributional regression and climatology: exact, ordered, and honest at their edge."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from comity.errors import InputError
from early_warning.climate import Days
from early_warning.forecast import Fitted, brier, climatology, crps, exceedance, fit
from early_warning.forecast import members_as_steps as steps_of
from early_warning.forecast.climatology import day_of_year
from goods.early_warning.tests.forecast.frankfurt import ENSEMBLE, frankfurt

Pair = tuple[np.ndarray, np.ndarray]


def rain(seed: int, size: int = 300) -> Pair:
    rng = np.random.default_rng(seed)
    x = rng.gamma(1, 3, size).round(1)
    return x, np.maximum(x + rng.normal(0, 1 + x / 2), 0).round(1)


def test_frankfurt_trained_to_2013_scores_at_most_0_714_where_the_raw_ensemble_has_0_788() -> None:
    pairs = frankfurt()
    before = pairs.days < np.datetime64("2014-01-01")
    train, test = pairs.where(before), pairs.where(~before)
    assert (len(train.days), len(test.days)) == (2531, 1086)
    learnt = fit(train.members.mean(axis=1), train.observed)
    ours = crps(learnt.predict(test.members.mean(axis=1)), test.observed).mean()
    assert ours <= 0.714
    raw = frankfurt(ENSEMBLE).where(~before).members
    assert crps(steps_of(raw), test.observed).mean() == pytest.approx(0.788, abs=0.0005)
    season = climatology(train.days, train.observed, test.days)
    assert crps(season, test.observed).mean() == pytest.approx(1.296, abs=0.001)


@pytest.mark.parametrize(
    ("threshold", "events", "better"),
    [
        pytest.param(1, 269, "isotonic", id="at 1 mm post-processing is better"),
        pytest.param(5, 104, "isotonic", id="at 5 mm it is better"),
        pytest.param(10, 35, "raw", id="at 10 mm the raw ensemble is better"),
    ],
)
def test_the_tail_of_frankfurt_is_told_as_it_is(threshold: float, events: int, better: str) -> None:
    pairs = frankfurt()
    before = pairs.days < np.datetime64("2014-01-01")
    train, test = pairs.where(before), pairs.where(~before)
    learnt = fit(train.members.mean(axis=1), train.observed)
    happened = test.observed > threshold
    assert happened.sum() == events
    ours = learnt.exceedance(test.members.mean(axis=1), threshold)
    assert ours is not None
    scores = {
        "isotonic": brier(ours, happened).mean(),
        "raw": brier(exceedance(steps_of(test.members), threshold), happened).mean(),
    }
    assert min(scores, key=lambda name: scores[name]) == better


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_every_threshold_is_the_isotonic_regression_of_scikit_learn(seed: int) -> None:
    x, y = rain(seed)
    learnt = fit(x, y)
    for place in (0, len(learnt.points) // 3, len(learnt.points) - 2):
        other = IsotonicRegression(increasing=False).fit(x, y <= learnt.points[place])
        np.testing.assert_allclose(learnt.chances[:, place], other.predict(learnt.given), atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_more_forecast_rain_never_makes_rain_less_likely(seed: int) -> None:
    x, y = rain(seed)
    steps = fit(x, y).predict(np.linspace(-5, 60, 200))
    assert np.all(np.diff(steps.chances, axis=0) <= 1e-12)
    assert np.all(np.diff(steps.chances, axis=1) >= -1e-12)
    assert np.all(steps.chances[:, -1] == 1)


def test_no_ordered_forecast_has_less_crps_on_its_training_data() -> None:
    x, y = rain(1)
    learnt = fit(x, y)
    least = crps(learnt.predict(x), y).mean()
    overall = learnt.chances.mean(axis=0)
    others = [learnt.chances**power for power in (0.5, 0.9, 1.1, 2)]
    others += [(1 - share) * learnt.chances + share * overall for share in (0.05, 0.3, 1)]
    for chances in others:
        tried = Fitted(learnt.given, learnt.points, chances)
        assert crps(tried.predict(x), y).mean() > least


def test_between_two_training_values_the_distribution_is_between_theirs() -> None:
    learnt = Fitted(np.array([1.0, 3.0]), np.array([0.0, 9.0]), np.array([[0.8, 1.0], [0.2, 1.0]]))
    found = learnt.predict([0.0, 1.0, 1.5, 3.0, 50.0]).chances[:, 0]
    assert found == pytest.approx([0.8, 0.8, 0.65, 0.2, 0.2])


def test_beyond_the_largest_outcome_there_is_no_opinion_rather_than_zero() -> None:
    x, y = rain(3)
    learnt = fit(x, y)
    assert learnt.exceedance(x, float(y.max())) is None
    assert learnt.exceedance(x, float(y.max()) - 0.05) is not None


def test_one_and_the_same_forecast_every_day_gives_the_record() -> None:
    y = np.arange(300.0)
    found = fit(np.ones(300), y).predict([0.0, 5.0])
    assert found.chances[:, 149] == pytest.approx([0.5, 0.5])


def test_short_and_endless_records_are_refused() -> None:
    with pytest.raises(InputError, match="there are 199 days"):
        fit(*rain(1, 199))
    x = np.random.default_rng(1).normal(size=7_100)
    with pytest.raises(InputError, match="Round the observations"):
        fit(x, x)


def dates(*names: str) -> Days:
    return np.array(names, "datetime64[D]")


def test_a_season_is_fifteen_days_on_either_side_in_all_years() -> None:
    days = np.arange("2001-01-01", "2004-01-01", dtype="datetime64[D]")
    found = climatology(days, day_of_year(days).astype(float), dates("2010-07-01"))
    counted = found.points[np.flatnonzero(np.diff(found.chances[0], prepend=0) > 0)]
    first = day_of_year(dates("2010-06-16"))[0]
    assert [*counted] == [*range(first, first + 31)]
    assert found.chances[0][-1] == pytest.approx(1)


def test_the_year_is_a_circle_and_leap_days_have_their_place() -> None:
    days = np.arange("2001-01-01", "2005-01-01", dtype="datetime64[D]")
    december = (day_of_year(days) > 180).astype(float)
    found = climatology(days, december, dates("2010-01-01", "2012-02-29"))
    assert found.chances[0][0] == pytest.approx(16 / 31, abs=0.02)
    assert found.chances[1][0] == 1
    assert day_of_year(dates("2004-02-29", "2005-03-01", "2004-12-31")).tolist() == [59, 60, 365]


def test_a_season_without_a_record_is_refused() -> None:
    days = np.arange("2001-05-01", "2001-09-01", dtype="datetime64[D]")
    with pytest.raises(InputError, match="0 days around 01-10"):
        climatology(days, np.zeros(len(days)), dates("2002-07-01", "2002-01-10"))
