"""From the ledger to the people that an audit accounts for.

1. Residents are one account. Where languages were counted they are its cells, and who is in none of
   them speaks a language that is not known. Where the languages of a district add up to more than
   its residents, people were counted in several: then nobody's is known.
2. Every other group is an account of its own. Groups overlap, so they are never added up.
3. Nobody counted a group by language. But where nearly everybody speaks one language, most of the
   group must: at least group + speakers - residents of them. That holds without a guess; the
   language of the others is not known.
4. A channel that was counted (`channel:radio`) bounds its reach the same way: of a cell at least
   cell + listeners - residents, at most the smaller of the two. It is the channel whose recipient
   has this name.
5. What is counted in households or animals is no number of people, and is left out by name. So are
   districts that nobody counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from early_warning.audit.people import UNKNOWN_LANGUAGE, Cell, Reach
from early_warning.people import RESIDENTS, District, Ledger

__all__ = ["Population", "population", "reach_of"]

_LANGUAGE, _CHANNEL = "language:", "channel:"


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of an account, and the districts that are not in it.

    Attributes:
        group: `residents`, or the group that is accounted for.
        cells: Its people.
        uncounted: Districts where nobody counted it.
    """

    group: str
    cells: tuple[Cell, ...]
    uncounted: frozenset[str]


def population(ledger: Ledger) -> tuple[tuple[Population, ...], tuple[str, ...]]:
    """The accounts, residents first, and in sentences what they leave out or do not know."""
    notes: list[str] = []
    cells: defaultdict[str, list[Cell]] = defaultdict(list)
    cells[RESIDENTS] = []
    for district in ledger.districts:
        code = district.area.code
        for group, languages in _counted(district, notes).items():
            cells[group] += [
                Cell(district=code, group=group, language=language, people=number)
                for language, number in languages.items()
            ]
    lost = sum(one.residents for one in ledger.stranded)
    if lost:
        notes.append(
            f"{lost:,} people live in places without a district. They cannot be warned, and nobody "
            "can say here whether the hazard came to them."
        )
    everywhere = {one.area.code for one in ledger.districts}
    found = tuple(
        Population(
            group=group,
            cells=tuple(here),
            uncounted=frozenset(everywhere - {one.district for one in here}),
        )
        for group, here in cells.items()
    )
    return found, tuple(dict.fromkeys(notes))


def reach_of(ledger: Ledger, cells: Sequence[Cell], stated: Sequence[Reach]) -> tuple[Reach, ...]:
    """What is stated of the channels' reach, and what their counts say beside it (rule 4)."""
    said = {(one.channel, one.group, one.language, one.district) for one in stated}
    districts = {one.area.code: one for one in ledger.districts}
    found = list(stated)
    for cell in cells:
        district = districts[cell.district]
        if cell.language == UNKNOWN_LANGUAGE or not cell.people or district.residents is None:
            continue
        for name, count in district.groups.items():
            channel = name.removeprefix(_CHANNEL)
            key = (channel, cell.group, cell.language)
            if channel == name or count.unit != "people":
                continue
            if {(*key, None), (*key, cell.district)} & said:
                continue
            whole = count.places == len(district.places)
            found.append(
                Reach(
                    channel=channel,
                    group=cell.group,
                    language=cell.language,
                    reached=_both(cell.people, count.number, district.residents),
                    at_most=min(cell.people, count.number) if whole else cell.people,
                    asked=cell.people,
                    survey=False,
                    district=cell.district,
                )
            )
    return tuple(found)


def _counted(district: District, notes: list[str]) -> dict[str, dict[str, int]]:
    """Group to language to people, of one district."""
    residents, name = district.residents, f"{district.area.name} ({district.area.code})"
    if residents is None:
        notes.append(f"How many people live in {name} is not known: {district.accepted}.")
        return {}
    spoken = _spoken(district, residents, name, notes)
    counted = {RESIDENTS: _rest(spoken, residents)}
    for group, count in district.groups.items():
        if group.startswith((_LANGUAGE, _CHANNEL)):
            continue
        if count.unit != "people":
            notes.append(f"{group} are counted in {count.unit}, not in people: they are left out.")
            continue
        if count.number > residents:
            notes.append(f"In {name} more {group} are counted than residents.")
        if count.places < len(district.places):
            notes.append(
                f"In {name} {group} are counted in {count.places} of {len(district.places)} places."
            )
        sure = {
            language: _both(count.number, number, residents) for language, number in spoken.items()
        }
        counted[group] = _rest(
            {language: number for language, number in sure.items() if number}, count.number
        )
    return counted


def _spoken(district: District, residents: int, name: str, notes: list[str]) -> dict[str, int]:
    """Language to speakers; none where they are counted in several (rule 1)."""
    spoken = {
        group.removeprefix(_LANGUAGE).lower(): count.number
        for group, count in district.groups.items()
        if group.startswith(_LANGUAGE) and count.unit == "people" and count.number
    }
    if sum(spoken.values()) <= residents:
        return spoken
    notes.append(
        f"In {name} more people are counted by language than live there, so that some are counted "
        "in several: nobody's language is taken as known there."
    )
    return {}


def _both(one: int, other: int, residents: int) -> int:
    """How many must be in both, of so many residents (Fréchet's lower bound)."""
    return max(0, min(one, other, one + other - residents))


def _rest(known: dict[str, int], people: int) -> dict[str, int]:
    """The known languages, and the others: everybody is in one cell, an empty place in one too."""
    rest = people - sum(known.values())
    return known | {UNKNOWN_LANGUAGE: rest} if rest or not known else known
