"""A real Mosquitto takes the notification, or says that it does not; both are believed."""

from __future__ import annotations

import datetime as dt
import socket
from pathlib import Path

import pytest

from comity.errors import InputError
from early_warning.send import Broker, DeliveryError, Feed, Outbox, Parcel, send_due
from goods.early_warning.tests.send.world import (
    CENTRE,
    Clock,
    listening,
    message,
    mosquitto,
    until,
)

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
