"""What the desk shows, as data. Pages are made from it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec

from early_warning.cap.compose import Status
from early_warning.drafts.outlook import Outlook
from early_warning.drafts.proposal import Content, Proposal
from early_warning.send.outbox import Delivery

__all__ = ["MACHINE", "Act", "Draft", "Issued", "Preview", "View"]

MACHINE: Final = "machine"
"""Who acted, where it was the program and nobody's decision."""

Kind = Literal[
    "looked",
    "proposed",
    "replaced",
    "taken_up",
    "edited",
    "approved",
    "dismissed",
    "issued",
    "reviewed",
]


class Act(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One line of the journal.

    Attributes:
        number: 1 for the first.
        at: When, UTC.
        who: A forecaster's id; `machine` for the program.
        kind: What was done. `looked`: the machine has a new outlook. `proposed`: there is a draft,
            the machine's, or a person's to update or cancel an alert.
        draft: Number of the draft that it concerns; 0 for none.
        words: What the person wrote: a reason, a verdict; else empty.
        previous: SHA-256 of the line before; of nothing for the first.
        key, basis: Of a new draft, as in `Proposal`.
        content: As it stands from now on: of a new or an edited draft.
        evidence: SHA-256 of the proposal behind a new draft, or of the outlook and its proposals.
        run: When the forecast behind it started.
        digest: What was approved; or SHA-256 of the signed bytes that were issued.
        needed: How many approvals were needed when this one was given.
        identifier: Of the alert that was issued or reviewed.
        status: Of the alert that was issued.
        certificate: SHA-256 of the certificate that it was signed with.
        review_by: When a second person must have looked at it; null where two approved.
        agrees: What the reviewer found; null for all but reviews.
    """

    number: int
    at: datetime
    who: str
    kind: Kind
    draft: int
    words: str
    previous: str
    key: str = ""
    basis: Literal["forecast", "notice"] = "forecast"
    content: Content | None = None
    evidence: str = ""
    run: datetime | None = None
    digest: str = ""
    needed: int = 0
    identifier: str = ""
    status: Status | None = None
    certificate: str = ""
    review_by: datetime | None = None
    agrees: bool | None = None


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
        notes: What to know before approving, a sentence each: a newer run says otherwise, an Update
            leaves somebody out, an alert is in force there already.
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
    notes: tuple[str, ...] = ()


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
        notes: What to know about it, a sentence each: the newest run no longer supports it, a
            reviewer does not agree, the review is overdue.
    """

    identifier: str
    draft: Draft
    sent: datetime
    status: Status
    state: Literal["in_force", "over", "updated", "cancelled"]
    alone: bool
    review_due: datetime | None
    reviews: tuple[Act, ...]
    deliveries: tuple[Delivery, ...]
    notes: tuple[str, ...] = ()


class Preview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people will read in one language; `fault` says why there is nothing to read."""

    language: str
    name: str
    direction: Literal["ltr", "rtl"]
    reviewed: bool
    headline: str
    description: str
    instruction: str
    fault: str = ""


class View(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole desk at one moment.

    Attributes:
        now: That moment, UTC.
        night: Whether one approval is enough now.
        outlook: The newest; null before the first.
        drafts: Waiting, worst colour first, then the earliest onset.
        notices: Of the newest outlook, not taken up: skill was not shown.
        issued: An overdue review first; then the newest first. What is over is shown for
            `showing.SHOWN` alerts; `find_issued` finds the others.
        troubles: What hinders the desk, a sentence each: a file that cannot be read, an alert that
            reached nobody, a journal that was cut.
        head: SHA-256 of the journal's last line. Who writes it down elsewhere can show later that
            nothing before it was rewritten; the journal alone cannot.
    """

    now: datetime
    night: bool
    outlook: Outlook | None
    drafts: tuple[Draft, ...]
    notices: tuple[Proposal, ...]
    issued: tuple[Issued, ...]
    troubles: tuple[str, ...] = ()
    head: str = ""
