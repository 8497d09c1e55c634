"""A channel takes one alert and answers with a receipt, or with a reason why not."""

from __future__ import annotations

import hashlib
import ssl
import uuid
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from comity.errors import ComityError
from early_warning.send.message import Heading, Message

__all__ = ["Channel", "DeliveryError", "Parcel", "Receipt", "Route", "reason_of"]

_NAMESPACE = uuid.UUID("9f6b2b0e-5f0f-5c5e-9a57-0f8a3f0f7d11")


class Route(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an alert shall go.

    Attributes:
        channel: The kind: `feed`, `composer`, `webhook`, `mqtt`.
        recipient: Who is behind it, by a name that the service gave.
        patience: How long to try again after the alert was handed over. Its end is the deadline,
            but at least one attempt is made while the alert is in force.
        after: A kind of channel that must have delivered the alert first: a notification names an
            address, and the alert shall stand there. Empty for none.
    """

    channel: str
    recipient: str
    patience: timedelta
    after: str = ""


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the machine at the far end confirmed.

    Attributes:
        kind: `published`: the file stands in the folder. `answered`: a server answered with
            success. `acknowledged`: a broker took the message.
        detail: What it said, in a few words.
    """

    kind: Literal["published", "answered", "acknowledged"]
    detail: str


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One alert on its way to one recipient.

    Attributes:
        message: The alert.
        route: Where it goes.
        queued: When it was handed over; the same at every attempt, so that what is made from it has
            the same bytes.
        attempt: 1 for the first.
        earlier: What this channel delivered to this recipient before, newest first: what is in
            force, and the newest others.
    """

    message: Message
    route: Route
    queued: datetime
    attempt: int
    earlier: tuple[Heading, ...] = ()

    @property
    def key(self) -> str:
        """The same for every attempt to bring this alert to this recipient, and for no other."""
        parts = (self.message.heading.identifier, self.route.channel, self.route.recipient)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def uuid(self) -> uuid.UUID:
        """The key in the form of a UUID (RFC 9562, version 5)."""
        return uuid.uuid5(_NAMESPACE, self.key)


class DeliveryError(ComityError):
    """The alert was not taken; it stays in the outbox.

    Args:
        what: One sentence: why.
        pause: How long the far end asked to be left alone; null where it did not.
    """

    def __init__(self, what: str, *, pause: timedelta | None = None) -> None:
        super().__init__(what)
        self.pause = pause


def reason_of(error: Exception) -> str:
    """Why a far end was not reached, in words without addresses or secrets."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate does not hold ({error.verify_message})"
    return getattr(error, "strerror", None) or type(error).__name__


class Channel(Protocol):
    """What the sender needs of a channel."""

    @property
    def route(self) -> Route:
        """Where it leads."""

    def deliver(self, parcel: Parcel) -> Receipt:
        """Bring one alert to the recipient, in bounded time. It may be the second time.

        Raises:
            DeliveryError: it was not taken, or nobody knows whether it was.
        """
