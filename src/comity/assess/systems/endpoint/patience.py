"""When a question may be sent, and how long to wait before it is sent again. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

__all__ = ["LONGEST_WAIT", "Throttle", "back_off", "retry_after"]

FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0
"""Seconds before the first new attempt, and the most before any."""


@dataclass
class Throttle:
    """Keeps to a rate, and lets all requests wait where the endpoint asks for it.

    A bucket of one token that fills at the rate: requests leave evenly, never in a burst.

    Attributes:
        rate: Requests a second, or None.
    """

    rate: float | None = None
    _next: float = field(default=0.0, init=False)

    def reserve(self, now: float) -> float:
        """Take the next place; returns how many seconds to wait for it."""
        if self.rate is None:
            return max(0.0, self._next - now)
        place = max(now, self._next)
        self._next = place + 1 / self.rate
        return place - now

    def hold(self, until: float) -> None:
        """Nobody leaves before this moment."""
        self._next = max(self._next, until)


def back_off(name: str, attempt: int) -> float:
    """Seconds to wait after an attempt: doubled each time, between a half and the whole of it."""
    drawn = hashlib.sha256(f"{name}\n{attempt}".encode()).digest()[0] / 255
    return float(min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * (1 + drawn) / 2)


def retry_after(header: str | None, now: float) -> float | None:
    """Seconds that the header asks for, at most a minute; None where it says nothing readable.

    Args:
        header: Seconds, or a date as HTTP writes it (RFC 9110, 10.2.3).
        now: Seconds since 1970.
    """
    if header is None:
        return None
    words = header.strip()
    if words.isascii() and words.isdigit() and len(words) <= 9:
        return min(float(words), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(words).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, moment - now), LONGEST_WAIT)
