"""What the desk has written down, and what follows from it.

It holds the journal, the files that the journal names, and the state. Nothing here decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from comity.errors import ComityError, InputError
from early_warning import cap
from early_warning.desk.issue import sentence
from early_warning.desk.journal import Journal
from early_warning.desk.kept import Kept, Offering
from early_warning.desk.newest import Newest
from early_warning.desk.rules import Alert, Paper, State, fold, is_night
from early_warning.desk.view import Act, Kind
from early_warning.drafts.proposal import Content, Proposal
from early_warning.service import Service

__all__ = ["Book"]

REMEMBERED = 512
"""So many proposals stay in memory: those that a view shows."""


class Book:
    """The desk's book; one thread at a time.

    Args:
        service: Whose desk it is.
        journal: Open for writing.
        clock: Gives times with a zone.

    Attributes:
        state: What follows from all acts.
        offering, newest: What the newest run said; null before the first, or where it is lost.
        troubles: What hinders the desk, by subject.
        names: The name of each district.
    """

    def __init__(self, service: Service, journal: Journal, clock: Callable[[], datetime]) -> None:
        self.service = service
        self.kept = Kept(service.state / "desk")
        self.state: State = fold(journal.acts)
        self.offering: Offering | None = None
        self.newest: Newest | None = None
        self.troubles: dict[str, str] = {}
        self.names = {one.area.code: one.area.name for one in service.ledger.districts}
        self._journal = journal
        self._clock = clock
        self._proposal = lru_cache(maxsize=REMEMBERED)(self._load)
        if journal.cut:
            self.tell(
                "journal",
                "The last line of the journal was torn by a crash and was taken away"
                f" ({journal.cut} bytes). Nothing had been done on its strength.",
            )
        if journal.alone:
            self.tell(
                "head",
                "The file beside the journal was gone: whether its last lines are as they were"
                " written, nobody can tell.",
            )
        self._recall()

    @property
    def acts(self) -> tuple[Act, ...]:
        """Every act, oldest first."""
        return self._journal.acts

    @property
    def head(self) -> str:
        """SHA-256 of the journal's last line."""
        return self._journal.head

    def now(self) -> datetime:
        """The moment, UTC."""
        return self._clock().astimezone(UTC)

    def night(self, now: datetime) -> bool:
        """Whether one approval is enough."""
        return is_night(now, self.service.zone, self.service.country.desk.night)

    def tell(self, subject: str, words: str) -> None:
        """Say what does not work; empty words once it works again."""
        self.troubles.pop(subject, None)
        if words:
            self.troubles[subject] = words

    def act(self, kind: Kind, draft: int, who: str, words: str = "", **more: Any) -> Act:
        """An act of now, unless it says `at`; the journal gives it its number and its link."""
        if isinstance(more.get("content"), Content):
            more["content"] = in_utc(more["content"])
        return Act(
            number=0,
            at=more.pop("at", None) or self.now(),
            who=who,
            kind=kind,
            draft=draft,
            words=words,
            previous="",
            **more,
        )

    def add(self, acts: Iterable[Act]) -> None:
        """Write acts down together, and let them take effect.

        Raises:
            InputError: the disk is full or fails; nothing was done then.
            RecordError: an act is not possible; nothing was done then.
        """
        new = tuple(acts)
        fold([*self._journal.acts, *new])  # what the rules do not allow is not written
        self._journal.add(new)
        self.state = fold(self._journal.acts)

    def paper(self, number: int) -> Paper:
        """A draft.

        Raises:
            InputError: there is none of this number.
        """
        paper = self.state.papers.get(number)
        if paper is None:
            raise InputError(f"there is no draft {number}")
        return paper

    def waiting(self, number: int) -> Paper:
        """A draft that waits.

        Raises:
            InputError: there is none, or something became of it.
        """
        paper = self.paper(number)
        if paper.state != "waiting":
            raise InputError(f"draft {number} is {paper.state} already")
        return paper

    def alert(self, identifier: str) -> Alert:
        """An alert that was issued.

        Raises:
            InputError: there is none.
        """
        alert = self.state.alerts.get(identifier)
        if alert is None:
            raise InputError(f"there is no alert {identifier[:120]!r}")
        return alert

    def original(self, content: Content) -> cap.Alert | None:
        """The alert that content changes, from its bytes; null for a first alert.

        Raises:
            InputError: there is none.
            RecordError: its bytes are gone, or were changed.
        """
        if content.changes is None:
            return None
        return cap.read_alert(self.kept.alert(self.alert(content.changes).act))

    def evidence(self, paper: Paper) -> Proposal:
        """The proposal behind a draft; without its lines, where they are lost."""
        try:
            return self._proposal(paper.evidence)
        except ComityError as error:
            return Proposal(
                key=paper.key,
                basis=paper.basis,
                content=paper.acts[0].content or paper.content,
                reasons=(f"The evidence is lost: {sentence(error)}",),
                lines=(),
            )

    def remember(self, offering: Offering, newest: Newest, acts: Sequence[Act]) -> None:
        """Write down what a new run said, and what the machine did about it."""
        self.add(acts)
        self.offering, self.newest = offering, newest

    def _load(self, digest: str) -> Proposal:
        return self.kept.evidence(digest, Proposal)

    def _recall(self) -> None:
        """The newest outlook, from what was kept."""
        looked = self.state.looked
        if looked is None:
            return
        try:
            self.offering = self.kept.evidence(looked.evidence, Offering)
            self.newest = Newest.of(self.offering)
        except ComityError as error:
            self.tell("outlook", f"The last outlook is lost: {sentence(error)}")


def in_utc(content: Content) -> Content:
    """The same content with its times in UTC, so that the same moments have the same digest."""
    return msgspec.structs.replace(
        content,
        onset=content.onset.astimezone(UTC),
        expires=content.expires.astimezone(UTC),
    )
