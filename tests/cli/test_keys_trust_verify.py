"""`comity keys`, `trust` and `verify`, as a person at a terminal and as a machine use them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.attest import load_public_key, load_signer, load_trust
from comity.cli import main
from comity.cli.terminal import safe_text
from comity.errors import InputError
from tests.attest.example import KEY, OTHER_KEY, assessment, claim, signed, unmeasured


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder without a password in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMITY_KEY_PASSWORD", raising=False)
    return tmp_path


@pytest.fixture
def lab(folder: Path) -> Path:
    """`lab.pub` and `result.sigstore.json` as they arrive by e-mail, and a trust file for them."""
    Path("lab.pub").write_text(KEY.public.pem)
    Path("result.sigstore.json").write_bytes(
        signed(assessment(claims=(claim(), unmeasured()), notes=("Every 7th row was left out.",)))
    )
    assert main(trust_add("lab.pub")) == 0
    return folder


def trust_add(file: str, *more: str, fingerprint: str | None = KEY.public.fingerprint) -> list[str]:
    words = ["trust", "add", file, "--origin", "lab.example", "--name", "Laboratory A"]
    heard = [] if fingerprint is None else ["--fingerprint", fingerprint]
    return [*words, "--role", "independent", *heard, *more]


def keys_new(*more: str) -> list[str]:
    words = ["keys", "new", "lab.example", "--name", "Laboratory A", "--role", "independent"]
    return [*words, *more]


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    main([*words, "--json"])
    return json.loads(capsys.readouterr().out)


# keys


def test_keys_new_writes_a_signer_and_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(keys_new()) == 0
    key, who = load_signer(Path("keys/lab.example.key"))
    assert (who.origin, who.name, who.role) == ("lab.example", "Laboratory A", "independent")
    told = capsys.readouterr().out
    assert key.public.fingerprint in told
    assert "never send it" in told


def test_keys_new_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    told = run_json(capsys, *keys_new("--out", "mine"))
    public = load_public_key(Path("mine/lab.example.pub"))
    assert told == {
        "key": "mine/lab.example.key",
        "fingerprint": public.fingerprint,
        "spki_sha256": public.spki_sha256,
        "public_key": public.base64,
    }


def test_keys_new_does_not_replace_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(keys_new()) == 0
    before = Path("keys/lab.example.key").read_bytes()
    assert main(keys_new()) == 2
    assert "exists already" in capsys.readouterr().err
    assert Path("keys/lab.example.key").read_bytes() == before


def test_keys_new_refuses_a_name_that_is_no_origin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "new", "Lab A", "--name", "A", "--role", "user"]) == 2
    assert "'Lab A' cannot name an authority" in capsys.readouterr().err
    assert not Path("keys").exists()


def test_a_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMITY_KEY_PASSWORD", "open sesame")
    assert main(keys_new("--password")) == 0
    assert b"ENCRYPTED" in Path("keys/lab.example.key").read_bytes()
    assert main(["keys", "show", "keys/lab.example.key"]) == 0
    monkeypatch.delenv("COMITY_KEY_PASSWORD")
    with pytest.raises(InputError, match="protected by a password"):
        load_signer(Path("keys/lab.example.key"))


def test_without_a_terminal_a_password_needs_the_variable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(keys_new("--password")) == 2
    assert "Set COMITY_KEY_PASSWORD" in capsys.readouterr().err
    assert not Path("keys").exists()


def test_keys_show_tells_the_same_of_both_halves(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(keys_new()) == 0
    secret = run_json(capsys, "keys", "show", "keys/lab.example.key")
    public = run_json(capsys, "keys", "show", "keys/lab.example.pub")
    assert secret == public
    assert main(["keys", "show", "keys/lab.example.pub"]) == 0
    assert public["fingerprint"] in capsys.readouterr().out


# trust


def test_trust_add_with_the_digits_that_were_heard(lab: Path) -> None:
    (authority,) = load_trust(lab / "trust.toml").authorities
    assert (authority.origin, authority.role) == ("lab.example", "independent")
    assert authority.keys[0].public == KEY.public


@pytest.mark.parametrize("spaced", [True, False], ids=["in groups", "in one piece"])
def test_spaces_between_the_digits_do_not_matter(folder: Path, spaced: bool) -> None:
    (folder / "lab.pub").write_text(KEY.public.pem)
    digits = KEY.public.fingerprint if spaced else KEY.public.fingerprint.replace(" ", "")
    assert main(trust_add("lab.pub", fingerprint=f"  {digits}\n")) == 0


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        pytest.param(
            OTHER_KEY.public.fingerprint, "not the digits", id="the digits of another key"
        ),
        pytest.param(KEY.public.fingerprint[:5], "not the digits", id="the first group only"),
        pytest.param("", "not the digits", id="nothing"),
        pytest.param(None, "nobody is here to compare", id="no digits and no terminal"),
    ],
)
def test_trust_add_adds_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], heard: str | None, words: str
) -> None:
    (folder / "lab.pub").write_text(KEY.public.pem)
    assert main(trust_add("lab.pub", fingerprint=heard)) == 2
    assert words in capsys.readouterr().err
    assert not (folder / "trust.toml").exists()


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 2)])
def test_at_a_terminal_trust_add_shows_the_digits_and_asks(
    folder: Path, answer: str, code: int
) -> None:
    (folder / "lab.pub").write_text(KEY.public.pem)
    command = [sys.executable, "-m", "comity", *trust_add("lab.pub", fingerprint=None)]
    here, there = pty.openpty()
    with subprocess.Popen(command, stdin=there, stdout=there, stderr=there) as process:
        os.write(here, answer.encode())
        assert process.wait(timeout=60) == code
    os.close(there)
    told = os.read(here, 10_000).decode()
    os.close(here)
    assert KEY.public.fingerprint in told
    assert (folder / "trust.toml").exists() == (code == 0)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--jurisdiction", "SG"), "another jurisdiction: none"),
        (("--name", "Laboratory B"), "another name: 'Laboratory A'"),
        (("--role", "developer"), "another role: 'independent'"),
    ],
    ids=["a place where none stands", "another name", "another role"],
)
def test_a_second_key_with_other_facts_is_refused_before_the_telephone_call(
    lab: Path, more: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("other.pub").write_text(OTHER_KEY.public.pem)
    before = Path("trust.toml").read_bytes()
    assert main(trust_add("other.pub", *more, fingerprint=None)) == 2
    told = capsys.readouterr().err
    assert said in told and "Leave the option out" in told and "fingerprint" not in told
    assert Path("trust.toml").read_bytes() == before


def test_trust_list_names_everybody(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (lab / "other.pub").write_text(OTHER_KEY.public.pem)
    days = ["--valid-from", "2026-01-01", "--valid-until", "2099-12-31", "--jurisdiction", "SG"]
    more = ["--origin", "other.example", "--name", "Other \x1b[31m", *days]
    digits = ["--fingerprint", OTHER_KEY.public.fingerprint]
    assert main(["trust", "add", "other.pub", *more, *digits]) == 0
    rows = run_json(capsys, "trust", "list")
    assert [row["origin"] for row in rows] == ["lab.example", "other.example"]
    assert rows[1] == {
        "origin": "other.example",
        "name": "Other \x1b[31m",
        "purpose": "statements",
        "role": None,
        "jurisdiction": "SG",
        "spki_base64": OTHER_KEY.public.base64,
        "spki_sha256": OTHER_KEY.public.spki_sha256,
        "fingerprint": OTHER_KEY.public.fingerprint,
        "valid_from": "2026-01-01",
        "valid_until": "2099-12-31",
    }
    assert main(["trust", "list"]) == 0
    told = capsys.readouterr().out
    assert "Other <U+001B>[31m (other.example, SG)" in told
    assert "from 2026-01-01 until 2099-12-31" in told
    assert "\x1b" not in told


def test_trust_list_of_an_empty_file_says_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "trust.toml").touch()
    assert main(["trust", "list"]) == 0
    assert capsys.readouterr().out == "trust.toml trusts nobody.\n"


def test_trust_page_writes_one_page_with_the_trusted_keys(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run_json(capsys, "trust", "page", "--out", "check.html")
    assert told == {"page": "check.html", "keys": 1}
    assert KEY.public.base64 in (lab / "check.html").read_text()


# verify


def test_verify_tells_who_what_and_what_not(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["verify", "result.sigstore.json"]) == 0
    told = capsys.readouterr().out
    for words in (
        "not a byte has changed",
        "Laboratory A (lab.example), independent",
        KEY.public.fingerprint,
        "unproven",
        "Triage 1.0",
        "accuracy.accuracy",
        "[0.8238, 0.951]",
        "Not measured:",
        "sex=female: the group is smaller than the minimum cell (4 rows, the minimum is 10)",
        "Every 7th row was left out.",
    ):
        assert words in told


def test_verify_for_machines(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = run_json(capsys, "verify", "result.sigstore.json")
    assert told["verified"] is True
    assert told["time"] == "unproven"
    assert told["authority"]["origin"] == "lab.example"
    claims = told["statement"]["predicate"]["claims"]
    assert [one["estimate"] for one in claims] == ["0.9", None]


def test_one_digit_changed_is_no_with_the_rule_and_the_reason(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lab / "result.sigstore.json"
    text = path.read_text()
    middle = text.index('"payload":"') + 500
    other = "A" if text[middle] != "A" else "B"
    path.write_text(text[:middle] + other + text[middle + 1 :])
    assert main(["verify", "result.sigstore.json"]) == 1
    told = capsys.readouterr().err
    assert "result.sigstore.json does not hold, rule 4: the signature does not hold" in told
    answer = run_json(capsys, "verify", "result.sigstore.json")["error"]
    assert (answer["rule"], answer["where"]) == (4, "result.sigstore.json")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        pytest.param(["verify", "absent.json"], 2, "there is no such file", id="no such file"),
        pytest.param(["verify", "."], 2, "not a regular file", id="a folder"),
        pytest.param(["verify"], 2, "Missing argument", id="no file named"),
        pytest.param(
            ["verify", "result.sigstore.json", "--trust", "absent.toml"],
            2,
            "absent.toml: there is no such trust file",
            id="no trust file",
        ),
        pytest.param(["verify", "lab.pub"], 1, "not a signed file", id="a public key"),
    ],
)
def test_the_exit_code_tells_no_from_a_wrong_question(
    lab: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, told: str
) -> None:
    assert main(words) == code
    assert told in capsys.readouterr().err


def test_foreign_text_cannot_command_the_terminal(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = assessment()
    evil = "\x1b[2J\x1b[31mSAFE\r\u202egnp.exe\n[bold]"
    predicate = assessment(
        system=msgspec.structs.replace(base.system, name=evil, version=evil),
        data=msgspec.structs.replace(base.data, name=evil),
        claims=(claim(slice={"sex": evil}, population={"country": evil}), unmeasured(detail=evil)),
        notes=(evil,),
    )
    Path("evil.sigstore.json").write_bytes(signed(predicate))
    assert main(["verify", "evil.sigstore.json"]) == 0
    told = capsys.readouterr().out
    assert not {"\x1b", "\r", "\u202e"} & set(told)
    assert told.count(safe_text(evil)) >= 5
    assert "[bold]" in told


def test_foreign_text_in_an_error_cannot_command_the_terminal(
    lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("evil.json").write_text('{"\\u001b[2Jx\\ncomity: all is well": 1}')
    assert main(["verify", "evil.json"]) == 1
    told = capsys.readouterr().err
    assert "<U+001B>[2Jx<U+000A>comity: all is well" in told
    assert "\x1b" not in told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Präzision 精度 दक्षता", "Präzision 精度 दक्षता", id="ordinary writing stays"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="Persian keeps its joiners"),
        pytest.param("a\x1b[31mb", "a<U+001B>[31mb", id="an escape sequence is disarmed"),
        pytest.param("a\u202eb", "a<U+202E>b", id="a direction override is shown"),
        pytest.param("a\u200bb", "a<U+200B>b", id="a space of no width is shown"),
        pytest.param(
            "a\nb\tc\x7f", "a<U+000A>b<U+0009>c<U+007F>", id="control characters are shown"
        ),
    ],
)
def test_safe_text(text: str, shown: str) -> None:
    assert safe_text(text) == shown
