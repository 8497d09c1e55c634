"""The notification that tells WMO's Information System (WIS2) where an alert is to be had.

Requirements: WIS2 Notification Message (WNM) 1.0, conformance class *core*, part of the Manual on
WIS (WMO-No. 1060, volume II). What a JSON schema can say stands in `wis2_notification.schema.json`;
the rest is here:

1. At most 8,192 bytes.
2. `data_id` is the topic without channel and version, and then the name of the data.
3. The alert stands in the message itself only where it has at most 4,096 bytes and is UTF-8; both
   readings of `size` in the specification, before and after encoding, then agree.
4. What stands in it has the size and the digest that the message names.
5. Nothing but the parcel decides the bytes: a repetition has the same id, time and content.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import msgspec

from comity.errors import InputError
from early_warning.send.channel import Parcel
from early_warning.send.message import file_name

__all__ = ["Centre", "check_notification", "notification"]

MAX_MESSAGE = 8_192
MAX_INLINE = 4_096
CONFORMS_TO = "http://wis.wmo.int/spec/wnm/1/conf/core"
_CENTRE = re.compile(r"[a-z]{2,3}-[a-z0-9_-]{1,60}", re.ASCII)
_TOPIC = "data/core/weather/advisories-warnings"
_METHODS = {
    "sha256": "sha256",
    "sha384": "sha384",
    "sha512": "sha512",
    "sha3-256": "sha3_256",
    "sha3-384": "sha3_384",
    "sha3-512": "sha3_512",
}


class Centre(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who publishes in WIS2.

    Attributes:
        centre_id: As registered with WMO: top-level domain of the country, hyphen, name.
        metadata_id: Identifier of the discovery record of the service's warnings,
            `urn:wmo:md:{centre_id}:…`.
    """

    centre_id: str
    metadata_id: str

    def __post_init__(self) -> None:
        if not _CENTRE.fullmatch(self.centre_id):
            raise InputError(
                "this is no centre identifier", where="centre_id", hint="For instance dj-meteo."
            )
        if not re.fullmatch(rf"urn:wmo:md:{self.centre_id}:[!-~]{{1,200}}", self.metadata_id):
            raise InputError(
                "this is no identifier of this centre's discovery record",
                where="metadata_id",
                hint=f"It begins with urn:wmo:md:{self.centre_id}:",
            )

    @property
    def topic(self) -> str:
        """Where its warnings are announced (WIS2 topic hierarchy)."""
        return f"origin/a/wis2/{self.centre_id}/{_TOPIC}"


def notification(parcel: Parcel, centre: Centre, address: str) -> bytes:
    """The message for one alert, checked.

    Args:
        parcel: The alert.
        centre: Who publishes.
        address: Where its bytes are to be had.

    Raises:
        InputError: it breaks a rule, for instance because the address is too long.
    """
    heading, data = parcel.message.heading, parcel.message.data
    properties: dict[str, Any] = {
        "pubtime": _time(parcel.queued),
        "data_id": f"wis2/{centre.centre_id}/{_TOPIC}/{file_name(heading.identifier)}",
        "metadata_id": centre.metadata_id,
        "start_datetime": _time(heading.sent),
        "end_datetime": _time(heading.expires),
        "integrity": {
            "method": "sha512",
            "value": base64.b64encode(hashlib.sha512(data).digest()).decode(),
        },
    }
    message = {
        "id": str(parcel.uuid),
        "conformsTo": [CONFORMS_TO],
        "type": "Feature",
        "geometry": _geometry(heading.box),
        "properties": properties,
        "links": [
            {
                "href": address,
                "rel": "canonical",
                "type": "application/cap+xml",
                "length": len(data),
            }
        ],
    }
    encoded = _bytes(message)
    if (text := _inline(data)) is not None:  # rule 3
        properties["content"] = {"encoding": "utf-8", "size": len(data), "value": text}
        whole = _bytes(message)
        encoded = whole if len(whole) <= MAX_MESSAGE else encoded
    check_notification(encoded)
    return encoded


def check_notification(data: bytes) -> None:
    """Check a notification by the schema and the rules above.

    Raises:
        InputError: the first thing that is wrong, and where.
    """
    if len(data) > MAX_MESSAGE:  # rule 1
        raise InputError(
            f"the notification has {len(data):,} bytes; {MAX_MESSAGE:,} are allowed",
            hint="Shorten the address or the identifiers.",
        )
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError("the notification is not JSON") from None
    found = min(
        _validator().iter_errors(message), key=lambda one: list(map(str, one.path)), default=None
    )
    if found is not None:
        place = ".".join(str(step) for step in found.absolute_path)
        raise InputError(
            f"the notification breaks WIS2's schema: {_end(found.message)}", where=place
        )
    properties = message["properties"]
    if not re.fullmatch(r"wis2/[^/]+/[^/]+(/[^/]+){2,}", properties["data_id"]):  # rule 2
        raise InputError("the data_id is no topic followed by a name", where="properties.data_id")
    content, integrity = properties.get("content"), properties.get("integrity")
    if content is not None and content["encoding"] == "utf-8":  # rule 4
        inline = content["value"].encode()
        if len(inline) != content["size"]:
            raise InputError("the content has another size", where="properties.content.size")
        if integrity is not None:
            digest = hashlib.new(_METHODS[integrity["method"]], inline).digest()
            if base64.b64encode(digest).decode() != integrity["value"]:
                raise InputError("the content has another digest", where="properties.integrity")


@functools.cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator, FormatChecker

    text = resources.files("early_warning.send").joinpath("wis2_notification.schema.json")
    schema = json.loads(text.read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker(["uuid"]))


def _end(words: str) -> str:
    """The end of a long sentence: its beginning repeats what was checked."""
    return words if len(words) <= 200 else f"…{words[-200:]}"


def _inline(data: bytes) -> str | None:
    if len(data) > MAX_INLINE:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _geometry(box: tuple[float, float, float, float] | None) -> dict[str, Any] | None:
    if box is None:
        return None
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _time(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _bytes(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
