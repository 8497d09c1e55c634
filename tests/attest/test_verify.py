"""The seven rules of `comity.attest.verify`: what holds, what does not, and by which rule."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from comity.attest import (
    MAX_BUNDLE_BYTES,
    TYPES,
    Proven,
    Statement,
    Subject,
    Trust,
    Verified,
    named_in,
    sign,
    subjects_of,
    verify,
)
from comity.attest.sign import sign_payload
from comity.claims import ASSESSMENT_TYPE, Identity, canonical_bytes, decimal_text
from comity.errors import VerificationError
from tests.attest.example import (
    KEY,
    NOW,
    OTHER_KEY,
    assessment,
    claim,
    signed,
    trust_in,
    unmeasured,
)

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GOOD = signed()
PREDICATE = assessment()


def check(bundle: bytes, trust: Trust | None = None, seen_at: datetime = NOW) -> Verified:
    return verify(bundle, trust_in() if trust is None else trust, TYPES, seen_at)


def payload_of(bundle: bytes) -> bytes:
    return base64.b64decode(json.loads(bundle)["dsseEnvelope"]["payload"])


def with_bundle(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The good bundle after `change` to its JSON; the signature stays as it was."""
    tree = json.loads(GOOD)
    change(tree)
    return json.dumps(tree).encode()


def with_envelope(**fields: Any) -> bytes:
    return with_bundle(lambda tree: tree["dsseEnvelope"].update(fields))


def with_signature(**fields: Any) -> bytes:
    return with_bundle(lambda tree: tree["dsseEnvelope"]["signatures"][0].update(fields))


def with_payload(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The good statement after `change`, encoded canonically and properly signed."""
    tree = json.loads(payload_of(GOOD))
    change(tree)
    return sign_payload(canonical_bytes(tree), KEY)


def with_predicate(*path: str | int, value: object) -> bytes:
    """The good statement with one place of its predicate replaced, properly signed."""

    def change(tree: dict[str, Any]) -> None:
        place: Any = tree["predicate"]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return with_payload(change)


def respelled(old: bytes, new: bytes) -> bytes:
    """The good payload with other bytes in one place, properly signed."""
    payload = payload_of(GOOD)
    assert payload.count(old) >= 1
    return sign_payload(payload.replace(old, new, 1), KEY)


def base64_of(bundle: bytes) -> str:
    text = json.loads(bundle)["dsseEnvelope"]["payload"]
    assert isinstance(text, str)
    return text


def malleated(bundle: bytes) -> bytes:
    """The same statement under the signature (r, n - s), which anybody can calculate."""
    tree = json.loads(bundle)
    place = tree["dsseEnvelope"]["signatures"][0]
    r, s = decode_dss_signature(base64.b64decode(place["sig"]))
    place["sig"] = base64.b64encode(encode_dss_signature(r, P256_ORDER - s)).decode()
    return json.dumps(tree).encode()


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def stray_bits(text: str) -> str:
    """The same bytes in base64 whose unused last bits are not zero."""
    assert text.endswith("=")
    body = text.rstrip("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return body[:-1] + alphabet[alphabet.index(body[-1]) + 1] + text[len(body) :]


def padded() -> bytes:
    """A good bundle whose payload needs padding in base64."""
    for extra in ("", "x", "xx"):
        bundle = signed(assessment(notes=(extra,)))
        if base64_of(bundle).endswith("="):
            return bundle
    raise AssertionError("one of three lengths needs padding")


def with_stray_bits() -> bytes:
    bundle = padded()
    text = base64_of(bundle)
    changed = bundle.replace(text.encode(), stray_bits(text).encode())
    assert base64.b64decode(base64_of(changed)) == base64.b64decode(text)
    return changed


def without_padding() -> bytes:
    bundle = padded()
    text = base64_of(bundle)
    return bundle.replace(text.encode(), text.rstrip("=").encode())


FLIPPED = payload_of(GOOD).replace(b'"estimate":"0.9"', b'"estimate":"0.8"')
TRUST_OTHER = trust_in(OTHER_KEY)
SIG = json.loads(GOOD)["dsseEnvelope"]["signatures"][0]

BAD = [
    # (1) one bundle, one signature
    pytest.param(b"", 1, "truncated", id="an empty file"),
    pytest.param(b"hello", 1, "not a signed file", id="a file that is not JSON"),
    pytest.param(GOOD[:-1], 1, "truncated", id="a bundle cut short by one byte"),
    pytest.param(GOOD + b"}", 1, "trailing", id="a bundle with a byte too many"),
    pytest.param(GOOD + GOOD, 1, "trailing", id="two bundles in one file"),
    pytest.param(b"\xef\xbb\xbf" + GOOD, 1, "invalid character", id="a byte order mark in front"),
    pytest.param(GOOD.decode().encode("utf-16"), 1, "not a signed file", id="a bundle in UTF-16"),
    pytest.param(
        GOOD.replace(b"mediaType", b"media\xffype"), 1, "utf-8", id="bytes that are no UTF-8"
    ),
    pytest.param(nested(100_000).encode(), 1, "not a signed file", id="100,000 brackets"),
    pytest.param(
        with_envelope(payload=0).replace(b'"payload": 0', b'"payload":' + nested(50_000).encode()),
        1,
        "too deeply",
        id="brackets 50,000 deep where the payload should stand",
    ),
    pytest.param(b" " * (MAX_BUNDLE_BYTES + 1), 1, "larger than", id="a file larger than allowed"),
    pytest.param(
        with_bundle(lambda t: t.update(note="x")), 1, "unknown field `note`", id="an unknown field"
    ),
    pytest.param(
        with_bundle(lambda t: t.update(mediaType="application/json")),
        1,
        "mediaType",
        id="another media type",
    ),
    pytest.param(
        with_bundle(lambda t: t["verificationMaterial"].update(tlogEntries=[{}])),
        1,
        "tlogEntries",
        id="a log entry that nobody would check",
    ),
    pytest.param(
        with_bundle(lambda t: t["dsseEnvelope"]["signatures"].append(SIG)),
        1,
        "2 signatures",
        id="a second signature",
    ),
    pytest.param(with_envelope(signatures=[]), 1, "0 signatures", id="no signature"),
    # (2) payload type
    pytest.param(
        with_envelope(payloadType="application/json"),
        2,
        "application/json",
        id="another payload type",
    ),
    pytest.param(
        sign_payload(payload_of(GOOD), KEY, "text/plain"),
        2,
        "text/plain",
        id="another payload type, properly signed",
    ),
    # (3) the key is looked up by the hint alone
    pytest.param(signed(key=OTHER_KEY), 3, "trust nobody", id="a key that is not trusted"),
    pytest.param(
        with_bundle(lambda t: t["verificationMaterial"]["publicKey"].update(hint="")),
        3,
        "trust nobody",
        id="an empty hint",
    ),
    pytest.param(
        with_bundle(
            lambda t: t["verificationMaterial"]["publicKey"].update(hint=KEY.public.spki_sha256)
        ),
        3,
        "trust nobody",
        id="the right hint in another spelling",
    ),
    # (4) the signature, over the exact bytes
    pytest.param(
        with_envelope(payload=base64.b64encode(FLIPPED).decode()),
        4,
        "not what Laboratory A signed",
        id="one digit of the result changed",
    ),
    pytest.param(
        json.dumps(
            json.loads(signed(key=OTHER_KEY))
            | {"verificationMaterial": json.loads(GOOD)["verificationMaterial"]}
        ).encode(),
        4,
        "not what Laboratory A signed",
        id="signed by one key under the hint of another",
    ),
    pytest.param(with_envelope(payload=""), 4, "does not hold", id="no payload"),
    pytest.param(with_envelope(payload=7), 4, "base64", id="a payload that is a number"),
    pytest.param(with_signature(sig=""), 4, "does not hold", id="an empty signature"),
    pytest.param(
        with_signature(sig=SIG["sig"][:-4]), 4, "does not hold", id="a signature cut short"
    ),
    pytest.param(
        with_signature(sig=SIG["sig"][:-1]), 4, "base64", id="a signature whose base64 is cut short"
    ),
    pytest.param(
        with_envelope(payload=base64_of(GOOD)[:100] + "\n" + base64_of(GOOD)[100:]),
        4,
        "base64",
        id="a line break inside the base64",
    ),
    pytest.param(without_padding(), 4, "base64", id="base64 without its padding"),
    pytest.param(with_stray_bits(), 4, "base64", id="base64 with stray bits at its end"),
    # (5) one spelling
    pytest.param(
        respelled(b'"estimate":"0.9"', b'"estimate":"0.9","estimate":"0.9"'),
        5,
        "canonical",
        id="a key twice with the same value",
    ),
    pytest.param(
        respelled(b'"estimate":"0.9"', b'"estimate":"0.1","estimate":"0.9"'),
        5,
        "canonical",
        id="a key twice with two values",
    ),
    pytest.param(
        respelled(b'"country":"SG"', b'"country":"FR","country":"SG"'),
        5,
        "canonical",
        id="a label twice",
    ),
    pytest.param(
        sign_payload(payload_of(GOOD) + b"\n", KEY), 5, "canonical", id="a line break at the end"
    ),
    pytest.param(respelled(b'"level":', b'"level": '), 5, "canonical", id="a space"),
    pytest.param(respelled(b'"Triage"', rb'"\u0054riage"'), 5, "canonical", id="a needless escape"),
    pytest.param(respelled(b'"rows":100', b'"rows":1e2'), 5, "canonical", id="100 written as 1e2"),
    pytest.param(respelled(b'"invalid":0', b'"invalid":-0'), 5, "canonical", id="minus zero"),
    pytest.param(
        sign_payload(json.dumps(json.loads(payload_of(GOOD))).encode(), KEY),
        5,
        "canonical",
        id="another program's JSON",
    ),
    pytest.param(sign_payload(b"", KEY), 5, "canonical", id="a signed nothing"),
    pytest.param(sign_payload(b"hello world", KEY), 5, "canonical", id="signed text"),
    pytest.param(sign_payload(b'"\xff"', KEY), 5, "canonical", id="signed bytes that are no UTF-8"),
    pytest.param(sign_payload(rb'"\ud800"', KEY), 5, "canonical", id="half a character, signed"),
    pytest.param(
        respelled(b'"notes":[]', b'"notes":' + nested(50_000).encode()),
        5,
        "too deeply",
        id="signed brackets, 50,000 deep",
    ),
    # (6) the struct
    pytest.param(sign_payload(b"[]", KEY), 6, "not well formed", id="a signed list"),
    pytest.param(
        with_payload(lambda t: t.update(predicateType="https://comity.example/verdict/v1")),
        6,
        "does not know",
        id="a statement type that nobody knows",
    ),
    pytest.param(
        with_payload(lambda t: t.update(_type="https://in-toto.io/Statement/v0.1")),
        6,
        "_type",
        id="an older statement",
    ),
    pytest.param(
        with_payload(lambda t: t.update(extra=1)),
        6,
        "extra",
        id="an unknown field of the statement",
    ),
    pytest.param(
        with_payload(lambda t: t["predicate"].update(verdict="good")),
        6,
        "verdict",
        id="an unknown field of the predicate",
    ),
    pytest.param(
        with_payload(lambda t: t["predicate"].pop("cost")), 6, "cost", id="a field left out"
    ),
    pytest.param(with_predicate("data", "rows", value=2**53), 6, "rows", id="an integer of 2**53"),
    pytest.param(
        with_predicate("data", "rows", value=2**64), 6, "rows", id="an integer over 64 bits"
    ),
    pytest.param(with_predicate("data", "rows", value=-1), 6, "rows", id="a negative count"),
    pytest.param(with_predicate("data", "rows", value=100.5), 6, "rows", id="a broken number"),
    pytest.param(
        respelled(b'"rows":100', b'"rows":100.0'),
        6,
        "rows",
        id="a whole number with a point",
    ),
    pytest.param(
        with_payload(lambda t: t.pop("_type")),
        6,
        "leaves out a field",
        id="a statement that does not say so",
    ),
    pytest.param(
        with_predicate("claims", 0, "estimate", value=0.9),
        6,
        "estimate",
        id="an estimate as a float",
    ),
    pytest.param(
        with_predicate("claims", 0, "estimate", value="0.90"),
        6,
        "estimate",
        id="a decimal with a spare zero",
    ),
    pytest.param(
        with_predicate("data", "digest", value="0" * 64 + "\n"),
        6,
        "digest",
        id="a digest and a line break",
    ),
    pytest.param(
        with_predicate("claims", 0, "population", value={"pays\n": "FR"}),
        6,
        "population",
        id="a key and a line break",
    ),
    pytest.param(
        with_predicate("claims", 0, "population", value={"päys": "FR"}),
        6,
        "population",
        id="a key that is not ASCII",
    ),
    pytest.param(
        with_predicate("claims", 0, "status", value="not_measured"),
        6,
        "estimate",
        id="a number for what was not measured",
    ),
    pytest.param(
        with_predicate("procedures", value=[]), 6, "procedures", id="a claim without its procedure"
    ),
    pytest.param(
        signed(assessment(origin="ministry.example")),
        6,
        "speaks for ministry.example",
        id="an assessor who is not the signer",
    ),
    pytest.param(
        signed(assessment(role="accredited")),
        6,
        "as accredited, but you trust them as independent",
        id="a role that the trust file does not give",
    ),
    pytest.param(
        sign(ASSESSMENT_TYPE, subjects_of(PREDICATE)[:1], PREDICATE, KEY),
        6,
        "subjects",
        id="a subject left out",
    ),
    pytest.param(
        sign(ASSESSMENT_TYPE, subjects_of(PREDICATE)[::-1], PREDICATE, KEY),
        6,
        "subjects",
        id="subjects in another order",
    ),
    pytest.param(
        with_payload(lambda t: t["subject"][0].update(name="Triage@2.0")),
        6,
        "subjects",
        id="a subject of another version",
    ),
    pytest.param(
        with_payload(lambda t: t["subject"][0]["digest"].update(sha512="0" * 128)),
        6,
        "sha512",
        id="a subject with a digest that nobody checks",
    ),
]


@pytest.mark.parametrize(("bundle", "rule", "words"), BAD)
def test_what_does_not_hold(bundle: bytes, rule: int, words: str) -> None:
    with pytest.raises(VerificationError) as caught:
        check(bundle)
    assert caught.value.rule == rule, caught.value
    assert words in str(caught.value)


KEY_TIMES = [
    pytest.param({"valid_until": date(2026, 11, 20)}, False, id="expired yesterday"),
    pytest.param({"valid_until": date(2026, 11, 21)}, True, id="its last day is today"),
    pytest.param({"valid_from": date(2026, 11, 22)}, False, id="begins tomorrow"),
    pytest.param({"valid_from": date(2026, 11, 21)}, True, id="its first day is today"),
    pytest.param({}, True, id="no limits"),
]


@pytest.mark.parametrize(("days", "holds"), KEY_TIMES)
def test_the_key_must_count_today(days: dict[str, Any], holds: bool) -> None:
    trust = trust_in(**days)
    if holds:
        assert check(GOOD, trust).authority.origin == "lab.example"
        return
    with pytest.raises(VerificationError, match=r"counts from .*not on 2026-11-21") as caught:
        check(GOOD, trust)
    assert caught.value.rule == 3


def test_days_are_counted_in_utc_wherever_the_reader_is() -> None:
    trust = trust_in(valid_until=date(2026, 11, 21))
    still_the_21st = datetime.fromisoformat("2026-11-22T07:59:59+08:00")
    assert check(GOOD, trust, still_the_21st).time == "unproven"
    with pytest.raises(VerificationError, match="counts from"):
        check(GOOD, trust, datetime.fromisoformat("2026-11-22T08:00:00+08:00"))


def proven(existed_by: datetime | None = NOW, *, statement: str = "", key: str = "") -> Proven:
    return Proven(
        statement=statement or check(GOOD).id,
        key=key or KEY.public.spki_sha256,
        existed_by=existed_by,
    )


LATER = datetime(2030, 1, 1, tzinfo=UTC)


def test_with_a_log_proof_the_key_must_count_at_the_proven_time_and_not_today() -> None:
    trust = trust_in(valid_until=date(2026, 12, 31))
    with pytest.raises(VerificationError, match="not on 2030-01-01"):
        verify(GOOD, trust, TYPES, LATER)
    verified = verify(GOOD, trust, TYPES, LATER, proven())
    assert (verified.existed_by, verified.time) == (NOW, "2026-11-21T12:00:00Z")


@pytest.mark.parametrize(
    "days",
    [{"valid_until": date(2026, 11, 20)}, {"valid_from": date(2026, 11, 22)}],
    ids=["the key had ended", "the key had not begun"],
)
def test_a_proven_time_at_which_the_key_did_not_count_breaks_rule_3(days: dict[str, Any]) -> None:
    with pytest.raises(VerificationError, match="not on 2026-11-21") as caught:
        verify(GOOD, trust_in(**days), TYPES, NOW, proven())
    assert (caught.value.rule, "not before" in caught.value.hint) == (3, True)


def test_a_proof_without_enough_witnesses_leaves_the_time_unproven() -> None:
    assert verify(GOOD, trust_in(), TYPES, NOW, proven(None)).time == "unproven"
    with pytest.raises(VerificationError, match="not on 2030-01-01"):
        verify(GOOD, trust_in(valid_until=date(2026, 12, 31)), TYPES, LATER, proven(None))


@pytest.mark.parametrize(
    "other", [proven(statement="0" * 64), proven(key="0" * 64)], ids=["a statement", "a key"]
)
def test_a_proof_of_something_else_breaks_rule_7(other: Proven) -> None:
    with pytest.raises(
        VerificationError, match="of another statement, or of another key"
    ) as caught:
        verify(GOOD, trust_in(), TYPES, NOW, other)
    assert caught.value.rule == 7


def test_the_identity_can_be_looked_up_before_anything_is_believed() -> None:
    assert named_in(GOOD) == (check(GOOD).id, KEY.public.spki_sha256)
    for broken in (b"", b"{}", with_bundle(lambda one: one["dsseEnvelope"].update(payload="a"))):
        with pytest.raises(VerificationError):
            named_in(broken)


def test_an_empty_trust_file_trusts_nobody() -> None:
    with pytest.raises(VerificationError, match="trust nobody") as caught:
        check(GOOD, Trust())
    assert caught.value.rule == 3


def test_the_statements_own_dates_prove_nothing() -> None:
    expired = trust_in(valid_until=date(2026, 1, 1))
    backdated = signed(assessment(started="2025-06-01T00:00:00Z", finished="2025-06-01T00:00:01Z"))
    with pytest.raises(VerificationError, match="counts from"):
        check(backdated, expired)


HOLDS = [
    pytest.param(PREDICATE, id="a measured claim"),
    pytest.param(assessment(claims=(claim(), unmeasured())), id="a claim that was not measured"),
    pytest.param(
        assessment(
            notes=('\u0645\u0631\u062d\u0628\u0627 \U0001f600 \x00\x1f\x7f\u2028 "\\/ <script>',)
        ),
        id="notes in any writing, with control characters",
    ),
    pytest.param(
        assessment(claims=tuple(claim(slice={"site": str(i)}) for i in range(300))), id="300 claims"
    ),
    pytest.param(
        assessment(
            data=msgspec.structs.replace(PREDICATE.data, rows=2**53 - 1),
        ),
        id="an integer of 2**53 - 1",
    ),
    pytest.param(
        assessment(
            system=msgspec.structs.replace(
                PREDICATE.system, identity=Identity(binding="weights", digest="ab" * 32, detail="")
            )
        ),
        id="a system bound by its weights",
    ),
]


@pytest.mark.parametrize("predicate", HOLDS)
def test_what_holds_comes_back_whole(predicate: Any) -> None:
    bundle = signed(predicate)
    verified = check(bundle)
    assert verified.predicate == predicate
    assert verified.predicate_type == ASSESSMENT_TYPE
    assert verified.id == hashlib.sha256(payload_of(bundle)).hexdigest()
    assert (verified.authority.name, verified.time) == ("Laboratory A", "unproven")
    assert verified.key.public == KEY.public


def test_subjects_are_the_system_and_the_data() -> None:
    names = [(s.name, s.digest.sha256) for s in check(GOOD).statement.subject]
    assert names == [
        ("Triage@1.0", PREDICATE.system.digest),
        ("predictions.csv", PREDICATE.data.digest),
    ]


def test_a_malleated_signature_holds_and_names_the_same_statement() -> None:
    other = malleated(GOOD)
    assert other != GOOD
    assert check(other).id == check(GOOD).id
    assert check(malleated(other)).id == check(GOOD).id


def test_two_signatures_of_one_statement_have_one_identity() -> None:
    again = signed()
    assert again != GOOD
    assert check(again).id == check(GOOD).id


def test_the_key_id_of_the_envelope_is_not_trusted_nor_needed() -> None:
    for keyid in ("", "somebody else", OTHER_KEY.public.spki_sha256):
        assert check(with_signature(keyid=keyid)).authority.origin == "lab.example"


def test_without_a_role_in_the_trust_file_the_word_of_the_author_stands() -> None:
    assert check(signed(assessment(role="accredited")), trust_in(role=None)).authority.role is None


def test_a_type_that_the_caller_does_not_name_is_not_read() -> None:
    with pytest.raises(VerificationError, match="does not know") as caught:
        verify(GOOD, trust_in(), {}, NOW)
    assert caught.value.rule == 6


def test_a_signed_number_is_the_number_that_was_measured() -> None:
    estimate = decimal_text(1 / 3)
    predicate = assessment(claims=(claim(estimate=estimate),))
    assert check(signed(predicate)).predicate.claims[0].estimate == "0.333333333333"


def test_statement_and_subject_are_ordinary_values() -> None:
    statement = check(GOOD).statement
    assert isinstance(statement, Statement)
    assert all(isinstance(subject, Subject) for subject in statement.subject)
    assert canonical_bytes(statement) == payload_of(GOOD)
