"""A webhook: one HTTPS POST with the alert's bytes, bounded in time and size.

1. Only the address that the service typed is asked; no redirect is followed.
2. Only https, and the certificate must hold.
3. A request takes at most `REQUEST_SECONDS`, however slowly the answer drips; a timer cuts it.
4. Of the answer at most `MAX_ANSWER` bytes are read, and nothing in it is believed or kept but the
   status: 200 to 299 is *yes*.
5. Every attempt carries the same `Idempotency-Key` (as in the IETF's draft of that name) and the
   same bytes, with their digest (RFC 9530), so that the receiver can drop the second of two.
6. The token is shown to nobody: not in errors, not in the receipt.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import re
import socket
import ssl
import threading
from datetime import timedelta
from urllib.parse import quote, urlsplit

from comity.errors import InputError
from early_warning.send.channel import DeliveryError, Parcel, Receipt, Route, reason_of

__all__ = ["Webhook"]

REQUEST_SECONDS = 30.0
MAX_ANSWER = 65_536
_ADDRESS = re.compile(r"https://[^\s#@\\]+", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}", re.ASCII)


class Webhook:
    """One recipient behind one address.

    Args:
        address: `https://…`, without name and password in it.
        recipient: A name for it.
        token: Sent as `Authorization: Bearer …`; empty for none.
        context: Which certificates to trust; null for those of this computer.
        patience: See `Route`.
        seconds: Longest time for one request.

    Raises:
        InputError: it is not such an address, or the token cannot stand in a header.
    """

    def __init__(
        self,
        address: str,
        *,
        recipient: str,
        token: str = "",
        context: ssl.SSLContext | None = None,
        patience: timedelta = timedelta(hours=6),
        seconds: float = REQUEST_SECONDS,
    ) -> None:
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if not _ADDRESS.fullmatch(address) or not parts.hostname:
            raise InputError(
                "this is not an address for a webhook",
                where=recipient,
                hint="Write https://…, without name, password or #.",
            )
        if token and not _TOKEN.fullmatch(token):
            raise InputError(
                "the token holds characters that a header cannot carry", where=recipient
            )
        self.route = Route(channel="webhook", recipient=recipient, patience=patience)
        self._host, self._port = parts.hostname, port
        query = f"?{quote(parts.query, safe='/%~=&+,;:')}" if parts.query else ""
        self._target = (quote(parts.path, safe="/%~") or "/") + query
        self._token = token
        self._context = context or ssl.create_default_context()
        self._seconds = seconds

    def __repr__(self) -> str:
        return f"Webhook(recipient={self.route.recipient!r})"

    def deliver(self, parcel: Parcel) -> Receipt:
        """Send the alert.

        Raises:
            DeliveryError: anything but a clear *yes* came back in time.
        """
        late = threading.Event()
        connection = http.client.HTTPSConnection(
            self._host, self._port, timeout=self._seconds, context=self._context
        )
        held: list[socket.socket] = []
        timer = threading.Timer(self._seconds, _cut, (connection, held, late))
        timer.daemon = True
        timer.start()
        try:
            status, pause = self._ask(connection, parcel, held, late)
        except (OSError, http.client.HTTPException, ValueError) as error:
            what = "it takes too long" if late.is_set() else reason_of(error)
            raise DeliveryError(f"the webhook cannot be reached: {what}") from None
        finally:
            timer.cancel()
            connection.close()
        if 200 <= status < 300:  # rule 4
            return Receipt(kind="answered", detail=f"HTTP {status}")
        if 300 <= status < 400:  # rule 1
            raise DeliveryError(
                f"the webhook answers with a redirect (HTTP {status}), which is not followed; "
                "write its new address"
            )
        raise DeliveryError(f"the webhook answers HTTP {status}", pause=pause)

    def _ask(
        self,
        connection: http.client.HTTPSConnection,
        parcel: Parcel,
        held: list[socket.socket],
        late: threading.Event,
    ) -> tuple[int, timedelta | None]:
        connection.connect()
        held.append(connection.sock)  # the connection forgets it while an answer is still read
        if late.is_set():
            raise TimeoutError
        connection.request("POST", self._target, parcel.message.data, self._headers(parcel))
        answer = connection.getresponse()
        answer.read(MAX_ANSWER)
        if late.is_set():  # what was cut off is no clear answer
            raise TimeoutError
        return answer.status, _pause(answer.getheader("Retry-After", ""))

    def _headers(self, parcel: Parcel) -> dict[str, str]:
        digest = base64.b64encode(hashlib.sha256(parcel.message.data).digest()).decode()
        headers = {
            "Content-Type": "application/cap+xml",
            "Content-Digest": f"sha-256=:{digest}:",
            "Idempotency-Key": f'"{parcel.key}"',  # rule 5
            "Accept-Encoding": "identity",
            "User-Agent": "early-warning",
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers


def _cut(
    connection: http.client.HTTPSConnection, held: list[socket.socket], late: threading.Event
) -> None:
    late.set()
    connected: socket.socket | None = held[0] if held else connection.sock
    if connected is not None:
        with contextlib.suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)


def _pause(header: str) -> timedelta | None:
    """`Retry-After` in seconds; its form as a date is not read."""
    return timedelta(seconds=int(header)) if re.fullmatch(r"[0-9]{1,9}", header) else None
