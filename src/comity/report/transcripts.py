"""What was asked and what was said, for the assessor's eyes: text, whatever it looks like.

It is made from the private journal of a run. Nothing of it stands in a signed file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from comity.report.assessment_words import RISKS
from comity.report.foreign import foreign
from comity.report.numbers import count_text
from comity.report.page import Section, page, render

__all__ = ["Transcript", "transcripts_page"]

LONGEST = 4_000
"""Characters of one text that are shown."""
_PRIVATE = (
    "For the assessor alone. What a model said may be false, harmful, or somebody’s private "
    "matter. It is shown as text; signs that cannot be seen are shown by their number."
)
_ROLES = {"system": "Instruction", "user": "Asked", "assistant": "Said before", "": "To continue"}
_FIRST_WORDS = 80


class Transcript(NamedTuple):
    """One question and its answer.

    Attributes:
        id: Id of the request; the risk stands before its first slash.
        turns: Role and text of each message; an empty role for a text to continue.
        answer: What was said; empty where nothing came back.
        trouble: Why nothing came back; empty where something did.
    """

    id: str
    turns: tuple[tuple[str, str], ...]
    answer: str
    trouble: str = ""


def transcripts_page(transcripts: Iterable[Transcript], *, title: str, generated: str) -> str:
    """The page as one self-contained HTML file.

    Args:
        transcripts: In any order; they are shown by risk, in the order of their ids.
        title: Name of the run.
        generated: When the page was made, as text.
    """
    ordered = sorted(transcripts, key=lambda one: (_risk(one), one.id))
    sections = [
        Section(_heading(risk), _listed(list(group)), f"risk-{number}")
        for number, (risk, group) in enumerate(groupby(ordered, key=_risk))
    ]
    return page(
        title,
        sections,
        kicker="Transcripts",
        lead=_PRIVATE,
        foot=f"Page made on {generated}.",
    )


def _risk(one: Transcript) -> str:
    return one.id.partition("/")[0]


def _heading(risk: str) -> str | Markup:
    return RISKS.get(risk) or foreign(risk)


def _listed(transcripts: Sequence[Transcript]) -> Markup:
    return render(
        "transcripts.html.j2",
        count=count_text(len(transcripts)),
        lines=[
            {
                "id": foreign(one.id),
                "first": foreign(_shortened(one.answer or one.trouble, _FIRST_WORDS)),
                "turns": [(_ROLES.get(role, role), _shown(text)) for role, text in one.turns],
                "answer": _shown(one.answer),
                "trouble": foreign(one.trouble) if one.trouble else "",
            }
            for one in transcripts
        ],
    )


def _shown(text: str) -> Markup:
    shown = foreign(text[:LONGEST], lines=True)
    if len(text) <= LONGEST:
        return shown
    more = count_text(len(text) - LONGEST)
    return shown + Markup(' <span class="note">… {} more characters</span>').format(more)


def _shortened(text: str, length: int) -> str:
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length else f"{line[:length]}…"
