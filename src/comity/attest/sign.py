"""Sign: predicate in, bundle out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from comity.attest.envelope import Bundle, Envelope, KeyHint, Material, Signature, pae, to_base64
from comity.attest.keys import SigningKey
from comity.attest.statement import PAYLOAD_TYPE, Statement, Subject
from comity.claims import canonical_bytes

__all__ = ["sign", "sign_payload"]


def sign(
    predicate_type: str, subjects: Iterable[Subject], predicate: Any, key: SigningKey
) -> bytes:
    """Sign what `predicate` says about `subjects`.

    Returns:
        The bytes of a `*.sigstore.json` file.
    """
    statement = Statement(
        subject=tuple(subjects), predicate_type=predicate_type, predicate=predicate
    )
    return sign_payload(canonical_bytes(statement), key)


def sign_payload(payload: bytes, key: SigningKey, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """Sign exact bytes: one DSSE envelope with one signature, in a Sigstore bundle v0.3."""
    signature = key.sign(pae(payload_type, payload))
    bundle = Bundle(
        verification_material=Material(public_key=KeyHint(hint=key.public.hint)),
        dsse_envelope=Envelope(
            payload=to_base64(payload),
            payload_type=payload_type,
            signatures=(Signature(sig=to_base64(signature), keyid=key.public.spki_sha256),),
        ),
    )
    return msgspec.json.encode(bundle)
