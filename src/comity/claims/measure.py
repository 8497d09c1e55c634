"""A measure: a defined quantity, with what it shows and what it does not."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal

import msgspec

__all__ = ["AS_PREDICTED", "BY_CUT_OFF", "DECISIONS", "Direction", "Measure"]

Direction = Literal["higher", "lower", "neither"]

AS_PREDICTED, BY_CUT_OFF = "as predicted", "score >= cut_off"
DECISIONS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {AS_PREDICTED: (), BY_CUT_OFF: ("cut_off",)}
)
"""What the parameter `decision` says, and the further parameters that a procedure then has."""


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry of the measure catalogue.

    Attributes:
        id: Risk and name, for instance `fairness.selection_rate_gap`.
        version: Raised whenever the formula changes; part of the procedure's digest.
        title: What a reader sees.
        unit: `rate`, `ratio`, `difference`, `probability`, `nat`, `second`, `joule` …
        direction: Which way is better; `neither` where that depends on the case.
        formula: The quantity in one line.
        interval: How its interval is calculated, or why it has none.
        source: Where the formula comes from.
        parameters: What its procedures fix, by name; some may be absent from some of them. With
            `decision` come those that `DECISIONS` names.
        shows: One sentence for a reader who knows no statistics.
        does_not_show: What a reader must not conclude from it.
    """

    id: str
    version: int
    title: str
    unit: str
    direction: Direction
    formula: str
    interval: str
    source: str
    parameters: tuple[str, ...]
    shows: str
    does_not_show: str

    @property
    def risk(self) -> str:
        """The part of the id before the first dot: the battery that measures it."""
        return self.id.partition(".")[0]
