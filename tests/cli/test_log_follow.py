"""`comity log follow`, `gather`, `check`, `prove`, `prove-fork`, `check-fork`, `verify --proof`.

In the small world, Steppe's laboratory keeps a log; Coast and Steppe follow and witness it.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from comity.attest import load_public_key, load_trust
from comity.cli import main
from comity.record import mirror
from comity.record.keys import load_note_signer
from comity.record.store import FolderStore
from comity.record.witness import seen_path
from tests.cli import logs
from tests.cli.logs import LAB, LAB_LOG, RESULT, vkey
from tests.cli.world import run, run_json

PROOF = "steppe/result.tlog-proof"
SEEN = seen_path(LAB_LOG)
FOLLOW = ("log", "follow", "--keys", "held-coast.example")


@pytest.fixture(scope="module")
def built_followed(built_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The laboratory's log with one assessment, seen by two witnesses; nobody writes here."""
    folder = tmp_path_factory.mktemp("followed") / "world"
    shutil.copytree(built_world, folder)
    before = Path.cwd()
    os.chdir(folder)
    try:
        logs.begin(LAB, "lab-log")
        logs.publish(RESULT)
        for one in ("coast.example", "steppe.example"):
            logs.witness(one)
            logs.follow(by=one)
        logs.gather("coast-public", "steppe-public")
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def followed(built_followed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the working folder."""
    folder = tmp_path / "followed"
    shutil.copytree(built_followed, folder)
    monkeypatch.chdir(folder)
    return folder


def quorum(witnesses: int, hours: int = 48) -> None:
    path = Path("trust.toml")
    text = path.read_text().partition("\n[quorum]")[0]
    path.write_text(f"{text}\n[quorum]\nwitnesses = {witnesses}\nmax_age_hours = {hours}\n")


def test_a_proof_travels_with_the_file_and_says_existed_by(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quorum(2)
    told = run(capsys, "log", "prove", RESULT, "--log", "lab-log", "--origin", LAB_LOG)
    assert told.code == 0, told.err
    assert f"Written:    {PROOF}" in told.out
    assert "Existed by: 2" in told.out
    for gone in ("lab-log", "coast-public", "steppe-public", "keys"):
        shutil.rmtree(gone)  # offline: the two files, and the reader's own trust file
    verified = run(capsys, "verify", RESULT)  # the proof is found beside
    assert verified.code == 0
    assert "existed by 2" in verified.out
    assert "seen by coast.example, steppe.example" in verified.out
    facts = run_json(capsys, "verify", RESULT, "--proof", PROOF)
    today = datetime.datetime.now(datetime.UTC)
    existed = datetime.datetime.fromisoformat(facts["time"])
    assert datetime.timedelta() <= today - existed < datetime.timedelta(minutes=10)
    assert facts["log"]["needed"] == 2
    Path(PROOF).unlink()
    assert run_json(capsys, "verify", RESULT)["time"] == "unproven"


def seen_before(days: int) -> None:
    """Both witnesses saw the log some days ago, and the laboratory gathered it."""
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
    for one in ("coast.example", "steppe.example"):
        mirror.follow(
            FolderStore(Path("lab-log")),
            FolderStore(Path(f"past-{one}") / SEEN),
            FolderStore(Path(f"past-held-{one}")),
            load_trust(Path("trust.toml")).log_keys(LAB_LOG),
            lambda: then,
            load_note_signer(Path(f"keys/{one}.witness.key"), "witness"),
        )
    logs.gather("past-coast.example", "past-steppe.example")


def test_a_decision_is_made_offline_from_bundle_and_proof_after_the_key_expired(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quorum(2)
    seen_before(days=9)
    assert main(["log", "prove", RESULT, "--log", "lab-log"]) == 0
    shutil.rmtree("lab-log")
    today = datetime.datetime.now(datetime.UTC).date()
    key = load_public_key(Path(f"keys/{LAB}.pub")).base64
    line, trust = f'public_key = "{key}"', Path("trust.toml")
    ended = f"{line}\nvalid_until = {today - datetime.timedelta(days=5)}"
    trust.write_text(trust.read_text().replace(line, ended))
    decide = ("decide", RESULT, "--country", "coast.toml")
    decided = run(capsys, *decide)
    assert decided.code == 0, decided.err
    assert run(capsys, "verify", RESULT).code == 0
    Path(PROOF).unlink()
    for words in (decide, ("verify", RESULT)):
        late = run(capsys, *words)
        assert (late.code, "rule 3" in late.err) == (1, True)


def test_a_bad_proof_beside_a_file_is_not_passed_over(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(PROOF).write_text("not a proof")
    for words in (("decide", RESULT, "--country", "coast.toml"), ("verify", RESULT)):
        told = run(capsys, *words)
        assert (told.code, told.err.startswith(f"comity: {PROOF}: ")) == (2, True)


def test_with_too_few_witnesses_the_time_is_unproven(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quorum(3)
    told = run(capsys, "log", "prove", RESULT, "--log", "lab-log")
    assert told.code == 0
    assert "unproven; 2 of 3 witnesses" in told.out
    verified = run(capsys, "verify", RESULT, "--proof", PROOF)
    assert verified.code == 0
    assert "unproven: 2 of 3 witnesses have seen it" in verified.out


def test_an_identity_will_do_and_a_mirror_will_do(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    identity = run_json(capsys, "verify", RESULT)["id"]
    words = ["--log", "coast-public", "--origin", LAB_LOG, "--out", "mirror.tlog-proof"]
    facts = run_json(capsys, "log", "prove", identity, *words)
    assert (facts["statement"], facts["index"], facts["witnesses"]) == (identity, 0, 1)
    assert run(capsys, "verify", RESULT, "--proof", "mirror.tlog-proof").code == 0


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("log", "prove", "no-such-file"), 2, "neither a signed file nor the identity"),
        (("log", "prove", "0" * 64, "--log", "lab-log"), 2, "holds no statement"),
        ((*FOLLOW, "no-such-folder"), 2, "no such folder"),
        ((*FOLLOW, "lab-log", "--origin", "other/log"), 2, "names no log 'other/log'"),
        ((*FOLLOW, "ftp://lab.example"), 2, "not a web address"),
        ((*FOLLOW, "lab-log", "--max-entries", "0"), 1, "0 are allowed here"),
        (("log", "follow", "lab-log"), 2, "several witness's keys"),
        (("log", "gather", "no-such-folder", "--log", "lab-log"), 1, "no such folder"),
        (("log", "check", "steppe"), 2, "neither the log"),
        (("log", "check-fork", RESULT), 2, "no proof of a fork"),
        (("verify", RESULT, "--proof", RESULT), 2, "no proof from a log"),
        (("verify", RESULT, "--proof", "absent"), 2, "no such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_wrong_gets_a_sentence(
    followed: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    sentence: str,
) -> None:
    told = run(capsys, *words)
    assert told.code == code
    assert sentence in told.err
    assert run_error(capsys, *words) == code


def run_error(capsys: pytest.CaptureFixture[str], *words: str) -> int:
    """With --json every answer is JSON, errors too."""
    told = run(capsys, *words, "--json")
    json.loads(told.out)
    return told.code


def test_a_proof_that_was_altered_is_refused(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", "prove", RESULT, "--log", "lab-log"]) == 0
    text = Path(PROOF).read_text().replace("\n1\n", "\n2\n")
    Path(PROOF).write_text(text)
    told = run(capsys, "verify", RESULT, "--proof", PROOF)
    assert (told.code, "does not hold" in told.err) == (1, True)


def test_check_says_how_lately_the_log_was_seen_and_by_how_many(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quorum(2)
    fresh = run(capsys, "log", "check", "lab-log", "--peer", "coast-public")
    assert fresh.code == 0, fresh.out
    assert "2 of 2 that you ask for" in fresh.out
    assert "coast-public: was told the same story" in fresh.out
    quorum(3)
    facts = run(capsys, "log", "check", "lab-log", "--json")
    assert facts.code == 1
    assert json.loads(facts.out)["fresh"] is False


def test_check_reads_the_whole_log_if_asked(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "log", "check", "lab-log", "--whole").code == 0
    tile = Path("lab-log/tile/entries/000.p/1")
    tile.write_bytes(tile.read_bytes().replace(b"assessment", b"assessmenT"))
    assert run(capsys, "log", "check", "lab-log").code == 0
    told = run(capsys, "log", "check", "lab-log", "--whole")
    assert (told.code, "tile/entries/000" in told.err) == (1, True)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        return


def test_a_log_is_followed_over_the_web(followed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handler = partial(_Quiet, directory="lab-log")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        Path("empty").mkdir()
        words = ("--into", "fresh", "--keys", "empty")
        told = run(capsys, "log", "follow", address, *words)
        assert told.code == 0, told.err
        checked = run(capsys, "log", "check", address, "--peer", "fresh")
        server.shutdown()
    assert "Verified: 1 entry, 1 of them new" in told.out
    assert (checked.code, "told the same story" in checked.out) == (0, True)
    # A fresh mirror shows who has seen the log, since the keeper gathered it.
    assert run(capsys, "log", "check", "fresh", "--whole", "--origin", LAB_LOG).code == 0


def fork() -> None:
    """The laboratory goes on from an old copy of its log, and tells another story to Steppe."""
    shutil.copytree("lab-log", "other-log")
    shutil.copytree("keys", "other-keys")
    logs.publish("agreement.coast.example.sigstore.json")
    logs.follow()
    words = ["publish", "agreement.steppe.example.sigstore.json"]
    assert main([*words, "--log", "other-log", "--keys", "other-keys"]) == 0
    logs.follow("other-log", by="steppe.example")


def test_a_fork_is_caught_and_the_file_convinces_a_third_party(
    followed: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: Any
) -> None:
    fork()
    told = run(capsys, "log", "check", "coast-public", "--peer", "steppe-public")
    assert (told.code, "ANOTHER story" in told.out) == (1, True)
    made = run(capsys, "log", "prove-fork", "coast-public", "steppe-public")
    assert made.code == 0, made.err
    caught = run(
        capsys, "log", "follow", "steppe-public", "--into", "coast-public",
        "--keys", "held-coast.example",
    )  # fmt: skip
    assert caught.code == 1
    assert "has told two stories" in caught.err
    known = run(capsys, "log", "check-fork", "fork.json")
    assert (known.code, f"({LAB}), by your trust file" in known.out) == (0, True)
    third = tmp_path / "third"
    third.mkdir()
    shutil.copy("fork.json", third)
    monkeypatch.chdir(third)
    stranger = run(capsys, "log", "check-fork", "fork.json")
    assert stranger.code == 0
    assert f"the log {LAB_LOG} told two stories" in stranger.out
    assert "Keeper: unknown to you" in stranger.out
    Path("fork.json").write_bytes(Path("fork.json").read_bytes().replace(b"\\n2\\n", b"\\n3\\n"))
    assert run(capsys, "log", "check-fork", "fork.json").code == 1


def test_one_story_is_no_fork(followed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, "log", "prove-fork", "lab-log", "coast-public")
    assert (told.code, "tell one story" in told.err) == (1, True)
    assert not Path("fork.json").exists()


def test_without_a_witness_s_key_a_log_is_mirrored_and_not_cosigned(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty").mkdir()
    told = run(capsys, "log", "follow", "lab-log", "--into", "quiet", "--keys", "empty")
    assert (told.code, "Cosigned: no" in told.out) == (0, True)
    note = (Path("quiet") / SEEN / "checkpoint").read_text()
    assert note.count("\n— ") == 1
    facts = run_json(capsys, "log", "follow", "lab-log", "--into", "quiet", "--keys", "empty")
    assert (facts["size"], facts["new"], facts["cosigned"]) == (1, 0, None)


def test_of_several_logs_the_one_that_is_meant_must_be_named(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.begin("coast.example", "coast-log")
    told = run(capsys, "log", "check", "lab-log")
    assert (told.code, "which one is it?" in told.err) == (2, True)
    assert run(capsys, "log", "check", "lab-log", "--origin", LAB_LOG).code == 0


def test_an_unreachable_witness_does_not_hide_the_others(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run(capsys, "log", "gather", "absent", "coast-public", "--log", "lab-log")
    assert told.code == 0
    assert "1 entry: seen by 2" in told.out
    assert "absent: nothing was taken" in told.err
    assert "<U+000A>" not in told.err


def test_keys_of_logs_and_witnesses_are_shown_and_listed(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = run(capsys, "keys", "show", vkey("coast.example", "witness"))
    digits = run_json(capsys, "keys", "show", "keys/coast.example.witness.key")["fingerprint"]
    assert digits in shown.out
    rows = run_json(capsys, "trust", "list")
    assert [row["purpose"] for row in rows if row["origin"] == LAB] == ["statements", "log"]
    listed = run(capsys, "trust", "list")
    assert "cosigns the logs of others" in listed.out
    assert run(capsys, "trust", "page").code == 0


def test_who_is_known_already_is_not_named_again(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "keys", "witness", LAB).code == 0
    file = vkey(LAB, "witness")
    digits = ("--fingerprint", run_json(capsys, "keys", "show", file)["fingerprint"])
    added = run_json(capsys, "trust", "add", file, "--origin", LAB, *digits)
    assert (added["name"], added["purpose"]) == (LAB, "witness")
    stranger = run(capsys, "trust", "add", file, "--origin", "else.example", *digits)
    assert (stranger.code, "how are they called?" in stranger.err) == (2, True)


def test_the_key_of_a_log_has_no_days(followed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--origin", LAB, "--name", LAB, "--valid-until", "2027-01-01", "--fingerprint", "1"]
    told = run(capsys, "trust", "add", vkey(LAB_LOG, "log"), *words)
    assert (told.code, "has no days" in told.err) == (2, True)
