"""The journal: what stands in it stays, what a kill tore off is dropped, a change is found."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.assess.systems.endpoint.ask import Answer, Ask, Message
from comity.assess.systems.endpoint.journal import open_journal
from comity.errors import InputError

AT = "2026-11-22T12:00:00Z"


def pair(n: int, text: str = "no") -> tuple[Ask, Answer]:
    ask = Ask(id=f"toy/{n}", messages=(Message("user", f"Number {n}?"),), max_tokens=4)
    return ask, Answer(id=ask.id, status="answered", text=text, top=(("no", -0.1),))


def digest(n: int) -> str:
    return hashlib.sha256(str(n).encode()).hexdigest()


def write(path: Path, n: int) -> bytes:
    """A journal of n answers; returns its bytes."""
    with open_journal(path) as journal:
        for number in range(n):
            journal.add((digest(number), 0), *pair(number), AT)
    return path.read_bytes()


def found(path: Path) -> list[str]:
    with open_journal(path) as journal:
        return [entry.ask.id for entry in journal.found.values()]


def test_answers_are_found_again_by_their_request(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    write(path, 3)
    with open_journal(path) as journal:
        entry = journal.found[(digest(1), 0)]
    assert (entry.ask, entry.answer) == pair(1) and entry.at == AT


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    write(path, 1)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(InputError, match="other people"):
        found(path)


def test_each_line_holds_the_digest_of_the_line_before(tmp_path: Path) -> None:
    lines = write(tmp_path / "j.jsonl", 3).splitlines()
    for before, line in pairwise(lines):
        assert json.loads(line)["previous"] == hashlib.sha256(before).hexdigest()


def test_a_journal_that_goes_on_is_the_same_as_one_in_one_go(tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole.jsonl", tmp_path / "parts.jsonl"
    write(whole, 4)
    write(parts, 2)
    with open_journal(parts) as journal:
        for number in (2, 3):
            journal.add((digest(number), 0), *pair(number), AT)
    assert whole.read_bytes() == parts.read_bytes()


@given(cut=st.integers(0, 2_000))
def test_cut_anywhere_the_whole_lines_before_stay(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "j.jsonl"
    data = write(path, 5)
    whole = data[: cut % (len(data) + 1)]
    path.write_bytes(whole)
    assert found(path) == [f"toy/{n}" for n in range(max(0, whole.count(b"\n") - 1))]
    kept = path.read_bytes() if path.exists() else b""
    assert kept == whole[: whole.rfind(b"\n") + 1]


@pytest.mark.parametrize(
    "tail", [b"\0" * 300, b"\0" * 300 + b"\n", b"{\n{\n", b'{"previous": "x"}\n']
)
def test_what_a_power_cut_left_behind_is_dropped(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "j.jsonl"
    data = write(path, 2)
    path.write_bytes(data + tail)
    assert len(found(path)) == 2 and path.read_bytes() == data


@given(place=st.integers(0, 100_000), new=st.integers(0, 255))
def test_a_changed_byte_before_the_last_line_never_goes_unseen(
    tmp_path_factory: pytest.TempPathFactory, place: int, new: int
) -> None:
    path = tmp_path_factory.mktemp("byte") / "j.jsonl"
    data = write(path, 4)
    last = data[:-1].rfind(b"\n")
    place %= last
    changed = data[:place] + bytes([new]) + data[place + 1 :]
    path.write_bytes(changed)
    if changed == data:
        assert len(found(path)) == 4
    else:
        with pytest.raises(InputError, match=r"changed after|no journal of Comity"):
            found(path)
        assert path.read_bytes() == changed, "a file in doubt is left as it is"


def _swap(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda lines: [*lines[:1], *lines[2:]], id="a line taken out"),
        pytest.param(_swap, id="two lines exchanged"),
        pytest.param(lambda lines: [*lines[:2], lines[1], *lines[2:]], id="a line twice"),
        pytest.param(lambda lines: lines[1:], id="the first line taken out"),
    ],
)
def test_lines_cannot_be_moved_or_taken_out(tmp_path: Path, change: object) -> None:
    path = tmp_path / "j.jsonl"
    lines = write(path, 4).splitlines(keepends=True)
    path.write_bytes(b"".join(change(lines)))  # type: ignore[operator]
    with pytest.raises(InputError, match=r"changed after|no journal of Comity"):
        found(path)


@pytest.mark.parametrize("text", ["my notes", "my notes\n", '{"a": 1}\n', "\n\n\n"])
def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(InputError, match="no journal of Comity"):
        found(path)
    assert path.read_text() == text


def test_two_runs_cannot_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    with open_journal(path) as journal:
        journal.add((digest(0), 0), *pair(0), AT)
        with pytest.raises(InputError, match="another run is writing"):
            found(path)


def test_a_journal_is_no_link_to_another_file(tmp_path: Path) -> None:
    write(tmp_path / "real.jsonl", 1)
    (tmp_path / "j.jsonl").symlink_to(tmp_path / "real.jsonl")
    with pytest.raises(InputError, match="cannot be opened"):
        found(tmp_path / "j.jsonl")


def test_nothing_stands_there_when_nothing_was_written(tmp_path: Path) -> None:
    assert found(tmp_path / "j.jsonl") == []
    assert list(tmp_path.iterdir()) == []


FILL = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
from comity.errors import InputError
from tests.assess.endpoint.test_journal import write
try:
    write(Path(sys.argv[1]), 1000)
except InputError as error:
    print(error)
"""


def test_a_full_disk_is_a_sentence_and_the_answers_before_it_stay(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-c", FILL, path],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert run.returncode == 0, run.stderr
    assert "cannot be written" in run.stdout and "Make room" in run.stdout
    assert path.stat().st_size == 3000
    before = found(path)
    assert 3 < len(before) < 12
    with open_journal(path) as journal:
        journal.add((digest(999), 0), *pair(999), AT)
    assert found(path) == [*before, "toy/999"]
