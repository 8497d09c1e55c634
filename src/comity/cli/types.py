"""Which statements this program reads: their structs, their subjects, and who may sign them.

Hand `TYPES` to `verify`, and sign with `signed`. They live here, since `attest` knows assessments
alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from comity import attest
from comity.attest import Author, SigningKey, Statement, Subject, authors_of, subjects_of
from comity.attest.sign import sign_payload
from comity.attest.statement import SubjectDigest
from comity.claims import canonical_bytes, digest_of
from comity.claims.agreement import AGREEMENT_TYPE, Agreement
from comity.claims.decision import DECISION_TYPE, Decision
from comity.claims.floor import DECLARATION_TYPE, Declaration
from comity.claims.overlay import REGIME_TYPE, RegimeOverlay
from comity.claims.record import (
    INTENT_TYPE,
    SCOPE_TYPE,
    STATUS_LIST_TYPE,
    SUSPENSION_TYPE,
    WITHDRAWAL_TYPE,
    Intent,
    ScopeGrant,
    StatusList,
    Suspension,
    Withdrawal,
)
from comity.claims.share import (
    ALLOCATION_TYPE,
    NEED_TYPE,
    OFFER_TYPE,
    Allocation,
    Need,
    Offer,
)

__all__ = ["TYPES", "Predicate", "identity_of", "payload_of", "signed"]

Predicate = (
    Agreement
    | RegimeOverlay
    | Decision
    | Withdrawal
    | Suspension
    | ScopeGrant
    | Intent
    | StatusList
    | Declaration
    | Need
    | Offer
    | Allocation
)

TYPES: Mapping[str, type] = {
    **attest.TYPES,
    AGREEMENT_TYPE: Agreement,
    REGIME_TYPE: RegimeOverlay,
    DECISION_TYPE: Decision,
    WITHDRAWAL_TYPE: Withdrawal,
    SUSPENSION_TYPE: Suspension,
    SCOPE_TYPE: ScopeGrant,
    INTENT_TYPE: Intent,
    STATUS_LIST_TYPE: StatusList,
    DECLARATION_TYPE: Declaration,
    NEED_TYPE: Need,
    OFFER_TYPE: Offer,
    ALLOCATION_TYPE: Allocation,
}
"""Which struct the predicate of each statement type must match."""


def payload_of(predicate: Predicate) -> bytes:
    """The bytes that are signed; their SHA-256 is the statement's identity."""
    kind = next(name for name, struct in TYPES.items() if isinstance(predicate, struct))
    statement = Statement(subject=subjects_of(predicate), predicate_type=kind, predicate=predicate)
    return canonical_bytes(statement)


def identity_of(predicate: Predicate) -> str:
    """The identity that the statement has as soon as somebody signs it: SHA-256 of its payload."""
    return hashlib.sha256(payload_of(predicate)).hexdigest()


def signed(predicate: Predicate, key: SigningKey) -> bytes:
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


@subjects_of.register
def _(predicate: Withdrawal) -> tuple[Subject, ...]:
    return (_subject("the statement that is withdrawn", predicate.statement),)


@authors_of.register
def _(predicate: Withdrawal) -> tuple[Author, ...]:
    return (Author(origin=predicate.author),)


@subjects_of.register
def _(predicate: Suspension) -> tuple[Subject, ...]:
    if predicate.issuer is not None:
        return (_authority(predicate.issuer),)
    assert predicate.statement is not None
    return (_subject("the statement that is suspended", predicate.statement),)


@authors_of.register
def _(predicate: Suspension) -> tuple[Author, ...]:
    return (Author(origin=predicate.author),)


@subjects_of.register
def _(predicate: ScopeGrant) -> tuple[Subject, ...]:
    return (_authority(predicate.subject), _subject("its key", predicate.key))


@authors_of.register
def _(predicate: ScopeGrant) -> tuple[Author, ...]:
    return (Author(origin=predicate.author),)


@subjects_of.register
def _(predicate: Intent) -> tuple[Subject, ...]:
    system = predicate.system
    return (
        _subject(f"{system.name}@{system.version}", system.digest),
        _subject("the card", predicate.card),
    )


@authors_of.register
def _(predicate: Intent) -> tuple[Author, ...]:
    return (Author(origin=predicate.assessor),)


@subjects_of.register
def _(predicate: StatusList) -> tuple[Subject, ...]:
    heads = [checked.head for checked in predicate.logs]
    return tuple(_subject(f"{head.origin} {head.size}", head.root) for head in heads)


@authors_of.register
def _(predicate: StatusList) -> tuple[Author, ...]:
    return (Author(origin=predicate.author),)


@subjects_of.register
def _(predicate: Declaration) -> tuple[Subject, ...]:
    return (_subject(f"what {predicate.country} has", digest_of(predicate)),)


@subjects_of.register
def _(predicate: Need) -> tuple[Subject, ...]:
    return (_subject(f"needs of {predicate.country}", digest_of(predicate)),)


@subjects_of.register
def _(predicate: Offer) -> tuple[Subject, ...]:
    return (_subject(predicate.title, digest_of(predicate)),)


@subjects_of.register
def _(predicate: Allocation) -> tuple[Subject, ...]:
    return (_subject(predicate.round.title, digest_of(predicate.round)),)


@authors_of.register
def _(predicate: Declaration) -> tuple[Author, ...]:
    return (Author(origin=predicate.authority),)


@authors_of.register
def _(predicate: Need) -> tuple[Author, ...]:
    return (Author(origin=predicate.authority),)


@authors_of.register
def _(predicate: Offer) -> tuple[Author, ...]:
    return (Author(origin=predicate.authority),)


@authors_of.register
def _(predicate: Allocation) -> tuple[Author, ...]:
    return (Author(origin=predicate.authority),)


def _authority(origin: str) -> Subject:
    """An authority as a subject: the SHA-256 is of its origin in quotation marks."""
    return _subject(origin, digest_of(origin))
