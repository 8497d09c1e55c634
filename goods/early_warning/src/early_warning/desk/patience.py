"""Connections that ask nothing: closed after a while.

The desk answers so many connections at once. Whoever opened them all and then said nothing, or half
a request, would keep every forecaster out.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["patient"]


def patient(seconds: float) -> type[H11Protocol]:
    """HTTP/1.1 where each request has to come, and its answer to be taken, within a time.

    Args:
        seconds: A connection is closed between one and two times so many seconds after the last
            request began, or after it was opened.
    """

    class Patient(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._before: object = None
            self._look_later()

        def connection_lost(self, exc: Exception | None) -> None:
            self._watch.cancel()
            super().connection_lost(exc)

        def _look_later(self) -> None:
            self._watch: asyncio.TimerHandle = self.loop.call_later(seconds, self._look)

        def _look(self) -> None:
            if self.cycle is self._before:  # no request began since the last look
                self.transport.abort()  # `close` would wait for whoever does not read
                return
            self._before = self.cycle
            self._look_later()

    return Patient
