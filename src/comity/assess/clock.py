"""Time as the runner sees it, so that a test can hold it still."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

__all__ = ["Clock", "FixedClock", "SystemClock"]


class Clock(Protocol):
    """What the runner asks about time."""

    def now(self) -> datetime:
        """The moment, with a time zone."""
        ...

    def seconds(self) -> float:
        """Seconds since some moment, never set back."""
        ...

    def cpu_seconds(self) -> float:
        """User and system time of this process, in seconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()

    def cpu_seconds(self) -> float:
        """User and system time of this process, all threads, in seconds."""
        return time.process_time()


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still: what it times took no time."""

    moment: datetime

    def now(self) -> datetime:
        """Always the same moment."""
        return self.moment

    def seconds(self) -> float:
        """Always zero."""
        return 0.0

    def cpu_seconds(self) -> float:
        """Always zero."""
        return 0.0
