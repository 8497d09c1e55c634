"""Verify a signed file offline, by seven rules.

1. The file is one Sigstore bundle v0.3 that holds exactly one signature.
2. The payload type is the in-toto statement's: nothing else is ever read as one.
3. The key is found in the trust file by the digest of its SPKI bytes (the DSSE key id is a hint
   that nobody signed, so it is never trusted) and counts at the time that is proven. A log proof
   shows that the statement existed by some time: the key must count then, and may have ended since;
   who took it over later and writes an old date into a statement has no proof of that time. Without
   a proof the time is `unproven`, and the key must count today: a statement's own dates prove
   nothing.
4. The signature holds over the exact bytes of DSSE's pre-authentication encoding.
5. The payload is decoded once, from those bytes, and encoding it again in sorted order gives the
   same bytes. So it reads the same in every program: no duplicate keys, spaces or second spellings.
6. The predicate matches the struct of its type, in every field and limit. What it says about itself
   agrees with its frame: its author is the authority to which the trust file binds the key, in the
   role that the trust file gives; its subjects are the ones that the statement names.
7. The identity of the statement is the SHA-256 of the payload, never of the signature: an ECDSA
   signature can be rewritten (s to n - s) and still holds, over the same statement. A log proof is
   of this identity, under this key.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from comity.attest.envelope import Bundle, from_base64, pae
from comity.attest.statement import PAYLOAD_TYPE, Statement, authors_of, subjects_of
from comity.attest.trust import Authority, Trust, TrustedKey
from comity.claims.values import timestamp
from comity.errors import VerificationError

__all__ = ["MAX_BUNDLE_BYTES", "Proven", "Verified", "named_in", "verify"]

MAX_BUNDLE_BYTES = 16_000_000
"""Largest bundle that is looked at. An assessment of 10,000 claims has about 10 MB."""

_ALTERED = "Ask the sender for the original file; do not rely on this one."

_bundles = msgspec.json.Decoder(Bundle)
_plain = msgspec.json.Decoder()
_sorted = msgspec.json.Encoder(order="sorted")


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """What a log proof says of a statement; whoever hands it to `verify` has checked the proof.

    Attributes:
        statement: SHA-256 of the payload of the statement that stands in the log.
        key: SHA-256 of the SPKI bytes of the key that signed it.
        existed_by: When enough witnesses had seen it, with its time zone; None if too few have.
    """

    statement: str
    key: str
    existed_by: datetime | None


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What holds, once all seven rules do.

    Attributes:
        id: SHA-256 of the payload, 64 hexadecimal digits.
        statement: The statement, decoded from the bytes that were signed.
        authority: Who signed, as the trust file knows them.
        key: The key that signed.
        existed_by: When the statement existed at the latest, proven by witnesses of a log; None:
            unproven, nothing but the author's word says when it was signed.
    """

    id: str
    statement: Statement[Any]
    authority: Authority
    key: TrustedKey
    existed_by: datetime | None = None

    @property
    def time(self) -> str:
        """`unproven`, or the time by which it existed, in UTC: `2026-11-21T22:29:25Z`."""
        return timestamp(self.existed_by) if self.existed_by else "unproven"

    @property
    def predicate_type(self) -> str:
        """Which type of statement it is."""
        return self.statement.predicate_type

    @property
    def predicate(self) -> Any:
        """What the statement says: the struct of its type."""
        return self.statement.predicate


def verify(
    bundle: bytes,
    trust: Trust,
    types: Mapping[str, type],
    seen_at: datetime,
    proven: Proven | None = None,
) -> Verified:
    """Verify the bytes of a `*.sigstore.json` file.

    Args:
        bundle: The file's bytes.
        trust: Whose keys count.
        types: Which struct the predicate of each statement type must match.
        seen_at: Now, with its time zone.
        proven: What a checked log proof says of this statement, if there is one.

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

    # (3) a trusted key, that counts at the proven time, or now
    existed_by = proven.existed_by if proven else None
    hint = paper.verification_material.public_key.hint
    authority, key = _find_key(hint, trust, existed_by or seen_at, proven=existed_by is not None)

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
    identity = hashlib.sha256(payload).hexdigest()
    if proven and (proven.statement, proven.key) != (identity, key.public.spki_sha256):
        raise VerificationError(
            "the proof from a log is of another statement, or of another key",
            rule=7,
            hint="Ask for the proof that belongs to this file, or verify it without one.",
        )
    return Verified(
        id=identity, statement=statement, authority=authority, key=key, existed_by=existed_by
    )


def named_in(bundle: bytes) -> tuple[str, str]:
    """The identity of the statement in a bundle, and the key that the bundle names, to look it up.

    Nothing is verified.

    Returns:
        SHA-256 of the payload, and of the key's SPKI bytes, 64 hexadecimal digits each.

    Raises:
        VerificationError: rule 1: it is no bundle, or one of the two is not base64.
    """
    paper = _open(bundle)
    try:
        payload = from_base64(paper.dsse_envelope.payload)
        key = b64decode(paper.verification_material.public_key.hint, validate=True)
    except ValueError:
        raise VerificationError("this is not proper base64", rule=1, hint=_ALTERED) from None
    return hashlib.sha256(payload).hexdigest(), key.hex()


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


def _find_key(
    hint: str, trust: Trust, moment: datetime, *, proven: bool
) -> tuple[Authority, TrustedKey]:
    """Rule 3: the hint only looks a key up; whether that key signed is for rule 4 to say."""
    found = trust.by_hint.get(hint)
    if found is None:
        raise VerificationError(
            "you trust nobody with the key that this file names",
            rule=3,
            hint="If you know who sent it, ask them for their public key and compare it by\n"
            "  telephone: comity trust add FILE.pub --origin WHO --name NAME. Your own key, too,\n"
            "  counts only when your trust file names it.",
        )
    authority, key = found
    if not key.valid_at(moment):
        day = f"{moment.astimezone(UTC):%Y-%m-%d}"
        period = f"{key.valid_from or 'the beginning'} to {key.valid_until or 'further notice'}"
        raise VerificationError(
            f"the key of {authority.name} counts from {period}, not on {day}",
            rule=3,
            hint="The proof shows that the file existed by that day, and not before."
            if proven
            else "Without a proof from a log nothing says when a file was signed, so the key must "
            "count today.",
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
