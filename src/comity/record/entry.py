"""A log's entry: a small record that names a signed file by digest; the file lies beside as a blob.

1. An entry is canonical JSON of at most 65,535 bytes; another spelling of it is refused.
2. `payload` is the statement's identity, whoever signed it; `bundle` names the blob.
3. What an entry says of a statement is a pointer and not the truth: whoever relies on it reads the
   blob, whose SHA-256 is `bundle`, and verifies it as if it had come by e-mail.
"""

from __future__ import annotations

import hashlib
from functools import singledispatch
from typing import Any

import msgspec

from comity.attest import Verified
from comity.claims import Assessment, canonical_bytes
from comity.claims.assessment import TYPE_BASE
from comity.claims.decision import Decision
from comity.claims.record import Suspension, Withdrawal
from comity.claims.values import Digest, Key
from comity.errors import InputError, RecordError
from comity.record.tiles import MAX_ENTRY_BYTES

__all__ = ["ALWAYS", "Entry", "decode_entry", "encode_entry", "entry_of", "refs_of"]

ALWAYS = frozenset({"withdrawal", "suspension", "scope"})
"""Kinds of entries that may change the standing of any statement: they are always read."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One leaf of a log.

    Attributes:
        kind: Short name of the statement's type: `assessment`, `withdrawal`, `decision`.
        payload: SHA-256 of the statement's payload: its identity.
        key: SHA-256 of the signer's key (SPKI).
        refs: The statements that it is about: superseded, withdrawn, decided on.
        bundle: SHA-256 of the signed file's bytes.
    """

    kind: Key
    payload: Digest
    key: Digest
    refs: tuple[Digest, ...] = ()
    bundle: Digest


_decoder = msgspec.json.Decoder(Entry)


def encode_entry(entry: Entry) -> bytes:
    """The bytes of the leaf.

    Raises:
        InputError: it has more than 65,535 bytes, since it refers to about a thousand statements.
    """
    data = canonical_bytes(entry)
    if len(data) > MAX_ENTRY_BYTES:
        raise InputError(
            f"the statement refers to {len(entry.refs):,} others: its entry of {len(data):,} bytes "
            f"does not fit into a log, which allows {MAX_ENTRY_BYTES:,}"
        )
    return data


def decode_entry(data: bytes) -> Entry:
    """Read a leaf.

    Raises:
        RecordError: it is not an entry, or not in the one canonical spelling.
    """
    try:
        entry = _decoder.decode(data)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"this is not an entry that Comity knows: {error}") from None
    if canonical_bytes(entry) != data:
        raise RecordError("the entry is not in the one canonical spelling")
    return entry


def entry_of(verified: Verified, bundle: bytes) -> Entry:
    """The entry for a signed file that holds, whose bytes are `bundle`."""
    return Entry(
        kind=verified.predicate_type.removeprefix(TYPE_BASE).partition("/")[0],
        payload=verified.id,
        key=verified.key.public.spki_sha256,
        refs=refs_of(verified.predicate),
        bundle=hashlib.sha256(bundle).hexdigest(),
    )


@singledispatch
def refs_of(predicate: Any) -> tuple[str, ...]:
    """The statements that a statement with this predicate is about, by their identity; often none.

    Whoever adds a statement type that is about others registers its own.
    """
    return ()


@refs_of.register
def _(predicate: Assessment) -> tuple[str, ...]:
    intent = (predicate.intent,) if predicate.intent else ()
    return (*intent, *predicate.supersedes)


@refs_of.register
def _(predicate: Decision) -> tuple[str, ...]:
    inputs = predicate.inputs
    signed = (one.statement for one in (*inputs.exhibits, *inputs.agreements))
    return tuple(dict.fromkeys((*signed, *inputs.overlays)))


@refs_of.register
def _(predicate: Withdrawal) -> tuple[str, ...]:
    return (predicate.statement,)


@refs_of.register
def _(predicate: Suspension) -> tuple[str, ...]:
    return (predicate.statement,) if predicate.statement else ()
