"""Reading is bounded and located; writing is whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from comity.claims.values import Key
from comity.errors import InputError
from comity.files import (
    digest_file,
    inside,
    make_folder,
    new_secret,
    parse_toml,
    read_bytes,
    read_head,
    read_text,
    read_toml,
    secret_lines,
    write_atomic,
    write_folder,
)


class Point(msgspec.Struct, forbid_unknown_fields=True):
    x: int
    y: int = 0


class Card(msgspec.Struct, forbid_unknown_fields=True):
    point: Point
    name: Key = "card"


def test_a_file_within_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")

    assert read_bytes(tmp_path / "a", 5) == b"12345"


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"123456")

    with pytest.raises(InputError, match="larger than the 5 bytes"):
        read_bytes(tmp_path / "a", 5)


def test_the_head_of_a_file_is_read_and_all_of_a_shorter_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"123456")

    assert read_head(tmp_path / "a", 5) == b"12345"
    assert read_head(tmp_path / "a", 9) == b"123456"


def test_the_head_of_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a regular file"):
        read_head(tmp_path, 5)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_bytes(tmp_path / "nothing", 5)

    assert str(caught.value) == f"{tmp_path / 'nothing'}: there is no such file"


def test_a_folder_a_pipe_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(InputError, match="not a regular file"):
            read_bytes(path, 5)


def test_a_name_with_a_null_byte_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes(Path("a\0b"), 5)


def test_text_that_is_not_utf8_is_located(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"x = 1\ny = '\xff'\n")

    with pytest.raises(InputError) as caught:
        read_text(tmp_path / "a.toml")

    assert "line 2" in caught.value.where
    assert "UTF-8" in caught.value.what


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        pytest.param("x = ", "not TOML", "", id="a broken line names the file"),
        pytest.param("[point]\ny = 1", "missing required field `x`", "point", id="a missing field"),
        pytest.param("[point]\nx = 'a'", "Expected `int`", "point.x", id="a field of another kind"),
        pytest.param("[point]\nx = 1\nz = 2", "unknown field `z`", "point", id="an unknown field"),
        pytest.param(
            "name = 'a b'\n[point]\nx = 1", "not allowed here", "name", id="a name with a space"
        ),
        pytest.param("x = " + "[" * 100_000, "not TOML", "", id="nested without end"),
    ],
)
def test_a_wrong_card_gets_a_sentence(tmp_path: Path, text: str, what: str, where: str) -> None:
    path = tmp_path / "card.toml"
    path.write_text(text)

    with pytest.raises(InputError) as caught:
        read_toml(path, Card)

    assert what in caught.value.what
    assert str(path) in caught.value.where
    assert where in caught.value.where


def test_a_digest_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")

    assert digest_file(tmp_path / "a").startswith("ba7816bf8f01cfea")


@pytest.mark.parametrize("name", ["table.csv", "deeper/table.csv", "./table.csv", "a/../table.csv"])
def test_a_path_may_stay_inside(tmp_path: Path, name: str) -> None:
    assert inside(tmp_path, name, where="card").is_relative_to(tmp_path.resolve())


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "", "a\0b", "link/x"])
def test_a_path_may_not_leave(tmp_path: Path, name: str) -> None:
    (tmp_path / "link").symlink_to("/etc")

    with pytest.raises(InputError, match="leaves the folder"):
        inside(tmp_path, name, where="card")


def test_a_written_file_has_its_mode_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_atomic(tmp_path / "secret", "x", mode=0o600)

    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret"]


def test_a_file_is_not_replaced_where_it_must_not_be(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("old")

    with pytest.raises(InputError, match="exists already"):
        write_atomic(tmp_path / "key", "new", replace=False)

    assert (tmp_path / "key").read_text() == "old"
    assert os.listdir(tmp_path) == ["key"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()

    with pytest.raises(InputError, match="cannot be written"):
        write_atomic(tmp_path / "target", "x")

    assert os.listdir(tmp_path) == ["target"]


def test_a_folder_cannot_stand_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")

    with pytest.raises(InputError, match="cannot be made"):
        make_folder(tmp_path / "a" / "b")


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "deep" / "result", {"a": "1", "b": b"2"})

    assert sorted(os.listdir(tmp_path / "deep" / "result")) == ["a", "b"]
    assert os.listdir(tmp_path / "deep") == ["result"]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "result").mkdir()

    write_folder(tmp_path / "result", {"a": "1"})

    assert (tmp_path / "result" / "a").read_text() == "1"


def test_a_result_is_never_overwritten(tmp_path: Path) -> None:
    write_folder(tmp_path / "result", {"a": "old"})

    with pytest.raises(InputError, match="never overwritten"):
        write_folder(tmp_path / "result", {"a": "new"})

    assert (tmp_path / "result" / "a").read_text() == "old"
    assert os.listdir(tmp_path) == ["result"]


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_folder(tmp_path / "result", {"a": "1", "no/such/folder": "2"})

    assert os.listdir(tmp_path) == []


def test_a_large_secret_is_its_owners_alone_and_comes_back_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    with new_secret(path) as write:
        write(b"one\n\n")
        assert [stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()] == [0o600]
        assert not path.exists()
        write(b"three")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(secret_lines(path, 5)) == [b"one", b"", b"three"]
    assert os.listdir(tmp_path) == ["secret"]


def test_a_large_secret_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="stopped"), new_secret(tmp_path / "secret") as write:
        write(b"half")
        raise InputError("stopped")

    assert os.listdir(tmp_path) == []


def test_a_large_secret_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("old")

    with pytest.raises(InputError, match="not replaced"), new_secret(tmp_path / "secret") as write:
        write(b"new")

    assert (tmp_path / "secret").read_text() == "old"
    assert os.listdir(tmp_path) == ["secret"]


@pytest.mark.parametrize(
    ("mode", "complaint"),
    [
        pytest.param(0o644, "chmod 600", id="a secret that others may read"),
        pytest.param(0o600, "longer than the 4 bytes", id="a line that is too long"),
    ],
)
def test_secret_lines_are_refused(tmp_path: Path, mode: int, complaint: str) -> None:
    (tmp_path / "secret").write_bytes(b"1234\n12345")
    (tmp_path / "secret").chmod(mode)

    with pytest.raises(InputError, match=complaint):
        list(secret_lines(tmp_path / "secret", 4))


def test_a_misspelt_field_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "card.toml").write_text("[piont]\nx = 1\n")

    with pytest.raises(InputError) as caught:
        read_toml(tmp_path / "card.toml", Card)

    assert caught.value.hint == "Did you mean `point`?"


class Choice(msgspec.Struct):
    colour: Literal["green", "red"] = "green"
    rows: dict[Literal["low", "high"], tuple[Literal["a", "b"], ...]] = {}
    amount: str | None = None
    others: tuple[Choice, ...] = ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('colour = "blue"', "Write one of: green, red."),
        ('[[others]]\ncolour = "red"\n[[others]]\ncolour = "gren"', "Write one of: green, red."),
        ('rows = {low = ["a", "c"]}', "Write one of: a, b."),
        ('rows = {middle = ["a"]}', ""),
        ("amount = 10", "Write it between quotation marks."),
        ("amount = true", ""),
        ("colour = 1", "Write it between quotation marks."),
    ],
)
def test_a_wrong_value_is_told_with_what_may_stand_there(text: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_toml(text, Choice, where="card")
    assert caught.value.hint == hint
