"""By which ways may the claims of one exhibit come in?

There are two kinds of door: the reader's list of own assessors, and every row of every agreement
that names the laboratory. A laboratory that is named nowhere has none. What is asked of the whole
exhibit is answered here once, for all its claims; whether a row covers one claim is in `coverage`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, get_args

from comity.claims import Assessment, Role, System
from comity.claims.agreement import Agreement, Laboratory, Row, SignedAgreement
from comity.claims.assessment import Binding
from comity.claims.country import Country
from comity.claims.decision import Exhibit
from comity.claims.grounds import Refusal
from comity.claims.standing import Standing

__all__ = [
    "BINDINGS",
    "ROLES",
    "Admitted",
    "Denied",
    "Door",
    "age_in_days",
    "binding_of",
    "doors",
    "issuer_state",
]

BINDINGS: tuple[Binding, ...] = ("declared", "endpoint", "container", "weights")
ROLES: tuple[Role, ...] = ("developer", "user", "independent", "accredited")
assert set(BINDINGS) == set(get_args(Binding)) and set(ROLES) == set(get_args(Role))


class Admitted(NamedTuple):
    """The claim counts, as evidence of this role and binding.

    `agreement` is the digest of its statement, None for an own assessor; `row` its row.
    """

    role: Role
    binding: Binding
    agreement: str | None
    row: str


class Denied(NamedTuple):
    """The claim does not count, and why."""

    reason: Refusal
    detail: str = ""


class Door(NamedTuple):
    """One way by which the claims of one exhibit may come in.

    Attributes:
        admitted: As what they count, caps applied.
        agreement, row: The row, or None for an own assessor.
        closed: Why nobody may come in here at all, or None.
        condition: Which condition of the door this exhibit misses, or None; asked after scope.
    """

    admitted: Admitted
    agreement: Agreement | None
    row: Row | None
    closed: Denied | None
    condition: Denied | None


def doors(
    exhibit: Exhibit,
    *,
    system: System,
    agreements: Sequence[SignedAgreement],
    standing: Standing,
    country: Country,
    date: datetime.date,
) -> tuple[Door, ...]:
    """Find every way by which claims of this exhibit may count for this reader."""
    assessment = exhibit.assessment
    assert assessment is not None
    found: list[Door] = []
    for laboratory in country.own_assessors:
        if laboratory.signer.origin == exhibit.signer.origin:
            found.append(_own_door(laboratory, exhibit, assessment, system, country, date))
    for signed in sorted(agreements, key=lambda signed: signed.statement):
        for row in signed.agreement.rows:
            for laboratory in row.laboratories:
                if laboratory.signer.origin != exhibit.signer.origin:
                    continue
                admitted = Admitted(
                    min(laboratory.role, assessment.assessor.role, row.cap_role, key=ROLES.index),
                    min(_binding(assessment, system), row.cap_binding, key=BINDINGS.index),
                    signed.statement,
                    row.id,
                )
                closed = _closed(signed, row, laboratory, exhibit, standing, country, date)
                condition = None
                if closed is None:
                    condition = _condition(
                        signed.agreement, row, laboratory, exhibit, system, standing, date
                    )
                found.append(Door(admitted, signed.agreement, row, closed, condition))
    return tuple(found)


def _own_door(
    laboratory: Laboratory,
    exhibit: Exhibit,
    assessment: Assessment,
    system: System,
    country: Country,
    date: datetime.date,
) -> Door:
    closed = condition = None
    if laboratory.signer != exhibit.signer:
        closed = Denied(Refusal.KEY_NOT_LISTED)
    elif assessment.system.digest != system.digest:
        condition = Denied(Refusal.MODEL_CHANGED, f"measured: {assessment.system.version[:200]}")
    elif age_in_days(assessment, date) > country.own_max_age_days:
        condition = Denied(Refusal.TOO_OLD, f"{age_in_days(assessment, date)} days")
    role = min(laboratory.role, assessment.assessor.role, key=ROLES.index)
    admitted = Admitted(role, _binding(assessment, system), None, "")
    return Door(admitted, None, None, closed, condition)


def _closed(
    signed: SignedAgreement,
    row: Row,
    laboratory: Laboratory,
    exhibit: Exhibit,
    standing: Standing,
    country: Country,
    date: datetime.date,
) -> Denied | None:
    """Ask who may measure for this reader; a laboratory cannot say so for itself."""
    agreement = signed.agreement
    if laboratory.signer != exhibit.signer:
        return Denied(Refusal.KEY_NOT_LISTED)
    parties = [party.signer for party in agreement.parties]
    if country.authority not in parties:
        return Denied(Refusal.AGREEMENT_NOT_SIGNED, "you are not a party")
    if missing := [party.origin for party in parties if party not in signed.signers]:
        return Denied(Refusal.AGREEMENT_NOT_SIGNED, f"{missing[0]} has not signed")
    if not agreement.valid_from <= date <= agreement.valid_until:
        detail = f"{agreement.valid_from} to {agreement.valid_until}"
        return Denied(Refusal.AGREEMENT_NOT_IN_FORCE, detail)
    state = standing.statements.get(signed.statement, "live")
    if state != "live":
        return Denied(Refusal.AGREEMENT_NOT_IN_FORCE, state)
    if row.receiver != country.authority.origin:
        return Denied(Refusal.OTHER_DIRECTION, f"row {row.id}")
    if issuer_state(row.issuer, standing):
        return Denied(Refusal.AGREEMENT_NOT_IN_FORCE, f"{row.issuer} is not in good standing")
    return None


def _condition(
    agreement: Agreement,
    row: Row,
    laboratory: Laboratory,
    exhibit: Exhibit,
    system: System,
    standing: Standing,
    date: datetime.date,
) -> Denied | None:
    """Ask what the agreement demands of the whole exhibit."""
    assessment = exhibit.assessment
    assert assessment is not None
    theirs = assessment.system
    if theirs.digest != system.digest:
        same_version = (theirs.name, theirs.version) == (system.name, system.version)
        if not (same_version and agreement.freshness.model_change == "same_version"):
            return Denied(Refusal.MODEL_CHANGED, f"measured: {theirs.version[:200]}")
    age = age_in_days(assessment, date)
    if age > agreement.freshness.max_age_days:
        return Denied(Refusal.TOO_OLD, f"{age} days")
    if denied := _log(agreement, exhibit, standing, date):
        return denied
    if denied := _equivalent(agreement, exhibit, standing, date):
        return denied
    # The row's own demands are of the evidence as it is, before caps.
    if BINDINGS.index(_binding(assessment, system)) < BINDINGS.index(row.least_binding):
        return Denied(Refusal.BOUND_TOO_WEAKLY, f"row {row.id} asks for {row.least_binding}")
    role = min(laboratory.role, assessment.assessor.role, key=ROLES.index)
    if ROLES.index(role) < ROLES.index(row.least_role):
        return Denied(Refusal.ROLE_TOO_LOW, f"row {row.id} asks for {row.least_role}")
    return None


def _log(
    agreement: Agreement, exhibit: Exhibit, standing: Standing, date: datetime.date
) -> Denied | None:
    if agreement.log.quorum == 0:
        return None
    if standing.checked_at is None or exhibit.statement not in standing.statements:
        return Denied(Refusal.STANDING_UNKNOWN)
    if standing.witnesses < agreement.log.quorum:
        detail = f"{standing.witnesses} of {agreement.log.quorum} witnesses"
        return Denied(Refusal.STANDING_UNKNOWN, detail)
    try:
        checked = datetime.datetime.fromisoformat(standing.checked_at)
    except ValueError:  # a moment that no calendar has
        return Denied(Refusal.STANDING_UNKNOWN, standing.checked_at)
    start = datetime.datetime.combine(date, datetime.time(), tzinfo=datetime.UTC)
    hours = (start - checked).total_seconds() / 3600
    if hours > agreement.log.max_checkpoint_age_hours:
        return Denied(Refusal.STANDING_TOO_OLD, standing.checked_at)
    return None


def _equivalent(
    agreement: Agreement, exhibit: Exhibit, standing: Standing, date: datetime.date
) -> Denied | None:
    """Ask whether recent comparisons show that the laboratory measures alike; the worst counts."""
    for asked in agreement.equivalence:
        results = [
            result
            for result in standing.comparisons
            if (result.comparison, result.statistic) == (asked.comparison, asked.statistic)
            and result.origin == exhibit.signer.origin
            and 0 <= (date - result.decided).days <= asked.max_age_days
        ]
        if not results:
            return Denied(Refusal.EQUIVALENCE_UNKNOWN, asked.comparison)
        worst = max(abs(Decimal(result.value)) for result in results)
        if worst > Decimal(asked.margin):
            return Denied(
                Refusal.NOT_EQUIVALENT, f"{asked.statistic} {worst} in {asked.comparison}"
            )
    return None


def binding_of(assessment: Assessment) -> Binding:
    """How firmly the evidence is bound to the system, whatever its card says.

    A table of answers shows what somebody wrote into it, not what the weights do: it is
    `declared`, also when the card names the digest of weights. Of a model that the laboratory ran,
    the table held the inputs (roles `input.1`, `input.2` …), and no answer.
    """
    read = assessment.data.columns.keys()
    answers = bool({"prediction", "score"} & read)
    fed = any(role.startswith("input.") for role in read)
    table = assessment.data.selection == "counts" or answers or bool(read and not fed)
    not_run = any(claim.reason == "system_not_run" for claim in assessment.claims)
    return "declared" if table or not_run else assessment.system.identity.binding


def _binding(assessment: Assessment, system: System) -> Binding:
    """As `binding_of`; of another digest, nothing but the name binds it."""
    return binding_of(assessment) if assessment.system.digest == system.digest else "declared"


def age_in_days(assessment: Assessment, date: datetime.date) -> int:
    """Days from the end of the assessment; negative when it lies after `date`."""
    try:
        finished = datetime.date.fromisoformat(assessment.finished[:10])
    except ValueError:  # a day that no calendar has
        return -1_000_000
    return (date - finished).days


def issuer_state(origin: str, standing: Standing) -> Denied | None:
    """Ask whether an authority is in good standing."""
    state = standing.issuers.get(origin, "live")
    if state == "live":
        return None
    if state == "issuer_under_review":
        return Denied(Refusal.ISSUER_UNDER_REVIEW, origin)
    return Denied(Refusal.ISSUER_NOT_LIVE, f"{origin} is {state}")
