"""The time of a row: a number, or a date with or without time of day; one way for the column."""

from __future__ import annotations

from comity.assess.systems.labels import shown
from comity.assess.systems.source import Part, Source
from comity.errors import InputError

__all__ = ["absent", "way", "ways"]


def absent(source: Source, role: str) -> str:
    """SQL for whether a row has no value in the column that plays `role`."""
    column = source.column(role)
    return f"{column} IS NULL OR trim({column}::VARCHAR) = ''"


def ways(source: Source) -> tuple[str, str]:
    """SQL of the time as a number, and as a date; null where it cannot be read so."""
    if "time" not in source.types:
        return "NULL", "NULL"
    text = f"trim({source.column('time')}::VARCHAR)"
    return f"TRY_CAST({text} AS DOUBLE)", f"TRY_CAST({text} AS TIMESTAMP)"


def way(source: Source, part: Part, no_number: int, no_date: int) -> str:
    """The way to read the time that reads all of it.

    Args:
        source: The table; it has a time.
        part: The rows that are evaluated.
        no_number: How many of these cannot be read as numbers.
        no_date: How many cannot be read as dates.

    Raises:
        InputError: neither way reads all.
    """
    number, date = ways(source)
    if no_number == 0:
        return number
    if no_date == 0:
        return date
    row, value = source.first("time", part, f"{date if no_date <= no_number else number} IS NULL")
    raise InputError(
        f"{min(no_number, no_date):,} times cannot be read, the first is {shown(value or '')}",
        where=source.place("time", row),
        hint="Write 2014-01-31, 2014-01-31 06:00, or a number, one way in the whole column.",
    )
