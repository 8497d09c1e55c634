"""The evaluated rows by window in time and by site: counts, as for groups.

Windows are made by one rule, which every laboratory can repeat: the evaluated rows in order of
time, cut into four of nearly equal count, rows of one time kept together. A window is named by its
place, so that a table in a database gives away no time.
"""

# ruff: noqa: S608  (SQL is put together from names made here; foreign text travels as parameters)

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from comity.assess.systems.cells import MAX_GROUPS, MAX_VALUE, Cell, decision_sql
from comity.assess.systems.labels import group_label, shown
from comity.assess.systems.predictions_card import Predictions
from comity.assess.systems.source import Located, Part, Source
from comity.assess.systems.times import absent, way, ways
from comity.errors import InputError

__all__ = [
    "WINDOWS",
    "Places",
    "missing_places",
    "placed",
    "read_places",
    "sites_sql",
    "windows_sql",
]

WINDOWS = 4
"""Windows of nearly equal count into which the evaluated rows are cut."""


class Places(NamedTuple):
    """The evaluated rows by window and by site; each cell has one group: the window, or the site.

    Attributes:
        windows: By window, named `1 of 4` and so on; None without a time or without decisions.
        sites: By site; None without a site or without decisions.
        notes: What a reader should know about them, in sentences.
    """

    windows: list[Cell] | None = None
    sites: list[Cell] | None = None
    notes: tuple[str, ...] = ()


def windows_sql(rows: str, *, spans: str = "") -> str:
    """Common table expressions and a query; `rows` selects `t`, `truth` and `prediction`.

    A row's window is the number of rows before its time, in fourths of all: compared by products
    of integers, so exact everywhere. `spans` is what else to say of a window.
    """
    place = " ".join(
        f"WHEN {WINDOWS} * before >= {number} * total THEN {number + 1}"
        for number in range(WINDOWS - 1, 0, -1)
    )
    return (
        f"counted AS MATERIALIZED (SELECT t, truth, prediction, COUNT(*) AS n FROM ({rows}) AS r "
        "GROUP BY t, truth, prediction), "
        "times AS (SELECT t, SUM(n) AS n FROM counted GROUP BY t), "
        "ranked AS (SELECT t, SUM(n) OVER (ORDER BY t) - n AS before, SUM(n) OVER () AS total "
        "FROM times), "
        f"placed AS (SELECT t, CASE {place} ELSE 1 END AS place FROM ranked) "
        f"SELECT place, truth, prediction, SUM(n){spans} FROM counted JOIN placed USING (t) "
        "GROUP BY place, truth, prediction"
    )


def sites_sql(rows: str) -> str:
    """A query; `rows` selects `site`, `truth` and `prediction`."""
    return (
        f"SELECT site, truth, prediction, COUNT(*) FROM ({rows}) AS r "
        f"GROUP BY site, truth, prediction LIMIT {6 * MAX_GROUPS + 1}"
    )


def placed(
    source: Located,
    windows: Iterable[tuple[Any, ...]] | None,
    sites: Iterable[tuple[Any, ...]] | None,
    notes: tuple[str, ...] = (),
) -> Places:
    """Cells from the lines of the two queries.

    Raises:
        InputError: a row has no site, there are too many, or the name of one is too long.
    """
    by_window = None if windows is None else [
        _cell(f"{line[0]} of {WINDOWS}", line) for line in windows
    ]  # fmt: skip
    by_site = None if sites is None else [_cell(line[0], line) for line in sites]
    if missing := sum(cell.n for cell in by_site or () if not group_label(cell.groups[0])):
        raise missing_places(source, "site", missing)
    names = {cell.groups[0] or "" for cell in by_site or ()}
    if len(names) > MAX_GROUPS or any(len(name) > MAX_VALUE for name in names):
        raise InputError(
            f"the column holds more than {MAX_GROUPS:,} sites, or a name of more than {MAX_VALUE} "
            "characters",
            where=source.place("site"),
        )
    return Places(by_window, by_site, notes)


def missing_places(source: Located, role: str, rows: int, row: int = 0) -> InputError:
    """What is said where evaluated rows have no time, or no site."""
    return InputError(
        f"{rows:,} evaluated rows have no {role}",
        where=source.place(role, row),
        hint="Leave out the rows where it is not known, and tell so in the card.",
    )


def _cell(name: str, line: tuple[Any, ...]) -> Cell:
    _, truth, prediction, n = line[:4]
    return Cell(truth, prediction, None, (name,), int(n), 0, 0, 0)


def read_places(source: Source, part: Part, wanted: Predictions) -> Places:
    """Count the evaluated rows of a file by window and by site.

    Args:
        source: The table; it has decisions.
        part: The rows that are evaluated.
        wanted: How the table is read.

    Raises:
        InputError: a time or a site is missing or cannot be read, or there are too many sites.
    """
    inside, evaluated = part.sql(source)
    decision, parameters = decision_sql(source, wanted)
    classes = (
        f"left({source.column('truth')}::VARCHAR, {MAX_VALUE + 1}) AS truth, "
        f"left(({decision})::VARCHAR, {MAX_VALUE + 1}) AS prediction FROM source WHERE {inside}"
    )
    given = (*parameters, *evaluated)
    windows = sites = None
    notes: tuple[str, ...] = ()
    if wanted.time is not None:
        time = _time(source, part)
        spans = ", MIN(t), MAX(t)"
        query = windows_sql(f"SELECT {time} AS t, {classes}", spans=spans)
        windows = source.rows(f", {query}", *given)
        notes = (_spans(windows),)
    if wanted.site is not None:
        _check_sites(source, part)
        site = f"left(trim({source.column('site')}::VARCHAR), {MAX_VALUE + 1})"
        sites = source.rows(sites_sql(f"SELECT {site} AS site, {classes}"), *given)
    return placed(source, windows, sites, notes)


def _time(source: Source, part: Part) -> str:
    """SQL of the time of an evaluated row."""
    inside, parameters = part.sql(source)
    asked = ", ".join(f"count_if({sql} IS NULL)" for sql in ways(source))
    (found,) = source.rows(
        f"SELECT count_if({absent(source, 'time')}), {asked} FROM source WHERE {inside}",
        *parameters,
    )
    _check_absent(source, part, "time", found[0])
    return way(source, part, found[1], found[2])


def _check_sites(source: Source, part: Part) -> None:
    inside, parameters = part.sql(source)
    (found,) = source.rows(
        f"SELECT count_if({absent(source, 'site')}) FROM source WHERE {inside}", *parameters
    )
    _check_absent(source, part, "site", found[0])


def _check_absent(source: Source, part: Part, role: str, missing: int) -> None:
    if missing:
        row, _ = source.first(role, part, f"({absent(source, role)})")
        raise missing_places(source, role, missing, row)


def _spans(lines: list[tuple[Any, ...]]) -> str:
    """When the windows are, in a sentence; a file may tell."""
    spans: dict[int, tuple[Any, Any]] = {}
    for place, _, _, _, first, last in lines:
        known = spans.get(place, (first, last))
        spans[place] = (min(known[0], first), max(known[1], last))
    told = "; ".join(f"{_date(spans[one][0])} to {_date(spans[one][1])}" for one in sorted(spans))
    return f"The windows in time are {told}."


def _date(time: object) -> str:
    text = str(time).removesuffix(" 00:00:00").removesuffix(".0")
    return shown(text)[1:-1]
