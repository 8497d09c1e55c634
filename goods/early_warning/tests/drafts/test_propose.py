"""Proposals: one for each hazard, window, impact and colour, with its reasons, and none in vain."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_warning.country import Impact
from early_warning.drafts.outlook import Expectation, Outlook
from early_warning.drafts.proposal import Proposal
from early_warning.drafts.propose import propose
from early_warning.service import Service
from goods.early_warning.tests.drafts.made import service
from goods.early_warning.tests.grids.made import START

NOW = START + timedelta(hours=3)
LIMITS = {"minor": "20", "significant": "40", "severe": "80"}


@pytest.fixture(scope="module")
def opened() -> Iterator[Service]:
    with tempfile.TemporaryDirectory() as name:
        yield service(Path(name))


def expected(
    district: str = "N1",
    impact: Impact = "minor",
    chance: float | None = 0.7,
    *,
    shown: bool = True,
    day: int = 1,
    **more: Any,
) -> Expectation:
    known: dict[str, Any] = {
        "district": district,
        "hazard": "heavy_rain",
        "impact": impact,
        "threshold": LIMITS[impact],
        "threshold_from": f"Set by the service for all districts: {LIMITS[impact]} mm.",
        "begins": START + timedelta(days=day),
        "ends": START + timedelta(days=day + 1),
        "lead": 24 * (day + 1),
        "question": "anywhere",
        "raw": chance,
        "used": chance if shown else None,
        "by": "isotonic" if shown and chance is not None else None,
        "may_alert": shown and chance is not None,
        "words": "skill shown" if shown else "skill not shown: the record is short",
        "no_data": "" if chance is not None else "a file is missing",
    }
    return Expectation(**{**known, **more})


def outlook(*expectations: Expectation) -> Outlook:
    return Outlook(
        made=NOW,
        run=START,
        files=("a.grib2",),
        expectations=expectations,
        no_data=(),
        people=(),
    )


def proposed(opened: Service, *expectations: Expectation) -> tuple[Proposal, ...]:
    return propose(opened, outlook(*expectations), now=NOW)


def test_green_makes_none(opened: Service) -> None:
    assert proposed(opened, expected(chance=0.3), expected(impact="severe", chance=0.01)) == ()


def test_no_data_makes_none_and_is_told_beside_its_neighbours(opened: Service) -> None:
    assert proposed(opened, expected(chance=None)) == ()
    (one,) = proposed(opened, expected("N1"), expected("S2", chance=None))
    assert one.content.districts == ("N1",)
    assert "Nothing is known of District S2: a file is missing." in one.reasons


def test_districts_alike_are_one_proposal_with_the_range_of_their_chances(opened: Service) -> None:
    (one,) = proposed(opened, expected("S2", chance=0.9), expected("N1", chance=0.75))
    content = one.content
    assert one.basis == "forecast"
    assert content.districts == ("N1", "S2")
    assert content.chance == (75, 90)
    assert (content.impact, content.colour) == ("minor", "yellow")
    assert (content.severity, content.certainty, content.urgency) == (
        "Moderate",
        "Likely",
        "Future",
    )
    assert content.onset.isoformat() == "2026-11-23T03:00:00+03:00"


def test_the_mildest_threshold_and_the_least_certainty_are_true_of_all(opened: Service) -> None:
    (one,) = proposed(
        opened,
        expected("N1", chance=0.65, threshold="31"),
        expected("S2", chance=0.45, threshold="9.5"),
    )
    assert one.content.threshold == "9.5"
    assert one.content.certainty == "Possible"


def test_the_mildest_cold_is_the_warmest_threshold(opened: Service) -> None:
    (one,) = proposed(
        opened,
        expected("N1", hazard="extreme_cold", threshold="-31"),
        expected("S2", hazard="extreme_cold", threshold="-9.5"),
    )
    assert one.content.threshold == "-9.5"


def test_a_district_appears_once_with_the_worst_colour_and_then_the_worst_impact(
    opened: Service,
) -> None:
    (one,) = proposed(
        opened,
        expected(impact="minor", chance=0.95),
        expected(impact="significant", chance=0.7),
        expected(impact="severe", chance=0.45),
    )
    assert (one.content.colour, one.content.impact) == ("orange", "severe")
    (other,) = proposed(
        opened,
        expected(impact="significant", chance=0.7),
        expected(impact="severe", chance=0.06),
    )
    assert (other.content.colour, other.content.impact) == ("orange", "significant")


def test_a_notice_states_no_chance_and_why_it_may_not_alert(opened: Service) -> None:
    (one,) = proposed(opened, expected(chance=0.9, shown=False))
    assert one.basis == "notice"
    assert one.content.chance is None
    assert one.content.certainty == "Possible"
    assert "They may not raise an alert: skill not shown: the record is short." in one.reasons


def test_a_worse_level_without_skill_does_not_hide_the_one_with_skill(opened: Service) -> None:
    notice, one = proposed(
        opened,
        expected(impact="minor", chance=0.8),
        expected(impact="severe", chance=0.7, shown=False),
    )
    assert (one.basis, one.content.colour) == ("forecast", "yellow")
    assert (notice.basis, notice.content.colour) == ("notice", "red")
    (told,) = (reason for reason in one.reasons if "would be red" in reason)
    assert told.startswith("District N1: the forecast as it is gives severe impacts, beyond 80 mm")


def test_a_worse_impact_of_one_colour_is_told_besides_and_a_milder_one_is_not(
    opened: Service,
) -> None:
    sure = expected(impact="significant", chance=0.45)
    notice, one = sorted(
        proposed(opened, sure, expected(impact="severe", chance=0.45, shown=False)),
        key=lambda one: one.basis,
        reverse=True,
    )
    assert (one.basis, one.content.colour) == ("forecast", "orange")
    assert (notice.content.impact, notice.content.colour) == ("severe", "orange")
    assert [one.basis for one in proposed(opened, sure, expected(chance=0.9, shown=False))] == [
        "forecast"
    ]


def test_of_a_window_that_is_partly_over_it_is_said_what_the_chance_is_of(opened: Service) -> None:
    (one,) = proposed(opened, expected(day=0))
    assert one.content.urgency == "Immediate"
    assert any(line.startswith("The time began at 2026-11-22 03:00+03:00.") for line in one.reasons)
    (later,) = proposed(opened, expected(day=1))
    assert not any("The time began" in line for line in later.reasons)


def test_people_and_their_groups_are_counted_and_who_cannot_be_warned(opened: Service) -> None:
    (one,) = proposed(opened, expected("N1"), expected("S2"))
    assert "1,200 people live there." in one.reasons
    assert any("herders 400 people (counted in 1 of the districts)" in line for line in one.reasons)
    assert any(line.startswith("100 people cannot be warned, because no") for line in one.reasons)
    assert [(line.name, line.residents) for line in one.lines] == [
        ("District N1", 1000),
        ("District S2", 200),
    ]
    assert one.lines[0].groups == {"herders": "400 people", "channel:radio": "900 people"}


def test_the_key_is_the_same_in_a_newer_run_and_differs_between_events(opened: Service) -> None:
    (first,) = proposed(opened, expected(chance=0.7))
    (second,) = proposed(opened, expected("S2", chance=0.8, lead=36))
    (third,) = proposed(opened, expected(chance=0.7, day=2))
    (notice,) = proposed(opened, expected(chance=0.7, shown=False))
    assert first.key == second.key
    assert len({first.key, third.key, notice.key}) == 3


def test_the_same_outlook_gives_the_same_digest_an_hour_later(opened: Service) -> None:
    later = propose(opened, outlook(expected()), now=NOW + timedelta(hours=1))
    assert later[0].content.digest == proposed(opened, expected())[0].content.digest


def test_a_window_that_is_over_makes_none_and_one_that_began_is_immediate(opened: Service) -> None:
    assert proposed(opened, expected(day=-2)) == ()
    (one,) = proposed(opened, expected(day=0))
    assert one.content.urgency == "Immediate"


def test_worst_first_then_by_time(opened: Service) -> None:
    found = proposed(
        opened,
        expected(day=2),
        expected(day=1),
        expected(impact="severe", chance=0.9, day=3),
    )
    assert [(one.content.colour, one.lines[0].expectation.lead) for one in found] == [
        ("red", 96),
        ("yellow", 48),
        ("yellow", 72),
    ]


def test_a_proposal_can_be_written_and_read(opened: Service) -> None:
    (one,) = proposed(opened, expected())
    assert msgspec.json.decode(msgspec.json.encode(one), type=Proposal) == one
    assert msgspec.json.decode(msgspec.json.encode(one), type=Proposal).content.digest == (
        one.content.digest
    )


CHANCES = st.none() | st.floats(0, 1)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["N1", "S2", "X3"]),
            st.sampled_from(["minor", "significant", "severe"]),
            CHANCES,
            st.booleans(),
            st.integers(0, 2),
        ),
        unique_by=lambda one: (one[0], one[1], one[4]),
    )
)
def test_each_district_is_told_once_a_window_by_each_basis_and_nothing_unknown_is_told(
    opened: Service, events: list[tuple[str, Impact, float | None, bool, int]]
) -> None:
    given_ = [
        expected(district, impact, chance, shown=shown, day=day)
        for district, impact, chance, shown, day in events
    ]
    found = proposed(opened, *given_)
    told = [
        (line.expectation.begins, line.expectation.district, one.basis)
        for one in found
        for line in one.lines
    ]
    assert len(told) == len(set(told))
    worst: dict[object, str] = {}
    for one in found:  # worst colour first
        for line in one.lines:
            worst.setdefault(
                (line.expectation.begins, line.expectation.district), one.content.colour
            )
    for one in found:
        assert one.content.colour != "green"
        assert tuple(line.expectation.district for line in one.lines) == one.content.districts
        for line in one.lines:
            assert line.expectation.raw is not None
            assert line.expectation.may_alert == (one.basis == "forecast")
    for event in given_:
        chance = event.used if event.may_alert else event.raw
        if event.impact == "severe" and chance is not None and chance >= 0.05:
            assert (event.begins, event.district) in worst
            if chance >= 0.6:  # whoever's it is
                assert worst[event.begins, event.district] == "red"
