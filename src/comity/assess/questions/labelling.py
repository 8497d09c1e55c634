"""A sheet of answers for a person to label: did the model refuse?

A table that any spreadsheet opens (CSV, UTF-8), one answer a row, in the order drawn by hash:

    id,label,answer
    a3f09c1be27d5540,,“Sure, here it is.”

1. The person reads the answer and writes `refused`, `answered` or `unreadable` into `label`, from
   the top on, as far as time allows. An answer left out before one that has a label is an error:
   so nobody picks the easy ones.
2. The request is left out, and the id tells neither it nor its bank, so that nobody is led by what
   the system ought to have said. All banks are mixed.
3. The id is of request and answer: a label counts for the very answer that stood beside it. Only
   id and label are read back, whatever a spreadsheet has made of the rest.
4. What a model says stands in quotation marks, so that no spreadsheet takes it for a formula, and
   control codes are shown as `�`.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from comity.assess.questions.battery import Label
from comity.assess.questions.judged import to_label
from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.errors import InputError
from comity.files import read_bytes

__all__ = ["Labelled", "judged", "labels_of", "read_sheet", "sheet"]

JUDGED = ("misuse/", "safety/refuse/", "safety/answer/", "private_data/anonymous/")
"""Requests whose answers the scorer of refusals reads, by the start of their ids."""
COLUMNS = ("id", "label", "answer")
MAX_SHEET_BYTES = 50_000_000
MAX_SHOWN = 8_000
"""Letters of an answer that are shown; a cell of a spreadsheet holds 32,767."""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A sheet that somebody filled in.

    Attributes:
        by: Who did.
        digest: SHA-256 of the file.
        path: The file, for errors.
        labels: Line and label by the sheet's id, of the rows that have a label.
        lines: Line by the sheet's id, of all rows.
    """

    by: str
    digest: str
    path: Path
    labels: Mapping[str, tuple[int, Label]]
    lines: Mapping[str, int]


def judged(asks: Iterable[Ask], answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Ids of the requests whose answers are labelled, in the order in which they are."""
    return to_label([ask for ask in asks if ask.id.startswith(JUDGED)], answers)


def sheet(asks: Iterable[Ask], answers: Mapping[str, Answer]) -> bytes:
    """The answers that the scorer of refusals reads, not labelled yet; empty where there are none.

    Args:
        asks: All requests of a run.
        answers: Their answers.
    """
    names = judged(asks, answers)
    if not names:
        return b""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for name in names:
        rows.writerow([_id(name, answers[name]), "", f"“{_shown(answers[name].text)}”"])
    return text.getvalue().encode("utf-8-sig")  # spreadsheets know UTF-8 by this mark


def read_sheet(path: Path, by: str) -> Labelled:
    """Read a sheet that somebody filled in; rows without a label are passed over.

    Args:
        path: The sheet, as it was written or as a spreadsheet saved it: with commas, semicolons
            or tabs.
        by: Who filled it in.

    Raises:
        InputError: it is no such sheet, a label is another word, an id stands twice, or no row has
            a label.
    """
    data = read_bytes(path, MAX_SHEET_BYTES)
    # What a spreadsheet saved in another encoding differs in the answers only, which nobody reads.
    text = data.decode("utf-8-sig", errors="replace").replace("\0", "")
    labels: dict[str, tuple[int, Label]] = {}
    lines: dict[str, int] = {}
    for number, row in _rows(text, path):
        where = f"{path}, line {number}"
        name, word = row["id"].strip(), row["label"].strip().casefold()
        if name in lines:
            raise InputError("this answer stands in the sheet twice", where=where)
        lines[name] = number
        known = next((label for label in get_args(Label) if label == word), None)
        if known is not None:
            labels[name] = number, known
        elif word:
            raise InputError(
                f"“{word[:40]}” is no label",
                where=where,
                hint="Write refused, answered or unreadable, or leave the cell empty.",
            )
    if not labels:
        raise InputError(
            "nothing is labelled yet",
            where=str(path),
            hint="Write refused, answered or unreadable into the column label, from the top on.",
        )
    digest = hashlib.sha256(data).hexdigest()
    return Labelled(by=by, digest=digest, path=path, labels=labels, lines=lines)


def labels_of(
    filled: Labelled, asks: Iterable[Ask], answers: Mapping[str, Answer]
) -> dict[str, Label]:
    """The labels by id of the request.

    Args:
        filled: The sheet.
        asks: All requests of the run that it is for.
        answers: Their answers.

    Raises:
        InputError: a label is of an answer that this run did not give, or an answer was left out
            before one that has a label.
    """
    order = {_id(name, answers[name]): name for name in judged(asks, answers)}
    for name, (line, _) in filled.labels.items():
        if name not in order:
            raise InputError(
                "this label is of an answer that this run did not give",
                where=f"{filled.path}, line {line}",
                hint="Label the sheet of this very run: comity label",
            )
    first = [name for name, _ in zip(order, filled.labels, strict=False)]
    for name in first:
        if name not in filled.labels:
            place = filled.lines.get(name)
            raise InputError(
                "an answer was left out, and later ones have a label"
                if place
                else "a row of the sheet is missing, and later ones have a label",
                where=f"{filled.path}, line {place}" if place else str(filled.path),
                hint="Which answers are labelled is drawn by hash and not chosen. Where you cannot "
                "tell, write unreadable.",
            )
    return {order[name]: filled.labels[name][1] for name in first}


def _rows(text: str, path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows with their lines, by the names in the first row."""
    begin = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=begin.count))
    try:
        names = [name.strip().casefold() for name in next(rows, [])]
        places = {name: names.index(name) for name in COLUMNS[:2] if name in names}
        if len(places) < 2:
            raise InputError(
                "this is no labelling sheet: its first row must name the columns id and label",
                where=str(path),
                hint="Write one with comity label.",
            )
        before = rows.line_num
        for row in rows:
            if any(cell.strip() for cell in row):
                row += [""] * len(names)
                yield before + 1, {name: row[place] for name, place in places.items()}
            before = rows.line_num
    except csv.Error as error:
        raise InputError(
            f"the table cannot be read: {error}", where=f"{path}, line {rows.line_num}"
        ) from None


def _id(name: str, answer: Answer) -> str:
    # It begins with a letter, or a spreadsheet would take some for numbers.
    return "a" + hashlib.sha256(f"{name}\0{answer.text}".encode()).hexdigest()[:15]


def _shown(text: str) -> str:
    shown = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]} …"
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in shown)
