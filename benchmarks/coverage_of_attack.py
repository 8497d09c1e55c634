"""Coverage and width of the true positive rate at 1 % false positives, as in docs/statistics.md.

    python benchmarks/coverage_of_attack.py [--quick]

Simulated with fixed seeds. Of the negatives only the order statistics that are used are drawn, in
units of the false positive rate; the positives before them are then multinomial.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from comity.statistics import threshold_ranks, tpr_at_fpr

Floats = NDArray[np.float64]
Curve = Callable[[Floats], Floats]
FPR = 0.01
SIZES = ((100, 100), (1_000, 200), (1_000, 1_000), (200, 5_000), (5_000, 5_000), (50_000, 50_000))


def two_humps(u: Floats) -> Floats:
    """Normal losses with an AUROC of 0.7."""
    return np.asarray(ndtr(ndtri(u) + ndtri(0.7) * np.sqrt(2)))


def steps(u: Floats) -> Floats:
    """Losses in four steps; the positives strictly before the step of a negative."""
    step = np.searchsorted(np.cumsum([0.004, 0.05, 0.2]), u)
    return np.cumsum([0.0, 0.1, 0.2, 0.3])[step]


# Name, positives before the point that a share u of the negatives lies before, the true rate.
CURVES: tuple[tuple[str, Curve, float], ...] = (
    ("chance", lambda u: u, FPR),
    ("AUROC 0.7", two_humps, float(two_humps(np.array(FPR)))),
    ("steep", lambda u: u**0.1, FPR**0.1),
    ("a tenth known by heart", lambda u: 0.1 + 0.9 * u, 0.1 + 0.9 * FPR),
    ("none before", lambda u: np.maximum(u - FPR, 0) / (1 - FPR), 0.0),
    ("four steps", steps, 0.1),
)


def simulated(
    curve: Curve, positives: int, negatives: int, repetitions: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Positives before each rank, one line a repetition."""
    ranks = threshold_ranks(negatives, FPR)
    spaces = np.diff([0, *(min(rank, negatives + 1) for rank in ranks), negatives + 1])
    gaps = rng.gamma(spaces, size=(repetitions, 4))
    places = np.cumsum(gaps, axis=1)[:, :3] / gaps.sum(axis=1, keepdims=True)
    rates = curve(np.minimum(places, 1))
    rates[:, [rank == 0 for rank in ranks]] = 0
    rates[:, [rank > negatives for rank in ranks]] = 1
    shares = np.maximum(np.diff(rates, axis=1, prepend=0, append=1), 0)
    drawn = rng.multinomial(positives, shares / shares.sum(axis=1, keepdims=True))
    return np.asarray(np.cumsum(drawn, axis=1)[:, :3])


def main() -> None:
    """Print the table as Markdown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="500 repetitions")
    repetitions = 500 if options.parse_args().quick else 10_000
    started = time.perf_counter()
    print(f"| positives | negatives | {' | '.join(name for name, _, _ in CURVES)} |")
    print("| --: " * (2 + len(CURVES)) + "|")
    for positives, negatives in SIZES:
        cells = []
        for seed, (_, curve, truth) in enumerate(CURVES):
            rng = np.random.default_rng(seed)
            lines = simulated(curve, positives, negatives, repetitions, rng)
            held, width = 0, 0.0
            for low, estimate, high in lines.tolist():
                found = tpr_at_fpr((low, estimate, high), positives)
                assert found.low is not None and found.high is not None
                held += found.low <= truth <= found.high
                width += found.high - found.low
            share = np.floor(held / repetitions * 1000) / 1000
            cells.append(f"{share:.3f} ({width / repetitions:.3f})")
        print(f"| {positives:,} | {negatives:,} | {' | '.join(cells)} |")
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
