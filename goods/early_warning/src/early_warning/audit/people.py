"""Who was warned and who was missed, counted in people.

1. A cell is the people of one district, group and language. Cells do not overlap; their counts are
   exact, as far as the population is.
2. Exposed are the people of districts with an observed event; each counts once, by the first
   window with an event in the district.
3. Each exposed cell has one fate, the first that applies: `not_warned` (no alert, or too late),
   `no_language` (no text in their language), `no_channel` (no channel carried such an alert
   before the event), `unclear` (an alert was in force for a part of the time in which the event can
   have begun), `language_unknown` (nobody counted what they understand, so that no text is
   known to be theirs), `unknown` (a channel carried it, and nobody knows whom it reaches),
   `partly_known` (whom at least one of them reaches is known, by a count or a survey).
4. Of the people whose fate is `partly_known`, the reached are an interval. One channel: its share
   of them. Several: nobody knows how many have both, so at least the larger and at most the sum.
   A channel of unknown reach adds nothing: unknown is never counted as reached.
5. This is *theoretical reach*: who could have got the alert. Confirmed receipts of people are
   counted beside it and never added to it.
6. Shares from a survey have Clopper and Pearson's bounds, all together at 95 % (Bonferroni). Of a
   count of the whole country nobody knows in which districts the reached live: in a district are
   at most all of them, and at least those whom the rest of the country cannot hold (Fréchet's
   bounds). The same holds where others were counted than live there by the tables.
7. A district with an event whose people nobody counted stops the account, unless the reader is told
   of it by name: then it is listed, and is in no number.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Literal, get_args

import msgspec

from comity.errors import InputError
from comity.statistics import clopper_pearson
from early_warning.audit.events import Outcome, Score, Warned, first_events

__all__ = [
    "FATES",
    "UNKNOWN_LANGUAGE",
    "Carried",
    "Cell",
    "ChannelLine",
    "Confirmed",
    "Fate",
    "Line",
    "People",
    "Reach",
    "people",
]

Fate = Literal[
    "not_warned",
    "no_language",
    "no_channel",
    "unclear",
    "language_unknown",
    "unknown",
    "partly_known",
]
FATES: tuple[Fate, ...] = get_args(Fate)
MISSED: tuple[Fate, ...] = ("not_warned", "no_language", "no_channel")
UNKNOWN_LANGUAGE = "und"
"""BCP 47's tag for a language that was not determined."""
ERROR = 0.05


class Cell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many people of a group live in a district and understand a language (or `und`)."""

    district: str
    group: str
    language: str
    people: int


class Reach(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of whom a channel reaches: `reached` of `asked` people of a group and language.

    With `survey` false, everybody was counted: so many are reached or, where the counts only bound
    it, at least `reached` and at most `at_most`. District null: a survey of all districts, which is
    taken to hold in each of them; or a count of the whole country, which says only how many of a
    district must be, and can be, among the reached (rule 6).
    """

    channel: str
    group: str
    language: str
    reached: int
    asked: int
    survey: bool = True
    district: str | None = None
    at_most: int | None = None


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
        name: The group, the language, the district's code, or `everybody`.
        exposed: People in districts with an event.
        fates: How many of them have each fate.
        reached_low, reached_high: How many of all exposed could have got it, of those whose fate
            is known.
        beyond: How many none of their channels reaches, where the reach of each is known.
    """

    name: str
    exposed: int
    fates: dict[Fate, int]
    reached_low: int
    reached_high: int
    beyond: int

    @property
    def missed(self) -> int:
        """How many got no warning in time that they understand, by a channel that reaches them."""
        return sum(self.fates[one] for one in MISSED) + self.beyond

    @property
    def unknown(self) -> int:
        """Of how many nobody can say whether they did."""
        return self.exposed - self.missed - self.reached_high


class ChannelLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One channel's part.

    Attributes:
        name: The channel.
        carried_to: Exposed people for whom it carried a warning in time, in their language.
        reached_low, reached_high: Of these, how many it could have reached, where that is known.
        unknown: Of these, how many live in cells where its reach is not known.
        confirmed: Exposed people who confirmed; null where the channel confirms nothing.
    """

    name: str
    carried_to: int
    reached_low: int
    reached_high: int
    unknown: int
    confirmed: int | None


class People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The account: everybody, by group, by language, by district, by channel.

    Attributes:
        uncounted: Districts with an event whose people nobody counted (rule 7).
    """

    everybody: Line
    groups: tuple[Line, ...]
    languages: tuple[Line, ...]
    districts: tuple[Line, ...]
    channels: tuple[ChannelLine, ...]
    uncounted: tuple[str, ...] = ()


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

    @property
    def beyond(self) -> Fraction:
        """Whom no channel reaches; nobody, while one of them may reach anybody."""
        if self.fate != "partly_known" or None in self.channels.values():
            return Fraction(0)
        return self.cell.people - self.bounds[1]


def people(
    found: Score,
    alerts: Sequence[Warned],
    cells: Sequence[Cell],
    carried: Iterable[Carried],
    reach: Sequence[Reach] = (),
    confirmed: Sequence[Confirmed] = (),
    *,
    uncounted: Collection[str] = (),
) -> People:
    """Account for every exposed person by the rules above.

    Args:
        found: What came true.
        alerts: Those that `found` counted.
        cells: All people.
        carried: What channels confirmed.
        reach: What is known of them.
        confirmed: What people confirmed.
        uncounted: Districts that may be without cells (rule 7).

    Raises:
        InputError: a cell or a reach is given twice, a count is none, a district with an event has
            no people, or more confirm than there are.
    """
    _check(cells, reach, confirmed)
    first = first_events(found)  # rule 2
    without = set(first) - {cell.district for cell in cells}
    if missing := sorted(without - set(uncounted)):
        raise InputError(
            f"nobody is listed for the district {missing[0]}, where the hazard occurred",
            hint="An audit that leaves people out is none. Repair the population table.",
        )
    known = _bounds(reach, cells)
    by_alert: dict[str, list[Carried]] = defaultdict(list)
    for receipt in carried:
        by_alert[receipt.identifier].append(receipt)
    texts = {one.identifier: one.languages for one in alerts}
    told = [
        _fate(cell, first[cell.district], texts, by_alert, known)
        for cell in cells
        if cell.district in first
    ]
    exposed = {(one.cell.district, one.cell.group, one.cell.language) for one in told}
    heard = [one for one in confirmed if (one.district, one.group, one.language) in exposed]
    names = sorted(
        {one.channel for receipts in by_alert.values() for one in receipts}
        | {one.channel for one in heard}
    )
    return People(
        everybody=_line("everybody", told),
        groups=_lines(told, lambda cell: cell.group),
        languages=_lines(told, lambda cell: cell.language),
        districts=_lines(told, lambda cell: cell.district),
        channels=tuple(_channel(name, told, heard) for name in names),
        uncounted=tuple(sorted(without)),
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
    if outcome.verdict not in ("hit", "unclear"):
        return _Told(cell=cell, fate="not_warned", channels={})
    undetermined = cell.language == UNKNOWN_LANGUAGE
    spoken = [one for one in outcome.alerts if undetermined or cell.language in texts[one]]
    if not spoken:
        return _Told(cell=cell, fate="no_language", channels={})
    unclear = outcome.verdict == "unclear"
    begun = outcome.window.end if unclear else outcome.window.beginning
    channels: dict[str, tuple[Fraction, Fraction] | None] = {}
    for receipt in (one for name in spoken for one in by_alert[name] if one.at < begun):
        key = (receipt.channel, cell.group, cell.language)
        share = known.get((*key, cell.district), known.get((*key, None)))
        channels[receipt.channel] = (
            None if share is None else (share[0] * cell.people, share[1] * cell.people)
        )
    if not channels:
        return _Told(cell=cell, fate="no_channel", channels={})
    if unclear:
        return _Told(cell=cell, fate="unclear", channels={})
    fate: Fate = "partly_known" if any(channels.values()) else "unknown"
    if undetermined:
        return _Told(cell=cell, fate="language_unknown", channels=dict.fromkeys(channels))
    return _Told(cell=cell, fate=fate, channels=channels)


def _bounds(reach: Sequence[Reach], cells: Sequence[Cell]) -> _Known:
    """Low and high share of each reach (rule 6)."""
    surveys = sum(one.survey for one in reach)
    shares: _Known = {}
    alike: defaultdict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        alike[cell.group, cell.language].append(cell)
    # What is known of a district goes before what is known of all.
    for one in sorted(reach, key=lambda one: one.district is not None):
        if one.survey:
            limits = clopper_pearson(one.reached, one.asked, 1 - ERROR / surveys)
            low, high = (Fraction(float(limit)) for limit in limits)
            shares[one.channel, one.group, one.language, one.district] = (low, high)
            continue
        here = alike[one.group, one.language]
        here = [cell for cell in here if one.district in (None, cell.district)]
        people = sum(cell.people for cell in here)
        for cell in here:
            elsewhere = max(one.asked, people) - cell.people
            most = one.reached if one.at_most is None else one.at_most
            most += max(0, people - one.asked)  # whom nobody counted may be reached
            shares[one.channel, one.group, one.language, cell.district] = (
                Fraction(max(0, one.reached - elsewhere), max(1, cell.people)),
                Fraction(min(cell.people, most), max(1, cell.people)),
            )
    return shares


def _lines(told: list[_Told], of: Callable[[Cell], str]) -> tuple[Line, ...]:
    names = sorted({of(one.cell) for one in told})
    return tuple(_line(name, [one for one in told if of(one.cell) == name]) for name in names)


def _line(name: str, told: list[_Told]) -> Line:
    fates: dict[Fate, int] = dict.fromkeys(FATES, 0)
    for one in told:
        fates[one.fate] += one.cell.people
    return Line(
        name=name,
        exposed=sum(one.cell.people for one in told),
        fates=fates,
        reached_low=math.floor(sum((one.bounds[0] for one in told), Fraction(0))),
        reached_high=math.ceil(sum((one.bounds[1] for one in told), Fraction(0))),
        beyond=math.floor(sum((one.beyond for one in told), Fraction(0))),
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
        most = one.reached if one.at_most is None else one.at_most
        if name in seen or not 0 <= one.reached <= most <= one.asked or one.asked == 0:
            raise InputError("a reach is given twice, or is no share of people", where=where)
        seen.add(name)
    told = set()
    for receipt in confirmed:
        key = (receipt.district, receipt.group, receipt.language)
        if (*key, receipt.channel) in told:
            raise InputError("receipts of people are given twice", where=", ".join(key))
        told.add((*key, receipt.channel))
        if not 0 <= receipt.people <= count.get(key, 0):
            raise InputError("more people confirm than live there", where=", ".join(key))
