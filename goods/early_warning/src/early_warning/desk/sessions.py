"""Who has signed in. Kept in memory: a restart signs everybody out.

1. A session is a random number in a cookie; here only its SHA-256 is kept.
2. A session ends after `IDLE` seconds without a request, after `LONGEST` in any case, when its
   forecaster signs out, and when they are no forecaster any more.
3. It belongs to the account of the computer that it was begun from (see `peer`): from another one
   it is nobody's, and stays open for its own.
4. Each form carries a token made from the cookie with a key of this process. Another site can
   neither read the page nor make the token; so it cannot act in a forecaster's name.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final

__all__ = ["IDLE", "LONGEST", "Sessions", "is_cookie", "new_cookie"]

IDLE: Final = 4 * 3600
LONGEST: Final = 14 * 3600
MAX_SESSIONS: Final = 100
_COOKIE_BYTES: Final = 32

Clock = Callable[[], float]
"""Seconds that only grow."""


@dataclass(frozen=True, slots=True)
class _Session:
    who: str
    account: int | None
    began: float
    used: float


class Sessions:
    """All sessions of one process.

    Args:
        clock: Seconds; another one in tests.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._open: dict[str, _Session] = {}

    def open(self, who: str, account: int | None = None) -> str:
        """Sign somebody in; the cookie. Beyond `MAX_SESSIONS` the oldest ends.

        Args:
            who: A forecaster's id.
            account: Number of the account that they use; null where it is not known.
        """
        while len(self._open) >= MAX_SESSIONS:
            del self._open[next(iter(self._open))]
        cookie = new_cookie()
        now = self._clock()
        self._open[_name(cookie)] = _Session(who, account, now, now)
        return cookie

    def who(self, cookie: str, forecasters: Collection[str], account: int | None = None) -> str:
        """Whose session it is; empty where it is nobody's (rules 2 and 3)."""
        name, now = _name(cookie), self._clock()
        session = self._open.get(name)
        if session is None:
            return ""
        over = now - session.used > IDLE or now - session.began > LONGEST
        if over or session.who not in forecasters:
            del self._open[name]
            return ""
        if account != session.account:
            return ""
        self._open[name] = replace(session, used=now)
        return session.who

    def close(self, cookie: str) -> None:
        """Sign out."""
        self._open.pop(_name(cookie), None)

    def token(self, cookie: str) -> str:
        """What the forms of this cookie carry (rule 4)."""
        return hmac.new(self._key, cookie.encode(), hashlib.sha256).hexdigest()

    def is_token(self, cookie: str, token: str) -> bool:
        """Whether a form carries the token of its cookie."""
        given = token.encode(errors="replace")
        return bool(cookie) and hmac.compare_digest(self.token(cookie).encode(), given)


def new_cookie() -> str:
    """A number that nobody can guess."""
    return secrets.token_urlsafe(_COOKIE_BYTES)


def is_cookie(text: str) -> bool:
    """Whether it has the form of one."""
    return re.fullmatch(r"[A-Za-z0-9_-]{43}", text) is not None


def _name(cookie: str) -> str:
    return hashlib.sha256(cookie.encode(errors="replace")).hexdigest()
