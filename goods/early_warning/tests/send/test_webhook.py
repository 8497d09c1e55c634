"""A webhook gets the signed bytes under one key, and nothing but a clear yes counts as one."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from comity.errors import InputError
from early_warning.send import DeliveryError, Parcel, Webhook
from goods.early_warning.tests.send.world import NOW, Receiver, answering, message, receiver


@pytest.fixture
def far_end(tmp_path: Path) -> Iterator[Receiver]:
    with receiver(tmp_path) as world:
        yield world


def webhook(far_end: Receiver, *, seconds: float = 20, token: str = "") -> Webhook:
    return Webhook(
        far_end.address,
        recipient="radio",
        context=far_end.context(),
        seconds=seconds,
        token=token,
    )


def parcel(channel: Webhook, attempt: int = 1) -> Parcel:
    return Parcel(message=message(), route=channel.route, queued=NOW, attempt=attempt)


def test_the_receiver_gets_the_bytes_their_digest_and_the_key(far_end: Receiver) -> None:
    channel = webhook(far_end, token="a-token")
    receipt = channel.deliver(parcel(channel))
    channel.deliver(parcel(channel, attempt=2))
    assert (receipt.kind, receipt.detail) == ("answered", "HTTP 204")
    (key, data, headers), (again, _, _) = far_end.got
    assert data == message().data
    assert key == again == f'"{parcel(channel).key}"'
    assert headers["Content-Type"] == "application/cap+xml"
    assert headers["Authorization"] == "Bearer a-token"
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    assert headers["Content-Digest"] == f"sha-256=:{digest}:"


@pytest.mark.parametrize("status", [400, 401, 404, 409, 410, 500, 503])
def test_anything_but_success_is_no_delivery(far_end: Receiver, status: int) -> None:
    far_end.answer = answering(status)
    channel = webhook(far_end)
    with pytest.raises(DeliveryError, match=f"HTTP {status}"):
        channel.deliver(parcel(channel))


def test_a_redirect_is_not_followed(far_end: Receiver) -> None:
    far_end.answer = answering(307, {"Location": far_end.address + "/elsewhere"})
    channel = webhook(far_end)
    with pytest.raises(DeliveryError, match="redirect"):
        channel.deliver(parcel(channel))
    assert far_end.paths == ["/alerts"]


@pytest.mark.parametrize(
    ("header", "pause"),
    [("120", 120), ("soon", None), ("-5", None)],
    ids=["in seconds", "no number", "negative"],
)
def test_retry_after_is_heeded(far_end: Receiver, header: str, pause: int | None) -> None:
    far_end.answer = answering(503, {"Retry-After": header})
    channel = webhook(far_end)
    with pytest.raises(DeliveryError) as caught:
        channel.deliver(parcel(channel))
    assert caught.value.pause == (None if pause is None else dt.timedelta(seconds=pause))


def test_an_answer_without_end_is_not_read_to_its_end(far_end: Receiver) -> None:
    far_end.answer = answering(200, body=b"x" * 5_000_000)
    channel = webhook(far_end)
    assert channel.deliver(parcel(channel)).detail == "HTTP 200"


def test_an_answer_that_drips_is_cut_off_and_is_no_yes(far_end: Receiver) -> None:
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        while not done.wait(0.2):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    far_end.answer = drip
    channel = webhook(far_end, seconds=1)
    try:
        with pytest.raises(DeliveryError, match="too long"):
            channel.deliver(parcel(channel))
    finally:
        done.set()


def test_a_receiver_that_is_not_there_is_no_delivery() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    channel = Webhook(f"https://127.0.0.1:{port}/", recipient="radio")
    with pytest.raises(DeliveryError, match="cannot be reached"):
        channel.deliver(parcel(channel))


def test_a_certificate_that_does_not_hold_is_no_delivery_and_gets_no_byte(
    far_end: Receiver,
) -> None:
    channel = Webhook(
        far_end.address, recipient="radio", token="a-token", context=ssl.create_default_context()
    )
    with pytest.raises(DeliveryError, match="certificate does not hold"):
        channel.deliver(parcel(channel))
    assert far_end.got == []


def test_the_token_is_shown_to_nobody(far_end: Receiver) -> None:
    far_end.answer = answering(401)
    channel = webhook(far_end, token="a-token")
    with pytest.raises(DeliveryError) as caught:
        channel.deliver(parcel(channel))
    assert "a-token" not in f"{caught.value} {channel!r}"


REFUSED = {
    "no encryption": "http://radio.example/",
    "a password in it": "https://me:secret@radio.example/",
    "a fragment": "https://radio.example/#a",
    "no computer": "https:///path",
    "no port": "https://radio.example:port/",
    "a line break": "https://radio.example/\r\nX: y",
}


@pytest.mark.parametrize("address", REFUSED.values(), ids=REFUSED)
def test_an_address_that_is_unsafe_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(InputError, match="not an address for a webhook") as caught:
        Webhook(address, recipient="radio")
    assert "secret" not in str(caught.value)


def test_a_token_that_would_break_out_of_its_header_is_refused() -> None:
    with pytest.raises(InputError, match="token"):
        Webhook("https://radio.example/", recipient="radio", token="a\r\nX: y")
