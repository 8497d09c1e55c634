"""Times as CAP writes them: `2026-11-22T06:00:00+03:00`, and UTC as `-00:00`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

from comity.errors import InputError

__all__ = ["cap_time", "moment"]

_LENGTH: Final = 25
_FORM: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})([-+])([0-9]{2}):([0-9]{2})"
)


def moment(text: str) -> datetime | None:
    """The instant that a CAP time names, or null where it names none.

    Midnight at the end of a day (24:00:00) is the next day's 00:00:00, as XML Schema has it.
    """
    return _moment(text) if len(text) == _LENGTH else None


@lru_cache(maxsize=4096)  # an alert repeats its times in each language
def _moment(text: str) -> datetime | None:
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    hours, minutes = int(match[8]), int(match[9])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        return None
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if match[7] == "-" else 1)
    next_day = (hour, minute, second) == (24, 0, 0)
    try:
        zone = timezone(offset)
        instant = datetime(year, month, day, 0 if next_day else hour, minute, second, tzinfo=zone)
        return instant + timedelta(days=1) if next_day else instant
    except (ValueError, OverflowError):
        return None


def cap_time(instant: datetime) -> str:
    """Write an aware time as CAP wants it (CAP 1.2, section 3.3.2): whole seconds, UTC as -00:00.

    Raises:
        InputError: the time has no zone, or its zone is no whole number of minutes.
    """
    offset = instant.utcoffset()
    if offset is None or offset % timedelta(minutes=1):
        raise InputError(f"the time {instant.isoformat()} needs a time zone of whole minutes")
    text = instant.replace(microsecond=0).isoformat(timespec="seconds")
    return text[:-6] + "-00:00" if not offset else text
