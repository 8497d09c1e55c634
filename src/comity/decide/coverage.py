"""Does one row of an agreement cover one claim? Measure, profile, population, range, surety."""

from __future__ import annotations

import datetime
from decimal import Decimal

from comity.claims import Assessment, Claim
from comity.claims.agreement import Agreement, Profile, Row
from comity.claims.grounds import Refusal
from comity.decide.doors import Denied

__all__ = ["covers"]


def covers(
    claim: Claim,
    assessment: Assessment,
    agreement: Agreement,
    row: Row,
    receiver: str,
    date: datetime.date,
) -> Denied | None:
    """Ask whether the row covers this claim."""
    # The receiver's published differences come before the profile that they alter.
    gone = {d.old for d in agreement.differences if d.receiver == receiver} - {""}
    added = {d.new for d in agreement.differences if d.receiver == receiver} - {""}
    if claim.procedure not in added:
        if claim.measure not in row.measures or (
            row.procedures != "any" and claim.procedure not in row.procedures
        ):
            return Denied(Refusal.MEASURE_NOT_COVERED, f"row {row.id}")
        if claim.procedure in gone:
            return Denied(Refusal.NATIONAL_DIFFERENCE)
        if denied := _profile(claim, assessment, agreement, row, date):
            return denied
    if row.populations != "any" and claim.population not in row.populations:
        return Denied(Refusal.POPULATION_NOT_COVERED, f"row {row.id}")
    if row.languages != "any" and claim.population.get("language") not in row.languages:
        return Denied(Refusal.LANGUAGE_NOT_COVERED, f"row {row.id}")
    estimate = Decimal(claim.estimate or "0")
    if row.range != "any" and not Decimal(row.range[0]) <= estimate <= Decimal(row.range[1]):
        return Denied(Refusal.OUT_OF_RANGE, f"{row.range[0]} to {row.range[1]}")
    least = Decimal(row.smallest_uncertainty)
    if least > 0:
        interval = claim.interval
        if (
            interval is None
            or interval.sides != "two"
            or Decimal(interval.level) != Decimal("0.95")
        ):
            return Denied(Refusal.NO_UNCERTAINTY, "a two-sided 95 % interval")
        if (Decimal(interval.high) - Decimal(interval.low)) / 2 < least:
            return Denied(Refusal.SURER_THAN_CLAIMABLE, f"at least ± {least}")
    return None


def _profile(
    claim: Claim, assessment: Assessment, agreement: Agreement, row: Row, date: datetime.date
) -> Denied | None:
    """Ask whether the claim follows the row's profile, or an older one that still counts."""
    if row.profile == "none":
        return None
    profiles = {profile.id: profile for profile in agreement.profiles}
    denied = _follows(claim, assessment, profiles[row.profile])
    if denied is None:
        return None
    for old in agreement.grandfather:
        started = assessment.started[:10] < old.started_before.isoformat()
        if started and date <= old.counts_until:
            for name in old.profiles:
                if _follows(claim, assessment, profiles[name]) is None:
                    return None
    return denied


def _follows(claim: Claim, assessment: Assessment, profile: Profile) -> Denied | None:
    if claim.procedure not in profile.procedures:
        return Denied(Refusal.PROFILE_NOT_FOLLOWED, profile.id)
    if profile.exact_use and assessment.data.digest not in profile.data:
        return Denied(Refusal.DATA_NOT_IN_PROFILE, profile.id)
    return None
