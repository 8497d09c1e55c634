"""Hits, misses and false alarms, by district and window.

1. The unit is one district in one window of time, `start` to before `end`, of one hazard.
2. Whether the hazard occurred is what the observer says. A window that nobody observed is counted
   apart, never as quiet.
3. A window with an event is a *hit* if an alert that names the district was sent before the event
   began (at least `lead` before), and was in force when it began.
4. A window with an event that is no hit is a *miss*: *late* if an alert that was sent while the
   event's window lasted, or too shortly before it began, was in force in what was left of the
   window; *unwarned* otherwise.
5. A window without an event is a *false alarm* if an alert that names the district was in force in
   any part of it, and *quiet* otherwise.
6. An alert is in force from its onset, but not before it was sent, until it ended: it expired, or
   was updated or cancelled. One that was cancelled before its onset was never in force.
7. The lead time of a hit is from the sending of the earliest alert that makes it one, to when the
   event began. Where that is not known, the window's start stands for it, which is the
   shortest that the lead time can have been.
8. Where it is not known when an event began, only what is so in any case is said: it is a *hit* if
   one alert that was sent before the window was in force in all of it; *unwarned* if none was in
   force in any part; and *unclear* otherwise, which is no hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

import msgspec

from comity.errors import InputError
from early_warning.audit.rate import Rate, rate

__all__ = [
    "Outcome",
    "Score",
    "Verdict",
    "Warned",
    "Window",
    "check_window",
    "first_events",
    "score",
]

Verdict = Literal["hit", "late", "unclear", "unwarned", "false_alarm", "quiet", "unobserved"]


class Warned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An alert, as the audit needs it.

    Attributes:
        identifier: As it stands in the alert.
        districts: Codes of the districts that it names.
        languages: BCP 47 tags of its texts.
        sent, onset, ended: When it was sent, came into force, and was over.
    """

    identifier: str
    districts: frozenset[str]
    languages: frozenset[str]
    sent: datetime
    onset: datetime
    ended: datetime


class Window(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was observed in one district in one window.

    Attributes:
        district: Its code.
        start, end: The window.
        event: Whether the hazard occurred; null where nobody observed it.
        began: When it began; null where that is not known, or nothing began.
    """

    district: str
    start: datetime
    end: datetime
    event: bool | None
    began: datetime | None = None

    @property
    def beginning(self) -> datetime:
        """When the event began, as far as it is known (rule 7)."""
        return self.began or self.start


class Outcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The verdict on one window; `alerts` make it a hit or unclear, earliest first."""

    window: Window
    verdict: Verdict
    alerts: tuple[str, ...] = ()
    lead_minutes: int | None = None


class Score(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The count over all windows.

    Attributes:
        outcomes: One for each window, in the order given.
        counts: How many windows have each verdict.
        detected: Hits among all events.
        false_alarms: False alarms among all warned windows that were observed.
        leads: Lead times of the hits in whole minutes, shortest first.
    """

    outcomes: tuple[Outcome, ...]
    counts: dict[Verdict, int]
    detected: Rate
    false_alarms: Rate
    leads: tuple[int, ...]


def score(
    alerts: Sequence[Warned], windows: Iterable[Window], *, lead: timedelta = timedelta(0)
) -> Score:
    """Count hits, misses and false alarms by the rules above.

    Args:
        alerts: All alerts of one hazard; tests and exercises left out.
        windows: What was observed.
        lead: Shortest time between sending and beginning that counts as warned.

    Raises:
        InputError: a time has no zone, a window is empty, is given twice or overlaps another, or an
            event began outside its window.
    """
    windows = list(windows)
    _check(alerts, windows)
    outcomes = tuple(_judge(one, alerts, lead) for one in windows)
    counts: dict[Verdict, int] = dict.fromkeys(
        ("hit", "late", "unclear", "unwarned", "false_alarm", "quiet", "unobserved"), 0
    )
    for one in outcomes:
        counts[one.verdict] += 1
    hits, false_alarms = counts["hit"], counts["false_alarm"]
    return Score(
        outcomes=outcomes,
        counts=counts,
        detected=rate(hits, hits + counts["late"] + counts["unclear"] + counts["unwarned"]),
        false_alarms=rate(false_alarms, hits + false_alarms),
        leads=tuple(sorted(one.lead_minutes for one in outcomes if one.lead_minutes is not None)),
    )


def first_events(found: Score) -> dict[str, Outcome]:
    """District to its first window with an event; a district without one is absent."""
    first: dict[str, Outcome] = {}
    for one in sorted(found.outcomes, key=lambda outcome: outcome.window.start):
        if one.window.event:
            first.setdefault(one.window.district, one)
    return first


def _judge(window: Window, alerts: Sequence[Warned], lead: timedelta) -> Outcome:
    if window.event is None:  # rule 2
        return Outcome(window=window, verdict="unobserved")
    here = [one for one in alerts if window.district in one.districts]
    if not window.event:  # rule 5
        warned = any(_in_force(one, window.start, window.end) for one in here)
        return Outcome(window=window, verdict="false_alarm" if warned else "quiet")
    if window.began is None:
        return _whenever(window, here, lead)
    begun = window.beginning
    early = [one for one in here if one.sent < begun and one.sent <= begun - lead]
    good = [one for one in early if one.onset <= begun < one.ended]
    if good:  # rule 3
        good.sort(key=lambda one: (one.sent, one.identifier))
        return Outcome(
            window=window,
            verdict="hit",
            alerts=tuple(one.identifier for one in good),
            lead_minutes=(begun - good[0].sent) // timedelta(minutes=1),  # rule 7
        )
    late = any(_in_force(one, begun, window.end) for one in here if one not in early)  # rule 4
    return Outcome(window=window, verdict="late" if late else "unwarned")


def _whenever(window: Window, here: Sequence[Warned], lead: timedelta) -> Outcome:
    """Rule 8: an event of which nobody knows when it began."""
    spans: dict[tuple[datetime, str], list[Warned]] = {}
    for one in sorted(here, key=lambda one: one.onset):
        if _in_force(one, window.start, window.end):
            spans.setdefault((one.sent, one.identifier), []).append(one)
    sure = []
    for sent, name in sorted(spans):
        at = window.start
        for one in spans[sent, name]:
            at = max(at, one.ended) if max(one.sent, one.onset) <= at else at
        if at >= window.end and sent < window.start and sent <= window.start - lead:
            sure.append((sent, name))
    if sure:
        return Outcome(
            window=window,
            verdict="hit",
            alerts=tuple(name for _, name in sure),
            lead_minutes=(window.start - sure[0][0]) // timedelta(minutes=1),
        )
    names = tuple(name for _, name in sorted(spans))
    return Outcome(window=window, verdict="unclear" if names else "unwarned", alerts=names)


def _in_force(one: Warned, start: datetime, end: datetime) -> bool:
    """Rule 6: in any part of a span of time."""
    return max(one.sent, one.onset, start) < min(one.ended, end)


def _check(alerts: Sequence[Warned], windows: Sequence[Window]) -> None:
    times = [time for one in alerts for time in (one.sent, one.onset, one.ended)]
    times += [time for one in windows for time in (one.start, one.end, one.beginning)]
    if any(time.tzinfo is None for time in times):
        raise InputError("a time of an alert or of a window has no time zone")
    seen = set()
    for one in windows:
        check_window(one)
        if (one.district, one.start) in seen:
            raise InputError("the window is given twice", where=_name(one))
        seen.add((one.district, one.start))
    for one, after in pairwise(sorted(windows, key=lambda one: (one.district, one.start))):
        if one.district == after.district and after.start < one.end:
            raise InputError(
                f"the window overlaps the one that starts at {one.start.isoformat()}",
                where=_name(after),
                hint="What happened in both would be counted twice.",
            )


def check_window(one: Window) -> None:
    """See that a window is one, and that what began is an event inside it.

    Raises:
        InputError: it is not.
    """
    if one.end <= one.start:
        raise InputError("the window is empty: it ends before it starts", where=_name(one))
    if not one.start <= one.beginning < one.end or (one.began and not one.event):
        raise InputError("what began is not in the window, or no event", where=_name(one))


def _name(one: Window) -> str:
    return f"{one.district}, {one.start.isoformat()}"
