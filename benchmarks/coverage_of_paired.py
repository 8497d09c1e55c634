"""Coverage and width for the difference of two paired rates, as the table of docs/statistics.md.

    python benchmarks/coverage_of_paired.py [--quick]

Nothing is simulated: every outcome (b, c) of n pairs is enumerated and weighted with its
probability, at every point of two grids of true rates: an even one over the whole triangle, and a
fine one along the line where no pair agrees and lines near it, where coverage is smallest. A number
is the smallest coverage on the grids, rounded down, or the width at rates of discordant pairs of
0.05, 0.2 and 0.5, both ways alike.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri, xlogy

from comity.statistics.paired import CORRECTION, paired_excess, paired_upper

Floats = NDArray[np.float64]
Upper = Callable[[Floats, Floats, Floats], Floats]
Z = float(ndtri(0.975))
SHOWN = (0.05, 0.2, 0.5)
SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 40, 60, 80, 100, 150, 200, 400)
TOTALS = (1.0, 0.999, 0.99, 0.95, 0.9, 0.7, 0.5, 0.3, 0.1, 0.05, 0.02)
"""Sums of the two discordant rates on the fine grid."""


def outcomes(n: int) -> tuple[Floats, Floats]:
    """All counts of the two discordant kinds, flat."""
    b, c = np.mgrid[: n + 1, : n + 1]
    return b[b + c <= n].astype(float), c[b + c <= n].astype(float)


def shifted(correction: float) -> Upper:
    """Upper limits with another correction, by bisection."""

    def upper(b: Floats, c: Floats, n: Floats) -> Floats:
        low, high = np.minimum((b - c + correction) / n, 1.0), np.ones_like(b)
        for _ in range(50):
            middle = (low + high) / 2
            excess = paired_excess(b, c, n, middle, Z) + (CORRECTION - correction) / n
            low, high = np.where(excess < 0, middle, low), np.where(excess < 0, high, middle)
        return high

    return upper


def ours(b: Floats, c: Floats, n: Floats) -> Floats:
    """Ours."""
    return paired_upper(b, c, n, Z)


def wald(b: Floats, c: Floats, n: Floats) -> Floats:
    """The textbook limit, difference + 1.96 standard errors."""
    return np.asarray((b - c) / n + Z * np.sqrt(np.maximum(b + c - (b - c) ** 2 / n, 0)) / n)


def rates(steps: int, fine: int) -> Iterator[tuple[float, float]]:
    """Points of the two grids; by symmetry only those where the first rate is the larger."""
    even = np.linspace(0, 1, steps + 1)
    yield from ((p, q) for p in even for q in even if q <= p and p + q <= 1)
    for total in TOTALS:
        yield from ((total * f, total * (1 - f)) for f in np.linspace(0.5, 1, fine))


def row(n: int, steps: int, fine: int) -> str:
    """Coverage of four methods, and the widths of ours."""
    b, c = outcomes(n)
    size = np.full_like(b, n)
    ways = gammaln(n + 1) - gammaln(b + 1) - gammaln(c + 1) - gammaln(n - b - c + 1)

    def weights(p: float, q: float) -> Floats:
        rest = max(1 - p - q, 0.0)
        return np.asarray(np.exp(ways + xlogy(b, p) + xlogy(c, q) + xlogy(n - b - c, rest)))

    methods = (ours, shifted(1.0), shifted(0.0), wald)
    limits = [(-upper(c, b, size), upper(b, c, size)) for upper in methods]
    missed, one_end = np.zeros(len(methods)), 0.0
    for p, q in rates(steps, fine):
        weight, truth = weights(p, q), p - q
        for i, (low, high) in enumerate(limits):
            outside = (low > truth + 1e-9) | (high < truth - 1e-9)
            missed[i] = max(missed[i], weight[outside].sum())
        low, high = limits[0]
        ends = (weight[low > truth + 1e-9].sum(), weight[high < truth - 1e-9].sum())
        one_end = max(one_end, *(float(end) for end in ends))
    cells = [rounded_down(1 - float(m)) for m in missed]
    low, high = limits[0]
    widths = [f"{float(weights(d / 2, d / 2) @ (high - low)):.3f}" for d in SHOWN]
    return " | ".join([f"{n:,}", cells[0], f"{one_end:.3f}", *widths, *cells[1:]])


def rounded_down(coverage: float) -> str:
    """0.9499 is not 0.95."""
    return f"{np.floor((coverage + 1e-9) * 1000) / 1000:.3f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Coverage for the difference of paired rates.")
    parser.add_argument("--quick", action="store_true", help="fewer sizes, a coarser grid")
    quick = parser.parse_args().quick
    start = time.perf_counter()
    widths = [f"at {d}" for d in SHOWN]
    header = ["pairs", "ours", "one end errs", *widths, "correction 1 / n", "Tango", "Wald"]
    print("\n### Difference of two paired rates: coverage and width\n")
    print("| " + " | ".join(header) + " |\n|" + " --: |" * len(header))
    for n in SIZES[:12] if quick else SIZES:
        steps, fine = (20, 51) if quick else (max(12, min(100, 3_000 // n)), max(101, 10_000 // n))
        print(f"| {row(n, steps, min(fine, 2_001))} |", flush=True)
    print(f"\nEnumerated in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
