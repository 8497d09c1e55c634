"""Districts of a proposal as rows: what is expected there, and whom it concerns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from comity.report.numbers import count_text
from early_warning.drafts.outlook import Expectation
from early_warning.drafts.proposal import Line, Proposal
from early_warning.people import District

__all__ = ["Row", "anchor_of", "name_of", "names_of", "people_of", "row_of"]


class Row(NamedTuple):
    """One line of evidence.

    Attributes:
        name: Of the district.
        people: Who lives there, in words; empty where it is said elsewhere.
        anchor: Its name in the page; empty for none.
        colour: Shown beside the name; empty for none.
        expectation: The evidence.
    """

    name: str
    people: str
    anchor: str
    colour: str
    expectation: Expectation


def row_of(line: Line) -> Row:
    """The row of one district, with its residents and groups."""
    residents = line.residents
    people = "residents not counted" if residents is None else f"{count_text(residents)} residents"
    groups = [f"{name.replace('_', ' ')}: {number}" for name, number in line.groups.items()]
    return Row(
        name=line.name,
        people="; ".join([people, *groups]),
        anchor=anchor_of(line.expectation.district),
        colour="",
        expectation=line.expectation,
    )


def anchor_of(code: str) -> str:
    """The name of a district's row in the page: letters and digits alone, one for each code."""
    return "d-" + code.encode().hex()


def names_of(proposal: Proposal) -> dict[str, str]:
    """Code to name of the districts that a proposal knows."""
    return {line.expectation.district: line.name for line in proposal.lines}


def name_of(code: str, districts: Mapping[str, District]) -> str:
    """The name of a district; its code where there is none of this code."""
    return districts[code].area.name if code in districts else code


def people_of(codes: Collection[str], districts: Mapping[str, District]) -> str:
    """How many people live in the districts of these codes; unknown is never zero."""
    counts = [districts[code].residents if code in districts else None for code in codes]
    known = [number for number in counts if number is not None]
    unknown = len(counts) - len(known)
    if not known:
        return "residents not counted"
    total = f"{count_text(sum(known))} residents"
    if unknown:
        where = "1 district" if unknown == 1 else f"{unknown} districts"
        return f"{total}, and {where} where nobody counted"
    return total
