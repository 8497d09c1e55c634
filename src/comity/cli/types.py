"""Which statements this program reads: their structs, their subjects, and who may sign them.

Hand `TYPES` to `verify`, and sign with `signed`. They live here, since `attest` knows assessments
alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from comity import attest
from comity.attest import Author, SigningKey, Statement, Subject, authors_of, subjects_of
from comity.attest.sign import sign_payload
from comity.attest.statement import SubjectDigest
from comity.claims import canonical_bytes
from comity.claims.agreement import AGREEMENT_TYPE, Agreement
from comity.claims.decision import DECISION_TYPE, Decision
from comity.claims.overlay import REGIME_TYPE, RegimeOverlay

__all__ = ["TYPES", "payload_of", "signed"]

TYPES: Mapping[str, type] = {
    **attest.TYPES,
    AGREEMENT_TYPE: Agreement,
    REGIME_TYPE: RegimeOverlay,
    DECISION_TYPE: Decision,
}
"""Which struct the predicate of each statement type must match."""


def payload_of(predicate: Agreement | RegimeOverlay | Decision) -> bytes:
    """The bytes that are signed; their SHA-256 is the statement's identity."""
    kind = next(name for name, struct in TYPES.items() if isinstance(predicate, struct))
    statement = Statement(subject=subjects_of(predicate), predicate_type=kind, predicate=predicate)
    return canonical_bytes(statement)


def signed(predicate: Agreement | RegimeOverlay | Decision, key: SigningKey) -> bytes:
    """Sign a predicate of one of these types; the bytes of a `*.sigstore.json` file."""
    return sign_payload(payload_of(predicate), key)


def _subject(name: str, digest: str) -> Subject:
    return Subject(name=name, digest=SubjectDigest(sha256=digest))


@subjects_of.register
def _(predicate: Agreement) -> tuple[Subject, ...]:
    return (_subject(predicate.title, predicate.digest),)


@authors_of.register
def _(predicate: Agreement) -> tuple[Author, ...]:
    signers = [party.signer for party in predicate.parties]
    return tuple(Author(origin=signer.origin, key=signer.key) for signer in signers)


@subjects_of.register
def _(predicate: RegimeOverlay) -> tuple[Subject, ...]:
    return (_subject("the regime that it alters", predicate.base),)


@authors_of.register
def _(predicate: RegimeOverlay) -> tuple[Author, ...]:
    return (Author(origin=predicate.authority),)


@subjects_of.register
def _(predicate: Decision) -> tuple[Subject, ...]:
    system, regime = predicate.system, predicate.regime
    return (
        _subject(f"{system.name}@{system.version}", system.digest),
        _subject(f"{regime.id}@{regime.version}", regime.flat),
    )


@authors_of.register
def _(predicate: Decision) -> tuple[Author, ...]:
    return (Author(origin=predicate.authority),)
