"""A rate that a judge scored holds the truth, whatever the judge's errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.statistics import (
    clopper_pearson,
    corrected_difference,
    corrected_rate,
    paired_difference,
)
from tests.statistics.simulation import REPETITIONS, covered

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_the_estimate_is_that_of_rogan_and_gladen() -> None:
    # 300 of 1,000 found by a judge with 0.9 and 0.8: (0.3 + 0.8 - 1) / 0.7.
    found = corrected_rate((300, 1000), (90, 100), (160, 200))
    assert found.estimate == pytest.approx(1 / 7)
    assert found.method == "judge_box_exact"


def test_the_two_ends_are_the_formula_at_the_corners_of_exact_limits() -> None:
    found = corrected_rate((500, 1000), (90, 100), (160, 200))
    # Six limits share 5 % of error: each interval of two limits is one at 1 - 5 % / 3.
    low, high = clopper_pearson([500, 90, 160], [1000, 100, 200], 1 - 0.05 / 3)
    assert found.low == pytest.approx((low[0] + low[2] - 1) / (high[1] + low[2] - 1))
    assert found.high == pytest.approx((high[0] + high[2] - 1) / (low[1] + high[2] - 1))


@pytest.mark.parametrize(
    ("scored", "sensitivity", "specificity"),
    [
        pytest.param((0, 0), (9, 9), (9, 9), id="nothing was scored"),
        pytest.param((5, 9), (0, 0), (9, 9), id="no item with the property was labelled"),
        pytest.param((5, 9), (9, 9), (0, 0), id="no item without it was labelled"),
        pytest.param((5, 9), (599, 1000), (600, 1000), id="the judge is just too poor"),
        pytest.param((5, 9), (500, 1000), (500, 1000), id="the judge is a coin"),
        pytest.param((5, 9), (0, 1000), (0, 1000), id="the judge says the opposite"),
    ],
)
def test_there_is_no_corrected_rate_when(
    scored: tuple[int, int], sensitivity: tuple[int, int], specificity: tuple[int, int]
) -> None:
    found = corrected_rate(scored, sensitivity, specificity)
    assert (found.estimate, found.low, found.high) == (None, 0.0, 1.0)


def test_a_judge_that_just_reaches_the_least_sum_corrects() -> None:
    assert corrected_rate((5, 9), (600, 1000), (600, 1000)).estimate is not None


def test_counts_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="counts must be whole numbers"):
        corrected_rate((5, 4), (9, 9), (9, 9))


@given(COUNTS, COUNTS, COUNTS)
def test_the_estimate_lies_in_its_interval_and_the_interval_between_0_and_1(
    scored: tuple[int, int], sensitivity: tuple[int, int], specificity: tuple[int, int]
) -> None:
    found = corrected_rate(scored, sensitivity, specificity)
    assert found.low is not None and found.high is not None
    assert 0 <= found.low <= found.high <= 1
    if found.estimate is not None:
        assert found.low <= found.estimate <= found.high


@given(COUNTS)
def test_without_errors_of_the_judge_it_is_never_narrower_than_the_exact_interval(
    scored: tuple[int, int],
) -> None:
    found = corrected_rate(scored, (300, 300), (300, 300))
    low, high = clopper_pearson(*scored)
    assert found.low is not None and found.high is not None
    assert found.low <= low + 1e-12 and high - 1e-12 <= found.high
    assert found.estimate == pytest.approx(scored[0] / scored[1])


@given(COUNTS)
def test_more_labels_of_the_same_share_make_it_narrower(scored: tuple[int, int]) -> None:
    few = corrected_rate(scored, (18, 20), (19, 20))
    many = corrected_rate(scored, (180, 200), (190, 200))
    assert few.low is not None and few.high is not None
    assert many.low is not None and many.high is not None
    assert few.low <= many.low + 1e-12 and many.high <= few.high + 1e-12


@pytest.mark.parametrize(
    ("truth", "a", "b", "labels"),
    [
        pytest.param(0.95, 0.95, 0.95, 60, id="a good judge, few labels"),
        pytest.param(0.05, 0.8, 0.9, 200, id="a fair judge of something rare"),
        pytest.param(0.5, 0.7, 0.7, 100, id="a poor judge"),
        pytest.param(0.0, 0.99, 0.97, 40, id="nothing has the property"),
    ],
)
def test_the_interval_holds_the_truth_at_least_as_often_as_it_says(
    truth: float, a: float, b: float, labels: int
) -> None:
    rng = np.random.default_rng(0)
    drawn = rng.binomial(
        [300, labels, labels], [truth * a + (1 - truth) * (1 - b), a, b], (REPETITIONS, 3)
    )
    found = [
        corrected_rate((k, 300), (positive, labels), (negative, labels))
        for k, positive, negative in drawn.tolist()
    ]
    assert covered(found, truth) >= 0.95


def test_what_was_found_taken_for_the_truth_misses_it() -> None:
    drawn = np.random.default_rng(0).binomial(300, 0.05 * 0.8 + 0.95 * 0.1, REPETITIONS)
    low, high = clopper_pearson(drawn, 300)
    assert float(np.mean((low <= 0.05) & (high >= 0.05))) < 0.1


# --- differences of pairs


def test_a_difference_is_divided_by_what_the_judge_knows() -> None:
    found = corrected_difference((50, 10, 100), (90, 100), (180, 200))
    part = paired_difference(50, 10, 100, level=1 - 0.05 / 3)
    low, high = clopper_pearson([90, 180], [100, 200], 1 - 0.05 / 3)
    assert part.low is not None and part.high is not None
    assert found.estimate == pytest.approx(0.4 / 0.8)
    assert found.low == pytest.approx(part.low / (float(high.sum()) - 1))
    assert found.high == pytest.approx(part.high / (float(low.sum()) - 1))


def test_a_difference_turns_round_with_its_pairs() -> None:
    one = corrected_difference((60, 10, 100), (90, 100), (180, 200), unknown=3)
    other = corrected_difference((10, 60, 100), (90, 100), (180, 200), unknown=3)
    assert one.low is not None and one.high is not None
    assert (other.estimate, other.low, other.high) == pytest.approx(
        (-(one.estimate or 0), -one.high, -one.low)
    )


@pytest.mark.parametrize(
    ("pairs", "sensitivity", "unknown"),
    [
        pytest.param((0, 0, 5), (9, 9), 5, id="no pair is known"),
        pytest.param((3, 1, 5), (0, 0), 0, id="nothing was labelled"),
        pytest.param((3, 1, 5), (1, 9), 0, id="the judge is too poor"),
    ],
)
def test_there_is_no_corrected_difference_when(
    pairs: tuple[int, int, int], sensitivity: tuple[int, int], unknown: int
) -> None:
    found = corrected_difference(pairs, sensitivity, (9, 9), unknown=unknown)
    assert (found.estimate, found.low, found.high) == (None, -1.0, 1.0)


def test_few_labels_of_a_fair_judge_leave_every_difference_possible() -> None:
    found = corrected_difference((3, 1, 5), (2, 3), (2, 3))
    assert (found.low, found.high) == (-1.0, 1.0)


@pytest.mark.parametrize(
    ("first", "second", "a", "b"),
    [
        pytest.param(0.9, 0.1, 0.9, 0.95, id="far apart"),
        pytest.param(0.5, 0.5, 0.8, 0.8, id="alike"),
        pytest.param(1.0, 0.0, 0.95, 0.9, id="always and never"),
        pytest.param(0.2, 0.4, 0.9, 0.9, id="the second more often"),
    ],
)
def test_the_interval_of_a_difference_holds_the_truth(
    first: float, second: float, a: float, b: float
) -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(300):
        truth = rng.random((2, 100)) < np.array([[first], [second]])
        seen = rng.random((2, 100)) < np.where(truth, a, 1 - b)
        only = int((seen[0] & ~seen[1]).sum()), int((seen[1] & ~seen[0]).sum()), 100
        rates = (int(rng.binomial(100, a)), 100), (int(rng.binomial(100, b)), 100)
        found.append(corrected_difference(only, *rates))
    assert covered(found, first - second) >= 0.95
