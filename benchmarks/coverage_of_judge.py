"""Coverage and width of a rate corrected for its judge's errors, as in docs/statistics.md.

    python benchmarks/coverage_of_judge.py [--quick]

Simulated with fixed seeds: 300 answers scored, as many labels with the property as without. Beside
it, the exact interval of what the judge found, taken for the truth. Then differences of 100 pairs,
with 100 labels of each kind; beside them Tango's interval of what the judge found.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from comity.statistics import (
    clopper_pearson,
    corrected_difference,
    corrected_rate,
    paired_difference,
)

SCORED = 300
LABELS = (30, 100, 300)
JUDGES = ((0.99, 0.99), (0.95, 0.98), (0.9, 0.9), (0.8, 0.95), (0.7, 0.7))
TRUTHS = (0.0, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 1.0)
PAIRS = 100
RATES = ((1.0, 0.0), (0.95, 0.05), (0.9, 0.3), (0.5, 0.5), (0.2, 0.4))
"""Of the first and of the second of each pair, which are independent."""


def differences(repetitions: int) -> None:
    """Print the table of differences: the smallest coverage over all rates, and the mean width."""
    print("| sensitivity | specificity | corrected | width | as found | width |")
    print("| --: " * 6 + "|")
    for a, b in JUDGES:
        least, widths = [1.0, 1.0], [0.0, 0.0]
        for seed, (first, second) in enumerate(RATES):
            rng = np.random.default_rng(seed)
            held = [0, 0]
            for _ in range(repetitions):
                truth = rng.random((2, PAIRS)) < np.array([[first], [second]])
                seen = rng.random((2, PAIRS)) < np.where(truth, a, 1 - b)
                only = (int((seen[0] & ~seen[1]).sum()), int((seen[1] & ~seen[0]).sum()), PAIRS)
                rates = ((int(rng.binomial(100, a)), 100), (int(rng.binomial(100, b)), 100))
                both = (corrected_difference(only, *rates), paired_difference(*only))
                for place, bounds in enumerate(both):
                    assert bounds.low is not None and bounds.high is not None
                    held[place] += bounds.low <= first - second <= bounds.high
                    widths[place] += (bounds.high - bounds.low) / repetitions / len(RATES)
            least = [min(x, n / repetitions) for x, n in zip(least, held, strict=True)]
        cells = [
            f"{np.floor(share * 1000) / 1000:.3f} | {width:.3f}"
            for share, width in zip(least, widths, strict=True)
        ]
        print(f"| {a} | {b} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Print the tables as Markdown: the smallest coverage over all truths, and the mean width."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="200 repetitions")
    repetitions = 200 if options.parse_args().quick else 10_000
    started = time.perf_counter()
    print(
        "| sensitivity | specificity | labels of each kind | corrected | width | as found | width |"
    )
    print("| --: " * 7 + "|")
    for a, b in JUDGES:
        for labels in LABELS:
            least = [1.0, 1.0]
            widths = [0.0, 0.0]
            for seed, truth in enumerate(TRUTHS):
                found = truth * a + (1 - truth) * (1 - b)
                rng = np.random.default_rng(seed)
                drawn = rng.binomial([SCORED, labels, labels], [found, a, b], (repetitions, 3))
                # Counts repeat, and the interval depends on nothing else.
                kinds, times = np.unique(drawn, axis=0, return_counts=True)
                held, width = 0, 0.0
                for (k, positive, negative), n in zip(kinds.tolist(), times.tolist(), strict=True):
                    bounds = corrected_rate((k, SCORED), (positive, labels), (negative, labels))
                    assert bounds.low is not None and bounds.high is not None
                    held += n * (bounds.low <= truth <= bounds.high)
                    width += n * (bounds.high - bounds.low)
                low, high = clopper_pearson(drawn[:, 0], SCORED)
                shares = (held / repetitions, float(np.mean((low <= truth) & (truth <= high))))
                least = [min(pair) for pair in zip(least, shares, strict=True)]
                widths[0] += width / repetitions / len(TRUTHS)
                widths[1] += float(np.mean(high - low)) / len(TRUTHS)
            cells = [
                f"{np.floor(share * 1000) / 1000:.3f} | {width:.3f}"
                for share, width in zip(least, widths, strict=True)
            ]
            print(f"| {a} | {b} | {labels} | {' | '.join(cells)} |", flush=True)
    print()
    differences(100 if repetitions < 1_000 else 1_000)
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
