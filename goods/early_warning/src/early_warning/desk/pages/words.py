"""Codes, times and numbers as forecasters read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from comity.report.numbers import NOTHING
from early_warning.cap import Hazard
from early_warning.drafts.outlook import Expectation
from early_warning.drafts.proposal import Content

__all__ = [
    "ACTS",
    "CHOICES",
    "COLOURS",
    "HAZARDS",
    "IMPACTS",
    "MESSAGES",
    "QUESTIONS",
    "STAGES",
    "STATES",
    "STATUS",
    "age",
    "amount",
    "chance",
    "event",
    "field_time",
    "listed",
    "local",
    "percent",
    "span",
    "stamp",
]

HAZARDS: Final[dict[Hazard, str]] = {
    "heavy_rain": "Heavy rain",
    "strong_wind": "Strong wind",
    "extreme_heat": "Extreme heat",
    "extreme_cold": "Extreme cold",
}
_UNITS: Final[dict[Hazard, str]] = {
    "heavy_rain": "mm",
    "strong_wind": "m/s",
    "extreme_heat": "°C",
    "extreme_cold": "°C",
}
COLOURS: Final = {"red": "Red", "orange": "Orange", "yellow": "Yellow", "green": "Green"}
STAGES: Final = COLOURS | {"unsure": "Skill not shown", "nodata": "No data"}
IMPACTS: Final = {"minor": "Minor", "significant": "Significant", "severe": "Severe"}
MESSAGES: Final = {"Alert": "First alert", "Update": "Update", "Cancel": "Cancellation"}
STATES: Final = {
    "waiting": "Waiting",
    "issued": "Issued",
    "dismissed": "Dismissed",
    "replaced": "Replaced by a newer run",
    "in_force": "In force",
    "over": "Over",
    "updated": "Replaced by an update",
    "cancelled": "Cancelled",
    "delivered": "Delivered",
    "given_up": "Given up",
}
QUESTIONS: Final = {
    "anywhere": "anywhere in the district",
    "peak": "at the likeliest place in the district",
}
ACTS: Final = {
    "looked": "looked at a new forecast",
    "proposed": "proposed",
    "replaced": "replaced by a newer run",
    "taken_up": "taken up",
    "edited": "edited",
    "approved": "approved",
    "dismissed": "dismissed",
    "issued": "issued",
    "reviewed": "reviewed",
}
STATUS: Final = {
    "Test": (
        "TEST",
        "Alerts of this desk are tests, and say so in their first words. They warn nobody.",
    ),
    "Exercise": (
        "EXERCISE",
        "Alerts of this desk are an exercise, and say so in their first words. They warn nobody.",
    ),
    "Actual": ("ACTUAL", "What is approved here goes out as a warning to the public."),
}
CHOICES: Final[dict[str, dict[str, str]]] = {
    "severity": {
        "Extreme": "Extreme: extraordinary threat",
        "Severe": "Severe: significant threat",
        "Moderate": "Moderate: possible threat",
        "Minor": "Minor: little threat",
    },
    "certainty": {
        "Observed": "Observed: it happens or has happened",
        "Likely": "Likely: more than 50 %",
        "Possible": "Possible: up to 50 %",
        "Unlikely": "Unlikely: about 0",
    },
    "urgency": {
        "Immediate": "Immediate: act now",
        "Expected": "Expected: act within the hour",
        "Future": "Future: act in the near future",
    },
    "response": {
        "Shelter": "Shelter",
        "Evacuate": "Evacuate",
        "Prepare": "Prepare",
        "Execute": "Do what was prepared",
        "Avoid": "Avoid the hazard",
        "Monitor": "Stay informed",
    },
}
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def stamp(instant: datetime, zone: ZoneInfo) -> str:
    """A moment in local time: `Sun 22 Nov, 06:00`."""
    here = instant.astimezone(zone)
    day = f"{_DAYS[here.weekday()]} {here.day} {_MONTHS[here.month - 1]}"
    return f"{day}, {here:%H:%M}"


def local(instant: datetime, zone: ZoneInfo) -> Markup:
    """The same as `<time>`, with the whole moment for machines."""
    here = instant.astimezone(zone)
    return Markup('<time datetime="{}">{}</time>').format(
        here.isoformat(timespec="seconds"), stamp(instant, zone)
    )


def span(begins: datetime, ends: datetime, zone: ZoneInfo) -> Markup:
    """A window of time."""
    return Markup("{} to {}").format(local(begins, zone), local(ends, zone))


def field_time(instant: datetime, zone: ZoneInfo) -> str:
    """A moment as a form's field for local time holds it."""
    return f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}"


def age(length: timedelta) -> str:
    """How long ago, or how long until: `40 min`, `6 h`, `3 days`; never rounded up."""
    minutes = max(0, length // timedelta(minutes=1))
    if minutes < 90:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 72 else f"{hours // 24} days"


def percent(share: float | None) -> str:
    """A probability; never 0 or 100 for what is neither, and a dash for what is not known."""
    if share is None:
        return NOTHING
    if 0 < share < 0.01:
        return "below 1 %"
    if 0.99 < share < 1:
        return "above 99 %"
    return f"{math.floor(100 * share + 0.5)} %"


def chance(content: Content) -> str:
    """The probability that an alert states."""
    if content.chance is None:
        return "none is stated"
    low, high = content.chance
    return f"{low} %" if low == high else f"{low} to {high} %"


def amount(hazard: Hazard, threshold: str) -> str:
    """A threshold with its unit."""
    return f"{threshold.replace('-', '−')} {_UNITS[hazard]}"


def event(what: Expectation | Content) -> str:
    """What may happen: `Heavy rain above 50 mm`."""
    side = "below" if what.hazard == "extreme_cold" else "above"
    if what.threshold is None:
        return f"{HAZARDS[what.hazard]}, no threshold"
    return f"{HAZARDS[what.hazard]} {side} {amount(what.hazard, what.threshold)}"


def listed(names: Sequence[str], shown: int = 4) -> str:
    """Names in a sentence; so many are written, the others are counted."""
    if len(names) <= shown + 1:
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{', '.join(names[:shown])} and {len(names) - shown} more"
