"""Keys and signers: what is written, who may read it, and what is refused."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from comity.attest import (
    check_origin,
    load_key,
    load_public_key,
    load_signer,
    new_key,
    parse_public_key,
    save_key,
    save_signer,
)
from comity.claims import Assessor
from comity.errors import InputError
from tests.attest.example import KEY, OTHER_KEY

WHO = Assessor(origin="lab.example", name='Labor „A“ \\ "B"', role="accredited")
PEM, SPKI = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
EDWARDS, CURVE_384 = ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP384R1())


def pkcs8(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Writes bytes to a file that only its owner can read."""
    path = tmp_path / "a.key"
    path.touch(mode=0o600)
    return path


@pytest.mark.parametrize("password", [None, "open sesame", "пароль 密码"])
def test_a_key_comes_back_from_disk(tmp_path: Path, password: str | None) -> None:
    path = tmp_path / "a.key"
    save_key(KEY, path, password)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (b"ENCRYPTED" in path.read_bytes()) == (password is not None)
    again = load_key(path, password)
    assert KEY.public.verifies(again.sign(b"message"), b"message")


def test_a_key_is_readable_by_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save_key(KEY, tmp_path / "a.key")
    finally:
        os.umask(before)
    assert (tmp_path / "a.key").stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    save_key(KEY, path)
    before = path.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        save_key(OTHER_KEY, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o601])
def test_a_key_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.key"
    save_key(KEY, path)
    path.chmod(mode)
    with pytest.raises(InputError, match=r"other people .* may read this secret") as caught:
        load_key(path)
    assert caught.value.hint == f"Make it yours alone: chmod 600 {path}"


BAD_KEYS = [
    pytest.param(b"", "not a private key", id="an empty file"),
    pytest.param(b"hello", "not a private key", id="text"),
    pytest.param(KEY.public.pem.encode(), "not a private key", id="a public key"),
    pytest.param(KEY.pem()[:60], "not a private key", id="half a key"),
    pytest.param(pkcs8(EDWARDS), "P-256 alone", id="a key on Edwards 25519"),
    pytest.param(pkcs8(CURVE_384), "P-256 alone", id="a key on P-384"),
    pytest.param(b"x" * 20_001, "larger than", id="a file too large to be a key"),
]


@pytest.mark.parametrize(("content", "words"), BAD_KEYS)
def test_what_is_no_key_of_ours_is_refused(secret: Path, content: bytes, words: str) -> None:
    secret.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        load_key(secret)
    assert caught.value.where == str(secret)


def test_passwords_that_do_not_fit_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    save_key(KEY, path, "right")
    with pytest.raises(InputError, match="protected by a password"):
        load_key(path)
    with pytest.raises(InputError, match="password is wrong"):
        load_key(path, "wrong")


def test_a_password_for_a_key_without_one_is_not_needed(tmp_path: Path) -> None:
    save_key(KEY, tmp_path / "a.key")
    assert load_key(tmp_path / "a.key", "needless").public == KEY.public


def test_the_fingerprint_is_eight_words_of_the_spki_digest() -> None:
    digest = hashlib.sha256(KEY.public.spki).digest()
    words = KEY.public.fingerprint.split(" ")
    assert all(re.fullmatch("[0-9]{5}", word) for word in words)
    assert b"".join(int(word).to_bytes(2, "big") for word in words) == digest[:16]
    assert KEY.public.spki_sha256 == digest.hex()
    assert OTHER_KEY.public.fingerprint != KEY.public.fingerprint


def test_a_public_key_reads_alike_as_pem_and_as_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.pub"
    path.write_text(KEY.public.pem)
    assert load_public_key(path) == parse_public_key(KEY.public.base64) == KEY.public
    assert load_public_key(path) != OTHER_KEY.public


RSA = rsa.generate_private_key(65537, 2048).public_key().public_bytes(PEM, SPKI)
BAD_PUBLIC = [
    pytest.param(b"", "not a public key", id="nothing"),
    pytest.param(b"\xff\xfe", "not a public key", id="bytes"),
    pytest.param(KEY.pem(), "not a public key", id="a private key"),
    pytest.param(KEY.public.base64[:-8].encode(), "not a public key", id="half a key"),
    pytest.param(RSA, "P-256", id="an RSA key"),
    pytest.param(EDWARDS.public_key().public_bytes(PEM, SPKI), "P-256", id="an Edwards key"),
    pytest.param(CURVE_384.public_key().public_bytes(PEM, SPKI), "P-256", id="a P-384 key"),
]


@pytest.mark.parametrize(("content", "words"), BAD_PUBLIC)
def test_what_is_no_public_key_of_ours_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_public_key(content)


def test_a_secret_shows_in_no_repr() -> None:
    assert "PRIVATE" not in repr(KEY)
    assert repr(KEY.public) == f"PublicKey('{KEY.public.fingerprint}')"


def test_a_signer_is_three_files_that_belong_together(tmp_path: Path) -> None:
    key = new_key()
    path = save_signer(key, WHO, tmp_path / "keys")
    assert sorted(p.name for p in path.parent.iterdir()) == [
        "lab.example.key",
        "lab.example.pub",
        "lab.example.toml",
    ]
    again, who = load_signer(path)
    assert (again.public, who) == (key.public, WHO)
    assert load_public_key(path.with_suffix(".pub")) == key.public


def test_a_slash_in_an_origin_is_no_folder(tmp_path: Path) -> None:
    who = Assessor(origin="ministry.example/health", name="M", role="user")
    path = save_signer(KEY, who, tmp_path)
    assert path == tmp_path / "ministry.example_health.key"
    assert load_signer(path)[1] == who


def test_a_description_of_another_key_is_refused(tmp_path: Path) -> None:
    path = save_signer(KEY, WHO, tmp_path / "a")
    other = save_signer(OTHER_KEY, WHO, tmp_path / "b")
    path.with_suffix(".toml").write_bytes(other.with_suffix(".toml").read_bytes())
    with pytest.raises(InputError, match="another key") as caught:
        load_signer(path)
    assert "field fingerprint" in caught.value.where


def test_nothing_is_written_for_a_signer_without_a_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="length >= 1"):
        save_signer(KEY, Assessor(origin="lab.example", name="", role="user"), tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


ORIGINS = [
    "",
    "a",
    "Lab.example",
    "lab example",
    "lab_example",
    ".lab",
    "läb.example",
    "a\n",
    "a" * 129,
]


@pytest.mark.parametrize("text", ORIGINS)
def test_what_cannot_name_an_authority_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="cannot name an authority"):
        check_origin(text)


@pytest.mark.parametrize("text", ["lab.example", "a1", "ministry.example/health-2", "a" * 128])
def test_what_can_name_an_authority(text: str) -> None:
    assert check_origin(text) == text
