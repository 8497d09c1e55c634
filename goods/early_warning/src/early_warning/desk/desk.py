"""The desk: everything that people and the machine do there, one method each.

1. An act is checked by the rules, and is in the journal, on the disk, before it takes effect.
2. The machine proposes and replaces; it approves, dismisses and cancels nothing.
3. What does not work is told (`troubles`) and stops nobody.
4. Several threads may call its methods: one at a time does something. Sending waits for nobody,
   and nobody for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from comity import files
from comity.errors import InputError
from early_warning.desk import issue
from early_warning.desk.book import Book, in_utc
from early_warning.desk.channels import channels_of
from early_warning.desk.dispatch import Dispatch
from early_warning.desk.edits import chance_of, checked_edit, taken_up_content
from early_warning.desk.journal import Journal, open_journal
from early_warning.desk.kept import JOURNAL, Offering
from early_warning.desk.newest import New, Newest, plan, update_of, updated_by
from early_warning.desk.rules import Paper, needed, standing, with_one_more
from early_warning.desk.showing import draft_of, issued_of, notices_of, view_of
from early_warning.desk.view import MACHINE, Act, Draft, Issued, Preview, View
from early_warning.drafts.outlook import Outlook
from early_warning.drafts.proposal import Content, Proposal
from early_warning.matrix import urgency
from early_warning.send import Channel, Outcome
from early_warning.service import Service

__all__ = ["Desk", "open_desk"]

MAX_WORDS = 2_000


@contextmanager
def open_desk(service: Service, *, now: Callable[[], datetime]) -> Iterator[Desk]:
    """Open the desk of a service, and bring to an end what a crash interrupted.

    Args:
        service: The service.
        now: The clock; it gives times with a zone.

    Raises:
        InputError: it is open in another process, a channel is not set up rightly, or the disk
            fails.
        RecordError: the journal was changed.
    """
    channels = channels_of(service)
    folder = files.make_folder(service.state / "desk")
    with _alone(folder), open_journal(folder / JOURNAL) as journal:
        yield Desk(service, journal, channels, now=now)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(files.lock_folder(folder))
        except InputError as error:
            if error.what != files.BUSY:
                raise
            raise InputError(
                "the desk is open in another process",
                where=str(folder),
                hint="Work there, or stop it first: only one process may write.",
            ) from None
        yield


class Desk:
    """An open desk; use `open_desk`.

    Args:
        service: The service.
        journal: Its journal, open for writing.
        channels: Where alerts go.
        now: The clock.
    """

    def __init__(
        self,
        service: Service,
        journal: Journal,
        channels: Sequence[Channel],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._lock = threading.RLock()
        self._book = Book(service, journal, now)
        self._dispatch = Dispatch(self._book, channels)
        self._dispatch.catch_up(self._book.now())

    # Looking.

    def now(self) -> datetime:
        """What the desk's clock says, UTC."""
        return self._book.now()

    def unable(self) -> tuple[str, ...]:
        """Why nothing at all could be issued now, a sentence each."""
        with self._lock:
            return tuple(self._dispatch.unable(self.now()))

    def look(self) -> View:
        """The whole desk, now."""
        with self._lock:
            return view_of(self._book, self._dispatch, self.now())

    def find_draft(self, number: int) -> Draft:
        """A draft, whatever became of it.

        Raises:
            InputError: there is none of this number.
        """
        with self._lock:
            return draft_of(self._book, self._dispatch, self._book.paper(number), self.now())

    def find_issued(self, identifier: str) -> Issued:
        """An alert that went out.

        Raises:
            InputError: there is none of this identifier.
        """
        with self._lock:
            alert = self._book.alert(identifier)
            deliveries = self._dispatch.deliveries([identifier])
            return issued_of(self._book, self._dispatch, alert, self.now(), deliveries)

    def journal(self) -> tuple[Act, ...]:
        """Every act, oldest first."""
        with self._lock:
            return self._book.acts

    def bytes_of(self, identifier: str) -> bytes:
        """The very bytes that went out.

        Raises:
            InputError: there is no such alert, or its file cannot be read.
            RecordError: they are gone, or were changed.
        """
        with self._lock:
            return self._book.kept.alert(self._book.alert(identifier).act)

    def preview(self, content: Content) -> tuple[Preview, ...]:
        """What people would read, in each language.

        Raises:
            InputError, RecordError: the alert that it changes is not there, or was changed.
        """
        with self._lock:
            original = self._book.original(content)
            return issue.preview(self._book.service, content, original, now=self.now())

    # The machine.

    def tell(self, subject: str, words: str) -> None:
        """Tell everybody at the desk what does not work; empty words once it works again."""
        with self._lock:
            self._book.tell(subject, words)

    def offer(self, outlook: Outlook, proposals: Iterable[Proposal]) -> None:
        """Take what a run of the forecast says: new drafts, and what becomes of the old ones.

        A run that is older than one seen before changes nothing, and is told.

        Raises:
            InputError: the disk fails.
        """
        offering = Offering(outlook=outlook, proposals=tuple(proposals))
        newest = Newest.of(offering)
        with self._lock:
            book, latest = self._book, self._book.state.latest
            if newest.run is not None and latest is not None and newest.run < latest:
                words = f"The files hold a run of {newest.run:%Y-%m-%d %H:%M} UTC, older than that"
                book.tell("older", f"{words} of {latest:%Y-%m-%d %H:%M} UTC. Drafts stay.")
                return
            book.tell("older", "")
            steps = plan(book.state, newest, self.now())
            made = [step.proposal for step in steps if isinstance(step, New)]
            digest, *proofs = book.kept.keep([offering, *made])
            acts = [book.act("looked", 0, MACHINE, evidence=digest, run=newest.run)]
            number, evidence = book.state.next_number, iter(proofs)
            for step in steps:
                if isinstance(step, New):
                    act = book.act(
                        "proposed",
                        number,
                        MACHINE,
                        key=step.proposal.key,
                        content=step.content,
                        evidence=next(evidence),
                        run=newest.run,
                    )
                    acts.append(act)
                    number += 1
                else:
                    acts.append(book.act("replaced", step.number, MACHINE, step.why))
            book.remember(offering, newest, acts)

    def send_due(self) -> list[Outcome]:
        """Try all deliveries that are due; takes as long as the channels need.

        Raises:
            InputError: another process sends from this outbox, or its disk fails.
        """
        with self._lock:
            self._dispatch.fill_outbox(self.now())
        return self._dispatch.send_due()

    # People.

    def take_up(self, key: str, who: str, why: str) -> int:
        """Make a draft of a notice, in one's own name; returns its number.

        Raises:
            InputError: there is no such notice now, or no reason is given.
        """
        with self._lock:
            book, now = self._book, self.now()
            why = _words(why, "Say why: skill was not shown, and you answer for it.")
            notice = next((one for one in notices_of(book, now) if one.key == key), None)
            if notice is None or book.newest is None:
                raise InputError(
                    "there is no such notice now", hint="A newer run, or a colleague, took it away."
                )
            content = taken_up_content(notice.content)
            target = updated_by(book.state, notice, now)
            if target is not None:
                content = update_of(target, content)
            (proof,) = book.kept.keep([notice])
            number = book.state.next_number
            act = book.act(
                "taken_up",
                number,
                _person(who),
                why,
                key=key,
                basis="notice",
                content=content,
                evidence=proof,
                run=book.newest.run,
            )
            book.add([act])
            return number

    def edit(
        self, number: int, who: str, content: Content, words: str, *, seen: str | None = None
    ) -> None:
        """Change a draft; approvals given so far are void.

        Args:
            number: The draft.
            who: A forecaster's id.
            content: What it says from now on.
            words: Why.
            seen: Digest of the content that was edited; null where nobody else can have changed it.

        Raises:
            InputError: it no longer waits, it was edited meanwhile, nothing is changed, or
                something is that no edit may change (see `edits`).
        """
        with self._lock:
            book, paper = self._book, self._book.waiting(number)
            _see_same(paper, seen)
            edited = in_utc(checked_edit(paper, content, book.service.ledger))
            chance = chance_of(paper, edited, book.evidence(paper))
            edited = msgspec.structs.replace(edited, chance=chance)
            if edited.digest == paper.content.digest:
                raise InputError(
                    "nothing is changed", hint="Approvals that were given stay as they are."
                )
            book.add([book.act("edited", number, _person(who), _words(words), content=edited)])

    def approve(
        self, number: int, who: str, digest: str, *, told: int | None = None
    ) -> Issued | None:
        """Approve the content of this digest; returns the alert if that issued it.

        Args:
            number: The draft.
            who: A forecaster's id.
            digest: Of the content that is approved.
            told: How many approvals are needed, as whoever approves was told; null where they were
                not.

        Raises:
            InputError: it no longer waits, it was edited meanwhile, fewer approvals are needed by
                now, the same person approved it before, it cannot go out as it stands, or the disk
                fails.
        """
        with self._lock:
            book, now = self._book, self.now()
            paper, wanted = book.waiting(number), needed(book.night(now))
            _see_same(paper, digest)
            if told is not None and wanted < told:
                raise InputError(
                    "it is night by now: your approval alone would send this",
                    hint="Nothing was approved. Look at it again; then approve it if you mean to.",
                )
            if who in paper.approvals and wanted > 1:
                raise InputError(
                    f"{who} has approved draft {number} already",
                    hint="By day two different people approve: now another one must.",
                )
            self._dispatch.refuse_faults(paper, now)
            act = book.act("approved", number, _person(who), at=now, digest=digest, needed=wanted)
            approved = with_one_more(paper, act)
            if not approved.enough:
                book.add([act])
                return None
            return self.find_issued(self._dispatch.issue(approved, [act], now))

    def dismiss(self, number: int, who: str, why: str, *, seen: str | None = None) -> None:
        """Take a draft off the desk; `seen` as for `edit`.

        Raises:
            InputError: it no longer waits, it was edited meanwhile, or no reason is given.
        """
        with self._lock:
            _see_same(self._book.waiting(number), seen)
            why = _words(why, "Say why: others will ask when the weather comes.")
            self._book.add([self._book.act("dismissed", number, _person(who), why)])

    def draft_update(self, identifier: str, who: str) -> int:
        """Begin an Update of an alert in force; returns the number of the draft.

        Raises:
            InputError: there is no such alert in force, or somebody began one already.
        """
        return self._follow_up(identifier, who, "Update", "")

    def draft_cancel(self, identifier: str, who: str, why: str) -> int:
        """Begin the Cancel of an alert in force; returns the number of the draft.

        Raises:
            InputError: there is no such alert in force, somebody began one already, or no reason is
                given.
        """
        why = _words(why, "Say why: others will ask.")
        return self._follow_up(identifier, who, "Cancel", why)

    def review(self, identifier: str, who: str, agrees: bool, words: str) -> None:
        """Write down what a second person says of an alert that one person alone approved.

        Raises:
            InputError: there is no such alert, two people approved it, it is one's own, or one does
                not agree and does not say why.
        """
        with self._lock:
            alert = self._book.alert(identifier)
            if not alert.alone:
                raise InputError("two people approved this alert: no review is due")
            if who in alert.approvals:
                raise InputError(
                    "nobody reviews what they approved themselves",
                    hint="A second person must look at it.",
                )
            said = _words(words, "" if agrees else "Say what is wrong with it.")
            act = self._book.act(
                "reviewed",
                alert.act.draft,
                _person(who),
                said,
                identifier=identifier,
                agrees=agrees,
            )
            self._book.add([act])

    def _follow_up(
        self, identifier: str, who: str, message: Literal["Update", "Cancel"], why: str
    ) -> int:
        with self._lock:
            book, now = self._book, self.now()
            alert = book.alert(identifier)
            state = standing(alert, now)
            if state != "in_force":
                by = f" by {alert.changed_by}" if alert.changed_by else ""
                what = "is over" if state == "over" else f"was {state}{by}"
                raise InputError(f"{identifier} {what}: there is nothing to change")
            for paper in book.state.waiting():
                if (paper.content.changes, paper.content.message) == (identifier, message):
                    raise InputError(
                        f"draft {paper.number} is its {message} already",
                        hint="Edit or approve that one.",
                    )
            content = msgspec.structs.replace(
                alert.content,
                message=message,
                changes=identifier,
                urgency=urgency(alert.content.onset, now),
                note="",
            )
            before, number = book.paper(alert.act.draft), book.state.next_number
            act = book.act(
                "proposed",
                number,
                _person(who),
                why,
                basis=before.basis,
                content=content,
                evidence=before.evidence,
                run=before.run,
            )
            book.add([act])
            return number


def _person(who: str) -> str:
    """Somebody who decides; the program does not."""
    if not who or who == MACHINE:
        raise InputError("only a person decides this")
    return who


def _see_same(paper: Paper, seen: str | None) -> None:
    if seen is not None and seen != paper.content.digest:
        raise InputError(
            f"draft {paper.number} was changed since you looked at it",
            hint="Read it again; then decide about what stands there now.",
        )


def _words(words: str, needed: str = "") -> str:
    """What a person wrote, bounded; with `needed`, it may not be empty."""
    words = words.strip()
    if needed and not words:
        raise InputError("a reason is needed", hint=needed)
    if len(words) > MAX_WORDS:
        raise InputError(f"this is longer than the {MAX_WORDS:,} characters allowed here")
    return words
