"""How many people cannot be warned, and why, in sentences.

1. A district without a geometry, and a counted place without an area, cannot be warned.
2. A district without forecast, for a reason that the grids give, cannot be warned of anything.
3. Where channels were counted (`channel:radio` …), people whom no channel reaches cannot be warned.
   The counts do not say how channels overlap, so it is a range: nobody is reached twice, or
   everybody that can be is. Where a channel was not counted in all places of a district, or not in
   people, it may reach all others: then nobody is sure to be without.
4. Where languages were counted (`language:so` …), people whose language no alert is written in are
   told apart: they get a warning that they cannot read.
5. Nobody is named under two of the reasons 1 to 3: the first that holds counts.
6. A district whose residents nobody counted is named: the number is not known.

It says who *could* be warned; who was is found afterwards from receipts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from early_warning.people.ledger import District, Ledger

__all__ = ["Unwarned", "sentences", "unwarned"]

_CHANNEL, _LANGUAGE = "channel:", "language:"


@dataclass(frozen=True, slots=True)
class Unwarned:
    """People who cannot be warned for one reason.

    Attributes:
        low: At least so many; null where nobody counted them.
        high: At most so many.
        because: The reason, a clause.
        places: Where, as name and code.
    """

    low: int | None
    high: int | None
    because: str
    places: tuple[str, ...]


def unwarned(
    ledger: Ledger,
    no_forecast: Mapping[str, str],
    languages: Collection[str] = (),
) -> tuple[Unwarned, ...]:
    """Everybody who cannot be warned, by reason.

    Args:
        ledger: All people.
        no_forecast: Code of a district to the reason why it has no forecast.
        languages: Languages that alerts are written in; empty where that is not asked.
    """
    found: list[Unwarned] = []
    for one in ledger.stranded:
        because = f"their place has no boundary ({one.accepted})"
        found.append(Unwarned(one.residents, one.residents, because, (one.code,)))
    for district in ledger.districts:
        code, people = district.area.code, district.residents
        place = (f"{district.area.name} ({code})",)
        if district.area.shape is None:
            because = "the boundary of their district has no geometry"
            found.append(Unwarned(people, people, because, place))
        elif code in no_forecast:
            because = f"their district has no forecast: {no_forecast[code]}"
            found.append(Unwarned(people, people, because, place))
        else:
            found += _unreached(district, place)
        if languages:
            found += _unread(district, languages, place)
    return _together(found)


def _unreached(district: District, place: tuple[str, ...]) -> list[Unwarned]:
    """Rule 3."""
    channels = [one for name, one in district.groups.items() if name.startswith(_CHANNEL)]
    reach = [one.number for one in channels if one.unit == "people"]
    if not reach or district.residents is None:
        return []
    places = len(district.places)
    whole = all(one.unit == "people" and one.places == places for one in channels)
    low = max(0, district.residents - sum(reach)) if whole else 0
    high = max(0, district.residents - max(reach))
    return [Unwarned(low, high, "no channel reaches them", place)] if high else []


def _unread(
    district: District, languages: Collection[str], place: tuple[str, ...]
) -> list[Unwarned]:
    """Rule 4."""
    found = []
    for name, one in district.groups.items():
        language = name.removeprefix(_LANGUAGE)
        counted = one.number and one.unit == "people"
        if name.startswith(_LANGUAGE) and language not in languages and counted:
            because = f"no alert is written in their language ({language})"
            found.append(Unwarned(one.number, one.number, because, place))
    return found


def _together(found: list[Unwarned]) -> tuple[Unwarned, ...]:
    """One entry a reason; not known together with known is kept apart."""
    merged: dict[tuple[str, bool], Unwarned] = {}
    for one in found:
        key = (one.because, one.low is None)
        so_far = merged.get(key)
        if so_far is None:
            merged[key] = one
        elif one.low is None or one.high is None or so_far.low is None or so_far.high is None:
            merged[key] = Unwarned(None, None, one.because, so_far.places + one.places)
        else:
            merged[key] = Unwarned(
                so_far.low + one.low,
                so_far.high + one.high,
                one.because,
                so_far.places + one.places,
            )
    return tuple(merged.values())


def sentences(ledger: Ledger, reasons: tuple[Unwarned, ...]) -> tuple[str, ...]:
    """What to print: who cannot be warned, what was repaired, what was accepted.

    Names and codes are those of the files: show the sentences as text from outside.
    """
    lines = []
    for one in sorted(reasons, key=lambda one: 0 if one.high is None else -one.high):
        where = "; ".join(one.places)
        lines.append(f"{_people(one)} cannot be warned, because {one.because}: {where}.")
    if not reasons:
        lines.append(f"All {ledger.total:,} people counted can be warned{_as_far(ledger)}.")
    for district in ledger.districts:
        if district.residents is None:
            lines.append(
                f"How many people live in {district.area.name} ({district.area.code}) is not "
                f"known: {district.accepted}."
            )
        for name, count in district.groups.items():
            if name.startswith((_CHANNEL, _LANGUAGE)) and count.unit != "people":
                lines.append(
                    f"In {district.area.name} ({district.area.code}) {name} are counted in "
                    f"{count.unit}: how many people that are is not known."
                )
            if count.places < len(district.places):
                lines.append(
                    f"In {district.area.name} ({district.area.code}) {name} are counted in "
                    f"{count.places} of {len(district.places)} places."
                )
    for repair, people in ledger.repairs:
        touched = "an unknown number of people" if people is None else f"{people:,} people"
        lines.append(f"Repaired: {repair.name} ({repair.code}), {touched}: {repair.text}.")
    for left, right, share in ledger.overlaps:
        lines.append(f"{left} and {right} both claim {share:.1%} of the smaller one.")
    return tuple(lines)


def _as_far(ledger: Ledger) -> str:
    """What *can be warned* rests on, where nobody counted whom the channels reach."""
    groups = {name for district in ledger.districts for name in district.groups}
    if any(name.startswith(_CHANNEL) for name in groups):
        return ""
    return ", as far as boundaries and forecasts go: whom the channels reach was not counted"


def _people(one: Unwarned) -> str:
    if one.low is None or one.high is None:
        return "An unknown number of people"
    if one.low != one.high:
        return f"{one.low:,} to {one.high:,} people"
    return "1 person" if one.low == 1 else f"{one.low:,} people"
