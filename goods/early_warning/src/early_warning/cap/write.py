"""Write: an alert in, bytes out. The same alert gives the same bytes, on every machine.

One element a line, no prefixes, no comments; texts as they are. The bytes are checked before they
are given back: nothing leaves with an error against the standard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from comity.errors import InputError
from early_warning.cap.alert import CAP_1_2, Alert, Area, Info, Named, Resource
from early_warning.cap.read import judge

__all__ = ["END", "write_alert"]

END: Final = b"</alert>\n"
"""How every alert that is written here ends; a signature goes before it."""

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))  # & comes first


def write_alert(alert: Alert) -> bytes:
    """The bytes of an alert, unsigned.

    Raises:
        InputError: a text holds characters that XML cannot hold, or the alert has an error against
            the standard; the first one is said.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<alert xmlns="{CAP_1_2}">']
    lines += _alert(alert)
    data = "\n".join(lines).encode() + b"\n" + END
    verdict = judge(data)
    if verdict.kind != "cap-1.2":
        raise InputError(f"the alert cannot be written: {verdict.why}")
    if errors := verdict.errors("cap"):
        first = errors[0]
        more = f"It is one of {len(errors)} such mistakes." if len(errors) > 1 else ""
        raise InputError(f"{first.what} (rule {first.rule})", where=first.place, hint=more)
    return data


def _leaf(name: str, text: str | None) -> list[str]:
    return [] if text is None else [f"<{name}>{_escaped(text, name)}</{name}>"]


@lru_cache(maxsize=256)  # an alert repeats codes, times and outlines in each language
def _escaped(text: str, name: str) -> str:
    if not text.isprintable() and (match := _FORBIDDEN.search(text)):
        raise InputError(
            f"the text holds the character U+{ord(match[0]):04X}, which XML cannot hold", where=name
        )
    for char, escape in _ESCAPES:
        text = text.replace(char, escape)
    return text


def _leaves(name: str, texts: Iterable[str]) -> list[str]:
    return [line for text in texts for line in _leaf(name, text)]


def _named(name: str, values: Iterable[Named]) -> list[str]:
    return [
        line
        for one in values
        for line in _node(name, [*_leaf("valueName", one.name), *_leaf("value", one.value)])
    ]


def _node(name: str, inside: list[str]) -> list[str]:
    return [f"<{name}>", *inside, f"</{name}>"]


def _alert(alert: Alert) -> list[str]:
    return [
        *_leaf("identifier", alert.identifier),
        *_leaf("sender", alert.sender),
        *_leaf("sent", alert.sent),
        *_leaf("status", alert.status),
        *_leaf("msgType", alert.msg_type),
        *_leaf("source", alert.source),
        *_leaf("scope", alert.scope),
        *_leaf("restriction", alert.restriction),
        *_leaf("addresses", alert.addresses),
        *_leaves("code", alert.codes),
        *_leaf("note", alert.note),
        *_leaf("references", alert.references),
        *_leaf("incidents", alert.incidents),
        *(line for info in alert.infos for line in _node("info", _info(info))),
    ]


def _info(info: Info) -> list[str]:
    return [
        *_leaf("language", info.language),
        *_leaves("category", info.categories),
        *_leaf("event", info.event),
        *_leaves("responseType", info.response_types),
        *_leaf("urgency", info.urgency),
        *_leaf("severity", info.severity),
        *_leaf("certainty", info.certainty),
        *_leaf("audience", info.audience),
        *_named("eventCode", info.event_codes),
        *_leaf("effective", info.effective),
        *_leaf("onset", info.onset),
        *_leaf("expires", info.expires),
        *_leaf("senderName", info.sender_name),
        *_leaf("headline", info.headline),
        *_leaf("description", info.description),
        *_leaf("instruction", info.instruction),
        *_leaf("web", info.web),
        *_leaf("contact", info.contact),
        *_named("parameter", info.parameters),
        *(line for one in info.resources for line in _node("resource", _resource(one))),
        *(line for area in info.areas for line in _node("area", _area(area))),
    ]


def _resource(resource: Resource) -> list[str]:
    return [
        *_leaf("resourceDesc", resource.description),
        *_leaf("mimeType", resource.mime_type),
        *_leaf("size", resource.size),
        *_leaf("uri", resource.uri),
        *_leaf("derefUri", resource.deref_uri),
        *_leaf("digest", resource.digest),
    ]


def _area(area: Area) -> list[str]:
    return [
        *_leaf("areaDesc", area.description),
        *_leaves("polygon", area.polygons),
        *_leaves("circle", area.circles),
        *_named("geocode", area.geocodes),
        *_leaf("altitude", area.altitude),
        *_leaf("ceiling", area.ceiling),
    ]
