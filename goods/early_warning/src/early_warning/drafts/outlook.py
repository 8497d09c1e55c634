"""The outlook: what a forecast day says of every district, hazard, window and level.

It is data: made by `look_ahead`, kept as `outlook.json`, shown at the desk, turned into drafts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from early_warning.cap import Hazard
from early_warning.country import Amount, Impact

__all__ = ["Expectation", "Outlook"]

Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one event: a hazard's level is passed in one district and window.

    Attributes:
        district: Its code.
        hazard, impact: Which event.
        threshold: In mm, m/s or °C; null where the district has none.
        threshold_from: A sentence: whose threshold it is, with its interval; or why there is none.
        begins, ends: The window, UTC.
        lead: Hours from the start of the run to the end of the window.
        question: `anywhere` in the district (members), or `peak`: the likeliest place in it.
        raw: Share of members, or the product's probability; null where there is no data.
        isotonic, climatology: What they say; null where they have no opinion.
        used: The probability that counts; null where nobody's does.
        by: Whose `used` is.
        may_alert: Whether skill was shown, so that an alert may rest on `used`.
        words: Why it may or may not, a sentence.
        no_data: Why there is no probability; empty where there is one.
        source: The file and message that it comes from.
        corrections: What was put right in the file's metadata.
    """

    district: str
    hazard: Hazard
    impact: Impact
    threshold: Amount | None
    threshold_from: str
    begins: datetime
    ends: datetime
    lead: int
    question: Literal["anywhere", "peak"]
    raw: Probability | None
    isotonic: Probability | None = None
    climatology: Probability | None = None
    used: Probability | None = None
    by: Literal["isotonic", "raw", "climatology"] | None = None
    may_alert: bool = False
    words: str = ""
    no_data: str = ""
    source: str = ""
    corrections: tuple[str, ...] = ()


class Outlook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One forecast day.

    Attributes:
        made: When it was computed.
        run: When the forecast started; null where no file could be used.
        files: The files read, by name.
        expectations: Every district, hazard, window and level, also those without data.
        no_data: What was refused, a sentence each: files, fields, families.
        people: `people.sentences`: who cannot be warned, what was repaired, what was accepted.
    """

    made: datetime
    run: datetime | None
    files: tuple[str, ...]
    expectations: tuple[Expectation, ...]
    no_data: tuple[str, ...]
    people: tuple[str, ...]
