"""The divergence sheet: what several regimes ask for on a topic, and how they stand to each other.

`decide.across` fills it, `report.divergence_page` shows it. It is not signed.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from comity.claims.decision import Finding
from comity.claims.regime import Requirement

__all__ = ["Cell", "Relation", "Topic"]

Relation = Literal["same", "different_number", "different_object", "contradictory", "silent"]
"""How two regimes stand to each other on a topic.

`same`: one test, one mark, or none in both. `different_number`: one test, and another mark, a mark
here and none there, other counts, or stronger evidence. `different_object`: other procedures,
populations or slices, or no test in one of them. `contradictory`: one test, and no value meets
both marks. `silent`: one of the two asks for nothing.
"""


class Cell(NamedTuple):
    """What one regime asks for on a topic, and what it decided."""

    regime: str
    requirement: Requirement
    finding: Finding | None


class Topic(NamedTuple):
    """One row of the sheet.

    Attributes:
        topic: The requirements' topic; without one, the id of their measure.
        cells: The requirements, in the regimes' order.
        relations: For each pair of regimes, by their ids: how they stand to each other.
    """

    topic: str
    cells: tuple[Cell, ...]
    relations: dict[tuple[str, str], Relation]
