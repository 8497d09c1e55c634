"""From cells to districts: exceedance probabilities, by area.

Three questions are told apart, because they have different answers:
- `mean`: the share of the district's area that is expected to be hit: the mean of the cells'
  probabilities, weighted by the area of the district in each cell.
- `peak`: the greatest probability of any one place in it: the largest of its cells' probabilities.
- `anywhere`: the probability that any place in it is hit: the share of members in which one of its
  cells is. It needs members, and is never below `peak`.

1. For `peak` and `anywhere` a cell counts if at least half of it lies in the district, or if it is
   one of the largest pieces: so many that the others hold less than 5 % of the district together.
   A sliver of a neighbour's cell does not alarm a district; a district smaller than a cell is never
   without, and of a thin coast or of many small islands every part counts.
2. A district has data if the grid covers at least 99.9 % of its area and none of its cells is
   missing; else it is no data, with the reason. It is never taken from the rest.
3. With members, a probability is the share of members above (or below) the threshold, the control
   counted as one; with a probability product, it is the product's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from comity.errors import InputError
from early_warning.grids.ensemble import Ensemble
from early_warning.grids.field import Field, Threshold
from early_warning.grids.gates import NoData
from early_warning.grids.regular import Cells, RegularGrid

__all__ = [
    "How",
    "Odds",
    "Weights",
    "from_members",
    "from_probabilities",
    "gaps",
    "member_values",
]

How = Literal["mean", "peak", "anywhere"]

COVERED = 0.999
"""Share of a district's area that the grid must cover."""

MIN_OF_CELL = 0.5
"""A cell counts for `peak` and `anywhere` if this share of it lies in the district,"""

LEFT_OUT = 0.05
"""… or unless it and all smaller pieces hold less than this share of the district together."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Which cells make up each district: a sparse table in rows of districts.

    Attributes:
        codes: The districts, shape (districts,).
        cells: All cells that any district touches, and their grid.
        start: Where each district's entries begin, shape (districts + 1,).
        entry: Which of `cells.index`, shape (entries,).
        of_district: Share of the district's area in the cell, on the sphere, shape (entries,).
        of_cell: Share of the cell's area in the district, shape (entries,).
    """

    codes: tuple[str, ...]
    cells: Cells
    start: NDArray[np.int64]
    entry: NDArray[np.int64]
    of_district: NDArray[np.float64]
    of_cell: NDArray[np.float64]

    def covered(self) -> NDArray[np.float64]:
        """Share of each district's area that the grid covers, shape (districts,)."""
        counts = np.bincount(self._rows(), self.of_district, minlength=len(self.codes))
        return np.asarray(counts, dtype=np.float64)

    def mean(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Area-weighted mean over each district.

        Args:
            values: On `cells`, shape (…, cells).

        Returns:
            Shape (…, districts); not a number for a district without entries.
        """
        parts = values[..., self.entry].astype(np.float64) * self.of_district
        total = _reduce(np.add, parts, self.start)
        with np.errstate(invalid="ignore", divide="ignore"):
            return total / self.covered()

    def largest(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Largest value among the cells that count (rule 1); shapes as for `mean`."""
        start, entry = self._counting()
        return _reduce(np.maximum, values[..., entry].astype(np.float64), start)

    def smallest(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Smallest value among the cells that count (rule 1); shapes as for `mean`."""
        start, entry = self._counting()
        return _reduce(np.minimum, values[..., entry].astype(np.float64), start)

    def missing(self, values: NDArray[np.float32]) -> NDArray[np.int64]:
        """Number of cells of each district without a value, shape (districts,)."""
        absent = np.isnan(values).reshape(-1, values.shape[-1]).sum(axis=0) > 0
        counts = np.bincount(self._rows(), absent[self.entry], minlength=len(self.codes))
        return counts.astype(np.int64)

    def _rows(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self.codes)), np.diff(self.start))

    def _counting(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rule 1: the entries that count, as a sparse table of their own."""
        rows = self._rows()
        share = self.of_district[np.lexsort((self.of_district, rows))]
        before = np.concatenate([[0.0], np.cumsum(share)])
        together = before[1:] - before[self.start[:-1]][rows]  # with all that are smaller
        enough = np.where(together >= LEFT_OUT, share, np.inf)
        least = _reduce(np.minimum, enough, self.start)
        keep = (self.of_cell >= MIN_OF_CELL) | (self.of_district >= least[rows])
        counts = np.bincount(rows[keep], minlength=len(self.codes))
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), self.entry[keep]


def _reduce(
    function: np.ufunc, parts: NDArray[np.float64], start: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Reduce runs of the last axis; a district without entries has not a number."""
    lengths = np.diff(start)
    result = np.full((*parts.shape[:-1], len(lengths)), np.nan)
    filled = lengths > 0
    if filled.any():
        # The run of a filled district ends where the next filled one begins.
        result[..., filled] = function.reduceat(parts, start[:-1][filled], axis=-1)
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """What is known of one event in one district.

    Attributes:
        code: The district.
        probability: 0 to 1; null where there is no data.
        no_data: Why not; null where there is a probability.
    """

    code: str
    probability: float | None
    no_data: NoData | None


def from_members(
    ensemble: Ensemble | NoData, threshold: Threshold, weights: Weights, how: How
) -> tuple[Odds, ...]:
    """The probability of an event in every district, from an ensemble's members.

    Args:
        ensemble: What `ensembles` gave; no data there is no data in every district.
        threshold: The event.
        weights: Of the ensemble's grid.
        how: Which question to answer.

    Raises:
        InputError: the threshold has other units, or the weights are of another grid.
    """
    if isinstance(ensemble, NoData):
        return _nowhere(ensemble, weights)
    if threshold.units != ensemble.units:
        raise InputError(
            f"the threshold is in {threshold.units}, {ensemble.name} in {ensemble.units}",
            where=ensemble.source,
        )
    _check(ensemble.grid, ensemble.values, weights, ensemble.source)
    with np.errstate(invalid="ignore"):
        hit = (
            ensemble.values > threshold.value
            if threshold.side == "above"
            else ensemble.values < threshold.value
        ).astype(np.float32)
    if how == "anywhere":
        found = weights.largest(hit).mean(axis=0)
    else:
        share = hit.mean(axis=0, dtype=np.float64).astype(np.float32)
        found = weights.mean(share) if how == "mean" else weights.largest(share)
    return _odds(found, weights, ensemble.values)


def from_probabilities(
    field: Field, verdict: NoData | None, weights: Weights, how: How
) -> tuple[Odds, ...]:
    """The probability of a product's event in every district.

    Args:
        field: A probability.
        verdict: What the gates said of it; no data there is no data in every district.
        weights: Of its grid.
        how: `mean` or `peak`; the cells' probabilities do not tell `anywhere`.

    Raises:
        InputError: the field is no probability, `how` needs members, or the weights are of another
            grid.
    """
    if field.kind != "probability":
        raise InputError("this field holds no probabilities", where=field.source)
    if how == "anywhere":
        raise InputError(
            "a probability product does not tell how probable a hit anywhere in a district is",
            where=field.source,
            hint="Ask for `peak` or `mean`, or read the members.",
        )
    if verdict is not None:
        return _nowhere(verdict, weights)
    _check(field.grid, field.values, weights, field.source)
    clipped = np.clip(field.values, 0, 1)  # packing may leave 1.0000001; the gates saw to the rest
    found = weights.mean(clipped) if how == "mean" else weights.largest(clipped)
    return _odds(found, weights, field.values)


def member_values(
    ensemble: Ensemble, weights: Weights, side: Literal["above", "below"]
) -> NDArray[np.float32]:
    """Each member's most extreme value in each district, over the cells that count (rule 1).

    A member passes a threshold *anywhere* in a district where this value does: so each district can
    have a threshold of its own, and the share of members is what `from_members` gives.

    Args:
        ensemble: Complete members.
        weights: Of the ensemble's grid.
        side: `above` for the largest, `below` for the smallest.

    Returns:
        Shape (members, districts), in the ensemble's units; not a number where one is missing.

    Raises:
        InputError: the weights are of another grid.
    """
    _check(ensemble.grid, ensemble.values, weights, ensemble.source)
    found = weights.largest if side == "above" else weights.smallest
    return found(ensemble.values).astype(np.float32)


def gaps(weights: Weights, values: NDArray[np.float32]) -> tuple[NoData | None, ...]:
    """Why each district has no data in a field or an ensemble, or null (rule 2).

    Args:
        weights: The districts.
        values: On their cells, shape (…, cells).
    """
    return tuple(
        _gap(float(covered), int(absent))
        for covered, absent in zip(weights.covered(), weights.missing(values), strict=True)
    )


def _gap(covered: float, absent: int) -> NoData | None:
    if not covered > 0:
        return NoData("outside", "it lies outside the grid, or has no boundary")
    if not covered >= COVERED:
        return NoData("outside", f"the grid covers {covered:.1%} of the district")
    return NoData("missing", f"{absent} of the district's cells have no value") if absent else None


def _check(grid: RegularGrid, values: NDArray[np.float32], weights: Weights, source: str) -> None:
    if not grid.same_as(weights.cells.grid) or values.shape[-1] != weights.cells.index.size:
        raise InputError(
            "the field was not read for the cells of these districts",
            where=source,
            hint="Read it with `only=weights.cells`.",
        )


def _nowhere(verdict: NoData, weights: Weights) -> tuple[Odds, ...]:
    return tuple(Odds(code=code, probability=None, no_data=verdict) for code in weights.codes)


def _odds(
    found: NDArray[np.float64], weights: Weights, values: NDArray[np.float32]
) -> tuple[Odds, ...]:
    """Rule 2."""
    return tuple(
        Odds(code=code, probability=None if why else min(1.0, float(value)), no_data=why)
        for code, value, why in zip(weights.codes, found, gaps(weights, values), strict=True)
    )
