"""The chain of reasons of a decision, as it is signed: what counted, what did not, what to know."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal

from comity.claims import decimal_text
from comity.claims.agreement import SignedAgreement
from comity.claims.country import Country
from comity.claims.decision import Exhibit, Finding, Note, Refused, Savings, SignedBy, Used, Verdict
from comity.claims.grounds import Ground
from comity.claims.regime import Mark, Requirement, Signer
from comity.claims.standing import Standing
from comity.decide.admission import ORDER
from comity.decide.delta import stated_seconds
from comity.decide.gather import Counted, Tally
from comity.decide.reading import Reading
from comity.decide.regime import ResolvedRegime

__all__ = [
    "finding",
    "notes_on_all",
    "remarks",
    "savings",
    "signed_by",
    "used_claim",
]


def used_claim(one: Counted, reading: Reading | None, verdict: Verdict) -> Used:
    """Write down a claim that counts, and what it was read as."""
    claim, admitted = one.piece.claim, one.admitted
    assert claim.estimate is not None
    return Used(
        statement=one.piece.exhibit.statement,
        laboratory=one.piece.exhibit.signer.origin,
        role=admitted.role,
        binding=admitted.binding,
        agreement=admitted.agreement,
        row=admitted.row,
        measurand=claim.measurand,
        population=claim.population,
        slice=claim.slice,
        estimate=claim.estimate,
        interval=claim.interval,
        counts=claim.counts,
        value=reading.value if reading else None,
        bound=reading.bound if reading else None,
        bound_method=reading.method if reading else "",
        verdict=verdict,
    )


def finding(
    requirement: Requirement,
    verdict: Verdict,
    ground: Ground,
    used: Sequence[Used] = (),
    refused: Tally | None = None,
    notes: Sequence[Note] = (),
    *,
    detail: str = "",
) -> Finding:
    """Write down one requirement's verdict with its chain; refusals in a fixed order."""
    lines = sorted(
        (refused or Tally()).items(),
        key=lambda line: (line[0][0], ORDER[line[0][2].reason], line[0][2].detail),
    )
    return Finding(
        requirement=requirement.id,
        official_id=requirement.official_id,
        title=requirement.title,
        mark=requirement.mark,
        verdict=verdict,
        ground=ground,
        detail=detail,
        used=tuple(used),
        refused=tuple(
            Refused(
                statement=statement,
                laboratory=origin,
                claims=count,
                reason=denied.reason,
                detail=denied.detail[:500],
            )
            for (statement, origin, denied), count in lines
        ),
        notes=tuple(notes),
    )


def remarks(used: Sequence[Used], worst: Counted, reading: Reading, mark: Mark) -> list[Note]:
    """Say what a reader of the worst claim should know beside its verdict."""
    notes: list[Note] = []
    bound = f"value {reading.value}, bound {reading.bound}"
    if reading.bound is None:
        notes.append(Note(ground=Ground.NO_BOUND, detail=""))
    elif reading.point_meets and mark.reading == "literal":
        ground = Ground.BOUND_MEETS_TOO if reading.bound_meets else Ground.BOUND_FAILS
        notes.append(Note(ground=ground, detail=bound))
    elif reading.point_meets and not reading.bound_meets:
        notes.append(Note(ground=Ground.LITERALLY_MET, detail=bound))
    if reading.missing:
        notes.append(Note(ground=Ground.COUNTED_AGAINST, detail=f"{reading.missing} items"))
    if reading.method.startswith("claimed:"):
        notes.append(Note(ground=Ground.CLAIMED_INTERVAL, detail=reading.method[8:]))
    claim = worst.piece.claim
    left_out = claim.counts.scored - sum(cell.scored for cell in claim.cells)
    if claim.cells and left_out > 0:
        notes.append(Note(ground=Ground.GROUPS_LEFT_OUT, detail=f"{left_out} items"))
    if len({one.verdict for one in used}) > 1:
        detail = f"{used[0].value} and {used[-1].value}"
        notes.append(Note(ground=Ground.LABORATORIES_DISAGREE, detail=detail))
    return notes


def savings(findings: Sequence[Finding], exhibits: Sequence[Exhibit]) -> Savings:
    """Cost of the foreign assessments that count, each once; the same data are counted once."""
    foreign = {used.statement for f in findings for used in f.used if used.agreement is not None}
    items: dict[str, int] = {}
    cpu, seconds = Decimal(0), 0.0
    for exhibit in exhibits:
        assessment = exhibit.assessment
        if assessment is None or exhibit.statement not in foreign:
            continue
        data = assessment.data
        items[data.digest] = max(items.get(data.digest, 0), data.evaluated)
        cpu += stated_seconds(assessment)
        seconds += _elapsed(assessment.started, assessment.finished)
    return Savings(
        assessments=len(foreign),
        items=sum(items.values()),
        cpu_seconds=decimal_text(float(cpu)),
        seconds=decimal_text(seconds),
    )


def _elapsed(started: str, finished: str) -> float:
    try:
        begin, end = map(datetime.datetime.fromisoformat, (started, finished))
    except ValueError:  # a moment that no calendar has
        return 0.0
    return max((end - begin).total_seconds(), 0.0)


def notes_on_all(
    resolved: ResolvedRegime,
    agreements: Sequence[SignedAgreement],
    country: Country,
    standing: Standing,
) -> list[Note]:
    """Say what to know about a whole decision: emptiness, fiction, foreign rules, no log."""
    notes = []
    if not resolved.regime.requirements:
        notes.append(Note(ground=Ground.EMPTY_REGIME, detail=""))
    if not any(a.agreement.rows for a in agreements) and not country.own_assessors:
        notes.append(Note(ground=Ground.NOBODY_RECOGNISED, detail=""))
    if resolved.regime.fictional:
        notes.append(Note(ground=Ground.FICTIONAL_REGIME, detail=""))
    rules_of, here = resolved.regime.jurisdiction, country.jurisdiction
    if rules_of != here:
        notes.append(Note(ground=Ground.OTHER_JURISDICTION, detail=f"{rules_of}, not {here}"))
    if standing.checked_at is None:
        ground = Ground.NO_WITNESS if standing.logs else Ground.NO_LOG
        notes.append(Note(ground=ground, detail=""))
    return notes


def signed_by(papers: Iterable[tuple[str, Sequence[Signer]]]) -> tuple[SignedBy, ...]:
    """Statements with everybody who signed them, each once, in a fixed order."""
    signers: dict[str, set[Signer]] = {}
    for statement, who in papers:
        signers.setdefault(statement, set()).update(who)
    return tuple(
        SignedBy(
            statement=statement,
            signers=tuple(sorted(signers[statement], key=lambda one: (one.origin, one.key))),
        )
        for statement in sorted(signers)
    )
