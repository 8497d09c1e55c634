"""Keys: ECDSA on the curve P-256, stored readable by the owner alone.

One curve, because authorities must agree on what verifies: P-256 is in every hardware module,
browser and standard library, and implementations of it agree on edge cases where those of Ed25519
do not. A public key is known by the SHA-256 of its SPKI bytes, and people compare it by reading
its fingerprint aloud.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from comity import files
from comity.errors import InputError

__all__ = [
    "PublicKey",
    "SigningKey",
    "fingerprint_of",
    "load_key",
    "load_public_key",
    "new_key",
    "parse_public_key",
    "save_key",
]

MAX_KEY_BYTES = 20_000
_SHA256 = ec.ECDSA(hashes.SHA256())


class PublicKey:
    """The public half of a key; whoever holds it can check what the key signed.

    Attributes:
        spki: SubjectPublicKeyInfo in DER: the bytes that identify the key.
        hint: Base64 of the SHA-256 of `spki`, as a Sigstore bundle names the key.
    """

    def __init__(self, key: ec.EllipticCurvePublicKey) -> None:
        self._key = key
        self.spki = key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self._digest = hashlib.sha256(self.spki).digest()
        self.hint = base64.b64encode(self._digest).decode()

    @property
    def pem(self) -> str:
        """The key as PEM text, for `.pub` files."""
        return self._key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()

    @property
    def base64(self) -> str:
        """The key on one line, for trust files."""
        return base64.b64encode(self.spki).decode()

    @property
    def spki_sha256(self) -> str:
        """SHA-256 of the SPKI bytes, 64 hexadecimal digits."""
        return self._digest.hex()

    @property
    def fingerprint(self) -> str:
        """Eight groups of five digits to read aloud: the first 128 bits of the SPKI's SHA-256.

        Each group is a 16-bit word, 00000 to 65535. Digits are read alike in every language.
        """
        return fingerprint_of(self.spki_sha256)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` (DER) is this key's over `message` with SHA-256."""
        try:
            self._key.verify(signature, message, _SHA256)
        except InvalidSignature:
            return False
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and self.spki == other.spki

    def __hash__(self) -> int:
        return hash(self.spki)

    def __repr__(self) -> str:
        return f"PublicKey({self.fingerprint!r})"


def fingerprint_of(spki_sha256: str) -> str:
    """The fingerprint of the key whose SPKI has this SHA-256, in hexadecimal digits."""
    words = (spki_sha256[i : i + 4] for i in range(0, 32, 4))
    return " ".join(f"{int(word, 16):05d}" for word in words)


class SigningKey:
    """A key that signs. Its secret half never appears in a message or a repr."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    @cached_property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self._key.public_key())

    def sign(self, message: bytes) -> bytes:
        """Sign `message` with SHA-256; the signature is DER."""
        return self._key.sign(message, _SHA256)

    def pem(self, password: str | None = None) -> bytes:
        """The secret as PKCS #8 PEM, encrypted when a password is given."""
        protection = (
            serialization.BestAvailableEncryption(password.encode())
            if password
            else serialization.NoEncryption()
        )
        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection
        )


def new_key() -> SigningKey:
    """Make a fresh P-256 key from the operating system's randomness."""
    return SigningKey(ec.generate_private_key(ec.SECP256R1()))


def save_key(key: SigningKey, path: Path, password: str | None = None) -> None:
    """Write the secret to `path`, readable by the owner alone; a file there is never replaced.

    Raises:
        InputError: the file exists or cannot be written.
    """
    files.write_atomic(path, key.pem(password), mode=0o600, replace=False)


def load_key(path: Path, password: str | None = None) -> SigningKey:
    """Read a key that `save_key` wrote, or any PKCS #8 PEM of a P-256 key.

    Raises:
        InputError: others may read the file, it is no private key, the password is missing or
            wrong, or the key is of another kind.
    """
    pem = files.read_secret(path, MAX_KEY_BYTES)
    where = str(path)
    secret = password.encode() if password else None
    try:
        key = serialization.load_pem_private_key(pem, secret)
    except TypeError:
        if secret is None:
            raise InputError(
                "this key is protected by a password",
                where=where,
                hint="Give the password, or set COMITY_KEY_PASSWORD.",
            ) from None
        return load_key(path)  # a password was given for a key that has none
    except (ValueError, UnsupportedAlgorithm):
        what = (
            "the password is wrong, or this is no private key"
            if secret
            else ("this is not a private key in PEM form")
        )
        raise InputError(what, where=where) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise InputError(
            "this is not a P-256 key; Comity signs with P-256 alone",
            where=where,
            hint="Make one: comity keys new",
        )
    return SigningKey(key)


def parse_public_key(text: str | bytes, *, where: str = "") -> PublicKey:
    """Read a public key from PEM text, or from base64 of its SPKI bytes on one line.

    Raises:
        InputError: it is neither, or not a P-256 key.
    """
    data = text.encode() if isinstance(text, str) else text
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            key = serialization.load_pem_public_key(data)
        else:
            key = serialization.load_der_public_key(binascii.a2b_base64(data.strip()))
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(
            "this is not a public key in PEM form",
            where=where,
            hint="It begins with -----BEGIN PUBLIC KEY-----.",
        ) from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise InputError("this is not a P-256 key; Comity trusts P-256 keys alone", where=where)
    return PublicKey(key)


def load_public_key(path: Path) -> PublicKey:
    """Read a `.pub` file.

    Raises:
        InputError: it cannot be read, or is not a P-256 public key.
    """
    return parse_public_key(files.read_bytes(path, MAX_KEY_BYTES), where=str(path))
