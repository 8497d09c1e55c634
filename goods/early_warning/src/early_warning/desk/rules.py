"""The rules of the desk: what state follows from the acts, and who may do what. No clock, no file.

1. Two different people approve the same content; whoever wrote it may be one of them. At night one
   approval is enough, and a second person must review afterwards.
2. An approval names the digest of what was approved. It holds for nothing else, and an edit voids
   it, even if a later edit brings the same words back.
3. Only a draft that waits is edited, approved or dismissed. Issued is final; what is wrong with an
   alert is put right by an Update or a Cancel.
4. How many approvals were needed is written down with each of them: a night that is set otherwise
   later changes nothing that was done.
5. An alert is changed once: its Update is what is changed next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from comity.errors import RecordError
from early_warning.desk.view import MACHINE, Act
from early_warning.drafts.proposal import Content

__all__ = ["Alert", "Paper", "State", "fold", "is_night", "needed", "standing", "with_one_more"]

BY_DAY: Final = 2
AT_NIGHT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A draft as the acts leave it.

    Attributes:
        number: Its name at the desk.
        state: As in `view.Draft`.
        key, basis, evidence, run: As its first act says.
        content: After all edits.
        approvals: Who approved this content since the last edit, in order.
        enough: Whether that is enough to issue it, by the last approval's count.
        acts: What was done to it; the first made it.
    """

    number: int
    state: Literal["waiting", "issued", "dismissed", "replaced"] = "waiting"
    key: str
    basis: Literal["forecast", "notice"]
    evidence: str
    run: datetime | None
    content: Content
    approvals: tuple[str, ...] = ()
    enough: bool = False
    acts: tuple[Act, ...]

    @property
    def touched(self) -> bool:
        """Whether a person made, edited or approved it, so that no newer run replaces it."""
        return any(act.who != MACHINE for act in self.acts)

    @property
    def taken_up_by(self) -> str | None:
        """Who answers for it, where skill was not shown."""
        return self.acts[0].who if self.acts[0].kind == "taken_up" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert as the acts leave it.

    Attributes:
        act: The act that issued it.
        content: What it says.
        approvals: Who approved it.
        reviews: Acts of review.
        changed_by: Identifier of the Update or Cancel that changed it; empty while there is none.
        changed: What that one did.
    """

    act: Act
    content: Content
    approvals: tuple[str, ...]
    reviews: tuple[Act, ...] = ()
    changed_by: str = ""
    changed: Literal["", "updated", "cancelled"] = ""

    @property
    def alone(self) -> bool:
        """Whether one person alone approved it."""
        return len(self.approvals) < BY_DAY

    @property
    def review_due(self) -> datetime | None:
        """Until when a second person must look at it; null where none must, or one has."""
        return None if self.reviews else self.act.review_by


@dataclass(slots=True)
class State:
    """All that follows from the acts.

    Attributes:
        papers: Every draft, by number.
        alerts: Every alert issued, by identifier, oldest first.
        looked: The newest act of looking at a forecast; null before the first.
        latest: The latest run that was ever looked at.
    """

    papers: dict[int, Paper] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    looked: Act | None = None
    latest: datetime | None = None

    @property
    def next_number(self) -> int:
        """The number of the next draft."""
        return max(self.papers, default=0) + 1

    def waiting(self) -> tuple[Paper, ...]:
        """Drafts that nobody has issued, dismissed or replaced, oldest first."""
        return tuple(paper for paper in self.papers.values() if paper.state == "waiting")


def is_night(now: datetime, zone: ZoneInfo, night: tuple[str, str] | None) -> bool:
    """Whether the clock on the wall is between the beginning and the end of the night.

    The end belongs to the day. A night may go over midnight. Where clocks change, an hour that
    comes twice is night twice, and one that is skipped is not missed.
    """
    if night is None:
        return False
    begin, end = (time.fromisoformat(one) for one in night)
    wall = now.astimezone(zone).time()
    if begin <= end:
        return begin <= wall < end
    return wall >= begin or wall < end


def needed(night: bool) -> int:
    """Rule 1."""
    return AT_NIGHT if night else BY_DAY


def standing(alert: Alert, now: datetime) -> Literal["in_force", "over", "updated", "cancelled"]:
    """What an alert is now. A Cancel is over at once: nothing is in force by it."""
    if alert.changed:
        return alert.changed
    if alert.content.message == "Cancel" or alert.content.expires <= now:
        return "over"
    return "in_force"


def fold(acts: Iterable[Act]) -> State:
    """The state that follows from all acts, in order.

    Raises:
        RecordError: an act is not possible after those before it: the desk did not write it.
    """
    state = State()
    for act in acts:
        try:
            _follow(state, act)
        except (KeyError, _ImpossibleError) as error:
            what = (
                str(error) if isinstance(error, _ImpossibleError) else "it names what is not there"
            )
            raise RecordError(
                f"this act is not possible: {what}", where=f"journal, line {act.number}"
            ) from None
    return state


def with_one_more(paper: Paper, act: Act) -> Paper:
    """A draft as one more act would leave it; the act must be possible."""
    return fold([*paper.acts, act]).papers[paper.number]


class _ImpossibleError(Exception):
    """An act that the rules do not allow."""


def _follow(state: State, act: Act) -> None:
    if act.kind == "looked":
        state.looked = act
        if act.run is not None:
            state.latest = act.run if state.latest is None else max(state.latest, act.run)
    elif act.kind in ("proposed", "taken_up"):
        if act.content is None or act.draft in state.papers:
            raise _ImpossibleError("the draft has no content, or its number is taken")
        state.papers[act.draft] = Paper(
            number=act.draft,
            key=act.key,
            basis=act.basis,
            evidence=act.evidence,
            run=act.run,
            content=act.content,
            acts=(act,),
        )
    elif act.kind == "reviewed":
        alert = state.alerts[act.identifier]
        if act.who in alert.approvals:
            raise _ImpossibleError("nobody reviews what they approved themselves")
        state.alerts[act.identifier] = replace(alert, reviews=(*alert.reviews, act))
    else:
        paper = state.papers[act.draft]
        if paper.state != "waiting":
            raise _ImpossibleError(f"the draft is {paper.state} already")
        paper = replace(paper, acts=(*paper.acts, act))
        state.papers[act.draft] = _change(state, paper, act)


def _change(state: State, paper: Paper, act: Act) -> Paper:
    """What an act does to a draft that waits (rule 3)."""
    if act.kind == "edited":
        if act.content is None:
            raise _ImpossibleError("the edit has no content")
        return replace(paper, content=act.content, approvals=(), enough=False)  # rule 2
    if act.kind == "approved":
        if act.digest != paper.content.digest:
            raise _ImpossibleError("other content was approved")
        if act.needed not in (AT_NIGHT, BY_DAY):
            raise _ImpossibleError("it does not say how many approvals were needed")
        approvals = (*(one for one in paper.approvals if one != act.who), act.who)
        return replace(paper, approvals=approvals, enough=len(approvals) >= act.needed)  # rule 4
    if act.kind == "issued":
        _issue(state, paper, act)
        return replace(paper, state="issued")
    return replace(paper, state="dismissed" if act.kind == "dismissed" else "replaced")


def _issue(state: State, paper: Paper, act: Act) -> None:
    if not paper.enough:
        raise _ImpossibleError("too few people approved what was issued")
    if (len(paper.approvals) < BY_DAY) != (act.review_by is not None):
        raise _ImpossibleError("a review is due exactly where one person alone approved")
    if act.identifier in state.alerts:
        raise _ImpossibleError("two alerts have one identifier")
    changes = paper.content.changes
    if changes is not None:
        original = state.alerts[changes]
        if original.changed:
            raise _ImpossibleError("the alert was changed before")  # rule 5
        state.alerts[changes] = replace(
            original,
            changed_by=act.identifier,
            changed="cancelled" if paper.content.message == "Cancel" else "updated",
        )
    state.alerts[act.identifier] = Alert(act=act, content=paper.content, approvals=paper.approvals)
