"""Evidence: every row of a table, or every answer, goes into a commitment, when asked for."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence

from comity.assess.systems.card import Card
from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.assess.systems.forecast_card import Forecast
from comity.assess.systems.series import Series
from comity.assess.systems.source import open_source
from comity.assess.systems.table import Table
from comity.attest import commit
from comity.attest.evidence import SECRET_BYTES
from comity.claims import Evidence
from comity.errors import InputError
from comity.files import digest_file

__all__ = ["commit_answers", "commit_rows"]

LONGEST_TEXT = 8_000
"""Bytes: a longer text stands in a record as its digest, and in the journal whole. Two of them fit
into a record, also when every letter is written as an escape of six."""


def commit_rows(card: Card, table: Table | Series, write: Callable[[bytes], object]) -> Evidence:
    """Commit to every row of the table that was counted, whatever part it belongs to.

    Args:
        card: The card, resolved.
        table: What was counted.
        write: Takes the bytes of the private file.

    Raises:
        InputError: the table is another one than was counted, or a row is too long.
    """
    kind = "forecast" if isinstance(card.asked, Forecast) else "predictions"
    with open_source(card.table, card.asked.columns, card=card.path, table=kind) as source:
        evidence = commit(source.texts(), table.rows, secrets.token_bytes(SECRET_BYTES), write)
    if digest_file(card.table) != table.digest:
        raise InputError("the table changed while it was read", where=str(card.table))
    return evidence


def commit_answers(
    asks: Sequence[Ask], answers: Mapping[str, Answer], write: Callable[[bytes], object]
) -> Evidence:
    """Commit to every question and its answer, in the order in which they were planned.

    Args:
        asks: The questions.
        answers: Their answers, by id.
        write: Takes the bytes of the private file.
    """

    def rows() -> Iterator[dict[str, str | None]]:
        for ask in asks:
            answer = answers[ask.id]
            yield {
                "id": ask.id,
                "question": _bounded(ask.text),
                "status": answer.status,
                "answer": _bounded(answer.text),
                "finish": answer.finish,
                "model": answer.model,
            }

    return commit(rows(), len(asks), secrets.token_bytes(SECRET_BYTES), write)


def _bounded(text: str) -> str:
    data = text.encode()
    return text if len(data) <= LONGEST_TEXT else f"sha256:{hashlib.sha256(data).hexdigest()}"
