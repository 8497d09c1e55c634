"""The same rows, disturbed: noise, a missing feature, another group, a sensor that drifts.

Every row is compared with itself, so that what is counted is the effect of the disturbance alone.
Noise is drawn in the order of the rows, from PCG64 and the inverse normal distribution, so that
the seed of the card gives the same noise on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from comity.assess.systems.labels import shown
from comity.assess.systems.model.answer import Asker
from comity.assess.systems.model.card import Perturbation
from comity.assess.systems.model.features import Columns, Feed
from comity.errors import InputError

__all__ = ["Changes", "Spread", "check_perturbations", "disturb"]

MAX_VALUES = 20
"""Most different values of a feature that is flipped."""


@dataclass(frozen=True)
class Changes:
    """What one perturbation did to the evaluated rows that have a decision.

    Attributes:
        perturbation: The perturbation.
        rows: Rows with a decision before.
        changed: Of these, rows with another decision after.
        lost: Of these, rows with no decision after.
        right, right_changed, right_lost: The same of the rows whose decision was right before.
    """

    perturbation: Perturbation
    rows: int = 0
    changed: int = 0
    lost: int = 0
    right: int = 0
    right_changed: int = 0
    right_lost: int = 0


@dataclass
class Spread:
    """Mean and spread of each numeric feature and its few different values, batch by batch.

    Source of the update: Chan, Golub and LeVeque, The American Statistician 37, 1983.
    """

    numbers: tuple[str, ...]
    flipped: tuple[str, ...]
    _sums: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    _values: dict[str, set[Any]] = field(default_factory=dict)

    def add(self, columns: Columns, evaluated: NDArray[np.bool_]) -> None:
        """Take the evaluated rows of one batch into account."""
        for name in self.numbers:
            values = columns[name][evaluated]
            values = values[np.isfinite(values)]
            if not len(values):
                continue
            n, mean, squares = len(values), float(values.mean()), 0.0
            squares = float(((values - mean) ** 2).sum())
            n0, mean0, squares0 = self._sums.get(name, (0, 0.0, 0.0))
            total, step = n0 + n, mean - mean0
            self._sums[name] = (
                total,
                mean0 + step * n / total,
                squares0 + squares + step * step * n0 * n / total,
            )
        for name in self.flipped:
            seen = self._values.setdefault(name, set())
            if len(seen) <= MAX_VALUES:
                found = set(columns[name][evaluated].tolist())
                seen |= {value for value in found if value is not None and value == value}

    def deviation(self, name: str) -> float:
        """Standard deviation over the evaluated rows that have a value; 0 without any."""
        n, _, squares = self._sums.get(name, (0, 0.0, 0.0))
        return float(np.sqrt(squares / n)) if n else 0.0

    def values(self, name: str, where: str) -> list[Any]:
        """The different values of a feature that is flipped, sorted.

        Raises:
            InputError: there is one only, or there are too many.
        """
        values = sorted(self._values.get(name, set()))
        if not 2 <= len(values) <= MAX_VALUES:
            many = f"more than {MAX_VALUES}" if len(values) > MAX_VALUES else f"{len(values)}"
            raise InputError(
                f"the feature {shown(name)} has {many} different values and cannot be flipped",
                where=f"{where}.flip",
                hint=f"A group has 2 to {MAX_VALUES}.",
            )
        return values


def check_perturbations(
    wanted: Sequence[Perturbation], feeds: tuple[Feed, ...], where: str
) -> Spread:
    """Make sure that each perturbation fits the kind of its feature; what to learn of the rows.

    Raises:
        InputError: one does not.
    """
    kinds = {column: feed.kind for feed in feeds for column in feed.columns}
    numbers = tuple(column for column, kind in kinds.items() if kind == "float")
    for one in wanted:
        if one.kind == "noise" and not numbers:
            raise InputError(
                "the model takes no numbers with decimals, so there is nothing to add noise to",
                where=f"{where}.noise",
            )
        if one.kind in ("offset", "scale") and kinds[one.feature] in ("truth", "text"):
            raise InputError(
                f"the feature {shown(one.feature)} is no number", where=f"{where}.{one.kind}"
            )
    noisy = any(one.kind == "noise" for one in wanted)
    flipped = tuple(one.feature for one in wanted if one.kind == "flip")
    return Spread(numbers if noisy else (), flipped)


def disturb(
    wanted: Sequence[Perturbation],
    rows: Iterable[tuple[Columns, NDArray[np.int8], NDArray[np.int8]]],
    asker: Asker,
    spread: Spread,
    seed: int | None,
    where: str,
) -> list[Changes]:
    """Ask the model about the disturbed rows, and count.

    Args:
        wanted: The perturbations.
        rows: Batches: the features; the decision before, 1, 0 or -1 for none; the truth, 1 or 0, or
            -1 for a row that is not evaluated.
        asker: The model.
        spread: What is known of the features.
        seed: Seed of the noise.
        where: The place of the perturbations in the card, for sentences.
    """
    options = {
        one.feature: spread.values(one.feature, where) for one in wanted if one.kind == "flip"
    }
    totals = {one: np.zeros(6, dtype=np.int64) for one in wanted}
    stream = np.random.PCG64(seed)
    for columns, before, truth in rows:
        noise = _noise(stream, spread, len(before))
        counted = (truth >= 0) & (before >= 0)
        for one in wanted:
            changed, lost = np.zeros((2, len(before)), dtype=np.bool_)
            for disturbed in _disturbed(one, columns, noise, options.get(one.feature, [])):
                after = asker.decisions(asker.ask(disturbed))
                changed |= (after >= 0) & (after != before)
                lost |= after < 0
            lost &= ~changed
            rows_here = counted & _known(columns[one.feature]) if one.kind == "flip" else counted
            totals[one] += [
                int(np.count_nonzero(rows_here & group & those))
                for group in (rows_here, before == truth)
                for those in (rows_here, changed, lost)
            ]
    return [Changes(one, *map(int, total)) for one, total in totals.items()]


def _known(values: NDArray[Any]) -> NDArray[np.bool_]:
    """The rows that have a value; one whose group is not known has no other group either."""
    if values.dtype == np.object_:
        return np.array([value is not None for value in values], dtype=np.bool_)
    known: NDArray[np.bool_] = ~np.isnan(values)
    return known


def _noise(stream: np.random.PCG64, spread: Spread, rows: int) -> dict[str, NDArray[np.float64]]:
    """Normal noise of one standard deviation for each numeric feature, row by row."""
    width = len(spread.numbers)
    if not width:
        return {}
    uniform = ((stream.random_raw(rows * width) >> np.uint64(11)) + 0.5) * 2.0**-53
    normal = ndtri(uniform).reshape(rows, width)
    return {
        name: normal[:, place] * spread.deviation(name) for place, name in enumerate(spread.numbers)
    }


def _disturbed(
    one: Perturbation,
    columns: Columns,
    noise: dict[str, NDArray[np.float64]],
    options: list[Any],
) -> Iterator[Columns]:
    """The features after the disturbance; a flip gives one version for each other value."""
    if one.kind == "noise":
        size = float(one.by)
        yield {**columns, **{name: columns[name] + size * drawn for name, drawn in noise.items()}}
        return
    values = columns[one.feature]
    if one.kind == "missing":
        nothing = None if values.dtype == np.object_ else np.nan
        yield {**columns, one.feature: np.full_like(values, nothing)}
    elif one.kind == "offset":
        yield {**columns, one.feature: values + float(one.by)}
    elif one.kind == "scale":
        yield {**columns, one.feature: values * float(one.by)}
    else:
        for option in options:
            yield {**columns, one.feature: np.full_like(values, option)}
