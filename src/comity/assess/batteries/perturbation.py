"""Perturbation: the same rows asked again, with one thing about them disturbed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from comity.assess.batteries.finding import Finding, Subject, absent, counts, rate
from comity.assess.batteries.parameters import decision_parameters
from comity.assess.systems.table import Table
from comity.claims import Reason

if TYPE_CHECKING:
    from comity.assess.systems.model.perturb import Changes

__all__ = ["perturbation"]

_CHANGED, _WORSE = "robustness.changed_rate", "robustness.right_to_wrong_rate"


def perturbation(
    table: Table, changes: Sequence[Changes] | None, *, ran: bool
) -> Iterator[Finding]:
    """What each perturbation did to the decisions; each is a slice and a procedure of its own.

    Args:
        table: What was counted.
        changes: What each perturbation did; None where the answer is no decision.
        ran: Whether Comity ran the system.
    """
    parameters = decision_parameters(table)
    if not changes:
        if not ran:
            reason, detail = Reason.SYSTEM_NOT_RUN, ""
        elif changes is None:
            reason, detail = Reason.COLUMN_NOT_GIVEN, "neither a prediction output nor a cut-off"
        else:
            reason, detail = Reason.NOT_ASKED, ""
        for measure in (_CHANGED, _WORSE):
            yield absent(Subject(measure, parameters, {}), reason, detail)
        return
    for one in changes:
        within = parameters | one.perturbation.parameters
        place = {"perturbation": one.perturbation.words}
        for measure, changed, rows, lost in (
            (_CHANGED, one.changed, one.rows, one.lost),
            (_WORSE, one.right_changed, one.right, one.right_lost),
        ):
            subject, scored = Subject(measure, within, place), rows - lost
            if rows and not scored:
                detail = "the model gives no decision on any disturbed row"
                yield absent(subject, Reason.NO_ROWS, detail, counts(0, lost))
            else:
                yield rate(subject, changed, scored, lost, missing=Reason.NO_ROWS)
