"""`comity overlap`, as somebody runs it who has a model's outputs and a corpus."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from comity.cli import main

FIRST = "It was a bright cold morning,"
SECOND = "and the clerks had already forgotten what it was that they counted."
SPAN = f"{FIRST} {SECOND}"
COPIED = f"Of course: {SPAN} \x1b[2J And so on."


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of two files in folders, a control, and four outputs, one of which was copied."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus/deep").mkdir(parents=True)
    (tmp_path / "corpus/a.txt").write_text("Nothing to see.\n")
    (tmp_path / "corpus/deep/b.txt").write_text(f"Chapter one.\n\n{FIRST}\n   {SECOND}\nEnd.")
    (tmp_path / "control.txt").write_text("A text that nobody had written down before today.")
    lines = [
        {"id": "first", "text": "I do not know."},
        {"id": 2, "text": COPIED},
        {"text": "It was a bright cold morning, that much is true."},
    ]
    written = [json.dumps(line) for line in lines] + ['"A mere string."', ""]
    (tmp_path / "outputs.jsonl").write_text("\n".join(written))
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, what was printed, and what was complained about."""
    capsys.readouterr()
    code = main(["overlap", *words])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


ASK = ["outputs.jsonl", "--corpus", "corpus"]


def test_it_says_how_many_outputs_have_a_span_and_which(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, complaint = run(capsys, *ASK, "--control", "control.txt")

    assert (code, complaint) == (0, "")
    assert "with such a span  1 of 4 = 0.25, 95 % interval [0.006309, 0.8059]" in printed
    assert "in the control    0 of 4 = 0, 95 % interval [0, 0.6024]" in printed
    assert f"2: {len(SPAN) + 2} of {len(COPIED)} characters from character 10 on" in printed
    assert "corpus/deep/b.txt" in printed
    assert "Unicode NFC, runs of white space as one space, case kept" in printed
    assert "\x1b" not in printed


def test_json_has_every_output_and_what_was_made_equal(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, printed, _ = run(capsys, *ASK, "--control", "control.txt", "--json")
    told: dict[str, Any] = json.loads(printed)

    assert [one["output"] for one in told["outputs"]] == ["first", "2", "line 3", "line 4"]
    assert [one["longest"] is None for one in told["outputs"]] == [True, False, True, True]
    longest = told["outputs"][1]["longest"]
    assert longest["text"].strip() == SPAN
    assert (longest["file"], longest["offset"]) == ("corpus/deep/b.txt", 12)
    assert told["summary"]["normalisation"] == {
        "unicode": "nfc", "whitespace": "collapse", "case": "keep",
    }  # fmt: skip
    assert told["summary"]["with_span"] == 1
    assert told["control"]["with_span"] == 0
    assert told["control"]["rate"] == "0"


def test_white_space_that_is_kept_parts_the_span(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, printed, _ = run(capsys, *ASK, "--whitespace", "keep", "--json")

    assert json.loads(printed)["outputs"][1]["longest"]["text"] == f" {SECOND}"


def test_a_folder_is_one_output_a_file_and_links_are_not_followed(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "answers").mkdir()
    (desk / "answers/1.txt").write_text(SPAN)
    (desk / "answers/empty.txt").write_text("")
    (desk / "answers/link.txt").symlink_to(desk / "corpus/deep/b.txt")

    _, printed, _ = run(capsys, "answers", "--corpus", "corpus", "--json")

    assert [(one["output"], one["covered"]) for one in json.loads(printed)["outputs"]] == [
        ("answers/1.txt", len(SPAN)),
        ("answers/empty.txt", 0),
    ]


def test_without_outputs_nothing_is_a_number(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "none.jsonl").write_text("\n")

    code, printed, _ = run(capsys, "none.jsonl", "--corpus", "corpus")

    assert code == 0
    assert "nothing was measured" in printed


@pytest.mark.parametrize(
    ("content", "words", "complaint"),
    [
        pytest.param(b"\xffab", ["--corpus", "bad"], "not UTF-8: byte 0", id="a corpus in Latin-1"),
        pytest.param(
            b"ab\n" * 9 + b"\xe9", ["--corpus", "bad"], "byte 27 cannot be read",
            id="a bad byte late in a corpus",
        ),
        pytest.param(b"{", ["--corpus", "corpus", "bad.jsonl"], "bad.jsonl, line 1", id="no JSON"),
        pytest.param(
            b'"a"\n{"answer": "b"}', ["--corpus", "corpus", "bad.jsonl"], "bad.jsonl, line 2",
            id="an object without text",
        ),
        pytest.param(
            b'"\\ud800"', ["--corpus", "corpus", "bad.jsonl"], "bad.jsonl, line 1",
            id="half a surrogate pair",
        ),
        pytest.param(b"[" * 9999, ["--corpus", "corpus", "bad.jsonl"], "line 1", id="deep JSON"),
        pytest.param(b"", ["--corpus", "nowhere"], "no such file", id="no such corpus"),
        pytest.param(b"", ["--corpus", "/dev/zero"], "not a regular file", id="a device"),
        pytest.param(b"", ["--corpus", "corpus", "--least", "3"], "looked for", id="tiny spans"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_sentence(
    desk: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    words: list[str],
    complaint: str,
) -> None:
    for name in ("bad", "bad.jsonl"):
        (desk / name).write_bytes(content)

    code, printed, complained = run(capsys, "outputs.jsonl", *words)

    assert (code, printed) == (2, "")
    assert complaint in complained
    assert "Traceback" not in complained


def test_a_search_is_interrupted_cleanly(desk: Path) -> None:
    (desk / "large.txt").write_text("\n".join(f"{i:x} is no name" for i in range(3_000_000)))
    before = sorted(os.listdir(desk))
    process = subprocess.Popen(
        [sys.executable, "-m", "comity", "overlap", "outputs.jsonl", "--corpus", "large.txt"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(0.8)
    process.send_signal(signal.SIGINT)
    _, complained = process.communicate()

    assert process.returncode in (0, 130)  # a fast machine may be done
    assert "Traceback" not in complained
    assert ("interrupted" in complained) == (process.returncode == 130)
    assert sorted(os.listdir(desk)) == before
