"""From rows to counts: one scan of the table, then every question about it is arithmetic.

The scan groups the rows by part, groups, truth and prediction, all as they stand in the file, and
counts them. Everything else is decided on those few cells: which values are the same class, which
are missing, which group is too small. Only counts and sums of scores come out, never a row.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Literal, NamedTuple

from comity.assess.systems.card import Card
from comity.assess.systems.cells import (
    Cell,
    check_classes,
    check_groups,
    count_cells,
    evaluated_cells,
)
from comity.assess.systems.drift import Places, read_places
from comity.assess.systems.engine import Progress
from comity.assess.systems.identifiers import check_identifiers
from comity.assess.systems.labels import class_label, group_label
from comity.assess.systems.membership import Membership, read_membership
from comity.assess.systems.predictions_card import Predictions
from comity.assess.systems.scores import (
    Scores,
    check_score_type,
    read_scores,
    unreadable_score,
)
from comity.assess.systems.source import Part, Source, open_source
from comity.errors import InputError
from comity.files import digest_file

__all__ = ["Confusion", "Group", "Table", "groups_of", "read_table", "stamp"]


class Confusion(NamedTuple):
    """Rows by truth and prediction; `invalid` rows have no prediction, or none that can be read.

    Attributes:
        tn, fp, fn, tp: True negatives, false positives, false negatives, true positives.
        invalid_negatives, invalid_positives: Invalid rows whose truth is negative, or positive.
    """

    tn: int = 0
    fp: int = 0
    invalid_negatives: int = 0
    fn: int = 0
    tp: int = 0
    invalid_positives: int = 0

    def plus(self, other: Confusion) -> Confusion:
        """The rows of both."""
        return Confusion(*map(operator.add, self, other))

    @property
    def negatives(self) -> int:
        """Rows whose truth is negative and whose prediction is valid."""
        return self.tn + self.fp

    @property
    def positives(self) -> int:
        """Rows whose truth is positive and whose prediction is valid."""
        return self.fn + self.tp

    @property
    def selected(self) -> int:
        """Rows whose prediction is positive."""
        return self.fp + self.tp

    @property
    def scored(self) -> int:
        """Rows whose prediction is valid."""
        return self.negatives + self.positives

    @property
    def invalid(self) -> int:
        """Rows whose prediction is not."""
        return self.invalid_negatives + self.invalid_positives

    @property
    def rows(self) -> int:
        """All rows."""
        return self.scored + self.invalid


class Group(NamedTuple):
    """One group of a partition: its value of each group column, and its rows.

    A value is empty where the rows do not say to which group they belong.
    """

    values: tuple[str, ...]
    counts: Confusion

    @property
    def known(self) -> bool:
        """Whether the rows say to which group they belong."""
        return all(self.values)


@dataclass(frozen=True, kw_only=True)
class Table:
    """What was counted in a table of predictions.

    Attributes:
        name: Name of the file.
        digest: SHA-256 of its bytes; of a database that of queries and counts.
        selection: `file`; or `counts`, where only these left a database.
        rows: Rows in the file.
        predictions: How the table was read.
        decided: Whether there are decisions: a prediction column, or a score with a cut-off.
        cells: The evaluated rows, by every combination of group values that occurs.
        windows: The same by window in time; None without a time or without decisions.
        sites: The same by site; None without a site or without decisions.
        scores: Sums over the scores; None without a score column.
        membership: Losses of trained and evaluated rows, compared; None without split and scores,
            and where only counts left a database.
        notes: What a reader should know about the data, in sentences.
    """

    name: str
    digest: str
    selection: Literal["file", "counts"]
    rows: int
    predictions: Predictions
    decided: bool
    cells: tuple[Group, ...]
    windows: tuple[Group, ...] | None
    sites: tuple[Group, ...] | None
    scores: Scores | None
    membership: Membership | None
    notes: tuple[str, ...]

    @property
    def counts(self) -> Confusion:
        """All evaluated rows."""
        return reduce(Confusion.plus, (cell.counts for cell in self.cells))

    @property
    def evaluated(self) -> int:
        """How many rows are evaluated."""
        return self.counts.rows

    def partition(self, names: tuple[str, ...]) -> tuple[Group, ...]:
        """The groups that the group columns `names` make together, sorted by their values."""
        positions = [list(self.predictions.groups).index(name) for name in names]
        return _added_up(
            (tuple(cell.values[position] for position in positions), cell.counts)
            for cell in self.cells
        )


def read_table(card: Card, progress: Progress = lambda step, share: None) -> Table:
    """Read, check and count the table of a card.

    Args:
        card: The card, resolved.
        progress: Told what comes next, and whom to ask how far it is.

    Raises:
        InputError: the table cannot be read, does not hold what the card says, or changes
            meanwhile.
    """
    path, wanted = card.table, card.predictions
    notes: list[str] = []
    progress("reading the file's digest", None)
    digest = digest_file(path)
    before = stamp(path)
    with open_source(path, wanted.columns, card=card.path) as source:
        if wanted.score is not None:
            check_score_type(source)
        progress("counting rows", source.share)
        found = count_cells(source, wanted)
        cells, part = evaluated_cells(found, source, wanted, notes)
        check_classes(cells, part, source, wanted)
        check_groups(cells, source)
        if wanted.id is not None:
            progress("comparing identifiers", source.share)
            check_identifiers(source, part)
        places = Places()
        if wanted.decided and (wanted.time is not None or wanted.site is not None):
            progress("counting rows by time and place", source.share)
            places = read_places(source, part, wanted)
        scores = None
        if wanted.score is not None:
            progress("adding up scores", source.share)
            scores = _scores(cells, part, source, wanted)
        membership = None
        if scores is not None and wanted.split is not None:
            progress("comparing training rows with evaluated ones", source.share)
            membership = read_membership(source, found, cells, part, wanted)
    if stamp(path) != before:
        raise InputError("the table changed while it was read", where=str(path))
    return Table(
        name=path.name,
        digest=digest,
        selection="file",
        rows=sum(cell.n for cell in found),
        predictions=wanted,
        decided=wanted.decided,
        cells=groups_of(cells, wanted),
        windows=None if places.windows is None else groups_of(places.windows, wanted),
        sites=None if places.sites is None else groups_of(places.sites, wanted),
        scores=scores,
        membership=membership,
        notes=(*notes, *places.notes),
    )


def stamp(path: Path) -> tuple[int, ...]:
    """What changes when a file is written to or replaced."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _scores(cells: list[Cell], part: Part, source: Source, wanted: Predictions) -> Scores:
    if unreadable := sum(cell.unreadable for cell in cells):
        raise unreadable_score(source, part, unreadable)
    scored = sum(cell.scored for cell in cells)
    positive = {cell.truth or "" for cell in cells if class_label(cell.truth) == wanted.positive}
    return read_scores(
        source,
        part,
        sorted(positive),
        scored=scored,
        invalid=sum(cell.n for cell in cells) - scored,
        outside=sum(cell.outside for cell in cells),
    )


def groups_of(cells: list[Cell], wanted: Predictions) -> tuple[Group, ...]:
    """The evaluated rows by group, whatever way each value was written."""
    decisive = "1" if wanted.cut_off is not None else wanted.positive

    def counted(cell: Cell) -> Confusion:
        predicted = class_label(cell.prediction)
        column = 2 if predicted is None else int(predicted == decisive)
        row = int(class_label(cell.truth) == wanted.positive)
        return Confusion(*(cell.n if place == 3 * row + column else 0 for place in range(6)))

    return _added_up((tuple(map(group_label, cell.groups)), counted(cell)) for cell in cells)


def _added_up(parts: Iterable[tuple[tuple[str, ...], Confusion]]) -> tuple[Group, ...]:
    totals: dict[tuple[str, ...], Confusion] = {}
    for values, counts in parts:
        totals[values] = totals[values].plus(counts) if values in totals else counts
    return tuple(Group(values, totals[values]) for values in sorted(totals))
