"""Which claims stand together: those of one risk, one partition into groups, one measure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from comity.claims import CATALOGUE, Assessment, Claim
from comity.report.assessment_words import FORECAST
from comity.report.foreign import foreign
from comity.report.numbers import NOTHING
from comity.report.question_words import LANGUAGES

__all__ = [
    "Panel",
    "is_of_forecast",
    "label_of",
    "panels_of",
    "partition_name",
    "risk_of",
    "worst_first",
]


class Panel(NamedTuple):
    """Claims on one partition, for instance *by sex*, or *by age and sex*.

    Attributes:
        partition: Names of the columns that make the groups, sorted; empty for all rows.
        groups: Claims on single groups, by measure, worst first.
        gaps: Claims that compare the groups by a difference.
        ratios: Claims that compare the groups by a ratio.
    """

    partition: tuple[str, ...]
    groups: dict[str, list[Claim]]
    gaps: list[Claim]
    ratios: list[Claim]


def risk_of(claim: Claim) -> str:
    """The part of a measure's id before its first dot."""
    return claim.measure.partition(".")[0]


def is_of_forecast(claim: Claim) -> bool:
    """Whether a claim is about a forecast, which has sections of its own."""
    return claim.measure.startswith(FORECAST)


def panels_of(assessment: Assessment, risk: str) -> list[Panel]:
    """The claims of one risk by partition: all rows first, then single columns, then several."""
    panels: dict[tuple[str, ...], Panel] = {}
    for claim in assessment.claims:
        if risk_of(claim) != risk:
            continue
        partition = _partition(claim)
        panel = panels.setdefault(partition, Panel(partition, {}, [], []))
        if claim.slice or not claim.cells:
            panel.groups.setdefault(claim.measure, []).append(claim)
        elif claim.measure.endswith("_gap"):
            panel.gaps.append(claim)
        else:
            panel.ratios.append(claim)
    for panel in panels.values():
        for measure, claims in panel.groups.items():
            panel.groups[measure] = worst_first(claims)
    return sorted(panels.values(), key=lambda panel: len(panel.partition))


def worst_first(claims: list[Claim]) -> list[Claim]:
    """Claims of one measure by its direction; those without a number last."""

    def place(claim: Claim) -> tuple[bool, Decimal]:
        value = Decimal(claim.estimate or 0)
        measure = CATALOGUE.get(claim.measure)
        falling = measure is not None and measure.direction == "lower"
        return claim.estimate is None, -value if falling else value

    return sorted(claims, key=place)


def label_of(labels: Mapping[str, str]) -> Markup:
    """The values of a slice: `60 to 69 · female`."""
    return Markup(" · ").join(
        foreign(_named(key, labels[key]) or NOTHING) for key in sorted(labels)
    )


def _named(key: str, value: str) -> str:
    return LANGUAGES.get(value, value) if key == "language" else value


def partition_name(partition: tuple[str, ...]) -> Markup:
    """The columns of a partition: `age and sex`."""
    return Markup(" and ").join(foreign(column) for column in partition)


def _partition(claim: Claim) -> tuple[str, ...]:
    if claim.slice or not claim.cells:
        return tuple(sorted(claim.slice))
    return tuple(sorted(claim.cells[0].slice))
