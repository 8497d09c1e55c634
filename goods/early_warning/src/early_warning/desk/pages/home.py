"""The first page: what waits, in the order in which it must be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from early_warning.desk.map import Atlas
from early_warning.desk.pages import words
from early_warning.desk.pages.chart import Chosen, make_chart
from early_warning.desk.pages.evidence import name_of, people_of
from early_warning.desk.pages.gaps import blind, gaps
from early_warning.desk.pages.shell import Frame, draft_address, render
from early_warning.desk.view import Draft, Issued, View
from early_warning.drafts.proposal import Content, Proposal
from early_warning.people import District
from early_warning.service import Service

__all__ = ["home_page", "notice_address"]

FOLD = 6
"""So many lines of a list are shown; the others are folded."""

MOST = 200
"""So many lines of a list stand in the page at all; a file may hold any number of reasons."""

RECENT = timedelta(days=1)
"""A failed delivery is told so long."""


class Task(NamedTuple):
    """A sentence on top of the page, and where the thing is."""

    words: str
    address: str
    grave: bool = False


def home_page(frame: Frame, view: View, service: Service, atlas: Atlas, chosen: Chosen) -> str:
    """The desk.

    Args:
        frame: What every page says.
        view: The desk at this moment.
        service: The country.
        atlas: Its map.
        chosen: What the map was asked to show.
    """
    districts = {one.area.code: one for one in service.ledger.districts}
    overdue, owed = _reviews(view)
    failed = [
        (one, each)
        for one in view.issued
        for each in one.deliveries
        if each.state == "given_up" and each.finished and view.now - each.finished < RECENT
    ]
    outlook = view.outlook
    return render(
        "home.html.j2",
        frame,
        here="desk",
        view=view,
        outlook=outlook,
        tasks=list(_tasks(view, overdue, owed, len(failed))),
        overdue=overdue,
        owed=owed,
        drafts=[(one, _places(one.content, districts), _begins(view, one)) for one in view.drafts],
        notices=[
            (one, _places(one.content, districts), notice_address(one.key), _raw(one))
            for one in view.notices
        ],
        in_force=[
            (one, _places(one.draft.content, districts))
            for one in view.issued
            if one.state == "in_force"
        ],
        past=[one for one in view.issued if one.state != "in_force"],
        failed=failed,
        age="" if outlook is None or outlook.run is None else words.age(view.now - outlook.run),
        stale=_stale(view, service),
        gaps=[] if outlook is None else gaps(outlook, districts, frame.zone),
        blind=blind(outlook),
        map=None if outlook is None else make_chart(frame, outlook, service, atlas, chosen),
        fold=FOLD,
        most=MOST,
        review_hours=service.country.desk.review_hours,
    )


def notice_address(key: str) -> str:
    """Where a notice is shown."""
    return f"/notice?{urlencode({'key': key})}"


def _reviews(view: View) -> tuple[list[Issued], list[Issued]]:
    """Second reviews that are overdue, and those that are not yet; the earliest first."""
    due = sorted(
        (one for one in view.issued if one.review_due),
        key=lambda one: one.review_due or view.now,
    )
    overdue = [one for one in due if one.review_due and one.review_due <= view.now]
    return overdue, [one for one in due if one not in overdue]


def _tasks(
    view: View, overdue: Sequence[Issued], owed: Sequence[Issued], failed: int
) -> Iterator[Task]:
    """What waits, in sentences, the gravest first."""
    if overdue:
        n = len(overdue)
        what = "1 second review is overdue" if n == 1 else f"{n} second reviews are overdue"
        yield Task(f"{what}.", "#reviews", grave=True)
    if view.drafts:
        worst = view.drafts[0]
        n = len(view.drafts)
        what = "1 draft waits for approval" if n == 1 else f"{n} drafts wait for approval"
        which = "it is" if n == 1 else "the worst is"
        colour = words.COLOURS[worst.content.colour].lower()
        yield Task(
            f"{what}; {which} {colour} and {_begins(view, worst)}.",
            draft_address(worst.number) if n == 1 else "#drafts",
            grave=worst.content.colour in ("red", "orange"),
        )
    else:
        yield Task("No draft waits.", "#map")
    if failed:
        what = "1 delivery has failed" if failed == 1 else f"{failed} deliveries have failed"
        yield Task(f"{what}.", "#failed", grave=True)
    if owed:
        n = len(owed)
        what = "1 second review is due" if n == 1 else f"{n} second reviews are due"
        yield Task(f"{what}.", "#reviews")
    if view.notices:
        n = len(view.notices)
        what = "1 notice waits" if n == 1 else f"{n} notices wait"
        yield Task(f"{what} without shown skill.", "#notices")


def _begins(view: View, draft: Draft) -> str:
    onset, expires = draft.content.onset, draft.content.expires
    if expires <= view.now:
        return "is over"
    if onset <= view.now:
        return f"began {words.age(view.now - onset)} ago"
    return f"begins in {words.age(onset - view.now)}"


def _places(content: Content, districts: Mapping[str, District]) -> tuple[str, str]:
    """Where, in words; and how many people live there."""
    codes = content.districts
    return words.listed([name_of(code, districts) for code in codes]), people_of(codes, districts)


def _stale(view: View, service: Service) -> bool:
    """Whether the newest run is older than the country allows."""
    if view.outlook is None or view.outlook.run is None:
        return True
    return view.now - view.outlook.run > timedelta(hours=service.country.forecast.max_age_hours)


def _raw(notice: Proposal) -> str:
    """What the raw ensemble says of which question, from the least likely district on."""
    known = [one.expectation.raw for one in notice.lines if one.expectation.raw is not None]
    low, high = words.percent(min(known, default=None)), words.percent(max(known, default=None))
    where = {words.QUESTIONS[one.expectation.question] for one in notice.lines}
    return (low if low == high else f"{low} to {high}") + f", {' or '.join(sorted(where))}"
