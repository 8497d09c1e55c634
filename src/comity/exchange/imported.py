"""What a reader of a publisher's file gives back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from comity.claims.floor import Figure
from comity.errors import InputError

__all__ = ["Imported", "columns_of", "number", "table"]

MAX_ROWS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Imported:
    """Figures, and what was left out.

    Attributes:
        figures: One for each country that the publisher has, or says nothing about.
        left_out: What was not used, each with the reason, in sentences.
    """

    figures: tuple[Figure, ...]
    left_out: tuple[str, ...]


def columns_of(text: str, where: str) -> list[str]:
    """The head of a CSV file.

    Raises:
        InputError: it is no CSV.
    """
    try:
        return next(csv.reader(text.splitlines(keepends=True)), [])
    except csv.Error as error:
        raise InputError(f"this is no CSV: {error}", where=f"{where}, line 1") from None


def table(text: str, columns: tuple[str, ...], where: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their line numbers.

    Raises:
        InputError: a column is missing, a row has too many fields, or there are too many rows.
    """
    rows = csv.DictReader(text.splitlines(keepends=True), strict=True)
    try:
        missing = [name for name in columns if name not in (rows.fieldnames or ())]
        if missing:
            raise InputError(
                f"the table has no column {missing[0]!r}",
                where=where,
                hint="This reader expects the publisher's file as it was published.",
            )
        for count, row in enumerate(rows, 1):
            if count > MAX_ROWS:
                raise InputError(f"the table has more than {MAX_ROWS:,} rows", where=where)
            if None in row:
                raise InputError("the row has more fields than the head", where=_line(where, rows))
            yield rows.line_num, {name: value or "" for name, value in row.items()}
    except csv.Error as error:
        raise InputError(f"this is no CSV: {error}", where=_line(where, rows)) from None


def _line(where: str, rows: csv.DictReader[str]) -> str:
    return f"{where}, line {rows.line_num}"


def number(text: str, where: str) -> float:
    """A number of at least 0 as publishers write it, with thousands commas or a percent sign.

    Raises:
        InputError: it is none.
    """
    plain = text.strip().replace(",", "")
    share = plain.endswith("%")
    try:
        value = float(plain.removesuffix("%"))
    except ValueError:
        raise InputError(f"{text!r} is no number", where=where) from None
    if not 0 <= value < float("inf"):
        raise InputError(f"{text!r} is no number of at least 0", where=where)
    return value / 100 if share else value
