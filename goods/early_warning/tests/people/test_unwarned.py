"""Who cannot be warned, and why: in sentences, without counting anybody twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from early_warning.people import Count, join, sentences, unwarned
from goods.early_warning.tests.people.made import country, people


def test_everybody_can_be_warned(tmp_path: Path) -> None:
    ledger = join(country(tmp_path, "A", "B"), people(A=5_000, B=7))
    assert sentences(ledger, unwarned(ledger, {})) == (
        "All 5,007 people counted can be warned, as far as boundaries and forecasts go: whom the "
        "channels reach was not counted.",
    )
    rows = [*people(A=5), Count("A", "channel:radio", 5, "people")]
    ledger = join(country(tmp_path, "A"), rows)
    assert sentences(ledger, unwarned(ledger, {})) == ("All 5 people counted can be warned.",)


def test_every_reason_has_its_sentence_and_the_greatest_comes_first(tmp_path: Path) -> None:
    ledger = join(
        country(tmp_path, "A", "B", "C", "D", without="B"),
        people(A=5, B=7, C=900, Z=30),
        accepted={"Z": "island, no map yet", "D": "no census"},
    )
    told = sentences(ledger, unwarned(ledger, {"C": "every cell of the file holds 0 mm"}))
    assert told == (
        "900 people cannot be warned, because their district has no forecast: every cell of the "
        "file holds 0 mm: District C (C).",
        "30 people cannot be warned, because their place has no boundary (island, no map yet): Z.",
        "7 people cannot be warned, because the boundary of their district has no geometry: "
        "District B (B).",
        "How many people live in District D (D) is not known: no census.",
        "Repaired: District B (B), 7 people: the boundary is published without a geometry.",
    )


def test_districts_with_one_reason_are_told_together(tmp_path: Path) -> None:
    ledger = join(country(tmp_path, "A", "B", "C"), people(A=1, B=2, C=4))
    (one,) = unwarned(ledger, {"A": "no run came", "C": "no run came"})
    assert (one.low, one.high) == (5, 5)
    assert one.places == ("District A (A)", "District C (C)")


def test_a_number_that_is_not_known_is_never_added_as_zero(tmp_path: Path) -> None:
    ledger = join(country(tmp_path, "A", "B"), people(A=5), accepted={"B": "no census"})
    found = unwarned(ledger, {"A": "no run came", "B": "no run came"})
    assert [(one.low, one.places) for one in found] == [
        (5, ("District A (A)",)),
        (None, ("District B (B)",)),
    ]
    assert sentences(ledger, found)[1].startswith("An unknown number of people cannot be warned")


@pytest.mark.parametrize(
    ("channels", "low", "high"),
    [
        ({"radio": 60, "telephone": 30}, 10, 40),
        ({"radio": 60, "telephone": 70}, 0, 30),
        ({"radio": 0}, 100, 100),
        ({"radio": 100}, None, None),
        ({"radio": 140}, None, None),
        ({}, None, None),
    ],
    ids=[
        "channels that together reach less than all",
        "channels that may reach all",
        "a channel that reaches nobody",
        "a channel that reaches all",
        "more radios than people",
        "no channel counted",
    ],
)
def test_who_is_reached_is_a_range_because_channels_overlap(
    tmp_path: Path, channels: dict[str, int], low: int | None, high: int | None
) -> None:
    rows = [Count("A", f"channel:{name}", number, "people") for name, number in channels.items()]
    found = unwarned(join(country(tmp_path, "A"), people(A=100) + rows), {})
    assert [(one.low, one.high) for one in found] == ([] if high is None else [(low, high)])


def test_a_channel_that_was_not_counted_everywhere_leaves_nobody_surely_without(
    tmp_path: Path,
) -> None:
    rows = [*people(A1=60, A2=40), Count("A1", "channel:radio", 50, "people")]
    found = unwarned(join(country(tmp_path, "A"), rows, nest=1), {})
    assert [(one.low, one.high) for one in found] == [(0, 50)]


def test_households_are_no_people(tmp_path: Path) -> None:
    rows = [
        *people(A=100),
        Count("A", "channel:radio", 20, "households"),
        Count("A", "language:aa", 7, "households"),
    ]
    ledger = join(country(tmp_path, "A"), rows)
    assert unwarned(ledger, {}, languages={"fr"}) == ()
    assert sentences(ledger, ())[1:] == (
        "In District A (A) channel:radio are counted in households: how many people that are is "
        "not known.",
        "In District A (A) language:aa are counted in households: how many people that are is not "
        "known.",
    )
    both = [*rows, Count("A", "channel:telephone", 30, "people")]
    (one,) = unwarned(join(country(tmp_path, "A"), both), {})
    assert (one.low, one.high) == (0, 70)


def test_nobody_is_named_under_two_reasons(tmp_path: Path) -> None:
    rows = [*people(A=100), Count("A", "channel:radio", 10, "people")]
    ledger = join(country(tmp_path, "A"), rows)
    assert [one.high for one in unwarned(ledger, {"A": "no run came"})] == [100]


def test_a_warning_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    rows = [
        *people(A=100),
        Count("A", "language:so", 60, "people"),
        Count("A", "language:aa", 35, "people"),
    ]
    ledger = join(country(tmp_path, "A"), rows)
    (one,) = unwarned(ledger, {}, languages={"so", "fr"})
    assert (one.low, one.because) == (35, "no alert is written in their language (aa)")
    assert unwarned(ledger, {}) == ()


def test_a_group_that_is_not_counted_everywhere_is_told(tmp_path: Path) -> None:
    rows = [*people(A1=1, A2=2), Count("A1", "herders", 1, "households")]
    ledger = join(country(tmp_path, "A"), rows, nest=1)
    told = sentences(ledger, unwarned(ledger, {}))
    assert told[1] == "In District A (A) herders are counted in 1 of 2 places."
