"""A real Mosquitto takes the notification, or says that it does not; both are believed."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.parts import require

from comity.errors import InputError
from early_warning.send import Broker, DeliveryError, Feed, Outbox, Parcel, send_due
from goods.early_warning.tests.send.world import (
    CENTRE,
    Clock,
    certificate,
    listening,
    message,
    mosquitto,
    until,
)

# Where a far end hangs up during the handshake, paho leaves its socket to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <s:ResourceWarning")

REAL_NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


def address(identifier: str) -> str:
    return f"https://meteo.example/{identifier}"


def broker(port: int) -> Broker:
    return Broker(
        f"mqtt://127.0.0.1:{port}", recipient="wis2", centre=CENTRE, address_of=address, seconds=15
    )


def parcel(channel: Broker) -> Parcel:
    return Parcel(message=message(sent=REAL_NOW), route=channel.route, queued=REAL_NOW, attempt=1)


def test_a_subscriber_gets_the_notification_after_the_alert_stands_in_the_feed(
    tmp_path: Path,
) -> None:
    feed = Feed(tmp_path / "served", address="https://meteo.example/cap", title="Warnings")
    with mosquitto(tmp_path) as port, listening(port, CENTRE.topic) as got:
        told = Broker(
            f"mqtt://127.0.0.1:{port}",
            recipient="wis2",
            centre=CENTRE,
            address_of=feed.address_of,
        )
        with Outbox(tmp_path / "outbox") as outbox:
            outbox.add(message(sent=REAL_NOW), [told.route, feed.route], now=REAL_NOW)
            outcomes = send_due(outbox, [told, feed], now=Clock(REAL_NOW))
        assert [(one.channel, one.state) for one in outcomes] == [
            ("feed", "delivered"),
            ("mqtt", "delivered"),
        ]
        assert until(lambda: len(got) == 1)
    (link,) = got[0]["links"]
    path = link["href"].removeprefix("https://meteo.example/cap/")
    assert (tmp_path / "served" / path).read_bytes() == message(sent=REAL_NOW).data
    assert got[0]["properties"]["content"]["value"].encode() == message(sent=REAL_NOW).data


def test_a_broker_that_forbids_the_topic_is_believed(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.write_text("topic read #\n")
    rules.chmod(0o600)
    with mosquitto(tmp_path, f"acl_file {rules}") as port:
        channel = broker(port)
        with pytest.raises(DeliveryError, match="refuses the message: Not authorized"):
            channel.deliver(parcel(channel))


def test_a_broker_that_wants_a_password_is_believed(tmp_path: Path) -> None:
    with mosquitto(tmp_path, "allow_anonymous false") as port:
        channel = broker(port)
        with pytest.raises(DeliveryError, match="refuses the connection"):
            channel.deliver(parcel(channel))


@contextlib.contextmanager
def secured(folder: Path) -> Iterator[tuple[int, Path]]:
    """A broker under TLS that wants a password: its port, and the certificate to trust."""
    public, private = certificate(folder)
    program = require("mosquitto_passwd", "apt-get install mosquitto")
    passwords = folder / "passwords"
    subprocess.run([program, "-b", "-c", str(passwords), "me", "a-secret"], check=True)
    settings = ["allow_anonymous false", f"password_file {passwords}"]
    settings += [f"certfile {public}", f"keyfile {private}"]
    with mosquitto(folder, *settings) as port:
        yield port, public


def under_tls(port: int, trusted: Path | None, *, host: str = "127.0.0.1") -> Broker:
    return Broker(
        f"mqtts://{host}:{port}",
        recipient="wis2",
        centre=CENTRE,
        address_of=address,
        user="me",
        password="a-secret",
        context=None if trusted is None else ssl.create_default_context(cafile=str(trusted)),
        seconds=5,
    )


def test_under_tls_and_with_a_password_a_subscriber_gets_the_notification(tmp_path: Path) -> None:
    with secured(tmp_path) as (port, trusted):
        options = ("--cafile", str(trusted), "-u", "me", "-P", "a-secret")
        with listening(port, CENTRE.topic, *options) as got:
            channel = under_tls(port, trusted)
            assert channel.deliver(parcel(channel)).kind == "acknowledged"
            assert until(lambda: len(got) == 1)
    assert got[0]["properties"]["content"]["value"].encode() == message(sent=REAL_NOW).data


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1"], ids=["of nobody", "of another name"])
def test_a_certificate_of_nobody_we_trust_or_of_another_name_is_no_delivery(
    tmp_path: Path, host: str
) -> None:
    with secured(tmp_path) as (port, trusted):
        channel = under_tls(port, trusted if host == "127.1" else None, host=host)
        with pytest.raises(DeliveryError, match="its certificate does not hold") as caught:
            channel.deliver(parcel(channel))
    assert "a-secret" not in str(caught.value)


def test_a_broker_without_tls_behind_such_an_address_is_no_delivery(tmp_path: Path) -> None:
    with mosquitto(tmp_path) as port:
        channel = under_tls(port, None)
        with pytest.raises(DeliveryError, match="cannot be reached"):
            channel.deliver(parcel(channel))


@pytest.mark.parametrize("answer", [b"", b"\x16\x03\x03", b"\x20\x02\x00", b"\xff" * 5000])
def test_a_far_end_that_babbles_and_hangs_up_is_no_delivery(answer: bytes) -> None:
    def babble() -> None:
        with contextlib.suppress(OSError):
            while True:
                end, _ = far_end.accept()
                with end:
                    end.recv(4096)
                    end.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as far_end:
        threading.Thread(target=babble, daemon=True).start()
        port = far_end.getsockname()[1]
        for scheme in ("mqtt", "mqtts"):
            channel = Broker(
                f"{scheme}://127.0.0.1:{port}",
                recipient="wis2",
                centre=CENTRE,
                address_of=address,
                seconds=1,
            )
            with pytest.raises(DeliveryError):
                channel.deliver(parcel(channel))
        far_end.shutdown(socket.SHUT_RDWR)


def test_a_broker_that_is_not_there_is_no_delivery() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    channel = broker(port)
    with pytest.raises(DeliveryError, match="cannot be reached"):
        channel.deliver(parcel(channel))


def test_a_computer_that_never_answers_is_no_delivery() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = Broker(
            f"mqtt://127.0.0.1:{silent.getsockname()[1]}",
            recipient="wis2",
            centre=CENTRE,
            address_of=address,
            seconds=1,
        )
        with pytest.raises(DeliveryError, match="does not answer"):
            channel.deliver(parcel(channel))


def test_a_password_is_not_sent_in_the_open() -> None:
    with pytest.raises(InputError, match="unprotected") as caught:
        Broker(
            "mqtt://127.0.0.1",
            recipient="wis2",
            centre=CENTRE,
            address_of=address,
            user="me",
            password="a-secret",
        )
    assert "a-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["https://a.example", "mqtts://me:secret@a.example", "mqtts://", "mqtts://a.example:x"],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(InputError, match="not the address of a broker") as caught:
        Broker(text, recipient="wis2", centre=CENTRE, address_of=address)
    assert "secret" not in str(caught.value)
