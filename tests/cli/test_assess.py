"""`comity assess`, `report` and `measures`, as a laboratory runs them."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from comity.cli import VERBS, main
from comity.cli.terminal import time_left
from tests.independent.peers import record

CARD = """
[system]
name = "Loan screening"
version = "2.1"
intended_use = "Sort applications"
[population]
country = "MN"
[predictions]
file = "table.csv"
truth = "repaid"
prediction = "approved"
score = "score"
groups = ["sex"]
split_rule = "by applicant"
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a card, a table of 400 rows, a key, and trust in it; also where we stand."""
    monkeypatch.chdir(tmp_path)
    rows = [
        f"{int(i % 3 > 0)},{int(i % 7 > 2)},{(i % 7) / 7:.3f},{'f' if i % 2 else 'm'}"
        for i in range(400)
    ]
    (tmp_path / "table.csv").write_text("repaid,approved,score,sex\n" + "\n".join(rows) + "\n")
    (tmp_path / "system.toml").write_text(CARD)
    identity = ["--name", "Laboratory A", "--role", "independent"]
    assert main(["keys", "new", "lab.example", *identity, "--json"]) == 0
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, what was printed, and what was complained about."""
    capsys.readouterr()
    code = main(list(words))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def trust_the_laboratory(capsys: pytest.CaptureFixture[str]) -> None:
    fingerprint = json.loads(run(capsys, "keys", "show", "keys/lab.example.pub", "--json")[1])
    code, _, complaint = run(
        capsys, "trust", "add", "keys/lab.example.pub", "--origin", "lab.example",
        "--name", "Laboratory A", "--role", "independent",
        "--fingerprint", fingerprint["fingerprint"],
    )  # fmt: skip
    assert code == 0, complaint


SIGN = ["assess", "system.toml", "--key", "keys/lab.example.key"]


def test_a_laboratory_assesses_and_another_country_verifies(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, complaint = run(capsys, *SIGN, "--out", "result")

    assert (code, complaint) == (0, "")
    assert sorted(os.listdir("result")) == ["report.html", "result.sigstore.json"]
    assert "accuracy.balanced_accuracy" in printed
    record(
        (desk / "result/result.sigstore.json").read_bytes(),
        (desk / "keys/lab.example.pub").read_text(),
    )

    trust_the_laboratory(capsys)
    code, printed, complaint = run(capsys, "verify", "result/result.sigstore.json")

    assert (code, complaint) == (0, "")
    assert "Laboratory A" in printed
    assert "unproven" in printed


def test_the_receiver_makes_the_report_again_from_what_was_signed(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, *SIGN)
    trust_the_laboratory(capsys)

    code, _, complaint = run(capsys, "report", "result/result.sigstore.json", "--out", "own.html")

    assert (code, complaint) == (0, "")
    assert "Loan screening" in (desk / "own.html").read_text()


def test_a_report_is_not_made_of_a_file_that_does_not_hold(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, *SIGN)
    trust_the_laboratory(capsys)
    bundle = json.loads((desk / "result/result.sigstore.json").read_text())
    payload = base64.b64decode(bundle["dsseEnvelope"]["payload"]).replace(b"2.1", b"2.2")
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(payload).decode()
    (desk / "forged.sigstore.json").write_text(json.dumps(bundle))

    code, _, complaint = run(capsys, "report", "forged.sigstore.json", "--out", "own.html")

    assert code == 1
    assert "signature" in complaint
    assert not (desk / "own.html").exists()


def test_json_is_the_whole_assessment(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, printed, _ = run(capsys, *SIGN, "--json")
    told: dict[str, Any] = json.loads(printed)

    assert told["written"]["report"] == "result/report.html"
    assert told["assessment"]["system"]["name"] == "Loan screening"


def test_without_a_key_one_may_look_first(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, _ = run(capsys, "assess", "system.toml", "--unsigned")

    assert code == 0
    assert sorted(os.listdir("result")) == ["assessment.json", "report.html"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(
            ["assess", "system.toml"], "comity keys new", id="no key, and how to make one"
        ),
        pytest.param([*SIGN, "--unsigned"], "exclude each other", id="a key, yet unsigned"),
        pytest.param([*SIGN, "--out", "keys"], "never overwritten", id="a folder with files in it"),
        pytest.param(
            ["assess", "no.toml", "--key", "keys/lab.example.key"], "no such file", id="no card"
        ),
        pytest.param([*SIGN, "--table", "other.csv"], "no such file", id="no table"),
        pytest.param(
            ["assess", "system.toml", "--key", "keys/lab.example.pub"],
            "keys/lab.example.pub",
            id="the public key in place of the secret one",
        ),
        pytest.param([*SIGN, "--colour"], "No such option", id="an option that does not exist"),
        pytest.param(["measures", "show", "fairness"], "measures list", id="an unknown measure"),
        pytest.param(["verify", "no.sigstore.json"], "trust.toml", id="no trust file"),
    ],
)
def test_a_mistake_is_a_sentence_and_nothing_is_written(
    desk: Path, capsys: pytest.CaptureFixture[str], words: list[str], complaint: str
) -> None:
    before = sorted(os.listdir(desk))

    code, _, complained = run(capsys, *words)

    assert code == 2
    assert complaint in complained
    assert "Traceback" not in complained
    assert sorted(os.listdir(desk)) == before


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 1.2])
def test_a_killed_run_leaves_no_half_written_result(desk: Path, seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "comity", *SIGN],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()

    if (desk / "result").exists():
        assert sorted(os.listdir(desk / "result")) == ["report.html", "result.sigstore.json"]
        json.loads((desk / "result/result.sigstore.json").read_text())


def test_a_run_killed_between_two_files_leaves_no_result(desk: Path) -> None:
    """Killed by its own hand right after the first file, which no waiting time hits for sure."""
    script = """
import os, signal, sys
from comity.cli import main
from comity.files import write
whole = write.write_atomic
def and_die(path, *rest, **more):
    whole(path, *rest, **more)
    os.kill(os.getpid(), signal.SIGKILL)
write.write_atomic = and_die
main(sys.argv[1:])
"""
    done = subprocess.run([sys.executable, "-c", script, *SIGN], capture_output=True)

    assert done.returncode == -signal.SIGKILL
    assert not (desk / "result").exists()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "asked to end"])
def test_an_interrupted_run_says_so_and_cleans_up(desk: Path, sent: signal.Signals) -> None:
    """The signal comes while DuckDB works on a query that would take minutes."""
    script = """
import sys
from comity.assess.systems.source import Source
from comity.cli import main
def endless(source, sql, *rest):
    print("at work", flush=True)
    slow = "SELECT sum(hash(range)) FROM range(1000000000000)"
    return source._engine.rows(slow)
Source.rows = endless
sys.exit(main())
"""
    scratch = desk / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", script, *SIGN],
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    process.send_signal(sent)
    _, complaint = process.communicate(timeout=60)

    assert process.returncode == 130
    assert complaint.strip() == "interrupted; nothing half-written was left behind"
    assert list(scratch.iterdir()) == []
    assert not (desk / "result").exists()


@pytest.mark.parametrize(
    ("share", "seconds", "told"),
    [
        pytest.param(None, 60, "", id="nobody knows how far it is"),
        pytest.param(0.5, 1.9, "", id="nothing in the first two seconds"),
        pytest.param(0.01, 60, "", id="too little done to tell"),
        pytest.param(0.25, 10, "about 30 s left", id="a quarter done"),
        pytest.param(0.1, 60, "about 9 min left", id="long ones in minutes"),
        pytest.param(1.0, 60, "", id="done"),
    ],
)
def test_the_time_left_is_told_when_it_can_be_known(
    share: float | None, seconds: float, told: str
) -> None:
    assert time_left(share, seconds) == told


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = run(capsys, verb, "--help")

    assert code == 0
    assert printed.startswith(f"Usage: comity {verb}")


def test_the_front_page_loads_nothing_heavy() -> None:
    """`comity --help` answers in a blink because it imports no numbers, tables or signatures."""
    script = (
        "import sys; from comity.cli import main; main(['--help']); "
        "heavy = {'numpy', 'scipy', 'duckdb', 'cryptography', 'jinja2', 'rich', 'msgspec'};"
        "sys.exit(', '.join(sorted(heavy & sys.modules.keys())))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert done.stderr.strip() == ""
