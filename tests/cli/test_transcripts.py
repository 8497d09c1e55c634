"""`comity transcripts`: from the private journal of a run to a page for the assessor."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from comity.assess.systems.endpoint.ask import Answer, Ask, Message
from comity.assess.systems.endpoint.journal import open_journal
from comity.cli import main
from tests.report.examples import HOSTILE
from tests.report.markup import read


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of two questions, one of which was answered with tricks."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "result.journal.jsonl"
    asked = (Message("user", "Say it."),)
    with open_journal(path) as book:
        for number, said in enumerate([HOSTILE, ""]):
            name = f"safety/{number}"
            book.add(
                (f"{number:064}", 0),
                Ask(id=name, messages=asked, max_tokens=9),
                Answer(
                    id=name,
                    status="answered" if said else "errored",
                    text=said,
                    error="" if said else "the connection broke",
                ),
                "2026-11-22T00:00:00Z",
            )
    return path


def test_the_page_shows_what_was_said_as_text_and_to_its_owner_alone(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["transcripts", journal.name])

    assert code == 0
    assert "2 questions and answers" in capsys.readouterr().out
    page = journal.parent / "transcripts.html"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    text = page.read_text()
    assert "<script>alert" not in text
    assert "Asked Say it. Said no answer: the connection broke" in read(text).text


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(["no.jsonl"], "no such journal", id="no file"),
        pytest.param(["other.jsonl"], "no journal", id="another file"),
    ],
)
def test_a_mistake_is_a_sentence(
    journal: Path, capsys: pytest.CaptureFixture[str], words: list[str], complaint: str
) -> None:
    other = journal.parent / "other.jsonl"
    other.write_text("{}\n")
    other.chmod(0o600)

    code = main(["transcripts", *words])

    assert code == 2
    assert complaint in capsys.readouterr().err
    assert not (journal.parent / "transcripts.html").exists()
