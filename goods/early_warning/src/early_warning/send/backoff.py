"""How long to wait before the next attempt: twice as long each time, and not all at once."""

from __future__ import annotations

import hashlib
from datetime import timedelta

__all__ = ["FARTHEST", "pause_before"]

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=5)
SPREAD = 0.25
FARTHEST = timedelta(hours=1)
"""No pause is longer, whatever the far end asks for."""


def pause_before(attempt: int, key: str) -> timedelta:
    """The pause before an attempt, 2 for the first repetition.

    It doubles from `FIRST` to `LONGEST`, and is then moved by at most a quarter, differently for
    each key and attempt, so that many deliveries that failed together do not return together. No
    chance is involved: the same key and attempt give the same pause.
    """
    doubled: timedelta = FIRST * (1 << min(max(attempt - 2, 0), 20))
    digest = hashlib.sha256(f"{key}\n{attempt}".encode()).digest()
    share = int.from_bytes(digest[:4], "big") / 2**32
    return min(doubled, LONGEST) * (1 + SPREAD * (2 * share - 1))
