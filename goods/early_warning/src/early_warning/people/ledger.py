"""Everybody counted lies in exactly one district, or is named as not warnable.

1. Every row of a table goes to one area: through the crosswalk where its code is there; else to the
   area with the same code; else, where `nest` says how many letters of a code name the larger area,
   to that area. Nothing is joined by resemblance of names.
2. Rows without an area, and areas without a row of residents, stop the run with the whole list.
   Somebody may accept a code by name, with a reason; the reason is then printed with every result.
3. The people of an accepted row stay in the total, and cannot be warned. The residents of an
   accepted area are not known: never zero.
4. The sum over districts and accepted rows is the sum of the table: it is checked, not assumed.
5. A group that is not counted in all places of a district says in how many it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.errors import InputError
from early_warning.people.boundaries import Area, Boundaries
from early_warning.people.shapes import Repair
from early_warning.people.tables import RESIDENTS, Count, Unit

__all__ = ["District", "GroupCount", "Ledger", "Stranded", "join"]

SHOWN = 400
"""So many unmatched codes are printed; nobody mends more by hand."""

EXAMPLES = 6


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A group in a district: how many, of what, and in how many of its places they were counted."""

    number: int
    unit: Unit
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """One area with its people.

    Attributes:
        area: The area.
        residents: Everybody who lives there; null where nobody counted.
        places: Codes of the rows that were added up: the district itself, or the smaller places in
            it.
        groups: Group to count; a group that was not counted here is absent.
        accepted: Why it is accepted that nobody counted its residents; else empty.
    """

    area: Area
    residents: int | None
    places: tuple[str, ...]
    groups: Mapping[str, GroupCount]
    accepted: str


@dataclass(frozen=True, slots=True)
class Stranded:
    """A counted place that has no area, accepted by name."""

    code: str
    residents: int
    accepted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All people of a country.

    Attributes:
        districts: In the order of the boundaries.
        stranded: Counted places without an area.
        total: Everybody counted.
        repairs: Each repair of a boundary, and how many residents it touches; null where not known.
        overlaps: Pairs of districts that both claim land, with the share of the smaller one.
        district_of: Code of a place to the code of its district.
    """

    districts: tuple[District, ...]
    stranded: tuple[Stranded, ...]
    total: int
    repairs: tuple[tuple[Repair, int | None], ...]
    overlaps: tuple[tuple[str, str, float], ...]
    district_of: Mapping[str, str]


def join(
    boundaries: Boundaries,
    counts: Iterable[Count],
    *,
    crosswalk: Mapping[str, str] | None = None,
    nest: int = 0,
    accepted: Mapping[str, str] | None = None,
) -> Ledger:
    """Join people to areas by code.

    Args:
        boundaries: The areas.
        counts: The rows of all tables.
        crosswalk: Code in a table to code of an area, where the two differ.
        nest: How many letters of a code name the larger area that it lies in; 0 if codes are equal.
        accepted: Codes that may stay unmatched, each with the reason.

    Raises:
        InputError: a code is unmatched and not accepted; nobody was counted, or residents in
            something else than people; or the crosswalk or the acceptance names a code that is not
            there.
    """
    crosswalk, accepted = crosswalk or {}, accepted or {}
    areas = {area.code: area for area in boundaries.areas}
    rows = list(counts)
    _check_named(areas, rows, crosswalk, accepted)

    def area_of(code: str) -> str | None:
        if code in crosswalk:
            return crosswalk[code]
        if code in areas:
            return code
        return code[:nest] if 0 < nest < len(code) and code[:nest] in areas else None

    inside: defaultdict[str, list[Count]] = defaultdict(list)
    lost: list[Count] = []
    for row in rows:
        home = area_of(row.code)
        if home is None:
            lost.append(row)
        else:
            inside[home].append(row)
    districts = tuple(
        _district(area, inside.get(area.code, []), accepted) for area in boundaries.areas
    )
    _stop(districts, lost, accepted, boundaries.source)
    stranded = tuple(
        Stranded(row.code, row.number, accepted[row.code]) for row in lost if row.group == RESIDENTS
    )
    total = sum(row.number for row in rows if row.group == RESIDENTS)
    if total != sum(one.residents or 0 for one in districts) + sum(
        one.residents for one in stranded
    ):
        raise InputError("the districts do not add up to the table", where=boundaries.source)
    residents = {district.area.code: district.residents for district in districts}
    return Ledger(
        districts=districts,
        stranded=stranded,
        total=total,
        repairs=tuple((repair, residents[repair.code]) for repair in boundaries.repairs),
        overlaps=boundaries.overlaps,
        district_of={row.code: home for home, members in inside.items() for row in members},
    )


def _check_named(
    areas: Mapping[str, Area],
    rows: list[Count],
    crosswalk: Mapping[str, str],
    accepted: Mapping[str, str],
) -> None:
    """A crosswalk or an acceptance that names nothing is a mistake, and hides another one."""
    tabled = {row.code for row in rows}
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if (row.code, row.group) in seen:
            raise InputError(f"{row.group!r} of {row.code!r} are counted in two tables")
        seen.add((row.code, row.group))
    if not any(row.group == RESIDENTS for row in rows):
        raise InputError(f"no table counts {RESIDENTS!r}")
    for row in rows:
        if row.group == RESIDENTS and row.unit != "people":
            raise InputError(f"the {RESIDENTS} of {row.code!r} are counted in {row.unit}")
    for code, target in crosswalk.items():
        if code not in tabled or target not in areas:
            missing = code if code not in tabled else target
            raise InputError(f"the crosswalk names {missing!r}, which is not there")
    for code, reason in accepted.items():
        if code not in tabled and code not in areas:
            raise InputError(f"{code!r} is accepted as unmatched, but it is not there")
        if not reason.strip():
            raise InputError(f"{code!r} is accepted as unmatched without a reason")


def _district(area: Area, rows: list[Count], accepted: Mapping[str, str]) -> District:
    here = [row for row in rows if row.group == RESIDENTS]
    for group in sorted({row.group for row in rows}):
        _check_whole(area, [row for row in rows if row.group == group])
    groups: dict[str, GroupCount] = {}
    for row in rows:
        if row.group == RESIDENTS:
            continue
        so_far = groups.get(row.group, GroupCount(0, row.unit, 0))
        if so_far.unit != row.unit:
            raise InputError(f"{row.group!r} is counted in {so_far.unit} and in {row.unit}")
        # A group counted for the district as a whole is counted in all of its places.
        places = len(here) if row.code == area.code else so_far.places + 1
        groups[row.group] = GroupCount(so_far.number + row.number, row.unit, places)
    return District(
        area=area,
        residents=sum(row.number for row in here) if here else None,
        places=tuple(row.code for row in here),
        groups=groups,
        accepted="" if here else accepted.get(area.code, ""),
    )


def _check_whole(area: Area, rows: list[Count]) -> None:
    """A district counted as a whole and by its parts would count its people twice."""
    if len(rows) > 1 and any(row.code == area.code for row in rows):
        raise InputError(
            f"{rows[0].group} of {area.name} ({area.code}) are counted as a whole and by its parts",
            hint="Choose the rows of one level in the table's `where`.",
        )


def _codes(districts: tuple[District, ...]) -> str:
    """What the tables' codes should look like."""
    few = ", ".join(one.area.code for one in districts[:EXAMPLES])
    more = len(districts) - EXAMPLES
    return f"Codes of the boundaries: {few}" + (f" and {more} more." if more > 0 else ".")


def _stop(
    districts: tuple[District, ...], lost: list[Count], accepted: Mapping[str, str], source: str
) -> None:
    """Rule 2."""
    problems = []
    for row in lost:
        if row.code not in accepted:
            problems.append(f"{row.code}: {row.number:,} ({row.group}) in no area")
    for one in districts:
        if one.residents is None and one.area.code not in accepted:
            problems.append(f"{one.area.code}: {one.area.name} has no row of residents")
    if problems:
        more = len(problems) - SHOWN
        told = [*problems[:SHOWN], *([f"… and {more} more"] if more > 0 else [])]
        raise InputError(
            "1 code of people or areas is unmatched"
            if len(problems) == 1
            else f"{len(problems)} codes of people or areas are unmatched",
            where=source,
            hint="\n  ".join(
                [
                    *told,
                    _codes(districts),
                    "Choose rows by the table's `where`, take letters off by its `prefix`, let "
                    "places count for their district by `nest`, give a crosswalk, or accept a "
                    "code by name with the reason. Nothing runs before.",
                ]
            ),
        )
