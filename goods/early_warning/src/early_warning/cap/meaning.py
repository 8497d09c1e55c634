"""What a schema cannot see: whether an alert makes sense. Sections are those of CAP 1.2.

About the message (3.2.1)
 M1  identifier and sender are there, without space, comma, < or &;
 M2  restricted and private messages say for whom;
 M3  Update, Cancel, Ack and Error say to which message; an Alert refers to none;
 M4  references are `sender,identifier,sent`, to another message that is not of the future;
 M5  an exercise names itself in its note, an Error or Ack explains itself there, and what is a
     Draft, or for the system alone, is not public;
 M6  a public Alert or Update says something: it has an info block.

About times (3.2.2, 3.3.2)
 M7  expires comes after sent, effective and onset (a Cancel may come after its end);
 M8  expires is there: else every receiver makes up its own;
 M9  onset does not come before sent, nor before effective;
 M10 UTC is written -00:00.

About languages (3.2.2)
 M11 a language tag begins with a language of two or three letters;
 M12 each language has as many info blocks as the others, and the n-th of each has the same
     category, urgency, severity, certainty and times;
 M13 info blocks of one language name one event.

About content (3.2.2, 3.2.3)
 M14 an event is named;
 M15 a web address is a full one;
 M16 texts are plain, without HTML;
 M17 a resource has a media type, and a full address or its content.

About areas (3.2.4)
 M18 a public Alert or Update says where, and every area has a name;
 M19 a public area has a polygon, a circle or a code, not words alone;
 M20 polygons are valid and closed;
 M21 circles are valid; one of radius 0 warns nobody;
 M22 a ceiling goes with an altitude below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Final

from early_warning.cap.alert import Alert, Area, Info, Reference, references_of
from early_warning.cap.finding import Finding, Level, first
from early_warning.cap.shapes import circle_fault, polygon_fault
from early_warning.cap.times import moment

__all__ = ["check_meaning"]

SHOWN: Final = 60

_ALERT: Final = "CAP 1.2, section 3.2.1"
_INFO: Final = "CAP 1.2, section 3.2.2"
_RESOURCE: Final = "CAP 1.2, section 3.2.3"
_AREA: Final = "CAP 1.2, section 3.2.4"
_TIME: Final = "CAP 1.2, section 3.3.2"

_NAME: Final = re.compile(r"[^\s,<&]+")
_TONGUE: Final = re.compile(r"(?:[a-z]{2,3}|[ix])(?:-.*)?", re.IGNORECASE)
_HTML: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>|&(?:[a-z]{2,8}|#[0-9]{1,6});")
_FULL_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_MEDIA_TYPE: Final = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:\s*;.*)?")
_TEXTS: Final = ("event", "headline", "description", "instruction")


def check_meaning(alert: Alert) -> list[Finding]:
    """Where an alert breaks the rules above: of errors and of warnings, up to `MAX_FINDINGS`."""
    return first(_all(alert))


def _all(alert: Alert) -> Iterator[Finding]:
    yield from _message(alert)
    yield from _references(alert)
    yield from _languages(alert)
    for number, info in enumerate(alert.infos, 1):
        place = f"alert/info[{number}]"
        yield from _times(alert, info, place)
        yield from _content(info, place)
        yield from _areas(alert, info, place)


def _finding(rule: int, level: Level, place: str, what: str, source: str) -> Finding:
    return Finding(
        rule=f"M{rule}", level=level, profile="cap", place=place, what=what, source=source
    )


def _speaks(alert: Alert) -> bool:
    """Whether the message itself warns the public."""
    return alert.scope == "Public" and alert.msg_type in ("Alert", "Update")


def _empty(text: str | None) -> bool:
    return not (text or "").strip()


def _message(alert: Alert) -> Iterator[Finding]:
    for field in ("identifier", "sender"):  # M1
        value: str = getattr(alert, field)
        if not _NAME.fullmatch(value):
            what = f"{value[:SHOWN]!r} is empty, or holds a space, a comma, < or &"
            yield _finding(1, "error", f"alert/{field}", what, _ALERT)
    for scope, field, value_or_null in (  # M2
        ("Restricted", "restriction", alert.restriction),
        ("Private", "addresses", alert.addresses),
    ):
        if alert.scope == scope and _empty(value_or_null):
            what = f"a {scope.lower()} message needs {field}"
            yield _finding(2, "error", f"alert/{field}", what, _ALERT)
    if alert.scope != "Restricted" and not _empty(alert.restriction):
        what = f"a restriction contradicts the scope {alert.scope}"
        yield _finding(2, "warning", "alert/restriction", what, _ALERT)
    if alert.status == "Exercise" and _empty(alert.note):  # M5
        yield _finding(5, "warning", "alert/note", "an exercise is not named", _ALERT)
    if alert.msg_type in ("Ack", "Error") and _empty(alert.note):
        what = f"the message type {alert.msg_type} needs an explanation"
        yield _finding(5, "warning", "alert/note", what, _ALERT)
    if alert.status in ("Draft", "System") and alert.scope == "Public":
        what = f"a message of status {alert.status} is not for the public"
        yield _finding(5, "warning", "alert/status", what, _ALERT)
    if _speaks(alert) and not alert.infos:  # M6
        what = f"a public {alert.msg_type} without an info block tells nobody anything"
        yield _finding(6, "error", "alert/info", what, _ALERT)
    if alert.sent.endswith("+00:00"):  # M10
        yield _utc("alert/sent")


def _references(alert: Alert) -> Iterator[Finding]:
    place = "alert/references"
    given = references_of(alert)
    if alert.msg_type == "Alert" and given:  # M3
        what = "a first Alert refers to earlier messages; is it an Update?"
        yield _finding(3, "warning", place, what, _ALERT)
    if alert.msg_type != "Alert" and not given:
        what = f"the message type {alert.msg_type} does not say to which message it belongs"
        yield _finding(3, "error", place, what, _ALERT)
    sent = moment(alert.sent)
    for number, one in enumerate(given, 1):  # M4
        here = f"{place}, number {number}"
        if not isinstance(one, Reference):
            what = f"{one[:SHOWN]!r} is not sender,identifier,sent"
            yield _finding(4, "error", here, what, _ALERT)
            continue
        when = moment(one.sent)
        if when is None:
            what = f"{one.sent[:SHOWN]!r} is no time"
            yield _finding(4, "error", here, what, _ALERT)
        elif sent is not None and when > sent:
            what = f"it refers to a message that was sent later, at {one.sent}"
            yield _finding(4, "error", here, what, _ALERT)
        if (one.sender, one.identifier) == (alert.sender, alert.identifier):
            yield _finding(4, "error", here, "the message refers to itself", _ALERT)


def _utc(place: str) -> Finding:
    return _finding(10, "warning", place, "UTC is written -00:00, not +00:00", _TIME)


def _times(alert: Alert, info: Info, place: str) -> Iterator[Finding]:
    at: dict[str, tuple[str, datetime]] = {}
    for field, text in (
        ("sent", alert.sent),
        ("effective", info.effective),
        ("onset", info.onset),
        ("expires", info.expires),
    ):
        when = moment(text) if text else None
        if text and when is not None:
            at[field] = text, when
            if field != "sent" and text.endswith("+00:00"):  # M10
                yield _utc(f"{place}/{field}")
    if "expires" not in at:  # M8
        what = "without an end, every receiver makes up its own"
        yield _finding(8, "warning", f"{place}/expires", what, _INFO)
    else:  # M7
        end, ends = at["expires"]
        for field in ("sent", "effective", "onset"):
            if field in at and ends <= at[field][1]:
                level: Level = "warning" if alert.msg_type == "Cancel" else "error"
                what = f"it expires at {end}, not after {field}, {at[field][0]}"
                yield _finding(7, level, f"{place}/expires", what, _INFO)
    if "onset" in at:  # M9
        for field in ("sent", "effective"):
            if field in at and at["onset"][1] < at[field][1]:
                what = f"it begins at {at['onset'][0]}, before {field}, {at[field][0]}"
                yield _finding(9, "warning", f"{place}/onset", what, _INFO)


def _same(info: Info) -> tuple[object, ...]:
    """What must not differ between languages."""
    times = (moment(text) if text else None for text in (info.effective, info.onset, info.expires))
    return (
        frozenset(info.categories), info.urgency, info.severity, info.certainty, *times
    )  # fmt: skip


def _languages(alert: Alert) -> Iterator[Finding]:
    blocks: dict[str, list[tuple[int, Info]]] = {}
    for number, info in enumerate(alert.infos, 1):
        blocks.setdefault(info.tongue, []).append((number, info))
        if info.language and not _TONGUE.fullmatch(info.language):  # M11
            what = f"{info.language[:SHOWN]!r} does not begin with a language such as fr"
            yield _finding(11, "warning", f"alert/info[{number}]/language", what, _INFO)
    sizes = {tongue: len(own) for tongue, own in blocks.items()}
    if len(set(sizes.values())) > 1:  # M12
        what = "languages differ in what they are told: " + ", ".join(
            f"{tongue[:SHOWN]} has {size}" for tongue, size in list(sizes.items())[:10]
        )
        yield _finding(12, "warning", "alert/info", what, _INFO)
    for together in zip_longest(*blocks.values()):
        first: Info | None = None
        for number, info in (pair for pair in together if pair):
            first = first or info
            if _same(info) != _same(first):
                what = (
                    f"{info.tongue} and {first.tongue} differ in category, urgency, severity, "
                    "certainty or times"
                )
                yield _finding(12, "error", f"alert/info[{number}]", what, _INFO)
    for own in blocks.values():
        for number, info in own[1:]:
            if info.event != own[0][1].event:  # M13
                what = f"two events in one alert, in {info.tongue}: receivers show one of them"
                yield _finding(13, "warning", f"alert/info[{number}]/event", what, _INFO)


def _content(info: Info, place: str) -> Iterator[Finding]:
    if _empty(info.event):  # M14
        yield _finding(14, "error", f"{place}/event", "the event has no name", _INFO)
    if info.web and not _FULL_URI.fullmatch(info.web):  # M15
        what = f"{info.web[:SHOWN]!r} is not a full address such as https://meteo.example/1"
        yield _finding(15, "error", f"{place}/web", what, _INFO)
    for field in _TEXTS:  # M16
        if _HTML.search(getattr(info, field) or ""):
            what = "the text holds HTML, which many channels show as it stands"
            yield _finding(16, "warning", f"{place}/{field}", what, _INFO)
    for number, resource in enumerate(info.resources, 1):  # M17
        here = f"{place}/resource[{number}]"
        if not _MEDIA_TYPE.fullmatch(resource.mime_type.strip()):
            what = f"{resource.mime_type[:SHOWN]!r} is no media type such as image/png"
            yield _finding(17, "warning", f"{here}/mimeType", what, _RESOURCE)
        if not _FULL_URI.fullmatch(resource.uri or "") and _empty(resource.deref_uri):
            what = "it has neither a full address nor its content"
            yield _finding(17, "warning", here, what, _RESOURCE)


def _areas(alert: Alert, info: Info, place: str) -> Iterator[Finding]:
    if _speaks(alert) and not info.areas:  # M18
        what = f"a public {alert.msg_type} does not say where"
        yield _finding(18, "error", f"{place}/area", what, _AREA)
    for number, area in enumerate(info.areas, 1):
        here = f"{place}/area[{number}]"
        if _empty(area.description):
            yield _finding(18, "error", f"{here}/areaDesc", "the area has no name", _AREA)
        if alert.scope == "Public" and not (area.polygons or area.circles or area.geocodes):  # M19
            what = "the area is given in words alone, which no machine can place"
            yield _finding(19, "warning", here, what, _AREA)
        yield from _shapes(area, here)


def _shapes(area: Area, here: str) -> Iterator[Finding]:
    for number, polygon in enumerate(area.polygons, 1):  # M20
        if fault := polygon_fault(polygon):
            yield _finding(20, "error", f"{here}/polygon[{number}]", fault, _AREA)
    for number, circle in enumerate(area.circles, 1):  # M21
        where = f"{here}/circle[{number}]"
        if fault := circle_fault(circle):
            yield _finding(21, "error", where, fault, _AREA)
        elif float(circle.split()[1]) == 0:
            yield _finding(21, "warning", where, "a circle of radius 0 warns nobody", _AREA)
    if not area.ceiling:
        return
    if not area.altitude:  # M22
        yield _finding(22, "error", f"{here}/ceiling", "a ceiling needs an altitude", _AREA)
    elif float(area.ceiling) < float(area.altitude):
        what = f"the ceiling {area.ceiling[:20]} is below the altitude {area.altitude[:20]}"
        yield _finding(22, "error", f"{here}/ceiling", what, _AREA)
