"""What is still good: every rule of replay as a sentence, and what holds in every world."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.attest import Peers, Verified
from comity.claims.standing import Standing
from comity.record.standing import Logged, LogPrefix
from comity.record.unheard import Unheard
from tests.record.authorities import (
    COAST,
    DAY,
    EAST,
    LAB,
    MALLORY,
    NOBODY,
    NORTH,
    PEERS,
    book,
    measured,
    replayed,
    scope,
    suspension,
    withdrawal,
)

FIRST = measured()
SECOND = measured(seed="2")
OF_COAST = measured(COAST)


def state_of(statement: Verified, *logs: LogPrefix, **more: Any) -> str | None:
    return replayed(*logs, **more).standing.statements.get(statement.id)


def why(*logs: LogPrefix, **more: Any) -> list[Unheard]:
    return [one.why for one in replayed(*logs, **more).listed]


# what is live


def test_a_statement_in_its_authors_log_is_live() -> None:
    assert state_of(FIRST, book(LAB, FIRST)) == "live"


def test_a_statement_that_no_log_shows_has_no_state() -> None:
    assert state_of(SECOND, book(LAB, FIRST)) is None
    assert state_of(SECOND, book(LAB, FIRST), hand=[SECOND]) is None


def test_a_copy_in_somebody_elses_log_leaves_it_unknown() -> None:
    assert state_of(FIRST, book(COAST, FIRST)) is None


def test_beyond_what_witnesses_saw_it_stays_unknown_and_is_listed() -> None:
    log = book(LAB, FIRST, SECOND)
    shorter = log._replace(head=msgspec.structs.replace(log.head, size=1))
    found = replayed(shorter)
    assert found.standing.statements == {FIRST.id: "live"}
    assert [(one.number, one.why) for one in found.listed] == [(1, Unheard.NOT_SEEN)]


def test_of_what_is_in_hand_nothing_is_said_about_withdrawals_of_others() -> None:
    log = book(LAB, FIRST, withdrawal(SECOND))
    assert why(log) == [Unheard.NOT_SHOWN]
    assert why(log, hand=[FIRST]) == []


def test_an_entry_that_does_not_hold_changes_nothing_and_is_listed() -> None:
    broken = replayed(book(LAB, FIRST, "the signature does not hold"))
    assert broken.standing.statements == {FIRST.id: "live"}
    (listed,) = broken.listed
    assert (listed.why, listed.number, listed.statement) == (Unheard.DOES_NOT_HOLD, 1, None)
    assert listed.detail == "the signature does not hold"


def test_a_log_that_told_two_stories_counts_for_nobody_and_still_against() -> None:
    forked = book(LAB, FIRST, SECOND, withdrawal(FIRST))._replace(forked=True)
    assert replayed(forked).standing.statements == {FIRST.id: "withdrawn"}
    assert why(forked) == [Unheard.TWO_STORIES]


# withdrawing


@pytest.mark.parametrize("where", [LAB, COAST, MALLORY])
def test_its_author_withdraws_it_in_any_log_that_is_read(where: str) -> None:
    logs = [book(LAB, FIRST), book(COAST), book(MALLORY)]
    logs = [
        log if log.owner != where else book(where, *(one.verified for one in log.entries
        if one.verified), withdrawal(FIRST))
        for log in logs
    ]  # fmt: skip
    assert state_of(FIRST, *logs) == "withdrawn"


@pytest.mark.parametrize("somebody", [COAST, MALLORY])
def test_nobody_else_withdraws_it(somebody: str) -> None:
    stranger = withdrawal(FIRST, by=somebody)
    assert state_of(FIRST, book(LAB, FIRST), book(somebody, stranger)) == "live"
    assert why(book(LAB, FIRST), book(somebody, stranger)) == [Unheard.NOT_THE_AUTHOR]


def test_a_withdrawal_of_what_nobody_shows_is_listed_until_it_is_shown() -> None:
    assert why(book(LAB, withdrawal(SECOND))) == [Unheard.NOT_SHOWN]
    assert state_of(SECOND, book(LAB, withdrawal(SECOND)), hand=[SECOND]) == "withdrawn"


def test_a_withdrawal_is_final() -> None:
    taken_back = withdrawal(FIRST)
    log = book(LAB, FIRST, taken_back, withdrawal(taken_back))
    assert state_of(FIRST, log) == "withdrawn"
    assert why(log) == [Unheard.FINAL]


# suspending a statement


def test_its_author_suspends_it_and_it_lives_again_the_day_after() -> None:
    log = book(LAB, FIRST, suspension(FIRST, days=2))
    days = [DAY + datetime.timedelta(days=number) for number in (-1, 0, 1, 2)]
    states = [state_of(FIRST, log, day=day) for day in days]
    assert states == ["live", "suspended", "suspended", "live"]


def test_nobody_else_suspends_it_not_even_all_peers() -> None:
    logs = [book(LAB, FIRST)] + [book(one, suspension(FIRST, by=one)) for one in PEERS.origins]
    assert state_of(FIRST, *logs) == "live"
    assert why(*logs) == [Unheard.NOT_THE_AUTHOR] * 3


def test_withdrawing_the_suspension_lifts_it() -> None:
    stopped = suspension(FIRST)
    assert state_of(FIRST, book(LAB, FIRST, stopped, withdrawal(stopped))) == "live"


def test_what_is_withdrawn_stays_withdrawn_while_it_is_suspended_too() -> None:
    assert state_of(FIRST, book(LAB, FIRST, suspension(FIRST), withdrawal(FIRST))) == "withdrawn"


# suspending an authority


def issuers(*logs: LogPrefix, **more: Any) -> dict[str, str]:
    return dict(replayed(*logs, **more).standing.issuers)


def voices(*peers: str, degree: str = "suspended", about: str = LAB) -> list[LogPrefix]:
    return [book(one, suspension(about, by=one, degree=degree)) for one in peers]


@pytest.mark.parametrize(
    "logs, expected",
    [
        ([], {}),
        (voices(COAST), {}),
        (voices(COAST, NORTH), {LAB: "suspended"}),
        (voices(COAST, MALLORY), {}),
        (voices(COAST, NORTH, about=COAST), {COAST: "suspended"}),
        (voices(LAB), {LAB: "suspended"}),
        (voices(COAST, NORTH, degree="issuer_under_review"), {LAB: "issuer_under_review"}),
        (
            [*voices(COAST), *voices(NORTH, degree="issuer_under_review")],
            {LAB: "issuer_under_review"},
        ),
        (voices(NORTH, EAST, about=COAST), {COAST: "suspended"}),
        (voices(MALLORY, about=COAST), {}),
    ],
    ids=[
        "nobody said anything",
        "one peer of two needed is not enough",
        "two peers suspend",
        "who is nobody's peer adds nothing",
        "whoever suspends themselves needs no peer",
        "a laboratory suspends itself",
        "two peers put under review",
        "one that suspends and one that reviews make a review",
        "a peer is suspended by the others",
        "a stranger suspends nobody",
    ],
)
def test_an_authority(logs: list[LogPrefix], expected: dict[str, str]) -> None:
    assert issuers(*logs) == expected


def test_a_peer_that_is_suspended_itself_still_has_its_voice() -> None:
    """Else two peers who are quick could silence a third, and whoever speaks first would win."""
    logs = [*voices(NORTH, EAST, about=COAST), *voices(COAST, NORTH, about=LAB)]
    assert issuers(*logs) == {COAST: "suspended", LAB: "suspended"}


def test_the_same_peer_twice_is_one_voice() -> None:
    twice = book(COAST, suspension(LAB, by=COAST), suspension(LAB, by=COAST, days=3))
    assert issuers(twice, book(NORTH, suspension(LAB, by=COAST, days=4))) == {}


def test_without_peers_nobody_suspends_anybody_else() -> None:
    assert issuers(*voices(COAST, NORTH, EAST), peers=NOBODY) == {}
    assert issuers(*voices(LAB), peers=NOBODY) == {LAB: "suspended"}


def test_one_accreditation_body_alone_when_the_reader_says_so() -> None:
    alone = Peers(origins=(NORTH,), needed=1)
    assert issuers(*voices(NORTH), peers=alone) == {LAB: "suspended"}


def test_a_lifted_voice_is_none() -> None:
    stopped = suspension(LAB, by=COAST)
    lifted = book(COAST, stopped, withdrawal(stopped, by=COAST))
    assert issuers(lifted, *voices(NORTH)) == {}


def test_of_one_peer_a_year_of_suspension_counts_and_no_more() -> None:
    starts = [DAY + datetime.timedelta(days=42 * number) for number in range(9)]
    every = [suspension(LAB, by=COAST, first=start) for start in starts]
    last = starts[-1]
    one = Peers(origins=(COAST,), needed=1)
    assert issuers(book(COAST, *every), peers=one, day=starts[7]) == {LAB: "suspended"}
    assert issuers(book(COAST, *every), peers=one, day=last) == {}
    assert why(book(COAST, *every), peers=one, day=last) == [Unheard.TOO_LONG]


# scope


def test_an_authority_for_which_peers_no_longer_vouch_has_expired() -> None:
    given = [book(one, scope(one, last_day=DAY)) for one in (COAST, NORTH)]
    assert issuers(*given, day=DAY) == {}
    assert issuers(*given, day=DAY + datetime.timedelta(days=1)) == {LAB: "expired"}


def test_one_for_which_too_few_ever_vouched_is_unknown_and_not_expired() -> None:
    assert issuers(book(COAST, scope(COAST, last_day=DAY)), day=DAY.replace(year=2027)) == {}


def test_withdrawing_the_scope_ends_it() -> None:
    given = scope(COAST)
    ended = book(COAST, given, withdrawal(given, by=COAST))
    assert issuers(ended, book(NORTH, scope(NORTH))) == {LAB: "expired"}


def test_a_scope_in_somebody_elses_log_does_not_vouch() -> None:
    logs = [book(COAST, scope(COAST), scope(NORTH)), book(NORTH)]
    assert why(*logs) == [Unheard.OTHER_LOG]
    assert issuers(*logs, day=DAY.replace(year=2029)) == {}


# what was read


def test_the_oldest_log_and_the_one_with_the_fewest_witnesses_say_how_much_is_known() -> None:
    old = book(COAST, witnesses=3, checked_at="2026-11-20T08:00:00Z")
    found = replayed(book(LAB, FIRST), old).standing
    assert (found.checked_at, found.witnesses) == ("2026-11-20T08:00:00Z", 2)
    assert [head.origin for head in found.logs] == ["coast.example/log", "lab.example/log"]


def test_of_the_laboratory_in_question_the_log_says_how_much_is_known() -> None:
    own = book(COAST, withdrawal(OF_COAST, by=COAST), witnesses=0, checked_at=None)
    found = replayed(book(LAB, FIRST), own, hand=[FIRST]).standing
    assert (found.checked_at, found.witnesses) == ("2026-11-21T08:00:00Z", 2)
    found = replayed(book(LAB, FIRST), own, hand=[FIRST, OF_COAST]).standing
    assert (found.checked_at, found.witnesses) == (None, 0)


def test_one_log_that_no_witness_saw_leaves_the_time_unknown() -> None:
    unseen = book(COAST, witnesses=0, checked_at=None)
    found = replayed(book(LAB, FIRST), unseen).standing
    assert (found.checked_at, found.witnesses) == (None, 0)


def test_no_log_is_an_empty_standing() -> None:
    assert replayed().standing == Standing()


# in every world

SAID = [
    FIRST, SECOND, OF_COAST,
    withdrawal(FIRST), withdrawal(FIRST, by=MALLORY), withdrawal(OF_COAST, by=COAST),
    suspension(FIRST), suspension(LAB, by=COAST), suspension(LAB, by=NORTH),
    suspension(COAST, by=EAST, degree="issuer_under_review"), suspension(LAB, by=MALLORY),
    suspension(FIRST, days=1, first=DAY.replace(day=1)),
    scope(COAST), scope(NORTH), scope(NORTH, last_day=DAY.replace(day=1)),
]  # fmt: skip
SAID += [withdrawal(SAID[7], by=COAST), withdrawal(SAID[3]), withdrawal(SAID[12], by=COAST)]
OWNERS = (LAB, COAST, NORTH, EAST, MALLORY)
worlds = st.fixed_dictionaries(
    {owner: st.lists(st.sampled_from([*SAID, "does not hold"]), max_size=6) for owner in OWNERS}
)


def logs_of(world: dict[str, list[Any]]) -> list[LogPrefix]:
    return [book(owner, *statements) for owner, statements in world.items()]


@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_the_logs_does_not_matter(world: dict[str, list[Any]], lot: Any) -> None:
    logs = logs_of(world)
    expected = replayed(*logs)
    lot.shuffle(logs)
    assert replayed(*logs) == expected


@given(worlds, st.sampled_from(OWNERS), st.integers(0, 6))
def test_what_stood_at_a_size_does_not_depend_on_what_came_later(
    world: dict[str, list[Any]], owner: str, size: int
) -> None:
    grown = {log.owner: log for log in logs_of(world)}
    cut = world | {owner: world[owner][:size]}
    again = grown[owner]
    entries = again.entries[:size]
    prefix = again._replace(head=book(owner, *world[owner][:size]).head, entries=entries)
    logs = [prefix if log.owner == owner else log for log in grown.values()]
    assert replayed(*logs) == replayed(*logs_of(cut))


@given(worlds, st.sampled_from([FIRST, SECOND, OF_COAST]), st.sampled_from(OWNERS))
def test_nobody_elses_withdrawal_changes_anything(
    world: dict[str, list[Any]], target: Verified, somebody: str
) -> None:
    if somebody == target.authority.origin:
        return
    stranger = withdrawal(target, by=somebody)
    before = replayed(*logs_of(world)).standing.statements
    more = world | {somebody: [*world[somebody], stranger]}
    after = replayed(*logs_of(more)).standing.statements
    assert {**after, stranger.id: None} == {**before, stranger.id: None}


@given(worlds, st.sampled_from(OWNERS), st.integers(0, 6))
def test_an_entry_whose_bundle_does_not_hold_changes_nothing(
    world: dict[str, list[Any]], owner: str, place: int
) -> None:
    logs = logs_of(world)
    before = replayed(*logs)
    at = next(number for number, log in enumerate(logs) if log.owner == owner)
    broken = Logged(99, None, "it does not hold")
    logs[at] = logs[at]._replace(
        entries=(*logs[at].entries[:place], broken, *logs[at].entries[place:])
    )
    after = replayed(*logs)
    assert after.standing == before.standing
    assert len(after.listed) == len(before.listed) + 1


@settings(max_examples=50)
@given(worlds, st.sampled_from(OWNERS))
def test_leaving_a_log_out_never_shows_a_statement_that_all_logs_did_not(
    world: dict[str, list[Any]], owner: str
) -> None:
    full = replayed(*logs_of(world)).standing.statements
    less = replayed(*logs_of(world | {owner: []})).standing.statements
    assert less.keys() <= full.keys()
