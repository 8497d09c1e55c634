"""Whatever bytes arrive: a sentence, never a traceback; no change is ever taken for the truth."""

from __future__ import annotations

import base64
import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from comity.attest import TYPES, parse_trust, verify
from comity.attest.sign import sign_payload
from comity.claims import canonical_bytes
from comity.errors import ComityError, VerificationError
from tests.attest.example import KEY, NOW, signed, trust_in

GOOD = signed()
PAYLOAD = base64.b64decode(json.loads(GOOD)["dsseEnvelope"]["payload"])
IDENTITY = verify(GOOD, trust_in(), TYPES, NOW).id
TRUST = f"""[[authority]]
origin = "lab.example"
name = "Laboratory \\"A\\""
role = "independent"
[[authority.key]]
public_key = "{KEY.public.base64}"
valid_until = 2030-01-01
"""


def identity_or_refusal(bundle: bytes) -> str | None:
    """The identity of what verifies; None after a refusal with a rule and a sentence."""
    try:
        return verify(bundle, trust_in(), TYPES, NOW).id
    except VerificationError as error:
        assert 1 <= error.rule <= 7
        assert len(error.what) > 20
        return None


@st.composite
def edited(draw: st.DrawFn, original: bytes) -> bytes:
    """A few bytes of `original` replaced, put in, or taken out."""
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 1, 1, 4, 100])))
        data[start:end] = draw(st.binary(max_size=4))
    return bytes(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all nodes of a JSON tree below its root."""
    steps: list[str | int] = (
        list(tree)
        if isinstance(tree, dict)
        else list(range(len(tree)))
        if isinstance(tree, list)
        else []
    )
    found = []
    for step in steps:
        found += [(*path, step), *places(tree[step], (*path, step))]
    return found


@st.composite
def restructured(draw: st.DrawFn, original: bytes) -> bytes:
    """One node of the JSON in `original` replaced, taken out, or given a new neighbour."""
    tree = json.loads(original)
    path = draw(st.sampled_from(places(tree)))
    parent: Any = tree
    for step in path[:-1]:
        parent = parent[step]
    change = draw(st.sampled_from(["replace", "remove", "add"]))
    if change == "remove":
        del parent[path[-1]]
    elif change == "replace":
        parent[path[-1]] = draw(JSON)
    elif isinstance(parent, dict):
        parent[draw(st.text(max_size=8))] = draw(JSON)
    else:
        parent.insert(0, draw(JSON))
    return json.dumps(tree).encode()


@given(edited(GOOD))
def test_an_edited_bundle_holds_only_if_it_says_the_same(bundle: bytes) -> None:
    assert identity_or_refusal(bundle) in (None, IDENTITY)


@given(restructured(GOOD))
def test_a_restructured_bundle_holds_only_if_it_says_the_same(bundle: bytes) -> None:
    assert identity_or_refusal(bundle) in (None, IDENTITY)


@given(st.binary(max_size=300))
@example(b"null")
@example(b"{}")
@example(b"\x00")
def test_any_bytes_are_refused_with_a_sentence(data: bytes) -> None:
    assert identity_or_refusal(data) is None


@given(restructured(PAYLOAD))
def test_a_signed_statement_is_accepted_only_in_its_one_spelling(text: bytes) -> None:
    payload = canonical_bytes(json.loads(text))
    bundle = sign_payload(payload, KEY)
    try:
        verified = verify(bundle, trust_in(), TYPES, NOW)
    except VerificationError as error:
        assert error.rule in (5, 6)
    else:
        assert canonical_bytes(verified.statement) == payload


@given(edited(PAYLOAD))
def test_signed_bytes_are_refused_by_rule_5_or_6_or_read_as_they_stand(payload: bytes) -> None:
    try:
        verified = verify(sign_payload(payload, KEY), trust_in(), TYPES, NOW)
    except VerificationError as error:
        assert error.rule in (5, 6)
    else:
        assert canonical_bytes(verified.statement) == payload


@given(edited(TRUST.encode()))
def test_an_edited_trust_file_is_read_or_refused_with_a_sentence(data: bytes) -> None:
    try:
        trust = parse_trust(data.decode(errors="replace"))
    except ComityError as error:
        assert len(error.what) > 10
    else:
        assert set(trust.by_hint) <= {KEY.public.hint}


@given(st.text(max_size=200))
def test_any_text_as_a_trust_file_trusts_nobody_or_is_refused(text: str) -> None:
    try:
        assert parse_trust(text).by_hint == {}
    except ComityError as error:
        assert len(error.what) > 10
