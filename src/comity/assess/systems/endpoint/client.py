"""Carry questions to an endpoint over HTTP: patient with a server that fails, and never trusting.

1. One pool of connections that are kept; no redirect is followed, no cookie kept, no proxy taken
   from the environment, nothing unpacked.
2. An attempt has a deadline, from the request to the last byte; a reply has a largest size.
3. What may pass is tried again: time-outs, broken connections, 408, 425, 429, 5xx. The wait doubles
   from attempt to attempt, with a part drawn from the request, so that it is the same each time
   and differs between requests. `Retry-After` (seconds or a date) is kept to, up to a minute, by
   all requests. What will not pass (any other status, a reply that cannot be read) is final.
4. The key goes into one header and nowhere else. Should the endpoint send it back, it is cut out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.assess.systems.endpoint.model import Endpoint, Pace
from comity.assess.systems.endpoint.patience import Throttle, back_off, retry_after
from comity.assess.systems.endpoint.protocol import (
    MAX_REPLY_BYTES,
    Decoding,
    Unreadable,
    body,
    message_of,
    parse,
    path_of,
)
from comity.errors import InputError, MissingPartError

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

__all__ = ["Client", "key_from", "open_client"]

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
MAX_ERROR_BYTES = 10_000
MAX_KEY = 10_000
LEAST_SECRET = 12
"""A shorter key is a word, as `EMPTY` for servers that want any, and no secret to cut out."""


class _Passing(Exception):  # noqa: N818, not an error: the next attempt may succeed
    """An attempt failed in a way that may pass; `wait` is what the endpoint asks for."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.wait = wait


class _Final(Exception):  # noqa: N818
    """An attempt failed, and so will the next."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """A `System` over HTTP; use `open_client`.

    Attributes:
        model: The model that is asked for.
        decoding: How it picks its words.
        pace: How patiently it is asked.
        throttle: Shared by all who ask the same endpoint.
    """

    model: str
    decoding: Decoding
    pace: Pace
    throttle: Throttle
    _session: aiohttp.ClientSession
    _urls: Mapping[str, URL]
    _key: str

    def decoded(self, decoding: Decoding) -> Client:
        """The same connections with other decoding."""
        return replace(self, decoding=decoding)

    async def answer(self, ask: Ask) -> Answer:
        """Ask until there is an answer or no patience left; trouble is an errored answer."""
        data = body(ask, self.model, self.decoding)
        url = self._urls[path_of(ask)]
        begun = time.monotonic()
        attempt = 0
        while True:
            attempt += 1
            if wait := self.throttle.reserve(time.monotonic()):
                await asyncio.sleep(wait)
            started = time.monotonic()
            try:
                answer = await self._attempt(ask, url, data)
            except _Final as error:
                return self._errored(ask, str(error), attempt, started, lost=False)
            except _Passing as error:
                wait = error.wait or 0.0
                if wait:
                    self.throttle.hold(time.monotonic() + wait)
                wait = max(wait, back_off(ask.id, attempt))
                late = time.monotonic() + wait - begun > self.pace.deadline
                if attempt > self.pace.retries or late:
                    return self._errored(ask, error.what, attempt, started, lost=True)
                await asyncio.sleep(wait)
            else:
                seconds = round(time.monotonic() - started, 3)
                return msgspec.structs.replace(
                    self._without_key(answer), attempts=attempt, seconds=seconds
                )

    async def _attempt(self, ask: Ask, url: URL, data: bytes) -> Answer:
        import aiohttp

        try:
            async with (
                asyncio.timeout(self.pace.timeout),
                self._session.post(url, data=data, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    await self._refuse(response)
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    raise _Final("the reply is packed, which was not asked for")
                return parse(ask, await _read(response, MAX_REPLY_BYTES))
        except Unreadable as error:
            raise _Final(str(error)) from None
        except TimeoutError:
            raise _Passing(f"no whole reply within {self.pace.timeout:g} seconds") from None
        except aiohttp.ClientSSLError:
            raise _Final("the endpoint's certificate does not hold") from None
        except aiohttp.ClientConnectorError as error:
            reason = error.os_error.strerror or "no connection"
            raise _Passing(f"the endpoint cannot be reached: {reason}") from None
        except (aiohttp.ServerConnectionError, aiohttp.ClientPayloadError, OSError):
            raise _Passing("the connection was closed before the reply was whole") from None
        except (aiohttp.ClientError, ValueError):
            raise _Final("the reply is no HTTP that can be read") from None

    async def _refuse(self, response: aiohttp.ClientResponse) -> None:
        """Say what another status than 200 means.

        Raises:
            _Passing: it may pass.
            _Final: it will not.
        """
        status = response.status
        if 300 <= status < 400:
            raise _Final(
                f"the endpoint points elsewhere (status {status}), and no redirect is followed"
            )
        try:
            said = message_of(await _read(response, MAX_ERROR_BYTES))
        except Unreadable:
            said = ""
        what = f"the endpoint answers with status {status}" + (f": {said}" if said else "")
        if status in PASSING or status >= 500:
            raise _Passing(what, retry_after(response.headers.get("Retry-After"), time.time()))
        raise _Final(what)

    def _errored(self, ask: Ask, what: str, attempts: int, started: float, *, lost: bool) -> Answer:
        answer = Answer(
            id=ask.id,
            status="errored",
            error=what,
            attempts=attempts,
            seconds=round(time.monotonic() - started, 3),
            lost=lost,
        )
        return self._without_key(answer)

    def _without_key(self, answer: Answer) -> Answer:
        key = self._key
        if len(key) < LEAST_SECRET:
            return answer
        texts = (answer.text, answer.finish, answer.model, answer.error)
        if not any(key in text for text in texts) and not any(key in one for one, _ in answer.top):
            return answer
        text, finish, model, error = (text.replace(key, "[key]") for text in texts)
        return msgspec.structs.replace(
            answer,
            text=text,
            finish=finish,
            model=model,
            error=error,
            top=tuple((token.replace(key, "[key]"), value) for token, value in answer.top),
        )


@asynccontextmanager
async def open_client(endpoint: Endpoint, key: str = "", url: str = "") -> AsyncIterator[Client]:
    """Open the connections to an endpoint.

    Args:
        endpoint: Which, and how it is asked.
        key: The key, or empty.
        url: Base URL of a server that was started for this run; else the endpoint's own.

    Raises:
        MissingPartError: aiohttp is not installed.
    """
    try:
        import aiohttp
        from yarl import URL
    except ImportError:
        raise MissingPartError(
            "asking a language model needs aiohttp",
            hint="make setup, or pip install '.[generative]' in Comity's folder",
        ) from None

    base = url or endpoint.url
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "comity",
    }
    if key:
        headers["Authorization"] = f"Bearer {key}"
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=endpoint.pace.concurrency, ttl_dns_cache=300),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),  # `_attempt` has a cheaper one of its own
        headers=headers,
        auto_decompress=False,
    ) as session:
        yield Client(
            model=endpoint.model,
            decoding=endpoint.decoding,
            pace=endpoint.pace,
            throttle=Throttle(endpoint.pace.requests_per_second),
            _session=session,
            _urls={path: URL(base + path) for path in ("/completions", "/chat/completions")},
            _key=key,
        )


def key_from(environment: Mapping[str, str], variable: str | None, where: str) -> str:
    """The key that an environment variable holds; empty where the card names none.

    Args:
        environment: The environment.
        variable: Its name, or None.
        where: The card, for the error.

    Raises:
        InputError: it is not set, or cannot stand in a header. The key itself is never shown.
    """
    if variable is None:
        return ""
    key = environment.get(variable, "").strip()
    if not key:
        raise InputError(
            f"the environment variable {variable} is not set, and it should hold the key",
            where=f"{where}, field endpoint.key_env",
            hint=f"For instance: export {variable}=…",
        )
    if len(key) > MAX_KEY or not (key.isascii() and key.isprintable()):
        raise InputError(
            f"what the environment variable {variable} holds is no key: it is too long, or has "
            "letters that no header may have",
            where=f"{where}, field endpoint.key_env",
        )
    return key


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The body, if it has at most `limit` bytes.

    Raises:
        Unreadable: it is longer.
    """
    length = response.content_length
    pieces: list[bytes] = []
    size = 0
    if length is None or length <= limit:
        while piece := await response.content.readany():
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                break
        else:
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)
    response.close()
    raise Unreadable(f"the reply is longer than the {limit:,} bytes that any answer can have")
