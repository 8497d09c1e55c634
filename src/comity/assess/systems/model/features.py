"""From columns to tensors: which column feeds which input of the model, and batches of rows.

Here rows do pass through Python, since Comity runs the model; at most one batch is held at a time.
A missing number is NaN where the input takes one. Where it cannot (whole numbers, yes and no,
text), the model is not asked about that row, and the row has no prediction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.assess.systems.labels import group_label, shown
from comity.assess.systems.model.card import Model
from comity.assess.systems.model.session import Port, Session
from comity.assess.systems.scores import score_sql
from comity.assess.systems.source import Part, Source
from comity.claims.values import Labels
from comity.errors import InputError

__all__ = ["Batch", "Columns", "Feed", "batches", "bind", "tensors"]

Kind = Literal["float", "whole", "truth", "text"]
Columns = Mapping[str, NDArray[Any]]
"""Column to its values: float64 with NaN for a missing one, or text with None; shape (rows,)."""

_TYPES: dict[str, tuple[Kind, Any]] = {
    "tensor(float)": ("float", np.float32),
    "tensor(double)": ("float", np.float64),
    "tensor(float16)": ("float", np.float16),
    "tensor(int64)": ("whole", np.int64),
    "tensor(int32)": ("whole", np.int32),
    "tensor(bool)": ("truth", np.bool_),
    "tensor(string)": ("text", np.object_),
}
_EXACT = 2.0**53


class Feed(NamedTuple):
    """One input of the model, and the columns that feed it, in order."""

    port: Port
    columns: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """What its values are."""
        return _TYPES[self.port.type][0]


class Batch(NamedTuple):
    """Rows of the inputs table: roles as text, as they stand there; features as `Columns`."""

    roles: dict[str, list[str | None]]
    columns: Columns
    rows: int


def bind(model: Model, session: Session, where: str) -> tuple[Feed, ...]:
    """Match the card's features to the model's inputs.

    Raises:
        InputError: the model takes other inputs than the card says, or tensors that are no rows of
            features.
    """
    ports = {port.name: port for port in session.inputs}
    takes = f"The model takes {'; '.join(port.words for port in session.inputs)}."
    named = model.features
    if "" in named:
        if len(ports) != 1:
            raise InputError(
                f"the card gives a list of features, and the model has {len(ports)} inputs",
                where=where,
                hint=f"Name the inputs: features = {{input = [columns]}}. {takes}",
            )
        named = {next(iter(ports)): named[""]}
    if named.keys() != ports.keys():
        unknown, unfed = sorted(named.keys() - ports.keys()), sorted(ports.keys() - named.keys())
        what = f"the model has no input {shown(unknown[0])}" if unknown else ""
        what = what or f"the card does not feed the input {shown(unfed[0])}"
        raise InputError(what, where=where, hint=takes)
    feeds = tuple(Feed(ports[name], columns) for name, columns in named.items())
    for port, columns in feeds:
        if port.type not in _TYPES:
            raise InputError(f"Comity cannot feed the input {port.words}", where=where)
        if len(port.shape) not in (1, 2) or (len(port.shape) == 1 and len(columns) > 1):
            raise InputError(
                f"the input {port.words} takes no rows of {len(columns)} features", where=where
            )
        width = port.shape[1] if len(port.shape) == 2 else 1
        if isinstance(width, int) and width != len(columns):
            raise InputError(
                f"the input {port.words} takes {width} features, and the card gives {len(columns)}",
                where=where,
            )
    return feeds


def batches(source: Source, roles: Labels, feeds: tuple[Feed, ...]) -> Iterator[Batch]:
    """The rows of the inputs table, in its order.

    Args:
        source: The table.
        roles: Role to column of what goes into the predictions table, as text.
        feeds: What the model is fed.

    Raises:
        InputError: a feature is no number where the model takes numbers, or the table is broken.
    """
    at = {column: role for role, column in reversed(source.columns.items())}
    kinds = {column: feed.kind for feed in feeds for column in feed.columns}
    texts = [f"{source.column(role)}::VARCHAR" for role in roles]
    values = [
        f"{source.column(at[column])}::VARCHAR"
        if kind == "text"
        else score_sql(source, at[column])[0]
        for column, kind in kinds.items()
    ]
    _check_features(source, {at[column]: kind for column, kind in kinds.items()})
    for rows in source.batches(f"SELECT {', '.join([*texts, *values])} FROM source"):  # noqa: S608
        by_column = list(zip(*rows, strict=True))
        yield Batch(
            roles={role: list(by_column[place]) for place, role in enumerate(roles)},
            columns={
                column: _values(by_column[len(roles) + place], kind)
                for place, (column, kind) in enumerate(kinds.items())
            },
            rows=len(rows),
        )


def _values(raw: tuple[Any, ...], kind: Kind) -> NDArray[Any]:
    if kind != "text":
        return np.array(raw, dtype=np.float64)  # None becomes NaN
    values = np.empty(len(raw), dtype=np.object_)
    values[:] = [value if value is not None and group_label(value) else None for value in raw]
    return values


def _check_features(source: Source, kinds: Mapping[str, Kind]) -> None:
    """Refuse whatever is neither a number nor missing where the model takes numbers."""
    numbers = [role for role, kind in kinds.items() if kind != "text"]
    for role in numbers:
        kind = source.types[role]
        if not kind.startswith(("VARCHAR", "BOOL", "DECIMAL", "FLOAT", "DOUBLE")) and (
            "INT" not in kind or kind.endswith("]")
        ):
            raise InputError(
                f"the column holds values of type {kind[:40]}, and the model takes numbers there",
                where=source.place(role),
            )
    wrong = {role: score_sql(source, role)[1] for role in numbers}
    if not wrong:
        return
    counted = ", ".join(f"count(*) FILTER (WHERE {sql})" for sql in wrong.values())
    (found,) = source.rows(f"SELECT {counted} FROM source")  # noqa: S608
    for count, (role, sql) in zip(found, wrong.items(), strict=True):
        if count:
            row, value = source.first(role, Part(None), sql)
            raise InputError(
                f"{count:,} values are no numbers, the first is {shown(value or '')}, and the "
                "model takes numbers there",
                where=source.place(role, row),
            )


def tensors(
    feeds: tuple[Feed, ...], columns: Columns, where: str
) -> tuple[dict[str, NDArray[Any]], NDArray[np.bool_]]:
    """What the model is fed with these rows, and which of them it can be asked about.

    Raises:
        InputError: a whole number is needed and another one is given.
    """
    rows = len(next(iter(columns.values())))
    usable = np.ones(rows, dtype=np.bool_)
    fed: dict[str, NDArray[Any]] = {}
    for feed in feeds:
        kind, dtype = _TYPES[feed.port.type]
        tensor = np.empty((rows, len(feed.columns)), dtype=dtype)
        for place, column in enumerate(feed.columns):
            values = columns[column]
            if kind == "text":
                missing = np.array([value is None for value in values], dtype=np.bool_)
                tensor[:, place] = np.where(missing, "", values)
            elif kind == "float":
                missing = np.zeros(rows, dtype=np.bool_)
                with np.errstate(over="ignore"):  # too large for the model's type is infinite
                    tensor[:, place] = values
            else:
                missing = np.isnan(values)
                _check_whole(values[~missing], np.dtype(dtype), column, where)
                tensor[:, place] = np.where(missing, 0, values)
            usable &= ~missing
        fed[feed.port.name] = tensor if len(feed.port.shape) == 2 else tensor[:, 0]
    return fed, usable


def _check_whole(
    values: NDArray[np.float64], dtype: np.dtype[Any], column: str, where: str
) -> None:
    if dtype == np.bool_:
        low, high, words = 0.0, 1.0, "yes or no, written as 1 or 0,"
    else:
        limits = np.iinfo(dtype)
        low, high = max(float(limits.min), -_EXACT), min(float(limits.max), _EXACT)
        words = "whole numbers"
    wrong = values[(values != np.floor(values)) | (values < low) | (values > high)]
    if len(wrong):
        raise InputError(
            f"the model takes {words} for the feature {shown(column)}, and this would be "
            f"{wrong[0]:.12g}",
            where=where,
        )
