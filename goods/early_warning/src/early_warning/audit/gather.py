"""The whole audit, gathered from what the service keeps: alerts, receipts, people, observations.

1. Each hazard that was observed is accounted for by itself. Alerts of a hazard that nobody observed
   are named and not judged; so are those whose districts and times no observation meets, and
   districts of which there is no observation.
2. A channel is whoever receives by it: one recipient by two ways is one channel. A hand-over of
   drafts to CAP Composer reaches nobody by itself, and is left out.
3. A receipt counts from the moment when the recipient's machine had confirmed.
4. Nothing is left out silently: what is, stands in the notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

import msgspec

from early_warning.audit.alerts import warned
from early_warning.audit.cells import Population, population, reach_of
from early_warning.audit.events import Score, Warned, Window, score
from early_warning.audit.people import Carried, People, Reach, people
from early_warning.cap import Alert, Hazard
from early_warning.cap.compose import Status
from early_warning.people import Ledger
from early_warning.send.outbox import Delivery

__all__ = ["HAZARDS", "Audit", "GroupAccount", "HazardAudit", "gather"]

HAZARDS: dict[Hazard, str] = {
    "heavy_rain": "Heavy rain",
    "strong_wind": "Strong wind",
    "extreme_heat": "Extreme heat",
    "extreme_cold": "Extreme cold",
}
_COMPOSER = "composer"


class GroupAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of one group. Groups overlap: accounts are not added up."""

    group: str
    people: People


class HazardAudit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the audit found of one hazard.

    Attributes:
        hazard: Which one.
        alerts: Identifiers of those that were judged, in the order of their sending.
        score: What came true.
        people: What became of all residents.
        groups: Of each group that was counted in people.
    """

    hazard: Hazard
    alerts: tuple[str, ...]
    score: Score
    people: People
    groups: tuple[GroupAccount, ...]


class Audit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the audit found.

    Attributes:
        title: Of which country and time.
        status: Which alerts were audited.
        places: Code to name of every district.
        hazards: One account each.
        notes: What was left out, and what is not known, a sentence each.
    """

    title: str
    status: Status
    places: dict[str, str]
    hazards: tuple[HazardAudit, ...]
    notes: tuple[str, ...]


def gather(
    ledger: Ledger,
    alerts: Sequence[Alert],
    deliveries: Iterable[Delivery],
    windows: Mapping[Hazard, Sequence[Window]],
    *,
    title: str,
    status: Status = "Actual",
    reach: Sequence[Reach] = (),
) -> Audit:
    """Audit the alerts of one status.

    Args:
        ledger: Everybody.
        alerts: All that the service sent, of any status.
        deliveries: What became of them.
        windows: What was observed, by hazard.
        title: Of which country and time.
        status: Which alerts to audit.
        reach: What is known of the channels, by the names of recipients.

    Raises:
        InputError: an alert cannot be audited, or an observation cannot be.
    """
    places = {one.area.code: one.area.name for one in ledger.districts}
    known = warned(alerts, places, status=status)
    carried = tuple(
        Carried(identifier=one.identifier, channel=one.recipient, at=one.finished)
        for one in deliveries
        if one.state == "delivered" and one.finished is not None and one.channel != _COMPOSER
    )
    accounts, notes = population(ledger)
    found = tuple(
        _audit(hazard, known.get(hazard, ()), windows[hazard], carried, accounts, ledger, reach)
        for hazard in get_args(Hazard)
        if windows.get(hazard)
    )
    notes = (
        *_left_out(alerts, known, windows, status),
        *_unseen(known, windows, places),
        *_unheard(reach, carried, ledger),
        *notes,
    )
    return Audit(title=title, status=status, places=places, hazards=found, notes=notes)


def _audit(
    hazard: Hazard,
    alerts: Sequence[Warned],
    windows: Sequence[Window],
    carried: Sequence[Carried],
    accounts: Sequence[Population],
    ledger: Ledger,
    reach: Sequence[Reach],
) -> HazardAudit:
    found = score(alerts, windows)
    names = {one.identifier for one in alerts}
    here = [one for one in carried if one.identifier in names]
    made = [
        GroupAccount(
            group=one.group,
            people=people(
                found,
                alerts,
                one.cells,
                here,
                reach_of(ledger, one.cells, reach),
                uncounted=one.uncounted,
            ),
        )
        for one in accounts
    ]
    return HazardAudit(
        hazard=hazard,
        alerts=tuple(dict.fromkeys(one.identifier for one in alerts)),
        score=found,
        people=made[0].people,
        groups=tuple(made[1:]),
    )


def _left_out(
    alerts: Sequence[Alert],
    known: Mapping[Hazard, Sequence[Warned]],
    windows: Mapping[Hazard, Sequence[Window]],
    status: Status,
) -> list[str]:
    notes = []
    for other in get_args(Status):
        number = sum(one.status == other for one in alerts)
        if number and other != status:
            are = "message is" if number == 1 else "messages are"
            notes.append(f"{number:,} {are} of status {other}, and left out: --status {other}.")
    for hazard, those in known.items():
        if not windows.get(hazard):
            names = ", ".join(dict.fromkeys(one.identifier for one in those))
            notes.append(f"{HAZARDS[hazard]} was not observed: {names} cannot be judged.")
    return notes


def _unseen(
    known: Mapping[Hazard, Sequence[Warned]],
    windows: Mapping[Hazard, Sequence[Window]],
    places: Mapping[str, str],
) -> list[str]:
    """Districts without a line, and alerts that no line meets (rule 1)."""
    notes = []
    for hazard, seen in windows.items():
        here = {one.district for one in seen}
        if here and (absent := [f"{places[one]} ({one})" for one in places if one not in here]):
            notes.append(
                f"{HAZARDS[hazard]}: there is no observation of {', '.join(absent)}. Whether it "
                "happened there is in no number."
            )
        met = {
            alert.identifier
            for alert in known.get(hazard, ())
            for one in seen
            if one.district in alert.districts and alert.onset < one.end and one.start < alert.ended
        }
        rest = dict.fromkeys(one.identifier for one in known.get(hazard, ()))
        if seen and (unmet := [name for name in rest if name not in met]):
            notes.append(
                f"{HAZARDS[hazard]}: nothing was observed where and when {', '.join(unmet)} warned."
            )
    return notes


def _unheard(reach: Sequence[Reach], carried: Sequence[Carried], ledger: Ledger) -> list[str]:
    """A channel or a group that is spelt otherwise is a mistake that nobody would see."""
    heard = {one.channel for one in carried}
    counted = {"residents", *(name for one in ledger.districts for name in one.groups)}
    notes = [
        f"The reach of the channel {name} is stated, but it carried nothing."
        for name in sorted({one.channel for one in reach} - heard)
    ]
    return notes + [
        f"The reach of the group {name} is stated, but nobody counted this group."
        for name in sorted({one.group for one in reach} - counted)
    ]
