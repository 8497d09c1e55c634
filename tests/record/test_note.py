"""Signed notes: the published vectors, what is malformed, and which keys are admitted."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.attest.vkey import COSIGNATURE, NoteKey, admit, parse_vkey
from comity.errors import InputError, RecordError
from comity.record.keys import new_note_signer
from comity.record.note import (
    MAX_NOTE_BYTES,
    add_signature,
    cosign_note,
    open_note,
    sign_note,
    split_note,
)
from tests.parts import require_data

LOG = new_note_signer("coast.test/log", "log")
OTHER_LOG = new_note_signer("coast.test/log", "log")
WITNESS = new_note_signer("plain.test", "witness")
TEXT = "coast.test/log\n1\nsomething\n"
NOW = datetime(2026, 11, 22, 1, 40, tzinfo=UTC)
NOTE = sign_note(TEXT, LOG)
COSIGNED = add_signature(NOTE, cosign_note(TEXT, WITNESS, NOW))


def vectors() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        require_data("vectors/tlog/notes.json").read_text(encoding="utf-8")
    )
    return found


def test_the_published_notes_open_or_are_refused_as_published() -> None:
    cases = vectors()
    assert len(cases) >= 11
    for case in cases:
        try:
            keys = [parse_vkey(text) for text in case["vkeys"]]
            note = open_note(case["note"].encode(), keys)
        except (InputError, RecordError):
            assert not case["ok"], case["name"]
            continue
        assert case["ok"], case["name"]
        names = [signed.key.name for signed in note.verified]
        assert names == (case.get("verified") or [keys[0].name]), case["name"]


def test_a_published_key_is_written_as_it_was_read() -> None:
    for case in vectors():
        for text in case["vkeys"] if case["ok"] else []:
            assert parse_vkey(text).vkey == text


def test_the_edge_cases_of_ed25519_pass_only_where_no_verifier_can_object() -> None:
    cases = json.loads(
        require_data("vectors/ed25519-cctv/ed25519vectors.json").read_text(encoding="utf-8")
    )
    assert len(cases) == 914
    admitted, accepted = 0, []
    for case in cases:
        try:
            key = NoteKey(name="hostile.test", kind=1, public=bytes.fromhex(case["key"]))
        except InputError:
            continue
        admitted += 1
        if key.verifies(bytes.fromhex(case["sig"]), case["msg"].encode()):
            accepted.append(case)
    assert admitted == 28
    assert [case["flags"] for case in accepted] == [None]


@pytest.mark.parametrize(
    "public",
    [
        bytes(32),
        b"\1" + bytes(31),
        bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        b"\xff" * 32,
    ],
    ids=["of order 4", "the identity", "of order 2", "of order 8", "no point at all"],
)
def test_a_weak_key_is_not_admitted(public: bytes) -> None:
    with pytest.raises(InputError, match="weak"):
        admit(public)


def test_a_signed_note_opens_with_its_key() -> None:
    note = open_note(NOTE, [LOG.key])
    assert note.text == TEXT
    assert [(one.key, one.time) for one in note.verified] == [(LOG.key, None)]
    assert note.unknown == 0


def test_a_cosignature_tells_its_time_to_the_second() -> None:
    note = open_note(COSIGNED, [LOG.key, WITNESS.key])
    assert [(one.key.name, one.time) for one in note.verified] == [
        ("coast.test/log", None),
        ("plain.test", NOW),
    ]


def test_unknown_keys_are_ignored_even_under_a_known_name() -> None:
    note = open_note(add_signature(COSIGNED, line_of(OTHER_LOG, TEXT)), [LOG.key])
    assert (len(note.verified), note.unknown) == (1, 2)


def test_a_line_is_added_once() -> None:
    line = cosign_note(TEXT, WITNESS, NOW)
    assert add_signature(COSIGNED, line) == COSIGNED


def line_of(signer: Any, text: str) -> str:
    return sign_note(text, signer).decode().removeprefix(f"{text}\n")


def tampered(line: str) -> str:
    head, _, data = line.strip().rpartition(" ")
    decoded = bytearray(base64.b64decode(data))
    decoded[-1] ^= 1
    return f"{head} {base64.b64encode(decoded).decode()}\n"


def relabelled(seconds: int) -> str:
    """The witness's line with another time written into it."""
    head, _, data = cosign_note(TEXT, WITNESS, NOW).strip().rpartition(" ")
    decoded = base64.b64decode(data)
    decoded = decoded[:4] + seconds.to_bytes(8, "big") + decoded[12:]
    return f"{head} {base64.b64encode(decoded).decode()}\n"


REFUSED = {
    "signed by nobody you know": (sign_note(TEXT, OTHER_LOG), "no key that you know"),
    "another text under the signature": (NOTE.replace(b"something", b"otherwise"), "does not hold"),
    "a witness's time was altered": (
        add_signature(NOTE, relabelled(int(NOW.timestamp()) - 1)),
        "plain.test does not hold",
    ),
    "a good line of a key, then a bad one of the same key": (
        add_signature(NOTE, tampered(line_of(LOG, TEXT))),
        "coast.test/log does not hold",
    ),
    "a cosignature of another note": (
        add_signature(NOTE, cosign_note(TEXT + "more\n", WITNESS, NOW)),
        "plain.test does not hold",
    ),
    "empty": (b"", "not a signed note"),
    "only a text": (TEXT.encode(), "not a signed note"),
    "no signature below": (TEXT.encode() + b"\n", "not a signed note"),
    "no last line end": (NOTE[:-1], "not a signed note"),
    "not UTF-8": (b"\xff" + NOTE, "not UTF-8"),
    "a carriage return": (NOTE.replace(b"\n", b"\r\n"), "control characters"),
    "a tab in the text": (NOTE.replace(b"something", b"some\tthing"), "control characters"),
    "a hyphen for the dash": (NOTE.replace("—".encode(), b"-"), "malformed"),
    "two spaces": (NOTE.replace("— ".encode(), "—  ".encode()), "malformed"),
    "a space behind": (NOTE[:-1] + b" \n", "malformed"),
    "base64 without padding": (NOTE.replace(b"=\n", b"\n", 1)[:-2] + b"\n", "malformed"),
    "a signature of four bytes": (TEXT.encode() + "\n— a AAAAAA==\n".encode(), "malformed"),
    "a plus in the name": (TEXT.encode() + "\n— a+b AAAAAAA=\n".encode(), "malformed"),
    "a foreign space in the name": (
        TEXT.encode() + "\n— a\u2003b AAAAAAA=\n".encode(),
        "malformed",
    ),
    "larger than allowed": (b"a" * MAX_NOTE_BYTES + NOTE, "larger than"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_note_is_refused(case: str) -> None:
    note, reason = REFUSED[case]
    with pytest.raises(RecordError, match=reason):
        open_note(note, [LOG.key, WITNESS.key])


def vkey(name: str, data: bytes, key_id: str = "") -> str:
    digest = hashlib.sha256(f"{name}\n".encode() + data).hexdigest()
    return f"{name}+{key_id or digest[:8]}+{base64.b64encode(data).decode()}"


GOOD = bytes([1]) + LOG.key.public
BAD_KEYS = {
    "empty": ("", "not the public key"),
    "no plus": ("coast.test", "not the public key"),
    "another id": (vkey("coast.test", GOOD, "00000000"), "copied wrongly"),
    "an id in capitals": (
        vkey("coast.test", GOOD).replace(vkey("coast.test", GOOD)[10:20], "+ABCDEF01+"),
        "copied wrongly",
    ),
    "no base64": ("a+00000000+!", "base64"),
    "nothing behind": ("a+00000000+", "of the kind 0"),
    "a key of ML-DSA": (vkey("a", bytes([6]) * 1313), "kind 6"),
    "too short": (vkey("a", GOOD[:-1]), "32 bytes"),
    "too long": (vkey("a", GOOD + b"\0"), "32 bytes"),
    "weak": (vkey("a", bytes([4]) + bytes(32)), "weak"),
    "a space in the name": (vkey("a b", GOOD), "cannot name"),
    "no name": (vkey("", GOOD), "cannot name"),
}


@pytest.mark.parametrize("case", BAD_KEYS)
def test_a_public_key_is_refused(case: str) -> None:
    text, reason = BAD_KEYS[case]
    with pytest.raises(InputError, match=reason) as caught:
        parse_vkey(text, where="trust.toml")
    assert caught.value.where == "trust.toml"


def test_keys_keep_to_their_purpose() -> None:
    with pytest.raises(ValueError, match="signs no notes"):
        sign_note(TEXT, WITNESS)
    with pytest.raises(ValueError, match="does not cosign"):
        cosign_note(TEXT, LOG, NOW)
    as_witness = NoteKey(name=LOG.key.name, kind=COSIGNATURE, public=LOG.key.public)
    with pytest.raises(RecordError, match="no key that you know"):
        open_note(NOTE, [as_witness])


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1))
def test_every_printable_text_comes_back_as_it_was_signed(line: str) -> None:
    text = f"{line}\n\n{line}\n"
    note = sign_note(text, LOG)
    assert open_note(note, [LOG.key]).text == text


@given(st.binary(max_size=300))
def test_no_bytes_make_anything_but_a_sentence(data: bytes) -> None:
    for one in (data, TEXT.encode() + b"\n" + data, NOTE + data):
        try:
            split_note(one)
        except RecordError:
            continue
