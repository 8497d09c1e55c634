"""`comity log init`, `publish` and `log show`, as somebody at an authority uses them."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from comity.attest import load_signer, new_key, sign, subjects_of
from comity.attest.merkle import leaf_hash
from comity.claims import ASSESSMENT_TYPE
from comity.cli import main
from comity.record.entry import encode_entry
from comity.record.keys import load_note_signer
from comity.record.log import Log
from comity.record.store import FolderStore
from comity.record.tiles import encode_entries, entries_path, tile_path
from tests.attest.example import assessment
from tests.record.example_log import entry

ORIGIN = "example-coast.test/assessments"
KEY = "keys/example-coast.test_assessments.log.key"
INIT = ["log", "init", "--origin", ORIGIN]


@pytest.fixture(autouse=True)
def lab(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A laboratory with a key and signed results `a`, `b` and `c`, and one of somebody else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMITY_KEY_PASSWORD", raising=False)
    words = ["keys", "new", "lab.example", "--name", "Laboratory A", "--role", "independent"]
    assert main(words) == 0
    key, _ = load_signer(Path("keys/lab.example.key"))
    for name, signer in (("a", key), ("b", key), ("c", key), ("foreign", new_key())):
        predicate = assessment(seed=name)
        bundle = sign(ASSESSMENT_TYPE, subjects_of(predicate), predicate, signer)
        Path(f"{name}.sigstore.json").write_bytes(bundle)
    capsys.readouterr()
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


def publish(capsys: pytest.CaptureFixture[str], *names: str) -> tuple[int, str, str]:
    return run(capsys, "publish", *(f"{name}.sigstore.json" for name in names))


def published() -> dict[str, bytes]:
    """Every file of the log."""
    return {str(path): path.read_bytes() for path in Path("log").rglob("*") if path.is_file()}


def test_a_log_is_begun_filled_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, *INIT)
    assert code == 0
    assert "publish it as it is" in said
    assert stat.S_IMODE(os.stat(KEY).st_mode) == 0o600

    code, said, _ = publish(capsys, "a", "b")
    assert code == 0
    assert "Appended: entry 0, assessment, a.sigstore.json" in said
    assert f"The log {ORIGIN} has 2 entries." in said

    code, said, _ = run(capsys, "log", "show")
    assert code == 0
    assert "Entries:   2" in said
    assert "Signature: holds" in said
    told = json.loads(run(capsys, "log", "show", "--last", "1", "--json")[1])
    assert (told["size"], [one["index"] for one in told["entries"]]) == (2, [1])


def test_no_secret_and_nothing_hidden_stands_in_what_is_published(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    publish(capsys, "a", "b", "c")
    assert not list(Path("log").rglob(".*"))
    assert not [path for path, data in published().items() if b"PRIVATE" in data]
    assert sorted({Path(path).parts[1] for path in published()}) == ["blob", "checkpoint", "tile"]


def test_the_same_statement_twice_is_said_and_not_appended(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    publish(capsys, "a")
    before = published()
    code, said, _ = publish(capsys, "a")
    assert code == 0
    assert "There already, not appended again: entry 0, assessment, a.sigstore.json" in said
    assert published() == before
    code, said, _ = publish(capsys, "b", "a", "b")
    assert said.count("There already") == 2
    told = json.loads(run(capsys, "publish", "c.sigstore.json", "a.sigstore.json", "--json")[1])
    assert told["size"] == 3
    assert [(one["index"], one["appended"]) for one in told["statements"]] == [
        (2, True), (0, False),
    ]  # fmt: skip


def test_the_same_statement_signed_again_is_the_same_statement(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    publish(capsys, "a")
    key, _ = load_signer(Path("keys/lab.example.key"))
    predicate = assessment(seed="a")
    again = sign(ASSESSMENT_TYPE, subjects_of(predicate), predicate, key)
    assert again != Path("a.sigstore.json").read_bytes()
    Path("again.sigstore.json").write_bytes(again)
    assert "There already, not appended again: entry 0" in publish(capsys, "again")[1]


def test_what_somebody_else_signed_is_refused_and_nothing_of_the_batch_is_appended(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    before = published()
    code, _, complaint = publish(capsys, "a", "foreign")
    assert code == 2
    assert "foreign.sigstore.json: this is not signed with a key of yours" in complaint
    assert "Your keys are in keys (--keys): lab.example." in complaint
    assert published() == before


def test_a_tampered_result_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *INIT)
    bundle = Path("a.sigstore.json").read_bytes()
    Path("a.sigstore.json").write_bytes(bundle.replace(b'"payload":"eyJfd', b'"payload":"eyJfe'))
    code, _, complaint = publish(capsys, "a")
    assert code == 1
    assert "a.sigstore.json does not hold, rule 4" in complaint


def test_what_is_no_signed_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *INIT)
    Path("a.sigstore.json").write_text("hello")
    code, _, complaint = publish(capsys, "a")
    assert code == 1
    assert "this is not a signed file" in complaint
    assert publish(capsys, "absent")[0] == 2


def test_a_public_key_that_is_not_the_one_described_beside_it_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    Path("keys/lab.example.pub").write_text(new_key().public.pem)
    code, _, complaint = publish(capsys, "a")
    assert code == 2
    assert "lab.example.toml, field fingerprint: this file describes another key" in complaint


def test_without_keys_of_ones_own_nothing_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *INIT)
    code, _, complaint = run(capsys, "publish", "a.sigstore.json", "--keys", "empty")
    assert code == 2
    assert "Your keys are in empty (--keys): none." in complaint


def test_without_a_log_the_first_step_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, complaint = publish(capsys, "a")
    assert code == 2
    assert "no log is here" in complaint
    assert "comity log init --origin" in complaint
    assert not Path("log").exists()
    (Path("log")).mkdir()
    Path("log/index.html").write_text("a web page")
    assert "no log is here" in publish(capsys, "a")[2]


def test_without_the_logs_key_nothing_is_appended(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *INIT)
    shutil.move(KEY, "elsewhere.key")
    code, _, complaint = publish(capsys, "a")
    assert code == 2
    assert f"the key of the log {ORIGIN} is not here" in complaint


def test_with_another_key_in_its_place_nothing_is_appended(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    run(capsys, *INIT, "--log", "other", "--keys", "other-keys")
    before = published()
    for suffix in ("key", "vkey"):
        name = f"{Path(KEY).stem}.{suffix}"
        shutil.copy(f"other-keys/{name}", f"keys/{name}")
    code, _, complaint = publish(capsys, "a")
    assert code == 1
    assert "checkpoint" in complaint
    assert published() == before


def test_a_log_begins_once(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *INIT)
    publish(capsys, "a")
    before = published()
    code, _, complaint = run(capsys, *INIT)
    assert code == 2
    assert "never begins again" in complaint
    assert published() == before
    shutil.rmtree("log")
    code, _, complaint = run(capsys, *INIT)
    assert code == 2
    assert "never begins again" in complaint


def test_an_interrupted_beginning_is_taken_up(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *INIT)
    shutil.rmtree("log")
    Path(f"{Path(KEY).with_suffix('')}.last").unlink()  # killed between the key and the log
    assert run(capsys, *INIT)[0] == 0
    assert publish(capsys, "a")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--origin", "Example Coast"], "cannot name an authority", id="a bad name"),
        pytest.param(
            ["--log", "."], "the folder of your keys lies within", id="keys would be read"
        ),
        pytest.param(["--log", "busy"], "all in it will be public", id="a folder with other files"),
        pytest.param(["--log", "a.sigstore.json"], "a file stands where", id="a file there"),
    ],
)
def test_a_log_does_not_begin_where_it_should_not(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("busy").mkdir()
    Path("busy/notes.txt").write_text("private")
    code, _, complaint = run(capsys, *INIT, *words)
    assert code == 2
    assert said in complaint
    assert not Path(KEY).exists()


def test_while_another_process_publishes_one_waits(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *INIT)
    with FolderStore(Path("log")).exclusive():
        code, _, complaint = publish(capsys, "a")
    assert code == 2
    assert "another process is writing here" in complaint
    assert publish(capsys, "a")[0] == 0


def test_a_log_gets_a_new_key_and_the_old_one_is_known_for_one_more_checkpoint(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    publish(capsys, "a")
    old = f"{Path(KEY).with_suffix('')}.vkey"
    shutil.copy(old, "old.vkey")
    code, said, _ = run(capsys, "log", "rekey")
    assert code == 0
    assert "give it to everybody who follows the log" in said
    (retired,) = Path("keys/retired").glob("*/*.key")
    assert stat.S_IMODE(retired.stat().st_mode) == 0o600
    assert Path(old).read_text() != Path("old.vkey").read_text()
    for key in (old, "old.vkey"):
        assert run(capsys, "log", "show", "log", "--key", key)[0] == 0
    assert publish(capsys, "b")[0] == 0
    assert run(capsys, "log", "show", "log", "--key", old)[0] == 0
    code, _, complaint = run(capsys, "log", "show", "log", "--key", "old.vkey")
    assert code == 1
    assert "checkpoint: " in complaint


def test_an_altered_tile_stops_publishing_in_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    publish(capsys, "a", "b")
    tile = Path("log/tile/0/000.p/2")
    tile.write_bytes(tile.read_bytes()[:40])
    for words in (["publish", "c.sigstore.json"], ["log", "show"]):
        code, _, complaint = run(capsys, *words)
        assert code == 1
        assert "tile/0/000.p/2: the tile has 40 bytes where 2 hashes have 64" in complaint


def test_an_altered_entry_deep_in_the_log_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *INIT)
    store, signer = FolderStore(Path("log")), load_note_signer(Path(KEY), "log")
    log = Log(store, (signer.key,))
    log.append([entry(number) for number in range(300)], {}, signer)
    found = list(log.entries(0, 256))
    found[7] = encode_entry(entry(777))
    store.write_all(
        {
            entries_path(0): encode_entries(found),
            tile_path(0, 0): b"".join(map(leaf_hash, found)),
        }
    )
    assert run(capsys, "log", "show", "--last", "44")[0] == 0
    code, _, complaint = run(capsys, "log", "show", "--last", "300")
    assert code == 1
    assert "is not the one that the checkpoint speaks of" in complaint


def test_a_link_in_the_log_stops_publishing_in_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run(capsys, *INIT)
    (tmp_path / "elsewhere").mkdir()
    Path("log/tile").symlink_to(tmp_path / "elsewhere")
    code, _, complaint = publish(capsys, "a")
    assert code == 2
    assert "a link, or a file in place of a folder, is on the way" in complaint
    assert not list((tmp_path / "elsewhere").iterdir())


def test_an_old_copy_of_the_folder_is_not_continued(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, *INIT)
    publish(capsys, "a")
    shutil.copytree("log", "backup")
    publish(capsys, "b")
    shutil.rmtree("log")
    shutil.move("backup", "log")
    code, _, complaint = publish(capsys, "c")
    assert code == 1
    assert "2 entries were promised, and 1 others are here" in complaint
    assert "It may be an old copy" in complaint


def test_a_protected_key_asks_for_its_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMITY_KEY_PASSWORD", "correct horse")
    assert run(capsys, *INIT, "--password")[0] == 0
    assert publish(capsys, "a")[0] == 0
    monkeypatch.setenv("COMITY_KEY_PASSWORD", "wrong")
    code, _, complaint = publish(capsys, "b")
    assert code == 2
    assert "the password is wrong" in complaint


def test_somebody_else_needs_the_public_key_to_look_into_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    publish(capsys, "a")
    vkey = f"{Path(KEY).with_suffix('')}.vkey"
    shutil.move(vkey, "from-them.vkey")
    code, _, complaint = run(capsys, "log", "show")
    assert code == 2
    assert "the log's public key is not here" in complaint
    assert run(capsys, "log", "show", "log", "--key", "from-them.vkey")[0] == 0


def test_a_kill_of_the_command_leaves_a_log_that_verifies_and_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    words = [sys.executable, "-m", "comity", "publish", "a.sigstore.json", "b.sigstore.json"]
    for tenths in range(2, 7):
        with subprocess.Popen(words, stdout=subprocess.DEVNULL) as command:
            try:
                command.wait(tenths / 10)
            except subprocess.TimeoutExpired:
                command.kill()
        assert run(capsys, "log", "show")[0] == 0
    code, said, _ = publish(capsys, "a", "b")
    assert code == 0
    assert "has 2 entries" in said


def test_of_many_who_publish_at_once_each_either_waits_or_appends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    words = [sys.executable, "-m", "comity", "publish"]
    commands = {
        name: subprocess.Popen(
            [*words, f"{name}.sigstore.json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for name in "abc"
    }
    codes = {name: command.wait() for name, command in commands.items()}
    assert set(codes.values()) <= {0, 2}
    appended = sum(code == 0 for code in codes.values())
    assert json.loads(run(capsys, "log", "show", "--json")[1])["size"] == appended >= 1
    assert publish(capsys, *"abc")[0] == 0
    assert json.loads(run(capsys, "log", "show", "--json")[1])["size"] == 3


def test_an_entry_of_another_program_is_shown_as_one_that_says_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    signer = load_note_signer(Path(KEY), "log")
    log = Log(FolderStore(Path("log")), (signer.key,), FolderStore(Path("keys")))
    log.append([b"an entry of another kind"], {}, signer)
    publish(capsys, "a")
    code, said, _ = run(capsys, "log", "show")
    assert code == 0
    assert "0  not an entry that Comity knows" in said
    told = json.loads(run(capsys, "log", "show", "--json")[1])["entries"]
    assert told[0] == {"index": 0} and told[1]["kind"] == "assessment"


def test_a_change_of_keys_that_was_interrupted_at_its_last_step_is_completed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, *INIT)
    public = Path(KEY).with_suffix(".vkey")
    shutil.copy(public, "old.vkey")
    run(capsys, "log", "rekey")
    coming = Path("keys/coming")
    public.rename(coming / public.name)  # the secret half had moved, the public one had not
    shutil.copy("old.vkey", public)
    assert publish(capsys, "a")[0] == 2
    code, said, _ = run(capsys, "log", "rekey")
    assert (code, "New public key" in said) == (0, True)
    assert publish(capsys, "a")[0] == 0
