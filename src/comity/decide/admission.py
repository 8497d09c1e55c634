"""May this claim count, for this requirement and this reader, on this day?

One pure question with one answer: `Admitted`, with the row that lets it count, or `Denied`, with
the first reason why not. It asks in the order of `Refusal`: the statement, what was measured, who
may measure for this reader, the scope of the row, its conditions. Whoever is named nowhere may not
measure: an empty policy recognises nothing, and unknown never counts as good.

One open door is enough. When none opens, the reason is that of the door nearest to opening.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from comity.claims import ASSESSMENT_TYPE, Claim, Procedure, System, measurand_digest
from comity.claims.agreement import SignedAgreement
from comity.claims.country import Country
from comity.claims.decision import Exhibit
from comity.claims.grounds import Refusal
from comity.claims.regime import Requirement
from comity.claims.standing import Standing
from comity.decide.coverage import covers
from comity.decide.doors import (
    BINDINGS,
    ROLES,
    Admitted,
    Denied,
    Door,
    age_in_days,
    doors,
    issuer_state,
)
from comity.decide.reading import MAX_GROUPS, contradiction

__all__ = [
    "BINDINGS",
    "ORDER",
    "ROLES",
    "admit",
    "admit_claim",
    "check_measured",
    "check_statement",
]

ORDER = {reason: place for place, reason in enumerate(Refusal)}
"""Place of each reason in the order in which admission asks."""

_STATES = {
    "withdrawn": Refusal.WITHDRAWN,
    "suspended": Refusal.SUSPENDED,
    "expired": Refusal.EXPIRED,
    "issuer_under_review": Refusal.ISSUER_UNDER_REVIEW,
}


def admit(
    claim: Claim,
    exhibit: Exhibit,
    requirement: Requirement,
    *,
    system: System,
    agreements: Sequence[SignedAgreement],
    standing: Standing,
    country: Country,
    date: datetime.date,
) -> Admitted | Denied:
    """Decide whether one claim counts for one requirement.

    Args:
        claim: A claim of the exhibit's assessment.
        exhibit: The verified statement that holds it.
        requirement: The requirement, which must have a procedure.
        system: The system that the reader decides about.
        agreements: Agreements whose signatures were verified; any order.
        standing: What is known of statements, authorities and comparisons.
        country: The reader.
        date: The day of the decision.
    """
    denied = check_statement(exhibit, system=system, standing=standing, date=date)
    if denied:
        return denied
    assert exhibit.assessment is not None
    procedure = next(p for p in exhibit.assessment.procedures if p.digest == claim.procedure)
    denied = check_measured(claim, procedure, exhibit, requirement)
    if denied:
        return denied
    ways = doors(
        exhibit,
        system=system, agreements=agreements, standing=standing, country=country, date=date,
    )  # fmt: skip
    return admit_claim(claim, exhibit, requirement, ways, country=country, date=date)


def check_statement(
    exhibit: Exhibit, *, system: System, standing: Standing, date: datetime.date
) -> Denied | None:
    """Ask what concerns the whole statement, whoever reads it."""
    assessment = exhibit.assessment
    if exhibit.type != ASSESSMENT_TYPE or assessment is None:
        return Denied(Refusal.NOT_A_MEASUREMENT, exhibit.type.rpartition("example/")[2])
    origin = exhibit.signer.origin
    if assessment.assessor.origin != origin:
        detail = f"measured by {assessment.assessor.origin}, signed by {origin}"
        return Denied(Refusal.SIGNER_IS_NOT_ASSESSOR, detail)
    theirs = assessment.system
    if theirs.digest != system.digest and theirs.name != system.name:
        return Denied(Refusal.OTHER_SYSTEM, f"{theirs.name[:200]} {theirs.version[:200]}")
    if assessment.started > assessment.finished:
        return Denied(Refusal.DATES_CONTRADICT, "it ended before it began")
    # One day of grace: a day ends later in the west than in the east.
    if age_in_days(assessment, date) < -1:
        return Denied(Refusal.DATES_CONTRADICT, f"it ended on {assessment.finished[:10]}")
    state = standing.statements.get(exhibit.statement, "live")
    if state != "live":
        return Denied(_STATES[state])
    return issuer_state(origin, standing)


def check_measured(
    claim: Claim, procedure: Procedure, exhibit: Exhibit, requirement: Requirement
) -> Denied | None:
    """Ask whether the claim measures what the requirement is about (rule 2: by equality)."""
    assert requirement.procedure is not None and exhibit.assessment is not None
    if claim.measure != procedure.measure:
        return Denied(Refusal.OTHER_PROCEDURE, "it names one measure and the procedure of another")
    if difference := requirement.procedure.difference(procedure):
        return Denied(Refusal.OTHER_PROCEDURE, f"another {difference}")
    if requirement.population not in ("any", claim.population):
        return Denied(Refusal.OTHER_POPULATION)
    if claim.slice != requirement.slice:
        return Denied(Refusal.OTHER_SLICE)
    if claim.status != "measured":
        return Denied(Refusal.NOT_MEASURED, claim.reason.sentence if claim.reason else "")
    data = exhibit.assessment.data.digest
    if claim.measurand != measurand_digest(claim.procedure, claim.population, data):
        return Denied(Refusal.COUNTS_CONTRADICT, "the measurand is not that of its parts")
    if len(claim.cells) > MAX_GROUPS:
        return Denied(Refusal.TOO_MANY_GROUPS, f"{len(claim.cells)}, and at most {MAX_GROUPS}")
    if wrong := contradiction(claim):
        return Denied(Refusal.COUNTS_CONTRADICT, wrong)
    if claim.judge is not None and not claim.judge.validated:
        return Denied(Refusal.JUDGE_NOT_VALIDATED, claim.judge.id)
    return None


def admit_claim(
    claim: Claim,
    exhibit: Exhibit,
    requirement: Requirement,
    ways: Sequence[Door],
    *,
    country: Country,
    date: datetime.date,
) -> Admitted | Denied:
    """Try every door; give the first that opens, or the reason of the one nearest to opening."""
    assert exhibit.assessment is not None
    nearest = Denied(Refusal.NOBODY_RECOGNISES)
    for door in ways:
        denied = door.closed
        if denied is None and door.agreement is not None and door.row is not None:
            receiver = country.authority.origin
            denied = covers(claim, exhibit.assessment, door.agreement, door.row, receiver, date)
        denied = denied or door.condition or _demands(requirement, door.admitted)
        if denied is None:
            return door.admitted
        if ORDER[denied.reason] > ORDER[nearest.reason]:
            nearest = denied
    return nearest


def _demands(requirement: Requirement, admitted: Admitted) -> Denied | None:
    """Ask whether the evidence, after caps, is as firm and independent as the requirement asks."""
    if BINDINGS.index(admitted.binding) < BINDINGS.index(requirement.least_binding):
        detail = f"{requirement.least_binding} asked for, counts as {admitted.binding}"
        return Denied(Refusal.BOUND_TOO_WEAKLY, detail)
    if ROLES.index(admitted.role) < ROLES.index(requirement.least_role):
        detail = f"{requirement.least_role} asked for, counts as {admitted.role}"
        return Denied(Refusal.ROLE_TOO_LOW, detail)
    return None
