"""Transcripts are text: whatever a model says, it neither becomes markup nor hides itself."""

from __future__ import annotations

from comity.report.transcripts import LONGEST, Transcript, transcripts_page
from tests.report.examples import GENERATED, HOSTILE
from tests.report.markup import read

ASKED = (("system", "Be brief."), ("user", "Is it?\nSay so."))
SAID = Transcript("safety/01", ASKED, "It is.")
SILENT = Transcript("misuse/02", (("", "Once upon"),), "", "no answer within 120 seconds")
HOSTILE_ONE = Transcript(f"bias/{HOSTILE}", (("user", HOSTILE),), HOSTILE)


def shown(*transcripts: Transcript) -> str:
    return transcripts_page(transcripts, title="A run", generated=GENERATED)


def test_questions_stand_by_risk_with_what_was_said() -> None:
    page = read(shown(SAID, SILENT)).text

    assert page.index("misuse/02") < page.index("safety/01")
    assert "Instruction Be brief. Asked Is it? Say so. Said It is." in page
    assert "To continue Once upon Said no answer: no answer within 120 seconds" in page


def test_what_a_model_said_is_text() -> None:
    html = shown(HOSTILE_ONE)

    assert "<script>alert" not in html
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert html.count("U+202E") >= 3  # question, answer, first words, id
    assert "script" not in {tag for tag, _ in read(html).tags}


def test_a_long_answer_is_cut_and_says_so() -> None:
    html = shown(Transcript("safety/1", ASKED, "word " * LONGEST))

    assert "… 16\u202f000 more characters" in html
    assert len(html) < 40_000


def test_no_transcript_at_all_is_a_page_too() -> None:
    assert "A run" in read(shown()).text
