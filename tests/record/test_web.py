"""Reading a log over HTTP from servers that mean no good: all is bounded, nothing is followed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from comity.errors import InputError
from comity.record.log import CHECKPOINT
from comity.record.web import WebSource
from tests.record.world import Clock, Keeper, Watcher

LIMIT = 1_000
Handler = Callable[[socket.socket], None]


@contextmanager
def server(handle: Handler) -> Iterator[str]:
    """A server on this computer that hands each connection to `handle`; yields its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                try:
                    handle(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=20)


def request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(4096)):
            break
        data += more
    return data


def answering(answer: bytes) -> Handler:
    """Sends these bytes to whoever asks, once for each connection."""

    def handle(connection: socket.socket) -> None:
        if request(connection):
            connection.sendall(answer)

    return handle


def head(status: str, *lines: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


def endless(connection: socket.socket) -> None:
    request(connection)
    connection.sendall(head("200 OK"))
    while True:
        connection.sendall(b"a" * 65_536)


def endless_chunks(connection: socket.socket) -> None:
    request(connection)
    connection.sendall(head("200 OK", "Transfer-Encoding: chunked"))
    while True:
        connection.sendall(b"1\r\na\r\n" * 1_000)


def endless_headers(connection: socket.socket) -> None:
    request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"a: b\r\n" * 1_000)


def dripping_body(connection: socket.socket) -> None:
    request(connection)
    connection.sendall(head("200 OK", "Content-Length: 900"))
    while True:
        connection.sendall(b"a")
        threading.Event().wait(0.05)


def dripping_to_the_end(connection: socket.socket) -> None:
    """An answer without a length, which ends with its connection: here, never."""
    request(connection)
    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"a")
        threading.Event().wait(0.05)


def dripping_headers(connection: socket.socket) -> None:
    request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"a")
        threading.Event().wait(0.05)


def silent(connection: socket.socket) -> None:
    request(connection)
    connection.recv(1)


HOSTILE: dict[str, tuple[Handler, str]] = {
    "a redirect": (
        answering(head("302 Found", "Location: http://127.0.0.1:1/", "Content-Length: 0")),
        "no redirect is followed",
    ),
    "a redirect to a file": (
        answering(head("301 Moved", "Location: file:///etc/passwd", "Content-Length: 0")),
        "no redirect is followed",
    ),
    "a body that never ends": (endless, "larger than the 1,000 bytes"),
    "chunks that never end": (endless_chunks, "larger than the 1,000 bytes"),
    "headers that never end": (endless_headers, "cannot be fetched"),
    "a body that drips": (dripping_body, "takes too long"),
    "a body without a length that drips": (dripping_to_the_end, "takes too long"),
    "headers that drip": (dripping_headers, "takes too long"),
    "silence": (silent, "takes too long"),
    "a larger length than came": (
        answering(head("200 OK", "Content-Length: 500") + b"short"),
        "cannot be fetched|broke off",
    ),
    "a length that is too large": (
        answering(head("200 OK", "Content-Length: 99999999999") + b"a" * 2_000),
        "larger than the 1,000 bytes",
    ),
    "a length that is no number": (
        answering(head("200 OK", "Content-Length: minus") + b"a" * 2_000),
        "larger than the 1,000 bytes",
    ),
    "a packed body": (
        answering(head("200 OK", "Content-Encoding: gzip", "Content-Length: 1") + b"a"),
        "another encoding",
    ),
    "an error": (answering(head("500 Oops", "Content-Length: 0")), "the code 500"),
    "part of the file": (
        answering(head("206 Partial Content", "Content-Length: 1") + b"a"),
        "the code 206",
    ),
    "another protocol": (answering(b"SSH-2.0-OpenSSH_9.2\r\n"), "cannot be fetched"),
    "nothing": (answering(b""), "cannot be fetched"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_server_gets_a_sentence(case: str) -> None:
    handle, words = HOSTILE[case]
    with server(handle) as address, WebSource(address, seconds=0.7) as source:
        with pytest.raises(InputError, match=words) as caught:
            source.read(CHECKPOINT, LIMIT)
        assert caught.value.where == f"{address}/{CHECKPOINT}"


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_what_is_not_there_is_none(status: str) -> None:
    absent = answering(head(status, "Content-Length: 0"))
    with server(absent) as address, WebSource(address) as source:
        assert source.read(CHECKPOINT, LIMIT) is None


def test_a_file_of_exactly_the_limit_is_read() -> None:
    body = b"a" * LIMIT
    whole = answering(head("200 OK", f"Content-Length: {LIMIT}") + body)
    with server(whole) as address, WebSource(address) as source:
        assert source.read(CHECKPOINT, LIMIT) == body


def test_a_computer_that_is_not_there_gets_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(InputError, match="Connection refused"):
        WebSource(f"http://127.0.0.1:{port}").read(CHECKPOINT, LIMIT)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lab.example",
        "ftp://lab.example/log",
        "file:///etc/passwd",
        "http://",
        "http:///log",
        "http://user:secret@lab.example/",
        "http://lab.example/log?a=b",
        "http://lab.example/log#a",
        "http://lab.example/a b",
        "http://lab.example/\r\nHost: other",
        "http://lab.example:99999/",
        "http://[::1/",
    ],
)
def test_is_no_address(address: str) -> None:
    with pytest.raises(InputError) as caught:
        WebSource(address)
    assert "secret" not in str(caught.value)


def test_a_log_is_followed_over_one_connection_kept_open() -> None:
    keeper, watcher = Keeper(), Watcher("plain.test", Clock())
    keeper.grow(600)
    connections = []

    def handle(connection: socket.socket) -> None:
        connections.append(1)
        while data := request(connection):
            path = data.split(b" ")[1].decode().removeprefix("/log/")
            body = keeper.store.contents.get(path)
            status = "200 OK" if body is not None else "404 Not Found"
            body = body or b"not here"
            connection.sendall(head(status, f"Content-Length: {len(body)}") + body)

    with server(handle) as address, WebSource(f"{address}/log/") as source:
        assert watcher.follow(source).checkpoint.size == 600
        keeper.grow(3)
        assert watcher.follow(source).checkpoint.size == 603
    assert len(connections) == 1


def test_a_connection_that_was_closed_while_idle_is_opened_again() -> None:
    once = answering(head("200 OK", "Content-Length: 1") + b"a")
    with server(once) as address, WebSource(address) as source:
        assert [source.read("a", LIMIT) for _ in range(3)] == [b"a"] * 3
