"""From approved content to signed bytes, and what would keep it from going out.

1. Every word follows from the content, by `cap.compose`, `compose_update` or `compose_cancel`. An
   Update or a Cancel is made from the bytes of the alert that it changes.
2. What is written is judged; only a valid alert is signed; what was signed is judged again.
3. `faults` asks the same before anybody approves, so that nobody approves what cannot go out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from comity.errors import ComityError, InputError
from early_warning import cap
from early_warning.cap.shapes import points_of
from early_warning.desk.places import areas_of, places_of
from early_warning.desk.signing import Signing
from early_warning.desk.view import Preview
from early_warning.drafts.proposal import Content
from early_warning.send.message import MAX_BYTES, MAX_WORDS, Heading
from early_warning.service import Service

__all__ = ["compose", "faults", "heading_of", "new_number", "preview", "sentence", "sign"]


def sentence(error: ComityError) -> str:
    """An error as a sentence for the desk."""
    what = error.what[:1].upper() + error.what[1:].rstrip(".") + "."
    where = f" ({error.where})" if error.where else ""
    return f"{what[:-1]}{where}.{' ' + error.hint if error.hint else ''}"


def new_number(service: Service, sent: datetime, taken: Iterable[str]) -> int:
    """The number within its second that makes an alert's identifier a new one."""
    known, number = set(taken), 0
    while cap.new_identifier(service.country.authority, sent, number) in known:
        number += 1
    return number


def compose(
    service: Service,
    content: Content,
    original: cap.Alert | None,
    *,
    sent: datetime,
    number: int = 0,
) -> cap.Alert:
    """The alert that content means (rule 1).

    Args:
        service: Whose alert it is.
        content: What it says.
        original: The alert that it changes; null for a first one.
        sent: When it is issued.
        number: See `cap.new_identifier`.

    Raises:
        InputError: a rule of `cap.compose` is broken, or a district is not there.
    """
    return _compose(service, service.packs, content, original, sent, number)


def _compose(
    service: Service,
    packs: Sequence[cap.Pack],
    content: Content,
    original: cap.Alert | None,
    sent: datetime,
    number: int = 0,
) -> cap.Alert:
    authority = service.country.authority
    local = sent.astimezone(service.zone).replace(microsecond=0)
    if content.message == "Alert":
        return cap.compose(
            _draft(service, content, local),
            packs,
            authority,
            status=service.country.status,
            sent=local,
            number=number,
        )
    if original is None:
        raise InputError("the alert that it changes is not at hand", where="changes")
    if content.message == "Cancel":
        return cap.compose_cancel(original, packs, authority, sent=local, number=number)
    return cap.compose_update(
        original, _draft(service, content, local), packs, authority, sent=local, number=number
    )


def _draft(service: Service, content: Content, sent: datetime) -> cap.Draft:
    """The content as CAP's draft; what began before it is sent begins when it is sent."""
    areas = areas_of(service.ledger, content.districts)
    return cap.Draft(
        hazard=content.hazard,
        threshold=content.threshold,
        chance=content.chance,
        onset=max(content.onset, sent).astimezone(service.zone),
        expires=content.expires.astimezone(service.zone),
        places=places_of(areas, len(service.packs)),
        urgency=content.urgency,
        severity=content.severity,
        certainty=content.certainty,
        response=content.response,
    )


def sign(alert: cap.Alert, signing: Signing) -> bytes:
    """The signed bytes of an alert (rule 2).

    Raises:
        InputError: it is not valid, or too large to be sent.
    """
    data = cap.sign_alert(cap.write_alert(alert), signing.key, signing.certificate)
    verdict = cap.judge(data)
    if not verdict.valid or not verdict.signed:
        raise InputError("the signed alert is not valid")  # pragma: no cover - sign_alert checks
    if len(data) > MAX_BYTES:
        raise InputError(
            f"the alert is larger than the {MAX_BYTES:,} bytes allowed here",
            hint="Name fewer districts, and make a second alert for the others.",
        )
    return data


def heading_of(alert: cap.Alert) -> Heading:
    """What lists of alerts say about this one.

    Raises:
        InputError: it has no headline, or no times.
    """
    sent = cap.moment(alert.sent)
    ends = [cap.moment(info.expires or "") for info in alert.infos]
    if sent is None or not ends or None in ends:
        raise InputError("the alert has no time, or no end", where=alert.identifier)
    words = alert.infos[0].headline or ""
    title = words if len(words) <= MAX_WORDS else f"{words[: MAX_WORDS - 1]}…"
    points = [
        point
        for area in alert.infos[0].areas
        for polygon in area.polygons
        for point in points_of(polygon)
        if not isinstance(point, str)
    ]
    box = None
    if points:
        latitudes, longitudes = zip(*points, strict=True)
        box = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    return Heading(
        identifier=alert.identifier,
        title=title,
        sender=alert.sender,
        sent=sent,
        expires=max(end for end in ends if end is not None),
        box=box,
    )


def faults(
    service: Service, content: Content, original: cap.Alert | None, *, now: datetime
) -> tuple[str, ...]:
    """Why content cannot go out as it stands (rule 3): each reason once."""
    return tuple(dict.fromkeys(_faults(service, content, original, now)))


_OVER: Final = "It is over already: {} has passed."


def _faults(
    service: Service, content: Content, original: cap.Alert | None, now: datetime
) -> Iterator[str]:
    if content.expires <= content.onset:
        yield "It would end before it begins."
    if content.expires <= now:
        yield _OVER.format(f"{content.expires.astimezone(service.zone):%Y-%m-%d %H:%M}")
    try:
        alert = _compose(service, service.packs, content, original, now)
        cap.write_alert(alert)
        heading_of(alert)
    except InputError as error:
        yield from _lacks(service, content, original, now) or [sentence(error)]


def _lacks(
    service: Service, content: Content, original: cap.Alert | None, now: datetime
) -> list[str]:
    """What each language lacks."""
    found = []
    for pack in service.packs:  # one at a time, so that each of them says what it lacks
        if content.message == "Cancel" and original is not None and not _said(original, pack):
            continue  # a Cancel speaks the languages of its alert
        try:
            _words(service, pack, content, original, now)
        except InputError as error:
            found.append(sentence(error))
    return found


def unready(service: Service) -> tuple[str, ...]:
    """Why alerts of the service's status cannot go out, whatever they say: a sentence each."""
    found: dict[str, None] = {}
    for pack in service.packs:  # one at a time, so that each of them says what it lacks
        try:
            cap.refuse_unready([pack], service.country.authority, service.country.status)
        except InputError as error:
            found[sentence(error)] = None
    return tuple(found)


def preview(
    service: Service, content: Content, original: cap.Alert | None, *, now: datetime
) -> tuple[Preview, ...]:
    """What people will read, in each language, with the marks of the status.

    Texts that nobody has reviewed are shown too: whoever shall review them must see them.
    """
    found = []
    for pack in service.packs:
        shown = msgspec.structs.replace(pack, reviewed=True)
        try:
            info = _words(service, shown, content, original, now)
        except InputError as error:
            info, fault = None, sentence(error)
        else:
            fault = ""
        found.append(
            Preview(
                language=pack.language,
                name=pack.name,
                direction=pack.direction,
                reviewed=pack.reviewed,
                headline="" if info is None else info.headline or "",
                description="" if info is None else info.description or "",
                instruction="" if info is None else info.instruction or "",
                fault=fault,
            )
        )
    return tuple(found)


def _words(
    service: Service,
    pack: cap.Pack,
    content: Content,
    original: cap.Alert | None,
    now: datetime,
) -> cap.Info:
    """What is said in one language."""
    if original is not None:
        own = _said(original, pack)
        if not own and content.message == "Cancel":
            raise InputError(f"the alert was not in {pack.name}, nor is its Cancel")
        original = msgspec.structs.replace(original, infos=own)
    return _compose(service, [pack], content, original, now).infos[0]


def _said(original: cap.Alert, pack: cap.Pack) -> tuple[cap.Info, ...]:
    """What an alert says in one language."""
    return tuple(info for info in original.infos if info.tongue == pack.language.lower())
