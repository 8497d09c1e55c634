"""Every exposed person has one fate, and unknown reach never counts as reached."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InputError
from early_warning.audit import (
    Carried,
    Cell,
    Confirmed,
    People,
    Reach,
    Score,
    Warned,
    people,
    score,
)
from early_warning.audit.people import UNKNOWN_LANGUAGE
from goods.early_warning.tests.audit.test_events import HOUR, NOON, alert, window

ALERTS = [alert(districts="DJ01 DJ03")]
"""In French only."""
SCORE: Score = score(ALERTS, [window(), window(district="DJ02"), window(False, district="DJ03")])
RADIO = Carried(identifier="a", channel="radio", at=NOON)
SMS = Carried(identifier="a", channel="sms", at=NOON)


def cell(
    people: int = 1000, district: str = "DJ01", group: str = "all", language: str = "fr"
) -> Cell:
    return Cell(district=district, group=group, language=language, people=people)


def reach(reached: int, asked: int, channel: str = "radio", *, survey: bool = False) -> Reach:
    return Reach(
        channel=channel, group="all", language="fr", reached=reached, asked=asked, survey=survey
    )


def account(
    cells: list[Cell],
    carried: list[Carried] | None = None,
    known: list[Reach] | None = None,
    confirmed: list[Confirmed] | None = None,
    alerts: list[Warned] = ALERTS,
) -> People:
    cells = [*cells, cell(0, group="none"), cell(0, "DJ02", "none")]
    return people(SCORE, alerts, cells, carried or [], known or [], confirmed or [])


def test_where_nobody_knows_whether_an_alert_was_in_force_nobody_is_said_to_be_warned() -> None:
    alerts = [alert(onset=3)]
    unclear = score(alerts, [window(began=None)])
    cells = [cell(7), cell(5, language="aa")]
    known = [reach(7, 7)]
    carried = people(unclear, alerts, cells, [RADIO], known).everybody
    assert (carried.fates["unclear"], carried.fates["no_language"]) == (7, 5)
    assert (carried.missed, carried.unknown, carried.reached_high) == (5, 7, 0)
    after = Carried(identifier="a", channel="radio", at=NOON + 6 * HOUR)
    assert people(unclear, alerts, cells, [after], known).everybody.fates["no_channel"] == 7


FATES = {
    "a district without an alert": ([cell(7, "DJ02", group="herders")], [RADIO], "not_warned"),
    "a language without a text": ([cell(7), cell(0, language="aa")], [RADIO], "unknown"),
    "speakers of another language": ([cell(0), cell(7, language="aa")], [RADIO], "no_language"),
    "no channel took it": ([cell(7)], [], "no_channel"),
    "a channel took it when it had begun": (
        [cell(7)],
        [Carried(identifier="a", channel="radio", at=NOON + 2 * HOUR)],
        "no_channel",
    ),
    "a channel took another alert": (
        [cell(7)],
        [Carried(identifier="b", channel="radio", at=NOON)],
        "no_channel",
    ),
    "a channel of unknown reach took it": ([cell(7)], [RADIO], "unknown"),
}


@pytest.mark.parametrize(("cells", "carried", "fate"), FATES.values(), ids=FATES)
def test_people_have_the_first_fate_that_applies(
    cells: list[Cell], carried: list[Carried], fate: str
) -> None:
    found = account(cells, carried).everybody
    assert {name: count for name, count in found.fates.items() if count} == {fate: 7}
    assert (found.reached_low, found.reached_high) == (0, 0), "unknown is never reached"


def test_people_where_nothing_happened_are_not_exposed() -> None:
    assert account([cell(5), cell(99, "DJ03")]).everybody.exposed == 5


def test_a_counted_reach_is_exact_and_a_survey_is_an_interval_in_people() -> None:
    exact = account([cell()], [RADIO], [reach(600, 1000)]).everybody
    assert (exact.reached_low, exact.reached_high) == (600, 600)
    asked = account([cell()], [RADIO], [reach(60, 100, survey=True)]).everybody
    assert (asked.reached_low, asked.reached_high) == (497, 697)  # Clopper–Pearson 0.4972, 0.6967


def test_of_two_channels_the_overlap_is_not_guessed() -> None:
    both = account([cell()], [RADIO, SMS], [reach(600, 1000), reach(500, 1000, "sms")]).everybody
    assert (both.reached_low, both.reached_high) == (600, 1000)


def test_a_channel_of_unknown_reach_adds_nobody_to_a_known_one() -> None:
    found = account([cell()], [RADIO, SMS], [reach(600, 1000)])
    assert (found.everybody.reached_low, found.everybody.reached_high) == (600, 600)
    radio, sms = found.channels
    assert (radio.unknown, radio.reached_low) == (0, 600)
    assert (sms.unknown, sms.reached_high, sms.carried_to) == (1000, 0, 1000)


def test_what_is_known_of_a_district_goes_before_what_is_known_of_all() -> None:
    here = msgspec.structs.replace(reach(100, 1000), district="DJ01")
    for known in ([reach(900, 1000), here], [here, reach(900, 1000)]):
        found = account([cell()], [RADIO], known).everybody
        assert found.reached_low == found.reached_high == 100


COUNTS = {
    "of the whole country, who may all live elsewhere": (reach(600, 10_000), 0, 600),
    "of the whole country, whom the rest of it cannot hold": (reach(9_700, 10_000), 700, 1000),
    "of the whole country, of more than the tables have": (reach(9_700, 10_500), 200, 1000),
    "of the whole country, of fewer than the tables have": (reach(600, 9_900), 0, 700),
    "of the district": (
        msgspec.structs.replace(reach(412, 1000), district="DJ01"),
        412,
        412,
    ),
    "of some in the district": (
        msgspec.structs.replace(reach(412, 600), district="DJ01"),
        412,
        812,
    ),
    "of more than live in the district": (
        msgspec.structs.replace(reach(412, 1200), district="DJ01"),
        212,
        412,
    ),
}


@pytest.mark.parametrize(("count", "low", "high"), COUNTS.values(), ids=COUNTS)
def test_a_count_bounds_how_many_of_a_district_are_among_the_reached(
    count: Reach, low: int, high: int
) -> None:
    """A thousand people where it happened, nine thousand where it did not."""
    found = account([cell(), cell(9_000, "DJ03")], [RADIO], [count]).everybody
    assert (found.reached_low, found.reached_high) == (low, high)


def test_receipts_of_people_stand_beside_the_reach_and_change_nothing_in_it() -> None:
    heard = Confirmed(district="DJ01", group="all", language="fr", channel="sms", people=40)
    without = account([cell()], [RADIO, SMS], [reach(600, 1000)])
    with_them = account([cell()], [RADIO, SMS], [reach(600, 1000)], [heard])
    assert with_them.everybody == without.everybody
    assert [one.confirmed for one in with_them.channels] == [None, 40]


def receipts(people: int, district: str = "DJ01", channel: str = "sms") -> Confirmed:
    return Confirmed(district=district, group="all", language="fr", channel=channel, people=people)


def test_receipts_count_where_the_hazard_came_and_also_of_channels_that_say_nothing() -> None:
    cells = [cell(), cell(50, "DJ03")]  # nothing happened in DJ03
    heard = [receipts(40), receipts(30, "DJ03")]
    found = account(cells, [RADIO], [], heard)
    assert [(one.name, one.carried_to, one.confirmed) for one in found.channels] == [
        ("radio", 1000, None),
        ("sms", 0, 40),
    ]


def test_groups_and_languages_each_add_up_to_everybody() -> None:
    cells = [cell(10, group="herders"), cell(20, group="elderly"), cell(5, "DJ02", "herders", "aa")]
    found = account(cells, [RADIO])
    assert [(one.name, one.exposed) for one in found.groups] == [
        ("elderly", 20),
        ("herders", 15),
        ("none", 0),
    ]
    assert [(one.name, one.exposed) for one in found.languages] == [("aa", 5), ("fr", 30)]


@given(
    st.lists(st.integers(0, 10**6), min_size=4, max_size=4),
    st.integers(0, 50),
    st.booleans(),
    st.sets(st.sampled_from(["radio", "sms"])),
)
def test_nobody_is_lost_and_the_reached_are_among_those_whose_reach_is_known(
    counts: list[int], reached: int, survey: bool, channels: set[str]
) -> None:
    cells = [
        cell(counts[0]),
        cell(counts[1], language="aa"),
        cell(counts[2], group="herders"),
        cell(counts[3], "DJ02", "herders"),
    ]
    carried = [Carried(identifier="a", channel=name, at=NOON) for name in channels]
    found = account(cells, carried, [reach(reached, 50, survey=survey)])
    for line in (found.everybody, *found.groups, *found.languages, *found.districts):
        assert sum(line.fates.values()) == line.exposed
        assert line.missed + line.unknown + line.reached_high == line.exposed
        assert min(line.missed, line.unknown) >= 0
        assert 0 <= line.reached_low <= line.reached_high <= line.fates["partly_known"]
    assert found.everybody.exposed == sum(counts)
    assert sum(one.exposed for one in found.groups) == sum(counts)


BAD = {
    "a cell given twice": ([cell(), cell()], [], []),
    "fewer than no people": ([cell(-1)], [], []),
    "a reach beyond everybody": ([cell()], [reach(11, 10)], []),
    "a survey of nobody": ([cell()], [reach(0, 0)], []),
    "a reach given twice": ([cell()], [reach(1, 10), reach(2, 10)], []),
    "a reach of at most fewer than at least": (
        [cell()],
        [msgspec.structs.replace(reach(5, 10), at_most=4)],
        [],
    ),
    "receipts given twice": ([cell(3)], [], [receipts(3), receipts(3)]),
    "more receipts than people": (
        [cell(3)],
        [],
        [Confirmed(district="DJ01", group="all", language="fr", channel="sms", people=4)],
    ),
}


@pytest.mark.parametrize(("cells", "known", "confirmed"), BAD.values(), ids=BAD)
def test_counts_that_cannot_be_are_refused(
    cells: list[Cell], known: list[Reach], confirmed: list[Confirmed]
) -> None:
    with pytest.raises(InputError):
        account(cells, [RADIO], known, confirmed)


def test_a_district_with_an_event_and_nobody_listed_stops_the_audit() -> None:
    with pytest.raises(InputError, match="nobody is listed for the district DJ01"):
        people(SCORE, ALERTS, [cell(1, "DJ02")], [])


def test_a_district_that_nobody_counted_may_be_told_by_name_and_is_in_no_number() -> None:
    found = people(SCORE, ALERTS, [cell(7)], [RADIO], uncounted={"DJ02"})
    assert found.uncounted == ("DJ02",)
    assert found.everybody.exposed == 7
    assert [one.name for one in found.districts] == ["DJ01"]


def test_whose_language_nobody_counted_is_neither_reached_nor_said_to_have_no_text() -> None:
    unknown = cell(1000, language=UNKNOWN_LANGUAGE)
    told = [
        Reach(
            channel="radio",
            group="all",
            language=UNKNOWN_LANGUAGE,
            reached=1,
            asked=1,
            survey=False,
        )
    ]
    found = account([unknown], [RADIO], told)
    assert found.everybody.fates["language_unknown"] == 1000
    assert (found.everybody.reached_high, found.everybody.unknown) == (0, 1000)
    assert (found.channels[0].carried_to, found.channels[0].unknown) == (1000, 1000)
    assert account([unknown]).everybody.fates["no_channel"] == 1000


def test_counts_that_only_bound_a_reach_give_a_range() -> None:
    bounded = msgspec.structs.replace(reach(300, 1000), at_most=700)
    line = account([cell()], [RADIO], [bounded]).everybody
    assert (line.reached_low, line.reached_high, line.missed, line.unknown) == (300, 700, 300, 0)


def test_whom_a_known_channel_does_not_reach_may_still_be_reached_by_an_unknown_one() -> None:
    alone = account([cell()], [RADIO], [reach(600, 1000)]).everybody
    assert (alone.missed, alone.unknown) == (400, 0)
    both = account([cell()], [RADIO, SMS], [reach(600, 1000)]).everybody
    assert (both.missed, both.unknown) == (0, 400)
