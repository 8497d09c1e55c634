"""Fairness: are groups treated alike, and how sure is that?

Each group column makes one partition, and all of them together make one more. In each partition,

- a rate is published for a group when its own denominator reaches the minimum cell;
- what is withheld shows no count either: a small group's numbers can say who is in it;
- gaps, ratios and impact ratios compare the published groups, never one whose rows do not say
  to which group they belong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from comity.assess.batteries.finding import LEVEL, Finding, Subject, absent, counts, estimated, rate
from comity.assess.batteries.parameters import compared_parameters
from comity.assess.systems.table import Confusion, Group, Table
from comity.claims import Cell, Reason
from comity.claims.values import Labels
from comity.statistics import gap, impact_ratios, ratio

__all__ = ["RATES", "Rate", "fairness", "partitions"]


class Rate(NamedTuple):
    """Successes, trials, and invalid rows that belong to the trials, or may."""

    successes: int
    trials: int
    invalid: int


RATES: dict[str, Callable[[Confusion], Rate]] = {
    "selection_rate": lambda rows: Rate(rows.selected, rows.scored, rows.invalid),
    "tpr": lambda rows: Rate(rows.tp, rows.positives, rows.invalid_positives),
    "fpr": lambda rows: Rate(rows.fp, rows.negatives, rows.invalid_negatives),
    "ppv": lambda rows: Rate(rows.tp, rows.selected, rows.invalid),
}


def partitions(table: Table) -> list[tuple[str, ...]]:
    """Each group column by itself, and all of them together where there are several."""
    names = tuple(table.predictions.groups)
    return [(name,) for name in names] + ([names] if len(names) > 1 else [])


def fairness(table: Table) -> Iterator[Finding]:
    """All measures of fairness, for every partition."""
    parameters = compared_parameters(table)
    if not table.decided or not table.predictions.groups:
        missing = "group column" if table.decided else "prediction column or cut-off"
        per_rate = (f"{name}{what}" for what in ("", "_gap", "_ratio") for name in RATES)
        for name in (*per_rate, "impact_ratio"):
            subject = Subject(f"fairness.{name}", parameters, {})
            yield absent(subject, Reason.COLUMN_NOT_GIVEN, f"no {missing} is given")
        return
    for names in partitions(table):
        groups = table.partition(names)
        within = parameters | {"partition": " × ".join(names)}
        for name, of in RATES.items():
            yield from _partition(name, of, names, groups, within, table.predictions.minimum_cell)


def _partition(
    name: str,
    of: Callable[[Confusion], Rate],
    names: tuple[str, ...],
    groups: tuple[Group, ...],
    parameters: Labels,
    minimum: int,
) -> Iterator[Finding]:
    """One rate in one partition: groups, gap, ratio; for the selection rate impact ratios too."""
    published: list[tuple[Labels, Rate]] = []
    impact = "fairness.impact_ratio" if name == "selection_rate" else None
    for group in groups:
        place = dict(zip(names, group.values, strict=True))
        subject = Subject(f"fairness.{name}", parameters, place)
        found = of(group.counts)
        withheld = _withheld(group, found, minimum)
        if withheld is None:
            published.append((place, found))
            yield rate(subject, *found, missing=Reason.NO_DENOMINATOR)
            continue
        for measure in filter(None, (subject.measure, impact)):
            yield absent(Subject(measure, parameters, place), *withheld)
    yield from _compared(name, impact, published, parameters)


def _withheld(group: Group, found: Rate, minimum: int) -> tuple[Reason, str] | None:
    if not group.known:
        return Reason.GROUP_UNKNOWN, "the rows have no value in a group column"
    if group.counts.rows >= minimum and found.trials == 0:
        return Reason.NO_DENOMINATOR, ""
    if found.trials < minimum:
        return Reason.GROUP_TOO_SMALL, f"fewer than {minimum:,} rows in the denominator; withheld"
    return None


def _compared(
    name: str, impact: str | None, published: list[tuple[Labels, Rate]], parameters: Labels
) -> Iterator[Finding]:
    subjects = [Subject(f"fairness.{name}_{what}", parameters, {}) for what in ("gap", "ratio")]
    if len(published) < 2:
        for subject in subjects:
            yield absent(subject, Reason.ONE_GROUP_ONLY)
        for place, _ in published if impact else []:
            yield absent(Subject(impact or "", parameters, place), Reason.ONE_GROUP_ONLY)
        return
    successes = [found.successes for _, found in published]
    trials = [found.trials for _, found in published]
    cells = tuple(
        Cell(slice=place, scored=found.trials, successes=found.successes)
        for place, found in published
    )
    numbers = counts(sum(trials), sum(found.invalid for _, found in published))
    detail = "the rate is zero in every group"
    for subject, compare in zip(subjects, (gap, ratio), strict=True):
        yield estimated(
            subject,
            compare(successes, trials, LEVEL),
            numbers,
            missing=Reason.NOBODY_SELECTED,
            detail=detail,
            cells=cells,
        )
    if impact is None:
        return
    highest = max(cells, key=lambda cell: cell.successes / cell.scored)
    for cell, (place, found), bounds in zip(
        cells, published, impact_ratios(successes, trials, LEVEL), strict=True
    ):
        yield estimated(
            Subject(impact, parameters, place),
            bounds,
            counts(found.trials, found.invalid),
            missing=Reason.NOBODY_SELECTED,
            detail=detail,
            cells=(cell,) if cell is highest else (cell, highest),
        )
