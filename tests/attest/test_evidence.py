"""Evidence: what was committed to can be opened row by row, and nothing else passes for it."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.attest import Revealed, check_revealed, commit, read_revealed, reveal
from comity.attest.evidence import ALGORITHM, MAX_RECORD_BYTES
from comity.claims import Evidence, canonical_bytes
from comity.errors import EvidenceError, InputError
from tests.attest.test_merkle import definition

SECRET = bytes(range(32))
ROWS: list[dict[str, str | None]] = [
    {"truth": str(number % 2), "group.sex": "ж" if number % 3 else None} for number in range(21)
]


def committed(
    rows: list[dict[str, str | None]], secret: bytes = SECRET
) -> tuple[Evidence, list[bytes]]:
    """The commitment to some rows, and the lines of its private file."""
    written = bytearray()
    evidence = commit(rows, len(rows), secret, written.extend)
    return evidence, bytes(written).splitlines()


EVIDENCE, LINES = committed(ROWS)


def test_the_root_is_what_the_page_says_that_it_is() -> None:
    """As docs/what-a-commitment-proves.md tells another program to compute it."""
    leaves = []
    for index, values in enumerate(ROWS):
        salt = hmac.new(SECRET, index.to_bytes(8, "big"), hashlib.sha256).hexdigest()
        record = {"row": index + 1, "salt": salt, "values": values}
        text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        leaves.append(text.encode())
    assert Evidence(root=definition(leaves).hex(), n=21, algorithm=ALGORITHM) == EVIDENCE
    assert LINES[1:-1] == leaves


@given(
    st.lists(st.dictionaries(st.just("truth"), st.none() | st.text(max_size=9)), min_size=1),
    st.data(),
)
def test_any_rows_can_be_opened_and_hold(
    rows: list[dict[str, str | None]], data: st.DataObject
) -> None:
    evidence, lines = committed(rows)
    wanted = data.draw(st.sets(st.integers(1, len(rows)), min_size=1))
    handed_over = canonical_bytes(reveal(lines, wanted))
    revealed = read_revealed(handed_over)
    check_revealed(revealed, evidence)
    assert [one.record.row for one in revealed.records] == sorted(wanted)
    for one in revealed.records:
        assert one.record.values == rows[one.record.row - 1]


def test_what_is_handed_over_holds_the_rows_asked_for_and_no_other_salt() -> None:
    handed_over = canonical_bytes(reveal(LINES, [4, 17])).decode()
    salts = {json.loads(line)["salt"] for line in LINES[1:-1]}
    assert sum(salt in handed_over for salt in salts) == 2
    assert SECRET.hex() not in handed_over


def test_rows_alike_have_hashes_unlike_so_that_nobody_can_try_out_likely_rows() -> None:
    _, lines = committed([{"truth": "1"}] * 50)
    assert len({hashlib.sha256(line).digest() for line in lines[1:-1]}) == 50
    one, other = committed(ROWS)[0], committed(ROWS, bytes(32))[0]
    assert one.root != other.root


def altered(change: str) -> Revealed:
    """What was handed over for rows 4 and 17, with one change."""
    plain: dict[str, Any] = msgspec.to_builtins(reveal(LINES, [4, 17]))
    first, second = plain["records"]
    match change:
        case "value":
            first["record"]["values"]["truth"] = "0"
        case "role":
            first["record"]["values"]["score"] = None
        case "row":
            first["record"]["row"] = 5
        case "salt":
            first["record"]["salt"] = "0" * 64
        case "proof":
            first["proof"] = ["0" * 64, *first["proof"][1:]]
        case "short":
            first["proof"] = first["proof"][:-1]
        case "long":
            first["proof"] = [*first["proof"], "0" * 64]
        case "beyond":
            second["record"]["row"] = 22
        case "twice":
            plain["records"] = [first, first]
        case "order":
            plain["records"] = [second, first]
        case "none":
            plain["records"] = []
        case "root":
            plain["root"] = "0" * 64
        case "n":
            plain["n"] = 20
        case "algorithm":
            plain["algorithm"] = "another"
    return msgspec.convert(plain, Revealed)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param("value", "row 4 is not the one", id="another value"),
        pytest.param("role", "row 4 is not the one", id="a column that was not committed to"),
        pytest.param("row", "row 5 is not the one", id="the record of another row"),
        pytest.param("salt", "row 4 is not the one", id="another salt"),
        pytest.param("proof", "row 4 is not the one", id="another proof"),
        pytest.param("short", "row 4 is not the one", id="a proof that is too short"),
        pytest.param("long", "row 4 is not the one", id="a proof that is too long"),
        pytest.param("beyond", "row 22 is not the one", id="a row after the last"),
        pytest.param("twice", "each once", id="a row that counts twice"),
        pytest.param("order", "in order", id="rows out of order"),
        pytest.param("none", "at least one", id="no row at all"),
        pytest.param("root", "another commitment", id="another root"),
        pytest.param("n", "another commitment", id="another number of rows"),
        pytest.param("algorithm", "another commitment", id="another method"),
    ],
)
def test_what_was_altered_does_not_hold(change: str, complaint: str) -> None:
    with pytest.raises(EvidenceError, match=complaint):
        check_revealed(altered(change), EVIDENCE)


def test_a_commitment_by_another_method_is_not_guessed_at() -> None:
    unknown = Evidence(root=EVIDENCE.root, n=EVIDENCE.n, algorithm="rfc6962-sha3")
    with pytest.raises(EvidenceError, match="another method: rfc6962-sha3"):
        check_revealed(reveal(LINES, [1]), unknown)


@pytest.mark.parametrize(
    ("lines", "rows", "complaint"),
    [
        pytest.param([], [1], "no file of private records", id="an empty file"),
        pytest.param([b"truth,score"], [1], "no file of private records", id="another file"),
        pytest.param(LINES[:-1], [1], "not whole", id="a file without its last line"),
        pytest.param(LINES[:9], [1], "not whole", id="a file that was cut off"),
        pytest.param(
            [*LINES[:5], LINES[6], LINES[5], *LINES[7:]], [1], "not whole", id="rows swapped"
        ),
        pytest.param([*LINES, b""], [1], "not whole", id="a line after the last"),
        pytest.param(LINES, [0], "from 1 to 21", id="row 0"),
        pytest.param(LINES, [1, 22], "from 1 to 21", id="a row after the last"),
        pytest.param(LINES, [], "from 1 to 21", id="no row at all"),
        pytest.param(
            [canonical_bytes({"algorithm": "x", "n": 1, "secret": "0" * 64})],
            [1],
            "another method: x",
            id="records made by another method",
        ),
    ],
)
def test_a_private_file_that_is_wrong_is_told(
    lines: list[bytes], rows: list[int], complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        reveal(lines, rows)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param(b"", "no file of revealed", id="nothing"),
        pytest.param(b"[" * 100_000, "nested|no file", id="brackets without end"),
        pytest.param(b'{"root": 1}', "no file of revealed", id="another form"),
        pytest.param(b" " * 64_000_001, "larger", id="more than is ever made"),
    ],
)
def test_a_hostile_file_is_a_sentence(data: bytes, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        read_revealed(data)


def test_a_row_that_is_too_long_is_told_before_anything_is_signed() -> None:
    with pytest.raises(InputError, match="row 2 is longer"):
        committed([{"truth": "1"}, {"truth": "1" * MAX_RECORD_BYTES}])


def test_rows_that_were_not_counted_cannot_be_committed_to() -> None:
    with pytest.raises(InputError, match="changed"):
        commit(ROWS, 20, SECRET, bytearray().extend)
