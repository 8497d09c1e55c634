"""The nouns of CAP 1.2: an alert, what it says in one language, for which areas.

Texts are kept as they were written, times and polygons too, so that reading and writing lose
nothing. Null is an element that is not there; an empty text is one that is there and empty.
"""

from __future__ import annotations

from typing import Final

import msgspec

__all__ = ["CAP_1_2", "Alert", "Area", "Info", "Named", "Reference", "Resource", "references_of"]

CAP_1_2: Final = "urn:oasis:names:tc:emergency:cap:1.2"


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A value with the name of the list that it is from: an event code, a parameter, a geocode."""

    name: str
    value: str


class Resource(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file that goes with an alert. It is never fetched here."""

    description: str
    mime_type: str
    size: str | None = None
    uri: str | None = None
    deref_uri: str | None = None
    digest: str | None = None


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where an alert holds.

    Attributes:
        description: The place in words.
        polygons: Each `lat,lon lat,lon …` in WGS 84 degrees, closed, at least four points.
        circles: Each `lat,lon radius`, the radius in km.
        geocodes: Codes of districts.
        altitude: Lower bound in feet above mean sea level.
        ceiling: Upper bound, likewise.
    """

    description: str
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude: str | None = None
    ceiling: str | None = None


class Info(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an alert says, in one language."""

    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    language: str | None = None
    response_types: tuple[str, ...] = ()
    audience: str | None = None
    event_codes: tuple[Named, ...] = ()
    effective: str | None = None
    onset: str | None = None
    expires: str | None = None
    sender_name: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    web: str | None = None
    contact: str | None = None
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()

    @property
    def tongue(self) -> str:
        """The language in lower case; without one the standard says en-US."""
        return (self.language or "en-US").lower()


class Alert(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One CAP 1.2 message."""

    identifier: str
    sender: str
    sent: str
    status: str
    msg_type: str
    scope: str
    source: str | None = None
    restriction: str | None = None
    addresses: str | None = None
    codes: tuple[str, ...] = ()
    note: str | None = None
    references: str | None = None
    incidents: str | None = None
    infos: tuple[Info, ...] = ()


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An earlier message: `sender,identifier,sent`."""

    sender: str
    identifier: str
    sent: str

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent}"


def references_of(alert: Alert) -> tuple[Reference | str, ...]:
    """The messages that an alert refers to; what has not three parts is given back as text."""
    found: list[Reference | str] = []
    for text in (alert.references or "").split():
        parts = text.split(",")
        if len(parts) == 3 and all(parts):
            found.append(Reference(sender=parts[0], identifier=parts[1], sent=parts[2]))
        else:
            found.append(text)
    return tuple(found)
