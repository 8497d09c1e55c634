"""Does a requirement apply to this system, here, on this day?

Rule 1 of a decision. A requirement is inapplicable only for a reason that somebody stated. What
was not stated leaves it applicable, with a note: nobody escapes a rule by silence.
"""

from __future__ import annotations

import datetime

from comity.claims.assessment import System
from comity.claims.country import Deployment
from comity.claims.decision import Note
from comity.claims.grounds import Ground
from comity.claims.regime import Requirement

__all__ = ["out_of_scope"]


def out_of_scope(
    requirement: Requirement, system: System, deployment: Deployment, date: datetime.date
) -> tuple[Note | None, list[Note]]:
    """Find why a requirement does not apply.

    Returns:
        The reason, or None when it applies; and notes on what was not stated.
    """
    notes: list[Note] = []
    reason = _not_in_force(requirement, deployment, date, notes)
    if reason is None:
        reason = _about_others(requirement, system, deployment, notes)
    return reason, notes


def _not_in_force(
    requirement: Requirement, deployment: Deployment, date: datetime.date, notes: list[Note]
) -> Note | None:
    if requirement.in_force_from and date < requirement.in_force_from:
        return Note(ground=Ground.NOT_YET_IN_FORCE, detail=f"from {requirement.in_force_from}")
    if requirement.in_force_until and date > requirement.in_force_until:
        return Note(ground=Ground.NO_LONGER_IN_FORCE, detail=f"until {requirement.in_force_until}")
    grace = requirement.transition
    if grace and date < grace.applies_from:
        if deployment.on_market_since is None:
            notes.append(Note(ground=Ground.MARKET_DATE_NOT_STATED, detail=""))
        elif deployment.on_market_since < grace.placed_before:
            return Note(ground=Ground.GRACE, detail=f"applies from {grace.applies_from}")
    return None


def _about_others(
    requirement: Requirement, system: System, deployment: Deployment, notes: list[Note]
) -> Note | None:
    scope = requirement.scope
    if scope.kinds and system.kind not in scope.kinds:
        return Note(ground=Ground.OTHER_KIND, detail=system.kind)
    sector = system.sector.strip().casefold()
    if scope.sectors and sector and sector not in {s.strip().casefold() for s in scope.sectors}:
        return Note(ground=Ground.OTHER_SECTOR, detail=system.sector)
    if scope.languages and system.languages and not set(scope.languages) & set(system.languages):
        return Note(ground=Ground.OTHER_LANGUAGE, detail=", ".join(system.languages)[:500])
    if scope.uses or scope.except_uses:
        if deployment.uses is None:
            notes.append(Note(ground=Ground.USE_NOT_STATED, detail=""))
            return None
        if excepted := sorted(set(scope.except_uses) & set(deployment.uses)):
            return Note(ground=Ground.EXCEPTED_USE, detail=excepted[0])
        if scope.uses and not set(scope.uses) & set(deployment.uses):
            return Note(ground=Ground.OTHER_USE, detail=", ".join(deployment.uses)[:500])
    return None
