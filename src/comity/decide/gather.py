"""Rules 2 and 3 of a decision: which claims are about a requirement, and which of those count.

Claims are shelved once by what they measured, so that a decision looks only at those that match;
what does not match is counted by the shelf, for the chain of reasons.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from comity.claims import Claim, Procedure
from comity.claims.country import Country
from comity.claims.decision import Exhibit
from comity.claims.grounds import Refusal
from comity.claims.regime import Requirement
from comity.claims.values import Labels
from comity.decide.admission import admit_claim, check_measured
from comity.decide.doors import Admitted, Denied, Door

__all__ = ["Counted", "Gathered", "Piece", "Shelf", "Tally", "count", "gather", "shelve"]

Tally = Counter[tuple[str, str, Denied]]
"""How many claims of which statement, by whom, were refused for which reason."""


class Piece(NamedTuple):
    """One claim of one exhibit."""

    exhibit: Exhibit
    claim: Claim

    @property
    def data(self) -> str:
        """Digest of the data that it was measured on."""
        assert self.exhibit.assessment is not None
        return self.exhibit.assessment.data.digest


class Shelf(NamedTuple):
    """The claims of one exhibit by one procedure on one population, by slice."""

    exhibit: Exhibit
    ways: tuple[Door, ...]
    procedure: Procedure
    population: Labels
    slices: dict[str, list[Piece]]


class Counted(NamedTuple):
    """A piece that was admitted, and as what."""

    piece: Piece
    admitted: Admitted


class Gathered(NamedTuple):
    """What is about a requirement.

    Attributes:
        counted: The claims that count.
        refused: How many do not, by statement and reason.
        near: Those that measured the very thing, and do not count for who made them and how.
    """

    counted: list[Counted]
    refused: Tally
    near: list[Piece]


def shelve(exhibits: Iterable[tuple[Exhibit, tuple[Door, ...]]]) -> dict[str, list[Shelf]]:
    """Sort the claims of exhibits onto shelves, by measure."""
    shelves: dict[tuple[int, str, str], Shelf] = {}
    by_measure: dict[str, list[Shelf]] = {}
    for place, (exhibit, ways) in enumerate(exhibits):
        assert exhibit.assessment is not None
        procedures = {procedure.digest: procedure for procedure in exhibit.assessment.procedures}
        for claim in exhibit.assessment.claims:
            population, part = _text(claim.population), _text(claim.slice)
            shelf = shelves.get((place, claim.procedure, population))
            if shelf is None:
                procedure = procedures[claim.procedure]
                shelf = Shelf(exhibit, ways, procedure, claim.population, {})
                shelves[(place, claim.procedure, population)] = shelf
                by_measure.setdefault(procedure.measure, []).append(shelf)
            piece = Piece(exhibit, claim)
            shelf.slices.setdefault(part, []).append(piece)
    return by_measure


def gather(
    requirement: Requirement,
    shelves: dict[str, list[Shelf]],
    *,
    country: Country,
    date: datetime.date,
) -> Gathered:
    """Find the claims about a requirement, and admit or refuse each."""
    found = Gathered([], Tally(), [])
    rule = requirement.procedure
    if rule is None:
        return found
    part = _text(requirement.slice)
    for shelf in shelves.get(rule.measure, ()):
        size = sum(map(len, shelf.slices.values()))
        # (2) by procedure, population and slice, by equality
        if difference := rule.difference(shelf.procedure):
            denied = Denied(Refusal.OTHER_PROCEDURE, f"another {difference}")
            count(found.refused, shelf.exhibit, denied, size)
            continue
        if requirement.population not in ("any", shelf.population):
            count(found.refused, shelf.exhibit, Denied(Refusal.OTHER_POPULATION), size)
            continue
        pieces = shelf.slices.get(part, [])
        count(found.refused, shelf.exhibit, Denied(Refusal.OTHER_SLICE), size - len(pieces))
        # (3) admit
        for piece in pieces:
            _admit(piece, shelf, requirement, found, country, date)
    return found


def _admit(
    piece: Piece,
    shelf: Shelf,
    requirement: Requirement,
    found: Gathered,
    country: Country,
    date: datetime.date,
) -> None:
    claim, exhibit = piece.claim, piece.exhibit
    if denied := check_measured(claim, shelf.procedure, exhibit, requirement):
        count(found.refused, exhibit, denied)
        return
    answer = admit_claim(claim, exhibit, requirement, shelf.ways, country=country, date=date)
    if isinstance(answer, Admitted):
        found.counted.append(Counted(piece, answer))
    else:
        count(found.refused, exhibit, answer)
        found.near.append(piece)


def count(refused: Tally, exhibit: Exhibit, denied: Denied, claims: int = 1) -> None:
    """Add claims of one exhibit to the tally of refusals."""
    if claims:
        refused[(exhibit.statement, exhibit.signer.origin, denied)] += claims


def _text(labels: Labels) -> str:
    return repr(sorted(labels.items()))
