"""Nobody is lost silently: the join of people and areas by code."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InputError
from early_warning.people import Count, GroupCount, Ledger, join, unwarned
from goods.early_warning.tests.people.made import country, people


def residents(ledger: Ledger) -> dict[str, int | None]:
    return {one.area.code: one.residents for one in ledger.districts}


def test_equal_codes_are_joined(tmp_path: Path) -> None:
    ledger = join(country(tmp_path, "A", "B"), people(A=5, B=7))
    assert residents(ledger) == {"A": 5, "B": 7}
    assert ledger.total == 12


def test_unmatched_codes_of_both_sides_stop_with_the_whole_list(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="3 codes") as caught:
        join(country(tmp_path, "A", "B"), people(A=5, A1=1_234, A2=7))
    assert "A1: 1,234 (residents) in no area" in caught.value.hint
    assert "A2: 7 (residents) in no area" in caught.value.hint
    assert "B: District B has no row of residents" in caught.value.hint
    assert "Codes of the boundaries: A, B." in caught.value.hint


def test_a_group_without_area_stops_too(tmp_path: Path) -> None:
    rows = [*people(A=5), Count("Z", "disabled", 2, "people")]
    with pytest.raises(InputError, match="1 code of"):
        join(country(tmp_path, "A"), rows)


def test_a_crosswalk_joins_codes_that_differ(tmp_path: Path) -> None:
    ledger = join(country(tmp_path, "A"), people(X1=5, X2=6), crosswalk={"X1": "A", "X2": "A"})
    assert residents(ledger) == {"A": 11}
    assert ledger.districts[0].places == ("X1", "X2")


def test_small_places_nest_in_larger_areas_by_the_letters_of_their_codes(tmp_path: Path) -> None:
    ledger = join(
        country(tmp_path, "181", "182"), people(**{"18101": 5, "18104": 6, "18201": 7}), nest=3
    )
    assert residents(ledger) == {"181": 11, "182": 7}
    assert ledger.district_of == {"18101": "181", "18104": "181", "18201": "182"}


def test_nesting_is_never_assumed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unmatched"):
        join(country(tmp_path, "181"), people(**{"18101": 5}))


def test_accepted_people_stay_in_the_total(tmp_path: Path) -> None:
    ledger = join(country(tmp_path, "A"), people(A=5, Z=9), accepted={"Z": "island, no map yet"})
    assert ledger.total == 14
    assert [(one.code, one.residents) for one in ledger.stranded] == [("Z", 9)]


def test_residents_that_nobody_counted_are_not_zero(tmp_path: Path) -> None:
    ledger = join(country(tmp_path, "A", "B"), people(A=5), accepted={"B": "no census"})
    assert residents(ledger) == {"A": 5, "B": None}
    assert ledger.districts[1].accepted == "no census"


def test_a_district_counted_as_zero_is_zero(tmp_path: Path) -> None:
    assert residents(join(country(tmp_path, "A", "B"), people(A=5, B=0))) == {"A": 5, "B": 0}


def test_a_repair_says_how_many_people_it_touches(tmp_path: Path) -> None:
    ledger = join(country(tmp_path, "A", "B", without="B"), people(A=5, B=7))
    assert [(repair.kind, number) for repair, number in ledger.repairs] == [("no_geometry", 7)]


def test_groups_are_added_up_and_say_in_how_many_places_they_are_counted(tmp_path: Path) -> None:
    rows = [
        *people(**{"18101": 50, "18104": 60, "18107": 70}),
        Count("18101", "herders", 4, "households"),
        Count("18104", "herders", 5, "households"),
        Count("181", "disabled", 6, "people"),
    ]
    (district,) = join(country(tmp_path, "181"), rows, nest=3).districts
    assert district.groups == {
        "herders": GroupCount(9, "households", 2),
        "disabled": GroupCount(6, "people", 3),
    }


@pytest.mark.parametrize(
    ("rows", "more", "sentence"),
    [
        ([Count("A", "disabled", 5, "people")], {}, "no table counts 'residents'"),
        ([*people(A=5), *people(A=5)], {}, "counted in two tables"),
        ([Count("A", "residents", 5, "households")], {}, "'A' are counted in households"),
        (people(A=5), {"crosswalk": {"Z": "A"}}, "crosswalk names 'Z'"),
        (people(A=5, X=6), {"crosswalk": {"X": "Y"}}, "crosswalk names 'Y'"),
        (people(A=5), {"accepted": {"Z": "why"}}, "'Z' is accepted .* not there"),
        (people(A=5, Z=1), {"accepted": {"Z": " "}}, "without a reason"),
        (people(A=5, A1=3), {"nest": 1}, "as a whole and by its parts"),
        (
            [
                *people(A1=5, A2=5),
                Count("A1", "herders", 1, "people"),
                Count("A2", "herders", 1, "households"),
            ],
            {"nest": 1},
            "in people and in households",
        ),
    ],
    ids=[
        "nobody is counted",
        "two tables of residents",
        "residents counted in households",
        "a crosswalk from nowhere",
        "a crosswalk to nowhere",
        "an acceptance of nothing",
        "an acceptance without reason",
        "people counted twice",
        "a group in two units",
    ],
)
def test_a_join_that_hides_a_mistake_gets_a_sentence(
    tmp_path: Path, rows: list[Count], more: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        join(country(tmp_path, "A"), rows, **more)  # type: ignore[arg-type]


CODES = st.sampled_from(["A", "B", "C", "A1", "A2", "B1", "Z"])


AREAS = st.sampled_from(["A", "B", "C"])


@given(
    st.dictionaries(CODES, st.integers(0, 10**6), min_size=1),
    st.sets(CODES),
    st.dictionaries(CODES, AREAS),
    st.integers(0, 2),
    st.sampled_from(["", "A", "C"]),
)
def test_either_everybody_is_accounted_for_once_or_nothing_runs(
    counted: dict[str, int],
    accepted: set[str],
    crosswalk: dict[str, str],
    nest: int,
    without: str,
) -> None:
    with TemporaryDirectory() as folder:
        boundaries = country(Path(folder), "A", "B", "C", without=without)
    try:
        ledger = join(
            boundaries,
            people(**counted),
            crosswalk={code: area for code, area in crosswalk.items() if code in counted},
            nest=nest,
            accepted=dict.fromkeys(accepted, "because"),
        )
    except InputError:
        return
    known = sum(one.residents or 0 for one in ledger.districts)
    stranded = {one.code for one in ledger.stranded}
    assert known + sum(one.residents for one in ledger.stranded) == sum(counted.values())
    assert stranded <= accepted
    assert set(ledger.district_of) | stranded == set(counted)
    assert not set(ledger.district_of) & stranded
    assert sum(len(one.places) for one in ledger.districts) == len(ledger.district_of)
    unable = [one for one in unwarned(ledger, {}) if one.low is not None]
    missing = next(one for one in ledger.districts if one.area.code == (without or "A"))
    nowhere = (missing.residents or 0) if without else 0
    assert sum(one.high or 0 for one in unable) == nowhere + sum(
        one.residents for one in ledger.stranded
    )
