"""Keys of logs and witnesses: one per purpose, readable by their owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.attest import new_key, save_key
from comity.errors import InputError
from comity.record.keys import (
    Purpose,
    load_note_signer,
    load_vkey,
    new_note_signer,
    save_note_signer,
)


@pytest.mark.parametrize("purpose", ["log", "witness"])
@pytest.mark.parametrize("password", [None, "open sesame", "пароль 密码"])
def test_a_key_comes_back_from_disk(tmp_path: Path, purpose: Purpose, password: str | None) -> None:
    signer = new_note_signer("coast.test/assessments", purpose)
    path = save_note_signer(signer, tmp_path / "keys", password)
    assert path.name == f"coast.test_assessments.{purpose}.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (b"ENCRYPTED" in path.read_bytes()) == (password is not None)
    again = load_note_signer(path, purpose, password)
    assert again.key == signer.key == load_vkey(path.with_suffix(".vkey"))
    assert signer.key.verifies(again.sign(b"message"), b"message")


def test_a_password_for_a_key_that_has_none_does_no_harm(tmp_path: Path) -> None:
    path = save_note_signer(new_note_signer("coast.test", "log"), tmp_path)
    assert load_note_signer(path, "log", "unneeded").key.name == "coast.test"


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    path = save_note_signer(new_note_signer("coast.test", "log"), tmp_path)
    before = path.read_bytes(), path.with_suffix(".vkey").read_bytes()
    with pytest.raises(InputError, match="exists already"):
        save_note_signer(new_note_signer("coast.test", "log"), tmp_path)
    assert (path.read_bytes(), path.with_suffix(".vkey").read_bytes()) == before


def test_the_secret_shows_in_no_repr(tmp_path: Path) -> None:
    signer = new_note_signer("coast.test", "log")
    assert repr(signer) == f"StoredSigner({signer.key.vkey!r})"


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = save_note_signer(new_note_signer("coast.test", "log"), tmp_path)
    path.chmod(0o640)
    with pytest.raises(InputError, match="other people"):
        load_note_signer(path, "log")


def test_a_key_serves_its_own_purpose_alone(tmp_path: Path) -> None:
    path = save_note_signer(new_note_signer("coast.test", "log"), tmp_path)
    with pytest.raises(InputError, match="not the key of a witness"):
        load_note_signer(path, "witness")


def test_the_public_half_must_belong_to_the_secret(tmp_path: Path) -> None:
    path = save_note_signer(new_note_signer("coast.test", "log"), tmp_path)
    path.with_suffix(".vkey").write_text(new_note_signer("coast.test", "log").key.vkey)
    with pytest.raises(InputError, match="describes another key"):
        load_note_signer(path, "log")


def test_the_public_half_signs_nothing(tmp_path: Path) -> None:
    path = save_note_signer(new_note_signer("coast.test", "log"), tmp_path)
    with pytest.raises(InputError, match="public key, which signs nothing"):
        load_note_signer(path.with_suffix(".vkey"), "log")


def test_a_key_for_statements_does_not_sign_logs(tmp_path: Path) -> None:
    save_key(new_key(), tmp_path / "lab.key")
    with pytest.raises(InputError, match="not an Ed25519 key"):
        load_note_signer(tmp_path / "lab.key", "log")


@pytest.mark.parametrize(
    ("password", "given", "reason"),
    [("right", None, "protected by a password"), ("right", "wrong", "password is wrong")],
    ids=["none given", "a wrong one given"],
)
def test_a_protected_key_asks_for_its_password(
    tmp_path: Path, password: str, given: str | None, reason: str
) -> None:
    path = save_note_signer(new_note_signer("coast.test", "log"), tmp_path, password)
    with pytest.raises(InputError, match=reason):
        load_note_signer(path, "log", given)


def test_a_file_without_a_key_is_no_key(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    path.touch(mode=0o600)
    with pytest.raises(InputError, match="not a private key"):
        load_note_signer(path, "log")


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "x" * 256])
def test_a_name_that_no_note_can_carry_gets_no_key(name: str) -> None:
    with pytest.raises(InputError, match="cannot name a key"):
        new_note_signer(name, "witness")
