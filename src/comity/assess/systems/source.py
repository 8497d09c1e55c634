"""A table of predictions on disk: CSV, Parquet or JSON Lines, its columns found by name.

Nothing is sniffed. A CSV file is UTF-8 with a header, quoted as in RFC 4180, and its separator is
whichever of comma, semicolon and tab splits the header most. All its values are text, as are
those of JSON Lines: a typed guess would turn the group `01` into 1. The path and the names of
columns travel as parameters; SQL sees only names made here.
"""

# ruff: noqa: S608  (SQL is put together from names made here; foreign text travels as parameters)

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from comity.assess.systems.engine import MAX_LINE_BYTES, TIME_LIMIT, Engine, open_engine
from comity.assess.systems.labels import shown
from comity.claims.values import Labels
from comity.errors import InputError

__all__ = ["Located", "Part", "Source", "asking", "check_columns", "locate", "open_source"]

MAX_COLUMNS = 5_000
SAMPLED_RECORDS = 10_000

_CSV, _TSV, _JSON, _JSON_LINES, _PARQUET = "csv", "tsv", "json", "json lines", "parquet"
_KINDS = {
    ".csv": _CSV,
    ".tsv": _TSV,
    ".json": _JSON,
    ".jsonl": _JSON_LINES,
    ".ndjson": _JSON_LINES,
    ".parquet": _PARQUET,
}
_FIELDS = {"group": "groups", "member": "members", "quantile": "quantiles"}
"""Field of the card that names several columns, by the role of one of them."""
_LINES = (
    "read_csv(?, auto_detect=false, strict_mode=false, header=false, delim='\\x1f', quote='', "
    f"escape='', columns={{'line': 'VARCHAR'}}, max_line_size={MAX_LINE_BYTES}, "
    "hive_partitioning=false, compression=?)"
)
_RECORDS = (
    f"read_json_objects(?, format=?, maximum_object_size={MAX_LINE_BYTES}, "
    "hive_partitioning=false, compression=?)"
)


@dataclass(frozen=True)
class Source:
    """An open table.

    Attributes:
        path: The file.
        card: The card that asked for it.
        table: The card's table that asked: `predictions` or `forecast`.
        columns: Role to column name.
        types: Role to DuckDB type; `VARCHAR` for everything in CSV and JSON.
    """

    path: Path
    card: Path
    table: str
    columns: Labels
    types: Labels
    _engine: Engine
    _relation: str
    _parameters: tuple[object, ...]

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run `sql` over the table `source`, whose columns are named by `column`.

        Raises:
            InputError: the file is broken, or too large for the limits.
        """
        source = f"WITH source AS NOT MATERIALIZED ({self._relation})"
        return self._engine.rows(f"{source} {sql}", *self._parameters, *parameters)

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """As `rows`, where they are too many to hold at once; in the order of the file."""
        source = f"WITH source AS NOT MATERIALIZED ({self._relation})"
        return self._engine.batches(f"{source} {sql}", *self._parameters)

    def texts(self) -> Iterator[dict[str, str | None]]:
        """Every row: role to value, as text as it stands in the table, null where there is none.

        The one place where rows enter Python; nothing is kept here.

        Raises:
            InputError: the file is broken, or reading takes too long.
        """
        texts = ", ".join(f"{self.column(role)}::VARCHAR" for role in self.types)
        for batch in self.batches(f"SELECT {texts} FROM source"):
            for row in batch:
                yield dict(zip(self.types, row, strict=True))

    def share(self) -> float | None:
        """Share of the running query that is done, between 0 and 1; None where nobody knows."""
        return self._engine.share()

    def column(self, role: str) -> str:
        """The SQL name of the column that plays `role`."""
        return f"r{list(self.types).index(role)}"

    def place(self, role: str, row: int = 0) -> str:
        """Where a mistake stands: file, column, row (the first is 1), and the card's field."""
        return locate(self.path, asking(self.table, self.card), self.columns, role, row)

    def first(
        self, role: str, part: Part, condition: str, *parameters: object
    ) -> tuple[int, str | None]:
        """Number and value of the first row of `part` whose column `role` meets `condition`."""
        inside, given = part.sql(self)
        found = self.rows(
            f"SELECT row, left({self.column(role)}::VARCHAR, 50) "
            "FROM (SELECT row_number() OVER () AS row, * FROM source) "
            f"WHERE {inside} AND {condition} LIMIT 1",
            *given,
            *parameters,
        )
        return found[0] if found else (0, None)


class Located(Protocol):
    """A table whose mistakes can be located: a file, or a database."""

    @property
    def types(self) -> Labels:
        """Role to type."""

    def column(self, role: str) -> str:
        """The SQL name of the column that plays `role`."""

    def place(self, role: str, row: int = 0) -> str:
        """Where a mistake stands."""

    def first(
        self, role: str, part: Part, condition: str, *parameters: object
    ) -> tuple[int, str | None]:
        """Number and value of the first such row; 0 and None where rows have no order."""


@dataclass(frozen=True)
class Part:
    """The rows that are evaluated: the values of the split column that say so; None for all."""

    values: tuple[str, ...] | None

    def sql(self, source: Source) -> tuple[str, list[object]]:
        """SQL for whether a row belongs, with its parameters."""
        if self.values is None:
            return "true", []
        column = source.column("split")
        return f"coalesce(list_contains(?, {column}::VARCHAR), false)", [list(self.values)]


@contextmanager
def open_source(
    path: Path,
    columns: Labels,
    *,
    card: Path,
    table: str = "predictions",
    seconds: float = TIME_LIMIT,
) -> Iterator[Source]:
    """Open a table and find the columns by name.

    Args:
        path: The table.
        columns: Role to column name.
        card: The card that asked for the columns, for the sentences.
        table: The card's table that asked: `predictions` or `forecast`.
        seconds: After this time any reading stops.

    Raises:
        InputError: the file's kind is not known, it is broken, or a column is not in it.
    """
    kind, compression = _kind(path)
    asker = asking(table, card)
    with open_engine(path, seconds) as engine:
        file = _File(engine, kind, compression)
        read = {_PARQUET: _parquet, _CSV: _csv, _TSV: _csv}.get(kind, _json)
        reader = read(file, lambda names: check_columns(path, columns, names, asker), columns)
        positions = [reader.names.index(column) for column in columns.values()]
        aliases = ", ".join(f"c{index}" for index in range(len(reader.names)))
        chosen = ", ".join(f"c{position} AS r{index}" for index, position in enumerate(positions))
        yield Source(
            path=path,
            card=card,
            table=table,
            columns=columns,
            types={role: reader.types[at] for role, at in zip(columns, positions, strict=True)},
            _engine=engine,
            _relation=f"SELECT {chosen} FROM {reader.sql} AS t({aliases})",
            _parameters=reader.parameters,
        )


def _kind(path: Path) -> tuple[str, str]:
    """Kind and compression of a file, by its name."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    packed = bool(suffixes) and suffixes[-1] == ".gz"
    kind = _KINDS.get("".join((suffixes[:-1] if packed else suffixes)[-1:]))
    if kind is None or (packed and kind == _PARQUET):
        raise InputError(
            "this kind of table cannot be read",
            where=str(path),
            hint="Save it as .csv, .tsv, .jsonl, .ndjson or .json (each also .gz), or as .parquet.",
        )
    return kind, "gzip" if packed else "none"


class _File(NamedTuple):
    engine: Engine
    kind: str
    compression: str

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self.engine.rows(sql, self.engine.pattern, *parameters)


class _Reader(NamedTuple):
    """A table function in SQL with its parameters, and the columns it gives, in order."""

    names: list[str]
    types: list[str]
    sql: str
    parameters: tuple[object, ...]


_Check = Callable[[list[str]], None]


def _parquet(file: _File, check: _Check, _columns: Labels) -> _Reader:
    """Names are taken from the schema as it stands, since DuckDB renames doubles."""
    names, nested = [], 0
    schema = file.rows("SELECT name, num_children FROM parquet_schema(?)")
    for name, children in schema[1:]:
        if nested == 0:
            names.append(name)
        else:
            nested -= 1
        nested += children or 0
    sql = "read_parquet(?, hive_partitioning=false)"
    types = [str(row[1]) for row in file.rows(f"DESCRIBE SELECT * FROM {sql}")]
    if len(types) != len(names):
        raise InputError(
            "the Parquet file's schema contradicts itself", where=str(file.engine.path)
        )
    check(names)
    return _Reader(names, types, sql, (file.engine.pattern,))


def _csv(file: _File, check: _Check, _columns: Labels) -> _Reader:
    first = file.rows(f"SELECT line FROM {_LINES} LIMIT 1", file.compression)
    if not first:
        raise InputError("the table is empty", where=str(file.engine.path))
    separator, names = _header(first[0][0] or "", file)
    check(names)
    sql = (
        "read_csv(?, auto_detect=false, header=true, delim=?, quote='\"', escape='\"', columns=?, "
        f"max_line_size={MAX_LINE_BYTES}, hive_partitioning=false, compression=?)"
    )
    numbered = {f"c{index}": "VARCHAR" for index in range(len(names))}
    parameters = (file.engine.pattern, separator, numbered, file.compression)
    return _Reader(names, ["VARCHAR"] * len(names), sql, parameters)


def _header(line: str, file: _File) -> tuple[str, list[str]]:
    """Separator and column names from the first line of a CSV file."""
    separators = "\t" if file.kind == _TSV else ",;\t"
    headers: dict[str, list[str]] = {}
    with suppress(csv.Error):
        for separator in separators:
            headers[separator] = next(csv.reader([line], delimiter=separator, strict=True))
    separator = max(headers, key=lambda one: len(headers[one]), default="")
    if not headers.get(separator):
        raise InputError(
            "the first line holds no column names",
            where=f"{file.engine.path}, line 1",
            hint="The header must stand there, on one line, its quotation marks in pairs.",
        )
    return separator, headers[separator]


def _json(file: _File, check: _Check, columns: Labels) -> _Reader:
    """Only the fields asked for are read: DuckDB confuses names that differ in case alone."""
    layout = "auto" if file.kind == _JSON else "newline_delimited"
    found = file.rows(
        f"SELECT DISTINCT unnest(json_keys(json)) FROM "
        f"(SELECT json FROM {_RECORDS} LIMIT {SAMPLED_RECORDS})",
        layout,
        file.compression,
    )
    check(sorted(name for (name,) in found))
    names = list(columns.values())
    if len({name.casefold() for name in names}) < len(names):
        raise InputError(
            "two of the columns asked for differ in capital letters only",
            where=str(file.engine.path),
            hint="Rename one of the fields, or save the table as CSV.",
        )
    sql = (
        "read_json(?, format=?, columns=?, records='true', "
        f"maximum_object_size={MAX_LINE_BYTES}, hive_partitioning=false, compression=?)"
    )
    parameters = (file.engine.pattern, layout, dict.fromkeys(names, "VARCHAR"), file.compression)
    return _Reader(names, ["VARCHAR"] * len(names), sql, parameters)


def check_columns(path: Path, columns: Labels, names: list[str], asker: str) -> None:
    """Make sure that each column asked for stands in the table, once.

    Raises:
        InputError: it does not, or the table has no columns, or far too many.
    """
    if not names:
        raise InputError("the table is empty", where=str(path))
    if len(names) > MAX_COLUMNS:
        raise InputError(f"the table has more than {MAX_COLUMNS:,} columns", where=str(path))
    for role, name in columns.items():
        where = locate(path, asker, columns, role)
        if name not in names:
            near = get_close_matches(name, [other for other in names if len(other) <= 100], n=1)
            some = ", ".join(shown(other) for other in names[:10])
            raise InputError(
                f"there is no column {shown(name)}",
                where=where,
                hint=f"Did you mean {shown(near[0])}?" if near else f"The table has {some}.",
            )
        if names.count(name) > 1:
            raise InputError(
                f"the column {shown(name)} stands {names.count(name)} times in the table, "
                "so it is not clear which one is meant",
                where=where,
            )


def asking(table: str, card: Path) -> str:
    """The card's table and the card, with a gap for the field between them."""
    escaped = str(card).replace("{", "{{").replace("}", "}}")
    return f"{table}.{{}} of {escaped}"


def locate(path: Path, asker: str, columns: Labels, role: str, row: int = 0) -> str:
    """Where a mistake stands: table, row, column, and the field that `asker` names."""
    place = f"{path}, row {row:,}" if row else str(path)
    column = f", column {shown(columns[role])}" if role in columns else ""
    first = role.partition(".")[0]
    field = asker.format(_FIELDS.get(first, first))
    if role.startswith("input."):
        field = field.replace("predictions.input", "model.features", 1)
    return f"{place}{column} (field {field})"
