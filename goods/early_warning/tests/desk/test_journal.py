"""The journal: what was written stands, and whatever else stands there is found."""

from __future__ import annotations

import datetime as dt
import resource
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import InputError, RecordError
from early_warning.desk.journal import START, open_journal, read_journal
from early_warning.desk.view import Act
from goods.early_warning.tests.desk.world import NOW, content


def act(draft: int, words: str = "") -> Act:
    return Act(
        number=0,
        at=NOW + dt.timedelta(minutes=draft),
        who="machine",
        kind="proposed",
        draft=draft,
        words=words,
        previous="",
        content=content("A"),
    )


def written(folder: Path, count: int = 4) -> Path:
    path = folder / "journal.jsonl"
    with open_journal(path) as journal:
        for number in range(1, count + 1):
            journal.add([act(number, f"words {number}")])
    return path


def refused(path: Path) -> RecordError:
    """Both ways to read it refuse, with the same words."""
    with pytest.raises(RecordError) as closed:
        read_journal(path)
    with pytest.raises(RecordError) as caught, open_journal(path):
        pass
    assert str(closed.value) == str(caught.value)
    return caught.value


def test_what_was_written_is_read_again_in_order(tmp_path: Path) -> None:
    path = written(tmp_path)
    with open_journal(path) as journal:
        assert [one.number for one in journal.acts] == [1, 2, 3, 4]
        assert [one.words for one in journal.acts] == [f"words {n}" for n in range(1, 5)]
        assert journal.acts[0].previous == START
        assert journal.acts == read_journal(path)  # also while it is open


def test_the_first_line_follows_nothing_and_each_other_the_one_before(tmp_path: Path) -> None:
    path = written(tmp_path, 2)
    with open_journal(path) as journal:
        first, second = journal.acts
        assert second.previous != first.previous == START
        assert journal.head not in (first.previous, second.previous)


def test_nobody_but_the_owner_reads_it(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.with_suffix(".head").stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(InputError, match="other people"), open_journal(path):
        pass


def test_a_second_writer_gets_a_sentence(tmp_path: Path) -> None:
    path = written(tmp_path)
    with (
        open_journal(path),
        pytest.raises(InputError, match="another run is writing"),
        open_journal(path),
    ):
        pass


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_change_of_any_byte_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = written(tmp_path_factory.mktemp("journal"))
    good = path.read_bytes()
    place = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda one: one != good[place]))
    path.write_bytes(good[:place] + bytes([other]) + good[place + 1 :])
    changed = path.read_bytes()
    error = refused(path)
    if place == len(good) - 1:  # its end is gone: it is taken for torn, and the file beside tells
        assert "lines are missing" in error.what
    assert path.read_bytes() == changed  # nothing is taken away from what shows the change


@pytest.mark.parametrize("line", range(4), ids=["first", "second", "third", "last"])
def test_a_line_that_was_rewritten_with_care_is_found(tmp_path: Path, line: int) -> None:
    """Its own link is kept: only what follows, or the file beside, can show it."""
    path = written(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    one = msgspec.json.decode(lines[line], type=Act)
    lines[line] = msgspec.json.encode(msgspec.structs.replace(one, words="other words")) + b"\n"
    path.write_bytes(b"".join(lines))
    assert "was changed" in refused(path).what


@pytest.mark.parametrize("line", range(4), ids=["first", "second", "third", "last"])
def test_a_line_that_was_taken_away_is_found(tmp_path: Path, line: int) -> None:
    path = written(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:line] + lines[line + 1 :]))
    assert "missing" in refused(path).what


def test_a_line_that_was_put_in_is_found(tmp_path: Path) -> None:
    path = written(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], lines[1], *lines[2:]]))
    assert refused(path).where.endswith("line 3")


def test_the_same_act_spelt_otherwise_is_found(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'{"number":1', b'{ "number":1', 1))
    assert refused(path).where.endswith("line 1")


@pytest.mark.parametrize(
    "line",
    [b"\n", b"[]\n", b"{}\n", b"\xff\n", b"[" * 5_000 + b"\n", b'{"number":1}\n'],
    ids=["nothing", "a list", "no act", "no text", "nested deeply", "half an act"],
)
def test_what_is_no_act_is_found(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(line)
    path.chmod(0o600)
    assert refused(path).what == "this is no act of the desk"


def test_a_torn_last_line_is_taken_away_wherever_it_was_torn(tmp_path: Path) -> None:
    path = written(tmp_path, 3)
    whole = path.read_bytes()
    with open_journal(path) as journal:
        journal.add([act(4)])
    torn = path.read_bytes()[len(whole) :]
    for size in (1, len(torn) // 2, len(torn) - 1):
        # A crash in the middle of writing: the file beside still names the line before.
        path.write_bytes(whole + torn[:size])
        with open_journal(path.with_name("other")) as other:
            assert other.cut == 0
        path.with_suffix(".head").write_bytes(_head_of(whole))
        assert len(read_journal(path)) == 3
        with open_journal(path) as journal:
            assert journal.cut == size and len(journal.acts) == 3
        assert path.read_bytes() == whole


def test_a_crash_between_a_line_and_the_file_beside_it_loses_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, 3)
    beside = path.with_suffix(".head")
    before = beside.read_bytes()
    with open_journal(path) as journal:
        journal.add([act(4)])
    beside.write_bytes(before)
    with open_journal(path) as journal:
        assert len(journal.acts) == 4
    assert beside.read_bytes() != before


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    path = written(tmp_path, 1)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with open_journal(path) as journal:
        good = path.read_bytes()
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(good) + 100, limits[1]))
        try:
            with pytest.raises(InputError, match="cannot be written"):
                journal.add([act(2)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert path.read_bytes() == good and len(journal.acts) == 1
        journal.add([act(2)])
    assert len(read_journal(path)) == 2


def test_acts_that_belong_together_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    path = written(tmp_path, 1)
    with open_journal(path) as journal:
        good = path.read_bytes()
        with pytest.raises(InputError, match="too long"):
            journal.add([act(2), act(3, "x" * 2_000_000)])
        assert path.read_bytes() == good and len(journal.acts) == 1


def _head_of(data: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(data.splitlines(keepends=True)[-1]).hexdigest().encode() + b"\n"
