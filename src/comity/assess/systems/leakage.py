"""Leakage: what stands in training and in the evaluated part too, so that skill is remembered.

Whatever the card keeps apart stops the run when it is not; everything else becomes a note.
"""

# ruff: noqa: S608  (SQL is put together from names made here; foreign text travels as parameters)

from __future__ import annotations

from collections.abc import Iterator

from comity.assess.systems.forecast_card import Forecast
from comity.assess.systems.labels import shown
from comity.assess.systems.source import Part, Source
from comity.errors import InputError

__all__ = ["check_leakage"]

_WORDS = {
    "unit": ("units", "how the system does on a new unit"),
    "recording": ("recordings", "how the system does on a new recording: windows of one recording "
                  "are alike"),
    "site": ("sites", "how the system does at a new site"),
}  # fmt: skip


def check_leakage(source: Source, part: Part, wanted: Forecast, time: str) -> Iterator[str]:
    """Compare the evaluated part with all other rows of the table.

    Args:
        source: The table.
        part: The rows that are evaluated.
        wanted: How the table is read.
        time: SQL of the time of a row, as it is ordered; empty without a time.

    Yields:
        Notes.

    Raises:
        InputError: something that the card keeps apart stands on both sides.
    """
    if part.values is None:
        yield (
            "The table marks no training rows, so nobody can tell from it whether the system had "
            "seen what it is tested on."
        )
        return
    for role, (name, shows) in _WORDS.items():
        if role not in wanted.labels:
            continue
        shared, distinct, example = _shared(source, part, role)
        if shared and role in wanted.kept_apart:
            raise InputError(
                f"{shared:,} of {distinct:,} evaluated {name} stand in another part too, "
                f"for instance {shown(example or '')}",
                where=source.place(role),
                hint=f"Split by {role}: what was seen in training does not show {shows}.",
            )
        if shared:
            yield (
                f"{shared:,} of {distinct:,} evaluated {name} stand in another part too; "
                f"the result does not show {shows}."
            )
    if time:
        yield from _later(source, part, wanted, time)


def _shared(source: Source, part: Part, role: str) -> tuple[int, int, str | None]:
    """How many values stand on both sides, how many are evaluated, and one of the shared."""
    evaluated, parameters = part.sql(source)
    column = source.column(role)
    (found,) = source.rows(
        "SELECT count_if(inside > 0 AND outside > 0), count_if(inside > 0), "
        "min(value) FILTER (inside > 0 AND outside > 0) FROM "
        f"(SELECT left({column}::VARCHAR, 50) AS value, count_if({evaluated}) AS inside, "
        f"count(*) - inside AS outside FROM source WHERE {column} IS NOT NULL "
        f"GROUP BY {column})",
        *parameters,
    )
    return found[0], found[1], found[2]


def _later(source: Source, part: Part, wanted: Forecast, time: str) -> Iterator[str]:
    """Rows of other parts that are no earlier than the first evaluated one."""
    evaluated, parameters = part.sql(source)
    (found,) = source.rows(
        f"SELECT count_if(NOT inside AND t >= start) FROM (SELECT {evaluated} AS inside, "
        f"{time} AS t, min(CASE WHEN inside THEN t END) OVER () AS start FROM source)",
        *parameters,
    )
    later = found[0]
    if later and "time" in wanted.kept_apart:
        raise InputError(
            f"{later:,} rows of other parts are no earlier than the first evaluated row",
            where=source.place("time"),
            hint="Train on what came before, and evaluate what came after.",
        )
    if later:
        yield (
            f"{later:,} rows of other parts are no earlier than the first evaluated row; "
            "neighbours in time are alike, so this does not show how the system does later on."
        )
