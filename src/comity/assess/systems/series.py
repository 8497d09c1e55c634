"""From rows of forecasts to sums: per site and short block of the series, never a row.

The evaluated rows are put in order (of time; else by unit, by recording, or as they stand in the
file) and cut into at most 256 short blocks. For each site and block the number of rows and the sum
of every loss come out. Means, skills, intervals and drift are arithmetic on these.

Sums of floating point numbers depend on the order of the rows, so each term is rounded to a
multiple of 2**-80 of the largest possible one and added as an integer: exact in any order.
"""

# ruff: noqa: S608  (SQL is put together from names made here; foreign text travels as parameters)

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.assess.systems.card import Card
from comity.assess.systems.engine import Progress
from comity.assess.systems.forecast_card import Forecast
from comity.assess.systems.forecast_rows import (
    MAX_SITES,
    MAX_VALUE,
    Seen,
    check,
    evaluated_part,
    finite,
    look,
    row_notes,
)
from comity.assess.systems.identifiers import check_identifiers
from comity.assess.systems.leakage import check_leakage
from comity.assess.systems.losses import losses_sql, point_as_quantiles
from comity.assess.systems.scores import check_score_type
from comity.assess.systems.source import Part, Source, open_source
from comity.assess.systems.table import stamp
from comity.errors import InputError
from comity.files import digest_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BASELINE", "Series", "read_series"]

BASELINE = "baseline."
"""Start of the names of the baseline's losses."""
FINE = 256
_BITS = 80
_ORDERS = {"time": "in time", "unit": "by unit", "recording": "by recording"}
_COUNTS = ("missed", "covered")
_COMPARED = ("mae", "mse", "pinball", "crps.plain", "crps.fair")


@dataclass(frozen=True, kw_only=True)
class Series:
    """What was summed up over a table of forecasts.

    Attributes:
        name: Name of the file.
        digest: SHA-256 of its bytes.
        rows: Rows in the file.
        evaluated: Rows of the part that is evaluated.
        forecast: How the table was read.
        order: What puts the blocks in order: `in time`, `by unit`, `by recording`, `as in file`.
        sites: Names of the sites, sorted; one without a name where the card has none.
        sizes: Scored rows by site and short block; shape (sites, blocks).
        losses: Name of a loss (see `losses_sql`; the baseline's behind `BASELINE`) to its sums, in
            the same shape.
        spans: First and last time of each block, as text; empty without a time.
        notes: What a reader should know about the data, in sentences.
    """

    name: str
    digest: str
    rows: int
    evaluated: int
    forecast: Forecast
    order: str
    sites: tuple[str, ...]
    sizes: NDArray[np.float64]
    losses: dict[str, NDArray[np.float64]]
    spans: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def read_series(card: Card, progress: Progress = lambda step, share: None) -> Series:
    """Read, check and sum up the table of a card with forecasts.

    Args:
        card: The card, resolved.
        progress: Told what comes next, and whom to ask how far it is.

    Raises:
        InputError: the table cannot be read, does not hold what the card says, or changes
            meanwhile.
    """
    path, wanted = card.table, card.asked
    assert isinstance(wanted, Forecast)
    progress("reading the file's digest", None)
    digest = digest_file(path)
    before = stamp(path)
    with open_source(path, wanted.columns, card=card.path, table="forecast") as source:
        for role in wanted.numbers:
            check_score_type(source, role)
        progress("counting rows", source.share)
        part, notes = evaluated_part(source, wanted)
        seen = look(source, part, wanted)
        check(seen, source, part, wanted)
        if "id" in wanted.labels:
            progress("comparing identifiers", source.share)
            check_identifiers(source, part)
        progress("looking for leakage", source.share)
        notes += check_leakage(source, part, wanted, seen.time)
        progress("adding up losses", source.share)
        sites, sizes, losses, spans = _sums(source, part, wanted, seen)
    if stamp(path) != before:
        raise InputError("the table changed while it was read", where=str(path))
    return Series(
        name=path.name,
        digest=digest,
        rows=seen.rows,
        evaluated=seen.evaluated,
        forecast=wanted,
        order=next(
            (words for role, words in _ORDERS.items() if role in wanted.labels), "as in file"
        ),
        sites=sites,
        sizes=sizes,
        losses=losses,
        spans=spans if seen.time else (),
        notes=(*notes, *row_notes(seen, wanted), *_span(spans if seen.time else ())),
    )


def _terms(wanted: Forecast, truth: str, number: dict[str, str]) -> dict[str, str]:
    """Name to SQL, of the losses of the forecast and of those to compare with the baseline's."""
    own = losses_sql(wanted.form, truth, number)
    if wanted.form.kind == "point":
        own = {name: sql for name, sql in own.items() if not name.startswith("crps")}
    if wanted.baseline is None:
        return own
    other = losses_sql(wanted.baseline, truth, number)
    if wanted.form.kind == "quantiles" and wanted.baseline.kind == "point":
        (role,) = wanted.baseline.roles
        other |= point_as_quantiles(wanted.form.probabilities, truth, number[role])
    return own | {
        f"{BASELINE}{name}": other[name] for name in _COMPARED if {name} <= own.keys() & other
    }


_Sums = tuple[
    tuple[str, ...],
    "NDArray[np.float64]",
    "dict[str, NDArray[np.float64]]",
    tuple[tuple[str, str], ...],
]


def _sums(source: Source, part: Part, wanted: Forecast, seen: Seen) -> _Sums:
    """Sites, sizes, losses and spans, as in `Series`."""
    import numpy as np

    number = {role: f"x{i}" for i, role in enumerate(wanted.numbers)}
    terms = _terms(wanted, number["truth"], number)
    power = max(math.frexp(2 * seen.largest)[1], -300)
    bits = {
        name: 0 if name.startswith(_COUNTS) else _BITS - power * (2 if name.endswith("mse") else 1)
        for name in terms
    }
    scored = seen.evaluated - seen.incomplete
    key = seen.time or next(
        (source.column(role) for role in ("unit", "recording") if role in wanted.labels),
        f"((row_number() OVER () - 1) * {min(FINE, max(scored, 1))}) // {max(scored, 1)}",
    )
    site = f"trim({source.column('site')}::VARCHAR)" if "site" in wanted.labels else "''"
    inside, parameters = part.sql(source)
    columns = [f"{finite(source, role)} AS {name}" for role, name in number.items()]
    complete = " AND ".join(f"({finite(source, role)}) IS NOT NULL" for role in wanted.form.roles)
    found = source.rows(
        f", picked AS (SELECT {site} AS site, {key} AS key, {', '.join(columns)} FROM source "
        f"WHERE {inside} AND {complete}), "
        f"cells AS MATERIALIZED (SELECT site, key, count(*) AS n, "
        + ", ".join(
            f"sum((({sql}) * {2.0 ** bits[name]!r})::HUGEINT) AS s{i}"
            for i, (name, sql) in enumerate(terms.items())
        )
        + " FROM picked GROUP BY site, key), "
        "keys AS (SELECT key, (row_number() OVER (ORDER BY key) - 1) "
        f"* least({FINE}, count(*) OVER ()) // count(*) OVER () AS block "
        "FROM (SELECT DISTINCT key FROM cells)), "
        "spans AS (SELECT block, min(key)::VARCHAR AS first, max(key)::VARCHAR AS last FROM keys "
        "GROUP BY block) "
        f"SELECT left(site, {MAX_VALUE + 1}), block::INTEGER, any_value(first), any_value(last), "
        f"sum(n)::BIGINT, {', '.join(f'sum(s{i})' for i in range(len(terms)))} "
        "FROM cells JOIN keys USING (key) JOIN spans USING (block) GROUP BY site, block "
        f"ORDER BY block, site LIMIT {MAX_SITES * FINE + 1}",
        *parameters,
    )
    sites = tuple(sorted({row[0] for row in found}))
    if len(sites) > MAX_SITES or any(len(name) > MAX_VALUE for name in sites):
        raise InputError(
            f"the column holds more than {MAX_SITES:,} sites, or a name of more than {MAX_VALUE} "
            "characters",
            where=source.place("site"),
        )
    place = {name: i for i, name in enumerate(sites)}
    shape = (len(sites), 1 + max((row[1] for row in found), default=-1))
    sizes, losses = np.zeros(shape), {name: np.zeros(shape) for name in terms}
    spans = [("", "")] * shape[1]
    for name, block, first, last, n, *sums in found:
        sizes[place[name], block] = n
        spans[block] = (_date(first), _date(last))
        for term, total in zip(terms, sums, strict=True):
            losses[term][place[name], block] = math.ldexp(float(int(total)), -bits[term])
    return sites, sizes, losses, tuple(spans)


def _span(spans: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"The evaluated rows reach from {spans[0][0]} to {spans[-1][1]}."] if spans else []


def _date(text: str | None) -> str:
    return (text or "").removesuffix(" 00:00:00").removesuffix(".0")
