"""Skill from whole years: seasons are no memory."""

from __future__ import annotations

import numpy as np
import pytest

from early_warning.climate.columns import Days
from early_warning.forecast import prove
from early_warning.forecast.steps import Floats
from early_warning.forecast.years import skill_of_years

FIRST = np.datetime64("2010-01-01")


def rains(years: int, *, skill: float, seed: int = 1) -> tuple[Floats, Floats, Days]:
    """Losses where all the rain falls in four months of each year."""
    days = FIRST + np.arange(round(365.2425 * years) + 1)
    rng = np.random.default_rng(seed)
    wet = np.cos(2 * np.pi * np.arange(len(days)) / 365.2425) > 0.5
    loss, base = rng.gamma(0.5, 1.0, (2, len(days))) * wet
    return (1 - skill) * loss, base, days


def test_a_rainy_season_is_not_taken_for_memory() -> None:
    loss, base, days = rains(8, skill=0.5)
    found = prove(loss, base, days)
    assert found.p < 0.001
    assert found.skill.low is not None and 0 < found.skill.low < 0.5 < (found.skill.high or 0)
    assert found.skill.method == "fieller_blocks_and_years_bonferroni"


def test_four_years_are_too_few() -> None:
    loss, base, days = rains(4, skill=0.5)
    assert skill_of_years(loss, base, days, 0.05) is None
    assert "years" not in prove(loss, base, days).skill.method


def test_a_year_with_too_many_days_missing_does_not_count() -> None:
    loss, base, days = rains(5, skill=0.5)
    assert skill_of_years(loss, base, days, 0.05) is not None
    kept = np.ones(len(days), bool)
    kept[400:450] = False
    assert skill_of_years(loss[kept], base[kept], days[kept], 0.05) is None


def test_days_before_the_first_whole_year_change_nothing() -> None:
    loss, base, days = rains(6, skill=0.5)
    wild = np.concatenate([np.full(100, 1e3), loss]), np.concatenate([np.zeros(100), base])
    before = np.concatenate([days[0] - np.arange(100, 0, -1), days])
    assert skill_of_years(*wild, before, 0.05) == skill_of_years(loss, base, days, 0.05)


def test_a_few_weeks_that_decide_prove_nothing() -> None:
    days = FIRST + np.arange(365 * 12)
    base = np.zeros(len(days))
    base[::365] = 1.0
    assert skill_of_years(base / 2, base, days, 0.05) is None


def test_at_its_ends_the_paired_differences_of_years_are_one_t_quantile_from_zero() -> None:
    loss, base, days = rains(10, skill=0.3)
    ends = skill_of_years(loss, base, days, 0.05)
    assert ends is not None
    year = ((days[-1] - days).astype(int) / 365.2425).astype(int)
    for end in ends:
        sums = np.bincount(year, loss - (1 - end) * base)[:10]
        t = sums.mean() / (sums.std(ddof=1) / np.sqrt(10))
        assert abs(t) == pytest.approx(1.9727, abs=1e-3)  # Student's t, 9 degrees, upper 4 %


def test_no_days_give_no_interval() -> None:
    nothing = np.zeros(0)
    assert skill_of_years(nothing, nothing, np.zeros(0, "datetime64[D]"), 0.05) is None


def test_among_forecasts_that_are_alike_hardly_any_passes() -> None:
    passed = sum(prove(*rains(6, skill=0.0, seed=seed)).p <= 0.05 for seed in range(60))
    assert passed <= 7  # of 60 at 5 %: 3 are expected, 8 or more have a probability of 0.01
