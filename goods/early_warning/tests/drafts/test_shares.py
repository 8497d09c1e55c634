"""Probabilities of each district's own threshold, from members and from products."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_warning.drafts.shares import Shares, better, of_members, of_product
from early_warning.drafts.windows import Side, windows_of
from early_warning.grids import Ensemble, NoData, Threshold, from_members
from goods.early_warning.tests.drafts.test_windows import WEIGHTS, ensemble
from goods.early_warning.tests.grids.made import WORLD, field, odds_field

VALUE = st.floats(0, 50, width=32)


@given(
    st.lists(st.lists(VALUE, min_size=3, max_size=3), min_size=1, max_size=6),
    st.tuples(VALUE, VALUE),
    st.sampled_from(["above", "below"]),
)
def test_with_thresholds_of_their_own_districts_get_what_one_for_all_would_give(
    members: list[list[float]], limits: tuple[float, float], side: Side
) -> None:
    key, one = ensemble("rain", 0, 24, *members)
    (window,) = windows_of({key: one}, "rain", 24, side, WEIGHTS)
    shares = of_members(window, np.array([limits]), side)
    for place, limit in enumerate(limits):
        alike = from_members(one, Threshold(side, limit, "mm"), WEIGHTS, "anywhere")
        assert shares.raw[0, place] == pytest.approx(alike[place].probability)


def test_kelvins_meet_thresholds_in_degrees() -> None:
    key, base = ensemble("temperature_max", 0, 24, [310.0, 312.0, 314.0], [300, 300, 316])
    one = Ensemble(
        **{name: getattr(base, name) for name in Ensemble.__slots__ if name != "units"}, units="K"
    )
    (window,) = windows_of({key: one}, "temperature_max", 24, "above", WEIGHTS)
    shares = of_members(window, np.array([[38.0, 42.0], [np.nan, 30.0]]), "above")
    assert shares.raw[0].tolist() == [0.5, 0.5]
    assert np.isnan(shares.raw[1, 0])
    assert shares.raw[1, 1] == 1.0
    assert shares.members is not None
    np.testing.assert_allclose(shares.members, [[38.85, 40.85], [26.85, 42.85]], atol=1e-4)


def product(*limits: float, start: float = 0.0, end: float = 24.0) -> list[tuple[object, None]]:
    cells = WEIGHTS.cells
    return [
        (
            odds_field(
                np.full((WORLD.rows, WORLD.columns), 0.6 / (1 + number)),
                limit,
                only=cells,
                start_hour=start,
                end_hour=end,
            ),
            None,
        )
        for number, limit in enumerate(limits)
    ]


def asked(fields: object, *amounts: list[float], hours: int = 24) -> list[Shares]:
    return of_product(fields, "rain", hours, np.array(amounts), "above", WEIGHTS)  # type: ignore[arg-type]


def test_a_product_answers_for_the_thresholds_that_it_holds() -> None:
    (one,) = asked(product(10, 25), [10.0, 25.0])
    assert one.raw[0].tolist() == pytest.approx([0.6, 0.3])
    assert one.members is None


def test_a_threshold_that_the_product_lacks_is_no_data_and_those_there_are_named() -> None:
    (one,) = asked(product(10, 25), [10.0, 30.0])
    assert np.isnan(one.raw[0, 1])
    assert one.why[0] == (
        "",
        "the product has no probability of rain above 30 mm; it has those above 10, 25 mm",
    )


def test_a_district_without_a_threshold_has_no_probability() -> None:
    (one,) = asked(product(10), [10.0, np.nan])
    assert one.why[0] == ("", "the district has no threshold")


def test_a_refused_field_is_no_data_with_its_reason() -> None:
    refused = [(one, NoData("constant", "nothing anywhere")) for one, _ in product(10)]
    (one,) = asked(refused, [10.0, 10.0])
    assert np.isnan(one.raw).all()
    assert one.why[0] == ("nothing anywhere",) * 2


def test_rain_of_other_hours_than_the_threshold_is_no_data() -> None:
    (one,) = asked(product(10, start=0, end=6), [10.0, 10.0])
    assert np.isnan(one.raw).all()
    assert one.why[0][0] == "rain of 6 hours has no threshold of 24 hours"


def test_a_probability_given_twice_counts_if_both_say_the_same() -> None:
    twice = product(10) + product(10)
    (one,) = asked(twice, [10.0, 10.0])
    assert one.raw[0].tolist() == pytest.approx([0.6, 0.6])
    other = [*product(10), (odds_field(np.full((19, 36), 0.1), 10, only=WEIGHTS.cells), None)]
    (one,) = asked(other, [10.0, 10.0])
    assert one.why[0][0] == "the files hold this probability twice, with other values"


def test_a_probability_without_a_readable_event_answers_nothing() -> None:
    blind = field(
        np.full((19, 36), 0.4),
        units="1",
        kind="probability",
        member=None,
        only=WEIGHTS.cells,
    )
    (one,) = asked([(blind, NoData("unknown", "no event"))], [10.0, 10.0])
    assert np.isnan(one.raw).all()
    assert "it has none above any (no event)" in one.why[0][0]


def two_grids(*rows: list[float]) -> list[Shares]:
    """One level in three districts, as two grids give it; not a number is no data."""
    return [
        Shares(
            start=0,
            end=24,
            raw=np.array([row]),
            why=(tuple("beyond the grid" if np.isnan(one) else "" for one in row),),
            source=(f"{name}.grib2",),
            corrections=((f"{name} was put right",),),
            members=np.array([row, row]),
        )
        for name, row in zip("ab", rows, strict=True)
    ]


def test_of_two_grids_each_district_has_the_one_that_knows_it_and_then_gives_more() -> None:
    first, second = two_grids([0.0, np.nan, 0.7], [0.4, 0.2, 0.1])
    for one in (better(first, second), better(second, first)):
        assert one.raw.tolist() == [[0.4, 0.2, 0.7]]
        assert one.why == (("", "", ""),)
        assert one.members is not None
        assert one.members[0].tolist() == [0.4, 0.2, 0.7]
        assert set(one.source[0].split("; ")) == {"a.grib2", "b.grib2"}
        assert set(one.corrections[0]) == {"a was put right", "b was put right"}


def test_a_grid_that_knows_nothing_hides_nothing() -> None:
    known, nothing = two_grids([0.3, 0.0, 0.0], [np.nan, np.nan, np.nan])
    assert better(nothing, known) is known
    assert better(known, nothing) is known
