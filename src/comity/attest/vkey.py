"""Public keys of logs and witnesses, as signed notes name them (https://c2sp.org/signed-note).

A key has a name, a kind and 32 bytes of Ed25519. Kind 1 signs texts, as a log does; kind 4 signs a
time and a text, as a witness does (https://c2sp.org/tlog-cosignature). libsodium verifies, and a
public key must be a point of the prime-order subgroup: other verifiers disagree on keys and
signatures outside of it, and then a note could hold in one country and not in another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import cached_property
from typing import Final, Literal

import msgspec

from comity.attest.keys import fingerprint_of
from comity.errors import InputError

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "Kind",
    "NoteKey",
    "admit",
    "decode_base64",
    "is_key_name",
    "parse_vkey",
]

ED25519: Final = 1
COSIGNATURE: Final = 4
MAX_NAME_BYTES = 255

Kind = Literal[1, 4]


class NoteKey(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A public key as notes name it.

    Attributes:
        name: Who signs: no spaces, no plus. Of a log it is the log's origin.
        kind: 1 signs texts, as a log does; 4 signs a time and a text, as a witness does.
        public: The 32 bytes of the Ed25519 key.
    """

    name: str
    kind: Kind
    public: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise InputError(f"{self.name[:100]!r} cannot name a key: no spaces, no plus sign")
        admit(self.public)

    @cached_property
    def key_id(self) -> int:
        """The first four bytes of SHA-256(name, line end, kind, key), as an integer."""
        return _key_id(self.name, bytes([self.kind]) + self.public)

    @property
    def vkey(self) -> str:
        """The key on one line, to give away: name+id+base64(kind and key)."""
        data = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id:08x}+{data}"

    @property
    def fingerprint(self) -> str:
        """Eight groups of five digits to read aloud: of the SHA-256 of the vkey, name and all."""
        return fingerprint_of(hashlib.sha256(self.vkey.encode()).hexdigest())

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the 64 bytes are this key's signature over the message, by libsodium's rule."""
        import nacl.bindings
        import nacl.exceptions

        if len(signature) != 64:
            return False
        try:
            nacl.bindings.crypto_sign_open(signature + message, self.public)
        except nacl.exceptions.BadSignatureError:
            return False
        return True


def admit(public: bytes) -> None:
    """Admit a public key only if it is a point of the prime-order subgroup, in its one spelling.

    Raises:
        InputError: it is not; then verifiers disagree on what the key signed.
    """
    import nacl.bindings

    if len(public) != 32:
        raise InputError(f"an Ed25519 public key has 32 bytes, not {len(public)}")
    if not nacl.bindings.crypto_core_ed25519_is_valid_point(public):
        raise InputError(
            "this Ed25519 key is weak: programs disagree on what it signed (it is not in the "
            "prime-order subgroup)",
            hint="No honest program makes such a key; ask its owner how it was made.",
        )


def parse_vkey(text: str, *, where: str = "") -> NoteKey:
    """Read `name+id+base64(kind and key)`.

    Raises:
        InputError: it has another form, its id is not that of the key, the key is of another kind
            than 1 and 4, or weak.
    """
    parts = text.strip().split("+", 2)
    hint = "It looks like lab.example/log+7bc1f0a3+AU…, on one line."
    if len(parts) != 3:
        raise InputError("this is not the public key of a log or a witness", where=where, hint=hint)
    name, key_id, data = parts
    try:
        decoded = decode_base64(data)
    except ValueError:
        raise InputError("the key is not proper base64", where=where, hint=hint) from None
    kind = decoded[0] if decoded else 0
    if kind != ED25519 and kind != COSIGNATURE:
        raise InputError(
            f"the key is of the kind {kind}; Comity knows 1 (a log's Ed25519) and 4 (a witness's)",
            where=where,
        )
    if key_id != f"{_key_id(name, decoded):08x}":
        raise InputError("the key's id is not that of the key: it was copied wrongly", where=where)
    try:
        return NoteKey(name=name, kind=kind, public=decoded[1:])  # type: ignore[arg-type]
    except InputError as error:
        raise InputError(error.what, where=where, hint=error.hint) from None


def _key_id(name: str, kind_and_key: bytes) -> int:
    digest = hashlib.sha256(f"{name}\n".encode() + kind_and_key).digest()
    return int.from_bytes(digest[:4], "big")


def decode_base64(text: str) -> bytes:
    """Bytes of a base64 text, if it is the one right way to write them.

    Raises:
        ValueError: it is not.
    """
    data = binascii.a2b_base64(text, strict_mode=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def is_key_name(name: str) -> bool:
    """Whether notes can carry the name: short, without spaces, plus signs or control characters."""
    return (
        0 < len(name.encode(errors="replace")) <= MAX_NAME_BYTES
        and "+" not in name
        and not any(letter.isspace() or letter < " " for letter in name)
    )
