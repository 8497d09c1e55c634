"""The service's signing key and its certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from comity import files
from comity.attest.keys import SigningKey, load_key, new_key, parse_public_key, save_key
from comity.errors import InputError
from early_warning.cap import load_certificate, own_certificate
from early_warning.service import Service

__all__ = ["Signing", "load_signing", "new_signing_key"]

YEARS: Final = 5
NOTICE: Final = timedelta(days=60)
"""So long before its end the desk tells of a certificate."""

MAX_NAME: Final = 64
_HINT: Final = "Make them: early-warning key country.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What signs alerts."""

    key: SigningKey
    certificate: x509.Certificate

    def fault(self, now: datetime) -> str:
        """Why an alert that is signed now would not hold; empty where it does."""
        start, end = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if start <= now <= end:
            return ""
        return (
            f"The certificate of the signing key runs from {start:%Y-%m-%d} to {end:%Y-%m-%d}: "
            "receivers would refuse the alert. Move the key and it away and make new ones by "
            "early-warning key; to study the past, with the same --at."
        )

    def ends_soon(self, now: datetime) -> str:
        """That the certificate ends within `NOTICE`; empty where it does not."""
        end = self.certificate.not_valid_after_utc
        if not now <= end < now + NOTICE:
            return ""
        return (
            f"The certificate of the signing key ends on {end:%Y-%m-%d}. Make a new key before, "
            "and give receivers its certificate."
        )


def new_signing_key(service: Service, *, now: datetime) -> Signing:
    """Make a key, readable by its owner alone, and a certificate that it signs for itself.

    Raises:
        InputError: one of the two files exists already; neither is ever replaced.
    """
    signing = service.country.signing
    key_path, path = service.path(signing.key), service.folder / signing.certificate
    if path.exists():
        raise InputError(
            "the file exists already and is not replaced",
            where=str(path),
            hint="For a new one, move it and its key away; receivers then need the new one.",
        )
    name = service.country.authority.names[service.packs[0].language][:MAX_NAME]
    start = now.replace(microsecond=0)
    key = new_key()
    certificate = own_certificate(key, name, start=start, end=start + timedelta(days=YEARS * 365))
    for one in (key_path, path):
        files.make_folder(one.parent)
    save_key(key, key_path)
    files.write_atomic(path, certificate.public_bytes(Encoding.PEM), replace=False)
    return Signing(key=key, certificate=certificate)


def load_signing(service: Service) -> Signing:
    """Read the key and its certificate.

    Raises:
        InputError: one is not there, others may read the key, or they do not belong together.
    """
    signing = service.country.signing
    key_path, path = service.path(signing.key), service.folder / signing.certificate
    for one in (key_path, path):
        if not one.exists():
            raise InputError("there is no such file", where=str(one), hint=_HINT)
    key, certificate = load_key(key_path), load_certificate(path)
    public = parse_public_key(_spki(certificate), where=str(path))
    if public != key.public:
        raise InputError(
            "this certificate belongs to another key",
            where=str(path),
            hint=f"The key is {key_path}.",
        )
    return Signing(key=key, certificate=certificate)


def _spki(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import PublicFormat

    return certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
