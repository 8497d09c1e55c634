"""Whatever people and runs do, the desk keeps its rules; and opened again it is the same desk."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import ExitStack
from pathlib import Path

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from comity.errors import InputError
from early_warning import cap
from early_warning.desk.desk import open_desk
from early_warning.desk.rules import is_night
from early_warning.desk.view import Draft
from goods.early_warning.tests.desk.world import (
    NIGHT,
    RUN,
    Clock,
    keyed,
    outlook,
    proposal,
)

PEOPLE = st.sampled_from(["aicha", "omar", "sara"])
RESPONSES = st.sampled_from(["Prepare", "Avoid", "Shelter"])
DISTRICTS = st.lists(st.sampled_from("ABC"), min_size=1, max_size=3, unique=True)


class Anything(RuleBasedStateMachine):
    """Three people, a clock that runs on, and runs that say this and that."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        self.folder = Path(self.held.enter_context(tempfile.TemporaryDirectory()))
        self.clock = Clock()
        self.service = keyed(self.folder)
        self.runs = 0
        self.seen: dict[str, bytes] = {}

    @initialize()
    def begin(self) -> None:
        self.opening = ExitStack()
        self.desk = self.opening.enter_context(open_desk(self.service, now=self.clock))

    def teardown(self) -> None:
        self.opening.close()
        self.held.close()

    def draft(self, data: st.DataObject) -> Draft:
        return data.draw(st.sampled_from(self.desk.look().drafts))

    def waits(self) -> bool:
        return bool(self.desk.look().drafts)

    def in_force(self) -> list[str]:
        return [one.identifier for one in self.desk.look().issued if one.state == "in_force"]

    @rule(hours=st.sampled_from([0.01, 1, 5, 11]))
    def time_passes(self, hours: float) -> None:
        self.clock.later(hours=hours)

    @rule(said=st.lists(DISTRICTS, max_size=2), notices=st.booleans(), newer=st.booleans())
    def a_run_comes(self, said: list[list[str]], notices: bool, newer: bool) -> None:
        self.runs += newer
        colours = ("red", "orange")
        proposals = [
            proposal(
                *sorted(codes), colour=colours[place], basis="notice" if notices else "forecast"
            )
            for place, codes in enumerate(said)
        ]
        self.desk.offer(outlook(RUN + dt.timedelta(hours=6 * self.runs)), proposals)

    @precondition(lambda self: self.waits())
    @rule(data=st.data(), who=PEOPLE)
    def somebody_approves(self, data: st.DataObject, who: str) -> None:
        draft = self.draft(data)
        try:
            self.desk.approve(draft.number, who, draft.content.digest)
        except InputError:
            assert draft.faults or who in draft.approvals

    @precondition(lambda self: self.waits())
    @rule(data=st.data(), who=PEOPLE, response=RESPONSES, codes=DISTRICTS)
    def somebody_edits(
        self, data: st.DataObject, who: str, response: str, codes: list[str]
    ) -> None:
        draft = self.draft(data)
        said = msgspec.structs.replace(
            draft.content, response=response, districts=tuple(sorted(codes))
        )
        try:
            self.desk.edit(draft.number, who, said, "")
        except InputError:
            return
        assert self.desk.find_draft(draft.number).approvals == ()

    @precondition(lambda self: self.waits())
    @rule(data=st.data(), who=PEOPLE)
    def somebody_dismisses(self, data: st.DataObject, who: str) -> None:
        self.desk.dismiss(self.draft(data).number, who, "why")

    @precondition(lambda self: bool(self.desk.look().notices))
    @rule(who=PEOPLE)
    def somebody_takes_up(self, who: str) -> None:
        number = self.desk.take_up(self.desk.look().notices[0].key, who, "why")
        assert self.desk.find_draft(number).content.chance is None

    @precondition(lambda self: bool(self.in_force()))
    @rule(data=st.data(), who=PEOPLE, cancel=st.booleans())
    def somebody_changes_an_alert(self, data: st.DataObject, who: str, cancel: bool) -> None:
        identifier = data.draw(st.sampled_from(self.in_force()))
        try:
            if cancel:
                self.desk.draft_cancel(identifier, who, "why")
            else:
                self.desk.draft_update(identifier, who)
        except InputError as error:
            assert "already" in error.what

    @rule()
    def all_is_sent(self) -> None:
        self.desk.send_due()

    @rule()
    def the_desk_is_opened_again(self) -> None:
        before, acts = self.desk.look(), self.desk.journal()
        self.opening.close()
        self.begin()
        after = self.desk.look()
        assert msgspec.structs.replace(after, troubles=()) == msgspec.structs.replace(
            before, troubles=()
        )
        assert self.desk.journal() == acts

    @invariant()
    def nothing_was_issued_by_too_few(self) -> None:
        acts = self.desk.journal()
        for place, act in enumerate(acts):
            if act.kind != "issued":
                continue
            mine = [one for one in acts[:place] if one.draft == act.draft]
            last = max(n for n, one in enumerate(mine) if one.content is not None)
            content = mine[last].content
            approvals = [one for one in mine[last:] if one.kind == "approved"]
            assert content is not None
            assert {one.digest for one in approvals} == {content.digest}
            people = {one.who for one in approvals}
            night = is_night(act.at, self.service.zone, NIGHT)
            assert len(people) >= (1 if night else 2)
            assert (act.review_by is not None) == (len(people) == 1)

    @invariant()
    def what_went_out_is_valid_and_never_changes(self) -> None:
        for act in self.desk.journal():
            if act.kind == "issued":
                data = self.desk.bytes_of(act.identifier)
                if act.identifier not in self.seen:
                    assert cap.judge(data).valid
                assert self.seen.setdefault(act.identifier, data) == data

    @invariant()
    def no_alert_is_changed_twice(self) -> None:
        changes = [
            one.draft.content.changes
            for one in self.desk.look().issued
            if one.draft.content.changes is not None
        ]
        assert len(set(changes)) == len(changes)


TestAnything = Anything.TestCase
TestAnything.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
