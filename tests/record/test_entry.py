"""An entry is a small canonical record that points at a signed file."""

from __future__ import annotations

import hashlib
import json

import msgspec
import pytest

from comity.attest import TYPES, verify
from comity.claims import canonical_bytes
from comity.claims.record import Suspension, Withdrawal
from comity.errors import InputError, RecordError
from comity.record.entry import decode_entry, encode_entry, entry_of, refs_of
from tests.attest.example import KEY, NOW, assessment, signed, trust_in
from tests.record.example_log import digest, entry

GOOD = encode_entry(entry(0))


def test_an_entry_points_at_statement_signer_and_file() -> None:
    bundle = signed(assessment(intent=digest(1), supersedes=(digest(2),)))
    verified = verify(bundle, trust_in(), TYPES, NOW)
    found = entry_of(verified, bundle)
    assert msgspec.to_builtins(found) == {
        "kind": "assessment",
        "payload": verified.id,
        "key": KEY.public.spki_sha256,
        "refs": (digest(1), digest(2)),
        "bundle": hashlib.sha256(bundle).hexdigest(),
    }
    assert decode_entry(encode_entry(found)) == found


def test_what_takes_back_or_stops_a_statement_refers_to_it() -> None:
    withdrawal = Withdrawal(author="lab.example", statement=digest(1), reason="A row was doubled.")
    assert refs_of(withdrawal) == (digest(1),)
    day = NOW.date()
    suspension = Suspension(
        author="lab.example", statement=digest(1), issuer=None, degree="suspended",
        first_day=day, last_day=day, reason="Under repair.",
    )  # fmt: skip
    assert refs_of(suspension) == (digest(1),)
    of_issuer = msgspec.structs.replace(suspension, statement=None, issuer="other.example")
    assert refs_of(of_issuer) == ()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"leaf", id="no JSON"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b"[" * 100_000, id="nested too deeply"),
        pytest.param(GOOD + b" ", id="a space at the end"),
        pytest.param(json.dumps(json.loads(GOOD)).encode(), id="spaces between"),
        pytest.param(GOOD.replace(b'"refs":[]', b'"refs":[],"refs":[]'), id="a key twice"),
        pytest.param(GOOD.replace(b'"refs":[]', b'"refs":[],"x":1'), id="an unknown key"),
        pytest.param(GOOD.replace(b',"refs":[]', b""), id="a field left out"),
        pytest.param(GOOD.replace(b"assessment", b"an assessment"), id="a kind with a space"),
        pytest.param(GOOD.replace(digest(0).encode(), b"ABC"), id="no digest"),
    ],
)
def test_what_is_no_entry_or_spelt_otherwise_is_refused(data: bytes) -> None:
    assert data != GOOD
    with pytest.raises(RecordError, match="entry"):
        decode_entry(data)


def test_the_largest_entry_fits_and_one_reference_more_does_not() -> None:
    room = 65_535 - len(GOOD) + 1  # each reference costs 67 bytes, the first one 66
    most = room // 67
    assert len(encode_entry(entry(0, refs=tuple(map(digest, range(most)))))) <= 65_535
    with pytest.raises(InputError, match="does not fit into a log"):
        encode_entry(entry(0, refs=tuple(map(digest, range(most + 1)))))
    assert canonical_bytes(entry(0)) == GOOD
