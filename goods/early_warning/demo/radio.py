"""The radio station: an HTTPS receiver that reads out nothing whose signature does not hold.

And a Mosquitto broker with somebody who listens, where this computer has one.
"""

from __future__ import annotations

import contextlib
import http.server
import ipaddress
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from comity.errors import ComityError
from early_warning.cap import check_signature, load_certificate, read_alert

__all__ = ["Heard", "Station", "broker", "free_port", "station"]

MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One alert that came in.

    Attributes:
        identifier: Its name; of one that cannot be read, what is wrong.
        kind: `Alert`, `Update` or `Cancel`.
        headline: In the first language.
        signed: Whether the signature held, by the certificate that the service handed over.
    """

    identifier: str
    kind: str
    headline: str
    signed: bool


@dataclass(slots=True, kw_only=True)
class Station:
    """The station while it is on the air.

    Attributes:
        address: Where alerts are posted.
        certificate: What vouches for that address.
        trusted: The service's certificate, handed over once.
        clock: What its clock shows: the day is made, and so is its time.
        heard: What came in, in order.
    """

    address: str
    certificate: Path
    trusted: Path
    clock: datetime
    heard: list[Heard] = field(default_factory=list)

    def take(self, data: bytes) -> bool:
        """Look at an alert; what is refused is kept too.

        Returns:
            Whether it was taken.
        """
        try:
            alert = read_alert(data)
            check_signature(data, trusted=[load_certificate(self.trusted)], at=self.clock)
        except ComityError as error:
            self.heard.append(Heard(identifier=error.what, kind="", headline="", signed=False))
            return False
        headline = alert.infos[0].headline or "" if alert.infos else ""
        self.heard.append(
            Heard(identifier=alert.identifier, kind=alert.msg_type, headline=headline, signed=True)
        )
        return True


@contextlib.contextmanager
def station(folder: Path, trusted: Path, clock: datetime) -> Iterator[Station]:
    """Open the station: an HTTPS server on this computer, with a certificate of its own.

    Args:
        folder: Where its certificate and key are put.
        trusted: The service's certificate; it may come later.
        clock: What the station's clock shows at first.
    """
    public, private = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            data = self.rfile.read(min(size, MAX_BYTES))
            taken = len(data) == size and world.take(data)
            self.send_response(204 if taken else 422)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            with (
                contextlib.suppress(OSError),
                context.wrap_socket(request, server_side=True) as one,
            ):
                one.settimeout(20)
                super().finish_request(one, client_address)

    with Server(("127.0.0.1", 0), Handler) as server:
        address = f"https://127.0.0.1:{server.server_address[1]}/alerts"
        world = Station(address=address, certificate=public, trusted=trusted, clock=clock)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield world
        finally:
            server.shutdown()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, for two days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Radio Coast (made)")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "radio.pem", folder / "radio.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    return public, private


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[str | None]:
    """A Mosquitto on this computer, and its address; null where there is none."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    if program is None:
        yield None
        return
    port = free_port()
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n", encoding="utf-8"
    )
    with subprocess.Popen(
        [program, "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield f"mqtt://127.0.0.1:{port}" if answers(port) else None
        finally:
            process.terminate()


def free_port() -> int:
    """A port of this computer that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def answers(port: int, seconds: float = 20) -> bool:
    """Whether somebody answers at a port of this computer, soon."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.05)
    return False
