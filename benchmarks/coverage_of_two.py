"""Coverage and width for one rate and for two, as the tables of docs/statistics.md.

    python benchmarks/coverage_of_two.py [--quick]

Nothing is simulated: every outcome is enumerated and weighted with its probability, at every pair
of true rates on a grid from 0 to 1. A number is the smallest coverage on the grid, rounded down, or
the width at equal rates of 0.02, 0.1 and 0.5. "One end errs" is the largest probability on the grid
that one given end of the interval alone misses.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri, xlog1py, xlogy

from comity.statistics import clopper_pearson, wilson
from comity.statistics.difference import score_excess, score_upper
from comity.statistics.groups import ratio_lower

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]
Z = float(ndtri(0.975))
SHOWN = np.array([0.02, 0.1, 0.5])
SIZES = ((5, 5), (10, 10), (20, 20), (4, 36), (10, 40), (50, 50), (20, 200), (5, 1_000),
         (100, 100), (40, 360), (200, 200), (500, 500))  # fmt: skip


def probabilities(n: int, p: Floats) -> Floats:
    """Binomial probabilities, (rates, outcomes)."""
    k = np.arange(n + 1)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.asarray(np.exp(ways + xlogy(k, p[:, None]) + xlog1py(n - k, -p[:, None])))


def outcomes(n1: int, n2: int) -> tuple[Floats, Floats, Floats, Floats]:
    """All pairs of counts with their sizes, flat."""
    k1, k2 = (k.ravel().astype(float) for k in np.mgrid[: n1 + 1, : n2 + 1])
    return k1, np.full_like(k1, n1), k2, np.full_like(k2, n2)


def score(k1: Floats, n1: Floats, k2: Floats, n2: Floats) -> Limits:
    """Ours: Miettinen–Nurminen with continuity correction."""
    return -score_upper(k2, n2, k1, n1, Z), score_upper(k1, n1, k2, n2, Z)


def plain_score(k1: Floats, n1: Floats, k2: Floats, n2: Floats) -> Limits:
    """Miettinen–Nurminen as published, by bisection."""

    def upper(k1: Floats, n1: Floats, k2: Floats, n2: Floats) -> Floats:
        low, high = k1 / n1 - k2 / n2, np.ones_like(k1)
        for _ in range(40):
            middle = (low + high) / 2
            inside = score_excess(k1, n1, k2, n2, middle, Z) + 0.5 / np.minimum(n1, n2) < 0
            low, high = np.where(inside, middle, low), np.where(inside, high, middle)
        return high

    return -upper(k2, n2, k1, n1), upper(k1, n1, k2, n2)


def newcombe(k1: Floats, n1: Floats, k2: Floats, n2: Floats) -> Limits:
    """Newcombe's square-and-add of Wilson limits (his method 10)."""
    (l1, u1), (l2, u2), p1, p2 = wilson(k1, n1), wilson(k2, n2), k1 / n1, k2 / n2
    return p1 - p2 - np.hypot(p1 - l1, u2 - p2), p1 - p2 + np.hypot(u1 - p1, p2 - l2)


def wald(k1: Floats, n1: Floats, k2: Floats, n2: Floats) -> Limits:
    """The textbook interval, difference ± 1.96 standard errors."""
    p1, p2 = k1 / n1, k2 / n2
    margin = Z * np.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return p1 - p2 - margin, p1 - p2 + margin


def mover(k1: Floats, n1: Floats, k2: Floats, n2: Floats) -> Limits:
    """Ours for p1 / p2, as the lower limit and the lower limit of p2 / p1."""
    (l1, u1), (l2, u2), p1, p2 = clopper_pearson(k1, n1), clopper_pearson(k2, n2), k1 / n1, k2 / n2
    return ratio_lower(p1, l1, p2, u2), ratio_lower(p2, l2, p1, u1)


def katz(k1: Floats, n1: Floats, k2: Floats, n2: Floats) -> Limits:
    """The textbook interval on the log scale, with a half added to every count."""
    log = np.log((k1 + 0.5) / (n1 + 0.5)) - np.log((k2 + 0.5) / (n2 + 0.5))
    margin = Z * np.sqrt(1 / (k1 + 0.5) - 1 / (n1 + 0.5) + 1 / (k2 + 0.5) - 1 / (n2 + 0.5))
    return np.exp(log - margin), np.exp(-log - margin)


def worst(
    misses: Callable[[Floats, Floats], NDArray[np.bool_]], n1: int, n2: int, grid: Floats
) -> float:
    """Smallest coverage over all pairs of rates on the grid; misses(p1, p2) per outcome."""
    first, second = probabilities(n1, grid), probabilities(n2, grid)
    largest = 0.0
    for i, p1 in enumerate(grid):
        for j, p2 in enumerate(grid):
            missed = misses(p1, p2).reshape(n1 + 1, n2 + 1)
            largest = max(largest, float(first[i] @ missed @ second[j]))
    return 1 - largest


def rate_rows() -> list[str]:
    """Exact and Wilson limits of one rate."""
    rows, grid = [], np.linspace(0, 1, 10_001)
    for n in (20, 50, 200, 1_000, 5_000):
        k = np.arange(n + 1)
        weight, cells = probabilities(n, grid), [f"{n:,}"]
        for method in (clopper_pearson, wilson):
            low, high = method(k, n)
            inside = (low <= grid[:, None] + 1e-12) & (grid[:, None] <= high + 1e-12)
            widths = probabilities(n, SHOWN) @ (high - low)
            cells += [rounded_down(float((weight * inside).sum(axis=1).min()))]
            cells += [f"{w:.3f}" for w in widths]
        rows.append(" | ".join(cells))
    return rows


def difference_rows(sizes: tuple[tuple[int, int], ...], steps: int) -> list[str]:
    """Four intervals for p1 − p2."""
    rows = []
    for n1, n2 in sizes:
        few = max(20, min(steps, 3_000_000 // (n1 * n2)))
        grid, cells = np.linspace(0, 1, few + 1), [f"{n1:,}, {n2:,}"]
        for method in (score, plain_score, newcombe, wald):
            low, high = method(*outcomes(n1, n2))
            cells.append(rounded_down(worst(_outside(low, high), n1, n2, grid)))
            if method is score:
                one_end = 1 - worst(_outside(np.full_like(low, -1), high), n1, n2, grid)
                cells.append(f"{one_end:.3f}")
            if method in (score, plain_score):
                wide = (high - low).reshape(n1 + 1, n2 + 1)
                of = zip(probabilities(n1, SHOWN), probabilities(n2, SHOWN), strict=True)
                cells += [f"{a @ wide @ b:.3f}" for a, b in of]
        rows.append(" | ".join(cells))
    return rows


def _outside(low: Floats, high: Floats) -> Callable[[Floats, Floats], NDArray[np.bool_]]:
    return lambda p1, p2: (low > p1 - p2 + 1e-9) | (high < p1 - p2 - 1e-9)


def _beyond(low: Floats, back: Floats) -> Callable[[Floats, Floats], NDArray[np.bool_]]:
    return lambda p1, p2: (low * p2 > p1 * (1 + 1e-9)) | (back * p1 > p2 * (1 + 1e-9))


def ratio_rows(sizes: tuple[tuple[int, int], ...], steps: int) -> list[str]:
    """Two intervals for p1 / p2, at rates above 0."""
    rows = []
    for n1, n2 in sizes:
        few = max(20, min(steps, 3_000_000 // (n1 * n2)))
        grid, cells = np.linspace(0, 1, few + 1)[1:], [f"{n1:,}, {n2:,}"]
        for method in (mover, katz):
            low, back = method(*outcomes(n1, n2))
            cells.append(rounded_down(worst(_beyond(low, back), n1, n2, grid)))
            if method is mover:
                ends = (_beyond(low, 0 * back), _beyond(0 * low, back))
                cells.append(f"{max(1 - worst(end, n1, n2, grid) for end in ends):.3f}")
        rows.append(" | ".join(cells))
    return rows


def rounded_down(coverage: float) -> str:
    """0.9499 is not 0.95."""
    return f"{np.floor((coverage + 1e-9) * 1000) / 1000:.3f}"


def table(title: str, header: list[str], rows: list[str]) -> None:
    """Print a markdown table."""
    print(f"\n### {title}\n\n| " + " | ".join(header) + " |\n|" + " --: |" * len(header))
    print("\n".join(f"| {row} |" for row in rows), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Coverage for one rate and for two.")
    parser.add_argument("--quick", action="store_true", help="fewer sizes, a coarser grid")
    quick = parser.parse_args().quick
    sizes, steps = (SIZES[:6], 40) if quick else (SIZES, 100)
    widths = [f"at {p}" for p in SHOWN]
    start = time.perf_counter()
    header = ["trials", "Clopper–Pearson", *widths, "Wilson", *widths]
    table("One rate: coverage and width", header, rate_rows())
    header = [
        "trials",
        "ours",
        "one end errs",
        *widths,
        "Miettinen–Nurminen",
        *widths,
        "Newcombe",
        "Wald",
    ]
    table("Difference of two rates: coverage and width", header, difference_rows(sizes, steps))
    table(
        "Ratio of two rates: coverage",
        ["trials", "ours", "one end errs", "Katz log"],
        ratio_rows(sizes, steps),
    )
    print(f"\nEnumerated on {steps + 1} by {steps + 1} rates, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
