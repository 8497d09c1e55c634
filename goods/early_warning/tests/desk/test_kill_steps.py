"""Killed between any two steps of approving, issuing and sending, the desk goes on rightly."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from pathlib import Path
from types import FrameType

import pytest
from lxml import etree

from early_warning import cap
from early_warning.desk.desk import open_desk
from early_warning.desk.journal import read_journal
from early_warning.desk.kept import issued_alerts
from goods.early_warning.tests.desk.world import Clock, approve, desk, keyed, offered, proposal

WHERE = ("early_warning/desk/", "early_warning/send/", "comity/files/")
KILLED, WHOLE = 9, 0
STRIDE = 9
"""Every ninth call is killed: the calls between two steps are more than that."""


def approve_and_die(folder: Path, at: int) -> int:
    """In a process of its own, give the last approval and send; dies at a call of that number."""
    child = os.fork()
    if child == 0:  # nothing of the parent is run again in here
        count = 0

        def watch(frame: FrameType, event: str, _arg: object) -> None:
            nonlocal count
            if event == "call" and any(one in frame.f_code.co_filename for one in WHERE):
                count += 1
                if count == at:
                    os._exit(KILLED)

        try:
            with open_desk(keyed(folder), now=Clock()) as opened:
                threading.setprofile(watch)
                sys.setprofile(watch)
                approve(opened, 1, "omar")
                opened.send_due()
            os._exit(WHOLE)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def approved_once(tmp_path: Path) -> Path:
    """A desk where one person has approved."""
    folder = tmp_path / "before"
    folder.mkdir()
    with desk(folder) as opened:
        offered(opened, proposal())
        approve(opened, 1, "aicha")
    return folder


def test_a_kill_at_any_step_loses_nothing_and_sends_nothing_twice(
    tmp_path: Path, approved_once: Path
) -> None:
    ends = set()
    for at in range(1, 100_000, STRIDE):
        folder = tmp_path / str(at)
        shutil.copytree(approved_once, folder)
        code = approve_and_die(folder, at)
        assert code in (KILLED, WHOLE)
        ends.add(_end_well(folder))
        shutil.rmtree(folder)
        if code == WHOLE:
            break
    # It was killed before the issue, between issue and outbox, and after the feed had it.
    assert ends == {(False, False), (True, False), (True, True)}


def _end_well(folder: Path) -> tuple[bool, bool]:
    """Go on after the kill; whether it was issued before, and whether the feed had it."""
    where = folder / "state" / "desk"
    before = {act.identifier: data for act, data in issued_alerts(where)}
    feed = folder / "served" / "alerts"
    had = feed.exists() and any(feed.iterdir())
    with open_desk(keyed(folder), now=Clock()) as opened:
        if not before:
            assert opened.find_draft(1).approvals == ("aicha",)
            approve(opened, 1, "omar")
        opened.send_due()
        assert opened.look().troubles == ()
    (issued,) = [act for act in read_journal(where / "journal.jsonl") if act.kind == "issued"]
    ((_, data),) = issued_alerts(where)
    assert not before or before == {issued.identifier: data}  # fixed once
    assert cap.judge(data).valid
    assert [one.read_bytes() for one in feed.iterdir()] == [data]
    entries = etree.parse(folder / "served" / "feed.xml").getroot().findall("{*}entry")
    assert [one.findtext("{*}identifier") for one in entries] == [issued.identifier]
    return bool(before), had
