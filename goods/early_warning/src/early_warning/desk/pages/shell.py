"""What all pages of the desk share: the frame, the style, and how times and people are written."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader

from comity.report.numbers import NOTHING, count_text
from comity.report.page import static, templates
from early_warning.desk.pages import words
from early_warning.desk.pages.told import told

__all__ = ["Frame", "alert_address", "cap_address", "draft_address", "render", "style"]

_TEMPLATES: Final = PackageLoader("early_warning.desk", "templates")
_STATIC: Final = PackageLoader("early_warning.desk", "static")


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What every page says, whatever it is about.

    Attributes:
        status: Of the service: Test, Exercise or Actual.
        zone: Its time zone; all times are shown in it.
        now: The moment of the desk.
        who: Id of the forecaster; empty where nobody has signed in.
        names: Forecasters' ids to their names.
        token: What each form must bring back.
        note: One sentence about what was just done; empty for none.
    """

    status: str
    zone: ZoneInfo
    now: datetime
    who: str
    names: Mapping[str, str]
    token: str
    note: str = ""

    @property
    def clock(self) -> str:
        """The time zone in words: `Africa/Djibouti, UTC+3`."""
        offset = self.now.astimezone(self.zone).utcoffset() or timedelta(0)
        minutes = round(offset.total_seconds() / 60)
        hours, rest = divmod(abs(minutes), 60)
        sign = "−" if minutes < 0 else "+"
        return f"{self.zone.key}, UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")

    def person(self, who: str) -> str:
        """A forecaster's name; the id where there is none any more."""
        return "The program" if who == "machine" else self.names.get(who, who)


def render(template: str, frame: Frame, **values: Any) -> str:
    """Fill a template; everything that is no `Markup` is escaped."""
    return (
        _environment()
        .get_template(template)
        .render(
            frame=frame,
            local=functools.partial(words.local, zone=frame.zone),
            span=functools.partial(words.span, zone=frame.zone),
            words=words,
            **values,
        )
    )


def style() -> str:
    """The style sheet: that of the house, and what the desk adds."""
    return static("style.css") + _STATIC.get_source(_environment(), "desk.css")[0]


def draft_address(number: int) -> str:
    """Where a draft is shown."""
    return f"/drafts/{number}"


def alert_address(identifier: str) -> str:
    """Where an issued alert is shown."""
    return f"/alerts/{quote(identifier, safe='')}"


def cap_address(identifier: str) -> str:
    """Where its bytes are."""
    return f"/cap/{quote(identifier, safe='')}"


def _count(number: int | None) -> str:
    return NOTHING if number is None else count_text(number)


@functools.cache
def _environment() -> Environment:
    environment = templates(_TEMPLATES)
    environment.filters["told"] = told
    environment.filters["count"] = _count
    environment.globals.update(
        draft_address=draft_address, alert_address=alert_address, cap_address=cap_address
    )
    return environment
