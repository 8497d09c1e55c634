"""A table that stays in its database: the counts of `cells` and `scores` by portable queries.

Every query is SELECT, SUM(CASE …) and GROUP BY; the sums of scores also use window functions. What
comes back is counts by part, group and class, never a row: no identifier, no single score. The
claims are those that the same rows give in a file.
"""

# ruff: noqa: S608  (SQL is put together from names made here; foreign text travels as parameters)

from __future__ import annotations

from comity.assess.systems.card import Card
from comity.assess.systems.cells import (
    MAX_CELLS,
    MAX_VALUE,
    NOT_COUNTED_BY,
    Cell,
    cells_of,
    check_classes,
    check_groups,
    evaluated_cells,
)
from comity.assess.systems.drift import Places, missing_places, placed, sites_sql, windows_sql
from comity.assess.systems.engine import Progress
from comity.assess.systems.labels import class_label
from comity.assess.systems.postgres import Postgres, open_postgres
from comity.assess.systems.predictions_card import Predictions
from comity.assess.systems.scores import BINS, EPSILON, UNIT, Scores, order_of, sums_of
from comity.assess.systems.source import Part
from comity.assess.systems.table import Table, groups_of
from comity.errors import InputError

__all__ = ["read_database"]

_NUMBERS = ("int2", "int4", "int8", "float4", "float8", "numeric")
_TEXTS = (*_NUMBERS, "bool", "text", "varchar", "bpchar", "name", "uuid", "date")
_TIMES = (*_NUMBERS, "date", "timestamp", "timestamptz")
_FINITE = "s > '-Infinity' AND s < 'Infinity'"


def read_database(card: Card, progress: Progress = lambda step, share: None) -> Table:
    """Count the table of a card in its database.

    Args:
        card: The card, resolved; it names a database.
        progress: Told what comes next, and whom to ask how far it is.

    Raises:
        MissingPartError: the driver is not installed.
        InputError: the database cannot be reached, or the table does not hold what the card says.
    """
    wanted, notes, scores = card.predictions, list[str](), None
    assert card.database is not None
    progress("connecting to the database", None)
    with open_postgres(card, card.database) as source:
        _check_types(source)
        progress("counting rows", None)
        found = _count_cells(source, wanted)
        cells, part = evaluated_cells(found, source, wanted, notes)
        check_classes(cells, part, source, wanted)
        check_groups(cells, source)
        if wanted.id is not None:
            progress("comparing identifiers", None)
            _check_identifiers(source, part)
        places = Places()
        if wanted.decided and (wanted.time is not None or wanted.site is not None):
            progress("counting rows by time and place", None)
            places = _read_places(source, part, wanted)
        if wanted.score is not None:
            progress("adding up scores", None)
            scores = _read_scores(source, cells, part, wanted)
        digest = source.digest
    return Table(
        name=card.database.table,
        digest=digest,
        selection="counts",
        rows=sum(cell.n for cell in found),
        predictions=wanted,
        decided=wanted.decided,
        cells=groups_of(cells, wanted),
        windows=None if places.windows is None else groups_of(places.windows, wanted),
        sites=None if places.sites is None else groups_of(places.sites, wanted),
        scores=scores,
        membership=None,
        notes=tuple(notes),
    )


def _check_types(source: Postgres) -> None:
    for role, kind in source.types.items():
        if role == "score" and kind not in _NUMBERS:
            raise InputError(
                f"the column holds values of type {kind[:40]}; a score is a number",
                where=source.place(role),
            )
        if role == "time" and kind not in _TIMES:
            raise InputError(
                f"the column holds values of type {kind[:40]}; a time is a date, a date with time "
                "of day, or a number",
                where=source.place(role),
                hint="Give it another type in a view, for instance CAST(day AS date).",
            )
        if role not in ("id", "time") and kind not in _TEXTS:
            raise InputError(
                f"the column holds values of type {kind[:40]}; text, numbers or yes and no are "
                "needed",
                where=source.place(role),
            )


def _text(source: Postgres, role: str) -> str:
    return f"CAST({source.column(role)} AS text)"


def _score(source: Postgres) -> str:
    return f"CAST({source.column('score')} AS double precision)"


def _inside(source: Postgres, part: Part) -> tuple[str, tuple[str, ...]]:
    """SQL for whether a row is evaluated, with its parameters."""
    if part.values is None:
        return "1 = 1", ()
    marks = ", ".join(["%s"] * len(part.values))
    return f"COALESCE({_text(source, 'split')}, '') IN ({marks})", part.values


def _count_cells(source: Postgres, wanted: Predictions) -> list[Cell]:
    """As `cells.count_cells`."""
    roles = [role for role in source.types if role not in NOT_COUNTED_BY]
    keys = {role: f"LEFT({_text(source, role)}, {MAX_VALUE + 1})" for role in roles}
    parameters: tuple[str, ...] = ()
    score = "CAST(NULL AS double precision)"
    if wanted.score is not None:
        score = _score(source)
    if wanted.cut_off is not None:
        keys["prediction"], parameters = _decision(source, wanted)
    given = ", ".join(f"{sql} AS k{index}" for index, sql in enumerate(keys.values()))
    names = ", ".join(f"k{index}" for index in range(len(keys)))
    rows = source.rows(
        f"SELECT {names}, COUNT(*), SUM(CASE WHEN {_FINITE} THEN 1 ELSE 0 END), "
        f"SUM(CASE WHEN {_FINITE} AND (s < 0 OR s > 1) THEN 1 ELSE 0 END), 0 "
        f"FROM (SELECT {given}, {score} AS s FROM {source.relation}) AS t "
        f"GROUP BY {names} LIMIT {MAX_CELLS + 1}",
        *parameters,
    )
    if not rows:
        raise InputError("the table has column names but no rows", where=str(source.path))
    if len(rows) > MAX_CELLS:
        raise InputError(
            f"its columns hold more than {MAX_CELLS:,} combinations of values, too many to count "
            "by",
            where=str(source.path),
            hint="Classes, groups and parts have few values. Is one an identifier or a score?",
        )
    return cells_of(rows, list(keys), source)


def _decision(source: Postgres, wanted: Predictions) -> tuple[str, tuple[str, ...]]:
    """As `cells.decision_sql`, as text."""
    if wanted.cut_off is None:
        return f"LEFT({_text(source, 'prediction')}, {MAX_VALUE + 1})", ()
    score = _score(source)
    sql = (
        f"CASE WHEN {score} > '-Infinity' AND {score} < 'Infinity' THEN CASE WHEN {score} >= "
        "CAST(%s AS double precision) THEN 'true' ELSE 'false' END END"
    )
    return sql, (wanted.cut_off,)


def _read_places(source: Postgres, part: Part, wanted: Predictions) -> Places:
    """As `drift.read_places`; when the windows are stays in the database."""
    inside, evaluated = _inside(source, part)
    decision, parameters = _decision(source, wanted)
    classes = (
        f"LEFT({_text(source, 'truth')}, {MAX_VALUE + 1}) AS truth, {decision} AS prediction "
        f"FROM {source.relation} WHERE {inside}"
    )
    given = (*parameters, *evaluated)
    windows = sites = None
    if wanted.time is not None:
        empty = f"CASE WHEN {source.column('time')} IS NULL THEN 1 ELSE 0 END"
        (found,) = source.rows(
            f"SELECT SUM({empty}) FROM {source.relation} WHERE {inside}", *evaluated
        )
        if missing := int(found[0]):
            raise missing_places(source, "time", missing)
        query = windows_sql(f"SELECT {source.column('time')} AS t, {classes}")
        windows = source.rows(f"WITH {query}", *given)
    if wanted.site is not None:
        site = f"LEFT(TRIM({_text(source, 'site')}), {MAX_VALUE + 1})"
        sites = source.rows(sites_sql(f"SELECT {site} AS site, {classes}"), *given)
    return placed(source, windows, sites)


def _check_identifiers(source: Postgres, part: Part) -> None:
    """As `identifiers.check_identifiers`, but no identifier is named: none leaves the database."""
    inside, parameters = _inside(source, part)
    (found,) = source.rows(
        "SELECT SUM(CASE WHEN missing = 1 THEN inside ELSE 0 END), "
        "SUM(CASE WHEN missing = 0 AND inside > 0 AND n > inside THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN missing = 0 AND inside > 1 THEN 1 ELSE 0 END) FROM (SELECT "
        "CASE WHEN id IS NULL OR TRIM(id) = '' THEN 1 ELSE 0 END AS missing, "
        "SUM(inside) AS inside, COUNT(*) AS n FROM "
        f"(SELECT {_text(source, 'id')} AS id, CASE WHEN {inside} THEN 1 ELSE 0 END AS inside "
        f"FROM {source.relation}) AS t GROUP BY id) AS u",
        *parameters,
    )
    missing, leaks, repeated = map(int, found)
    if missing:
        raise InputError(
            f"{missing:,} evaluated rows have no identifier",
            where=source.place("id"),
            hint="Fill the column, or leave `id` out of the card.",
        )
    if leaks:
        raise InputError(
            f"{leaks:,} identifiers stand in the evaluated part and in another part too",
            where=source.place("id"),
            hint="What was seen in training says nothing about new cases: split by identifier.",
        )
    if repeated:
        raise InputError(
            f"{repeated:,} identifiers stand more than once",
            where=source.place("id"),
            hint="Repeated rows make intervals too narrow: keep one row for each identifier.",
        )


def _read_scores(source: Postgres, cells: list[Cell], part: Part, wanted: Predictions) -> Scores:
    """As `scores.read_scores`: the same integers, so the same sums."""
    scored, outside = sum(cell.scored for cell in cells), sum(cell.outside for cell in cells)
    truths = {cell.truth or "" for cell in cells}
    positive = sorted(truth for truth in truths if class_label(truth) == wanted.positive) or [""]
    inside, evaluated = _inside(source, part)
    rows = (
        f"SELECT s, y FROM (SELECT {_score(source)} AS s, CASE WHEN {_text(source, 'truth')} IN "
        f"({', '.join(['%s'] * len(positive))}) THEN 1 ELSE 0 END AS y FROM {source.relation} "
        f"WHERE {inside}) AS t WHERE {_FINITE}"
    )
    parameters = (*positive, *evaluated)
    (totals,) = source.rows(
        f"WITH counted AS (SELECT s, SUM(y) AS p, SUM(1 - y) AS n FROM ({rows}) AS t GROUP BY s), "
        "ranked AS (SELECT p, n, 2 * SUM(n) OVER (ORDER BY s) - n AS v10, "
        "2 * (SUM(p) OVER () - SUM(p) OVER (ORDER BY s)) + p AS v01 FROM counted) "
        "SELECT SUM(p), SUM(n), SUM(p * v10), SUM(p * v10 * v10), SUM(n * v01), "
        "SUM(n * v01 * v01) FROM ranked",
        *parameters,
    )
    bins = squared_errors = log_loss = None
    if scored and not outside:
        epsilon = f"CAST({EPSILON!r} AS double precision)"
        given = f"GREATEST({epsilon}, LEAST(1 - {epsilon}, CASE WHEN y = 1 THEN s ELSE 1 - s END))"
        terms = ("s", "e", "e * e", "e * e * e", f"-LN({given})")
        sums = ", ".join(f"SUM(CAST(({term}) * {UNIT}.0 AS bigint))" for term in terms)
        found = source.rows(
            f"SELECT bin, COUNT(*), SUM(y), {sums} FROM (SELECT s, y, (s - y) * (s - y) AS e, "
            f"LEAST({BINS - 1}, CAST(FLOOR(s * {BINS}) AS integer)) AS bin FROM ({rows}) AS t) "
            "AS u GROUP BY bin",
            *parameters,
        )
        bins, squared_errors, log_loss = sums_of(found)
    return Scores(
        scored=scored,
        invalid=sum(cell.n for cell in cells) - scored,
        outside=outside,
        order=order_of(totals),
        bins=bins,
        squared_errors=squared_errors,
        log_loss=log_loss,
    )
