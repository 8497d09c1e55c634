"""Population tables as published: CSV, or JSON with a list of records, one number a row.

1. A row counts one group in one place. Rows that `where` does not choose are passed over.
2. A number is a whole number, not negative. A row without one stops the reading: an unknown number
   of people is not zero people. So does a line with more or fewer fields than there are columns:
   12,345 without quotation marks is no 12.
3. One place and group is counted once.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from comity.errors import InputError
from comity.files import read_text
from early_warning.people.boundaries import MAX_BYTES, read_json

__all__ = ["RESIDENTS", "Count", "TableSpec", "read_table"]

RESIDENTS = "residents"
"""The group that everybody belongs to."""

MAX_ROWS = 1_000_000

MAX_PEOPLE = 10_000_000_000

Unit = Literal["people", "households", "animals"]


class TableSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which columns of a table mean what.

    Attributes:
        code: Column with the code of the place.
        value: Column with the number.
        group: What is counted: `residents`, `disabled`, `herders`, `language:so`, `channel:radio` …
        group_column: Column that names the group instead; `group` is then empty.
        where: Column to value: the rows to read.
        prefix: Letters to take off the front of every code.
        unit: What one is.
        records: Of a JSON file: the key that holds the list.
    """

    code: str
    value: str
    group: str = ""
    group_column: str = ""
    where: dict[str, str] = {}
    prefix: str = ""
    unit: Unit = "people"
    records: str = ""

    def __post_init__(self) -> None:
        if bool(self.group) == bool(self.group_column):
            raise ValueError("a table has either a `group` or a `group_column`")


@dataclass(frozen=True, slots=True)
class Count:
    """So many of one group in one place."""

    code: str
    group: str
    number: int
    unit: Unit


def read_table(path: Path, spec: TableSpec) -> tuple[Count, ...]:
    """The counts of a table.

    Raises:
        InputError: the file is no such table, a column is missing, a number is none, or a place and
            group is counted twice.
    """
    rows = _csv(path) if path.suffix.lower() == ".csv" else _json(path, spec)
    counts: dict[tuple[str, str], Count] = {}
    for where, row in rows:
        if any(_text(row, key, where) != value for key, value in spec.where.items()):
            continue
        code = _text(row, spec.code, where).removeprefix(spec.prefix)
        group = spec.group or _text(row, spec.group_column, where)
        if not code or not group:
            raise InputError("this row has no code or no group", where=where)
        if (code, group) in counts:
            raise InputError(f"{group!r} of {code!r} is counted a second time here", where=where)
        number = _number(_text(row, spec.value, where), where)
        counts[code, group] = Count(code, group, number, spec.unit)
    if not counts:
        raise InputError("the table has no row that was asked for", where=str(path))
    return tuple(counts.values())


def _csv(path: Path) -> list[tuple[str, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(read_text(path, MAX_BYTES), newline=""), strict=True)
    try:
        names = list(reader.fieldnames or [])
        if twice := [name for name in names if names.count(name) > 1]:
            raise InputError(f"two columns are named {twice[0]!r}", where=f"{path}, line 1")
        rows = []
        for row in reader:
            where = f"{path}, line {reader.line_num}"
            if None in row or None in row.values():
                raise InputError(
                    f"this line has not as many fields as the table has columns ({len(names)})",
                    where=where,
                    hint="A number with separators, such as 12,345, needs quotation marks or, "
                    "better, no separators.",
                )
            rows.append((where, row))
        return _bounded(rows, path)
    except csv.Error as error:
        raise InputError(f"the file is no CSV: {error}", where=str(path)) from None


def _json(path: Path, spec: TableSpec) -> list[tuple[str, dict[str, Any]]]:
    whole = document = read_json(path)
    if spec.records:
        document = whole.get(spec.records) if isinstance(whole, dict) else None
    if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
        raise InputError(
            f"there is no list of records under {spec.records!r}"
            if spec.records
            else "the file is no list of records",
            where=str(path),
            hint=_lists_in(whole),
        )
    return _bounded(
        [(f"{path}, record {number}", row) for number, row in enumerate(document, 1)], path
    )


def _lists_in(document: Any) -> str:
    """Where the records may be instead."""
    if isinstance(document, dict):
        lists = [name[:60] for name, one in document.items() if isinstance(one, list)]
        if lists:
            return f"Lists stand under {', '.join(lists[:5])}: name one by `records`."
    elif isinstance(document, list) and all(isinstance(row, dict) for row in document):
        return "The file itself is the list: leave `records` out."
    return "Write the table as CSV, or as a list of records: [{...}, {...}]."


def _bounded(
    rows: list[tuple[str, dict[str, Any]]], path: Path
) -> list[tuple[str, dict[str, Any]]]:
    if len(rows) > MAX_ROWS:
        raise InputError(f"the table has more than {MAX_ROWS:,} rows", where=str(path))
    return rows


def _text(row: dict[str, Any], column: str, where: str) -> str:
    if column not in row:
        raise InputError(
            f"there is no column {column!r}",
            where=where,
            hint=f"There are {', '.join(str(key) for key in list(row)[:20])}.",
        )
    value = row[column]
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


def _number(text: str, where: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 12 and int(text) <= MAX_PEOPLE:
        return int(text)
    raise InputError(
        f"{text[:40]!r} is no whole number of people" if text else "this row has no number",
        where=where,
        hint="Write whole numbers without signs or separators; leave out rows that are not known "
        "and accept their places by name.",
    )
