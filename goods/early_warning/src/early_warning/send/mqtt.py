"""An MQTT broker: a WIS2 notification for each alert.

1. MQTT 5, quality of service 1: the broker acknowledges, or the message is sent again. Two copies
   are possible, none is lost; both have the same id, by which WIS2 drops the second. Version 5
   because in 3.1.1 a broker that refuses a message cannot say so, and acknowledges it all the same.
2. Only a `success` in the acknowledgement is *yes*.
3. Connecting and publishing each take at most `SECONDS`.
4. The message is not retained, and the broker may drop it once the alert is over.
5. A password travels only under TLS, and is shown to nobody.
6. The alert must stand at its address first: the route comes after the feed's.
"""

from __future__ import annotations

import contextlib
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from comity.errors import InputError
from early_warning.send.channel import DeliveryError, Parcel, Receipt, Route, reason_of
from early_warning.send.wis2 import Centre, notification

if TYPE_CHECKING:
    from paho.mqtt.client import Client

__all__ = ["Broker"]

SECONDS = 20.0
_ADDRESS = re.compile(r"mqtts?://[^\s?#@\\/]+", re.ASCII)
_LONGEST_EXPIRY = 2**32 - 1


class Broker:
    """One broker that takes WIS2 notifications.

    Args:
        address: `mqtts://host:port`, or `mqtt://…` inside one's own network.
        recipient: A name for it.
        centre: Who publishes.
        address_of: From an alert's identifier to where its bytes are to be had: `Feed.address_of`.
        user, password: Empty for none.
        context: Which certificates to trust; null for those of this computer.
        patience: See `Route`.
        seconds: Longest time to connect, and to publish.
        now: The clock.

    Raises:
        InputError: it is not such an address, or a password would travel in the open.
    """

    def __init__(
        self,
        address: str,
        *,
        recipient: str,
        centre: Centre,
        address_of: Callable[[str], str],
        user: str = "",
        password: str = "",
        context: ssl.SSLContext | None = None,
        patience: timedelta = timedelta(hours=6),
        seconds: float = SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if not _ADDRESS.fullmatch(address) or not parts.hostname:
            raise InputError(
                "this is not the address of a broker",
                where=recipient,
                hint="Write mqtts://host:port, without name and password.",
            )
        secure = parts.scheme == "mqtts"
        if password and not secure:  # rule 5
            raise InputError(
                "the password would travel unprotected", where=recipient, hint="Use mqtts://…"
            )
        self.route = Route(channel="mqtt", recipient=recipient, patience=patience, after="feed")
        self._host = parts.hostname
        self._port = port or (8883 if secure else 1883)
        self._context = (context or ssl.create_default_context()) if secure else None
        self._user, self._password = user, password
        self._centre, self._address_of = centre, address_of
        self._seconds = seconds
        self._now = now

    def __repr__(self) -> str:
        return f"Broker(recipient={self.route.recipient!r})"

    def deliver(self, parcel: Parcel) -> Receipt:
        """Publish the notification.

        Raises:
            DeliveryError: the broker did not acknowledge it in time, or refused it.
            InputError: the notification breaks a rule of WIS2.
        """
        heading = parcel.message.heading
        message = notification(parcel, self._centre, self._address_of(heading.identifier))
        answers: list[Any] = []
        answered = threading.Event()

        def acknowledged(_c: object, _u: object, _m: int, code: Any, _p: object) -> None:
            answers.append(code)
            answered.set()

        with self._connected() as client:
            client.on_publish = acknowledged
            client.publish(
                self._centre.topic, message, qos=1, properties=self._properties(heading.expires)
            )
            if not answered.wait(self._seconds):  # rule 3
                raise DeliveryError("the broker does not acknowledge the message")
        if answers[0].is_failure:  # rule 2
            raise DeliveryError(f"the broker refuses the message: {answers[0]}")
        return Receipt(kind="acknowledged", detail=str(answers[0]))

    @contextmanager
    def _connected(self) -> Iterator[Client]:
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        client.connect_timeout = self._seconds
        if self._context is not None:
            client.tls_set_context(self._context)
        if self._user:
            client.username_pw_set(self._user, self._password or None)
        answers: list[Any] = []
        answered = threading.Event()

        def connected(_c: object, _u: object, _f: object, code: Any, _p: object) -> None:
            answers.append(code)
            answered.set()

        client.on_connect = connected
        try:
            client.connect(self._host, self._port)
            client.loop_start()
            if not answered.wait(self._seconds):  # rule 3
                raise DeliveryError("the broker does not answer")
            if answers[0].is_failure:
                raise DeliveryError(f"the broker refuses the connection: {answers[0]}")
            yield client
        except (OSError, ValueError) as error:
            raise DeliveryError(f"the broker cannot be reached: {reason_of(error)}") from None
        finally:
            with contextlib.suppress(OSError):
                client.disconnect()
            client.loop_stop()

    def _properties(self, expires: datetime) -> Any:
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        properties: Any = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        left = int((expires - self._now()).total_seconds())
        properties.MessageExpiryInterval = min(max(left, 1), _LONGEST_EXPIRY)  # rule 4
        properties.ContentType = "application/geo+json"
        return properties
