"""A composite: pairs that hold whatever one chooses, and how far places move; never a place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import InputError
from comity.share.composite import Between, Composite, Places, composite


def exactly(*values: float) -> list[Between | None]:
    return [(value, value) for value in values]


def places_of(found: Composite) -> dict[str, tuple[int, int]]:
    return {one.country: (one.low, one.high) for one in found.places}


def test_whoever_leads_in_everything_is_first_whatever_one_chooses() -> None:
    found = composite({"AAA": exactly(9, 9), "BBB": exactly(5, 1), "CCC": exactly(1, 5)})

    assert set(found.never_behind) == {("AAA", "BBB"), ("AAA", "CCC")}
    assert found.pairs == 3
    assert places_of(found) == {"AAA": (1, 1), "BBB": (2, 3), "CCC": (2, 3)}


def test_equals_share_a_place_and_neither_leads() -> None:
    found = composite({"AAA": exactly(3, 4), "BBB": exactly(3, 4)})

    assert found.never_behind == ()
    assert found.places == (Places("AAA", 1, 1), Places("BBB", 1, 1))


def test_what_is_below_a_detection_limit_may_be_anything_below_it() -> None:
    found = composite({"AAA": [(0, 4), (5, 5)], "BBB": exactly(2, 5), "CCC": exactly(4, 5)})

    assert set(found.never_behind) == {("CCC", "AAA"), ("CCC", "BBB")}
    assert places_of(found)["AAA"] == (2, 3)


def test_what_is_unknown_may_be_anything_that_was_seen() -> None:
    found = composite(
        {"AAA": [None, (5, 5), (5, 5)], "BBB": exactly(1, 5, 5), "CCC": exactly(9, 5, 5)}
    )

    assert set(found.never_behind) == {("AAA", "BBB"), ("CCC", "AAA"), ("CCC", "BBB")}


def test_a_country_with_too_little_data_is_not_placed() -> None:
    found = composite(
        {"AAA": exactly(1, 2, 3), "BBB": exactly(3, 2, 1), "CCC": [(9.0, 9.0), None, None]}
    )

    assert found.too_little == ("CCC",)
    assert set(places_of(found)) == {"AAA", "BBB"}


def test_countries_stand_in_the_order_of_their_codes() -> None:
    found = composite({"CCC": exactly(9, 9), "AAA": exactly(1, 1), "BBB": exactly(5, 5)})

    assert [one.country for one in found.places] == ["AAA", "BBB", "CCC"]


@pytest.mark.parametrize(
    ("known", "what"),
    [
        ({}, "two indicators"),
        ({"AAA": exactly(1), "BBB": exactly(2)}, "two indicators"),
        ({"AAA": exactly(1, 2), "BBB": [None, None]}, "it takes two"),
        (
            {"AAA": [*exactly(1, 2), None], "BBB": [*exactly(2, 1), None]},
            "an indicator has no figure",
        ),
    ],
    ids=["nobody", "one indicator", "one country", "an indicator of nobody"],
)
def test_too_little_for_any_answer_is_refused(
    known: dict[str, list[Between | None]], what: str
) -> None:
    with pytest.raises(InputError, match=what):
        composite(known)


value = st.integers(0, 6).map(float)
limits = st.one_of(st.none(), st.tuples(value, value).map(lambda two: (min(two), max(two))))
rows = st.lists(limits, min_size=3, max_size=3)


@settings(max_examples=15, deadline=None)
@given(st.lists(rows, min_size=2, max_size=6))
def test_whoever_is_never_behind_has_no_worse_places(table: list[list[Between | None]]) -> None:
    known = {f"AA{chr(65 + at)}": row for at, row in enumerate(table)}
    try:
        found = composite(known)
    except InputError:
        return
    places = places_of(found)
    for ahead, behind in found.never_behind:
        assert places[ahead][0] <= places[behind][0]
        assert places[ahead][1] <= places[behind][1]
    assert all(1 <= low <= high <= len(places) for low, high in places.values())
