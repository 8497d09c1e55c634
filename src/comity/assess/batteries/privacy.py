"""Privacy: does the system give away on whom it was trained?"""

from __future__ import annotations

from collections.abc import Iterator

from comity.assess.batteries.finding import (
    LEVEL,
    Finding,
    Subject,
    absent,
    counts,
    estimated,
)
from comity.assess.batteries.parameters import score_parameters
from comity.assess.systems.membership import FPR, SEED, Attack
from comity.assess.systems.table import Table
from comity.claims import Reason, decimal_text
from comity.statistics import auroc, tpr_at_fpr

__all__ = ["privacy"]


def privacy(table: Table) -> Iterator[Finding]:
    """The attack by the loss, and its control."""
    parameters = score_parameters(table) | {"attack": "loss below a threshold"}
    drawn = parameters | {"marks": f"drawn: md5, {SEED}"}
    attacks = table.membership
    yield from _attack(table, "membership", parameters, attacks.loss if attacks else None)
    yield from _attack(table, "control", drawn, attacks.control if attacks else None)


def _attack(
    table: Table, name: str, parameters: dict[str, str], attack: Attack | None
) -> Iterator[Finding]:
    order = Subject(f"privacy.{name}_auroc", parameters, {})
    found = Subject(
        f"privacy.{name}_tpr_at_fpr",
        parameters | {"false_positive_rate": decimal_text(FPR)},
        {},
    )
    if attack is None:
        for subject in (order, found):
            yield absent(subject, *_why(table))
        return
    members, others = attack.order.n_pos, attack.order.n_neg
    missing = Reason.NO_TRAINING_ROWS
    yield estimated(
        order, auroc(*attack.order, LEVEL), counts(members + others, 0), missing=missing
    )
    # No successes: the threshold is estimated too, so a bound from the counts would be too narrow.
    bounds = tpr_at_fpr(attack.before, members, LEVEL)
    yield estimated(found, bounds, counts(members, 0), missing=missing)


def _why(table: Table) -> tuple[Reason, str]:
    """Why there was no attack."""
    attacks = table.membership
    if table.scores is None:
        return Reason.COLUMN_NOT_GIVEN, "no score column is given"
    if table.selection == "counts":
        return Reason.ONLY_COUNTS, ""
    if attacks is None:
        return Reason.COLUMN_NOT_GIVEN, "no split column says which rows were trained on"
    if attacks.outside:
        return (
            Reason.NOT_A_PROBABILITY,
            f"{attacks.outside:,} scores of trained or evaluated rows lie below 0 or above 1",
        )
    if attacks.others == 0:
        return Reason.NO_ROWS, "no evaluated row has a score"
    if attacks.marked == 0:
        return Reason.NO_TRAINING_ROWS, ""
    return Reason.NO_ROWS, "no trained row has a score and a truth, or no mark was drawn"
