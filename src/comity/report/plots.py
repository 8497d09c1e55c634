"""Plots as markup: rows of dots with intervals, reliability curves, people.

Where a plot has rows it *is* a table: the dot stands in the row of its own numbers, so nothing has
to be looked up in a second place, a screen reader reads a table, and a telephone shows the same at
full size. The small SVGs use percentages for places and pixels for sizes: they stretch, and
neither dots nor letters are distorted or shrunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from comity.report.foreign import foreign
from comity.report.numbers import NOTHING, Estimate, aligned
from comity.report.page import render

__all__ = ["Bin", "Columns", "Row", "interval_plot", "people_dots", "reliability_plot"]

_NICE_ENDS = tuple(Decimal(end) for end in ("0.05", "0.1", "0.2", "0.5", "1"))
_STEPS = 5
"""Parts of an axis: every nice end is divided evenly by five."""

_SIDE = 288
"""Side of the reliability square; with its margins it fits a 320 px wide telephone unshrunk."""


class Row(NamedTuple):
    """One line of an interval plot.

    Attributes:
        label: What the line is about; text that came with a file.
        estimate: The number, or None where there is none.
        cases: How many cases it rests on, as text.
        note: Said in place of a number that is missing, or of an interval that is.
        truth: Where the value truly lies, in a simulation; marked in the drawing.
    """

    label: str | Markup
    estimate: Estimate | None
    cases: str = ""
    note: str = ""
    truth: Decimal | None = None


class Columns(NamedTuple):
    """Headings of an interval plot."""

    label: str
    value: str
    interval: str
    cases: str


class Bin(NamedTuple):
    """One bin of a reliability curve.

    Attributes:
        stated: Mean score in the bin, 0 to 1.
        observed: Observed rate in the bin with its interval; None where withheld.
        n: Rows in the bin.
    """

    stated: Estimate
    observed: Estimate | None
    n: int


def interval_plot(
    rows: Sequence[Row],
    *,
    caption: str | Markup,
    columns: Columns,
    reference: Decimal | None = None,
) -> Markup:
    """Dots with intervals, one row each, in a table with the numbers beside them.

    Args:
        rows: In the order in which they shall stand.
        caption: What is shown; the name of the table.
        columns: Headings of the table.
        reference: A place marked on every row, for instance 1 where a ratio means *alike*.

    Returns:
        A `<table>`. The axis begins at zero (below it only where values are), so that the length
        from the edge can be compared by eye.
    """
    estimates = aligned([row.estimate for row in rows])
    rows = [row._replace(estimate=one) for row, one in zip(rows, estimates, strict=True)]
    start, end = _scale(estimates, (reference, *(row.truth for row in rows)))
    unit = next((one.unit for one in estimates if one), "ratio")
    ticks = [start + (end - start) * step / _STEPS for step in range(_STEPS + 1)]
    lines = [
        {
            "label": row.label if isinstance(row.label, Markup) else foreign(row.label),
            "point": _place(row.estimate.point, start, end) if row.estimate else None,
            "low": _place(row.estimate.low, start, end) if row.estimate else None,
            "high": _place(row.estimate.high, start, end) if row.estimate else None,
            "text": row.estimate.text if row.estimate else NOTHING,
            "interval": row.estimate.interval_text if row.estimate else NOTHING,
            "cases": row.cases or NOTHING,
            "note": row.note,
            "truth": _place(row.truth, start, end),
        }
        for row in rows
    ]
    return render(
        "interval_plot.html.j2",
        lines=lines,
        caption=caption,
        columns=columns,
        grid=[_place(tick, start, end) for tick in ticks],
        ticks=[(_place(tick, start, end), _tick_text(tick, unit, tick == end)) for tick in ticks],
        reference=_place(reference, start, end),
    )


def reliability_plot(
    bins: Sequence[Bin], *, title: str, description: str, stated: str, observed: str, rows: str
) -> Markup:
    """What the model said against what happened: one dot with its interval per bin.

    Args:
        bins: By rising stated probability; withheld bins are left out of the drawing.
        title: Name of the drawing.
        description: The drawing in one sentence, for those who do not see it.
        stated: Name of the horizontal axis.
        observed: Name of the vertical axis.
        rows: Name of the bars below, which show how many rows each bin holds.

    Returns:
        An `<svg role="img">`; on the diagonal, what was said is what happened.
    """
    most = max((one.n for one in bins if one.observed), default=0) or 1
    dots = [
        {
            "x": round(float(one.stated.point) * _SIDE, 2),
            "y": _from_top(one.observed.point),
            "low": _from_top(one.observed.low),
            "high": _from_top(one.observed.high),
            "bar": round(40 * one.n / most, 2),
        }
        for one in bins
        if one.observed is not None
    ]
    return render(
        "reliability_plot.html.j2",
        dots=dots,
        side=_SIDE,
        quarters=[(_SIDE * part // 4, 25 * part) for part in range(5)],
        title=title,
        description=description,
        stated=stated,
        observed=observed,
        rows=rows,
    )


def people_dots(
    reached: int, low: int, high: int, *, title: str, description: str, columns: int = 10
) -> Markup:
    """A hundred people, of whom some are reached.

    Args:
        reached: How many of 100, to the nearest person.
        low: Lower end of the interval, rounded down.
        high: Upper end of the interval, rounded up.
        title: Name of the drawing.
        description: The drawing in one sentence, for those who do not see it.
        columns: People in a row.

    Returns:
        An `<svg role="img">`. Full figures are reached, also by the lower end of the interval;
        half-tone figures lie inside it; outlines are not reached.

    Raises:
        ValueError: the numbers are not 0 ≤ low ≤ reached ≤ high ≤ 100.
    """
    if not 0 <= low <= reached <= high <= 100:
        raise ValueError(f"0 ≤ {low} ≤ {reached} ≤ {high} ≤ 100 does not hold")
    people = [
        {
            "x": 24 * (index % columns) + 12,
            "y": 30 * (index // columns) + 4,
            "kind": _kind(index, reached, low, high),
        }
        for index in range(100)
    ]
    return render(
        "people_dots.html.j2",
        people=people,
        width=24 * columns,
        height=30 * -(-100 // columns),
        title=title,
        description=description,
    )


def _kind(index: int, reached: int, low: int, high: int) -> str:
    if index < low:
        return "sure"
    if index < reached:
        return "likely"
    return "possible" if index < high else "missed"


def _scale(
    estimates: Iterable[Estimate | None], others: Iterable[Decimal | None]
) -> tuple[Decimal, Decimal]:
    """Start and end of an axis: from zero to the nearest round number that holds everything."""
    held = [
        value
        for estimate in estimates
        if estimate is not None
        for value in (estimate.point, estimate.low, estimate.high)
        if value is not None
    ]
    held += [value for value in others if value is not None]
    largest = max((abs(value) for value in held), default=Decimal(1))
    end = next((end for end in _NICE_ENDS if largest <= end), None)
    if end is None:
        magnitude = Decimal(1).scaleb(largest.adjusted())
        end = next(magnitude * step for step in (1, 2, 5, 10) if largest <= magnitude * step)
    return (-end if any(value < 0 for value in held) else Decimal(0)), end


def _place(value: Decimal | None, start: Decimal, end: Decimal) -> float | None:
    """Percent of the way from `start` to `end`."""
    if value is None:
        return None
    return round(float((value - start) / (end - start)) * 100, 3)


def _from_top(value: Decimal | None) -> float | None:
    return None if value is None else round((1 - float(value)) * _SIDE, 2)


def _tick_text(value: Decimal, unit: str, last: bool) -> str:
    """The number at a tick; the unit stands at the last one only."""
    percent = unit in ("rate", "probability", "difference")
    shown = value * 100 if percent else value
    text = f"{shown.normalize():f}".replace("-", "\u2212")
    return f"{text}\u202f%" if last and unit in ("rate", "probability") else text
