"""Verify a signed file offline, by seven rules.

1. The file is one Sigstore bundle v0.3 that holds exactly one signature.
2. The payload type is the in-toto statement's: nothing else is ever read as one.
3. The key is found in the trust file by the digest of its SPKI bytes (the DSSE key id is a hint
   that nobody signed, so it is never trusted) and is valid at `seen_at`. Without a log proof the
   time is `unproven`, so the key must be valid today: a statement's own dates prove nothing.
4. The signature holds over the exact bytes of DSSE's pre-authentication encoding.
5. The payload is decoded once, from those bytes, and encoding it again in sorted order gives the
   same bytes. So it reads the same in every program: no duplicate keys, spaces or second spellings.
6. The predicate matches the struct of its type, in every field and limit. What it says about itself
   agrees with its frame: its author is the authority to which the trust file binds the key, in the
   role that the trust file gives; its subjects are the ones that the statement names.
7. The identity of the statement is the SHA-256 of the payload, never of the signature: an ECDSA
   signature can be rewritten (s to n - s) and still holds, over the same statement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import msgspec

from comity.attest.envelope import Bundle, from_base64, pae
from comity.attest.statement import PAYLOAD_TYPE, Statement, authors_of, subjects_of
from comity.attest.trust import Authority, Trust, TrustedKey
from comity.errors import VerificationError

__all__ = ["MAX_BUNDLE_BYTES", "Verified", "verify"]

MAX_BUNDLE_BYTES = 16_000_000
"""Largest bundle that is looked at. An assessment of 10,000 claims has about 10 MB."""

_ALTERED = "Ask the sender for the original file; do not rely on this one."

_bundles = msgspec.json.Decoder(Bundle)
_plain = msgspec.json.Decoder()
_sorted = msgspec.json.Encoder(order="sorted")


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What holds, once all seven rules do.

    Attributes:
        id: SHA-256 of the payload, 64 hexadecimal digits.
        statement: The statement, decoded from the bytes that were signed.
        authority: Who signed, as the trust file knows them.
        key: The key that signed.
        time: `unproven`: nothing but the author's word says when it was signed.
    """

    id: str
    statement: Statement[Any]
    authority: Authority
    key: TrustedKey
    time: Literal["unproven"] = "unproven"

    @property
    def predicate_type(self) -> str:
        """Which type of statement it is."""
        return self.statement.predicate_type

    @property
    def predicate(self) -> Any:
        """What the statement says: the struct of its type."""
        return self.statement.predicate


def verify(bundle: bytes, trust: Trust, types: Mapping[str, type], seen_at: datetime) -> Verified:
    """Verify the bytes of a `*.sigstore.json` file.

    Args:
        bundle: The file's bytes.
        trust: Whose keys count.
        types: Which struct the predicate of each statement type must match.
        seen_at: Now, with its time zone.

    Raises:
        VerificationError: with the number of the rule above that does not hold, and why.
    """
    # (1) one bundle, one signature
    paper = _open(bundle)
    envelope = paper.dsse_envelope
    if len(envelope.signatures) != 1:
        raise VerificationError(
            f"the file carries {len(envelope.signatures)} signatures; exactly one is allowed",
            rule=1,
            hint=_ALTERED,
        )

    # (2) payload type
    if envelope.payload_type != PAYLOAD_TYPE:
        raise VerificationError(
            f"the signed content is of the type {envelope.payload_type[:100]!r}, "
            "which is not a statement that Comity reads",
            rule=2,
        )

    # (3) a trusted key, valid now
    authority, key = _find_key(paper.verification_material.public_key.hint, trust, seen_at)

    # (4) the signature, over the exact bytes
    try:
        payload = from_base64(envelope.payload)
        signature = from_base64(envelope.signatures[0].sig)
    except ValueError:
        raise VerificationError(
            "the signed content or its signature is not proper base64", rule=4, hint=_ALTERED
        ) from None
    if not key.public.verifies(signature, pae(envelope.payload_type, payload)):
        raise VerificationError(
            f"the signature does not hold: the content is not what {authority.name} signed",
            rule=4,
            hint=_ALTERED,
        )

    # (5) and (6) one reading of the payload, and it matches its struct
    statement = _read(payload, types)
    _agree(statement, authority, key)

    # (7) identity
    return Verified(
        id=hashlib.sha256(payload).hexdigest(), statement=statement, authority=authority, key=key
    )


def _open(bundle: bytes) -> Bundle:
    """Rule 1: the bytes are one bundle."""
    if len(bundle) > MAX_BUNDLE_BYTES:
        raise VerificationError(
            f"the file is larger than the {MAX_BUNDLE_BYTES:,} bytes allowed", rule=1
        )
    try:
        return _bundles.decode(bundle)
    except RecursionError:
        raise VerificationError("the file is nested too deeply", rule=1) from None
    except ValueError as error:  # not JSON, not UTF-8, or a field that does not belong
        raise VerificationError(
            f"this is not a signed file (a Sigstore bundle v0.3): {error}",
            rule=1,
            hint="A signed file ends in .sigstore.json and arrives as one piece.",
        ) from None


def _find_key(hint: str, trust: Trust, seen_at: datetime) -> tuple[Authority, TrustedKey]:
    """Rule 3: the hint only looks a key up; whether that key signed is for rule 4 to say."""
    found = trust.by_hint.get(hint)
    if found is None:
        raise VerificationError(
            "you trust nobody with the key that this file names",
            rule=3,
            hint="If you know who sent it, ask them for their public key and compare it by\n"
            "  telephone: comity trust add",
        )
    authority, key = found
    if not key.valid_at(seen_at):
        day = f"{seen_at:%Y-%m-%d}"
        period = f"{key.valid_from or 'the beginning'} to {key.valid_until or 'further notice'}"
        raise VerificationError(
            f"the key of {authority.name} counts from {period}, not on {day}",
            rule=3,
            hint="Without a log nothing proves when a file was signed, so the key must count "
            "today.",
        )
    return authority, key


@lru_cache(maxsize=64)
def _reader(kind: type) -> msgspec.json.Decoder[Statement[Any]]:
    return msgspec.json.Decoder(Statement[kind])  # type: ignore[valid-type]


class _Head(msgspec.Struct):
    """As much of a statement as tells which struct its predicate must match."""

    predicate_type: str = msgspec.field(name="predicateType")


_heads = msgspec.json.Decoder(_Head)


def _read(payload: bytes, types: Mapping[str, type]) -> Statement[Any]:
    """Rules 5 and 6: decode the payload into its struct and require the same bytes back."""
    try:
        name = _heads.decode(payload).predicate_type
        kind = types.get(name)
        if kind is None:
            raise VerificationError(
                f"this version of Comity does not know statements of the type {name[:200]!r}",
                rule=6,
            )
        statement = _reader(kind).decode(payload)
    except RecursionError:
        raise VerificationError("the signed content is nested too deeply", rule=5) from None
    except ValueError as error:
        _require_canonical(payload)
        raise VerificationError(f"the statement is not well formed: {error}", rule=6) from None
    if _sorted.encode(statement) != payload:
        _require_canonical(payload)
        raise VerificationError(
            "the statement is not well formed: it leaves out a field, and what is signed writes "
            "every one",
            rule=6,
        )
    return statement


def _require_canonical(payload: bytes) -> None:
    """Rule 5 for a payload that matches no struct, so that the lower rule is the one named."""
    try:
        same = _sorted.encode(_plain.decode(payload)) == payload
    except (ValueError, RecursionError):
        same = False
    if not same:
        _refuse_spelling()


def _refuse_spelling() -> None:
    raise VerificationError(
        "the signed content is not in the one canonical spelling (sorted keys, each once, no "
        "spaces), so two programs could read it differently",
        rule=5,
        hint="Ask the sender to sign it again with a program that writes canonical JSON.",
    )


def _agree(statement: Statement[Any], authority: Authority, key: TrustedKey) -> None:
    """Rule 6: what the predicate says about itself agrees with its frame."""
    predicate = statement.predicate
    authors = authors_of(predicate)
    author = next((one for one in authors if one.origin == authority.origin), None)
    if author is None:
        named = " and ".join(one.origin for one in authors)
        raise VerificationError(
            f"the statement speaks for {named}, but it is signed by {authority.origin}",
            rule=6,
            hint=_ALTERED,
        )
    if author.key not in (None, key.public.spki_sha256):
        raise VerificationError(
            f"the statement names another key of {authority.origin} than the one that signed it",
            rule=6,
        )
    if None not in (authority.role, author.role) and author.role != authority.role:
        raise VerificationError(
            f"{authority.name} signs as {author.role}, but you trust them as {authority.role}",
            rule=6,
        )
    if statement.subject != subjects_of(predicate):
        raise VerificationError(
            "the subjects of the statement are not those that it reports on", rule=6
        )
