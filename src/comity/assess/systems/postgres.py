"""PostgreSQL, held to counting: a read-only snapshot, a time limit, no word of the connection.

Where the database is and who may read it stands in an environment variable that the card names. It
may hold a password, so neither it nor what the driver says about it goes into any error, note or
statement: a sentence here is made from the five characters of an SQLSTATE alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.assess.systems.card import Card
from comity.assess.systems.engine import TIME_LIMIT
from comity.assess.systems.predictions_card import Database
from comity.assess.systems.source import Part, asking, check_columns, locate
from comity.claims import digest_of
from comity.claims.values import Labels
from comity.errors import InputError, MissingPartError

if TYPE_CHECKING:
    import psycopg

__all__ = ["Postgres", "open_postgres"]

CONNECT_SECONDS = 10
_SENTENCES = {
    "42P01": "there is no such table or view",
    "3F000": "there is no such schema",
    "42501": "this user may not read it",
    "42809": "it is no table or view",
    "57014": "counting took too long and was stopped",
    "22003": "a score is too large for a number",
}


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A table or view in an open database.

    Attributes:
        path: Its name, for sentences.
        card: The card that asked for it.
        columns: Role to column name.
        types: Role to PostgreSQL type.
        relation: Its name in SQL.
    """

    path: Path
    card: Path
    columns: Labels
    types: Labels
    relation: str
    _connection: psycopg.Connection[tuple[Any, ...]]
    _answers: list[object] = field(default_factory=list)

    def rows(self, query: str, *parameters: str) -> list[tuple[Any, ...]]:
        """Ask for counts; question and answer go into the digest.

        Args:
            query: SQL with `%s` for each parameter.
            parameters: Texts.

        Raises:
            InputError: the database refuses, or it takes too long.
        """
        found = _asked(self._connection, query, parameters, str(self.path))
        lines = sorted([[str(value) for value in row] for row in found])
        self._answers.append({"query": query, "parameters": list(parameters), "counts": lines})
        return found

    @property
    def digest(self) -> str:
        """SHA-256 of every query so far and of the counts that it gave."""
        return digest_of(self._answers)

    def column(self, role: str) -> str:
        """The SQL name of the column that plays `role`."""
        return _quoted(self.columns[role])

    def place(self, role: str, row: int = 0) -> str:
        """Where a mistake stands; rows of a database have no number."""
        return locate(self.path, asking("predictions", self.card), self.columns, role)

    def first(
        self, role: str, part: Part, condition: str, *parameters: object
    ) -> tuple[int, str | None]:
        """Nothing: no single row leaves the database."""
        return 0, None


@contextmanager
def open_postgres(card: Card, database: Database) -> Iterator[Postgres]:
    """Open the card's table in one read-only snapshot, and find its columns by name.

    Raises:
        MissingPartError: the driver is not installed.
        InputError: the variable is not set, the database cannot be reached, or there is no such
            table or column.
    """
    path, columns = card.table, card.predictions.columns
    relation = ".".join(_quoted(name) for name in database.table.split("."))
    with _connect(database.variable, f"{card.path}, field predictions.connection") as connection:
        limit = f"SET LOCAL statement_timeout = {int(TIME_LIMIT * 1000)}"
        _asked(connection, limit, (), str(path))
        cursor = _executed(connection, f"SELECT * FROM {relation} LIMIT 0", (), str(path))  # noqa: S608
        described = {
            column.name: _type_name(connection, column.type_code)
            for column in cursor.description or ()
        }
        names = [column.name for column in cursor.description or ()]
        check_columns(path, columns, names, asking("predictions", card.path))
        yield Postgres(
            path=path,
            card=card.path,
            columns=columns,
            types={role: described[name] for role, name in columns.items()},
            relation=relation,
            _connection=connection,
        )


@contextmanager
def _connect(variable: str, where: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    try:
        import psycopg
    except ImportError:
        raise MissingPartError(
            "the driver of PostgreSQL is not installed",
            hint="In Comity's folder: pip install '.[postgres]'",
        ) from None
    given = os.environ.get(variable)
    if not given:
        raise InputError(
            f"the environment variable {variable} is not set",
            where=where,
            hint="It holds the address of the database, for instance "
            "postgresql://reader@localhost/ministry.",
        )
    connection = None
    with suppress(psycopg.Error):  # what the driver says may quote the address, password and all
        connection = psycopg.connect(given, connect_timeout=CONNECT_SECONDS)
    if connection is None:
        raise InputError(
            f"the database that {variable} names cannot be reached, or it refuses the user",
            where=where,
            hint="The driver's own words may hold the password, so look for yourself: "
            f'psql "${variable}"',
        )
    try:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection
    finally:
        connection.close()


def _executed(
    connection: psycopg.Connection[tuple[Any, ...]],
    query: str,
    parameters: tuple[str, ...],
    where: str,
) -> psycopg.Cursor[tuple[Any, ...]]:
    import psycopg

    state = ""
    try:
        return connection.execute(query.encode(), parameters)
    except psycopg.Error as error:
        state = error.sqlstate or ""
    what = _SENTENCES.get(state, f"the database refuses to count it (SQLSTATE {state or 'none'})")
    raise InputError(what, where=where)


def _asked(
    connection: psycopg.Connection[tuple[Any, ...]],
    query: str,
    parameters: tuple[str, ...],
    where: str,
) -> list[tuple[Any, ...]]:
    cursor = _executed(connection, query, parameters, where)
    return cursor.fetchall() if cursor.description else []


def _quoted(name: str) -> str:
    """A name in SQL, whatever it holds; `%` doubled, since the driver reads it."""
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'


def _type_name(connection: psycopg.Connection[tuple[Any, ...]], code: int) -> str:
    known = connection.adapters.types.get(code)
    return known.name if known else f"number {code}"
