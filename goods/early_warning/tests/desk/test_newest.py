"""A new run: what becomes of drafts that wait, and of alerts in force."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from early_warning.desk.desk import Desk
from goods.early_warning.tests.desk.world import (
    END,
    NOW,
    ONSET,
    RUN,
    Clock,
    approve,
    desk,
    offered,
    outlook,
    proposal,
)

LATER = RUN + dt.timedelta(hours=12)
DAY = dt.timedelta(days=1)


def waiting(opened: Desk) -> list[tuple[int, tuple[str, ...], str]]:
    """Number, districts and message of each draft that waits."""
    drafts = sorted(opened.look().drafts, key=lambda one: one.number)
    return [(one.number, one.content.districts, one.content.message) for one in drafts]


# Drafts that wait


def test_the_same_run_again_changes_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        offered(opened, proposal())
        assert waiting(opened) == [(1, ("A", "B"), "Alert")]


def test_a_newer_run_replaces_what_only_the_machine_touched(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        assert offered(opened, proposal("A"), run=LATER) == (2,)
        old = opened.find_draft(1)
        assert old.state == "replaced" and old.acts[-1].who == "machine"
        assert old.acts[-1].words == "By the run of 2026-11-22 12:00 UTC."


def test_even_where_it_says_the_same_the_newer_evidence_stands(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        assert offered(opened, proposal(used=0.62), run=LATER) == (2,)


@pytest.mark.parametrize("touch", ["edited", "approved"])
def test_what_a_person_touched_stays_and_gets_a_note(tmp_path: Path, touch: str) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        if touch == "edited":
            said = msgspec.structs.replace(opened.find_draft(1).content, response="Avoid")
            opened.edit(1, "aicha", said, "")
        else:
            approve(opened, 1, "aicha")
        assert offered(opened, proposal("A", used=0.8), run=LATER) == (1,)
        (note,) = opened.find_draft(1).notes
        assert note == (
            "The run of 2026-11-22 12:00 UTC says otherwise: red, past 50 mm, chance"
            " 80 %, from 2026-11-22 18:00 UTC to 2026-11-23 18:00 UTC, in Ada."
        )


def test_what_a_person_touched_gets_no_note_where_the_newer_run_says_the_same(
    tmp_path: Path,
) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        approve(opened, 1, "aicha")
        assert offered(opened, proposal(used=0.61), run=LATER) == (1,)
        assert opened.find_draft(1).notes == ()


def test_what_the_newer_run_no_longer_proposes_goes(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        assert offered(opened, run=LATER) == ()
        assert "no longer proposes it" in opened.find_draft(1).acts[-1].words


def test_without_data_it_stays_because_no_data_is_never_no_hazard(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        opened.offer(outlook(LATER, without=("B",)), [])
        assert waiting(opened) == [(1, ("A", "B"), "Alert")]
        assert opened.find_draft(1).notes == ("The newest outlook has no data on it for Bera.",)


def test_a_run_without_any_file_changes_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        empty = msgspec.structs.replace(outlook(None), expectations=(), files=())
        opened.offer(empty, [])
        assert waiting(opened) == [(1, ("A", "B"), "Alert")]


def test_what_is_touched_and_no_longer_proposed_says_so(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        approve(opened, 1, "aicha")
        offered(opened, run=LATER)
        assert opened.find_draft(1).notes == (
            "The run of 2026-11-22 12:00 UTC no longer proposes it.",
        )


def test_another_colour_of_the_same_weather_is_told_too(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        approve(opened, 1, "aicha")
        offered(opened, proposal(colour="orange", used=0.5), run=LATER)
        assert waiting(opened) == [(1, ("A", "B"), "Alert"), (2, ("A", "B"), "Alert")]
        assert "says otherwise: orange" in opened.find_draft(1).notes[0]


def test_an_older_run_changes_nothing_and_is_told(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal(), run=LATER)
        assert offered(opened, run=RUN) == (1,)
        (words,) = opened.look().troubles
        assert "older than that of 2026-11-22 12:00 UTC. Drafts stay." in words
        offered(opened, proposal(), run=LATER)
        assert opened.look().troubles == ()


def test_a_draft_whose_time_is_over_goes(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        clock.now = END
        offered(opened, proposal(), run=LATER)
        assert waiting(opened) == []
        assert opened.find_draft(1).acts[-1].words == "Its time is over."


def test_what_a_person_dismissed_does_not_come_back_by_the_same_run(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        opened.dismiss(1, "aicha", "A cold bias.")
        assert offered(opened, proposal()) == ()
        assert offered(opened, proposal(), run=LATER) == (2,)  # a newer run insists


def test_nor_does_what_a_person_cancelled(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        first = approve(opened, 1, "aicha", "omar").identifier
        clock.later(minutes=1)
        approve(opened, opened.draft_cancel(first, "aicha", "It rains elsewhere."), "aicha", "omar")
        assert offered(opened, proposal()) == ()
        assert offered(opened, proposal(), run=LATER) == (3,)


def test_a_draft_that_was_taken_up_stays_and_is_told_of_newer_runs(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        notice = proposal("A", "B", basis="notice", chance=None)
        opened.offer(outlook(), [notice])
        number = opened.take_up(notice.key, "aicha", "why")
        opened.offer(outlook(LATER), [proposal("A", basis="notice", chance=None)])
        assert [one.number for one in opened.look().drafts] == [number]
        assert "says otherwise" in opened.find_draft(number).notes[0]
        opened.offer(outlook(LATER), [])
        assert "no longer proposes it" in opened.find_draft(number).notes[0]


# Alerts in force


def issued(opened: Desk, *districts: str) -> str:
    offered(opened, proposal(*districts))
    identifier: str = approve(opened, 1, "aicha", "omar").identifier
    return identifier


def test_what_an_alert_says_already_makes_no_draft(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        first = issued(opened)
        assert offered(opened, proposal(used=0.65), run=LATER) == ()
        assert opened.find_issued(first).notes == ()


def test_what_says_otherwise_is_an_update_of_it(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        first = issued(opened)
        clock.later(hours=1)
        offered(opened, proposal("A", "B", "C", used=0.8), run=LATER)
        (draft,) = opened.look().drafts
        assert (draft.content.message, draft.content.changes) == ("Update", first)
        assert draft.faults == () and draft.notes == ()
        update = approve(opened, draft.number, "aicha", "omar")
        assert opened.find_issued(first).state == "updated" and update.state == "in_force"


def test_what_people_shall_do_is_not_undone_by_a_newer_run(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        said = msgspec.structs.replace(opened.find_draft(1).content, response="Avoid")
        opened.edit(1, "aicha", said, "")
        approve(opened, 1, "aicha", "omar")
        clock.later(hours=1)
        assert offered(opened, proposal(), run=LATER) == ()
        offered(opened, proposal("A", "B", "C"), run=LATER + DAY / 2)
        (draft,) = opened.look().drafts
        assert (draft.content.message, draft.content.response) == ("Update", "Avoid")


OTHERS = {
    "elsewhere": {"districts": ("C",)},
    "at another time": {"onset": END, "expires": END + DAY},
    "of another hazard": {"hazard": "strong_wind"},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_what_happens_stays_a_first_alert(tmp_path: Path, other: dict[str, object]) -> None:
    with desk(tmp_path) as opened:
        issued(opened)
        second = proposal("A", "B", **{"key": "other", **other})  # type: ignore[arg-type]
        opened.offer(outlook(LATER, windows=2), [second])
        (draft,) = opened.look().drafts
        assert draft.content.message == "Alert" and draft.notes == ()


def test_an_update_says_whom_and_which_hours_it_leaves_out(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        issued(opened, "A", "B", "C")
        shorter = {"onset": ONSET + DAY / 4, "expires": END - DAY / 4}
        offered(opened, proposal("B", **shorter), run=LATER)  # type: ignore[arg-type]
        (draft,) = opened.look().drafts
        districts, earlier, later = draft.notes
        assert districts.startswith("The alert that it updates also names Ada, Coro: there, nobody")
        assert "begins earlier, at 2026-11-22 18:00 UTC" in earlier
        assert "ends later, at 2026-11-23 18:00 UTC" in later


def test_of_two_proposals_the_one_that_shares_more_is_the_update(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        first = issued(opened, "A", "B", "C")
        offered(opened, proposal("A", colour="orange"), proposal("B", "C", used=0.9), run=LATER)
        drafts = {one.content.districts: one for one in opened.look().drafts}
        assert drafts["B", "C"].content.changes == first
        assert drafts["A",].content.message == "Alert"
        assert drafts["A",].notes == (
            f"The alert {first} is in force for the same hazard in Ada: people there would have"
            " two.",
        )


def test_an_alert_that_the_run_no_longer_supports_is_told_and_stays(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        first = issued(opened)
        opened.offer(outlook(LATER), [])
        (alert,) = opened.look().issued
        assert alert.state == "in_force" and alert.identifier == first
        assert alert.notes == (
            "The run of 2026-11-22 12:00 UTC no longer supports it in Ada, Bera. Update or cancel"
            " it, if you agree; the program does not.",
        )


def test_where_the_run_has_no_data_the_alert_is_not_called_unsupported(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        first = issued(opened)
        opened.offer(outlook(LATER, without=("A", "B")), [])
        assert opened.find_issued(first).notes == (
            "The newest outlook has no data on it for Ada, Bera.",
        )


def test_a_notice_of_an_alert_in_force_is_taken_up_as_its_update(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        first = issued(opened)
        clock.later(hours=1)
        notice = proposal("A", basis="notice", chance=None)
        opened.offer(outlook(LATER), [notice])
        number = opened.take_up(notice.key, "aicha", "why")
        assert opened.find_draft(number).content.changes == first


def test_an_update_begun_by_hand_is_told_nothing_of_runs(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        first = issued(opened)
        clock.later(hours=1)
        number = opened.draft_update(first, "aicha")
        opened.offer(outlook(LATER), [])
        assert opened.find_draft(number).notes == ()
        assert clock.now > NOW
