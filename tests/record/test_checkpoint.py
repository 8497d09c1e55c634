"""Checkpoints: three lines, in one spelling, signed by the log whose origin they name."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.attest.vkey import parse_vkey
from comity.errors import RecordError
from comity.record.checkpoint import (
    MAX_SIZE,
    Checkpoint,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
)
from comity.record.keys import new_note_signer
from comity.record.note import add_signature, cosign_note, sign_note
from tests.parts import require_data

ROOT = base64.b64encode(bytes(range(32))).decode()
LOG = new_note_signer("coast.test/log", "log")
WITNESS = new_note_signer("plain.test", "witness")
ONE = Checkpoint("coast.test/log", 7, bytes(range(32)))


def test_the_published_checkpoints_open_with_their_log_s_key() -> None:
    world = json.loads(require_data("vectors/tlog/witness-update-cases.json").read_text())
    key = parse_vkey(world["log_vkey"])
    for name, size in (("mInit", 5), ("mNext", 8)):
        checkpoint, _ = open_checkpoint(world[name].encode(), (key,))
        assert (checkpoint.origin, checkpoint.size) == ("monkeys", size)
    assert open_checkpoint(world["mInit"].encode(), (key,))[0].root.hex() == world["root5"]


@given(
    st.integers(0, MAX_SIZE), st.binary(min_size=32, max_size=32), st.lists(st.just("extension x"))
)
def test_a_checkpoint_comes_back_as_it_was_written(size: int, root: bytes, more: list[str]) -> None:
    checkpoint = Checkpoint("coast.test/log", size, root, tuple(more[:16]))
    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint


NOT_CHECKPOINTS = {
    "two lines": f"a\n{ROOT}\n",
    "no last line end": f"a\n7\n{ROOT}",
    "an empty origin": f"\n7\n{ROOT}\n",
    "an empty extension": f"a\n7\n{ROOT}\n\nx\n",
    "a leading zero": f"a\n07\n{ROOT}\n",
    "a plus sign": f"a\n+7\n{ROOT}\n",
    "a negative size": f"a\n-7\n{ROOT}\n",
    "another script's digits": f"a\n٧\n{ROOT}\n",
    "an underscore": f"a\n1_0\n{ROOT}\n",
    "a size that no number holds": f"a\n{2**53}\n{ROOT}\n",
    "a size of a thousand digits": f"a\n{'9' * 900}\n{ROOT}\n",
    "a root of 31 bytes": f"a\n7\n{base64.b64encode(bytes(31)).decode()}\n",
    "an empty root": "a\n7\n=\n",
    "a root with stray bits": f"a\n7\n{ROOT[:-2]}9=\n",
    "a root with a space": f"a\n7\n{ROOT} \n",
    "too many extensions": f"a\n7\n{ROOT}\n" + "x\n" * 17,
    "a line too long": f"{'a' * 1001}\n7\n{ROOT}\n",
}


@pytest.mark.parametrize("case", NOT_CHECKPOINTS)
def test_is_no_checkpoint(case: str) -> None:
    with pytest.raises(RecordError):
        parse_checkpoint(NOT_CHECKPOINTS[case])


@pytest.mark.parametrize("origin", ["", "two\nlines"])
def test_what_could_not_be_read_back_is_not_written(origin: str) -> None:
    with pytest.raises(RecordError):
        format_checkpoint(Checkpoint(origin, 7, bytes(32)))


def test_a_witness_s_signature_is_not_the_log_s() -> None:
    text = format_checkpoint(ONE)
    line = cosign_note(text, WITNESS, datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(RecordError, match="did not sign this checkpoint") as caught:
        open_checkpoint(f"{text}\n{line}".encode(), (LOG.key,), (WITNESS.key,))
    assert caught.value.rule == 1


def test_rule_1_another_text_under_the_signature_does_not_hold() -> None:
    note = sign_note(format_checkpoint(ONE), LOG).replace(b"\n7\n", b"\n8\n")
    with pytest.raises(RecordError, match="does not hold") as caught:
        open_checkpoint(note, (LOG.key,))
    assert caught.value.rule == 1


def test_rule_2_a_log_s_key_signs_for_its_own_origin_alone() -> None:
    other = Checkpoint("inland.test/log", 7, bytes(32))
    note = sign_note(format_checkpoint(other), LOG)
    with pytest.raises(RecordError, match=r"inland\.test/log") as caught:
        open_checkpoint(note, (LOG.key,))
    assert caught.value.rule == 2


def test_the_witnesses_signatures_come_along() -> None:
    text = format_checkpoint(ONE)
    note = add_signature(
        sign_note(text, LOG), cosign_note(text, WITNESS, datetime(2026, 11, 22, tzinfo=UTC))
    )
    checkpoint, opened = open_checkpoint(note, (LOG.key,), (WITNESS.key,))
    assert checkpoint == ONE
    assert [one.key.name for one in opened.verified] == ["coast.test/log", "plain.test"]


def test_while_a_log_changes_its_key_either_of_the_two_will_do() -> None:
    new = new_note_signer("coast.test/log", "log")
    text = format_checkpoint(ONE)
    for notes in (sign_note(text, LOG), sign_note(text, new)):
        assert open_checkpoint(notes, (LOG.key, new.key))[0] == ONE
    with pytest.raises(RecordError, match="no key that you know"):
        open_checkpoint(sign_note(text, LOG), (new.key,))
