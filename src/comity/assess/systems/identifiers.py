"""Identifiers: each evaluated row once, and no one of them in training."""

# ruff: noqa: S608  (SQL is put together from names made here; foreign text travels as parameters)

from __future__ import annotations

from comity.assess.systems.labels import shown
from comity.assess.systems.source import Part, Source
from comity.errors import InputError

__all__ = ["check_identifiers"]


def check_identifiers(source: Source, part: Part) -> None:
    """Make sure that evaluated rows have an identifier of their own.

    Raises:
        InputError: an identifier is missing, stands twice, or stands in another part too.
    """
    evaluated, parameters = part.sql(source)
    column = source.column("id")
    (found,) = source.rows(
        "SELECT count_if(twice), min(id) FILTER (twice), max(inside) FILTER (twice), "
        "count_if(leaked), min(id) FILTER (leaked), sum(inside) FILTER (missing) "
        "FROM (SELECT id::VARCHAR AS id, inside, id IS NULL OR trim(id::VARCHAR) = '' AS missing, "
        "NOT missing AND inside > 1 AS twice, NOT missing AND inside > 0 AND outside > 0 AS leaked "
        f"FROM (SELECT {column} AS id, count_if({evaluated}) AS inside, "
        f"count(*) - inside AS outside FROM source GROUP BY {column}))",
        *parameters,
    )
    repeated, twice, times, leaks, leaked, missing = found
    if missing:
        raise InputError(
            f"{int(missing):,} evaluated rows have no identifier",
            where=source.place("id"),
            hint="Fill the column, or leave `id` out of the card.",
        )
    if leaks:
        raise InputError(
            f"{leaks:,} identifiers stand in the evaluated part and in another part too, "
            f"for instance {shown(leaked)}",
            where=source.place("id"),
            hint="What was seen in training says nothing about new cases: split by identifier.",
        )
    if repeated:
        raise InputError(
            f"{repeated:,} identifiers stand more than once, for instance {shown(twice)}, "
            f"up to {times:,} times",
            where=source.place("id"),
            hint="Repeated rows make intervals too narrow: keep one row for each identifier.",
        )
