"""Evidence: every row of a table goes through Python once, into a commitment, when asked for."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from comity.assess.systems.card import Card
from comity.assess.systems.forecast_card import Forecast
from comity.assess.systems.series import Series
from comity.assess.systems.source import open_source
from comity.assess.systems.table import Table
from comity.attest import commit
from comity.attest.evidence import SECRET_BYTES
from comity.claims import Evidence
from comity.errors import InputError
from comity.files import digest_file

__all__ = ["commit_rows"]


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
