"""The keys of a log and of a witness: Ed25519, one key per purpose, stored beside each other.

keys/lab.example_log.log.key         the log's secret, readable by its owner alone
keys/lab.example_log.log.vkey        its public half, one line to give away
keys/lab.example.witness.key         the witness's secret: another key, never the log's
keys/lab.example.witness.vkey        its public half

A cosignature does not commit to the name of who cosigns, so one key under two names, or for two
purposes, would let one statement pass as another; the files keep them apart. A slash in a name
becomes an underscore in the file name.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from comity import files
from comity.attest.vkey import COSIGNATURE, ED25519, Kind, NoteKey, parse_vkey
from comity.errors import InputError

__all__ = [
    "Purpose",
    "StoredSigner",
    "load_note_signer",
    "load_vkey",
    "new_note_signer",
    "save_note_signer",
]

Purpose = Literal["log", "witness"]
KINDS: dict[Purpose, Kind] = {"log": ED25519, "witness": COSIGNATURE}
MAX_KEY_BYTES = 20_000


class StoredSigner:
    """A key that signs. Its secret half never appears in a message or a repr.

    Args:
        key: The public half.
        seed: The 32 secret bytes.
    """

    def __init__(self, key: NoteKey, seed: bytes) -> None:
        self.key = key
        self._seed = seed

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature over the message."""
        import nacl.bindings

        _, secret = nacl.bindings.crypto_sign_seed_keypair(self._seed)
        signed: bytes = nacl.bindings.crypto_sign(message, secret)
        return signed[:64]

    def pem(self, password: str | None = None) -> bytes:
        """The secret as PKCS #8 PEM, encrypted when a password is given."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        protection = (
            serialization.BestAvailableEncryption(password.encode())
            if password
            else serialization.NoEncryption()
        )
        return Ed25519PrivateKey.from_private_bytes(self._seed).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection
        )

    def __repr__(self) -> str:
        return f"StoredSigner({self.key.vkey!r})"


def new_note_signer(name: str, purpose: Purpose) -> StoredSigner:
    """Make a fresh Ed25519 key from the operating system's randomness.

    Args:
        name: The log's origin, or the witness's name.
        purpose: `log` signs checkpoints; `witness` cosigns those of others.

    Raises:
        InputError: the name cannot stand in a note.
    """
    return _signer(name, KINDS[purpose], secrets.token_bytes(32))


def save_note_signer(signer: StoredSigner, folder: Path, password: str | None = None) -> Path:
    """Write the secret and the public half into `folder`; a key that stands there stays.

    Returns:
        The path of the `.key` file.

    Raises:
        InputError: a file exists or cannot be written.
    """
    purpose = next(one for one, kind in KINDS.items() if kind == signer.key.kind)
    name = f"{signer.key.name.replace('/', '_')}.{purpose}"
    path = files.make_folder(folder) / f"{name}.key"
    files.write_atomic(path, signer.pem(password), mode=0o600, replace=False)
    files.write_atomic(path.with_suffix(".vkey"), f"{signer.key.vkey}\n")
    return path


def load_note_signer(path: Path, purpose: Purpose, password: str | None = None) -> StoredSigner:
    """Read a secret and, from the `.vkey` beside it, its name and purpose.

    Raises:
        InputError: one of the two is absent or wrong, others may read the secret, the password is
            missing or wrong, the two do not belong together, or the key has another purpose.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if path.suffix == ".vkey":
        raise InputError(
            "this is a public key, which signs nothing",
            where=str(path),
            hint=f"Name the secret one: {path.with_suffix('.key')}.",
        )
    pem = files.read_secret(path, MAX_KEY_BYTES)
    secret = password.encode() if password and b"ENCRYPTED" in pem else None
    try:
        key = serialization.load_pem_private_key(pem, secret)
    except TypeError:
        raise InputError(
            "this key is protected by a password",
            where=str(path),
            hint="Give the password, or set COMITY_KEY_PASSWORD.",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        what = (
            "the password is wrong, or this is no private key"
            if secret
            else "this is not a private key in PEM form"
        )
        raise InputError(what, where=str(path)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(
            "this is not an Ed25519 key; logs and witnesses sign with Ed25519 alone",
            where=str(path),
            hint="The key that signs statements is another one: one key per purpose.",
        )
    beside = path.with_suffix(".vkey")
    public = load_vkey(beside)
    if public.kind != KINDS[purpose]:
        raise InputError(
            f"this is not the key of a {purpose}",
            where=str(path),
            hint="One key per purpose: a log's key signs its log, a witness's cosigns others'.",
        )
    signer = _signer(public.name, public.kind, key.private_bytes_raw())
    if signer.key != public:
        raise InputError(f"this file describes another key than {path.name}", where=str(beside))
    return signer


def load_vkey(path: Path) -> NoteKey:
    """Read a `.vkey` file: one line.

    Raises:
        InputError: it is absent, or no public key of a log or a witness.
    """
    return parse_vkey(files.read_text(path, MAX_KEY_BYTES), where=str(path))


def _signer(name: str, kind: Kind, seed: bytes) -> StoredSigner:
    import nacl.bindings

    public, _ = nacl.bindings.crypto_sign_seed_keypair(seed)
    return StoredSigner(NoteKey(name=name, kind=kind, public=public), seed)
