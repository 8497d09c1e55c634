"""Signatures: bytes that verify here, in xmlsec1, and years later; and nothing else does."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.parts import require, require_data

from comity.attest.keys import new_key
from comity.errors import InputError, VerificationError
from early_warning import cap
from goods.early_warning.tests.cap.examples import CERTIFICATE, END, KEY, SENT, START, alert

LATER: Final = datetime(2046, 1, 1, tzinfo=UTC)
SIGNED: Final = cap.sign_alert(cap.write_alert(alert("en", "ar")), KEY, CERTIFICATE)
DS: Final = "http://www.w3.org/2000/09/xmldsig#"


def check(data: bytes, at: datetime = SENT) -> cap.Signed:
    return cap.check_signature(data, trusted=[CERTIFICATE], at=at, where="in.xml")


def refused(data: bytes, at: datetime = SENT) -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        check(data, at)
    return caught.value


@pytest.fixture
def xmlsec1(tmp_path: Path) -> Callable[[bytes], bool]:
    """`xmlsec1(data)`: whether Debian's xmlsec1 finds the signature good, at the recorded time."""
    program = require("xmlsec1", "apt-get install xmlsec1")
    pem = tmp_path / "service.pem"
    pem.write_bytes(CERTIFICATE.public_bytes(Encoding.PEM))

    def verify(data: bytes) -> bool:
        path = tmp_path / "alert.xml"
        path.write_bytes(data)
        time = f"{SENT.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        command = [program, "--verify", "--trusted-pem", str(pem), "--verification-time", time]
        return subprocess.run([*command, str(path)], capture_output=True).returncode == 0

    return verify


@pytest.fixture
def sign_elsewhere(tmp_path: Path) -> Callable[[str], bytes]:
    """`sign_elsewhere(template)`: the alert as xmlsec1 signs it, with our key."""
    program = require("xmlsec1", "apt-get install xmlsec1")
    key, pem = tmp_path / "key.pem", tmp_path / "service.pem"
    key.write_bytes(KEY.pem())
    pem.write_bytes(CERTIFICATE.public_bytes(Encoding.PEM))

    def sign(template: str) -> bytes:
        path = tmp_path / "template.xml"
        path.write_text(template, encoding="utf-8")
        command = [program, "--sign", "--privkey-pem", f"{key},{pem}", str(path)]
        return subprocess.run(command, capture_output=True, check=True).stdout

    return sign


def test_what_is_signed_verifies_and_says_by_whom() -> None:
    signed = check(SIGNED)
    assert signed.holder == "CN=Coast Weather Service"
    assert signed.certificate == cap.fingerprint(CERTIFICATE)


def test_what_is_signed_verifies_in_xmlsec1(xmlsec1: Callable[[bytes], bool]) -> None:
    assert xmlsec1(SIGNED)


def test_signing_adds_and_changes_nothing_else() -> None:
    unsigned = cap.write_alert(alert("en", "ar"))
    assert re.sub(rb"<Signature .*</Signature>", b"", SIGNED) == unsigned
    assert hashlib.sha256(SIGNED).hexdigest() == check(SIGNED).bytes_sha256
    assert cap.judge(SIGNED).valid and cap.judge(SIGNED).signed
    assert cap.read_alert(SIGNED) == alert("en", "ar")


def test_texts_that_canonical_forms_write_otherwise_verify_too(
    xmlsec1: Callable[[bytes], bool],
) -> None:
    info = msgspec.structs.replace(
        alert().infos[0], description="a\r\nb\tc & <d> ]]> \"e\" 'f' \u2028 \u00e9 \U0001d11e"
    )
    made = msgspec.structs.replace(alert(), infos=(info,))
    data = cap.sign_alert(cap.write_alert(made), KEY, CERTIFICATE)
    assert check(data).holder and xmlsec1(data)
    assert cap.read_alert(data) == made


def test_the_published_schema_accepts_a_signed_alert() -> None:
    schema = etree.XMLSchema(etree.parse(require_data("cap/schema/CAP-v1.2-oasis-os.xsd")))
    assert schema.validate(etree.fromstring(SIGNED))


def test_it_verifies_years_later_with_the_recorded_time() -> None:
    """The certificate ended in 2027; the record says when the alert came."""
    assert check(SIGNED, at=SENT).holder
    error = refused(SIGNED, at=LATER)
    assert error.rule == 5
    assert "it runs from 2026-01-01 to 2027-01-01" in error.what


@pytest.mark.parametrize("at", [START - timedelta(seconds=1), END + timedelta(seconds=1)])
def test_outside_the_certificates_time_it_does_not_hold(at: datetime) -> None:
    assert refused(SIGNED, at).rule == 5


def pretty(data: bytes) -> bytes:
    parser = etree.XMLParser(remove_blank_text=True)
    return etree.tostring(etree.fromstring(data, parser), pretty_print=True, encoding="UTF-8")


FLIPPED = re.sub(
    rb"(<SignatureValue>)(.)", lambda m: m[1] + (b"B" if m[2] == b"A" else b"A"), SIGNED
)
CHANGES: dict[str, bytes] = {
    "as it is": SIGNED,
    "a letter changed": SIGNED.replace(b"Coast<", b"Boast<", 1),
    "the severity lowered": SIGNED.replace(b"Severe", b"Minor", 1),
    "a space added": SIGNED.replace(b"<info>", b" <info>", 1),
    "pretty-printed": pretty(SIGNED),
    "white space removed": re.sub(rb">\s+<", b"><", SIGNED),
    "an element added": SIGNED.replace(b"<info>", b"<note>x</note><info>", 1),
    "another signature value": FLIPPED,
    "a comment added": SIGNED.replace(b"<info>", b"<!-- x --><info>", 1),
    "a line end after the end": SIGNED + b"\n\n",
    "quotes written otherwise": SIGNED.replace(b'<?xml version="1.0"', b"<?xml version='1.0'"),
    "a style sheet added": SIGNED.replace(b"<alert", b"<?xml-stylesheet href='x'?><alert", 1),
    "a letter written as a number": SIGNED.replace(b"Coast<", b"&#67;oast<", 1),
}
GOOD: Final = {
    "as it is",
    "a comment added",
    "a line end after the end",
    "quotes written otherwise",
    "a letter written as a number",
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_verdict_is_that_of_xmlsec1(name: str, xmlsec1: Callable[[bytes], bool]) -> None:
    data = CHANGES[name]
    assert xmlsec1(data) == (name in GOOD)
    if name in GOOD:
        assert cap.read_alert(data) == alert("en", "ar")
        assert check(data).holder
    else:
        assert refused(data).rule in (6, 7)


def test_pretty_printing_is_named_as_the_likely_cause() -> None:
    error = refused(pretty(SIGNED))
    assert "formatted anew" in error.hint


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_no_flipped_byte_says_something_else_under_a_good_signature(at: int, flip: int) -> None:
    data = SIGNED[:at] + bytes([SIGNED[at] ^ flip]) + SIGNED[at + 1 :]
    try:
        check(data)
    except VerificationError:
        return
    assert cap.read_alert(data) == alert("en", "ar")


FORMS: Final = {
    "inclusive": "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "inclusive with comments": "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "inclusive 1.1": "http://www.w3.org/2006/12/xml-c14n11",
    "exclusive": "http://www.w3.org/2001/10/xml-exc-c14n#",
    "exclusive with comments": "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
}
TEMPLATE: Final = (
    f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>'
    '<ds:CanonicalizationMethod Algorithm="{form}"/>'
    "<!-- a comment -->"
    '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-{hash}"/>'
    '<ds:Reference URI=""><ds:Transforms>'
    f'<ds:Transform Algorithm="{DS}enveloped-signature"/>{{second}}</ds:Transforms>'
    '<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>'
    "<ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>"
)
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"


def template(*, form: str, second: str, hash_name: str = "sha256", digest: str = SHA256) -> str:
    """An alert of another maker: prefixes, a style sheet, comments, indented, to be signed."""
    text = cap.write_alert(alert()).decode()
    head, _, rest = text.partition("\n")
    rest = re.sub(r"<(/?)(\w)", r"<\1cap:\2", rest).replace("xmlns=", "xmlns:cap=")
    rest = rest.replace("\n<cap:info>", "\n  <!-- said -->\n  <cap:info>")
    signature = TEMPLATE.format(form=form, second=second, hash=hash_name, digest=digest)
    rest = rest.replace("</cap:alert>", f"  {signature}\n</cap:alert>")
    return f"{head}\n<?xml-stylesheet href='alert.xsl'?>\n<!-- made -->\n{rest}"


@pytest.mark.parametrize("transform", [None, *FORMS])
@pytest.mark.parametrize("form", FORMS)
def test_what_others_sign_verifies_here(
    form: str, transform: str | None, sign_elsewhere: Callable[[str], bytes]
) -> None:
    second = f'<ds:Transform Algorithm="{FORMS[transform]}"/>' if transform else ""
    data = sign_elsewhere(template(form=FORMS[form], second=second))
    assert check(data).holder == "CN=Coast Weather Service"
    assert refused(data.replace(b"Coast<", b"Boast<", 1)).rule == 6
    assert refused(data.replace(b"alert.xsl", b"other.xsl")).rule == 6


def test_named_prefixes_of_the_exclusive_form_are_kept(
    sign_elsewhere: Callable[[str], bytes],
) -> None:
    exclusive = FORMS["exclusive"]
    second = (
        f'<ds:Transform Algorithm="{exclusive}"><e:InclusiveNamespaces xmlns:e="{exclusive}" '
        'PrefixList="cap x"/></ds:Transform>'
    )
    made = template(form=exclusive, second=second)
    made = made.replace("<cap:alert ", '<cap:alert xmlns:x="urn:x" ')
    assert check(sign_elsewhere(made)).holder


def test_sha_512_is_accepted(sign_elsewhere: Callable[[str], bytes]) -> None:
    digest = "http://www.w3.org/2001/04/xmlenc#sha512"
    made = template(form=FORMS["exclusive"], second="", hash_name="sha512", digest=digest)
    assert check(sign_elsewhere(made)).holder


def test_sha_1_is_refused_though_it_verifies(sign_elsewhere: Callable[[str], bytes]) -> None:
    made = template(form=FORMS["exclusive"], second="", digest=f"{DS}sha1")
    error = refused(sign_elsewhere(made))
    assert error.rule == 3
    assert "sha1 as its DigestMethod" in error.what


def with_value(value: bytes) -> bytes:
    return re.sub(rb"(<SignatureValue>)[^<]*", rb"\1" + base64.b64encode(value), SIGNED)


BLOCK: Final = SIGNED[SIGNED.index(b"<Signature") : SIGNED.index(b"</Signature>") + 12]
BARE: Final = SIGNED.replace(BLOCK, b"")
DER: Final = base64.b64encode(CERTIFICATE.public_bytes(Encoding.DER))
V3: Final = b"\xa0\x03\x02\x01\x02"
NOT_WHOLE: dict[str, tuple[int, bytes]] = {
    "no signature": (1, BARE),
    "two signatures": (1, SIGNED.replace(b"</alert>", BLOCK + b"</alert>")),
    "a signature before the end": (1, BARE.replace(b"<info>", BLOCK + b"<info>", 1)),
    "a signature deep inside": (1, BARE.replace(b"</area>", BLOCK + b"</area>", 1)),
    "an alert wrapped in another document": (
        1,
        b"<feed>" + SIGNED.partition(b"\n")[2] + b"</feed>",
    ),
    "a reference to a part": (2, SIGNED.replace(b'URI=""', b'URI="#part"')),
    "a reference without a name": (2, SIGNED.replace(b' URI=""', b"")),
    "no transform that takes it out": (
        2,
        re.sub(rb'<Transform Algorithm="[^"]*enveloped-signature"></Transform>', b"", SIGNED),
    ),
    "a transform that picks": (
        2,
        SIGNED.replace(
            b'<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">',
            b'<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">',
        ),
    ),
    "a second reference": (2, re.sub(rb"(<Reference .*</Reference>)", rb"\1\1", SIGNED)),
    "an object that is signed instead": (
        2,
        SIGNED.replace(b"</Signature>", b"<Object>x</Object></Signature>"),
    ),
    "an attribute that canonical forms treat differently": (
        2,
        SIGNED.replace(b"<info>", b'<info xml:lang="en">', 1),
    ),
    "a second description of what is signed": (
        2,
        SIGNED.replace(b"<SignedInfo>", b"<SignedInfo></SignedInfo><SignedInfo>"),
    ),
    "a second value": (
        2,
        SIGNED.replace(b"</SignatureValue>", b"</SignatureValue><SignatureValue></SignatureValue>"),
    ),
    "a part of an alert in the signature, which it does not cover": (
        2,
        SIGNED.replace(
            b"</X509Data>", b"</X509Data><info xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>"
        ),
    ),
    "so many namespaces that the canonical form takes minutes": (
        1,
        SIGNED.replace(b"<alert", b"<alert" + b"".join(b" xmlns:n%d='u:'" % n for n in range(40))),
    ),
    "a namespace that is no full address": (
        6,
        SIGNED.replace(b"<alert", b"<alert xmlns:n='part'", 1),
    ),
    "a secret instead of a key": (
        3,
        SIGNED.replace(b"xmldsig-more#ecdsa-sha256", b"xmldsig-more#hmac-sha256"),
    ),
    "no certificate": (4, re.sub(rb"<KeyInfo>.*</KeyInfo>", b"", SIGNED)),
    "a certificate that is none": (
        4,
        re.sub(rb"(<X509Certificate>)[^<]*(</X)", rb"\1AAAA\2", SIGNED),
    ),
    "a certificate of a version that does not exist": (
        4,
        SIGNED.replace(DER, base64.b64encode(base64.b64decode(DER).replace(V3, V3[:-1] + b"\x7f"))),
    ),
    "a certificate whose name cannot be read": (
        4,
        SIGNED.replace(DER, base64.b64encode(base64.b64decode(DER).replace(b"Coast", b"\xff" * 5))),
    ),
    "an element in the value": (
        7,
        SIGNED.replace(b"</SignatureValue>", b"<SignatureValue/></SignatureValue>"),
    ),
    "a short signature": (
        7,
        re.sub(
            rb"(<SignatureValue>)[^<]*(</S)", rb"\1" + base64.b64encode(b"x" * 63) + rb"\2", SIGNED
        ),
    ),
    "a signature of zeros": (
        7,
        re.sub(
            rb"(<SignatureValue>)[^<]*(</S)", rb"\1" + base64.b64encode(bytes(64)) + rb"\2", SIGNED
        ),
    ),
    "a signature of RSA by an elliptic key": (
        7,
        SIGNED.replace(b"xmldsig-more#ecdsa-sha256", b"xmldsig-more#rsa-sha256"),
    ),
    "an entity": (1, SIGNED.replace(b"<alert", b"<!DOCTYPE a><alert", 1)),
}


@pytest.mark.parametrize(("rule", "data"), NOT_WHOLE.values(), ids=NOT_WHOLE.keys())
def test_the_rule_that_breaks_is(rule: int, data: bytes) -> None:
    assert data != SIGNED
    error = refused(data)
    assert error.rule == rule
    assert error.where == "in.xml"


@pytest.mark.parametrize("before", ["<SignedInfo>", "<SignatureValue>", "<KeyInfo>", "<Reference "])
def test_a_right_digest_beside_the_signed_one_forges_nothing(before: str) -> None:
    changed = SIGNED.replace(b"Severe", b"Minor")
    tree = etree.fromstring(changed.replace(BLOCK, b"")).getroottree()
    digest = hashlib.sha256(etree.tostring(tree, method="c14n", exclusive=True)).digest()
    beside = f"<DigestValue>{base64.b64encode(digest).decode()}</DigestValue>{before}"
    assert refused(changed.replace(before.encode(), beside.encode())).rule == 2


def test_a_recorded_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="needs a time zone"):
        check(SIGNED, at=datetime(2026, 11, 22))


def test_a_stranger_who_signs_in_our_name_is_not_trusted() -> None:
    key = new_key()
    certificate = cap.own_certificate(key, "Coast Weather Service", start=START, end=END)
    data = cap.sign_alert(cap.write_alert(alert()), key, certificate)
    error = refused(data)
    assert error.rule == 4
    assert "nobody here trusts the certificate" in error.what


def test_our_certificate_on_a_strangers_signature_does_not_hold() -> None:
    key = new_key()
    certificate = cap.own_certificate(key, "Coast Weather Service", start=START, end=END)
    data = cap.sign_alert(cap.write_alert(alert()), key, certificate)
    theirs = base64.b64encode(certificate.public_bytes(Encoding.DER))
    ours = base64.b64encode(CERTIFICATE.public_bytes(Encoding.DER))
    assert refused(data.replace(theirs, ours)).rule == 7


def test_the_published_alert_that_was_pretty_printed_after_signing_is_refused(
    xmlsec1: Callable[[bytes], bool],
) -> None:
    data = require_data("cap/alerts/wmo_c2g_fake.xml").read_bytes()
    certificate = cap.certificate_in(data)
    with pytest.raises(VerificationError) as caught:
        cap.check_signature(data, trusted=[certificate], at=datetime(2024, 8, 30, 16, tzinfo=UTC))
    assert caught.value.rule == 6
    assert "formatted anew" in caught.value.hint
    assert not xmlsec1(data)


def test_the_same_alert_verifies_once_its_formatting_is_undone() -> None:
    """So the signature was good, and the certificate the right one: only the layout broke it."""
    data = require_data("cap/alerts/wmo_c2g_fake.xml").read_bytes()
    certificate = cap.certificate_in(data)
    for pattern, instead in (
        (rb"<\?xml-stylesheet.*?\?>", b""),
        (rb">\s+<", b"><"),
        (rb"(\d)\s+(-?\d)", rb"\1 \2"),
    ):
        data = re.sub(pattern, instead, data)
    at = datetime(2024, 8, 30, 16, tzinfo=UTC)
    assert cap.check_signature(data, trusted=[certificate], at=at).holder == "CN=tazamio.com"


def test_the_published_alert_signed_with_rsa_and_sha_1_is_refused() -> None:
    data = require_data("cap/alerts/google_earthquake-iso8859-1.cap").read_bytes()
    error = refused(data)
    assert error.rule == 3
    assert "rsa-sha1 as its SignatureMethod" in error.what


def test_only_a_good_alert_is_signed_and_only_once() -> None:
    with pytest.raises(InputError, match="signed already"):
        cap.sign_alert(SIGNED, KEY, CERTIFICATE)
    with pytest.raises(InputError, match="only an alert without errors"):
        cap.sign_alert(b"<alert/>", KEY, CERTIFICATE)
    bad = cap.write_alert(alert()).replace(b"<expires>2026", b"<expires>2025")
    with pytest.raises(InputError, match="only an alert without errors") as caught:
        cap.sign_alert(bad, KEY, CERTIFICATE)
    assert "M7" in caught.value.hint


def test_a_key_signs_only_with_its_own_certificate() -> None:
    with pytest.raises(InputError, match="belongs to another key"):
        cap.sign_alert(cap.write_alert(alert()), new_key(), CERTIFICATE)


def test_a_certificate_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "service.pem"
    path.write_bytes(CERTIFICATE.public_bytes(Encoding.PEM))
    assert cap.load_certificate(path) == CERTIFICATE
    path.write_bytes(b"no certificate")
    with pytest.raises(InputError, match="not a certificate in PEM form"):
        cap.load_certificate(path)


@pytest.mark.parametrize(("name", "end"), [("", END), ("x" * 65, END), ("Coast", START)])
def test_an_impossible_certificate_is_refused(name: str, end: datetime) -> None:
    with pytest.raises(InputError, match="no certificate can be made"):
        cap.own_certificate(KEY, name, start=END, end=end - timedelta(days=1))
