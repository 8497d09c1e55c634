"""How often the intervals of return levels and percentiles hold the truth.

    python benchmarks/coverage_of_levels.py [--quick]

Made records with fixed seeds, of which the truth is known, at level 0.95. A cell says in which
share of the records with an interval it held the truth, in which share the truth lay above it, how
wide it was in the middle (in σ), and in which share of the records there was one.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

import numpy as np

from early_warning.climate import Maxima, make_record, moments, percentile, return_levels
from early_warning.climate.gev import reduced

SHAPES = (-0.2, 0.0, 0.2, 0.3)
CASES = ((20, 20), (20, 80), (30, 100), (60, 100))
Ends = tuple[float | None, float | None]


def told(ends: Sequence[Ends], truth: float) -> str:
    """Coverage, misses above, median width, and the share of records with an interval."""
    given = [(low, math.inf if high is None else high) for low, high in ends if low is not None]
    low, high = np.array(given).T
    held, above = ((low <= truth) & (truth <= high)).mean(), (high < truth).mean()
    width = np.median(high - low)
    return f"{held:.3f}, {above:.3f}, {width:.2f} ({len(given) / len(ends):.2f})"


def level_rows(repetitions: int) -> None:
    """Return levels by both methods."""
    print("| years | period | ξ | likelihood | L-moments |\n|---|---|---|---|---|")
    for years, period in CASES:
        for shape in SHAPES:
            rng = np.random.default_rng([years, period, round(100 + 100 * shape)])
            found: dict[str, list[Ends]] = {"likelihood": [], "l_moments": []}
            for _ in range(repetitions):
                x = moments.sample(np.array([0.0, 1.0, shape]), (years,), rng)
                maxima = Maxima(tuple(range(years)), x, (), "made")
                for one in return_levels(maxima, [period]).levels:
                    found[one.method].append((one.low, one.high))
            cells = [told(one, reduced(period, shape)) for one in found.values()]
            print(f"| {years} | {period} | {shape} | {' | '.join(cells)} |", flush=True)


def percentile_rows(repetitions: int) -> None:
    """Percentiles of days whose years differ: each year's mean is a gamma variate."""
    print("\n| years | share | interval |\n|---|---|---|")
    for years in (10, 20, 40):
        days = np.arange("1980-01-01", f"{1980 + years}-01-01", dtype="datetime64[D]")
        year = days.astype("datetime64[Y]").astype(int)

        def values(rng: np.random.Generator, of: np.ndarray = year) -> np.ndarray:
            wet = rng.gamma(8, 1 / 8, of[-1] - of[0] + 1)
            return np.asarray(rng.gamma(0.5, 5 * wet[of - of[0]]))

        rng = np.random.default_rng(years)
        everything = np.concatenate([values(rng) for _ in range(20_000 // years)])
        for share in (0.9, 0.95, 0.99):
            ends = []
            for _ in range(repetitions):
                found = percentile(make_record(days, values(rng), where="made"), share)
                ends.append((found.low, found.high))
            print(f"| {years} | {share} | {told(ends, float(np.quantile(everything, share)))} |")


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    level_rows(20 if quick else 100)
    percentile_rows(50 if quick else 300)
