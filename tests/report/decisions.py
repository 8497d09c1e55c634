"""Decisions made by hand: what an official would see, nothing at all, and hostile names."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from comity.claims import Assessment, Assessor, Claim, Counts, digest_of, round_down, round_up
from comity.claims.country import Deployment
from comity.claims.decision import (
    Decision,
    Delta,
    DeltaItem,
    Finding,
    Inputs,
    Note,
    Refused,
    RegimeReference,
    Savings,
    SetAside,
    SignedBy,
    Used,
    Verdict,
)
from comity.claims.grounds import Ground, Refusal
from comity.claims.regime import Mark, ProcedureRule, Regime, Requirement, Signer
from comity.statistics import clopper_pearson
from tests.report.examples import ARABIC, CHINESE, HOSTILE, LONG, assessment, rate

DAY = datetime.date(2026, 11, 21)
COAST, STEPPE = digest_of("statement of the coast"), digest_of("statement of the steppe")
OLD, FOREIGN_DECISION = digest_of("an old statement"), digest_of("a decision of others")
AGREEMENT = digest_of("agreement")
GENERATED = "2026-11-21 22:29 UTC"


def signed(statement: str, *origins: str) -> SignedBy:
    signers = [Signer(origin=one, key=digest_of(one)) for one in origins or ("lab.coast.example",)]
    return SignedBy(statement=statement, signers=tuple(signers))


def mark(comparison: str, value: str, *, reading: str = "statistical", **more: Any) -> Mark:
    values: dict[str, Any] = {"min_n": 300, "basis": "read_in_text", **more}
    return Mark(comparison=comparison, value=value, reading=reading, **values)  # type: ignore[arg-type]


def rate_claim(measure: str, k: int, n: int) -> Claim:
    made: Claim = rate(measure, k, n)[1]
    return made


def judged(k: int, n: int, of: Mark) -> tuple[Verdict, str]:
    """Verdict and bound of a rate, written here once more so that examples are consistent."""
    if of.comparison == "at_least":
        bound = round_down(float(clopper_pearson(k, n, 0.95, "lower")[0]))
        point, sure = k >= Decimal(of.value) * n, Decimal(bound) >= Decimal(of.value)
    else:
        bound = round_up(float(clopper_pearson(k, n, 0.95, "upper")[1]))
        point, sure = k <= Decimal(of.value) * n, Decimal(bound) <= Decimal(of.value)
    if not point:
        return "not_satisfied", bound
    return ("satisfied" if sure or of.reading == "literal" else "marginal"), bound


def used(one: Claim, k: int, n: int, of: Mark, **changes: Any) -> Used:
    verdict, bound = judged(k, n, of)
    values: dict[str, Any] = {
        "statement": COAST,
        "laboratory": "lab.coast.example",
        "role": "independent",
        "binding": "weights",
        "agreement": AGREEMENT,
        "row": "coast-to-steppe",
        "measurand": one.measurand,
        "population": one.population,
        "slice": one.slice,
        "estimate": one.estimate,
        "interval": one.interval,
        "counts": Counts(planned=n, scored=n, successes=k, invalid=0, errored=0),
        "value": f"{Decimal(k) / n:.12f}".rstrip("0").rstrip("."),
        "bound": bound,
        "bound_method": "clopper_pearson",
        "verdict": verdict,
    }
    return Used(**{**values, **changes})


def finding(name: str, verdict: Verdict, ground: Ground, title: str, **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "requirement": name,
        "official_id": f"Art {sum(map(ord, name)) % 60}",
        "title": title,
        "mark": None,
        "verdict": verdict,
        "ground": ground,
        "detail": "",
        "used": (),
        "refused": (),
        "notes": (),
    }
    return Finding(**{**values, **changes})


def tested(
    name: str, title: str, k: int, n: int, of: Mark, measure: str = "fairness.tpr", **changes: Any
) -> Finding:
    """A finding of a rate with one claim, consistent by `judged`."""
    verdict, _ = judged(k, n, of)
    if of.reading == "literal":
        ground = Ground.COUNT_MEETS if verdict == "satisfied" else Ground.COUNT_FAILS
    else:
        ground = {
            "satisfied": Ground.POINT_AND_BOUND_MEET,
            "marginal": Ground.ONLY_POINT_MEETS,
        }.get(verdict, Ground.POINT_FAILS)
    one = used(rate_claim(measure, k, n), k, n, of)
    return finding(name, verdict, ground, title, **{"mark": of, "used": (one,), **changes})


def assessments() -> Mapping[str, Assessment]:
    held = [
        rate("fairness.tpr", 386, 1_010),
        rate("accuracy.accuracy", 900, 1_000),
        rate("fairness.fpr", 15, 300),
    ]
    foreign = assessment(held)
    own = Assessor(origin="lab.steppe.example", name="Хээрийн лаборатори", role="accredited")
    return {COAST: foreign, STEPPE: msgspec.structs.replace(foreign, assessor=own)}


def decision(findings: tuple[Finding, ...], **changes: Any) -> Decision:
    system = assessment([]).system
    values: dict[str, Any] = {
        "authority": "authority.steppe.example",
        "jurisdiction": "steppe",
        "system": system,
        "deployment": Deployment(on_market_since=datetime.date(2025, 7, 1), uses=("care",)),
        "regime": RegimeReference(
            id="example-steppe",
            version="1",
            title="Steppe: decree on automated decisions",
            jurisdiction="steppe",
            fictional=True,
            base=digest_of("base"),
            flat=digest_of("flat"),
        ),
        "decided": DAY,
        "inputs": Inputs(
            exhibits=tuple(map(signed, sorted((COAST, STEPPE, OLD, FOREIGN_DECISION)))),
            agreements=(signed(AGREEMENT, "coast.example", "steppe.example"),),
            overlays=(digest_of("overlay"),),
            deltas=(),
            country=digest_of("country"),
            standing=digest_of("standing"),
        ),
        "findings": findings,
        "set_aside": (),
        "delta": Delta(system=system.digest, regime=digest_of("flat"), decided=DAY, items=()),
        "savings": Savings(assessments=0, items=0, cpu_seconds="0", seconds="0"),
        "notes": (),
    }
    return Decision(**{**values, **changes})


def rule(measure: str) -> ProcedureRule:
    return ProcedureRule(measure=measure, measure_version=1, split="any")


def left(requirements: tuple[str, ...], measure: str, **changes: Any) -> DeltaItem:
    values: dict[str, Any] = {
        "id": digest_of((requirements, measure)),
        "requirements": requirements,
        "why": "not_tested",
        "procedure": rule(measure),
        "population": {"country": "steppe", "language": "mn"},
        "slice": {},
        "least_binding": "endpoint",
        "least_role": "independent",
        "n": 1_084,
        "plan": "power",
        "detail": "decides with probability 0.80 if the truth is 0.93",
        "cpu_seconds": "41.2",
    }
    return DeltaItem(**{**values, **changes})


def _two_laboratories() -> Finding:
    of = mark("at_least", "0.7", min_n=1000)
    worse = used(rate_claim("accuracy.accuracy", 712, 1_000), 712, 1_000, of, statement=STEPPE)
    better = used(rate_claim("accuracy.accuracy", 7_581, 10_391), 7_581, 10_391, of)
    worse = msgspec.structs.replace(
        worse, laboratory="lab.steppe.example", agreement=None, row="", role="accredited"
    )
    return finding(
        "accuracy", "marginal", Ground.ONLY_POINT_MEETS, "The system is right often enough",
        official_id="§ 3", mark=of, used=(worse, better),
        notes=(
            Note(ground=Ground.LABORATORIES_DISAGREE, detail=""),
            Note(ground=Ground.LITERALLY_MET, detail=""),
        ),
    )  # fmt: skip


def realistic() -> Decision:
    """Every verdict; literal and statistical marks; two laboratories; a delta and savings."""
    expired = Refused(
        statement=OLD, laboratory="lab.coast.example", claims=3, reason=Refusal.EXPIRED,
        detail="valid until 2026-06-30",
    )  # fmt: skip
    findings = (
        _two_laboratories(),
        tested(
            "reach", "Those in need are found", 386, 1_010, mark("at_least", "0.6"),
            official_id="§ 4(2)", refused=(expired,),
        ),
        tested(
            "exact", "Nine of ten answers are right", 900, 1_000, mark("at_least", "0.9"),
            "accuracy.accuracy", official_id="§ 5(1)",
            notes=(Note(ground=Ground.LITERALLY_MET, detail=""),),
        ),
        tested(
            "literal", "False alarms are rare", 15, 300, mark("at_most", "0.05", reading="literal"),
            "fairness.fpr", official_id="§ 5(2)",
            notes=(
                Note(ground=Ground.BOUND_FAILS, detail=""),
                Note(ground=Ground.ADOPTED, detail="overlay 3f2a"),
            ),
        ),
        tested(
            "overall", "Better than chance, with room", 7_581, 10_391, mark("at_least", "0.6"),
            "accuracy.accuracy", official_id="§ 5(3)",
        ),
        finding(
            "mongolian", "not_tested", Ground.NO_CLAIM_COUNTS, "It works as well in Mongolian",
            official_id="§ 6", mark=mark("at_least", "0.9"),
            refused=(
                Refused(
                    statement=COAST, laboratory="lab.coast.example", claims=1,
                    reason=Refusal.OTHER_POPULATION, detail="language: en",
                ),
            ),
        ),
        finding(
            "gap", "not_tested", Ground.TOO_FEW, "Women and men are found alike",
            official_id="§ 7", mark=mark("at_most", "0.05", min_n_each_group=100),
        ),
        finding(
            "oversight", "needs_judgement", Ground.NOT_FOR_A_MACHINE,
            "A person can stop the system at any time", official_id="§ 9",
        ),
        finding(
            "unread", "needs_judgement", Ground.NUMBER_NOT_READ, "Refusals stay below the number",
            official_id="Annex, 4", mark=mark("at_most", "0.05", basis="secondary"),
        ),
        finding(
            "military", "not_applicable", Ground.OTHER_USE, "Military use is notified",
            official_id="§ 14", detail="care",
        ),
    )  # fmt: skip
    delta = Delta(
        system=assessment([]).system.digest,
        regime=digest_of("flat"),
        decided=DAY,
        items=(
            left(("mongolian",), "accuracy.accuracy"),
            left(("gap",), "fairness.tpr_gap", plan="minimum", n=600, detail="", cpu_seconds=None),
            left(
                ("exact", "accuracy"), "accuracy.accuracy", why="marginal", plan="undecidable",
                n=None, detail="no 10000 items decide if the truth is 0.9", cpu_seconds=None,
                population="any",
            ),
        ),
    )  # fmt: skip
    return decision(
        findings,
        delta=delta,
        savings=Savings(assessments=2, items=11_391, cpu_seconds="5213.5", seconds="181440"),
        set_aside=(
            SetAside(
                statement=FOREIGN_DECISION, signer="authority.coast.example",
                reason=Refusal.NOT_A_MEASUREMENT, detail="",
            ),
        ),
        notes=(
            Note(ground=Ground.FICTIONAL_REGIME, detail=""),
            Note(ground=Ground.NO_LOG, detail=""),
        ),
    )  # fmt: skip


def empty() -> Decision:
    """A regime without requirements, and nobody who is recognised."""
    return decision(
        (),
        notes=(
            Note(ground=Ground.EMPTY_REGIME, detail=""),
            Note(ground=Ground.NOBODY_RECOGNISED, detail=""),
        ),
        inputs=Inputs(
            exhibits=(), agreements=(), overlays=(), deltas=(), country=digest_of("c"),
            standing=digest_of("s"),
        ),
    )  # fmt: skip


def hostile() -> Decision:
    """Names that try to become markup, to reorder their line, to cover it, or never to end."""
    of = mark("at_least", "0.333333333333")
    refused = Refused(
        statement=OLD, laboratory="lab.example", claims=1, reason=Refusal.EXPIRED, detail=HOSTILE
    )
    base = tested("a", HOSTILE, 200, 600, of, official_id=LONG[:400], refused=(refused,))
    row = msgspec.structs.replace(base.used[0], row=HOSTILE)
    findings = (
        msgspec.structs.replace(base, used=(row,)),
        finding(
            "b", "not_tested", Ground.NO_CLAIM_COUNTS, ARABIC, official_id=CHINESE, detail=LONG
        ),
        finding("c", "not_applicable", Ground.OTHER_USE, "</article></main>", detail=HOSTILE),
    )
    system = assessment([]).system
    return decision(
        findings,
        system=msgspec.structs.replace(system, name=HOSTILE, version=LONG[:400]),
        regime=RegimeReference(
            id="hostile", version=HOSTILE, title=HOSTILE, jurisdiction="steppe", fictional=True,
            base=digest_of("base"), flat=digest_of("flat"),
        ),
        notes=(Note(ground=Ground.NO_LOG, detail=HOSTILE),),
    )  # fmt: skip


ALL = {"realistic": realistic, "empty": empty, "hostile": hostile}


def regime(paraphrase: str) -> Regime:
    """A regime with one requirement in words, `kind`."""
    requirement = Requirement(
        id="kind", official_id="§ 1", title="Kindness", paraphrase=paraphrase, risk="safety",
        evidence="document", decided_by="human", basis="read_in_text",
    )  # fmt: skip
    return Regime(
        id="example", version="1", title="Example", jurisdiction="steppe", fictional=True,
        status="fictional", language="en", requirements=(requirement,),
    )  # fmt: skip
