"""Published vectors: DSSE's own, and those of RFC 8785 that lie inside what Comity signs."""

from __future__ import annotations

import base64
import json
from typing import Any

import msgspec
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from comity.attest import PublicKey, verify
from comity.attest.envelope import pae
from comity.attest.sign import sign_payload
from comity.claims import canonical_bytes
from comity.claims.values import Labels
from comity.errors import VerificationError
from tests.attest.example import KEY, NOW, trust_in
from tests.parts import require_data

JCS_INSIDE = ["arrays", "unicode"]
JCS_OUTSIDE = [
    pytest.param("french", 6, id="french: keys that are not ASCII"),
    pytest.param("structures", 6, id="structures: labels that are no text"),
    pytest.param("values", 5, id="values: numbers spelt as JavaScript does"),
    pytest.param("weird", 5, id="weird: keys sorted by UTF-16"),
]


def test_the_vector_of_the_dsse_specification_holds() -> None:
    vector = json.loads(require_data("vectors/dsse/protocol-vector.json").read_text())
    message = pae(vector["payloadType"], vector["payload"].encode())
    assert message == vector["pae"].encode()
    x, y = int(vector["p256"]["x"]), int(vector["p256"]["y"])
    key = PublicKey(ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key())
    raw = base64.b64decode(vector["sig"])
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    assert key.verifies(encode_dss_signature(r, s), message)
    assert not key.verifies(encode_dss_signature(r, s + 1), message)
    assert not key.verifies(raw, message), "a raw signature is not DER"


@pytest.mark.parametrize("name", JCS_INSIDE)
def test_canonical_bytes_are_those_of_rfc_8785(name: str) -> None:
    folder = require_data("vectors/jcs")
    value = json.loads((folder / f"input/{name}.json").read_bytes())
    assert canonical_bytes(value) == (folder / f"output/{name}.json").read_bytes()


class Labelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A predicate of labels alone."""

    labels: Labels


@pytest.mark.parametrize(("name", "rule"), JCS_OUTSIDE)
def test_what_lies_outside_the_profile_is_refused_though_signed(name: str, rule: int) -> None:
    vector = require_data(f"vectors/jcs/output/{name}.json").read_bytes()
    payload = (
        b'{"_type":"https://in-toto.io/Statement/v1","predicate":{"labels":%b},'
        b'"predicateType":"labels","subject":[]}' % vector
    )
    with pytest.raises(VerificationError) as caught:
        verify(sign_payload(payload, KEY), trust_in(), {"labels": Labelled}, NOW)
    assert caught.value.rule == rule


KEYS = st.from_regex(r"[A-Za-z0-9_.-]{1,64}", fullmatch=True)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
)
PROFILE = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(PROFILE)
def test_canonical_bytes_equal_an_independent_rfc_8785(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)
