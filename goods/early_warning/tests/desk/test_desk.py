"""People at the desk: who may approve, edit, dismiss, take up, update, cancel and review what."""

from __future__ import annotations

import datetime as dt
import zlib
from pathlib import Path

import msgspec
import pytest

from comity.errors import InputError
from early_warning.desk.desk import Desk, open_desk
from early_warning.desk.view import MACHINE
from goods.early_warning.tests.desk.world import (
    END,
    NOW,
    ONSET,
    Clock,
    approve,
    content,
    desk,
    keyed,
    offered,
    outlook,
    proposal,
    service,
)

AT_NIGHT = NOW + dt.timedelta(hours=13)  # ten in the evening


def hint(caught: pytest.ExceptionInfo[InputError]) -> str:
    return caught.value.hint


def kinds(opened: Desk) -> list[str]:
    return [act.kind for act in opened.journal()]


# Approving


def test_by_day_two_different_people_issue_it(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        (number,) = offered(opened, proposal())
        assert approve(opened, number, "aicha") is None
        draft = opened.find_draft(number)
        assert (draft.state, draft.approvals, draft.needed) == ("waiting", ("aicha",), 2)
        issued = approve(opened, number, "omar")
        assert issued.draft.state == "issued" and issued.draft.approvals == ("aicha", "omar")
        assert not issued.alone and issued.review_due is None
        assert opened.look().drafts == () and opened.look().issued == (issued,)


def test_by_day_the_same_person_twice_does_not(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        (number,) = offered(opened, proposal())
        approve(opened, number, "aicha")
        with pytest.raises(InputError, match="aicha has approved draft 1 already"):
            approve(opened, number, "aicha")
        assert kinds(opened) == ["looked", "proposed", "approved"]


def test_at_night_one_is_enough_and_a_second_must_review(tmp_path: Path) -> None:
    clock = Clock(AT_NIGHT)
    with desk(tmp_path, clock) as opened:
        (number,) = offered(opened, proposal())
        assert opened.look().night and opened.find_draft(number).needed == 1
        issued = approve(opened, number, "aicha")
        assert issued.alone and issued.review_due == AT_NIGHT + dt.timedelta(hours=12)
        with pytest.raises(InputError, match="nobody reviews what they approved themselves"):
            opened.review(issued.identifier, "aicha", True, "")
        opened.review(issued.identifier, "omar", True, "I would have sent it too.")
        reviewed = opened.find_issued(issued.identifier)
        assert reviewed.alone and reviewed.review_due is None
        assert [(act.who, act.agrees) for act in reviewed.reviews] == [("omar", True)]


def test_an_overdue_review_is_shown_first_and_in_words(tmp_path: Path) -> None:
    clock = Clock(AT_NIGHT)
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal("A"), proposal("C", colour="orange"))
        night = approve(opened, 1, "aicha")
        clock.now = AT_NIGHT + dt.timedelta(hours=11)  # nine in the morning
        day = approve(opened, 2, "aicha", "omar")
        assert [one.identifier for one in opened.look().issued] == [
            day.identifier,
            night.identifier,
        ]
        clock.later(hours=1)
        first, _ = opened.look().issued
        assert first.identifier == night.identifier
        assert "overdue since 2026-11-23 07:00 UTC" in first.notes[0]


def test_a_reviewer_who_does_not_agree_says_why(tmp_path: Path) -> None:
    with desk(tmp_path, Clock(AT_NIGHT)) as opened:
        offered(opened, proposal())
        issued = approve(opened, 1, "aicha")
        with pytest.raises(InputError, match="a reason is needed"):
            opened.review(issued.identifier, "omar", False, "  ")
        opened.review(issued.identifier, "omar", False, "The gauges show nothing.")
        assert "omar does not agree with it." in opened.find_issued(issued.identifier).notes


def test_what_two_people_approved_needs_no_review(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        issued = approve(opened, 1, "aicha", "omar")
        with pytest.raises(InputError, match="no review is due"):
            opened.review(issued.identifier, "sara", True, "")


def test_nightfall_alone_issues_nothing(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        approve(opened, 1, "aicha")
        clock.now = AT_NIGHT
        assert opened.look().issued == ()
    with desk(tmp_path, clock) as opened:
        assert opened.look().issued == ()  # nor does opening the desk
        assert approve(opened, 1, "aicha").alone  # she may decide it alone now


def test_an_approval_by_day_and_another_persons_at_night_are_two(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        approve(opened, 1, "aicha")
        clock.now = AT_NIGHT
        issued = approve(opened, 1, "omar")
        assert not issued.alone and issued.review_due is None


def test_an_approval_of_what_was_edited_meanwhile_is_refused(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        seen = opened.find_draft(1).content
        opened.edit(1, "omar", msgspec.structs.replace(seen, response="Avoid"), "")
        with pytest.raises(InputError, match="was changed since you looked at it"):
            opened.approve(1, "aicha", seen.digest)


def test_an_edit_voids_approvals_and_its_writer_may_be_one_of_the_two(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        approve(opened, 1, "aicha")
        said = msgspec.structs.replace(opened.find_draft(1).content, response="Avoid")
        opened.edit(1, "omar", said, "Avoid says it better.")
        assert opened.find_draft(1).approvals == ()
        assert approve(opened, 1, "omar", "aicha").draft.content.response == "Avoid"


def test_the_program_approves_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        for who in (MACHINE, ""):
            with pytest.raises(InputError, match="only a person decides this"):
                approve(opened, 1, who)
            with pytest.raises(InputError, match="only a person decides this"):
                opened.dismiss(1, who, "why")


def test_what_is_over_is_not_approved(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        clock.now = END
        with pytest.raises(InputError, match="cannot go out as it stands") as caught:
            approve(opened, 1, "aicha")
        assert "It is over already: 2026-11-23 21:00 has passed." in hint(caught)


def test_what_was_issued_is_final(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        approve(opened, 1, "aicha", "omar")
        for act in (
            lambda: approve(opened, 1, "sara"),
            lambda: opened.dismiss(1, "sara", "why"),
            lambda: opened.edit(1, "sara", content("A"), ""),
        ):
            with pytest.raises(InputError, match="draft 1 is issued already"):
                act()


def test_a_draft_or_an_alert_that_is_not_there(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        with pytest.raises(InputError, match="there is no draft 7"):
            opened.find_draft(7)
        with pytest.raises(InputError, match="there is no alert 'x'"):
            opened.bytes_of("x")


# Without a channel or a key


def test_without_any_channel_nobody_approves_in_vain(tmp_path: Path) -> None:
    with desk(tmp_path, feed=False) as opened:
        offered(opened, proposal())
        view = opened.look()
        assert "nobody would get the alert" in view.drafts[0].faults[0]
        assert "nobody would get the alert" in view.troubles[0]
        with pytest.raises(InputError, match="cannot go out as it stands"):
            approve(opened, 1, "aicha")


def test_without_a_key_the_desk_says_how_to_make_one(tmp_path: Path) -> None:
    with open_desk(service(tmp_path), now=Clock()) as opened:
        offered(opened, proposal())
        (fault,) = opened.look().drafts[0].faults
        assert "early-warning key country.toml" in fault


def test_an_expired_certificate_is_said_before_anybody_approves(tmp_path: Path) -> None:
    later = Clock(NOW + dt.timedelta(days=5 * 366))
    with desk(tmp_path, later) as opened:
        assert "The certificate of the signing key runs from" in opened.look().troubles[0]


# Editing

CHANGES = {
    "another hazard": ({"hazard": "strong_wind"}, "does not change the hazard"),
    "another message": ({"message": "Cancel"}, "does not change which message this is"),
    "another original": ({"changes": "x"}, "does not change which message this is"),
    "a district that is not there": ({"districts": ("A", "X")}, "there is no district 'X'"),
    "a district twice": ({"districts": ("A", "A")}, "a district is named twice"),
    "a time without zone": ({"onset": ONSET.replace(tzinfo=None)}, "the time has no time zone"),
    "a note without end": ({"note": "x" * 2_001}, "the note is longer"),
    "nothing": ({}, "nothing is changed"),
    "the order of districts alone": ({"districts": ("B", "A")}, "nothing is changed"),
    "a chance that somebody typed": ({"chance": (99, 99)}, "nothing is changed"),
}


@pytest.mark.parametrize(("change", "words"), CHANGES.values(), ids=CHANGES)
def test_no_edit_changes(tmp_path: Path, change: dict[str, object], words: str) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        said = msgspec.structs.replace(opened.find_draft(1).content, **change)
        with pytest.raises(InputError, match=words):
            opened.edit(1, "aicha", said, "")
        assert "edited" not in kinds(opened)


MIXED = proposal("A", "B", "C", chance=(20, 60))
MIXED = msgspec.structs.replace(
    MIXED,
    lines=tuple(
        msgspec.structs.replace(
            line, expectation=msgspec.structs.replace(line.expectation, used=used)
        )
        for line, used in zip(MIXED.lines, (0.2, 0.4, 0.6), strict=True)
    ),
)

CHANCES: dict[str, tuple[dict[str, object], tuple[int, int] | None]] = {
    "of the same event it stays": ({"response": "Avoid"}, (20, 60)),
    "of fewer districts it is theirs": ({"districts": ("B", "C")}, (40, 60)),
    "of one district it is that one's": ({"districts": ("B",)}, (40, 40)),
    "of another threshold there is none": ({"threshold": "80"}, None),
    "of another window there is none": ({"expires": END - dt.timedelta(hours=6)}, None),
}


@pytest.mark.parametrize(("change", "chance"), CHANCES.values(), ids=CHANCES)
def test_the_chance_follows_the_event(
    tmp_path: Path, change: dict[str, object], chance: tuple[int, int] | None
) -> None:
    with desk(tmp_path) as opened:
        offered(opened, MIXED)
        said = msgspec.structs.replace(opened.find_draft(1).content, **change)
        opened.edit(1, "aicha", said, "")
        assert opened.find_draft(1).content.chance == chance


def test_a_district_that_the_forecast_did_not_name_has_no_chance(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal("A", "B"))
        said = msgspec.structs.replace(opened.find_draft(1).content, districts=("C", "A", "B"))
        opened.edit(1, "aicha", said, "The river of C comes from B.")
        edited = opened.find_draft(1).content
        assert edited.chance is None and edited.districts == ("A", "B", "C")


def test_the_chance_comes_back_with_the_event(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        first = opened.find_draft(1).content
        opened.edit(1, "aicha", msgspec.structs.replace(first, threshold="80"), "")
        opened.edit(1, "aicha", msgspec.structs.replace(first, chance=None), "")
        assert opened.find_draft(1).content == first


# Taking up


def test_a_notice_is_taken_up_in_ones_own_name_with_a_reason(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        notice = proposal(basis="notice", chance=None)
        opened.offer(outlook(), [notice])
        assert opened.look().drafts == () and opened.look().notices == (notice,)
        with pytest.raises(InputError, match="a reason is needed"):
            opened.take_up(notice.key, "aicha", " ")
        number = opened.take_up(notice.key, "aicha", "The wadi was full on Friday.")
        draft = opened.find_draft(number)
        assert draft.taken_up_by == "aicha" and draft.approvals == ()
        assert draft.content.chance is None and draft.content.certainty == "Possible"
        assert draft.acts[0].words == "The wadi was full on Friday."
        assert opened.look().notices == ()
        with pytest.raises(InputError, match="there is no such notice now"):
            opened.take_up(notice.key, "omar", "me too")


def test_what_was_taken_up_states_no_chance_and_is_at_most_possible(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        opened.offer(outlook(), [proposal(basis="notice")])
        number = opened.take_up(opened.look().notices[0].key, "aicha", "why")
        said = opened.find_draft(number).content
        with pytest.raises(InputError, match="Likely cannot be said where skill was not shown"):
            opened.edit(number, "aicha", msgspec.structs.replace(said, certainty="Likely"), "")
        with pytest.raises(InputError, match="nothing is changed"):
            opened.edit(number, "aicha", msgspec.structs.replace(said, chance=(60, 60)), "")
        issued = approve(opened, number, "aicha", "omar")
        assert b"early-warning:chance" not in opened.bytes_of(issued.identifier)


def test_a_notice_that_was_dismissed_after_all_is_shown_again(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        opened.offer(outlook(), [proposal(basis="notice")])
        number = opened.take_up(opened.look().notices[0].key, "aicha", "why")
        opened.dismiss(number, "omar", "The gauges say no.")
        assert len(opened.look().notices) == 1


# Dismissing, updating, cancelling


def test_a_dismissal_says_why(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        with pytest.raises(InputError, match="a reason is needed"):
            opened.dismiss(1, "aicha", "")
        opened.dismiss(1, "aicha", "A cold bias of this model.")
        draft = opened.find_draft(1)
        assert draft.state == "dismissed" and draft.acts[-1].words == "A cold bias of this model."


def test_an_alert_is_updated_or_cancelled_once(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        first = approve(opened, 1, "aicha", "omar").identifier
        clock.later(minutes=5)
        update = opened.draft_update(first, "aicha")
        with pytest.raises(InputError, match=f"draft {update} is its Update already"):
            opened.draft_update(first, "omar")
        cancel = opened.draft_cancel(first, "omar", "It rained elsewhere.")
        approve(opened, update, "aicha", "omar")
        (fault,) = opened.find_draft(cancel).faults
        assert fault.startswith("The alert was updated by warnings@coast.example.")
        with pytest.raises(InputError, match="was updated by"):
            opened.draft_cancel(first, "omar", "It rained elsewhere.")
        assert opened.find_issued(first).state == "updated"


def test_what_is_over_is_neither_updated_nor_cancelled(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        first = approve(opened, 1, "aicha", "omar").identifier
        clock.now = END
        assert opened.find_issued(first).state == "over"
        with pytest.raises(InputError, match="is over: there is nothing to change"):
            opened.draft_update(first, "aicha")


def test_of_a_cancel_only_the_note_can_be_edited(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        first = approve(opened, 1, "aicha", "omar").identifier
        number = opened.draft_cancel(first, "aicha", "It rained elsewhere.")
        said = opened.find_draft(number).content
        with pytest.raises(InputError, match="of a Cancel only the note can be edited"):
            opened.edit(number, "aicha", msgspec.structs.replace(said, districts=("A",)), "")
        opened.edit(number, "aicha", msgspec.structs.replace(said, note="Tell the port."), "")
        assert opened.find_draft(number).content.note == "Tell the port."


# What is kept


def test_opened_again_the_desk_shows_the_same(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal(), proposal("C", basis="notice", colour="orange"))
        approve(opened, 1, "aicha", "omar")
        clock.later(minutes=1)
        opened.draft_update(opened.look().issued[0].identifier, "aicha")
        before, acts = opened.look(), opened.journal()
        data = opened.bytes_of(before.issued[0].identifier)
    with desk(tmp_path, clock) as opened:
        assert opened.look() == before and opened.journal() == acts
        assert opened.bytes_of(before.issued[0].identifier) == data


def test_a_second_process_gets_a_sentence(tmp_path: Path) -> None:
    made = keyed(tmp_path)
    with (
        open_desk(made, now=Clock()),
        pytest.raises(InputError, match="the desk is open in another process") as caught,
        open_desk(made, now=Clock()),
    ):
        pass
    assert "only one process may write" in hint(caught)


def test_lost_evidence_is_said_and_stops_nobody(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
    for path in (tmp_path / "state" / "desk" / "evidence").rglob("*.z"):
        path.unlink()
    with desk(tmp_path, clock) as opened:
        view = opened.look()
        assert view.outlook is None and "The last outlook is lost" in view.troubles[0]
        assert "The evidence is lost" in view.drafts[0].proposal.reasons[0]
        assert approve(opened, 1, "aicha", "omar").state == "in_force"


def test_evidence_that_was_changed_is_not_shown(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
    for path in (tmp_path / "state" / "desk" / "evidence").rglob("*.z"):
        evidence = zlib.decompress(path.read_bytes())
        path.write_bytes(zlib.compress(evidence.replace(b"More than 50 mm", b"More than 10 mm")))
    with desk(tmp_path) as opened:
        assert "was changed" in opened.look().drafts[0].proposal.reasons[0]


def test_bytes_that_were_changed_after_the_issue_are_found(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        issued = approve(opened, 1, "aicha", "omar")
        (path,) = (tmp_path / "state" / "desk" / "alerts").iterdir()
        path.write_bytes(path.read_bytes().replace(b"Heavy rain", b"Heavy sand"))
        with pytest.raises(Exception, match="the bytes of an alert that was issued were changed"):
            opened.bytes_of(issued.identifier)


def test_a_journal_that_was_cut_with_its_head_is_betrayed_by_the_outbox(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        head = opened.look().head
        approve(opened, 1, "aicha", "omar")
    path = tmp_path / "state" / "desk" / "journal.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    path.with_suffix(".head").write_text(head)
    with desk(tmp_path) as opened:
        assert any("which the journal does not know" in one for one in opened.look().troubles)


def test_a_journal_without_the_file_beside_it_says_what_nobody_can_tell(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
    (tmp_path / "state" / "desk" / "journal.head").unlink()
    with desk(tmp_path) as opened:
        (words,) = opened.look().troubles
        assert words.startswith("The file beside the journal was gone")
    with desk(tmp_path) as opened:
        assert opened.look().troubles == ()


def test_the_worst_colour_comes_first_and_then_what_comes_first(tmp_path: Path) -> None:
    day = dt.timedelta(days=1)
    with desk(tmp_path) as opened:
        opened.offer(
            outlook(windows=2),
            [
                proposal("A", colour="yellow"),
                proposal("B", onset=ONSET + day, expires=END + day),
                proposal("C"),
            ],
        )
        drafts = opened.look().drafts
        assert [one.content.districts for one in drafts] == [("C",), ("B",), ("A",)]


def test_words_are_bounded(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        with pytest.raises(InputError, match="longer than the 2,000 characters"):
            opened.dismiss(1, "aicha", "x" * 2_001)


def test_an_old_forecast_is_said(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        opened.offer(outlook(), [])
        assert opened.look().troubles == ()
        clock.later(hours=31)
        (words,) = opened.look().troubles
        assert "more than 36 hours ago: nothing here says what comes" in words


def test_who_was_told_of_two_approvals_does_not_send_alone_after_nightfall(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        draft = opened.find_draft(1)
        clock.now = AT_NIGHT
        with pytest.raises(InputError, match="your approval alone would send this"):
            opened.approve(1, "aicha", draft.content.digest, told=draft.needed)
        assert opened.find_draft(1).approvals == ()
        again = opened.find_draft(1).needed
        assert opened.approve(1, "aicha", draft.content.digest, told=again) is not None


def test_whoever_was_told_of_one_approval_may_give_it_by_day(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        assert opened.approve(1, "aicha", content().digest, told=1) is None
        assert opened.find_draft(1).approvals == ("aicha",)


def test_of_two_who_edit_or_dismiss_the_same_content_the_second_does_nothing(
    tmp_path: Path,
) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        seen = opened.find_draft(1).content
        opened.edit(1, "aicha", content("A"), "Only A.", seen=seen.digest)
        with pytest.raises(InputError, match="was changed since you looked at it"):
            opened.edit(1, "omar", content("B"), "Only B.", seen=seen.digest)
        with pytest.raises(InputError, match="was changed since you looked at it"):
            opened.dismiss(1, "omar", "It is nothing.", seen=seen.digest)
        assert opened.find_draft(1).content.districts == ("A",)


def test_a_clock_behind_the_journal_is_told(tmp_path: Path) -> None:
    clock = Clock(NOW + dt.timedelta(days=1))
    with desk(tmp_path, clock, at=NOW) as opened:
        offered(opened, proposal())
        assert opened.look().troubles == ()
        clock.now = NOW
        said = "a line of the journal is of 2026-11-23 06:00 UTC: it is wrong now, or was wrong"
        assert any(said in one for one in opened.look().troubles)


def test_what_follows_a_notice_that_was_taken_up_says_so_too(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal(basis="notice", key="k"))
        number = opened.take_up("k", "aicha", "The river is high.")
        first = approve(opened, number, "aicha", "omar")
        cancel = opened.draft_cancel(first.identifier, "omar", "It rained elsewhere.")
        assert opened.find_draft(cancel).taken_up_by == "aicha"
