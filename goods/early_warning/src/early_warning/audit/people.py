"""Who was warned and who was missed, counted in people.

1. A cell is the people of one district, group and language. Cells do not overlap; their counts are
   exact, as far as the population is.
2. Exposed are the people of districts with an observed event; each counts once, by the first
   window with an event in the district.
3. Each exposed cell has one fate, the first that applies: `not_warned` (no alert, or too late),
   `no_language` (no text in their language), `no_channel` (no channel carried such an alert
   before the event), `unknown` (a channel did, and nobody knows whom it reaches), `partly_known`
   (whom at least one of them reaches is known, by a count or a survey).
4. Of the people whose fate is `partly_known`, the reached are an interval. One channel: its share
   of them. Several: nobody knows how many have both, so at least the larger and at most the sum.
   A channel of unknown reach adds nothing: unknown is never counted as reached.
5. This is *theoretical reach*: who could have got the alert. Confirmed receipts of people are
   counted beside it and never added to it.
6. Shares from a survey have Clopper and Pearson's bounds, all together at 95 % (Bonferroni).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Literal

import msgspec

from comity.errors import InputError
from comity.statistics import clopper_pearson
from early_warning.audit.events import Outcome, Score, Warned

__all__ = ["Carried", "Cell", "Confirmed", "Fate", "Line", "People", "Reach", "people"]

Fate = Literal["not_warned", "no_language", "no_channel", "unknown", "partly_known"]
ERROR = 0.05


class Cell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many people of a group live in a district and understand a language."""

    district: str
    group: str
    language: str
    people: int


class Reach(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of whom a channel reaches: `reached` of `asked` people of a group and language.

    With `survey` false, everybody was counted, and the share is exact. District null: the survey
    stands for all districts.
    """

    channel: str
    group: str
    language: str
    reached: int
    asked: int
    survey: bool = True
    district: str | None = None


class Carried(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a channel's machine confirmed an alert, and when: a receipt of the outbox."""

    identifier: str
    channel: str
    at: datetime


class Confirmed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Receipts of people: so many of a cell confirmed, through a channel, that they got it."""

    district: str
    group: str
    language: str
    channel: str
    people: int


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the account; the fates add up to `exposed`.

    Attributes:
        name: The group, the language, or `everybody`.
        exposed: People in districts with an event.
        fates: How many of them have each fate.
        reached_low, reached_high: How many of all exposed could have got it, of those whose fate
            is known.
    """

    name: str
    exposed: int
    fates: dict[Fate, int]
    reached_low: int
    reached_high: int


class ChannelLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One channel's part.

    Attributes:
        name: The channel.
        carried_to: Exposed people for whom it carried a warning in time, in their language.
        reached_low, reached_high: Of these, how many it could have reached, where that is known.
        unknown: Of these, how many live in cells where its reach is not known.
        confirmed: People who confirmed; null where the channel confirms nothing.
    """

    name: str
    carried_to: int
    reached_low: int
    reached_high: int
    unknown: int
    confirmed: int | None


class People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The account: everybody, by group, by language, by channel."""

    everybody: Line
    groups: tuple[Line, ...]
    languages: tuple[Line, ...]
    channels: tuple[ChannelLine, ...]


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """A cell with its fate, the channels that carried, and bounds of whom each reaches."""

    cell: Cell
    fate: Fate
    channels: dict[str, tuple[Fraction, Fraction] | None]

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        known = [one for one in self.channels.values() if one is not None]
        if not known:
            return Fraction(0), Fraction(0)
        total = sum((high for _, high in known), Fraction(0))
        return max(low for low, _ in known), min(total, Fraction(self.cell.people))


def people(
    found: Score,
    alerts: Sequence[Warned],
    cells: Sequence[Cell],
    carried: Iterable[Carried],
    reach: Sequence[Reach] = (),
    confirmed: Sequence[Confirmed] = (),
) -> People:
    """Account for every exposed person by the rules above.

    Raises:
        InputError: a cell or a reach is given twice, a count is none, a district with an event has
            no people, or more confirm than there are.
    """
    _check(cells, reach, confirmed)
    first: dict[str, Outcome] = {}  # rule 2
    for one in sorted(found.outcomes, key=lambda outcome: outcome.window.start):
        if one.window.event:
            first.setdefault(one.window.district, one)
    if missing := sorted(set(first) - {cell.district for cell in cells}):
        raise InputError(
            f"nobody is listed for the district {missing[0]}, where the hazard occurred",
            hint="An audit that leaves people out is none. Repair the population table.",
        )
    known = _bounds(reach)
    by_alert: dict[str, list[Carried]] = defaultdict(list)
    for receipt in carried:
        by_alert[receipt.identifier].append(receipt)
    texts = {one.identifier: one.languages for one in alerts}
    told = [
        _fate(cell, first[cell.district], texts, by_alert, known)
        for cell in cells
        if cell.district in first
    ]
    names = sorted({one.channel for receipts in by_alert.values() for one in receipts})
    return People(
        everybody=_line("everybody", told),
        groups=_lines(told, lambda cell: cell.group),
        languages=_lines(told, lambda cell: cell.language),
        channels=tuple(_channel(name, told, confirmed) for name in names),
    )


_Known = dict[tuple[str, str, str, str | None], tuple[Fraction, Fraction]]


def _fate(
    cell: Cell,
    outcome: Outcome,
    texts: dict[str, frozenset[str]],
    by_alert: dict[str, list[Carried]],
    known: _Known,
) -> _Told:
    """The fate of one cell (rule 3)."""
    if outcome.verdict != "hit":
        return _Told(cell=cell, fate="not_warned", channels={})
    spoken = [one for one in outcome.alerts if cell.language in texts[one]]
    if not spoken:
        return _Told(cell=cell, fate="no_language", channels={})
    begun = outcome.window.beginning
    channels: dict[str, tuple[Fraction, Fraction] | None] = {}
    for receipt in (one for name in spoken for one in by_alert[name] if one.at < begun):
        key = (receipt.channel, cell.group, cell.language)
        share = known.get((*key, cell.district), known.get((*key, None)))
        channels[receipt.channel] = (
            None if share is None else (share[0] * cell.people, share[1] * cell.people)
        )
    if not channels:
        return _Told(cell=cell, fate="no_channel", channels={})
    fate: Fate = "unknown" if not any(channels.values()) else "partly_known"
    return _Told(cell=cell, fate=fate, channels=channels)


def _bounds(reach: Sequence[Reach]) -> _Known:
    """Low and high share of each reach (rule 6)."""
    surveys = sum(one.survey for one in reach)
    shares: _Known = {}
    for one in reach:
        low = high = Fraction(one.reached, one.asked)
        if one.survey:
            limits = clopper_pearson(one.reached, one.asked, 1 - ERROR / surveys)
            low, high = (Fraction(float(limit)) for limit in limits)
        shares[one.channel, one.group, one.language, one.district] = (low, high)
    return shares


def _lines(told: list[_Told], of: Callable[[Cell], str]) -> tuple[Line, ...]:
    names = sorted({of(one.cell) for one in told})
    return tuple(_line(name, [one for one in told if of(one.cell) == name]) for name in names)


def _line(name: str, told: list[_Told]) -> Line:
    fates: dict[Fate, int] = dict.fromkeys(
        ("not_warned", "no_language", "no_channel", "unknown", "partly_known"), 0
    )
    for one in told:
        fates[one.fate] += one.cell.people
    return Line(
        name=name,
        exposed=sum(one.cell.people for one in told),
        fates=fates,
        reached_low=math.floor(sum((one.bounds[0] for one in told), Fraction(0))),
        reached_high=math.ceil(sum((one.bounds[1] for one in told), Fraction(0))),
    )


def _channel(name: str, told: list[_Told], confirmed: Sequence[Confirmed]) -> ChannelLine:
    here = [one for one in told if name in one.channels]
    known = [bounds for one in here if (bounds := one.channels[name]) is not None]
    heard = [one.people for one in confirmed if one.channel == name]
    return ChannelLine(
        name=name,
        carried_to=sum(one.cell.people for one in here),
        reached_low=math.floor(sum((low for low, _ in known), Fraction(0))),
        reached_high=math.ceil(sum((high for _, high in known), Fraction(0))),
        unknown=sum(one.cell.people for one in here if one.channels[name] is None),
        confirmed=sum(heard) if heard else None,
    )


def _check(cells: Sequence[Cell], reach: Sequence[Reach], confirmed: Sequence[Confirmed]) -> None:
    count = {}
    for cell in cells:
        key = (cell.district, cell.group, cell.language)
        if key in count or cell.people < 0:
            raise InputError("a cell is given twice, or is no count", where=", ".join(key))
        count[key] = cell.people
    seen = set()
    for one in reach:
        name = (one.channel, one.group, one.language, one.district)
        where = ", ".join(filter(None, name))
        if name in seen or not 0 <= one.reached <= one.asked or one.asked == 0:
            raise InputError("a reach is given twice, or is no share of people", where=where)
        seen.add(name)
    for receipt in confirmed:
        key = (receipt.district, receipt.group, receipt.language)
        if not 0 <= receipt.people <= count.get(key, 0):
            raise InputError("more people confirm than live there", where=", ".join(key))
