"""The alerts as the audit needs them, from the very bytes that went out.

1. One status is audited at a time. Tests and exercises asked nobody to act.
2. An alert's districts are the codes in its areas; an area without the code of a district stops the
   audit, because whoever it warned would be left out.
3. It is over when it expires, or when an Update or Cancel that names it is sent. A Cancel warns
   nobody.
4. An Update that warns of the same hazard does not unsay what it repeats: in the districts and
   times that both name, the earlier alert counts as in force for as long as the Update is. Whoever
   got the earlier one had been warned, and had been warned since then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple, get_args

from comity.errors import InputError
from early_warning.audit.events import Warned
from early_warning.cap import Alert, Hazard, Info, Reference, moment, references_of
from early_warning.cap.compose import HAZARD_LIST, Status

__all__ = ["warned"]


class _Span(NamedTuple):
    """Where and when a message is in force."""

    districts: frozenset[str]
    start: datetime
    end: datetime


class _Message(NamedTuple):
    identifier: str
    names: frozenset[str]
    hazard: Hazard
    languages: frozenset[str]
    sent: datetime
    stated: _Span | None


def warned(
    alerts: Iterable[Alert], districts: Collection[str], *, status: Status = "Actual"
) -> dict[Hazard, tuple[Warned, ...]]:
    """The alerts of one status, by hazard, in the order of their sending.

    An alert with an Update (rule 4) can stand there several times, for spans that do not overlap in
    any district.

    Args:
        alerts: Alerts, Updates and Cancels of one service.
        districts: The codes of its districts.
        status: Which of them are audited.

    Raises:
        InputError: an alert has no hazard that is known here, no time, an area that is no district,
            or says different things in its languages; or two have one identifier.
    """
    messages = [_message(one, frozenset(districts)) for one in alerts if one.status == status]
    # What changes an alert comes after it, also in the same second.
    messages.sort(key=lambda one: (one.sent, bool(one.names), one.identifier))
    seen: set[str] = set()
    for one in messages:
        if one.identifier in seen:
            raise InputError("two alerts have one identifier", where=one.identifier)
        seen.add(one.identifier)
    spans: dict[str, list[_Span]] = {}
    for place in range(len(messages) - 1, -1, -1):  # what changes an alert was sent after it
        spans[messages[place].identifier] = _in_force(messages[place], messages[place + 1 :], spans)
    found: defaultdict[Hazard, list[Warned]] = defaultdict(list)
    for one in messages:
        found[one.hazard] += [
            Warned(
                identifier=one.identifier,
                districts=span.districts,
                languages=one.languages,
                sent=one.sent,
                onset=span.start,
                ended=span.end,
            )
            for span in spans[one.identifier]
        ]
    return {hazard: tuple(found[hazard]) for hazard in get_args(Hazard) if found[hazard]}


def _in_force(
    message: _Message, later: list[_Message], spans: dict[str, list[_Span]]
) -> list[_Span]:
    """Rules 3 and 4."""
    stated = message.stated
    if stated is None:
        return []
    next_one = next((one for one in later if message.identifier in one.names), None)
    if next_one is None:
        return [stated]
    found = [stated._replace(end=min(stated.end, next_one.sent))]
    if next_one.hazard == message.hazard:
        found += [
            _Span(
                stated.districts & span.districts,
                max(stated.start, span.start),
                min(stated.end, span.end),
            )
            for span in spans[next_one.identifier]
        ]
    return [one for one in found if one.districts and one.start < one.end]


def _message(alert: Alert, districts: frozenset[str]) -> _Message:
    where = alert.identifier
    sent = moment(alert.sent)
    if sent is None or not alert.infos:
        raise InputError("the alert has no time, or says nothing", where=where)
    said = {(_hazard(info, where), _stated(info, alert, districts)) for info in alert.infos}
    if len(said) > 1:
        raise InputError("the alert says different things in its languages", where=where)
    hazard, stated = said.pop()
    earlier = (one for one in references_of(alert) if isinstance(one, Reference))
    return _Message(
        identifier=alert.identifier,
        names=frozenset(one.identifier for one in earlier),
        hazard=hazard,
        languages=frozenset(info.tongue for info in alert.infos),
        sent=sent,
        stated=stated,
    )


def _hazard(info: Info, where: str) -> Hazard:
    codes = {one.value for one in info.event_codes if one.name == HAZARD_LIST}
    for hazard in get_args(Hazard):
        if codes == {hazard}:
            return hazard  # type: ignore[no-any-return]
    raise InputError(
        f"the alert has no event code of {HAZARD_LIST} that is known here",
        where=where,
        hint="Only alerts that this program composed can be audited.",
    )


def _stated(info: Info, alert: Alert, districts: frozenset[str]) -> _Span | None:
    """What one block says of place and time; null for a Cancel, and where nothing is left."""
    if alert.msg_type == "Cancel":
        return None
    start, end = moment(info.onset or alert.sent), moment(info.expires or "")
    if start is None or end is None:
        raise InputError("the alert has no onset or no end", where=alert.identifier)
    named: set[str] = set()
    for area in info.areas:
        here = districts.intersection(code.value for code in area.geocodes)
        if not here:
            raise InputError(
                f"the alert names an area that is no district here: {area.description[:60]}",
                where=alert.identifier,
                hint="Audit it with the boundaries of the time when it was sent.",
            )
        named |= here
    return _Span(frozenset(named), start, end)
