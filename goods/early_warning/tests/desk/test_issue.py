"""What goes out: its words, its references, its signature; and what is refused before."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
from pathlib import Path

import msgspec
import pytest
from tests.parts import require

from comity.errors import InputError
from early_warning import cap
from early_warning.cap.compose import HAZARD_LIST
from early_warning.desk import issue
from early_warning.desk.desk import open_desk
from early_warning.desk.kept import issued_alerts
from early_warning.desk.places import DISTRICT_LIST
from early_warning.desk.signing import new_signing_key
from early_warning.drafts.proposal import Content
from early_warning.send import Outbox
from early_warning.send.message import file_name
from goods.early_warning.tests.desk.world import (
    END,
    NOW,
    SERVICE,
    Clock,
    approve,
    content,
    desk,
    keyed,
    offered,
    proposal,
    service,
)

ALL = ("ar", "en", "fr")
OID = cap.Authority(sender="warnings@coast.example", names=SERVICE, oid="2.49.0.0.999.0")


def test_an_alert_an_update_and_its_cancel_are_valid_and_refer_to_each_other(
    tmp_path: Path,
) -> None:
    clock = Clock()
    with desk(tmp_path, clock, *ALL) as opened:
        offered(opened, proposal())
        names = [approve(opened, 1, "aicha", "omar").identifier]
        clock.later(hours=1)
        number = opened.draft_update(names[0], "aicha")
        more = msgspec.structs.replace(opened.find_draft(number).content, districts=("A", "B", "C"))
        opened.edit(number, "aicha", more, "C too.")
        names.append(approve(opened, number, "aicha", "omar").identifier)
        clock.later(hours=1)
        number = opened.draft_cancel(names[1], "omar", "It rained out at sea.")
        names.append(approve(opened, number, "aicha", "omar").identifier)
        alerts = []
        for name in names:
            verdict = cap.judge(opened.bytes_of(name))
            assert verdict.valid and verdict.signed and not verdict.errors("cap")
            alerts.append(cap.read_alert(opened.bytes_of(name)))
    assert [one.msg_type for one in alerts] == ["Alert", "Update", "Cancel"]
    assert [one.identifier for one in alerts] == names
    chain = [f"{one.sender},{one.identifier},{one.sent}" for one in alerts]
    assert alerts[0].references is None
    assert alerts[1].references == chain[0]
    assert alerts[2].references == f"{chain[0]} {chain[1]}"
    assert all([info.language for info in one.infos] == list(ALL) for one in alerts)
    assert len(alerts[2].infos[0].areas) == 3


def test_every_word_follows_from_what_was_approved(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        issued = approve(opened, 1, "aicha", "omar")
        said = cap.read_alert(opened.bytes_of(issued.identifier))
        english = said.infos[0]
        assert [english.headline] == [
            one.headline for one in opened.preview(issued.draft.content) if one.language == "en"
        ]
    assert said.status == "Test" and said.sent == "2026-11-22T09:00:00+03:00"
    assert english.onset == "2026-11-22T21:00:00+03:00"
    assert (english.headline or "").startswith("TEST – no action is needed.")
    assert (english.description or "").endswith("Chance: 60 %.")
    codes = [(one.name, one.value) for area in english.areas for one in area.geocodes]
    assert codes == [(DISTRICT_LIST, "A"), (DISTRICT_LIST, "B")]
    assert english.event_codes[0].name == HAZARD_LIST
    assert english.areas[0].polygons[0].count(" ") == 4  # a square, closed


def test_signed_alerts_verify_here_and_in_xmlsec1(tmp_path: Path) -> None:
    program = require("xmlsec1", "apt-get install xmlsec1")
    made = keyed(tmp_path, *ALL)
    pem = made.path(made.country.signing.certificate)
    with desk(tmp_path, Clock(), *ALL) as opened:
        offered(opened, proposal())
        issued = approve(opened, 1, "aicha", "omar")
        data = opened.bytes_of(issued.identifier)
        opened.send_due()
        (act,) = (one for one in opened.journal() if one.kind == "issued")
    certificate = cap.load_certificate(pem)
    signed = cap.check_signature(data, trusted=[certificate], at=act.at)
    assert signed.certificate == act.certificate and signed.bytes_sha256 == act.digest
    (served,) = (tmp_path / "served" / "alerts").iterdir()
    assert served.read_bytes() == data
    command = [program, "--verify", "--trusted-pem", str(pem)]
    command += ["--verification-time", f"{act.at:%Y-%m-%d %H:%M:%S}", str(served)]
    assert subprocess.run(command, capture_output=True).returncode == 0
    served.write_bytes(data.replace(b"Heavy", b"Happy"))
    assert subprocess.run(command, capture_output=True).returncode != 0


def test_alerts_of_one_second_have_names_of_their_own(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal("A"), proposal("C", colour="orange"))
        first = approve(opened, 1, "aicha", "omar").identifier
        second = approve(opened, 2, "aicha", "omar").identifier
    assert first == "warnings@coast.example.20261122060000.0"
    assert second == "warnings@coast.example.20261122060000.1"


def test_other_programs_read_what_was_issued_while_the_desk_is_open(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        offered(opened, proposal())
        issued = approve(opened, 1, "aicha", "omar")
        ((act, data),) = issued_alerts(tmp_path / "state" / "desk")
        assert act.identifier == issued.identifier
        assert data == opened.bytes_of(issued.identifier)
        assert hashlib.sha256(data).hexdigest() == act.digest


# Faults


def test_actual_needs_a_registered_authority_and_reviewed_texts(tmp_path: Path) -> None:
    with desk(tmp_path, Clock(), "en", "fr", "ar", status="Actual") as opened:
        offered(opened, proposal())
        faults = opened.find_draft(1).faults
        assert [one.partition(" (")[0] for one in faults] == [
            "An Actual alert needs a registered authority"
        ]
    with desk(tmp_path, Clock(), "en", "fr", "ar", status="Actual", authority=OID) as opened:
        french, arabic = opened.find_draft(1).faults
        assert (french, arabic) == opened.look().troubles  # also while no draft waits
        assert "the Français texts (fr) have not been reviewed".lower() in french.lower()
        assert "(ar) have not been reviewed" in arabic
        with pytest.raises(InputError, match="cannot go out as it stands"):
            approve(opened, 1, "aicha")


def test_actual_in_a_reviewed_language_goes_out_as_actual(tmp_path: Path) -> None:
    with desk(tmp_path, Clock(), "en", status="Actual", authority=OID) as opened:
        offered(opened, proposal())
        issued = approve(opened, 1, "aicha", "omar")
        assert issued.status == "Actual"
        assert issued.identifier == "2.49.0.0.999.0.20261122060000.0"
        words = cap.read_alert(opened.bytes_of(issued.identifier)).infos[0].headline or ""
        assert words.startswith("Heavy rain: Ada, Bera")


FAULTS = {
    "over already": (content("A", expires=NOW), "It is over already: 2026-11-22 09:00 has passed."),
    "ends before it begins": (content("A", onset=END), "It would end before it begins."),
    "a district that is gone": (content("A", "Z"), "There is no district 'Z' (districts)."),
}


@pytest.mark.parametrize(("said", "fault"), FAULTS.values(), ids=FAULTS)
def test_the_desk_says_before_anybody_approves(tmp_path: Path, said: Content, fault: str) -> None:
    assert fault in issue.faults(service(tmp_path), said, None, now=NOW)


def test_nothing_stands_against_a_good_draft(tmp_path: Path) -> None:
    assert issue.faults(service(tmp_path), content("A"), None, now=NOW) == ()


def test_each_language_says_what_it_lacks(tmp_path: Path) -> None:
    nameless = service(tmp_path, "en", "mn", "so")
    faults = issue.faults(nameless, content("A"), None, now=NOW)
    assert len(faults) == 2
    assert "the authority has no name in Монгол".lower() in faults[0].lower()
    assert "(so)" in faults[1]


# Previews


def test_a_preview_shows_every_language_with_the_mark_of_the_status(tmp_path: Path) -> None:
    previews = issue.preview(service(tmp_path, *ALL), content("A"), None, now=NOW)
    assert [(one.language, one.direction, one.reviewed) for one in previews] == [
        ("ar", "rtl", False),
        ("en", "ltr", True),
        ("fr", "ltr", False),
    ]
    marks = [cap.pack(one.language).status.test.partition(" {")[0] for one in previews]
    assert all(one.headline.startswith(mark) for one, mark in zip(previews, marks, strict=True))
    assert all(one.description and one.instruction and not one.fault for one in previews)


def test_texts_that_must_be_reviewed_are_shown_to_whoever_reviews_them(tmp_path: Path) -> None:
    actual = service(tmp_path, "en", "fr", status="Actual", authority=OID)
    _, french = issue.preview(actual, content("A"), None, now=NOW)
    assert french.headline.startswith("Fortes pluies") and not french.reviewed


def test_a_language_that_lacks_a_name_says_so_in_its_place(tmp_path: Path) -> None:
    english, somali = issue.preview(service(tmp_path, "en", "so"), content("A"), None, now=NOW)
    assert english.headline and not english.fault
    assert somali.headline == "" and "has no name in" in somali.fault


def test_a_cancel_is_previewed_from_the_alert_that_it_cancels(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        first = approve(opened, 1, "aicha", "omar").identifier
        clock.later(minutes=1)
        number = opened.draft_cancel(first, "aicha", "It rains elsewhere.")
        english, french = opened.preview(opened.find_draft(number).content)
        assert "Cancelled: Heavy rain, Ada, Bera" in english.headline
        assert french.headline and not french.fault


def test_languages_that_came_or_went_since_the_alert(tmp_path: Path) -> None:
    """An Update must speak to all who were warned; a Cancel speaks to them alone."""
    clock = Clock()
    with desk(tmp_path, clock, "en", "fr") as opened:
        offered(opened, proposal())
        first = approve(opened, 1, "aicha", "omar").identifier
        clock.later(minutes=1)
        update = opened.draft_update(first, "aicha")
        cancel = opened.draft_cancel(first, "aicha", "It rains elsewhere.")
    with desk(tmp_path, clock, "en", "ar") as opened:  # French went, Arabic came
        for number in (update, cancel):
            (fault,) = opened.find_draft(number).faults
            assert fault.startswith("The alert was also in fr, for which no pack is given.")
    with desk(tmp_path, clock, "en", "fr", "ar") as opened:
        assert opened.find_draft(update).faults == opened.find_draft(cancel).faults == ()
        assert [
            bool(one.headline) for one in opened.preview(opened.find_draft(update).content)
        ] == [
            True,
            True,
            True,
        ]
        *_, arabic = opened.preview(opened.find_draft(cancel).content)
        assert "was not in" in arabic.fault
        issued = approve(opened, cancel, "aicha", "omar")
        said = cap.read_alert(opened.bytes_of(issued.identifier))
        assert [info.language for info in said.infos] == ["en", "fr"]


# Headings


def test_a_heading_fits_the_lists_of_every_language(tmp_path: Path) -> None:
    arabic = issue.compose(service(tmp_path, "ar"), content("A", "B"), None, sent=NOW)
    heading = issue.heading_of(arabic)
    assert heading.title == arabic.infos[0].headline and heading.title.startswith("اختبار")
    assert heading.box == (42.0, 11.0, 44.0, 12.0)
    assert heading.expires == END and heading.sent == NOW
    long = msgspec.structs.replace(arabic.infos[0], headline="x" * 1_000)
    shortened = issue.heading_of(msgspec.structs.replace(arabic, infos=(long,)))
    assert len(shortened.title) == 300


def test_an_alert_without_an_end_has_no_heading(tmp_path: Path) -> None:
    made = issue.compose(service(tmp_path), content("A"), None, sent=NOW)
    endless = msgspec.structs.replace(made.infos[0], expires=None)
    with pytest.raises(InputError, match="no time, or no end"):
        issue.heading_of(msgspec.structs.replace(made, infos=(endless,)))


# After a crash


def test_what_was_issued_and_not_handed_over_is_handed_over_at_opening(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        issued = approve(opened, 1, "aicha", "omar")
        data = opened.bytes_of(issued.identifier)
    for path in (tmp_path / "state" / "outbox").iterdir():
        path.unlink()  # as if the program had been killed before the outbox had it
    with desk(tmp_path, clock) as opened:
        opened.send_due()
        assert opened.find_issued(issued.identifier).deliveries[0].state == "delivered"
    (served,) = (tmp_path / "served" / "alerts").iterdir()
    assert served.read_bytes() == data


def test_an_alert_whose_bytes_are_lost_holds_up_no_other(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal("A"), proposal("C", colour="orange"))
        first = approve(opened, 1, "aicha", "omar").identifier
        approve(opened, 2, "aicha", "omar")
    for path in (tmp_path / "state" / "outbox").iterdir():
        path.unlink()
    (tmp_path / "state" / "desk" / "alerts" / file_name(first)).unlink()
    with desk(tmp_path, clock) as opened:
        assert any("An alert reached no channel yet" in one for one in opened.look().troubles)
        assert [one.state for one in opened.send_due()] == ["delivered"]


def test_what_was_over_before_anybody_had_it_is_told(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        issued = approve(opened, 1, "aicha", "omar")
    for path in (tmp_path / "state" / "outbox").iterdir():
        path.unlink()
    clock.now = END
    with desk(tmp_path, clock) as opened:
        told = f"Issued, and over before any channel had it: {issued.identifier}."
        assert told in opened.look().troubles


def test_what_was_approved_and_torn_off_before_the_issue_is_issued_at_opening(
    tmp_path: Path,
) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        head = opened.look().head
        approve(opened, 1, "aicha", "omar")
    _tear(tmp_path, head)
    clock.later(hours=1)
    with desk(tmp_path, clock) as opened:
        (issued,) = opened.look().issued
        assert issued.draft.approvals == ("aicha", "omar")
        assert issued.sent == clock.now  # nobody had it before
        opened.send_due()
    assert len(list((tmp_path / "served" / "alerts").iterdir())) == 1


def test_but_not_once_it_is_over_and_that_is_told(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        head = opened.look().head
        approve(opened, 1, "aicha", "omar")
    _tear(tmp_path, head)
    clock.now = END + dt.timedelta(hours=1)
    with desk(tmp_path, clock) as opened:
        view = opened.look()
        assert view.issued == ()
        (words,) = (one for one in view.troubles if "was approved, and is not issued" in one)
        assert "It is over already" in words
        assert any("torn by a crash" in one for one in view.troubles)


def _tear(folder: Path, head: str) -> None:
    """Leave of the last line, the issue, half; and no outbox, which comes after it."""
    path = folder / "state" / "desk" / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    assert b'"kind":"issued"' in lines[-1] and b'"kind":"approved"' in lines[-2]
    path.write_bytes(b"".join(lines[:-1]) + lines[-1][:100])
    path.with_suffix(".head").write_text(head)
    for one in (folder / "state" / "outbox").iterdir():
        one.unlink()
    with Outbox(folder / "state" / "outbox") as outbox:
        assert outbox.deliveries() == []


def test_what_began_before_it_is_sent_begins_when_it_is_sent(tmp_path: Path) -> None:
    with desk(tmp_path) as opened:
        began = NOW - dt.timedelta(hours=2)
        offered(opened, proposal(onset=began))
        said = cap.read_alert(opened.bytes_of(approve(opened, 1, "aicha", "omar").identifier))
    assert said.infos[0].onset == said.sent
    assert "M9" not in {one.rule for one in cap.judge(cap.write_alert(said)).findings}


def test_a_certificate_that_ends_within_weeks_is_told_at_the_desk(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        assert not any("certificate" in one for one in opened.look().troubles)
        clock.now += dt.timedelta(days=5 * 365 - 59)
        assert any(
            "certificate of the signing key ends on" in one for one in opened.look().troubles
        )
        clock.now += dt.timedelta(days=60)
        assert any("receivers would refuse" in one for one in opened.look().troubles)


def test_what_stands_against_a_draft_is_found_once_and_follows_the_clock(tmp_path: Path) -> None:
    clock = Clock()
    with desk(tmp_path, clock) as opened:
        offered(opened, proposal())
        first = approve(opened, 1, "aicha", "omar").identifier
        number = opened.draft_cancel(first, "aicha", "It rained out at sea.")
        assert len(opened.find_draft(number).faults) == 1  # in the second of the alert itself
        clock.later(seconds=1)
        assert opened.find_draft(number).faults == ()
        clock.later(seconds=-2)  # the clock was put back
        assert "not after the message" in opened.find_draft(number).faults[0]
        clock.now = END
        over = opened.find_draft(number).faults
        assert over[0].startswith("It is over already")
        file = tmp_path / "state" / "desk" / "alerts" / file_name(first)
        file.unlink()
        assert opened.find_draft(number).faults == over  # what was found is not sought again


def test_a_new_certificate_is_used_without_opening_the_desk_again(tmp_path: Path) -> None:
    clock = Clock()
    made = keyed(tmp_path, at=NOW - dt.timedelta(days=6 * 365))
    with open_desk(made, now=clock) as opened:
        offered(opened, proposal())
        assert "receivers would refuse the alert" in opened.find_draft(1).faults[0]
        made.path(made.country.signing.key).unlink()
        (tmp_path / made.country.signing.certificate).unlink()
        new_signing_key(made, now=NOW)
        assert opened.find_draft(1).faults == ()
        assert approve(opened, 1, "aicha", "omar") is not None
