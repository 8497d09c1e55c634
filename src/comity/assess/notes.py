"""What a reader should know about the data, in sentences.

A note on a column begins, like an error, with the place: file, column and the card's field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from comity.assess.batteries.fairness import partitions
from comity.assess.systems.labels import shown
from comity.assess.systems.table import Group, Table

__all__ = ["notes"]


def notes(table: Table) -> Iterator[str]:
    """Notes on one table, the most general first."""
    yield from table.notes
    predictions = table.predictions
    if not predictions.split_rule:
        yield "The card does not say how the evaluated rows were kept apart from training."
    if predictions.id is None:
        yield "No identifier is given, so repeated rows cannot be found."
    counts = table.counts
    if table.decided and counts.invalid:
        role = "prediction" if predictions.prediction is not None else "score"
        yield (
            f"{_place(table, role)}: {counts.invalid:,} of {counts.rows:,} evaluated rows have no "
            f"{_WANTED[role]}; they count as invalid."
        )
    if table.scores is not None and table.scores.invalid and predictions.cut_off is None:
        yield (
            f"{_place(table, 'score')}: {table.scores.invalid:,} of {counts.rows:,} evaluated rows "
            f"have no {_WANTED['score']}."
        )
    positives = counts.positives + counts.invalid_positives
    if positives in (0, counts.rows):
        yield (
            f"{_place(table, 'truth')}: the truth holds one class only, so nothing that needs two "
            "can be measured."
        )
    for names in partitions(table) if table.decided else []:
        place = _place(table, *(f"group.{name}" for name in names))
        for sentence in _groups(
            " × ".join(names), table.partition(names), predictions.minimum_cell
        ):
            yield f"{place}: {sentence}"


_WANTED = {"prediction": "prediction", "score": "finite score"}


def _place(table: Table, *roles: str) -> str:
    """Where the columns that play `roles` stand: file, columns, field of the card."""
    columns = ", ".join(shown(table.predictions.columns[role]) for role in roles)
    field = "groups" if roles[0].startswith("group.") else roles[0]
    plural = "s" if len(roles) > 1 else ""
    return f"{table.name}, column{plural} {columns} (field predictions.{field})"


def _groups(partition: str, groups: tuple[Group, ...], minimum: int) -> Iterator[str]:
    unknown = sum(group.counts.rows for group in groups if not group.known)
    if unknown:
        yield (
            f"{unknown:,} rows have no value for {partition}; they are counted aside and stand in "
            "no gap or ratio."
        )
    known = [group for group in groups if group.known]
    small = [group for group in known if group.counts.rows < minimum]
    if small:
        named = ", ".join(" × ".join(shown(value) for value in group.values) for group in small[:5])
        rest = f" and {len(small) - 5:,} more" if len(small) > 5 else ""
        yield (
            f"{len(small):,} of {len(known):,} groups of {partition} have fewer than {minimum:,} "
            f"rows and are withheld: {named}{rest}."
        )
    alike = Counter(_folded(group) for group in known)
    twins = [group for group in known if alike[_folded(group)] > 1]
    if twins:
        named = ", ".join(" × ".join(shown(value) for value in group.values) for group in twins[:5])
        yield (
            f"some groups of {partition} differ in spaces or capitals alone and were kept apart: "
            f"{named}."
        )
    if len(known) == 1:
        yield f"there is one group only of {partition}, so nothing can be compared."


def _folded(group: Group) -> tuple[str, ...]:
    return tuple(" ".join(str(value).split()).casefold() for value in group.values)
