"""What is sent: an alert's bytes, and the few words about it that channels need.

Five rules, kept by `Message` itself:

1. The bytes hold the identifier: a message cannot be filed under another one's name.
2. There are at most `MAX_BYTES` of them.
3. Identifier, title and sender are one short line each, and not empty. Marks that only order the
   letters may be in it: Arabic headlines need them.
4. Times have a zone, and the alert ends after it was sent.
5. A box lies on the Earth, and its west and south are not beyond its east and north.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

import msgspec

from comity.errors import InputError

__all__ = ["MAX_BYTES", "Heading", "Message", "file_name"]

MAX_BYTES = 2_000_000
MAX_WORDS = 300
_BREAKS = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Heading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An alert without its bytes.

    Attributes:
        identifier: As it stands in the alert.
        title: One line in the language of the service, for lists.
        sender: Who warns, as it stands in the alert.
        sent: When it was issued.
        expires: When it is over; nothing is sent after that.
        box: West, south, east, north of its area, in degrees; null where none is given.
    """

    identifier: str
    title: str
    sender: str
    sent: datetime
    expires: datetime
    box: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        for name in ("identifier", "title", "sender"):  # rule 3
            words: str = getattr(self, name)
            if not words.strip() or len(words) > MAX_WORDS or _BREAKS.search(words):
                raise InputError(
                    f"this is no line of 1 to {MAX_WORDS} printable characters", where=name
                )
        if self.sent.tzinfo is None or self.expires.tzinfo is None:  # rule 4
            raise InputError("the time has no time zone", where="sent, expires")
        if self.expires <= self.sent:
            raise InputError("the alert would end before it was sent", where="expires")
        if self.box is not None:  # rule 5
            west, south, east, north = self.box
            if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
                raise InputError("this is no box of degrees on the Earth", where="box")


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An alert to be sent.

    Attributes:
        heading: What lists say about it.
        data: The signed CAP alert. These bytes are sent, on every channel, and no others.
    """

    heading: Heading
    data: bytes

    def __post_init__(self) -> None:
        if self.heading.identifier.encode() not in self.data:  # rule 1
            raise InputError(
                f"the alert does not hold the identifier {self.heading.identifier}",
                where="identifier",
            )
        if len(self.data) > MAX_BYTES:  # rule 2
            raise InputError(f"the alert is larger than the {MAX_BYTES:,} bytes allowed here")

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def file_name(identifier: str) -> str:
    """A name for the alert's file: readable, safe in any folder, one for each identifier."""
    readable = _UNSAFE.sub("-", identifier).strip(".-")[:80]
    return f"{readable}-{hashlib.sha256(identifier.encode()).hexdigest()[:12]}.xml"
