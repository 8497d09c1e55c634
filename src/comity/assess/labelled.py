"""A person's labels on the answers of one run: the sheet to fill in, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from comity.assess.asking import Asking
from comity.assess.questions.labelling import Labelled, judged, sheet
from comity.assess.systems.card import QuestionCard
from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.assess.systems.endpoint.journal import open_journal
from comity.assess.systems.labels import shown
from comity.claims import Claim
from comity.errors import InputError

__all__ = ["notes_on_labels", "sheet_from_journal"]


def sheet_from_journal(card: QuestionCard, journal: Path) -> tuple[bytes, int]:
    """The sheet of a run, and how many answers stand in it.

    Args:
        card: The card of the run.
        journal: Its journal.

    Raises:
        InputError: there is no such journal, it was changed, or it holds no answer to this card
            that would be labelled.
    """
    if not journal.is_file():
        raise InputError(
            "there is no such journal",
            where=str(journal),
            hint="It stands beside the result that comity assess wrote; name it with --journal.",
        )
    # Whichever share was asked, its requests are among all of them.
    whole = replace(card, endpoint=replace(card.endpoint, share=None))
    run = Asking(whole, None)
    with open_journal(journal) as book:
        answers = run.answered(book)
    data = sheet(run.asks, answers)
    if not data:
        raise InputError(
            "there is nothing in it to label",
            where=str(journal),
            hint="A base model is asked nothing that a person would have to judge."
            if card.endpoint.base
            else "No answer of it belongs to a question on refusals that this card asks.",
        )
    return data, len(judged(run.asks, answers))


def notes_on_labels(
    filled: Labelled, asks: Sequence[Ask], answers: Mapping[str, Answer], claims: Iterable[Claim]
) -> Iterator[str]:
    """Who labelled what, and where it does not suffice; sentences for the reader of a result."""
    n, all_of_them = len(filled.labels), len(judged(asks, answers))
    yield (
        f"{shown(filled.by)} labelled {n:,} of the {all_of_them:,} answers that the scorer of "
        "refusals reads, in the order drawn by hash, without seeing what was asked. SHA-256 of the "
        f"sheet: {filled.digest}."
    )
    doubtful = dict.fromkeys(
        claim.measure.partition(".")[0]
        for claim in claims
        if claim.judge is not None and not claim.judge.validated
    )
    if doubtful:
        yield (
            f"The labels do not validate the scorer for: {', '.join(doubtful)}. They are too few, "
            "or hold no refusal, or no answer, or show that it hardly tells the two apart here."
        )
