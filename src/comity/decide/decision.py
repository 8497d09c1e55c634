"""Decide: the verdicts of one regime on one system, from measurements that others made.

For each requirement of the flat regime, on the day of the decision:

1. Not in scope, or not in force: `not_applicable`, with the reason.
2. Gather claims by procedure, population and slice, by equality. A superset is no evidence.
3. Admit: drop what is not in standing, covered by no row and no own assessor, too old, bound too
   weakly, of a laboratory that is suspended or not equivalent, or no measurement; each with its
   reason (`decide.admission`).
4. Not decidable by machine, or its number was never read in the source text and no authority has
   adopted it: `needs_judgement`, the evidence attached, never in the delta.
5. None left: `not_tested`, into the delta.
6. Several claims, also of one laboratory: the worst verdict counts, unless its author signed that
   another supersedes it. A fresh sample, which an own assessor ran for an earlier delta, replaces
   foreign claims that meet the same rule of procedure, on the same population and slice; it is
   never pooled with them.
7. Fewer items than the regime, or the delta that was run, asks for: `not_tested`.
8. The denominator is *planned*: invalid and errored items count against the system. Value and
   one-sided 95 % bound, recomputed from the counts, meet the mark: `satisfied`; only the value:
   `marginal`; else `not_satisfied`. Where the regime defines the count as the test, the count
   decides and the bound is a note.

There is no overall score. No clock, no file, no network: the same inputs give the same bytes, in
whatever order they are given.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from comity.claims import CATALOGUE, Claim, System
from comity.claims.agreement import SignedAgreement
from comity.claims.country import Country, Deployment
from comity.claims.decision import (
    Decision,
    Delta,
    Exhibit,
    Finding,
    Inputs,
    Note,
    RegimeReference,
    SetAside,
    Verdict,
)
from comity.claims.grounds import Ground, Refusal
from comity.claims.regime import Mark, Requirement
from comity.claims.standing import Standing
from comity.claims.values import Labels
from comity.decide.admission import check_statement
from comity.decide.chain import finding, notes_on_all, remarks, savings, signed_by, used_claim
from comity.decide.delta import plan_delta
from comity.decide.doors import Denied, Door, doors
from comity.decide.gather import Counted, Piece, Shelf, count, gather, shelve
from comity.decide.reading import Reading, read
from comity.decide.regime import ResolvedRegime
from comity.decide.scope import out_of_scope

__all__ = ["decide"]

WORST_FIRST: tuple[Verdict, ...] = ("not_satisfied", "marginal", "satisfied")


class _Desk(NamedTuple):
    """What all requirements of one decision share."""

    system: System
    resolved: ResolvedRegime
    country: Country
    deployment: Deployment
    deltas: dict[str, Delta]
    date: datetime.date
    shelves: dict[str, list[Shelf]]


def decide(
    system: System,
    resolved: ResolvedRegime,
    exhibits: Sequence[Exhibit],
    *,
    agreements: Sequence[SignedAgreement],
    standing: Standing,
    country: Country,
    deployment: Deployment,
    deltas: Sequence[Delta] = (),
    date: datetime.date,
) -> Decision:
    """Decide about `system` by one regime.

    Args:
        system: The system.
        resolved: The regime, from `resolve`.
        exhibits: Verified statements, in any order; whatever does not count is set aside.
        agreements: Agreements whose signatures were verified.
        standing: What is known of statements, authorities and comparisons.
        country: The reader.
        deployment: How the system is used here, as far as stated.
        deltas: Deltas that earlier decisions left, for which own assessors may have run tests.
        date: The day of the decision.
    """
    laid = sorted({_order(exhibit): exhibit for exhibit in exhibits}.items())
    set_aside: list[SetAside] = []
    open_to: list[tuple[Exhibit, tuple[Door, ...]]] = []
    for _, exhibit in laid:
        denied = check_statement(exhibit, system=system, standing=standing, date=date)
        if denied or exhibit.assessment is None:
            reason, detail = denied or Denied(Refusal.NOT_A_MEASUREMENT)
            set_aside.append(
                SetAside(
                    statement=exhibit.statement,
                    signer=exhibit.signer.origin,
                    reason=reason,
                    detail=detail[:500],
                )
            )
            continue
        ways = doors(
            exhibit,
            system=system, agreements=agreements, standing=standing, country=country, date=date,
        )  # fmt: skip
        open_to.append((exhibit, ways))

    known = {delta.digest: delta for delta in deltas if delta.system == system.digest}
    desk = _Desk(system, resolved, country, deployment, known, date, shelve(open_to))
    findings = tuple(_find(requirement, desk) for requirement in resolved.regime.requirements)
    regime = resolved.regime
    return Decision(
        authority=country.authority.origin,
        jurisdiction=country.jurisdiction,
        system=system,
        deployment=deployment,
        regime=RegimeReference(
            id=regime.id,
            version=regime.version,
            title=regime.title,
            jurisdiction=regime.jurisdiction,
            fictional=regime.fictional,
            base=resolved.base,
            flat=regime.digest,
        ),
        decided=date,
        inputs=Inputs(
            exhibits=signed_by((one.statement, (one.signer,)) for one in exhibits),
            agreements=signed_by((one.statement, one.signers) for one in agreements),
            overlays=resolved.overlays,
            deltas=tuple(sorted({delta.digest for delta in deltas})),
            country=country.digest,
            standing=standing.digest,
        ),
        findings=findings,
        set_aside=tuple(set_aside),
        delta=plan_delta(
            findings,
            resolved,
            [exhibit for exhibit, _ in open_to],
            system=system,
            budget=country.budget,
            date=date,
        ),
        savings=savings(findings, [exhibit for exhibit, _ in open_to]),
        notes=tuple(notes_on_all(resolved, agreements, country, standing)),
    )


def _find(requirement: Requirement, desk: _Desk) -> Finding:
    """Decide about one requirement."""
    # (1) in scope, and in force
    outside, notes = out_of_scope(requirement, desk.system, desk.deployment, desk.date)
    if outside:
        return finding(requirement, "not_applicable", outside.ground, detail=outside.detail)

    # (2) gather and (3) admit
    counted, refused, near = gather(requirement, desk.shelves, country=desk.country, date=desk.date)

    # (4) for a person to judge
    mark, adopted = requirement.mark, desk.resolved.adopted.get(requirement.id)
    if mark and adopted:
        notes.append(Note(ground=Ground.ADOPTED, detail=f"overlay {adopted[:12]}"))
    read_in_text = mark is not None and (mark.basis == "read_in_text" or adopted is not None)
    if mark is None or requirement.decided_by != "machine" or not read_in_text:
        ground = Ground.NOT_FOR_A_MACHINE
        if mark and requirement.decided_by == "machine":
            ground = Ground.NUMBER_NOT_READ
        evidence = [
            used_claim(one, read(one.piece.claim, mark) if mark else None, "needs_judgement")
            for one in counted
        ]
        return finding(requirement, "needs_judgement", ground, evidence, refused, notes)
    if requirement.procedure and requirement.procedure.measure not in CATALOGUE:
        notes.append(Note(ground=Ground.UNKNOWN_MEASURE, detail=requirement.procedure.measure))

    # (5) nothing left
    if not counted:
        return finding(requirement, "not_tested", Ground.NO_CLAIM_COUNTS, (), refused, notes)

    # (6) superseded claims and those that a fresh sample replaces go
    counted, owed, gone = _standing_claims(counted, requirement, desk)
    for piece, denied in gone:
        count(refused, piece.exhibit, denied)
    near += [piece for piece, _ in gone]

    # (7) enough items, and (8) value and bound against the mark; (6) the worst verdict counts
    readings: list[tuple[Counted, Reading]] = []
    for one in counted:
        reading = read(one.piece.claim, mark)
        short = _short(one.piece.claim, mark, owed.get(one.piece.exhibit.statement, 0), reading)
        if reading is None or short:
            count(refused, one.piece.exhibit, short or Denied(Refusal.ITEMS_MISSING))
        else:
            readings.append((one, reading))
    if not readings:
        return finding(requirement, "not_tested", Ground.TOO_FEW, (), refused, notes)
    readings.sort(key=lambda pair: WORST_FIRST.index(_verdict(pair[1], mark)))
    used = [used_claim(one, reading, _verdict(reading, mark)) for one, reading in readings]
    verdict = used[0].verdict
    notes += remarks(used, *readings[0], mark)
    notes += _reads_worse(near, verdict, mark)
    return finding(requirement, verdict, _ground(verdict, mark), used, refused, notes)


def _standing_claims(
    counted: list[Counted], requirement: Requirement, desk: _Desk
) -> tuple[list[Counted], dict[str, int], list[tuple[Piece, Denied]]]:
    """Rule 6: what remains; the items each fresh statement owes; and what went, with the reason."""
    # Only a statement that counts here itself can replace another of its author's.
    replaced = {
        (one.piece.exhibit.signer.origin, old)
        for one in counted
        if (assessment := one.piece.exhibit.assessment)
        for old in assessment.supersedes
    }
    gone: list[tuple[Piece, Denied]] = []
    left: list[Counted] = []
    for one in counted:
        exhibit = one.piece.exhibit
        if (exhibit.signer.origin, exhibit.statement) in replaced:
            gone.append((one.piece, Denied(Refusal.SUPERSEDED)))
        else:
            left.append(one)

    foreign_data = {one.piece.data for one in left if one.admitted.agreement is not None}
    fresh: dict[str, int] = {}
    # All of these met the requirement's rule for procedure and slice, also in what it leaves free:
    # so the population alone says whether two are about the same thing.
    tested: list[Labels] = []
    for one in left:
        assessment = one.piece.exhibit.assessment
        delta = desk.deltas.get((assessment and assessment.intent) or "")
        if delta is None or one.admitted.agreement is not None:
            continue
        items = [item for item in delta.items if requirement.id in item.requirements]
        if items and one.piece.data not in foreign_data:
            fresh[one.piece.exhibit.statement] = items[0].n or 0
            tested.append(one.piece.claim.population)
    kept = []
    for one in left:
        if one.admitted.agreement is not None and one.piece.claim.population in tested:
            gone.append((one.piece, Denied(Refusal.REPLACED_BY_FRESH)))
        else:
            kept.append(one)
    return kept, fresh, gone


def _short(claim: Claim, mark: Mark, owed: int, reading: Reading | None) -> Denied | None:
    """Rule 7: are there as many planned items as the regime and the delta ask for?"""
    planned, needed = claim.counts.planned, max(mark.min_n, owed)
    if planned < needed:
        return Denied(Refusal.TOO_FEW_ITEMS, f"{planned} of {needed}")
    # Groups that were not counted are not large enough: leaving them out evades no minimum.
    smallest = min((cell.scored for cell in claim.cells), default=0)
    if smallest < mark.min_n_each_group:
        return Denied(
            Refusal.TOO_FEW_ITEMS, f"{smallest} of {mark.min_n_each_group} in the smallest group"
        )
    if reading is None:
        return Denied(Refusal.ITEMS_MISSING, f"{claim.counts.scored} of {planned} have a result")
    return None


def _verdict(reading: Reading, mark: Mark) -> Verdict:
    """Rule 8."""
    if not reading.point_meets:
        return "not_satisfied"
    return "satisfied" if mark.reading == "literal" or reading.bound_meets else "marginal"


def _ground(verdict: Verdict, mark: Mark) -> Ground:
    if mark.reading == "literal":
        return Ground.COUNT_MEETS if verdict == "satisfied" else Ground.COUNT_FAILS
    return {
        "satisfied": Ground.POINT_AND_BOUND_MEET,
        "marginal": Ground.ONLY_POINT_MEETS,
    }.get(verdict, Ground.POINT_FAILS)


def _reads_worse(near: list[Piece], verdict: Verdict, mark: Mark) -> list[Note]:
    """Name refused measurements of the same thing that read worse: a reader should look at them."""
    notes = []
    for piece in near:
        reading = read(piece.claim, mark)
        if reading is None or _short(piece.claim, mark, 0, reading):
            continue
        if WORST_FIRST.index(_verdict(reading, mark)) < WORST_FIRST.index(verdict):
            detail = f"{reading.value} by {piece.exhibit.signer.origin}"
            notes.append(Note(ground=Ground.REFUSED_READS_WORSE, detail=detail))
    return notes


def _order(exhibit: Exhibit) -> tuple[str, str, str]:
    return (exhibit.statement, exhibit.signer.origin, exhibit.signer.key)
