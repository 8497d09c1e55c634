"""What a new run of the forecast means for drafts and for alerts in force. No clock, no file.

1. A draft that only the machine touched is replaced: by the same key of the newer run, or by
   nothing where the newer run has data and proposes it no longer, or where its time is over. Where
   the newer run has no data it stays: no data is never no hazard.
2. A draft that a person touched stays as it is, and gets a note.
3. A proposal for a hazard of which an alert is in force, at overlapping times in some of the same
   districts, is an Update of it: of the alert with which it shares the most districts. An alert is
   updated by one draft; what else overlaps it is a first alert, with a note. An Update that leaves
   out districts or hours of the alert says so, because it takes the alert's place everywhere.
4. Where the alert says all of it already, there is no draft.
5. What a person dismissed or cancelled is not proposed again by the run that it came from.
6. An alert in force that the new run no longer supports gets a note. Nothing is cancelled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec

from early_warning.country_rules import UNITS
from early_warning.desk.kept import Offering
from early_warning.desk.rules import Alert, Paper, State, standing
from early_warning.drafts.proposal import Content, Proposal

__all__ = [
    "New",
    "Newest",
    "Replaced",
    "draft_notes",
    "issued_notes",
    "plan",
    "update_of",
    "updated_by",
]

MANY: Final = 6
"""So many districts are named; of more, their number."""


@dataclass(frozen=True, slots=True)
class Newest:
    """What the newest run says, ready to be asked.

    Attributes:
        run: When it started; null where no file could be used.
        proposals: All that follows from it.
        known: Hazard and district to the windows of which it has data.
    """

    run: datetime | None
    proposals: tuple[Proposal, ...]
    known: Mapping[tuple[str, str], frozenset[tuple[datetime, datetime]]]

    @classmethod
    def of(cls, offering: Offering) -> Newest:
        """What an offering says."""
        known: defaultdict[tuple[str, str], set[tuple[datetime, datetime]]] = defaultdict(set)
        for one in offering.outlook.expectations:
            if one.raw is not None:
                known[one.hazard, one.district].add((one.begins, one.ends))
        return cls(
            offering.outlook.run,
            offering.proposals,
            {key: frozenset(windows) for key, windows in known.items()},
        )

    def unknown(self, content: Content) -> set[str]:
        """Districts of which it has no data in this window, or does not reach so far."""
        return {
            code
            for code in content.districts
            if not any(
                max(begins, content.onset) < min(ends, content.expires)
                for begins, ends in self.known.get((content.hazard, code), ())
            )
        }


@dataclass(frozen=True, slots=True)
class New:
    """A draft to be made, and what it says: the proposal's content, or an Update made of it."""

    proposal: Proposal
    content: Content


@dataclass(frozen=True, slots=True)
class Replaced:
    """A draft that goes, and why."""

    number: int
    why: str


def plan(state: State, newest: Newest, now: datetime) -> tuple[New | Replaced, ...]:
    """What the machine does with a new run (rules 1 and 3 to 5), in order."""
    run = newest.run
    proposals = {
        one.key: one
        for one in newest.proposals
        if one.basis == "forecast" and one.content.expires > now
    }
    updates = _updates(state, proposals.values(), now)
    steps: list[New | Replaced] = []
    made: set[str] = set()
    for key, proposal in proposals.items():
        target = updates.get(key)
        content = proposal.content
        if target is not None:
            content = update_of(target, content)
            if _alike(content, target.content):  # rule 4
                continue
        earlier = [paper for paper in state.papers.values() if paper.key == key]
        waiting = [paper for paper in earlier if paper.state == "waiting"]
        made.add(key)
        if any(paper.touched for paper in waiting):  # rule 2
            continue
        if any(_same_again(paper, content, run) for paper in earlier):  # rule 5
            continue
        steps += [Replaced(paper.number, f"By the run of {_when(run)}.") for paper in waiting]
        steps.append(New(proposal, content))
    for paper in state.waiting():
        if paper.touched or paper.key in made:
            continue
        if paper.content.expires <= now:
            steps.append(Replaced(paper.number, "Its time is over."))
        elif not newest.unknown(paper.content):
            why = f"The run of {_when(run)} no longer proposes it, or an alert says it already."
            steps.append(Replaced(paper.number, why))
    return tuple(steps)


def draft_notes(
    paper: Paper,
    state: State,
    newest: Newest | None,
    now: datetime,
    names: Mapping[str, str],
) -> tuple[str, ...]:
    """What to know before a draft is approved (rules 2 and 3)."""
    notes = []
    content = paper.content
    if newest is not None and newest.run != paper.run and paper.key:
        notes += _otherwise(paper, newest, names)
    if content.message == "Update" and content.changes in state.alerts:
        notes += _left_out(content, state.alerts[content.changes].content, names)
    if content.message != "Cancel":
        for alert in _in_force(state, now):
            if alert.act.identifier != content.changes and _meet(content, alert.content):
                notes.append(
                    f"The alert {alert.act.identifier} is in force for the same hazard in"
                    f" {_named(_both(content, alert.content), names)}: people there would have two."
                )
    return tuple(notes)


def issued_notes(
    alert: Alert, newest: Newest | None, now: datetime, names: Mapping[str, str]
) -> tuple[str, ...]:
    """What to know about an alert (rule 6, and what reviewers said)."""
    notes = []
    if alert.review_due is not None and alert.review_due <= now:
        notes.append(
            f"The review is overdue since {_when(alert.review_due)}: one person alone approved"
            " this alert, and nobody else has looked at it."
        )
    notes += [f"{act.who} does not agree with it." for act in alert.reviews if not act.agrees]
    if standing(alert, now) != "in_force" or newest is None:
        return tuple(notes)
    unknown = newest.unknown(alert.content)
    supported = {
        code
        for one in newest.proposals
        if _meet(one.content, alert.content)
        for code in one.content.districts
    }
    gone = [
        code for code in alert.content.districts if code not in supported and code not in unknown
    ]
    unsaid = [code for code in alert.content.districts if code in unknown - supported]
    if gone:
        notes.append(
            f"The run of {_when(newest.run)} no longer supports it in {_named(gone, names)}."
            " Update or cancel it, if you agree; the program does not."
        )
    if unsaid:
        notes.append(f"The newest outlook has no data on it for {_named(unsaid, names)}.")
    return tuple(notes)


def updated_by(state: State, proposal: Proposal, now: datetime) -> Alert | None:
    """The alert in force of which this proposal is an Update; null for none (rule 3)."""
    return _updates(state, [proposal], now).get(proposal.key)


def update_of(alert: Alert, content: Content) -> Content:
    """Content as an Update of an alert; what people shall do stays as somebody chose it there."""
    return msgspec.structs.replace(
        content,
        message="Update",
        changes=alert.act.identifier,
        response=alert.content.response,
    )


def _updates(state: State, proposals: Collection[Proposal], now: datetime) -> dict[str, Alert]:
    """Rule 3: which proposal updates which alert, by its key."""
    pairs = [
        (len(_both(one.content, alert.content)), -place, number, one.key, alert)
        for number, alert in enumerate(_in_force(state, now))
        for place, one in enumerate(proposals)
        if _meet(one.content, alert.content)
    ]
    found: dict[str, Alert] = {}
    used: set[str] = set()
    for *_, key, alert in sorted(pairs, key=lambda pair: pair[:3], reverse=True):
        if key not in found and alert.act.identifier not in used:
            found[key] = alert
            used.add(alert.act.identifier)
    return found


def _in_force(state: State, now: datetime) -> list[Alert]:
    return [one for one in state.alerts.values() if standing(one, now) == "in_force"]


def _meet(one: Content, other: Content) -> bool:
    """The same hazard, at overlapping times, in some of the same districts."""
    return (
        one.hazard == other.hazard
        and max(one.onset, other.onset) < min(one.expires, other.expires)
        and bool(_both(one, other))
    )


def _both(one: Content, other: Content) -> list[str]:
    wanted = set(other.districts)
    return [code for code in one.districts if code in wanted]


def _alike(one: Content, other: Content) -> bool:
    """Whether the same is said: all but the chance, how soon it is by now, and what people add."""
    return _told(one) == _told(other)


def _told(content: Content) -> tuple[object, ...]:
    return (
        content.hazard,
        content.threshold,
        content.colour,
        content.impact,
        content.onset,
        content.expires,
        frozenset(content.districts),
        content.severity,
        content.certainty,
    )


def _same_again(paper: Paper, content: Content, run: datetime | None) -> bool:
    """Rule 5; and a draft that waits is not replaced by its own run."""
    if paper.state == "replaced" or paper.run != run:
        return False
    first = paper.acts[0].content
    if first is None or not _alike(content, first):
        return False
    # An Alert that waits becomes an Update once an alert is in force; else it is the same again.
    return paper.state != "waiting" or first.changes == content.changes


def _otherwise(paper: Paper, newest: Newest, names: Mapping[str, str]) -> list[str]:
    run = _when(newest.run)
    content = paper.content
    same = [one.content for one in newest.proposals if one.key == paper.key]
    if same:
        first = paper.acts[0].content
        if first is not None and _alike(same[0], first):
            return []
        return [f"The run of {run} says otherwise: {_summary(same[0], names)}."]
    others = [one.content for one in newest.proposals if _meet(one.content, content)]
    if others:
        said = "; ".join(_summary(one, names) for one in others)
        return [f"The run of {run} says otherwise: {said}."]
    unknown = newest.unknown(content)
    if unknown:
        return [f"The newest outlook has no data on it for {_named(sorted(unknown), names)}."]
    return [f"The run of {run} no longer proposes it."]


def _left_out(content: Content, before: Content, names: Mapping[str, str]) -> list[str]:
    """What an Update takes away from the alert in whose place it stands."""
    notes = []
    lost = [code for code in before.districts if code not in set(content.districts)]
    if lost:
        notes.append(
            f"The alert that it updates also names {_named(lost, names)}: there, nobody would be"
            " warned any longer."
        )
    if content.onset > before.onset:
        notes.append(
            f"The alert that it updates begins earlier, at {_when(before.onset)}: the time until"
            f" {_when(content.onset)} would not be warned of any longer."
        )
    if content.expires < before.expires:
        notes.append(
            f"The alert that it updates ends later, at {_when(before.expires)}: the time from"
            f" {_when(content.expires)} on would not be warned of any longer."
        )
    return notes


def _summary(content: Content, names: Mapping[str, str]) -> str:
    chance = "" if content.chance is None else f", chance {_range(content.chance)} %"
    return (
        f"{content.colour}, past {content.threshold} {UNITS[content.hazard]}{chance}, from"
        f" {_when(content.onset)} to {_when(content.expires)}, in"
        f" {_named(content.districts, names)}"
    )


def _range(chance: tuple[int, int]) -> str:
    low, high = sorted(chance)
    return str(low) if low == high else f"{low}–{high}"


def _named(codes: Iterable[str], names: Mapping[str, str]) -> str:
    found = [names.get(code, code) for code in codes]
    if len(found) > MANY:
        return f"{', '.join(found[:MANY])} and {len(found) - MANY} more districts"
    return ", ".join(found)


def _when(instant: datetime | None) -> str:
    return "no file" if instant is None else f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
