"""The one scan: rows counted by part, groups, truth and prediction, and what is wrong with them."""

# ruff: noqa: S608  (SQL is put together from names made here; foreign text travels as parameters)

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from comity.assess.systems.labels import class_label, group_label, shown
from comity.assess.systems.predictions_card import Predictions
from comity.assess.systems.scores import score_sql
from comity.assess.systems.source import Located, Part, Source
from comity.errors import InputError

__all__ = [
    "MAX_CELLS",
    "MAX_GROUPS",
    "MAX_VALUE",
    "NOT_COUNTED_BY",
    "Cell",
    "cells_of",
    "check_classes",
    "check_groups",
    "count_cells",
    "decision_sql",
    "evaluated_cells",
]

MAX_CELLS = 200_000
MAX_GROUPS = 1_000
MAX_VALUE = 500
NOT_COUNTED_BY = ("id", "score", "time", "site")
"""Roles whose columns hold more values than classes, groups and parts have."""
_NESTED = ("STRUCT", "MAP", "UNION", "BLOB", "VARIANT", "GEOMETRY", "BIT")


class Cell(NamedTuple):
    """Rows that agree in every column counted by; the values as text, as they stand in the file.

    Attributes:
        truth, prediction, split, groups: The values. `prediction` is `true` or `false` where the
            cut-off decides, and None where nothing does.
        n: Number of rows.
        scored: Rows whose score is a finite number.
        outside: Rows whose score is below 0 or above 1.
        unreadable: Rows whose score is neither a number nor missing.
    """

    truth: str | None
    prediction: str | None
    split: str | None
    groups: tuple[str | None, ...]
    n: int
    scored: int
    outside: int
    unreadable: int


def count_cells(source: Source, wanted: Predictions) -> list[Cell]:
    """Count the rows of a table.

    Raises:
        InputError: a column cannot be counted by, or holds far too many different values.
    """
    roles = [role for role in source.types if role not in NOT_COUNTED_BY]
    for role in [*roles, *({"time", "site"} & source.types.keys())]:
        if source.types[role].endswith("]") or source.types[role].startswith(_NESTED):
            raise InputError(
                f"the column holds values of type {source.types[role][:40]}; "
                "text, numbers or yes and no are needed",
                where=source.place(role),
            )
    keys = {role: source.column(role) for role in roles}
    sums = "count(*), 0, 0, 0"
    parameters: list[object] = []
    if wanted.score is not None:
        score, unreadable = score_sql(source)
        finite = f"isfinite({score})"
        outside = f"{finite} AND NOT {score} BETWEEN 0 AND 1"
        sums = ", ".join(
            f"count(*) FILTER (WHERE {condition})"
            for condition in ("true", finite, outside, unreadable)
        )
        if wanted.cut_off is not None:
            keys["prediction"], parameters = decision_sql(source, wanted)
    named = [f"{sql} AS k{index}" for index, sql in enumerate(keys.values())]
    texts = [f"left(k{index}::VARCHAR, {MAX_VALUE + 1})" for index in range(len(keys))]
    rows = source.rows(
        f"SELECT {', '.join(texts)}, n, s, o, u FROM (SELECT {', '.join(named)}, "
        f"{sums} FROM source GROUP BY ALL) AS t({', '.join(f'k{i}' for i in range(len(keys)))}, "
        f"n, s, o, u) LIMIT {MAX_CELLS + 1}",
        *parameters,
    )
    if len(rows) > MAX_CELLS:
        raise _too_many_values(source, roles)
    if not rows:
        raise InputError("the table has column names but no rows", where=str(source.path))
    return cells_of(rows, list(keys), source)


def decision_sql(source: Source, wanted: Predictions) -> tuple[str, list[object]]:
    """SQL of the decision on a row, with its parameters; only where there is one."""
    if wanted.cut_off is None:
        return source.column("prediction"), []
    score, _ = score_sql(source)
    return f"CASE WHEN isfinite({score}) THEN {score} >= ?::DOUBLE END", [float(wanted.cut_off)]


def cells_of(rows: list[tuple[Any, ...]], roles: list[str], source: Located) -> list[Cell]:
    """Cells from lines of one value for each role, and the four counts of a cell.

    Raises:
        InputError: a value is too long to be a class, a group or a part.
    """
    for position, role in enumerate(roles):
        if long := next(
            (row[position] for row in rows if len(row[position] or "") > MAX_VALUE), ""
        ):
            raise InputError(
                f"a value is longer than {MAX_VALUE} characters: {shown(long)}",
                where=source.place(role),
            )
    return [_cell(dict(zip(roles, row[:-4], strict=True)), row[-4:]) for row in rows]


def _cell(values: dict[str, str | None], sums: tuple[int, ...]) -> Cell:
    groups = tuple(value for role, value in values.items() if role.startswith("group."))
    return Cell(
        values["truth"], values.get("prediction"), values.get("split"), groups, *map(int, sums)
    )


def _too_many_values(source: Source, roles: list[str]) -> InputError:
    sizes = source.rows(
        f"SELECT {', '.join(f'approx_count_distinct({source.column(role)})' for role in roles)} "
        "FROM source"
    )[0]
    size, role = max(zip(sizes, roles, strict=True))
    return InputError(
        f"the column holds about {size:,} different values, too many to count by",
        where=source.place(role),
        hint="Classes, groups and parts have few values. Is it an identifier or a score?",
    )


def evaluated_cells(
    cells: list[Cell], source: Located, wanted: Predictions, notes: list[str]
) -> tuple[list[Cell], Part]:
    """The cells of the part that is evaluated, and which rows those are.

    Raises:
        InputError: there is no row in it.
    """
    if wanted.split is None:
        return cells, Part(None)
    inside = [cell for cell in cells if (cell.split or "").strip() == wanted.evaluate]
    others = [cell for cell in cells if (cell.split or "").strip() != wanted.evaluate]
    if not inside:
        raise InputError(
            f"no row belongs to the part {shown(wanted.evaluate)} that is evaluated",
            where=source.place("split"),
            hint=f"The parts are {_some(cell.split for cell in others)}.",
        )
    if others:
        notes.append(
            f"{sum(cell.n for cell in others):,} rows belong to other parts than "
            f"{shown(wanted.evaluate)} and are not evaluated: "
            f"{_some(cell.split for cell in others)}."
        )
    return inside, Part(tuple(sorted({cell.split or "" for cell in inside})))


def check_classes(cells: list[Cell], part: Part, source: Located, wanted: Predictions) -> None:
    """Make sure that truth and prediction are two classes, one of them the positive one.

    Raises:
        InputError: a truth is missing, there are more than two classes, or none is positive.
    """
    positive = wanted.positive
    truths = _labels((cell.truth, cell.n) for cell in cells)
    if None in truths:
        raise InputError(
            f"{truths[None].n:,} evaluated rows have no truth",
            where=_first(source, part, "truth", truths[None].raw),
            hint="Leave out the rows whose outcome is not known, and tell so in the card.",
        )
    if len(truths) > 2:
        raise InputError(
            f"the truth has more than two classes: {_some(truths)}",
            where=source.place("truth"),
            hint="Comity assesses decisions between two classes.",
        )
    predictions = _labels((cell.prediction, cell.n) for cell in cells if wanted.prediction)
    predictions.pop(None, None)
    known = truths.keys() | predictions.keys()
    two = truths.keys() if len(truths) == 2 else known
    if positive not in two and (positive, known) != ("1", {"0"}):
        raise InputError(
            f"the positive class {shown(positive)} never occurs; the truth is {_some(truths)}",
            where=source.place("truth"),
            hint="Say in the card which class is positive: the field predictions.positive.",
        )
    strangers = [label for label in predictions if label not in truths and label != positive]
    if len({*truths, positive, *strangers}) > 2:
        label = strangers[0]
        raise InputError(
            f"{predictions[label].n:,} evaluated rows have the prediction {shown(label or '')}, "
            f"which is no class of the truth: that is {_some(truths)}",
            where=_first(source, part, "prediction", predictions[label].raw),
            hint="If these are scores, name the column as `score` and give a `cut_off`.",
        )


def check_groups(cells: list[Cell], source: Located) -> None:
    """Make sure that the groups are few enough to be printed and compared.

    Raises:
        InputError: there are too many.
    """
    if len({tuple(map(group_label, cell.groups)) for cell in cells}) > MAX_GROUPS:
        raise InputError(
            f"the group columns make more than {MAX_GROUPS:,} groups together",
            where=source.place("groups"),
            hint="Put values together (ages into ranges, for instance), or name fewer columns.",
        )


def _first(source: Located, part: Part, role: str, raw: str | None) -> str:
    """The place of the first evaluated row with this value."""
    condition = f"{source.column(role)}::VARCHAR IS NOT DISTINCT FROM ?"
    row, _ = source.first(role, part, condition, raw)
    return source.place(role, row)


class _Written(NamedTuple):
    """A class: one way it is written in the file, and its number of rows."""

    raw: str | None
    n: int


def _labels(values: Iterable[tuple[str | None, int]]) -> dict[str | None, _Written]:
    """Class to one way it is written in the file, and its number of rows; sorted."""
    labels: dict[str | None, _Written] = {}
    for raw, n in values:
        label = class_label(raw)
        written, before = labels.get(label, (raw, 0))
        labels[label] = _Written(written, before + n)
    return dict(sorted(labels.items(), key=lambda item: item[0] or ""))


def _some(values: Iterable[str | None], limit: int = 5) -> str:
    """A few values for a sentence."""
    distinct = sorted({value or "" for value in values})
    rest = f" and {len(distinct) - limit:,} more" if len(distinct) > limit else ""
    return ", ".join(shown(value) for value in distinct[:limit]) + rest
