"""Read a log from a web address: plain GET requests, with every size and time bounded.

1. Only the address that a person typed is asked, and paths of a log below it. No address is ever
   taken from what was read, and no redirect is followed.
2. An answer has at most as many bytes as its reader allows, whatever its header says.
3. A request takes at most 60 seconds from the first byte to the last, however slowly they drip; a
   timer cuts the connection.
4. 200 is the file; 404 and 410 mean that there is none; any other answer is an error.
5. Nothing that comes is believed: signatures and hashes decide, so http serves as well as https.
"""

from __future__ import annotations

import http.client
import re
import socket
import threading
from types import TracebackType
from urllib.parse import quote, urlsplit

from comity.errors import InputError

__all__ = ["WebSource"]

REQUEST_SECONDS = 60.0
_ADDRESS = re.compile(r"https?://[^\s?#@\\]+", re.ASCII)
_NO_ADDRESS = "this is not a web address"  # it is not repeated: somebody may have typed a password
_ABSENT = (http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE)


class WebSource:
    """A log behind `http://…` or `https://…`. One connection is kept open and asked in turn.

    Args:
        address: Where the log's folder is, without the last slash.
        seconds: Longest time for one request.

    Raises:
        InputError: it is not such an address.
    """

    def __init__(self, address: str, *, seconds: float = REQUEST_SECONDS) -> None:
        if not _ADDRESS.fullmatch(address):
            raise InputError(
                _NO_ADDRESS, hint="Write https://… or http://…, without name, password, ? or #."
            )
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            raise InputError(_NO_ADDRESS) from None
        if not parts.hostname:
            raise InputError(_NO_ADDRESS, hint="It names no computer.")
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self.address = address.rstrip("/")
        self._base = quote(parts.path.rstrip("/"), safe="/%~")
        self._seconds = seconds
        self._connection = kind(parts.hostname, port, timeout=seconds)
        # The connection forgets its socket while an answer that ends with it is still read.
        self._socket: socket.socket | None = None

    def read(self, path: str, limit: int) -> bytes | None:
        """The whole file, or `None` where there is none.

        Raises:
            InputError: it is larger than `limit` bytes, the computer does not answer in time, or
                it answers anything else than the file.
        """
        where = f"{self.address}/{path}"
        try:
            return self._ask(f"{self._base}/{quote(path)}", limit, where)
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise InputError(
                f"the file cannot be fetched: {reason}",
                where=where,
                hint="Try again; what was fetched so far is kept.",
            ) from None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> WebSource:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"WebSource({self.address!r})"

    def _ask(self, target: str, limit: int, where: str) -> bytes | None:
        late = threading.Event()
        timer = threading.Timer(self._seconds, self._cut, (late,))
        timer.daemon = True
        timer.start()
        whole = False
        try:
            with self._request(target) as answer:
                whole, data = _read(answer, limit, where)
        except (OSError, http.client.HTTPException, InputError) as error:
            if late.is_set() or isinstance(error, TimeoutError):  # the timer's, or the socket's own
                raise TimeoutError(0, "it takes too long") from None
            raise
        finally:
            timer.cancel()
            if not whole:  # what is left of the answer must not be taken for the next one
                self._connection.close()
        if late.is_set():
            raise TimeoutError(0, "it takes too long")
        return data

    def _request(self, target: str) -> http.client.HTTPResponse:
        fresh = self._connection.sock is None
        try:
            return self._get(target)
        except (ConnectionError, http.client.RemoteDisconnected):
            if fresh:
                raise
            self._connection.close()  # the other side closed an idle connection: once more
            return self._get(target)

    def _get(self, target: str) -> http.client.HTTPResponse:
        if self._connection.sock is None:
            self._connection.connect()
        self._socket = self._connection.sock
        headers = {"Accept-Encoding": "identity", "User-Agent": "comity"}
        self._connection.request("GET", target, headers=headers)
        return self._connection.getresponse()

    def _cut(self, late: threading.Event) -> None:
        late.set()
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


def _read(answer: http.client.HTTPResponse, limit: int, where: str) -> tuple[bool, bytes | None]:
    """Rules 2 and 4: whether the answer was read to its end, and the file."""
    if answer.status in _ABSENT:
        return len(answer.read(10_000)) < 10_000, None
    if 300 <= answer.status < 400:
        raise InputError(
            "the address leads elsewhere, and no redirect is followed",
            where=where,
            hint="Find out the right address from the log's keeper, and name it yourself.",
        )
    if answer.status != http.HTTPStatus.OK:
        raise InputError(f"the computer answers with the code {answer.status}", where=where)
    if answer.getheader("Content-Encoding", "identity") != "identity":
        raise InputError("the file comes in another encoding than it was asked for", where=where)
    data = answer.read(limit + 1)
    if len(data) > limit:
        raise InputError(f"the file is larger than the {limit:,} bytes allowed here", where=where)
    if answer.length:  # a promise of more than came
        raise InputError("the file broke off", where=where, hint="Try again.")
    return True, data
