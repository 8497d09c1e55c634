"""`early-warning check`: any CAP file and its signature, judged in sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.parts import require_data

from early_warning import cap
from early_warning.cli import main
from goods.early_warning.tests.cap.examples import CERTIFICATE, END, KEY, START, alert, written
from goods.early_warning.tests.cli.world import answer, said

SIGNED = cap.sign_alert(cap.write_alert(alert()), KEY, CERTIFICATE)
DURING, AFTER = "2026-11-22T06:00+03:00", "2030-01-01T00:00+00:00"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A signed alert."""
    path = tmp_path / "alert.xml"
    path.write_bytes(SIGNED)
    return path


@pytest.fixture
def certificate(tmp_path: Path) -> str:
    """Of its signer."""
    path = tmp_path / "alerts.crt"
    path.write_bytes(CERTIFICATE.public_bytes(Encoding.PEM))
    return str(path)


def test_a_signed_alert_holds_by_the_certificate_that_the_reader_believes(
    file: Path, certificate: str, capsys: Any
) -> None:
    found = answer(capsys, "check", str(file), "--certificate", certificate, "--at", DURING)
    assert (found["kind"], found["valid"], found["signature_holds"]) == ("cap-1.2", True, True)
    words = said(capsys, "check", str(file), "--certificate", certificate, "--at", DURING)
    assert "valid CAP 1.2" in words
    assert "The signature holds: CN=Coast Weather Service signed these bytes" in words


def test_a_signature_that_nobody_vouches_for_is_told_and_not_believed(
    file: Path, capsys: Any
) -> None:
    found = answer(capsys, "check", str(file))
    assert (found["signed"], found["signature_holds"]) == (True, None)
    assert "which were not checked" in found["signature"]


REFUSED = {
    "a changed word": (SIGNED.replace(b"Heavy rain", b"Heavy snow"), DURING, "rule 6"),
    "a certificate that had ended": (SIGNED, AFTER, "rule 5"),
    "no signature": (cap.write_alert(alert()), DURING, "rule 1"),
    "no alert": (b"<html/>", DURING, "rule 1"),
}


@pytest.mark.parametrize(("data", "at", "words"), REFUSED.values(), ids=REFUSED)
def test_the_answer_is_no_where_the_signature_does_not_hold(
    file: Path, certificate: str, capsys: Any, data: bytes, at: str, words: str
) -> None:
    file.write_bytes(data)
    arguments = ("check", str(file), "--certificate", certificate, "--at", at)
    found = answer(capsys, *arguments, code=1)
    assert found["signature_holds"] is False
    assert words in found["signature"]


def test_an_alert_with_an_error_is_not_valid_and_its_place_is_named(
    file: Path, capsys: Any
) -> None:
    file.write_text(written().replace("<scope>Public</scope>", ""))
    words = said(capsys, "check", str(file), code=1)
    assert "not valid CAP 1.2" in words
    assert "scope is missing" in words
    assert "Google's profile: not looked at, because the structure is wrong" in words
    (found,) = answer(capsys, "check", str(file), code=1)["findings"]
    assert (found["rule"], found["level"], found["place"]) == ("S1", "error", "alert")


def test_what_a_profile_asks_for_is_told_and_decides_nothing(file: Path, capsys: Any) -> None:
    text = written().replace("2.49.0.0.999.0.", "coast-")
    file.write_text(text)
    found = answer(capsys, "check", str(file))
    assert found["valid"]
    assert [one["rule"] for one in found["findings"] if one["level"] == "error"] == ["W1"]
    assert "WMO's members' use: 1 error" in said(capsys, "check", str(file))


def test_words_of_a_file_cannot_trick_the_terminal(file: Path, capsys: Any) -> None:
    evil = cap.own_certificate(KEY, "Coast\u202e\x1b[2J", start=START, end=END)
    file.write_bytes(cap.sign_alert(cap.write_alert(alert()), KEY, evil))
    words = said(capsys, "check", str(file))
    assert "CN=Coast<U+202E><U+001B>[2J" in words


OLD = {
    "CAP 1.1": ("urn:oasis:names:tc:emergency:cap:1.1", "CAP 1.1, an older version"),
    "no CAP": ("http://www.w3.org/2005/Atom", "this is no CAP alert"),
}


@pytest.mark.parametrize(("namespace", "words"), OLD.values(), ids=OLD)
def test_what_is_no_cap_1_2_is_said_to_be_what_it_is(
    file: Path, capsys: Any, namespace: str, words: str
) -> None:
    file.write_text(written().replace("urn:oasis:names:tc:emergency:cap:1.2", namespace))
    assert words in said(capsys, "check", str(file), code=1)


QUESTIONS = {
    "no file": (["check", "nowhere.xml"], "there is no such file"),
    "a time of nobody": (["check", "FILE", "--at", DURING], "--at belongs to a certificate"),
    "a certificate that is none": (["check", "FILE", "--certificate", "FILE"], "not a certificate"),
    "a time without a zone": (
        ["check", "FILE", "--certificate", "FILE", "--at", "2026-11-22"],
        "no time with its zone",
    ),
}


@pytest.mark.parametrize(("words", "told"), QUESTIONS.values(), ids=QUESTIONS)
def test_a_wrong_question_gets_a_sentence(
    file: Path, capsys: Any, words: list[str], told: str
) -> None:
    assert main([str(file) if one == "FILE" else one for one in words]) == 2
    shown = capsys.readouterr()
    assert told in shown.err
    assert "Traceback" not in shown.err


def test_every_published_alert_gets_a_verdict(capsys: Any) -> None:
    folder = require_data("cap/alerts")
    verdicts = {}
    for path in sorted(folder.iterdir()):
        capsys.readouterr()
        verdicts[path.name] = main(["check", str(path)])
        assert "CAP 1.2" in capsys.readouterr().out
    assert len(verdicts) > 10
    assert verdicts["google_canada.cap"] == 0
    assert verdicts["google_canada_errors.cap"] == 1
    assert verdicts["google_xee.cap"] == 1
