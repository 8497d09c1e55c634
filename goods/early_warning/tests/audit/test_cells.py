"""From the ledger to cells: nobody is lost or in two, and nothing unknown is taken as known."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_warning.audit import Cell
from early_warning.audit.cells import Population, population, reach_of
from early_warning.people import Boundaries, Count, join
from goods.early_warning.tests.audit.made import count, ledger
from goods.early_warning.tests.people.made import country


def of(found: tuple[Population, ...], group: str = "residents") -> dict[tuple[str, str], int]:
    (one,) = (one for one in found if one.group == group)
    return {(cell.district, cell.language): cell.people for cell in one.cells}


def test_residents_without_languages_are_one_cell_of_unknown_language(tmp_path: Path) -> None:
    found, notes = population(ledger(tmp_path, count("A", "residents", 10), codes="A"))
    assert of(found) == {("A", "und"): 10}
    assert notes == ()


def test_languages_are_cells_and_the_others_speak_one_that_is_not_known(tmp_path: Path) -> None:
    found, _ = population(
        ledger(
            tmp_path,
            count("A", "residents", 10),
            count("A", "language:FR", 6),
            count("A", "language:so", 1),
            codes="A",
        )
    )
    assert of(found) == {("A", "fr"): 6, ("A", "so"): 1, ("A", "und"): 3}


def test_people_counted_in_several_languages_are_of_unknown_language(tmp_path: Path) -> None:
    found, notes = population(
        ledger(
            tmp_path,
            count("A", "residents", 10),
            count("A", "language:fr", 6),
            count("A", "language:so", 5),
            codes="A",
        )
    )
    assert of(found) == {("A", "und"): 10}
    assert "nobody's language is taken as known there" in notes[0]


def test_groups_are_accounts_of_their_own_and_speak_what_nearly_everybody_speaks(
    tmp_path: Path,
) -> None:
    found, _ = population(
        ledger(
            tmp_path,
            count("A", "residents", 100),
            count("A", "language:mn", 90),
            count("A", "herders", 40),
            count("A", "disabled", 5),
            count("B", "residents", 7),
            codes="A B",
        )
    )
    assert [one.group for one in found] == ["residents", "herders", "disabled"]
    assert of(found, "herders") == {("A", "mn"): 30, ("A", "und"): 10}
    assert of(found, "disabled") == {("A", "und"): 5}
    assert [sorted(one.uncounted) for one in found] == [[], ["B"], ["B"]]


def test_what_is_counted_in_households_or_by_nobody_is_left_out_by_name(tmp_path: Path) -> None:
    found, notes = population(
        ledger(
            tmp_path,
            count("A", "residents", 10),
            count("A", "herders", 4, "households"),
            count("X", "residents", 3),
            accepted={"B": "not surveyed", "X": "an island"},
            codes="A B",
        )
    )
    assert [one.group for one in found] == ["residents"]
    assert found[0].uncounted == {"B"}
    assert notes == (
        "herders are counted in households, not in people: they are left out.",
        "How many people live in District B (B) is not known: not surveyed.",
        "3 people live in places without a district. They cannot be warned, and nobody can say "
        "here whether the hazard came to them.",
    )


def test_a_listening_group_bounds_the_reach_of_the_channel_of_its_name(tmp_path: Path) -> None:
    made = ledger(
        tmp_path,
        count("A", "residents", 100),
        count("A", "language:mn", 90),
        count("A", "language:kk", 10),
        count("A", "channel:radio", 60),
        codes="A",
    )
    found, _ = population(made)
    mongolian, kazakh = reach_of(made, found[0].cells, ())
    assert (mongolian.reached, mongolian.at_most, mongolian.asked) == (50, 60, 90)
    assert (kazakh.reached, kazakh.at_most, kazakh.asked) == (0, 10, 10)
    assert not mongolian.survey
    assert reach_of(made, found[0].cells, [kazakh]) == (kazakh, mongolian)
    everywhere = msgspec.structs.replace(kazakh, district=None)
    assert reach_of(made, found[0].cells, [everywhere]) == (everywhere, mongolian)
    elsewhere = msgspec.structs.replace(kazakh, district="B")
    assert reach_of(made, found[0].cells, [elsewhere]) == (elsewhere, mongolian, kazakh)


def test_a_channel_counted_in_some_places_bounds_nothing_from_above(tmp_path: Path) -> None:
    made = join(
        country(tmp_path, "A"),
        [
            count("A1", "residents", 50),
            count("A2", "residents", 50),
            count("A1", "language:mn", 50),
            count("A2", "language:mn", 50),
            count("A1", "channel:radio", 20),
        ],
        nest=1,
    )
    (one,) = reach_of(made, population(made)[0][0].cells, ())
    assert (one.reached, one.at_most) == (20, 100)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Boundaries:
    """One district."""
    return country(tmp_path_factory.mktemp("country"), "A")


SOMETIMES = st.none() | st.integers(0, 60)


@given(st.integers(0, 50), st.lists(SOMETIMES, min_size=3, max_size=3), SOMETIMES)
def test_every_counted_person_is_in_exactly_one_cell_of_each_account(
    place: Boundaries, residents: int, languages: list[int | None], herders: int | None
) -> None:
    counts: list[Count] = [count("A", "residents", residents)]
    names = ("language:mn", "language:kk", "language:ru", "herders")
    for name, number in zip(names, [*languages, herders], strict=True):
        if number is not None:
            counts.append(count("A", name, number))
    found, _ = population(join(place, counts))
    assert sum(of(found).values()) == residents
    if herders is not None:
        assert sum(of(found, "herders").values()) == herders
    for one in found:
        assert all(cell.people >= 0 for cell in one.cells)
        assert max(Counter((c.district, c.language) for c in one.cells).values()) == 1


@given(
    st.lists(
        st.tuples(st.sampled_from(["mn", "kk"]), st.booleans(), st.booleans()),
        min_size=1,
        max_size=40,
    )
)
def test_the_bounds_hold_whoever_the_people_are(
    place: Boundaries, people: list[tuple[str, bool, bool]]
) -> None:
    """Each person has a language, herds or not, and hears radio or not: only margins are told."""
    margins = [
        count("A", "residents", len(people)),
        count("A", "language:mn", sum(one == "mn" for one, _, _ in people)),
        count("A", "language:kk", sum(one == "kk" for one, _, _ in people)),
        count("A", "herders", sum(herds for _, herds, _ in people)),
        count("A", "channel:radio", sum(hears for _, _, hears in people)),
    ]
    made = join(place, margins)
    residents, herders = population(made)[0]
    truth = Counter(language for language, herds, _ in people if herds)
    for cell in herders.cells:
        if cell.language != "und":
            assert cell.people <= truth[cell.language]
    hearing = Counter(language for language, _, hears in people if hears)
    for one in reach_of(made, residents.cells, ()):
        assert one.at_most is not None
        assert one.reached <= hearing[one.language] <= one.at_most


def test_an_empty_place_is_still_a_cell(tmp_path: Path) -> None:
    found, _ = population(ledger(tmp_path, count("A", "residents", 0), codes="A"))
    assert found[0].cells == (Cell(district="A", group="residents", language="und", people=0),)
