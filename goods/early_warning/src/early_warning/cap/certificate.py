"""Certificates: which key is whose, in the form that XML signatures carry.

A service that has a certificate from its national authority uses that one. One without makes its
own here and hands it out by a way that its receivers trust.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from comity import files
from comity.attest.keys import SigningKey
from comity.errors import InputError

__all__ = ["fingerprint", "load_certificate", "own_certificate", "parse_certificate"]

MAX_BYTES = 20_000


def own_certificate(
    key: SigningKey, name: str, *, start: datetime, end: datetime, serial: int | None = None
) -> x509.Certificate:
    """A certificate that a key signs for itself: `name` holds it from `start` to `end`.

    Args:
        key: A P-256 key.
        name: The service, 1 to 64 characters.
        start: First moment, with a time zone.
        end: Last moment.
        serial: Its number; by default a random one.

    Raises:
        InputError: the name or the period is not possible.
    """
    private = serialization.load_pem_private_key(key.pem(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)  # all keys of Comity are
    try:
        holder = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return (
            x509.CertificateBuilder()
            .subject_name(holder)
            .issuer_name(holder)
            .public_key(private.public_key())
            .serial_number(serial or x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_for_signing(), critical=True)
            .sign(private, hashes.SHA256())
        )
    except ValueError as error:
        raise InputError(f"no certificate can be made: {error}", where=name) from None


def _for_signing() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def parse_certificate(pem: bytes, *, where: str = "") -> x509.Certificate:
    """Read a certificate in PEM form.

    Raises:
        InputError: it is none.
    """
    try:
        return read_whole(x509.load_pem_x509_certificate, pem)
    except ValueError:
        raise InputError(
            "this is not a certificate in PEM form",
            where=where,
            hint="It begins with -----BEGIN CERTIFICATE-----.",
        ) from None


def read_whole(load: Callable[[bytes], x509.Certificate], data: bytes) -> x509.Certificate:
    """Read a certificate with its name and its key, which are otherwise read when asked for.

    Raises:
        ValueError: it is none, or one of them cannot be read.
    """
    try:
        certificate = load(data)
        certificate.subject.rfc4514_string()
        certificate.public_key()
    except (x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from None
    return certificate


def load_certificate(path: Path) -> x509.Certificate:
    """Read a certificate file.

    Raises:
        InputError: it cannot be read, or is no certificate in PEM form.
    """
    return parse_certificate(files.read_bytes(path, MAX_BYTES), where=str(path))


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate's bytes, 64 hexadecimal digits."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    return hashlib.sha256(der).hexdigest()
