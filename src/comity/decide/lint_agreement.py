"""What is wrong or doubtful in an agreement that is well formed, in sentences for its authors.

An error means that a part of the agreement can never do what it says, or contradicts another part.
A note means that it can, and that the authors should look again.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

from comity.claims import CATALOGUE
from comity.claims.agreement import Agreement, Difference, Laboratory, Profile, Row
from comity.claims.regime import UNIT_INTERVAL
from comity.decide.doors import BINDINGS, ROLES

__all__ = ["Remark", "lint_agreement"]

Severity = Literal["error", "note"]


class Remark(NamedTuple):
    """One thing to look at: how bad, where in the agreement, and what."""

    severity: Severity
    where: str
    what: str


def lint_agreement(agreement: Agreement, date: datetime.date) -> tuple[Remark, ...]:
    """Look through an agreement as on the day `date`; errors come first."""
    remarks = [
        *_parties(agreement),
        *_dates(agreement, date),
        *_profiles(agreement),
        *(remark for row in agreement.rows for remark in _row(row, agreement)),
        *(remark for one in agreement.differences for remark in _difference(one, agreement)),
        *_conditions(agreement),
    ]
    return tuple(sorted(remarks, key=lambda remark: remark.severity))


def _error(where: str, what: str) -> Remark:
    return Remark("error", where, what)


def _note(where: str, what: str) -> Remark:
    return Remark("note", where, what)


def _parties(agreement: Agreement) -> Iterator[Remark]:
    owners: dict[str, str] = {}
    signers = [party.signer for party in agreement.parties]
    signers += [laboratory.signer for row in agreement.rows for laboratory in row.laboratories]
    for signer in signers:
        owner = owners.setdefault(signer.key, signer.origin)
        if owner != signer.origin:
            yield _error(
                "parties and laboratories",
                f"{owner} and {signer.origin} have the same key, so nobody could say who signed",
            )
    if not agreement.rows:
        yield _error("rows", "there are no rows, so the agreement recognises nothing")
        return
    named = {origin for row in agreement.rows for origin in (row.issuer, row.receiver)}
    for party in agreement.parties:
        if party.signer.origin not in named:
            yield _note("parties", f"{party.signer.origin} stands in no row")


def _dates(agreement: Agreement, date: datetime.date) -> Iterator[Remark]:
    if agreement.valid_until < date:
        yield _note("valid_until", f"it ended on {agreement.valid_until}")
    for number, rule in enumerate(agreement.grandfather, 1):
        where = f"grandfather {number}"
        if rule.counts_until < rule.started_before:
            yield _error(
                where,
                f"assessments begun before {rule.started_before} count until "
                f"{rule.counts_until}, which is earlier",
            )
        if rule.counts_until < agreement.valid_from:
            yield _error(where, f"it ended on {rule.counts_until}, before the agreement begins")
        if rule.counts_until > agreement.valid_until:
            yield _note(where, f"it outlives the agreement, which ends {agreement.valid_until}")
        if not rule.profiles:
            yield _error(where, "it names no older profile, so it lets nothing count")


def _profiles(agreement: Agreement) -> Iterator[Remark]:
    used = {row.profile for row in agreement.rows}
    used |= {name for rule in agreement.grandfather for name in rule.profiles}
    for profile in agreement.profiles:
        where = f"profile {profile.id}"
        if not profile.procedures:
            yield _error(where, "it holds no procedure, so nothing can follow it")
        if profile.exact_use and not profile.data:
            yield _error(where, "it is for exact use and pins no data, so nothing can follow it")
        if profile.data and not profile.exact_use:
            yield _error(where, "it names data, but is not for exact use, so they mean nothing")
        if profile.id not in used:
            yield _note(where, "no row and no grandfather rule names it")


def _row(row: Row, agreement: Agreement) -> Iterator[Remark]:
    where = f"row {row.id}"
    for field in ("laboratories", "procedures", "measures", "populations", "languages"):
        if not getattr(row, field):
            yield _error(where, f"`{field}` is empty, so the row covers nothing")
    for field in ("binding", "role"):
        order: tuple[str, ...] = BINDINGS if field == "binding" else ROLES
        least, cap = getattr(row, f"least_{field}"), getattr(row, f"cap_{field}")
        if order.index(cap) < order.index(least):
            yield _error(
                where,
                f"evidence must be at least `{least}`, but counts at most as `{cap}`: "
                f"`cap_{field}` is below `least_{field}`",
            )
    yield from _laboratories(row, agreement)
    yield from _values(row)
    profile = next((one for one in agreement.profiles if one.id == row.profile), None)
    if profile and row.procedures != "any" and row.procedures:
        yield from _profile_and_row(row, profile)


def _laboratories(row: Row, agreement: Agreement) -> Iterator[Remark]:
    where = f"row {row.id}"
    keys = {party.signer.origin: party.signer.key for party in agreement.parties}
    roles: dict[str, Laboratory] = {}
    for laboratory in row.laboratories:
        origin, key = laboratory.signer.origin, laboratory.signer.key
        if ROLES.index(laboratory.role) < ROLES.index(row.least_role):
            yield _error(
                where,
                f"{origin} is admitted as `{laboratory.role}`, but the row asks for "
                f"`{row.least_role}`: it can never count",
            )
        if row.receiver == origin or keys[row.receiver] == key:
            yield _error(
                where,
                f"{row.receiver} would recognise itself; its own laboratories belong in its "
                "country file, not in an agreement",
            )
        elif row.issuer == origin or keys[row.issuer] == key:
            yield _note(where, f"{row.issuer} names itself as a laboratory")
        if roles.setdefault(origin, laboratory).role != laboratory.role:
            yield _error(where, f"{origin} is admitted in two roles")


def _values(row: Row) -> Iterator[Remark]:
    where = f"row {row.id}"
    for name in row.measures:
        if name not in CATALOGUE:
            yield _note(where, f"this version of Comity knows no measure `{name}`")
    units = {CATALOGUE[name].unit for name in row.measures if name in CATALOGUE}
    if not units or not units <= UNIT_INTERVAL:
        return
    if row.range != "any" and Decimal(row.range[1]) > 1:
        yield _error(where, "the range goes beyond 1; write a percentage as a ratio, 90 % as 0.9")
    if Decimal(row.smallest_uncertainty) >= Decimal("0.5"):
        yield _error(
            where,
            f"no interval of such a measure has a half-width of {row.smallest_uncertainty}; "
            "write 2 % as 0.02",
        )


def _profile_and_row(row: Row, profile: Profile) -> Iterator[Remark]:
    if not set(row.procedures) & set(profile.procedures):
        yield _error(
            f"row {row.id}",
            f"none of its procedures is in the profile {profile.id}, so it covers nothing",
        )


def _difference(difference: Difference, agreement: Agreement) -> Iterator[Remark]:
    where = f"difference {difference.id}"
    rows = [row for row in agreement.rows if row.receiver == difference.receiver]
    if not rows:
        yield _error(where, f"nothing counts for {difference.receiver}, so it differs from nothing")
        return
    names = {row.profile for row in rows}
    procedures = {
        digest
        for profile in agreement.profiles
        if profile.id in names
        for digest in profile.procedures
    }
    if difference.old and difference.old not in procedures:
        yield _error(
            where,
            f"{difference.mode}s the procedure {difference.old[:12]}…, which is in no profile "
            f"that counts for {difference.receiver}",
        )
    if difference.new and difference.new in procedures:
        yield _error(
            where, f"the procedure {difference.new[:12]}… is in the profile already: no difference"
        )
    if not difference.reason.strip():
        yield _note(where, "it gives no reason")


def _conditions(agreement: Agreement) -> Iterator[Remark]:
    for rule in agreement.equivalence:
        where = f"equivalence {rule.comparison}"
        if Decimal(rule.margin) < 0:
            yield _error(where, "the margin is negative, so no laboratory can be equivalent")
        if rule.max_age_days == 0:
            yield _error(where, "only a comparison of the same day would count")
    if agreement.freshness.max_age_days == 0:
        yield _error("freshness", "only evidence of the same day would count")
    if agreement.log.quorum and not agreement.log.max_checkpoint_age_hours:
        yield _error("log", "it asks for witnesses, but every checkpoint is too old for it")
    if not agreement.log.quorum:
        yield _note(
            "log", "no log is asked for, so nobody will notice a withdrawal unless told of it"
        )
    if not 0 <= Decimal(agreement.spot_check_share) <= 1:
        yield _error("spot_check_share", "a share lies between 0 and 1; write 5 % as 0.05")
