"""`comity assess` of a language model: the plan first, then a yes, then the run."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.assess.questions import BATTERIES, Asked, Planted
from comity.assess.systems.endpoint.serve import by_ask, every, serving
from comity.cli import cli
from tests.assess.endpoint.world import write_card

RISK = "misuse"
CTRL_C = "\x03"
LINES = f'model = "simulated"\nrisks = ["{RISK}"]\nshare = 0.1\nretries = 0\n'


@pytest.fixture
def served() -> Iterator[str]:
    """A simulated model behind an address, which knows the questions of one battery."""
    battery = next(one for one in BATTERIES if one.risk == RISK)
    asked = Asked(share=0.1)
    replies = battery.replies(asked, Planted(rates=battery.behaviours))
    with serving(by_ask(battery.asks(asked), replies, otherwise="One, two.")) as url:
        yield url


@pytest.fixture
def card(served: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_card(tmp_path, f'url = "{served}"\n' + LINES)


def assess(card: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["assess", str(card), "--unsigned", "--out", "result", *words])


def test_with_yes_the_plan_is_shown_and_the_run_goes_ahead(card: Path) -> None:
    run = assess(card, "--yes")
    assert run.exit_code == 0, run.output
    assert "is asked as “simulated”" in run.output and "Requests:" in run.output
    assert "safety" in run.output or "misuse" in run.output
    names = sorted(path.name for path in card.parent.iterdir())
    assert names == ["model.toml", "result", "result.journal.jsonl"]
    assert sorted(path.name for path in Path("result").iterdir()) == [
        "assessment.json",
        "report.html",
    ]  # fmt: skip


def test_without_a_terminal_somebody_must_have_said_yes(card: Path) -> None:
    run = assess(card)
    error = run.exception
    assert error is not None and "nobody said yes" in str(error)
    assert "--yes" in str(error) and "Requests:" in str(error)
    assert [path.name for path in card.parent.iterdir()] == ["model.toml"]


def test_json_needs_a_yes_and_then_names_every_file(card: Path) -> None:
    assert "nobody said yes" in str(assess(card, "--json").exception)
    run = assess(card, "--json", "--yes", "--evidence")
    assert run.exit_code == 0, run.output
    value = json.loads(run.output)
    assert value["written"]["journal"] == "result.journal.jsonl"
    assert value["written"]["private"] == "result.evidence.jsonl"
    assessment = value["assessment"]
    assert assessment["evidence"]["n"] == assessment["data"]["rows"]
    assert assessment["data"]["selection"] == "questions"


def test_single_answers_can_be_revealed_and_nothing_else(card: Path) -> None:
    assert assess(card, "--yes", "--evidence").exit_code == 0
    reveal = ["evidence", "reveal", "result.evidence.jsonl", "--items", "2"]
    assert CliRunner().invoke(cli, reveal).exit_code == 0
    record = json.loads(Path("revealed.json").read_bytes())["records"][0]["record"]
    assert record["row"] == 2 and record["values"]["status"] == "answered"
    assert record["values"]["question"] and record["values"]["answer"]


def test_a_second_result_from_the_same_journal_asks_nothing(card: Path) -> None:
    assert assess(card, "--yes").exit_code == 0
    again = ["--out", "again", "--journal", "result.journal.jsonl", "--yes"]
    words = ["assess", str(card), "--unsigned", *again]
    run = CliRunner().invoke(cli, words)
    assert run.exit_code == 0, run.output
    assert "Nothing is asked." in run.output


def test_a_table_has_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "table.toml"
    path.write_text(
        '[system]\nname = "S"\nversion = "1"\nintended_use = "U"\n[population]\na = "b"\n'
        '[predictions]\nfile = "p.csv"\ntruth = "t"\nprediction = "p"\n'
    )
    run = assess(path, "--journal", "j")
    assert "only a language model" in str(run.exception)


def test_control_codes_reach_no_terminal_and_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with serving(lambda request: "no", fault=every(1, "control-codes")) as url:
        run = assess(write_card(tmp_path, f'url = "{url}"\n' + LINES), "--yes")
    assert run.exit_code == 0, run.output
    page = Path("result/report.html").read_text(encoding="utf-8")
    statement = Path("result/assessment.json").read_text(encoding="utf-8")
    for text in (run.output, page, statement):
        assert "\x1b" not in text and "\u202e" not in text and "ALL GREEN" not in text
    assert "ALL GREEN" in Path("result.journal.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(("word", "code"), [("y", 0), ("n", 1), (CTRL_C, 130)])
def test_on_a_terminal_the_question_is_asked(card: Path, word: str, code: int) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "comity", "assess", str(card), "--unsigned", "--out", "result"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_controlling,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(theirs)
    try:
        shown = _answered(process, ours, word)
        assert process.wait(60) == code, shown.decode(errors="replace")
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert b"Go ahead? [y/N]" in shown and b"Tokens:" in shown
    assert Path("result").exists() is (code == 0)
    assert Path("result.journal.jsonl").exists() is (code == 0)


def _answered(process: subprocess.Popen[bytes], terminal: int, word: str) -> bytes:
    """Read what is shown, type the word at the question, and read on to the end."""
    shown, typed, end = b"", 0.0, time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                shown += os.read(terminal, 4096)
            except OSError:
                break
        # A signal may come a moment too early to be noticed, so Ctrl-C is typed until it works.
        again = word == CTRL_C and typed and time.monotonic() - typed > 2
        if b"Go ahead? [y/N]" in shown and (again or not typed):
            typed = time.monotonic()
            os.write(terminal, word.encode() + (b"" if word == CTRL_C else b"\n"))
    return shown


def _controlling() -> None:
    """Make the terminal that of the new session, so that Ctrl-C is a signal."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
