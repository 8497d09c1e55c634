"""What the desk shows, as data. Pages are made from it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from early_warning.drafts.outlook import Outlook
from early_warning.drafts.proposal import Content, Proposal
from early_warning.send.outbox import Delivery

__all__ = ["Act", "Draft", "Issued", "Preview", "View"]

Kind = Literal[
    "proposed", "replaced", "taken_up", "edited", "approved", "dismissed", "issued", "reviewed"
]


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the journal.

    Attributes:
        number: 1 for the first.
        at: When, UTC.
        who: A forecaster's id; `machine` for the program.
        kind: What was done.
        draft: Number of the draft that it concerns.
        words: What the person wrote: a reason, a verdict; else empty.
        previous: SHA-256 of the line before; of nothing for the first.
    """

    number: int
    at: datetime
    who: str
    kind: Kind
    draft: int
    words: str
    previous: str


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft with all that was done to it.

    Attributes:
        number: Its name at the desk.
        state: `waiting` for approvals; `issued`; `dismissed` by a person; `replaced` by a newer
            run.
        proposal: As it was made.
        content: As it stands after edits; what is approved.
        approvals: Who approved this very content, in order.
        needed: How many approvals are needed now (2; 1 at night).
        taken_up_by: Who answers for it, where skill was not shown; else null.
        faults: Why it cannot be issued as it stands, a sentence each: over already, no text in a
            language, not allowed as Actual; empty where it can.
        acts: What was done to it.
    """

    number: int
    state: Literal["waiting", "issued", "dismissed", "replaced"]
    proposal: Proposal
    content: Content
    approvals: tuple[str, ...]
    needed: int
    taken_up_by: str | None
    faults: tuple[str, ...]
    acts: tuple[Act, ...]


class Issued(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An alert that went out.

    Attributes:
        identifier: Of the alert.
        draft: The draft that it was.
        sent: When.
        status: `Actual`, `Exercise` or `Test`.
        state: `in_force`; `over` by time; `updated` or `cancelled` by a later one.
        alone: Whether one person alone approved it, at night.
        review_due: When the second person must have looked; null where none must, or one has.
        reviews: What reviewers said.
        deliveries: What became of it on each channel.
    """

    identifier: str
    draft: Draft
    sent: datetime
    status: Literal["Actual", "Exercise", "Test"]
    state: Literal["in_force", "over", "updated", "cancelled"]
    alone: bool
    review_due: datetime | None
    reviews: tuple[Act, ...]
    deliveries: tuple[Delivery, ...]


class Preview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people will read in one language."""

    language: str
    name: str
    direction: Literal["ltr", "rtl"]
    reviewed: bool
    headline: str
    description: str
    instruction: str


class View(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole desk at one moment.

    Attributes:
        now: That moment, UTC.
        night: Whether one approval is enough now.
        outlook: The newest; null before the first.
        drafts: Waiting, worst colour first, then the earliest onset.
        notices: Of the newest outlook, not taken up: skill was not shown.
        issued: Newest first.
    """

    now: datetime
    night: bool
    outlook: Outlook | None
    drafts: tuple[Draft, ...]
    notices: tuple[Proposal, ...]
    issued: tuple[Issued, ...]
