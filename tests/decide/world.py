"""A small world in memory: three countries, their laboratories, one agreement, one regime.

    Coast decides. North and Coast have signed an agreement under which North's laboratory counts in
    Coast. East has an agreement with North only. Coast has a laboratory of its own.

Everything is a builder with the ordinary case as default, so that a test states what is unusual.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from comity.claims import (
    ASSESSMENT_TYPE,
    Assessment,
    Assessor,
    Cell,
    Claim,
    Cost,
    Counts,
    Data,
    Energy,
    Identity,
    Interval,
    Judge,
    Procedure,
    Role,
    System,
    Tool,
    decimal_text,
    digest_of,
    measurand_digest,
)
from comity.claims.agreement import (
    Agreement,
    Freshness,
    Laboratory,
    LogRule,
    Party,
    Row,
    SignedAgreement,
    StatusDuties,
)
from comity.claims.assessment import Binding
from comity.claims.country import Country, Deployment
from comity.claims.decision import Decision, Exhibit, Finding
from comity.claims.overlay import Operation, RegimeOverlay, SignedOverlay
from comity.claims.regime import Mark, ProcedureRule, Regime, Requirement, Signer, Source
from comity.claims.standing import Standing
from comity.decide import ResolvedRegime, decide, resolve

TODAY = datetime.date(2026, 11, 21)
HERE = {"country": "coast", "language": "xx"}
"""The population that the regime asks for."""


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def signer(origin: str) -> Signer:
    return Signer(origin=origin, key=sha(f"key of {origin}"))


COAST, NORTH, EAST = signer("coast.example"), signer("north.example"), signer("east.example")
NORTH_LAB, COAST_LAB, EAST_LAB = (
    signer("lab.north.example"),
    signer("lab.coast.example"),
    signer("lab.east.example"),
)
SOURCE = Source(title="Act", url="https://law.example", place="Art 1", accessed=TODAY)


def system(version: str = "2", binding: Binding = "weights", **changes: Any) -> System:
    digest = None if binding == "declared" else sha(f"weights of version {version}")
    fields: dict[str, Any] = {
        "name": "Triage",
        "version": version,
        "kind": "predictive",
        "sector": "health",
        "intended_use": "to find who needs care",
        "languages": ("xx",),
        "identity": Identity(binding=binding, digest=digest, detail=""),
    }
    return System(**(fields | changes))


PARAMETERS = {
    "decision": "as predicted",
    "minimum_cell": "30",
    "partition": "sex",
    "positive": "1",
}


def procedure(measure: str = "fairness.tpr", **changes: Any) -> Procedure:
    fields: dict[str, Any] = {
        "measure": measure,
        "measure_version": 1,
        "parameters": PARAMETERS,
        "prompts": None,
        "decoding": {},
        "scorer": "",
        "split": "held out",
    }
    return Procedure(**(fields | changes))


def claim(
    successes: int | None = 950,
    planned: int = 1000,
    *,
    by: Procedure | None = None,
    data: str = "north's patients",
    population: dict[str, str] | None = None,
    scored: int | None = None,
    **changes: Any,
) -> Claim:
    """A rate of `successes` in `planned`; everything has a result unless `scored` says less."""
    by = by or procedure()
    population = HERE if population is None else population
    scored = planned if scored is None else scored
    estimate = decimal_text((successes or 0) / scored)
    fields: dict[str, Any] = {
        "measure": by.measure,
        "procedure": by.digest,
        "measurand": measurand_digest(by.digest, population, sha(data)),
        "population": population,
        "slice": {},
        "status": "measured",
        "reason": None,
        "detail": "",
        "estimate": estimate,
        "interval": Interval(low="0", high="1", level="0.95", sides="two", method="wide"),
        "counts": Counts(
            planned=planned, scored=scored, successes=successes, invalid=0, errored=planned - scored
        ),
        "cells": (),
        "judge": None,
    }
    return Claim(**(fields | changes))


def number(estimate: str, low: str, high: str, *, level: str = "0.95", **changes: Any) -> Claim:
    """A measure without counts: an AUROC of 1,000 items with the laboratory's own interval."""
    interval = Interval(low=low, high=high, level=level, sides="two", method="delong_logit")
    fields: dict[str, Any] = {"estimate": estimate, "interval": interval}
    return claim(None, by=procedure("accuracy.auroc"), **(fields | changes))


def groups(kind: str, *cells: tuple[int, int], missing: int = 0, **changes: Any) -> Claim:
    """A gap or ratio of selection rates between groups, from (successes, scored) of each."""
    rates = [k / n for k, n in cells]
    estimate = max(rates) - min(rates) if kind == "gap" else min(rates) / max(rates)
    scored = sum(n for _, n in cells)
    fields: dict[str, Any] = {
        "estimate": decimal_text(estimate),
        "counts": Counts(
            planned=scored + missing, scored=scored, successes=None, invalid=missing, errored=0
        ),
        "cells": tuple(
            Cell(slice={"group": str(i)}, scored=n, successes=k) for i, (k, n) in enumerate(cells)
        ),
    }
    return claim(by=procedure(f"fairness.selection_rate_{kind}"), **(fields | changes))


def judge(**changes: Any) -> Judge:
    fields: dict[str, Any] = {
        "id": "judge-1",
        "sensitivity": "0.98",
        "specificity": "0.97",
        "n_pos": 200,
        "n_neg": 200,
        "language": "xx",
        "validated": True,
        "raw": "0.94",
        "corrected": "0.95",
    }
    return Judge(**(fields | changes))


def exhibit(
    *claims: Claim,
    by: Signer = NORTH_LAB,
    signed_by: Signer | None = None,
    role: Role = "accredited",
    about: System | None = None,
    data: str = "north's patients",
    columns: dict[str, str] | None = None,
    procedures: tuple[Procedure, ...] = (),
    kind: str = ASSESSMENT_TYPE,
    name: str = "",
    **changes: Any,
) -> Exhibit:
    """A verified statement; by default one assessment by North's laboratory, ten days old."""
    claims = claims or (claim(),)
    known = [*procedures, procedure(), procedure("accuracy.auroc")]
    known += [procedure(f"fairness.selection_rate_{what}") for what in ("gap", "ratio")]
    known += [procedure("fairness.impact_ratio"), procedure("fairness.fpr")]
    named = {one.procedure for one in claims}
    fields: dict[str, Any] = {
        "system": about or system(),
        "assessor": Assessor(origin=by.origin, name=by.origin, role=role),
        "intent": None,
        "supersedes": (),
        "tool": Tool(name="comity", version="0.1.0"),
        "environment": {},
        "seed": None,
        "started": "2026-11-10T08:00:00Z",
        "finished": "2026-11-11T08:00:00Z",
        "data": Data(
            name="patients", digest=sha(data), selection="file", rows=1000, evaluated=1000,
            columns={} if columns is None else columns,
        ),
        "procedures": tuple({p.digest: p for p in known if p.digest in named}.values()),
        "claims": claims,
        "cost": Cost(
            seconds="100", cpu_seconds="50", tokens=None,
            energy=Energy(method="unavailable", low=None, high=None, detail=""),
        ),
        "evidence": None,
        "notes": (),
    }  # fmt: skip
    assessment = Assessment(**(fields | changes))
    return Exhibit(
        statement=sha(name) if name else digest_of(assessment),
        type=kind,
        signer=signed_by or by,
        assessment=assessment if kind == ASSESSMENT_TYPE else None,
    )


def row(**changes: Any) -> Row:
    fields: dict[str, Any] = {
        "id": "north-to-coast",
        "issuer": NORTH.origin,
        "receiver": COAST.origin,
        "laboratories": (Laboratory(signer=NORTH_LAB, role="accredited"),),
        "profile": "none",
        "procedures": "any",
        "measures": (
            "fairness.tpr",
            "accuracy.auroc",
            "fairness.selection_rate_gap",
            "fairness.selection_rate_ratio",
            "fairness.impact_ratio",
        ),
        "populations": "any",
        "languages": "any",
        "range": "any",
        "smallest_uncertainty": "0",
        "least_binding": "declared",
        "least_role": "developer",
        "cap_binding": "weights",
        "cap_role": "accredited",
    }
    return Row(**(fields | changes))


def agreement(
    *rows: Row,
    parties: tuple[Signer, ...] = (NORTH, COAST),
    signed_by: tuple[Signer, ...] | None = None,
    **changes: Any,
) -> SignedAgreement:
    """The agreement between North and Coast, signed by both."""
    fields: dict[str, Any] = {
        "title": "North and Coast",
        "parties": tuple(Party(signer=p, jurisdiction=p.origin.split(".")[0]) for p in parties),
        "valid_from": datetime.date(2026, 1, 1),
        "valid_until": datetime.date(2027, 12, 31),
        "profiles": (),
        "rows": rows or (row(),),
        "differences": (),
        "equivalence": (),
        "freshness": Freshness(max_age_days=365, model_change="none"),
        "log": LogRule(quorum=0, max_checkpoint_age_hours=0),
        "grandfather": (),
        "spot_check_share": "0.05",
        "duties": StatusDuties(notice_hours=72, suspension_max_days=42, disputes=""),
        "transitive": False,
    }
    made = Agreement(**(fields | changes))
    return SignedAgreement(
        statement=made.digest,
        agreement=made,
        signers=parties if signed_by is None else signed_by,
    )


def rule(measure: str = "fairness.tpr", **changes: Any) -> ProcedureRule:
    fields: dict[str, Any] = {
        "measure": measure,
        "measure_version": 1,
        "parameters": PARAMETERS,
        "split": "any",
    }
    return ProcedureRule(**(fields | changes))


def mark(value: str = "0.9", **changes: Any) -> Mark:
    fields: dict[str, Any] = {
        "comparison": "at_least",
        "value": value,
        "min_n": 300,
        "reading": "statistical",
        "basis": "read_in_text",
    }
    return Mark(**(fields | changes))


def requirement(**changes: Any) -> Requirement:
    fields: dict[str, Any] = {
        "id": "reach",
        "official_id": "Art 4(2)",
        "title": "Those in need are found",
        "paraphrase": "Of 100 who need care, at least 90 are found.",
        "risk": "accuracy",
        "evidence": "test",
        "decided_by": "machine",
        "basis": "read_in_text",
        "source": SOURCE,
        "in_force_from": datetime.date(2026, 1, 1),
        "population": HERE,
        "procedure": rule(),
        "mark": mark(),
    }
    return Requirement(**(fields | changes))


def regime(*requirements: Requirement, **changes: Any) -> Regime:
    fields: dict[str, Any] = {
        "id": "coast-act",
        "version": "1",
        "title": "Act of Coast",
        "jurisdiction": "coast",
        "fictional": False,
        "status": "law",
        "language": "en",
        "requirements": requirements,
    }
    return Regime(**(fields | changes))


def resolved(*requirements: Requirement) -> ResolvedRegime:
    return resolve(regime(*requirements), (), jurisdiction_of)


def overlay(base: Regime, *operations: Operation, by: Signer = COAST) -> SignedOverlay:
    made = RegimeOverlay(
        base=base.digest,
        authority=by.origin,
        jurisdiction="coast",
        title="As adopted",
        operations=operations,
    )
    return SignedOverlay(statement=sha(repr(made)), signer=by, overlay=made)


def jurisdiction_of(who: Signer) -> str | None:
    """What Coast's trust file says about jurisdictions."""
    known = {COAST.key: "coast", NORTH.key: "north", EAST.key: "east"}
    return known.get(who.key)


def country(**changes: Any) -> Country:
    fields: dict[str, Any] = {
        "name": "Coast",
        "jurisdiction": "coast",
        "authority": COAST,
        "regime": "coast.toml",
        "trust": "trust.toml",
        "own_assessors": (Laboratory(signer=COAST_LAB, role="accredited"),),
    }
    return Country(**(fields | changes))


def decided(
    *exhibits: Exhibit,
    asks: Requirement | tuple[Requirement, ...] | ResolvedRegime | None = None,
    **changes: Any,
) -> Decision:
    """Coast's decision today, by default on one requirement, under the one agreement."""
    if isinstance(asks, ResolvedRegime):
        rules = asks
    else:
        rules = resolved(*(asks if isinstance(asks, tuple) else (asks or requirement(),)))
    fields: dict[str, Any] = {
        "agreements": (agreement(),),
        "standing": Standing(),
        "country": country(),
        "deployment": Deployment(),
        "date": TODAY,
        "about": system(),
    }
    fields |= changes
    return decide(fields.pop("about"), rules, exhibits, **fields)


def finding(*exhibits: Exhibit, **changes: Any) -> Finding:
    """The one finding of that decision."""
    (only,) = decided(*exhibits, **changes).findings
    return only
