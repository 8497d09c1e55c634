"""Issuing: from an approved draft to the outbox, so that a kill at any moment loses nothing.

1. The alert is composed, written, judged and signed; then its bytes are kept; then the last
   approval and the issue stand in the journal, together; then the outbox gets the bytes.
2. Identifier, time and bytes are fixed once, by the line in the journal.
3. At opening, what was approved enough and is not issued is issued, if it still can be; what was
   issued and is not in the outbox is added to it. What cannot be done is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from comity.errors import ComityError, InputError
from early_warning import cap
from early_warning.desk import issue
from early_warning.desk.book import Book
from early_warning.desk.channels import NOBODY
from early_warning.desk.rules import BY_DAY, Alert, Paper
from early_warning.desk.signing import Signing, load_signing
from early_warning.desk.view import MACHINE, Act
from early_warning.send import Channel, Delivery, Message, Outbox, Outcome, send_due

__all__ = ["Dispatch"]

NAMED = 3
TOLD = timedelta(days=7)
"""So long the desk tells of an alert that was over before any channel had it."""


class Dispatch:
    """The way out of one desk.

    Args:
        book: The desk's book.
        channels: Where alerts go.
    """

    def __init__(self, book: Book, channels: Sequence[Channel]) -> None:
        self._book = book
        self._channels = tuple(channels)
        self._folder = book.service.state / "outbox"
        self._signing: Signing | None = None
        self._known: dict[tuple[object, ...], tuple[str, ...]] = {}  # faults: slow to find

    def unable(self, now: datetime) -> Iterator[str]:
        """Why nothing at all can be issued, a sentence each."""
        if not self._channels:
            yield NOBODY
        yield from issue.unready(self._book.service)
        try:
            fault = self._signs().fault(now)
        except InputError as error:
            fault = issue.sentence(error)
        if fault:
            self._signing = None  # read again: it is put right while the desk is open
            yield fault

    def soon_unable(self, now: datetime) -> Iterator[str]:
        """What will stop all issuing within weeks, a sentence each."""
        if self._signing is not None and (ends := self._signing.ends_soon(now)):
            yield ends

    def faults(self, paper: Paper, now: datetime) -> tuple[str, ...]:
        """Why a draft cannot go out as it stands, a sentence each."""
        found, content, before = [], paper.content, None
        if content.changes is not None:
            before = self._book.alert(content.changes)
            if before.changed:
                found.append(f"The alert was {before.changed} by {before.changed_by} since.")
        over = [one.expires <= now for one in (content, before and before.content) if one]
        at = (content.digest, *over)
        known = self._known.get(at)
        if known is None or _too_soon(before, now):
            try:
                original = self._book.original(content)
            except ComityError as error:
                return (*found, issue.sentence(error))
            known = issue.faults(self._book.service, content, original, now=now)
            if not _too_soon(before, now):
                self._known[at] = known
        return tuple(dict.fromkeys([*found, *known, *self.unable(now)]))

    def refuse_faults(self, paper: Paper, now: datetime) -> None:
        """See that a draft can go out.

        Raises:
            InputError: it cannot; all reasons are said.
        """
        faults = " ".join(self.faults(paper, now))
        if faults:
            raise InputError(f"draft {paper.number} cannot go out as it stands", hint=faults)

    def issue(self, paper: Paper, before: Sequence[Act], now: datetime) -> str:
        """Rules 1 and 2; returns the identifier.

        Args:
            paper: A draft that is approved enough.
            before: Acts that are written down together with the issue.
            now: When it is issued.

        Raises:
            InputError: it cannot be composed or signed, or the disk fails. It is not issued then.
        """
        book, signing = self._book, self._signs()
        number = issue.new_number(book.service, now, book.state.alerts)
        alert = issue.compose(
            book.service, paper.content, book.original(paper.content), sent=now, number=number
        )
        data = issue.sign(alert, signing)
        message = Message(heading=issue.heading_of(alert), data=data)
        book.kept.keep_alert(alert.identifier, data)
        hours = book.service.country.desk.review_hours
        alone = len(paper.approvals) < BY_DAY
        act = book.act(
            "issued",
            paper.number,
            MACHINE,
            at=now,
            identifier=alert.identifier,
            digest=message.digest,
            status=alert.status,
            certificate=cap.fingerprint(signing.certificate),
            review_by=now + timedelta(hours=hours) if alone else None,
        )
        book.add([*before, act])
        self.fill_outbox(now)
        return alert.identifier

    def catch_up(self, now: datetime) -> None:
        """Rule 3."""
        for paper in self._book.state.waiting():
            if paper.enough:
                try:
                    self.refuse_faults(paper, now)
                    self.issue(paper, [], now)
                except ComityError as error:
                    what = f"Draft {paper.number} was approved, and is not issued: "
                    self._book.tell(f"draft {paper.number}", what + issue.sentence(error))
        self.fill_outbox(now)

    def fill_outbox(self, now: datetime) -> None:
        """Add what was issued and is not in the outbox. What fails is told, and tried again."""
        tell, alerts = self._book.tell, self._book.state.alerts
        failed, late = [], []
        try:
            with Outbox(self._folder) as outbox:
                there = outbox.identifiers()
                for name, alert in alerts.items():
                    if name in there:
                        continue
                    if alert.content.expires <= now:
                        late += [name] if now - alert.content.expires < TOLD else []
                        continue
                    try:
                        self._hand_over(outbox, alert, now)
                    except ComityError as error:  # of one alert: it holds up no other
                        failed.append(issue.sentence(error))
        except ComityError as error:
            tell("outbox", f"The newest alerts wait for the outbox: {issue.sentence(error)}")
            return
        tell("outbox", f"An alert reached no channel yet: {failed[0]}" if failed else "")
        named = ", ".join(late[:NAMED]) + (" …" if len(late) > NAMED else "")
        tell("late", f"Issued, and over before any channel had it: {named}." if late else "")
        strange = sorted(there - set(alerts))
        what = "which the journal does not know: the journal was cut, or is an old copy."
        tell("strange", f"The outbox holds {strange[0]}, {what}" if strange else "")

    def deliveries(self, identifiers: Iterable[str]) -> dict[str, list[Delivery]]:
        """What became of these alerts; nothing where it cannot be read."""
        found: dict[str, list[Delivery]] = {}
        try:
            with Outbox(self._folder) as outbox:
                for one in identifiers:
                    found[one] = outbox.deliveries(one)
        except ComityError as error:
            self._book.tell("deliveries", f"What became of the alerts: {issue.sentence(error)}")
        else:
            self._book.tell("deliveries", "")
        return found

    def send_due(self) -> list[Outcome]:
        """Try all deliveries that are due; see `send.send_due`. It needs the book for no moment.

        Raises:
            InputError: another process sends from this outbox, or its disk fails.
        """
        with Outbox(self._folder) as outbox:
            return send_due(outbox, self._channels, now=self._book.now)

    def _signs(self) -> Signing:
        if self._signing is None:
            self._signing = load_signing(self._book.service)
        return self._signing

    def _hand_over(self, outbox: Outbox, alert: Alert, now: datetime) -> None:
        data = self._book.kept.alert(alert.act)
        heading = issue.heading_of(cap.read_alert(data))
        routes = [one.route for one in self._channels]
        outbox.add(Message(heading=heading, data=data), routes, now=now)


def _too_soon(before: Alert | None, now: datetime) -> bool:
    """Whether the clock is not past the second of the alert that is to be changed."""
    return before is not None and now < before.act.at + timedelta(seconds=1)
