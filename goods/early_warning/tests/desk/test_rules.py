"""What state follows from the acts, and which acts are impossible."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import RecordError
from early_warning.desk.rules import fold, is_night, standing
from early_warning.desk.view import Act, Kind
from goods.early_warning.tests.desk.world import END, NOW, content

DJIBOUTI = "Africa/Djibouti"  # UTC+3, clocks never change
BERLIN = "Europe/Berlin"  # forward on 2026-03-29 at 02:00, back on 2026-10-25 at 03:00

EVENING = ("20:00", "06:00")
NIGHTS = {
    "before midnight": (DJIBOUTI, "2026-11-22T20:59", ("20:00", "06:00"), True),
    "after midnight": (DJIBOUTI, "2026-11-22T22:30", ("20:00", "06:00"), True),
    "the very beginning": (DJIBOUTI, "2026-11-22T17:00", ("20:00", "06:00"), True),
    "a minute before it": (DJIBOUTI, "2026-11-22T16:59", ("20:00", "06:00"), False),
    "a minute before its end": (DJIBOUTI, "2026-11-23T02:59", ("20:00", "06:00"), True),
    "the very end": (DJIBOUTI, "2026-11-23T03:00", ("20:00", "06:00"), False),
    "noon": (DJIBOUTI, "2026-11-23T09:00", ("20:00", "06:00"), False),
    "a night after midnight alone": (DJIBOUTI, "2026-11-22T22:30", ("00:30", "05:00"), True),
    "before it": (DJIBOUTI, "2026-11-22T21:29", ("00:30", "05:00"), False),
    "no night at all": (DJIBOUTI, "2026-11-22T23:00", None, False),
    "night here, and afternoon in UTC": ("Asia/Ulaanbaatar", "2026-11-22T13:00", EVENING, True),
    # Clocks go forward: 01:59 is followed by 03:00.
    "before clocks go forward": (BERLIN, "2026-03-29T00:59", ("22:00", "03:00"), True),
    "when they have": (BERLIN, "2026-03-29T01:00", ("22:00", "03:00"), False),
    "a night that would begin in the hour that is skipped": (
        BERLIN,
        "2026-03-29T01:00",
        ("02:30", "05:00"),
        True,
    ),
    # Clocks go back: 02:59 is followed by 02:00.
    "the hour that comes twice, once": (BERLIN, "2026-10-25T00:30", ("22:00", "02:45"), True),
    "the hour that comes twice, again": (BERLIN, "2026-10-25T01:30", ("22:00", "02:45"), True),
    "its end, the first time": (BERLIN, "2026-10-25T00:50", ("22:00", "02:45"), False),
    "its end, the second time": (BERLIN, "2026-10-25T01:50", ("22:00", "02:45"), False),
}


@pytest.mark.parametrize(("zone", "utc", "night", "wanted"), NIGHTS.values(), ids=NIGHTS)
def test_night_is_by_the_clock_on_the_wall(
    zone: str, utc: str, night: tuple[str, str] | None, wanted: bool
) -> None:
    moment = dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)
    assert is_night(moment, ZoneInfo(zone), night) is wanted


def act(kind: Kind, draft: int = 1, who: str = "aicha", **more: Any) -> Act:
    return Act(number=0, at=NOW, who=who, kind=kind, draft=draft, words="", previous="", **more)


FIRST = content("A", "B")
OTHER = content("A")
MADE = act("proposed", who="machine", key="k", content=FIRST)


def approved(who: str, needed: int = 2, said: Any = FIRST, draft: int = 1) -> Act:
    return act("approved", draft, who, digest=said.digest, needed=needed)


def issued(identifier: str = "1", draft: int = 1, alone: bool = False) -> Act:
    due = NOW + dt.timedelta(hours=12) if alone else None
    return act("issued", draft, "machine", identifier=identifier, status="Test", review_by=due)


def test_two_different_people_are_enough_by_day() -> None:
    paper = fold([MADE, approved("aicha"), approved("omar")]).papers[1]
    assert paper.approvals == ("aicha", "omar") and paper.enough


def test_one_person_twice_is_one_person() -> None:
    paper = fold([MADE, approved("aicha"), approved("aicha")]).papers[1]
    assert paper.approvals == ("aicha",) and not paper.enough


def test_one_is_enough_where_the_approval_says_so() -> None:
    assert fold([MADE, approved("aicha", 1)]).papers[1].enough


def test_an_edit_voids_what_was_approved() -> None:
    acts = [MADE, approved("aicha"), act("edited", content=OTHER)]
    assert fold(acts).papers[1].approvals == ()
    assert fold([*acts, approved("omar", said=OTHER)]).papers[1].approvals == ("omar",)


def test_an_edit_back_to_the_same_words_does_not_bring_approvals_back() -> None:
    acts = [MADE, approved("aicha"), act("edited", content=OTHER), act("edited", content=FIRST)]
    assert fold(acts).papers[1].approvals == ()


BOTH = [MADE, approved("aicha"), approved("omar")]
UPDATE = content("A", message="Update", changes="1")
UPDATED = [
    *BOTH,
    issued(),
    act("proposed", 2, content=UPDATE),
    *(approved(one, said=UPDATE, draft=2) for one in ("aicha", "omar")),
    issued("2", 2),
]

IMPOSSIBLE: dict[str, list[Act]] = {
    "an issue without approvals": [MADE, issued()],
    "an issue after one approval by day": [MADE, approved("aicha"), issued()],
    "an issue after the same person approved twice": [
        MADE,
        approved("aicha"),
        approved("aicha"),
        issued(),
    ],
    "an issue after an edit": [*BOTH, act("edited", content=OTHER), issued()],
    "an issue by one person without a review": [MADE, approved("aicha", 1), issued()],
    "an issue by two people with a review": [*BOTH, issued(alone=True)],
    "an approval of other content": [MADE, approved("aicha", said=OTHER)],
    "an approval where none would be needed": [MADE, approved("aicha", 0)],
    "an approval of what is issued": [*BOTH, issued(), approved("sara")],
    "an edit of what is dismissed": [MADE, act("dismissed"), act("edited", content=OTHER)],
    "an edit without content": [MADE, act("edited")],
    "an act on a draft that is not there": [approved("aicha")],
    "a draft under a number that is taken": [MADE, MADE],
    "a draft without content": [act("proposed")],
    "two alerts with one identifier": [
        *BOTH,
        issued(),
        act("proposed", 2, content=FIRST),
        *(approved(one, draft=2) for one in ("aicha", "omar")),
        issued("1", 2),
    ],
    "an alert that is updated twice": [
        *UPDATED,
        act("proposed", 3, content=UPDATE),
        *(approved(one, said=UPDATE, draft=3) for one in ("aicha", "omar")),
        issued("3", 3),
    ],
    "an update of what was never issued": [
        act("proposed", content=UPDATE),
        *(approved(one, said=UPDATE) for one in ("aicha", "omar")),
        issued(),
    ],
    "a review by whoever approved": [
        MADE,
        approved("aicha", 1),
        issued(alone=True),
        act("reviewed", identifier="1", agrees=True),
    ],
    "a review of what was never issued": [act("reviewed", identifier="1", agrees=True)],
}


@pytest.mark.parametrize("acts", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_is_impossible(acts: list[Act]) -> None:
    fold(acts[:-1])
    with pytest.raises(RecordError, match="not possible"):
        fold(acts)


def test_what_an_alert_is_follows_from_later_ones_and_the_time() -> None:
    state = fold(UPDATED)
    assert standing(state.alerts["1"], NOW) == "updated"
    assert state.alerts["1"].changed_by == "2"
    assert standing(state.alerts["2"], NOW) == "in_force"
    assert standing(state.alerts["2"], END) == "over"
    assert standing(state.alerts["1"], END) == "updated"


def test_a_cancel_ends_what_it_cancels_and_is_in_force_itself_at_no_time() -> None:
    cancel = content("A", message="Cancel", changes="1")
    acts = [*BOTH, issued(), act("proposed", 2, content=cancel)]
    acts += [approved(one, said=cancel, draft=2) for one in ("aicha", "omar")]
    state = fold([*acts, issued("2", 2)])
    assert standing(state.alerts["1"], NOW) == "cancelled"
    assert standing(state.alerts["2"], NOW) == "over"


PEOPLE = ("aicha", "omar", "sara")
CONTENTS = (FIRST, OTHER, content("B"))


@st.composite
def any_act(draw: st.DrawFn) -> Act:
    kind = draw(st.sampled_from(["proposed", "edited", "approved", "issued", "reviewed"]))
    draft = draw(st.integers(1, 2))
    who = draw(st.sampled_from(PEOPLE))
    said = draw(st.sampled_from(CONTENTS))
    if kind == "approved":
        return approved(who, draw(st.sampled_from([1, 2])), said, draft)
    if kind == "issued":
        return issued(str(draft), draft, draw(st.booleans()))
    if kind == "reviewed":
        return act("reviewed", draft, who, identifier=str(draft), agrees=True)
    return act(kind, draft, who, content=said)  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(st.lists(any_act(), max_size=14))
def test_whatever_happened_nothing_was_issued_with_too_few_approvals(acts: list[Act]) -> None:
    """What is impossible is left out; of the rest, approvals are counted again by hand."""
    possible: list[Act] = []
    for one in [act("proposed", 1, content=FIRST), act("proposed", 2, content=FIRST), *acts]:
        try:
            fold([*possible, one])
        except RecordError:
            continue
        possible.append(one)
    state = fold(possible)
    assert fold(possible) == state  # the same acts give the same state
    for alert in state.alerts.values():
        draft = alert.act.draft
        mine = [one for one in possible if one.draft == draft]
        before = mine[: mine.index(alert.act)]
        edits = [place for place, one in enumerate(before) if one.content is not None]
        since = [one for one in before[edits[-1] :] if one.kind == "approved"]
        assert all(one.digest == alert.content.digest for one in since)
        people = {one.who for one in since}
        assert len(people) >= since[-1].needed
        assert (len(people) == 1) == (alert.act.review_by is not None)
        assert not {one.who for one in alert.reviews} & people
