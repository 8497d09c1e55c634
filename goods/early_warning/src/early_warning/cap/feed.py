"""Read an Atom feed of alerts. Its links are shown, and never followed."""

from __future__ import annotations

from typing import Final, Literal

import msgspec
from lxml import etree

from comity.errors import InputError
from early_warning.cap.door import open_xml, text_of
from early_warning.cap.read import Kind, kind_of
from early_warning.cap.schema import local_name

__all__ = ["Entry", "Feed", "read_feed"]

MAX_ENTRIES: Final = 5_000
MAX_TEXT: Final = 2_000

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_ALERT_TYPES: Final = ("application/cap+xml", "application/common-alerting-protocol+xml")
_CAP_PREFIXES: Final = ("{urn:oasis:names:tc:emergency:cap:", "{http://www.incident.com/cap/")
_Field = Literal["identifier", "sent", "expires", "status", "event"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One alert that a feed announces; texts are as the feed gives them, at most 2,000 characters.

    Attributes:
        id: The entry's own name.
        title: For people.
        updated: When the entry changed.
        link: Where the alert is said to be; null where the feed holds it.
        embedded: Which CAP the alert inside the entry is; null where there is none.
        identifier: The alert's own, where the feed repeats it; so with the fields below.
        sent: When it was sent.
        expires: When it is over.
        status: Actual, Test and so on.
        event: What it warns of.
    """

    id: str
    title: str
    updated: str
    link: str | None
    embedded: Kind | None
    identifier: str | None
    sent: str | None
    expires: str | None
    status: str | None
    event: str | None


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed."""

    id: str
    title: str
    updated: str
    entries: tuple[Entry, ...]


def read_feed(data: bytes, *, where: str = "") -> Feed:
    """Read an Atom feed of alerts.

    Raises:
        InputError: it is refused at the door, is no Atom feed, lacks an id, or is too long.
    """
    root = open_xml(data, where=where)
    if root.tag != _ATOM + "feed":
        raise InputError(
            f"this is no Atom feed: it begins with {local_name(root)[:40]}",
            where=where,
            hint="RSS is not read; most services offer Atom too.",
        )
    elements = list(root.iterchildren(_ATOM + "entry"))
    if len(elements) > MAX_ENTRIES:
        raise InputError(f"the feed has more than {MAX_ENTRIES:,} entries", where=where)
    return Feed(
        id=_needed(root, "id", where or "feed"),
        title=_text(root.find(_ATOM + "title")) or "",
        updated=_text(root.find(_ATOM + "updated")) or "",
        entries=tuple(
            _entry(element, f"{where}, entry {number}".lstrip(", "))
            for number, element in enumerate(elements, 1)
        ),
    )


def _entry(element: etree._Element, where: str) -> Entry:
    alert = element.find(f"{_ATOM}content/*")
    holder = element if alert is None else alert
    return Entry(
        id=_needed(element, "id", where),
        title=_text(element.find(_ATOM + "title")) or "",
        updated=_text(element.find(_ATOM + "updated")) or "",
        link=None if alert is not None else _link(element),
        embedded=None if alert is None else kind_of(alert),
        identifier=_cap(holder, "identifier"),
        sent=_cap(holder, "sent"),
        expires=_cap(holder, "expires"),
        status=_cap(holder, "status"),
        event=_cap(holder, "event"),
    )


def _needed(element: etree._Element, name: str, where: str) -> str:
    text = _text(element.find(_ATOM + name))
    if not text:
        raise InputError(f"it has no {name}", where=where)
    return text


def _text(element: etree._Element | None) -> str | None:
    return None if element is None else text_of(element).strip()[:MAX_TEXT]


def _cap(holder: etree._Element, name: _Field) -> str | None:
    """A field of any version of CAP: the first one, in the alert or beside the entry's own."""
    for element in holder.iter(f"{{*}}{name}"):
        if str(element.tag).startswith(_CAP_PREFIXES):
            return _text(element)
    return None


def _link(entry: etree._Element) -> str | None:
    """The link to the alert: one that says it is CAP, else the first."""
    links = list(entry.iterchildren(_ATOM + "link"))
    best = [one for one in links if one.get("type") in _ALERT_TYPES] or links
    return (best[0].get("href") or "")[:MAX_TEXT] or None if best else None
