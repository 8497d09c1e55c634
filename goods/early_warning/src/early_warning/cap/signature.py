"""Sign an alert, and check who signed one.

The signature is W3C's XML Signature, enveloped, ECDSA on P-256 with SHA-256 over the exclusive
canonical form. It is put in as the last thing before the end, into bytes that were written once;
those bytes are then kept and served as they are. Whoever formats them anew breaks the signature.

Checking follows seven rules; the first that is broken is said.

1. One signature, the last element of a CAP 1.2 alert that passes the door and declares at most
   `MAX_NAMESPACES` namespaces: the canonical form of more takes minutes.
2. It covers the whole alert: one reference, to the document itself, changed by nothing but taking
   the signature out and the canonical form. Its parts are those of the standard, each once and in
   their order, so that what is checked is what the key signed; and no part of an alert stands in
   it, where a reader might take it for signed.
3. Its algorithms are sound: ECDSA or RSA, with SHA-256 or longer.
4. It names a certificate, and the reader trusts this certificate.
5. The certificate was valid at the time that the reader recorded. That time is the reader's word:
   take it from a log, not from the alert.
6. The bytes are those that were signed.
7. The certificate's key made the signature.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from lxml import etree

from comity.attest.keys import SigningKey
from comity.errors import InputError, VerificationError
from early_warning.cap.alert import CAP_1_2
from early_warning.cap.canonical import EXCLUSIVE, FORMS, Form, canonical, without
from early_warning.cap.certificate import fingerprint, read_whole
from early_warning.cap.door import open_xml, text_of
from early_warning.cap.read import examine, kind_of
from early_warning.cap.schema import DSIG
from early_warning.cap.write import END

__all__ = ["Signed", "certificate_in", "check_signature", "sign_alert"]

_ENVELOPED: Final = DSIG + "enveloped-signature"
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_ENCRYPTION: Final = "http://www.w3.org/2001/04/xmlenc#"
_DIGESTS: Final[dict[str, hashes.HashAlgorithm]] = {
    _ENCRYPTION + "sha256": hashes.SHA256(),
    _MORE + "sha384": hashes.SHA384(),
    _ENCRYPTION + "sha512": hashes.SHA512(),
}
_METHODS: Final[dict[str, tuple[str, hashes.HashAlgorithm]]] = {
    f"{_MORE}{family}-sha{one.digest_size * 8}": (family, one)
    for family in ("ecdsa", "rsa")
    for one in (hashes.SHA256(), hashes.SHA384(), hashes.SHA512())
}
MIN_RSA_BITS: Final = 2048
MAX_NAMESPACES: Final = 32

_D: Final = f"{{{DSIG}}}"
_PARTS: Final = {  # path: what stands there
    ".": ("SignedInfo", "SignatureValue", "KeyInfo"),
    f"{_D}SignedInfo": ("CanonicalizationMethod", "SignatureMethod", "Reference"),
    f"{_D}SignedInfo/{_D}Reference": ("Transforms", "DigestMethod", "DigestValue"),
}
_XML_ATTRIBUTES: Final = etree.XPath("boolean(//@xml:*)")
_FORMATTED: Final = (
    "Was the alert formatted anew after signing? Ask its sender for the bytes as signed."
)


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """What a good signature says.

    Attributes:
        holder: The certificate's subject.
        certificate: SHA-256 of the certificate, 64 hexadecimal digits.
        bytes_sha256: SHA-256 of the alert's bytes, for the record.
    """

    holder: str
    certificate: str
    bytes_sha256: str


def sign_alert(data: bytes, key: SigningKey, certificate: x509.Certificate) -> bytes:
    """Sign the bytes that `write_alert` gave; keep what comes back, byte for byte.

    Raises:
        InputError: the alert has an error, is signed already, or was not written here; or the
            certificate is another key's.
    """
    verdict, root = examine(data, "")
    if verdict.signed:
        raise InputError("the alert is signed already", hint="Write it anew to sign it anew.")
    if root is None or not verdict.valid or not data.endswith(END):
        raise InputError(
            "only an alert without errors, as write_alert gives it, is signed",
            hint=verdict.why or "".join(str(finding) for finding in verdict.errors("cap")[:1]),
        )
    if _spki(certificate) != key.public.spki:
        raise InputError("the certificate belongs to another key")
    digest = hashlib.sha256(canonical(root.getroottree(), _OURS, comments=False)).digest()
    info = _signed_info(_base64(digest))
    r, s = decode_dss_signature(key.sign(info.encode()))
    value = _base64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    der = _base64(certificate.public_bytes(serialization.Encoding.DER))
    signature = (
        f'<Signature xmlns="{DSIG}">{info.replace(f" xmlns={chr(34)}{DSIG}{chr(34)}", "", 1)}'
        f"<SignatureValue>{value}</SignatureValue><KeyInfo><X509Data><X509Certificate>{der}"
        "</X509Certificate></X509Data></KeyInfo></Signature>"
    )
    return data.removesuffix(END) + signature.encode() + END


def check_signature(
    data: bytes, *, trusted: Iterable[x509.Certificate], at: datetime, where: str = ""
) -> Signed:
    """Check an alert's bytes, exactly as they were received, by the seven rules.

    Args:
        data: The bytes.
        trusted: The certificates whose holders the reader believes.
        at: When the reader received the alert, by its own record; with a time zone.
        where: What to call the alert in errors.

    Raises:
        VerificationError: a rule is broken; the error names it.
        InputError: the recorded time has no time zone.
    """
    if at.tzinfo is None:
        raise InputError("the recorded time needs a time zone", where=where)
    try:
        root = open_xml(data, where=where)
    except InputError as error:
        raise VerificationError(error.what, rule=1, where=where) from None
    if data.count(b"xmlns") > MAX_NAMESPACES:
        what = f"the alert declares more than {MAX_NAMESPACES} namespaces"
        raise VerificationError(what, rule=1, where=where)
    signature = _only_signature(root, where)  # rule 1
    _covers_everything(root, signature, where)  # rule 2
    _sound(signature, where)  # rule 3
    shown = hashlib.sha256(_certificate_bytes(signature)).hexdigest()
    certificate = next((one for one in trusted if fingerprint(one) == shown), None)
    if certificate is None:  # rule 4
        name = _certificate(signature, where).subject.rfc4514_string()
        raise VerificationError(
            f"nobody here trusts the certificate of {name}", rule=4, where=where
        )
    name = certificate.subject.rfc4514_string()
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= at <= end:  # rule 5
        raise VerificationError(
            f"the certificate of {name} was not valid at {at.isoformat()}: it runs from "
            f"{start:%Y-%m-%d} to {end:%Y-%m-%d}",
            rule=5,
            where=where,
        )
    signed = _key_signed(signature, certificate, where)  # looked at before rule 6 takes it apart
    _bytes_hold(root, signature, where)  # rule 6
    if not signed:  # rule 7
        raise VerificationError(
            f"the key of {name} did not make this signature", rule=7, where=where, hint=_FORMATTED
        )
    return Signed(
        holder=name,
        certificate=shown,
        bytes_sha256=hashlib.sha256(data).hexdigest(),
    )


def certificate_in(data: bytes, *, where: str = "") -> x509.Certificate:
    """The certificate that an alert brings with it. That says nothing about whom to trust.

    Raises:
        InputError: the bytes are refused at the door.
        VerificationError: there is not exactly one signature, or it brings no certificate.
    """
    return _certificate(_only_signature(open_xml(data, where=where), where), where)


def _signed_info(digest: str) -> str:
    """SignedInfo in its exclusive canonical form: these are the bytes that the key signs."""
    return (
        f'<SignedInfo xmlns="{DSIG}">'
        f'<CanonicalizationMethod Algorithm="{EXCLUSIVE}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{_MORE}ecdsa-sha256"></SignatureMethod>'
        f'<Reference URI=""><Transforms><Transform Algorithm="{_ENVELOPED}"></Transform>'
        f'<Transform Algorithm="{EXCLUSIVE}"></Transform></Transforms>'
        f'<DigestMethod Algorithm="{_ENCRYPTION}sha256"></DigestMethod>'
        f"<DigestValue>{digest}</DigestValue></Reference></SignedInfo>"
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


_OURS: Final = Form(etree.Element("Transform", Algorithm=EXCLUSIVE))


def _spki(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _only_signature(root: etree._Element, where: str) -> etree._Element:
    if kind_of(root) != "cap-1.2":
        raise VerificationError("this is no CAP 1.2 alert", rule=1, where=where)
    found = list(root.iter(_D + "Signature"))
    if not found:
        raise VerificationError("the alert is not signed", rule=1, where=where)
    last = next(root.iterchildren("*", reversed=True))
    if len(found) > 1 or found[0] is not last:
        raise VerificationError(
            "the alert has more than one signature, or it is not the last element",
            rule=1,
            where=where,
        )
    return found[0]


def _covers_everything(root: etree._Element, signature: etree._Element, where: str) -> None:
    transforms = _transforms(signature)
    names = [one.get("Algorithm", "") for one in transforms]
    whole = (
        all(_holds(signature, path, parts) for path, parts in _PARTS.items())
        and [one.get("URI") for one in signature.iterfind(f"{_D}SignedInfo/{_D}Reference")] == [""]
        and names[:1] == [_ENVELOPED]
        and (names[1:] == [] or (len(names) == 2 and names[1] in FORMS))
        and next(signature.iter(f"{{{CAP_1_2}}}*"), None) is None
        and not _XML_ATTRIBUTES(root)
    )
    if not whole:
        raise VerificationError("the signature does not cover the whole alert", rule=2, where=where)


def _holds(signature: etree._Element, path: str, parts: tuple[str, ...]) -> bool:
    """Whether these parts, and no others, stand at a path; whether a key is brought is rule 4."""
    names = [child.tag for part in signature.iterfind(path) for child in part.iterchildren("*")]
    wanted = [_D + part for part in parts]
    return names == wanted or (path == "." and names == wanted[:-1])


def _transforms(signature: etree._Element) -> list[etree._Element]:
    return list(signature.iterfind(f"{_D}SignedInfo/{_D}Reference/{_D}Transforms/{_D}Transform"))


def _sound(signature: etree._Element, where: str) -> None:
    for path, allowed in (
        ("CanonicalizationMethod", FORMS),
        ("SignatureMethod", _METHODS.keys()),
        (f"Reference/{_D}DigestMethod", _DIGESTS.keys()),
    ):
        used = [
            one.get("Algorithm", "") for one in signature.iterfind(f"{_D}SignedInfo/{_D}{path}")
        ]
        if len(used) != 1 or used[0] not in allowed:
            name = (used or [""])[0].rpartition("#")[2][:40] or "nothing"
            kind = path.rpartition("}")[2]
            raise VerificationError(
                f"the signature uses {name} as its {kind}, which is not accepted",
                rule=3,
                where=where,
            )


def _certificate_bytes(signature: etree._Element) -> bytes:
    found = signature.find(f"{_D}KeyInfo/{_D}X509Data/{_D}X509Certificate")
    return b"" if found is None else _decoded(found)


def _certificate(signature: etree._Element, where: str) -> x509.Certificate:
    try:
        return read_whole(x509.load_der_x509_certificate, _certificate_bytes(signature))
    except ValueError:
        raise VerificationError(
            "the signature brings no certificate that can be read", rule=4, where=where
        ) from None


def _bytes_hold(root: etree._Element, signature: etree._Element, where: str) -> None:
    """Rule 6. Takes the signature out of the tree."""
    method = signature.find(f"{_D}SignedInfo/{_D}Reference/{_D}DigestMethod")
    value = signature.find(f"{_D}SignedInfo/{_D}Reference/{_D}DigestValue")
    assert method is not None and value is not None  # rule 2
    transforms = _transforms(signature)
    form = Form(transforms[1] if len(transforms) > 1 else None)
    without(signature)
    digest = hashes.Hash(_DIGESTS[method.get("Algorithm", "")])
    # A reference to the document itself leaves comments out, whatever the form says.
    digest.update(canonical(root.getroottree(), form, comments=False, where=where))
    if _decoded(value) != digest.finalize():
        raise VerificationError(
            "the bytes are not those that were signed", rule=6, where=where, hint=_FORMATTED
        )


def _key_signed(signature: etree._Element, certificate: x509.Certificate, where: str) -> bool:
    """Rule 7, on the signature where it stands."""
    info = signature.find(_D + "SignedInfo")
    value = signature.find(_D + "SignatureValue")
    assert info is not None and value is not None  # rule 2
    form, method = Form(info.find(_D + "CanonicalizationMethod")), info.find(_D + "SignatureMethod")
    assert method is not None  # rule 3
    family, algorithm = _METHODS[method.get("Algorithm", "")]
    message = canonical(info, form, comments=form.comments, where=where)
    raw = _decoded(value)
    key = certificate.public_key()
    try:
        if family == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            size = (key.curve.key_size + 7) // 8
            if len(raw) != 2 * size:
                return False
            halves = int.from_bytes(raw[:size], "big"), int.from_bytes(raw[size:], "big")
            key.verify(encode_dss_signature(*halves), message, ec.ECDSA(algorithm))
        elif family == "rsa" and isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS:
            key.verify(raw, message, padding.PKCS1v15(), algorithm)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _decoded(element: etree._Element) -> bytes:
    """Base64 with white space; what is none, or holds elements, is no bytes at all."""
    if next(element.iterchildren("*"), None) is not None:
        return b""
    try:
        return base64.b64decode("".join(text_of(element).split()), validate=True)
    except ValueError:
        return b""
