"""One look at the rows of forecasts: how many, what is missing, what cannot be read."""

# ruff: noqa: S608  (SQL is put together from names made here; foreign text travels as parameters)

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from comity.assess.systems.forecast_card import Forecast
from comity.assess.systems.labels import shown
from comity.assess.systems.scores import score_sql
from comity.assess.systems.source import Part, Source
from comity.assess.systems.times import absent, way, ways
from comity.errors import InputError

__all__ = [
    "MAX_SITES",
    "MAX_VALUE",
    "Seen",
    "check",
    "evaluated_part",
    "finite",
    "look",
    "row_notes",
]

LARGEST = 1e100
"""Larger numbers are refused: their squares have no number."""
MAX_PARTS = 100
MAX_SITES = 1_000
MAX_VALUE = 500


class Seen(NamedTuple):
    """What one look at the evaluated rows showed.

    Attributes:
        rows: Rows in the file.
        evaluated: Rows of the part that is evaluated.
        unreadable: By role of a number: values that are neither a number nor missing.
        missing: By role: rows without a value, or without a finite one.
        incomplete: Rows without a complete forecast.
        largest: The largest number, without its sign.
        crossed: Rows whose quantiles, or ends, are out of order.
        sites: About how many sites there are.
        time: SQL of the time as it is ordered; empty without a time.
    """

    rows: int
    evaluated: int
    unreadable: dict[str, int]
    missing: dict[str, int]
    incomplete: int
    largest: float
    crossed: int
    sites: int
    time: str


def evaluated_part(source: Source, wanted: Forecast) -> tuple[Part, list[str]]:
    """The rows that are evaluated, and a note on the others."""
    if "split" not in wanted.labels:
        return Part(None), []
    found = source.rows(
        f"SELECT left({source.column('split')}::VARCHAR, {MAX_VALUE}), count(*) FROM source "
        f"GROUP BY ALL LIMIT {MAX_PARTS + 1}"
    )
    if len(found) > MAX_PARTS:
        raise InputError(
            f"the column holds more than {MAX_PARTS} parts", where=source.place("split")
        )
    inside = sorted(value for value, _ in found if value and value.strip() == wanted.evaluate)
    others = {value or "": n for value, n in found if value not in inside}
    named = ", ".join(shown(value) for value in sorted(others)[:5])
    if not inside:
        raise InputError(
            f"no row belongs to the part {shown(wanted.evaluate)} that is evaluated",
            where=source.place("split"),
            hint=f"The parts are {named}." if others else "",
        )
    if not others:
        return Part(None), []
    note = (
        f"{sum(others.values()):,} rows belong to other parts than {shown(wanted.evaluate)} and "
        f"are not evaluated: {named}."
    )
    return Part(tuple(inside)), [note]


def finite(source: Source, role: str) -> str:
    """SQL of a finite number, or null."""
    number, _ = score_sql(source, role)
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def look(source: Source, part: Part, wanted: Forecast) -> Seen:
    """Count what is there and what is not, in one scan.

    Raises:
        InputError: the times can be read neither as numbers nor as dates.
    """
    inside, parameters = part.sql(source)
    numbers = {role: finite(source, role) for role in wanted.numbers}
    labels = [role for role in ("site", "unit", "recording", "time") if role in wanted.labels]
    complete = " AND ".join(f"({numbers[role]}) IS NOT NULL" for role in wanted.form.roles)
    ordered = list(wanted.form.roles) if wanted.form.kind in ("quantiles", "interval") else []
    crossed = " OR ".join(
        f"({numbers[low]}) > ({numbers[high]})" for low, high in pairwise(ordered)
    )
    asked = [
        "count(*)",
        f"count_if(NOT ({complete}))",
        f"max(greatest({', '.join(f'abs({sql})' for sql in numbers.values())}))",
        f"count_if({crossed or 'false'})",
        *(f"count_if({score_sql(source, role)[1]})" for role in numbers),
        *(f"count_if(({sql}) IS NULL)" for sql in numbers.values()),
        *(f"count_if({absent(source, role)})" for role in labels),
        f"approx_count_distinct({source.column('site')})" if "site" in labels else "0",
        *(f"count_if({sql} IS NULL)" for sql in ways(source) if "time" in labels),
    ]
    (total,) = source.rows("SELECT count(*) FROM source")
    (found,) = source.rows(f"SELECT {', '.join(asked)} FROM source WHERE {inside}", *parameters)
    head, tail = found[:4], list(found[4:])
    unreadable = dict(zip(numbers, tail, strict=False))
    missing = dict(zip([*numbers, *labels], tail[len(numbers) :], strict=False))
    after = tail[2 * len(numbers) + len(labels) :]
    return Seen(
        rows=total[0],
        evaluated=head[0],
        unreadable=unreadable,
        missing=missing,
        incomplete=head[1],
        largest=float(head[2] or 0),
        crossed=head[3] or 0,
        sites=after[0],
        time=way(source, part, after[1], after[2]) if missing.get("time") == 0 else "",
    )


def check(seen: Seen, source: Source, part: Part, wanted: Forecast) -> None:
    """Whatever must not be.

    Raises:
        InputError: there is no row, a number cannot be read, or something is missing.
    """
    if seen.evaluated == 0:
        raise InputError("the table has column names but no rows", where=str(source.path))
    for role, count in seen.unreadable.items():
        if count:
            row, value = source.first(role, part, score_sql(source, role)[1])
            raise InputError(
                f"{count:,} values are no numbers, the first is {shown(value or '')}",
                where=source.place(role, row),
                hint="Write a decimal point, not a comma." if "," in (value or "") else "",
            )
    baseline = wanted.baseline.roles if wanted.baseline else {}
    for role, count in seen.missing.items():
        if count and (role == "truth" or role in baseline or role in wanted.labels):
            sql = (
                absent(source, role)
                if role in wanted.labels
                else f"({finite(source, role)}) IS NULL"
            )
            row, _ = source.first(role, part, f"({sql})")
            what = "baseline" if role in baseline else role
            raise InputError(
                f"{count:,} evaluated rows have no {what}",
                where=source.place(role, row),
                hint="A naive baseline can be given for every row: it is compared on all of them."
                if role in baseline
                else "Leave out the rows where it is not known, and tell so in the card.",
            )
    if seen.largest > LARGEST:
        raise InputError(
            f"a value is larger than {LARGEST:g}, too large to be squared", where=str(source.path)
        )
    if seen.sites > 2 * MAX_SITES:
        raise InputError(
            f"the column holds about {seen.sites:,} sites, more than {MAX_SITES:,}",
            where=source.place("site"),
        )


def row_notes(seen: Seen, wanted: Forecast) -> Iterator[str]:
    """What a reader should know about the rows, in sentences."""
    if seen.incomplete:
        yield (
            f"{seen.incomplete:,} of {seen.evaluated:,} evaluated rows have no complete forecast; "
            "they count as invalid."
        )
    if seen.crossed:
        yield f"In {seen.crossed:,} evaluated rows the stated quantiles, or ends, are out of order."
    if "time" not in wanted.labels:
        yield "No time is given, so drift in time cannot be seen."
    if not wanted.split_rule:
        yield "The card does not say how the evaluated rows were kept apart from training."
    if wanted.baseline is not None and not wanted.baseline_rule:
        yield "The card does not say what the baseline is."
    if "id" not in wanted.labels:
        yield "No identifier is given, so repeated rows cannot be found."
