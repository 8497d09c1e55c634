"""The paper around a statement: a DSSE envelope inside a Sigstore bundle v0.3.

https://github.com/secure-systems-lab/dsse and https://github.com/sigstore/protobuf-specs. The
stricter reading is written: no unknown fields, `tlogEntries` present, exactly one signature.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

__all__ = [
    "MEDIA_TYPE",
    "Bundle",
    "Envelope",
    "KeyHint",
    "Material",
    "Signature",
    "from_base64",
    "pae",
    "to_base64",
]

MEDIA_TYPE: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"


class KeyHint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which key to look up: base64 of the SHA-256 of its SPKI bytes."""

    hint: str


class Material(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="camel"
):
    """What is needed to verify: here a public key that the receiver must already hold."""

    public_key: KeyHint
    tlog_entries: tuple[()] = ()


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One signature. `keyid` is not signed, so it is never trusted."""

    sig: msgspec.Raw
    keyid: str = ""


class Envelope(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="camel"
):
    """A DSSE envelope. Payload and signature stay the raw base64 text, quotes included."""

    payload: msgspec.Raw
    payload_type: str
    signatures: tuple[Signature, ...]


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename="camel"):
    """A Sigstore bundle v0.3 that holds one envelope."""

    media_type: Literal["application/vnd.dev.sigstore.bundle.v0.3+json"] = MEDIA_TYPE
    verification_material: Material
    dsse_envelope: Envelope


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: the exact bytes that are signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def to_base64(data: bytes) -> msgspec.Raw:
    """Bytes as a JSON string in base64."""
    return msgspec.Raw(msgspec.json.encode(data))


def from_base64(text: msgspec.Raw) -> bytes:
    """Bytes of a JSON string in base64, if it is the one right way to write them.

    Decoders disagree about line breaks, missing padding and stray bits, so all are refused.

    Raises:
        ValueError: it is not canonical base64.
    """
    data = msgspec.json.decode(text, type=bytes)
    if msgspec.json.encode(data) != bytes(text):
        raise ValueError("not canonical base64")
    return data
