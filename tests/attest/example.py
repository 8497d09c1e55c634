"""A small assessment, with any part replaced: what the tests of `attest` sign."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec

from comity.attest import Authority, SigningKey, Trust, TrustedKey, new_key, sign, subjects_of
from comity.claims import (
    ASSESSMENT_TYPE,
    Assessment,
    Assessor,
    Claim,
    Cost,
    Counts,
    Data,
    Energy,
    Identity,
    Interval,
    Procedure,
    Reason,
    Role,
    System,
    Tool,
    measurand_digest,
)
from tests.independent.peers import record

__all__ = [
    "KEY",
    "NOW",
    "OTHER_KEY",
    "assessment",
    "claim",
    "signed",
    "trust_in",
    "unmeasured",
]

POPULATION = {"country": "SG", "period": "2026"}
DATA = hashlib.sha256(b"table").hexdigest()
PROCEDURE = Procedure(
    measure="accuracy.accuracy",
    measure_version=1,
    parameters={"cut_off": "0.5", "positive": "1"},
    prompts=None,
    decoding={},
    scorer="",
    split="cross-validated by person",
)


def claim(**changed: Any) -> Claim:
    """90 of 100 right, with its interval."""
    base = Claim(
        measure=PROCEDURE.measure,
        procedure=PROCEDURE.digest,
        measurand=measurand_digest(PROCEDURE.digest, POPULATION, DATA),
        population=POPULATION,
        slice={},
        status="measured",
        reason=None,
        detail="",
        estimate="0.9",
        interval=Interval(
            low="0.823777378045",
            high="0.950994719474",
            level="0.95",
            sides="two",
            method="clopper_pearson",
        ),
        counts=Counts(planned=100, scored=100, successes=90, invalid=0, errored=0),
        cells=(),
        judge=None,
    )
    return msgspec.structs.replace(base, **changed)


def unmeasured(**changed: Any) -> Claim:
    """A group too small to show."""
    given: dict[str, Any] = {
        "slice": {"sex": "female"},
        "status": "not_measured",
        "reason": Reason.GROUP_TOO_SMALL,
        "detail": "4 rows, the minimum is 10",
        "estimate": None,
        "interval": None,
        "counts": Counts(planned=4, scored=4, successes=None, invalid=0, errored=0),
    }
    return claim(**(given | changed))


def assessment(
    *, origin: str = "lab.example", role: Role = "independent", **changed: Any
) -> Assessment:
    """One system, one measured claim; `origin` and `role` are the assessor's."""
    base = Assessment(
        system=System(
            name="Triage",
            version="1.0",
            kind="predictive",
            sector="health",
            intended_use="Select people for a care programme",
            languages=("en",),
            identity=Identity(binding="declared", digest=None, detail="a table of predictions"),
        ),
        assessor=Assessor(origin=origin, name="Laboratory A", role=role),
        intent=None,
        supersedes=(),
        tool=Tool(name="comity", version="0.1.0"),
        environment={"python": "3.11"},
        seed=None,
        started="2026-11-21T10:00:00Z",
        finished="2026-11-21T10:00:02Z",
        data=Data(
            name="predictions.csv",
            digest=DATA,
            selection="file",
            rows=100,
            evaluated=100,
            columns={"truth": "sick"},
        ),
        procedures=(PROCEDURE,),
        claims=(claim(),),
        cost=Cost(
            seconds="2",
            cpu_seconds="1.5",
            tokens=None,
            energy=Energy(method="unavailable", low=None, high=None, detail="no meter"),
        ),
        evidence=None,
        notes=(),
    )
    return msgspec.structs.replace(base, **changed)


KEY = new_key()
OTHER_KEY = new_key()
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def trust_in(key: SigningKey = KEY, **changed: Any) -> Trust:
    """A trust file that binds `key` to lab.example; `changed` goes to the key or the authority."""
    days = {name: changed.pop(name) for name in ("valid_from", "valid_until") if name in changed}
    given: dict[str, Any] = {
        "origin": "lab.example",
        "name": "Laboratory A",
        "role": "independent",
        "keys": (TrustedKey(public_key=key.public.base64, **days),),
    }
    return Trust(authorities=(Authority(**(given | changed)),))


def signed(predicate: Assessment | None = None, key: SigningKey = KEY) -> bytes:
    """The bundle of an assessment, which every independent verifier sees, too."""
    predicate = predicate or assessment()
    return record(sign(ASSESSMENT_TYPE, subjects_of(predicate), predicate, key), key.public.pem)
