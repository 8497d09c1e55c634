"""From what is written down to what the desk shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, get_args

from early_warning.desk.book import Book
from early_warning.desk.dispatch import Dispatch
from early_warning.desk.newest import draft_notes, issued_notes
from early_warning.desk.rules import Alert, Paper, needed, standing
from early_warning.desk.view import Draft, Issued, View
from early_warning.drafts.proposal import Proposal
from early_warning.matrix import Colour
from early_warning.send import Delivery

__all__ = ["SHOWN", "draft_of", "issued_of", "notices_of", "view_of"]

SHOWN: Final = 100
"""So many alerts that are over stand in a view."""

_RANK: Final[dict[Colour, int]] = {colour: rank for rank, colour in enumerate(get_args(Colour))}

TURNED: Final = timedelta(minutes=2)
"""A clock that is put right goes back by less."""

Deliveries = Mapping[str, Sequence[Delivery]]


def view_of(book: Book, dispatch: Dispatch, now: datetime) -> View:
    """The whole desk at one moment."""
    shown = _shown(book, now)
    deliveries = dispatch.deliveries(one.act.identifier for one in shown)
    drafts = [draft_of(book, dispatch, paper, now) for paper in book.state.waiting()]
    drafts.sort(key=lambda one: (-_RANK[one.content.colour], one.content.onset, one.number))
    return View(
        now=now,
        night=book.night(now),
        outlook=None if book.offering is None else book.offering.outlook,
        drafts=tuple(drafts),
        notices=notices_of(book, now),
        issued=tuple(issued_of(book, dispatch, alert, now, deliveries) for alert in shown),
        troubles=(
            *dispatch.unable(now),
            *dispatch.soon_unable(now),
            *_behind(book, now),
            *_stale(book, now),
            *book.troubles.values(),
        ),
        head=book.head,
    )


def draft_of(book: Book, dispatch: Dispatch, paper: Paper, now: datetime) -> Draft:
    """One draft."""
    waits = paper.state == "waiting"
    return Draft(
        number=paper.number,
        state=paper.state,
        proposal=book.evidence(paper),
        content=paper.content,
        approvals=paper.approvals,
        needed=needed(book.night(now)),
        taken_up_by=_answers(book, paper),
        faults=dispatch.faults(paper, now) if waits else (),
        acts=paper.acts,
        notes=draft_notes(paper, book.state, book.newest, now, book.names) if waits else (),
    )


def _answers(book: Book, paper: Paper) -> str | None:
    """Who took up what this draft says, or the alert that it changes; null where nobody did."""
    while paper.taken_up_by is None and paper.content.changes is not None:
        paper = book.paper(book.alert(paper.content.changes).act.draft)  # an earlier one
    return paper.taken_up_by


def issued_of(
    book: Book, dispatch: Dispatch, alert: Alert, now: datetime, deliveries: Deliveries
) -> Issued:
    """One alert that went out."""
    act = alert.act
    assert act.status is not None  # the act of issuing has one
    return Issued(
        identifier=act.identifier,
        draft=draft_of(book, dispatch, book.paper(act.draft), now),
        sent=act.at.replace(microsecond=0),
        status=act.status,
        state=standing(alert, now),
        alone=alert.alone,
        review_due=alert.review_due,
        reviews=alert.reviews,
        deliveries=tuple(deliveries.get(act.identifier, ())),
        notes=issued_notes(alert, book.newest, now, book.names),
    )


def notices_of(book: Book, now: datetime) -> tuple[Proposal, ...]:
    """What the newest run says without shown skill, and nobody has taken up."""
    if book.newest is None:
        return ()
    taken = {
        paper.key
        for paper in book.state.papers.values()
        if paper.taken_up_by and paper.state in ("waiting", "issued")
    }
    return tuple(
        one
        for one in book.newest.proposals
        if one.basis == "notice" and one.key not in taken and one.content.expires > now
    )


def _shown(book: Book, now: datetime) -> list[Alert]:
    """Those whose review is overdue, then the newest first; of what is over, only so many."""
    shown, past = [], 0
    for alert in reversed(book.state.alerts.values()):
        if standing(alert, now) != "in_force" and alert.review_due is None:
            past += 1
            if past > SHOWN:
                continue
        shown.append(alert)
    shown.sort(key=lambda one: one.review_due is None or one.review_due > now)  # stable
    return shown


def _behind(book: Book, now: datetime) -> list[str]:
    """A clock that was set: night and day, and what is over, follow from it."""
    newest = max((act.at for act in book.acts), default=now)
    if newest - now <= TURNED:
        return []
    return [
        f"The clock says {now:%Y-%m-%d %H:%M} UTC, and a line of the journal is of"
        f" {newest:%Y-%m-%d %H:%M} UTC: it is wrong now, or was wrong then."
    ]


def _stale(book: Book, now: datetime) -> list[str]:
    run = None if book.newest is None else book.newest.run
    hours = book.service.country.forecast.max_age_hours
    if run is None or now - run <= timedelta(hours=hours):
        return []
    return [
        f"The newest forecast started at {run:%Y-%m-%d %H:%M} UTC, more than {hours} hours ago:"
        " nothing here says what comes."
    ]
