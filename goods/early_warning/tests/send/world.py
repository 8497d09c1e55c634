"""What the tests of sending share: a clock, made alerts, an HTTPS receiver and a real Mosquitto."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.server
import ipaddress
import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.parts import require

from early_warning.send import Centre, Heading, Message

NOW = dt.datetime(2026, 11, 22, 6, 0, tzinfo=dt.UTC)
CENTRE = Centre(centre_id="dj-meteo", metadata_id="urn:wmo:md:dj-meteo:warnings")


class Clock:
    """Stands still until somebody sleeps."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


def message(
    identifier: str = "urn:oid:2.49.0.0.262.0.1",
    *,
    text: str = "Heavy rain tonight",
    sent: dt.datetime = NOW,
    hours: float = 24,
    size: int = 0,
) -> Message:
    """A made alert; not a valid one, since sending never looks inside."""
    data = f"<alert><identifier>{identifier}</identifier><headline>{text}</headline></alert>"
    return Message(
        heading=Heading(
            identifier=identifier,
            title=text,
            sender="warnings@meteo.example",
            sent=sent,
            expires=sent + dt.timedelta(hours=hours),
            box=(41.5, 10.9, 43.5, 12.8),
        ),
        data=data.encode() + b" " * size,
    )


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, valid for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "receiver.pem", folder / "receiver-private.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private


class Receiver:
    """What an HTTPS server was sent, and what it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes, dict[str, str]]] = []
        self.paths: list[str] = []
        self.answer: Callable[[http.server.BaseHTTPRequestHandler], None] = answering(204)
        self.address = ""
        self.trusted = Path()

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.trusted))


def answering(
    status: int, headers: dict[str, str] | None = None, body: bytes = b""
) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextlib.contextmanager
def receiver(folder: Path) -> Iterator[Receiver]:
    """An HTTPS server on this computer."""
    world = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            data = self.rfile.read(size)
            if len(data) < size:
                return  # cut off: a receiver never takes half an alert
            world.paths.append(self.path)
            world.got.append((self.headers["Idempotency-Key"], data, dict(self.headers)))
            with contextlib.suppress(OSError):
                world.answer(self)

        def log_message(self, *_: Any) -> None:
            return

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            with contextlib.suppress(OSError):
                wrapped = context.wrap_socket(request, server_side=True)
                with wrapped:
                    wrapped.settimeout(20)
                    super().finish_request(wrapped, client_address)

        def handle_error(self, *_: Any) -> None:
            return

    public, private = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    server = Server(("127.0.0.1", 0), Handler)
    world.address = f"https://127.0.0.1:{server.server_address[1]}/alerts"
    world.trusted = public
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=20)


@contextlib.contextmanager
def mosquitto(folder: Path, *settings: str) -> Iterator[int]:
    """A real broker on this computer; yields its port."""
    program = require("mosquitto", "apt-get install mosquitto")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    lines = [f"listener {port} 127.0.0.1", "allow_anonymous true", "persistence false", *settings]
    configuration = folder / f"mosquitto-{port}.conf"
    configuration.write_text("\n".join([*lines, "user root", ""]))
    with subprocess.Popen(
        [program, "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            else:
                raise AssertionError("the broker did not start")
            yield port
        finally:
            process.terminate()


@contextlib.contextmanager
def listening(port: int, topic: str, *options: str) -> Iterator[list[dict[str, Any]]]:
    """A subscriber of the broker, from another library's hand; yields what it got so far."""
    program = require("mosquitto_sub", "apt-get install mosquitto-clients")
    got: list[dict[str, Any]] = []
    unbuffered = [require("stdbuf", "apt-get install coreutils"), "-oL"]
    command = [
        *unbuffered,
        program,
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-q",
        "1",
        "-t",
        topic,
        "-V",
        "5",
    ]
    with subprocess.Popen(
        [*command, *options, "-d"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdout is not None
        subscribed = threading.Event()

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("Subscribed"):
                    subscribed.set()
                elif line.startswith("{"):
                    got.append(json.loads(line))

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        try:
            assert subscribed.wait(20), "the subscriber did not start"
            yield got
        finally:
            process.terminate()
            thread.join(timeout=20)


def until(condition: Callable[[], bool]) -> bool:
    """Wait until something holds, at most 20 seconds."""
    for _ in range(400):
        if condition():
            return True
        time.sleep(0.05)
    return condition()
