"""Scores: checked, and added up so that the sums are the same in any order.

Sums of floating point numbers depend on the order of the rows, and threads change that order. So
each term is rounded to a multiple of 2**-52 and added as an integer: at most 1.2e-16 is lost per
term, and two runs, machines and kinds of file agree to the last digit.
"""

# ruff: noqa: S608  (SQL is put together from names made here; foreign text travels as parameters)

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.assess.systems.labels import MISSING, shown
from comity.assess.systems.source import Part, Source
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.statistics import DelongSums

__all__ = [
    "BINS",
    "EPSILON",
    "UNIT",
    "Bin",
    "Scores",
    "check_score_type",
    "order_of",
    "order_sums",
    "read_scores",
    "score_sql",
    "sums_of",
    "unreadable_score",
]

BINS = 10
"""Score bins of equal width; the last one includes 1."""
EPSILON = 2.220446049250313e-16
"""Probabilities nearer to 0 or 1 than this are clipped in the log loss, as scikit-learn does."""
UNIT = 2**52
_NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*")


@dataclass(frozen=True, kw_only=True)
class Bin:
    """The rows whose score lies in one bin: how many, how many positive, and their scores' sum."""

    rows: int
    positives: int
    score_sum: float


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Sums over the evaluated rows that have a score.

    Attributes:
        scored: Rows with a finite score.
        invalid: Rows without.
        outside: Rows whose score is below 0 or above 1; if any, the scores are no probabilities.
        order: DeLong's sums; None unless both classes have scores.
        bins: Ten score bins from low to high; None unless the scores are probabilities.
        squared_errors: Sums of x, x² and x³ of x = (score − outcome)²; None as above.
        log_loss: Sum of −log of the probability given to what happened; None as above.
    """

    scored: int
    invalid: int
    outside: int
    order: DelongSums | None
    bins: tuple[Bin, ...] | None
    squared_errors: tuple[float, float, float] | None
    log_loss: float | None


def score_sql(source: Source, role: str = "score") -> tuple[str, str]:
    """SQL for the score as a number (or null), and for whether it is neither number nor missing."""
    raw = source.column(role)
    if source.types[role] != "VARCHAR":
        return f"{raw}::DOUBLE", "false"
    missing = ", ".join(f"'{word}'" for word in MISSING)
    number = f"TRY_CAST({raw} AS DOUBLE)"
    return number, f"({number} IS NULL AND lower(trim({raw})) NOT IN ({missing}))"


def check_score_type(source: Source, role: str = "score") -> None:
    """Make sure that the score column, or another one, can hold numbers.

    Raises:
        InputError: it holds something else.
    """
    kind = source.types[role]
    if kind != "VARCHAR" and not _NUMBERS.fullmatch(kind):
        raise InputError(
            f"the column holds values of type {kind[:40]}; a {role.partition('.')[0]} is a number",
            where=source.place(role),
        )


def unreadable_score(source: Source, part: Part, count: int) -> InputError:
    """The error for scores that are neither a number nor missing; names the first."""
    row, value = source.first("score", part, score_sql(source)[1])
    return InputError(
        f"{count:,} scores are no numbers, the first is {shown(value or '')}",
        where=source.place("score", row),
        hint="Write a decimal point, not a comma." if "," in (value or "") else "",
    )


def read_scores(
    source: Source, part: Part, positive: list[str], *, scored: int, invalid: int, outside: int
) -> Scores:
    """Add up the scores of the evaluated rows.

    Args:
        source: The table.
        part: The rows that are evaluated.
        positive: How the file writes the positive class in the truth column.
        scored: Rows with a finite score.
        invalid: Rows without.
        outside: Rows whose score is below 0 or above 1.
    """
    given = _scored_rows(source, part, positive)
    order = order_sums(source, *given)
    probabilities = scored > 0 and outside == 0
    bins, squared_errors, log_loss = _sums(source, *given) if probabilities else (None, None, None)
    return Scores(
        scored=scored,
        invalid=invalid,
        outside=outside,
        order=order,
        bins=bins,
        squared_errors=squared_errors,
        log_loss=log_loss,
    )


def _scored_rows(source: Source, part: Part, positive: list[str]) -> tuple[str, list[object]]:
    """SQL for the evaluated rows with a score: `s`, and `y`, which is 1 for a positive row."""
    score, _ = score_sql(source)
    inside, parameters = part.sql(source)
    sql = (
        f"SELECT {score} AS s, list_contains(?, {source.column('truth')}::VARCHAR)::INTEGER AS y "
        f"FROM source WHERE isfinite({score}) AND {inside}"
    )
    return sql, [positive, *parameters]


def order_sums(source: Source, scored: str, parameters: list[object]) -> DelongSums | None:
    """DeLong's sums, exactly: all in integers, ties counted as halves. None: one class only.

    `scored` is SQL for rows with a number `s`, and `y`, which is 1 for a positive row and else 0.
    For each distinct score, twice the number of negatives below (ties half), and twice the number
    of positives above; summed over positives and over negatives.
    """
    (totals,) = source.rows(
        f", counted AS (SELECT s, sum(y)::HUGEINT AS p, sum(1 - y)::HUGEINT AS n FROM ({scored}) "
        "GROUP BY s), ranked AS (SELECT p, n, "
        "2 * sum(n) OVER below - n AS v10, 2 * (sum(p) OVER () - sum(p) OVER below) + p AS v01 "
        "FROM counted WINDOW below AS (ORDER BY s)) SELECT sum(p), sum(n), sum(p * v10), "
        "sum(p * v10 * v10), sum(n * v01), sum(n * v01 * v01) FROM ranked",
        *parameters,
    )
    return order_of(totals)


def order_of(totals: Iterable[Any]) -> DelongSums | None:
    """DeLong's sums from the six integers of `order_sums`."""
    positives, negatives, v10, v10_squared, v01, v01_squared = (int(total or 0) for total in totals)
    if positives == 0 or negatives == 0:
        return None
    from comity.statistics import DelongSums

    return DelongSums(
        positives,
        negatives,
        v10 / (2 * negatives),
        v10_squared / (4 * negatives**2),
        v01 / (2 * positives),
        v01_squared / (4 * positives**2),
    )


def _sums(
    source: Source, scored: str, parameters: list[object]
) -> tuple[tuple[Bin, ...], tuple[float, float, float], float]:
    given = f"greatest({EPSILON!r}, least(1 - {EPSILON!r}, CASE WHEN y = 1 THEN s ELSE 1 - s END))"
    terms = ("s", "e", "e * e", "e * e * e", f"-ln({given})")
    sums = ", ".join(f"sum(({term} * {UNIT}.0)::BIGINT)" for term in terms)
    found = source.rows(
        f"SELECT least({BINS - 1}, floor(s * {BINS}))::INTEGER AS bin, count(*), sum(y), {sums} "
        f"FROM (SELECT *, (s - y) * (s - y) AS e FROM ({scored})) GROUP BY bin ORDER BY bin",
        *parameters,
    )
    return sums_of(found)


def sums_of(
    found: Iterable[tuple[Any, ...]],
) -> tuple[tuple[Bin, ...], tuple[float, float, float], float]:
    """Bins, power sums and loss from lines of bin, rows, positives and five sums in units."""
    by_bin = {int(row[0]): [int(value) for value in row[1:]] for row in found}
    nothing = [0] * 7
    bins = tuple(
        Bin(rows=row[0], positives=row[1], score_sum=row[2] / UNIT)
        for row in (by_bin.get(number, nothing) for number in range(BINS))
    )
    e1, e2, e3, loss = (
        sum(row[position] for row in by_bin.values()) / UNIT for position in (3, 4, 5, 6)
    )
    return bins, (e1, e2, e3), loss
