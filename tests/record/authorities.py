"""Five authorities with keys, and logs in memory: builders for the tests of standing and intents.

    A laboratory measures. Coast, North and East are its peers and each other's. Mallory is trusted
    like everybody here, is nobody's peer, and means no good.

A `Book` is a log as a list of signed files: what a reader has verified of it, without tiles.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from comity.attest import (
    Authority,
    Peers,
    SigningKey,
    Trust,
    TrustedKey,
    Verified,
    new_key,
    sign,
    subjects_of,
    verify,
)
from comity.claims import ASSESSMENT_TYPE, Assessment
from comity.claims.record import Intent, ScopeGrant, Suspension, Withdrawal
from comity.claims.standing import LogHead
from comity.cli.types import TYPES, signed
from comity.record.standing import Logged, LogPrefix, Replayed, replay
from tests.attest.example import assessment

DAY = datetime.date(2026, 11, 21)
NOON = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
LAB, COAST, NORTH, EAST, MALLORY = ORIGINS = (
    "lab.example",
    "coast.example",
    "north.example",
    "east.example",
    "mallory.example",
)
PEERS = Peers(origins=(COAST, NORTH, EAST), needed=2)
NOBODY = Peers(origins=(), needed=1)


@cache
def key_of(origin: str) -> SigningKey:
    return new_key()


@cache
def trust() -> Trust:
    return Trust(
        authorities=tuple(
            Authority(
                origin=origin,
                name=origin,
                keys=(TrustedKey(public_key=key_of(origin).public.base64),),
            )
            for origin in ORIGINS
        ),
        peers=PEERS,
    )


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def bundle(predicate: Any, by: str) -> bytes:
    if isinstance(predicate, Assessment):
        return sign(ASSESSMENT_TYPE, subjects_of(predicate), predicate, key_of(by))
    return signed(predicate, key_of(by))


def verified(predicate: Any, by: str) -> Verified:
    return verify(bundle(predicate, by), trust(), TYPES, NOON)


def measured(by: str = LAB, **changed: Any) -> Verified:
    """An assessment; a `seed` tells several apart."""
    return verified(assessment(origin=by, **changed), by)


def withdrawal(of: Verified, by: str = LAB) -> Verified:
    return verified(Withdrawal(author=by, statement=of.id, reason="a table was mixed up"), by)


def suspension(
    of: Verified | str,
    by: str = LAB,
    *,
    first: datetime.date = DAY,
    days: int = 42,
    degree: Any = "suspended",
) -> Verified:
    predicate = Suspension(
        author=by,
        statement=None if isinstance(of, str) else of.id,
        issuer=of if isinstance(of, str) else None,
        degree=degree,
        first_day=first,
        last_day=first + datetime.timedelta(days=days - 1),
        reason="its method is being looked at",
    )
    return verified(predicate, by)


def scope(by: str, subject: str = LAB, **changed: Any) -> Verified:
    predicate = ScopeGrant(
        author=by,
        subject=subject,
        key=key_of(subject).public.spki_sha256,
        role="accredited",
        measures=("accuracy", "fairness.tpr"),
        first_day=datetime.date(2026, 1, 1),
        last_day=datetime.date(2027, 12, 31),
    )
    return verified(msgspec.structs.replace(predicate, **changed), by)


def intent(**changed: Any) -> Intent:
    predicate = Intent(
        assessor=LAB,
        system=assessment().system,
        card=sha("card"),
        procedures=(),
        planned=100,
        items=None,
        seed_commitment=hashlib.sha256(bytes([7] * 32)).hexdigest(),
        beacon=None,
    )
    return msgspec.structs.replace(predicate, **changed)


def book(
    owner: str,
    *statements: Verified | str,
    witnesses: int = 2,
    checked_at: str | None = "2026-11-21T08:00:00Z",
) -> LogPrefix:
    """The log of `owner` with these statements; a text stands for one that does not hold."""
    return LogPrefix(
        head=LogHead(origin=f"{owner}/log", size=len(statements), root=sha(owner)),
        owner=owner,
        checked_at=checked_at,
        witnesses=witnesses,
        entries=tuple(
            Logged(index, None, one) if isinstance(one, str) else Logged(index, one)
            for index, one in enumerate(statements)
        ),
    )


def replayed(
    *logs: LogPrefix,
    day: datetime.date = DAY,
    peers: Peers = PEERS,
    hand: Iterable[Verified] = (),
) -> Replayed:
    held = {one.id: one.predicate for one in hand}
    return replay(logs, day=day, peers=peers, hand=held)
