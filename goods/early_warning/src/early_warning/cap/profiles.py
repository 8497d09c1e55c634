"""Two profiles: what WMO's members do, and what Google shows.

WMO has no machine-readable profile. W1 is WMO's own procedure for identifiers; the others are what
its members' published profiles and alerts agree on. Google's are from its pages for developers,
read on 2026-11-22; its older library also demanded `web`, which its pages only recommend.

W1 identifier    begins with an identifier under WMO's arc 2.49.0
W2 info          public: at least one
W3 expires       is there
W4 area          is there, with a polygon, a circle or a code
W5 language      is said, for each block: the default is American English
W6 senderName    is there, in words (recommended)
W7 references    an Update or Cancel refers to messages of its own sender (recommended)

G1 info          at least one
G2 description   is there
G3 expires       is there
G4 area          is there, with a polygon, a circle or a code
G5 references    an Update or Cancel has them
G6 category      is the same in all blocks
G7 eventCode     is the same in all blocks
G8 event         is the same in all blocks of one language
G9 headline      is shorter than 140 characters (recommended)
G10 words        instruction, responseType, senderName, web and contact are there (recommended)
G11 Unknown      is not the urgency, severity or certainty (recommended)
G12 polygon      or circle stands beside codes (recommended)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from early_warning.cap.alert import Alert, Info, Reference, references_of
from early_warning.cap.finding import Finding, Level, Profile, first

__all__ = ["check_profile"]

_OID: Final = re.compile(r"(?:urn:oid:)?2\.49\.0\.[0-9]+\.[0-9]+\S*")
_WMO_OID: Final = "WMO/TD-No. 1556, procedure for registering WMO alerting identifiers"
_WMO_USE: Final = "published alerts and profiles of WMO members (AEMET, DWD, MET Norway)"
_GOOGLE: Final = "developers.google.com/public-alerts, CAP requirements, "
_GOOGLE_LIBRARY: Final = "Google Public Alerts CAP v1.0, as google/cap-library checks it"


def check_profile(profile: Literal["wmo", "google"], alert: Alert) -> list[Finding]:
    """Where an alert departs from one profile: of errors and of warnings, up to `MAX_FINDINGS`."""
    return first(_wmo(alert) if profile == "wmo" else _google(alert))


def _wmo_finding(
    rule: int, place: str, what: str, source: str = _WMO_USE, level: Level = "error"
) -> Finding:
    return _finding(f"W{rule}", "wmo", level, place, what, source)


def _google_finding(
    rule: int, place: str, what: str, source: str, level: Level = "error"
) -> Finding:
    return _finding(f"G{rule}", "google", level, place, what, source)


def _finding(
    rule: str, profile: Profile, level: Level, place: str, what: str, source: str
) -> Finding:
    return Finding(rule=rule, level=level, profile=profile, place=place, what=what, source=source)


def _blank(text: str | None) -> bool:
    return not (text or "").strip()


def _place(info: Info, place: str) -> Iterator[tuple[str, str]]:
    """Where and how the areas of a block fall short: none, or one in words alone."""
    if not info.areas:
        yield f"{place}/area", "an area is needed"
    for number, area in enumerate(info.areas, 1):
        if not (area.polygons or area.circles or area.geocodes):
            yield f"{place}/area[{number}]", "a polygon, a circle or a code is needed"


def _wmo(alert: Alert) -> Iterator[Finding]:
    if not _OID.fullmatch(alert.identifier):  # W1
        what = "the identifier does not begin with one that WMO registered (2.49.0. …)"
        yield _wmo_finding(1, "alert/identifier", what, _WMO_OID)
    if alert.scope == "Public" and not alert.infos:  # W2
        yield _wmo_finding(2, "alert/info", "an info block is needed")
    for number, info in enumerate(alert.infos, 1):
        place = f"alert/info[{number}]"
        if _blank(info.expires):  # W3
            yield _wmo_finding(3, f"{place}/expires", "an end is needed")
        for where, what in _place(info, place):  # W4
            yield _wmo_finding(4, where, what)
        if _blank(info.language):  # W5
            what = "the language is not said, so receivers take it for American English"
            yield _wmo_finding(5, f"{place}/language", what)
        if _blank(info.sender_name):  # W6
            what = "the service is not named in words"
            yield _wmo_finding(6, f"{place}/senderName", what, level="warning")
    if alert.msg_type in ("Update", "Cancel"):  # W7
        for one in references_of(alert):
            if isinstance(one, Reference) and one.sender != alert.sender:
                what = "it changes a message of another sender"
                yield _wmo_finding(7, "alert/references", what, level="warning")


def _google(alert: Alert) -> Iterator[Finding]:
    if not alert.infos:  # G1
        yield _google_finding(1, "alert/info", "an info block is needed", _GOOGLE + "info")
    if alert.msg_type in ("Update", "Cancel") and not references_of(alert):  # G5
        what = f"the {alert.msg_type} does not say which message it changes"
        yield _google_finding(5, "alert/references", what, _GOOGLE_LIBRARY)
    events: dict[str, str] = {}
    for number, info in enumerate(alert.infos, 1):
        place, first = f"alert/info[{number}]", alert.infos[0]
        if _blank(info.description):  # G2
            what = "a description is needed"
            yield _google_finding(2, f"{place}/description", what, _GOOGLE + "info")
        if _blank(info.expires):  # G3
            yield _google_finding(3, f"{place}/expires", "an end is needed", _GOOGLE + "info")
        for where, what in _place(info, place):  # G4
            yield _google_finding(4, where, what, _GOOGLE + "area")
        if set(info.categories) != set(first.categories):  # G6
            what = "its categories differ from those of the first block"
            yield _google_finding(6, f"{place}/category", what, _GOOGLE_LIBRARY)
        if set(info.event_codes) != set(first.event_codes):  # G7
            what = "its event codes differ from those of the first block"
            yield _google_finding(7, f"{place}/eventCode", what, _GOOGLE_LIBRARY)
        if events.setdefault(info.tongue, info.event) != info.event:  # G8
            what = f"it names another event than an earlier block in {info.tongue}"
            yield _google_finding(8, f"{place}/event", what, _GOOGLE_LIBRARY)
        yield from _google_asks(info, place)


def _google_asks(info: Info, place: str) -> Iterator[Finding]:
    """What Google recommends for one block."""

    def ask(rule: int, field: str, what: str, source: str = _GOOGLE + "info") -> Finding:
        return _google_finding(rule, f"{place}/{field}", what, source, "warning")

    if len(info.headline or "") >= 140:  # G9
        yield ask(9, "headline", "it is not shorter than 140 characters", _GOOGLE_LIBRARY)
    for field, value in (  # G10
        ("instruction", info.instruction),
        ("responseType", "".join(info.response_types)),
        ("senderName", info.sender_name),
        ("web", info.web),
        ("contact", info.contact),
    ):
        if _blank(value):
            yield ask(10, field, f"{field} is recommended")
    for field in ("urgency", "severity", "certainty"):  # G11
        if getattr(info, field) == "Unknown":
            yield ask(11, field, f"an unknown {field} is discouraged", _GOOGLE_LIBRARY)
    if info.areas and not any(area.polygons or area.circles for area in info.areas):  # G12
        yield ask(12, "area", "a polygon is more precise than a code", _GOOGLE + "area")
