"""Read days and numbers from a CSV table; every mistake names its line and column."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.errors import InputError
from comity.files import read_bytes

__all__ = ["MAX_BYTES", "Days", "Floats", "read_columns"]

Days = NDArray[np.datetime64]
Floats = NDArray[np.float64]
MAX_BYTES = 200_000_000
"""Limit for a table, packed or unpacked: a century of days with 50 members has 50 MB."""
MISSING = frozenset({"", "na", "nan", "null"})
SHOWN = 40


def read_columns(path: Path, day: str, names: Sequence[str]) -> tuple[Days, Floats]:
    """Read a UTF-8 table with a line of column names, also one packed by gzip.

    Args:
        path: The table.
        day: Column of the day, as 2026-11-21; what follows a `T` or a space is left out.
        names: Columns of numbers; empty, NA, NaN and null are missing.

    Returns:
        The days, shape (n,), and the numbers, NaN where missing, shape (n, names).

    Raises:
        InputError: the table cannot be read, is too large, lacks a column, or holds something else.
    """
    lines = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        head = [name.strip() for name in next(lines, [])]
        places = [_place(head, name, path) for name in (day, *names)]
        days, rows = [], []
        for row in lines:
            if not row:
                continue
            where = f"{path}, line {lines.line_num}"
            if len(row) != len(head):
                raise InputError(
                    f"the line has {len(row)} fields and the table {len(head)} columns", where=where
                )
            days.append(_day(row[places[0]], where, day))
            try:
                rows.append([float(row[p]) for p in places[1:]])
            except ValueError:  # something is missing, or is no number
                rows.append(
                    [_number(row[p], where, one) for p, one in zip(places[1:], names, strict=True)]
                )
    except csv.Error as error:
        raise InputError(
            f"this is not a CSV table: {error}", where=f"{path}, line {lines.line_num}"
        ) from None
    if not rows:
        raise InputError("the table has no rows", where=str(path))
    return np.array(days, "datetime64[D]"), np.array(rows, float).reshape(len(rows), len(names))


def _text(path: Path) -> str:
    data = read_bytes(path, MAX_BYTES)
    if data[:2] == b"\x1f\x8b":
        packed = zlib.decompressobj(wbits=31)
        try:
            data = packed.decompress(data, MAX_BYTES)
        except zlib.error as error:
            raise InputError(f"the file cannot be unpacked: {error}", where=str(path)) from None
        if not packed.eof:
            what = "unpacked, the file is larger than allowed, or it ends too early"
            raise InputError(what, where=str(path))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            "the file is not UTF-8 text", where=str(path), hint="Save it as UTF-8."
        ) from None


def _place(head: list[str], name: str, path: Path) -> int:
    if head.count(name) != 1:
        what = "there is no column" if name not in head else "more than one column is named"
        raise InputError(f"{what} {name!r}", where=f"{path}, line 1")
    return head.index(name)


def _day(text: str, where: str, name: str) -> np.datetime64:
    day = text.strip()[:10]
    try:
        if len(day) != 10 or text.strip()[10:11] not in ("", "T", " "):
            raise ValueError
        return np.datetime64(day, "D")
    except ValueError:
        raise InputError(
            f"{text[:SHOWN]!r} is not a day",
            where=f"{where}, column {name}",
            hint="Write it as 2026-11-21.",
        ) from None


def _number(text: str, where: str, name: str) -> float:
    if text.strip().lower() in MISSING:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        raise InputError(
            f"{text[:SHOWN]!r} is not a number",
            where=f"{where}, column {name}",
            hint="Write a decimal point, not a comma." if "," in text else "",
        ) from None
