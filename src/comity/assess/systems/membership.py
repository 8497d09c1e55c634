"""Membership: does the loss of a row tell whether the system was trained on it?

The loss-threshold attack (Yeom et al., CSF 2018) calls a row a member where the system's loss on it
is small. For a probability the loss falls with the probability given to what happened, whichever
loss it is: −log-likelihood and |score − truth| give one and the same attack. Beside it stands a
control: marks of membership drawn by a seeded hash of the row's number, which no loss can tell.
"""

# ruff: noqa: S608  (SQL is put together from names made here; foreign text travels as parameters)

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.assess.systems.cells import Cell
from comity.assess.systems.labels import class_label
from comity.assess.systems.predictions_card import Predictions
from comity.assess.systems.scores import order_sums, score_sql
from comity.assess.systems.source import Part, Source

if TYPE_CHECKING:
    from comity.statistics import DelongSums

__all__ = ["FPR", "SEED", "Attack", "Membership", "read_membership"]

FPR = 0.01
"""False positive rate at which the attack's true positive rate is told."""
SEED = "comity 1"
"""Seed of the control's marks."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """What the attack achieves; members are the positives.

    Attributes:
        order: DeLong's sums.
        before: Members with a smaller loss than the evaluated row of each rank of
            `comity.statistics.threshold_ranks`.
    """

    order: DelongSums
    before: tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Membership:
    """Trained and evaluated rows, compared by the system's loss on them.

    Attributes:
        marked: Rows of the part that the system was trained on.
        members: Those of them with a loss: with a score, and a truth of a class that is evaluated.
        others: Evaluated rows with a loss.
        outside: Rows of both whose score is below 0 or above 1; if any, there is no loss.
        loss: The attack by the loss; None where there is no loss, or none of one of both.
        control: The same with drawn marks.
    """

    marked: int
    members: int
    others: int
    outside: int
    loss: Attack | None
    control: Attack | None


def read_membership(
    source: Source, found: list[Cell], evaluated: list[Cell], part: Part, wanted: Predictions
) -> Membership:
    """Compare the losses of rows that the system was trained on with those of evaluated rows.

    Args:
        source: The table, with a split and a score column.
        found: All cells of the table.
        evaluated: Those of the evaluated part.
        part: The evaluated rows.
        wanted: How the table is read.
    """
    classes = {class_label(cell.truth) for cell in evaluated} | {wanted.positive}
    marked = [
        cell
        for cell in found
        if (cell.split or "").strip() == wanted.train and wanted.train != wanted.evaluate
    ]
    usable = [cell for cell in marked if class_label(cell.truth) in classes]
    members = sum(cell.scored for cell in usable)
    others = sum(cell.scored for cell in evaluated)
    outside = sum(cell.outside for cell in (*usable, *evaluated))
    loss = control = None
    if members and others and not outside:
        training = Part(tuple(sorted({cell.split or "" for cell in marked})))
        truths = sorted({cell.truth or "" for cell in (*usable, *evaluated)})
        positive = [truth for truth in truths if class_label(truth) == wanted.positive]
        rows = _rows(source, training, part, truths, positive)
        loss = _attack(source, *rows)
        control = _attack(source, *_drawn(*rows, members, others))
    return Membership(
        marked=sum(cell.n for cell in marked),
        members=members,
        others=others,
        outside=outside,
        loss=loss,
        control=control,
    )


def _rows(
    source: Source, training: Part, part: Part, truths: list[str], positive: list[str]
) -> tuple[str, list[object]]:
    """SQL for rows with a loss: `s`, the probability given to what happened; `y`, 1 for members.

    The smaller the loss, the larger `s`.
    """
    score, _ = score_sql(source)
    truth = f"{source.column('truth')}::VARCHAR"
    inside, evaluated = part.sql(source)
    trained, training_parameters = training.sql(source)
    sql = (
        f"SELECT row, CASE WHEN list_contains(?, {truth}) THEN {score} ELSE 1 - {score} END AS s, "
        f"({trained})::INTEGER AS y FROM (SELECT row_number() OVER () AS row, * FROM source) "
        f"WHERE isfinite({score}) AND list_contains(?, {truth}) AND ({inside} OR {trained})"
    )
    return sql, [positive, *training_parameters, truths, *evaluated, *training_parameters]


def _drawn(
    rows: str, parameters: list[object], members: int, others: int
) -> tuple[str, list[object]]:
    """The same rows with marks drawn by a hash of their number: as many members on average."""
    sql = (
        f"SELECT s, (md5_number_lower('{SEED} ' || row::VARCHAR) % {members + others} < {members})"
        f"::INTEGER AS y FROM ({rows})"
    )
    return sql, parameters


def _attack(source: Source, rows: str, parameters: list[object]) -> Attack | None:
    from comity.statistics import threshold_ranks

    order = order_sums(source, rows, parameters)
    if order is None:
        return None
    counted = ", ".join(
        f"min(before) FILTER (others >= {rank})" for rank in threshold_ranks(order.n_neg, FPR)
    )
    (found,) = source.rows(
        f", counted AS (SELECT s, sum(y) AS p, sum(1 - y) AS n FROM ({rows}) GROUP BY s), "
        "ranked AS (SELECT sum(p) OVER larger - p AS before, sum(n) OVER larger AS others "
        f"FROM counted WINDOW larger AS (ORDER BY s DESC)) SELECT {counted} FROM ranked",
        *parameters,
    )
    low, estimate, high = (order.n_pos if count is None else int(count) for count in found)
    return Attack(order=order, before=(low, estimate, high))
