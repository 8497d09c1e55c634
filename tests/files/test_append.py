"""A private file that lines are added to: whole lines, one writer, and no surprise left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.errors import InputError
from comity.files import append_secret


def test_lines_are_added_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    for line in (b"one\n", b"two\n"):
        with append_secret(path) as file:
            file.add(line)
            file.sync()
    with append_secret(path) as file:
        assert list(file.lines(10)) == [b"one\n", b"two\n"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_was_added_stands_there_for_others_at_once(tmp_path: Path) -> None:
    with append_secret(tmp_path / "a.txt") as file:
        file.add(b"one\n")
        assert (tmp_path / "a.txt").read_bytes() == b"one\n"


def test_what_is_cut_off_is_gone_and_the_next_line_follows_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with append_secret(path) as file:
        file.add(b"one\ntw")
        file.cut(4)
        file.add(b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"


def test_a_line_that_is_too_long_is_an_error_and_not_read_whole(tmp_path: Path) -> None:
    with append_secret(tmp_path / "a.txt") as file:
        file.add(b"x" * 50)
        with pytest.raises(InputError, match="longer than the 20 bytes"):
            list(file.lines(20))


def test_an_empty_file_is_gone_when_the_block_ends(tmp_path: Path) -> None:
    with append_secret(tmp_path / "a.txt"):
        assert (tmp_path / "a.txt").exists()
    assert not (tmp_path / "a.txt").exists()


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with append_secret(tmp_path / "a.txt") as file:
        file.add(b"one\n")
        with pytest.raises(InputError, match="another run"), append_secret(tmp_path / "a.txt"):
            pass


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"), append_secret(tmp_path):
        pass


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(InputError, match="not a regular file"), append_secret(tmp_path / "pipe"):
        pass


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError), append_secret(tmp_path / "file" / "a.txt"):
        pass
