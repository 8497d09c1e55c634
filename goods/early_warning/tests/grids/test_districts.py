"""From cells to districts: three questions, three answers, and no data where some is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InputError
from early_warning.grids import (
    Cells,
    Ensemble,
    NoData,
    RegularGrid,
    Threshold,
    Weights,
    from_members,
    from_probabilities,
)
from early_warning.grids.districts import How
from goods.early_warning.tests.grids.made import WORLD, field, odds_field, some_rain

HEAVY = Threshold("above", 10.0, "mm")

WEIGHTS = Weights(
    codes=("wide", "small", "edge", "nowhere"),
    cells=Cells(WORLD, np.array([100, 101, 102, 103])),
    start=np.array([0, 3, 4, 6, 6]),
    entry=np.array([0, 1, 2, 2, 2, 3]),
    of_district=np.array([0.60, 0.38, 0.02, 1.0, 0.50, 0.40]),
    of_cell=np.array([1.0, 0.6, 0.03, 0.1, 0.2, 0.2]),
)
"""Wide: three cells, of which the third is a sliver. Small: a tenth of the third cell. Edge: a
tenth of it lies beyond the grid. Nowhere: no geometry."""


def ensemble(*members: list[float]) -> Ensemble:
    return Ensemble(
        name="rain",
        level="surface",
        units="mm",
        reference=datetime(2026, 11, 22, tzinfo=UTC),
        start_hour=0.0,
        end_hour=24.0,
        grid=WORLD,
        values=np.array(members, dtype=np.float32),
        means=np.array([sum(member) for member in members]),
        packing=0.0,
        source="made",
    )


FOUR = ensemble([20, 0, 0, 0], [0, 20, 0, 0], [0, 0, 20, 0], [10, 0, 20, 0])


@pytest.mark.parametrize(
    ("how", "wide", "small"),
    [
        ("mean", 0.25 * 0.60 + 0.25 * 0.38 + 0.50 * 0.02, 0.5),
        ("peak", 0.25, 0.5),
        ("anywhere", 0.50, 0.5),
    ],
)
def test_three_questions_have_three_answers(how: How, wide: float, small: float) -> None:
    odds = from_members(FOUR, HEAVY, WEIGHTS, how)
    assert [one.code for one in odds] == list(WEIGHTS.codes)
    assert odds[0].probability == pytest.approx(wide)
    assert odds[1].probability == pytest.approx(small)


@pytest.mark.parametrize(
    ("of_district", "of_cell", "probability"),
    [
        ([0.96, 0.02, 0.02], [1.0, 0.5, 0.4], 1.0),
        ([0.96, 0.02, 0.02], [1.0, 0.4, 1.0], 0.0),
        ([0.93, 0.05, 0.02], [1.0, 0.1, 0.1], 1.0),
        ([0.94, 0.03, 0.03], [1.0, 0.1, 0.1], 1.0),
        ([0.02, 0.04, 0.03], [0.1, 0.2, 0.1], 1.0),
    ],
    ids=[
        "half of a cell",
        "a sliver",
        "a twentieth of the district",
        "one of two slivers that hold a twentieth together",
        "the most of any cell",
    ],
)
def test_a_cell_counts_for_the_peak_if_it_matters(
    of_district: list[float], of_cell: list[float], probability: float
) -> None:
    weights = Weights(
        codes=("one",),
        cells=WEIGHTS.cells,
        start=np.array([0, 3]),
        entry=np.array([0, 1, 2]),
        of_district=np.array(of_district),
        of_cell=np.array(of_cell),
    )
    hit = np.array([0, 1, 0, 0], dtype=np.float32)
    assert weights.largest(hit).tolist() == [probability]


def one_of(shares: list[float]) -> Weights:
    """One district of so many pieces, each in a cell that it hardly fills."""
    size = len(shares)
    return Weights(
        codes=("atolls",),
        cells=Cells(WORLD, np.arange(size)),
        start=np.array([0, size]),
        entry=np.arange(size),
        of_district=np.array(shares),
        of_cell=np.full(size, 0.1),
    )


def test_a_storm_over_any_of_forty_equal_islands_counts() -> None:
    islands = one_of([1 / 40] * 40)
    assert [islands.largest(hit).tolist() for hit in np.eye(40, dtype=np.float32)] == [[1.0]] * 40


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=60))
def test_the_pieces_that_do_not_count_hold_less_than_a_twentieth(sizes: list[int]) -> None:
    shares = [size / sum(sizes) for size in sizes]
    hits = one_of(shares).largest(np.eye(len(shares), dtype=np.float32))[:, 0]
    assert sum(share for share, hit in zip(shares, hits, strict=True) if not hit) < 0.05


def test_exactly_the_threshold_is_not_above_it() -> None:
    assert from_members(ensemble([10, 10, 10, 10]), HEAVY, WEIGHTS, "peak")[0].probability == 0.0


def test_cold_is_below() -> None:
    cold = Threshold("below", 10.0, "mm")
    assert from_members(FOUR, cold, WEIGHTS, "peak")[1].probability == 0.5


def test_a_district_beyond_the_grid_or_without_geometry_has_no_data() -> None:
    edge, nowhere = from_members(FOUR, HEAVY, WEIGHTS, "mean")[2:]
    assert edge.probability is None
    assert edge.no_data == NoData("outside", "the grid covers 90.0% of the district")
    assert nowhere.no_data == NoData("outside", "it lies outside the grid, or has no boundary")


def test_one_missing_cell_takes_the_data_of_its_districts_and_of_no_other() -> None:
    holed = ensemble([20, 0, np.nan, 0], [20, 20, 20, 0])
    wide, small = from_members(holed, HEAVY, WEIGHTS, "peak")[:2]
    assert small.no_data == NoData("missing", "1 of the district's cells have no value")
    assert wide.no_data is not None
    other = ensemble([20, 0, 0, np.nan])
    assert from_members(other, HEAVY, WEIGHTS, "peak")[0].probability == 1.0


def test_no_data_stays_no_data_in_every_district() -> None:
    nothing = NoData("constant", "every cell of the file holds 0 mm")
    for odds in (
        from_members(nothing, HEAVY, WEIGHTS, "mean"),
        from_probabilities(odds_field(np.zeros(WORLD.size), 1), nothing, WEIGHTS, "mean"),
    ):
        assert {one.probability for one in odds} == {None}
        assert {one.no_data for one in odds} == {nothing}


def test_a_probability_product_is_weighted_by_area() -> None:
    values = np.zeros(WORLD.size)
    values[100:104] = [0.5, 0.1, 1.0, 0.0]
    product = odds_field(values, 10, only=WEIGHTS.cells)
    mean = from_probabilities(product, None, WEIGHTS, "mean")
    peak = from_probabilities(product, None, WEIGHTS, "peak")
    assert mean[0].probability == pytest.approx(0.5 * 0.60 + 0.1 * 0.38 + 1.0 * 0.02)
    assert peak[0].probability == pytest.approx(0.5)
    assert peak[1].probability == 1.0


OTHER = RegularGrid(north=90, west=5, step_lat=10, step_lon=10, rows=19, columns=36)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (
            lambda: from_members(FOUR, Threshold("above", 0.01, "m"), WEIGHTS, "mean"),
            "the threshold is in m, rain in mm",
        ),
        (
            lambda: from_probabilities(
                odds_field(some_rain() / 1000, 1, only=WEIGHTS.cells), None, WEIGHTS, "anywhere"
            ),
            "does not tell how probable a hit anywhere",
        ),
        (
            lambda: from_probabilities(
                field(some_rain(), only=WEIGHTS.cells), None, WEIGHTS, "mean"
            ),
            "no probabilities",
        ),
        (
            lambda: from_probabilities(odds_field(some_rain() / 1000, 1), None, WEIGHTS, "mean"),
            "not read for the cells",
        ),
        (
            lambda: from_probabilities(
                odds_field(some_rain() / 1000, 1, grid=OTHER, only=WEIGHTS.cells),
                None,
                WEIGHTS,
                "mean",
            ),
            "not read for the cells",
        ),
    ],
    ids=[
        "a threshold in other units",
        "anywhere without members",
        "a product without probabilities",
        "a field of all cells",
        "a field of another grid",
    ],
)
def test_a_wrong_question_gets_a_sentence(ask: Callable[[], object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        ask()


@given(
    st.lists(st.lists(st.floats(0, 50, width=32), min_size=4, max_size=4), min_size=1, max_size=12),
    st.floats(0, 50),
)
def test_the_three_answers_are_ordered_and_fall_with_the_threshold(
    members: list[list[float]], limit: float
) -> None:
    found = {}
    for how in ("mean", "peak", "anywhere"):
        mild, extreme = (
            from_members(ensemble(*members), Threshold("above", at, "mm"), WEIGHTS, how)[1]
            for at in (limit, limit + 1)
        )
        assert mild.probability is not None
        assert extreme.probability is not None
        assert extreme.probability <= mild.probability
        found[how] = mild.probability
    assert found["mean"] <= found["peak"] + 1e-6
    assert found["peak"] <= found["anywhere"] + 1e-6
