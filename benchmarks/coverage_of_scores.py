"""Coverage and width of AUROC, Brier score and calibration error, as in docs/statistics.md.

    python benchmarks/coverage_of_scores.py [--quick]

Simulated with fixed seeds. Each table holds cases that are hard on purpose: rare events, scores
in steps, and a few positives that score lowest of all, as an overlooked subgroup does.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from comity.statistics import Bounds, auroc, bounded_mean, calibration_error, delong_sums

Floats = NDArray[np.float64]
Rng = np.random.Generator
ROWS = (20, 50, 200, 1_000, 5_000, 20_000)
CLASSES = ((10, 10), (10, 100), (100, 10), (20, 1_000), (50, 50), (200, 200), (1_000, 1_000))
Z = float(ndtri(0.975))


def two_humps(area: float, spread: float) -> Callable[[Rng, int, int], Floats]:
    """Normal scores; positives are `spread` times as spread out. Returns the classes in order."""
    shift = float(ndtri(area)) * np.hypot(1, spread)

    def draw(rng: Rng, n_pos: int, n_neg: int) -> Floats:
        scores = np.concatenate([rng.normal(shift, spread, n_pos), rng.normal(0, 1, n_neg)])
        return np.asarray(np.argsort(scores) < n_pos, float)

    return draw


def overlooked(share: float) -> Callable[[Rng, int, int], Floats]:
    """A share of the positives scores below all negatives, all others above."""

    def draw(rng: Rng, n_pos: int, n_neg: int) -> Floats:
        below = rng.binomial(n_pos, share)
        return np.repeat([1.0, 0.0, 1.0], [below, n_neg, n_pos - below])

    return draw


# Scores without ties: name, true area, order of the classes by score.
SMOOTH = (
    ("AUROC 0.5", 0.5, two_humps(0.5, 1)),
    ("0.7", 0.7, two_humps(0.7, 1)),
    ("0.9", 0.9, two_humps(0.9, 1)),
    ("0.97", 0.97, two_humps(0.97, 1)),
    ("0.9, positives spread", 0.9, two_humps(0.9, 3)),
    ("0.95, 5 % overlooked", 0.95, overlooked(0.05)),
    ("0.7, 30 % overlooked", 0.7, overlooked(0.3)),
)
# Scores in steps: name, shares of the positives and of the negatives at each step, ascending.
STEPPED = (
    ("yes or no", (0.2, 0.8), (0.8, 0.2)),
    ("yes or no, good", (0.05, 0.95), (0.95, 0.05)),
    ("four steps", (0.05, 0.15, 0.3, 0.5), (0.5, 0.3, 0.15, 0.05)),
)


def squared_errors(
    scores: Floats, weight: Floats, rate: Callable[[Floats], Floats]
) -> tuple[Floats, Floats]:
    """Values of (score − truth)² and their probabilities, where `rate` is the true rate."""
    p = rate(scores)
    values = np.concatenate([(1 - scores) ** 2, scores**2])
    share = np.concatenate([weight * p, weight * (1 - p)])
    return values, share / share.sum()


STEPS = np.linspace(0.01, 0.99, 50)
EVEN, ENDS = np.ones(50), 1 / (STEPS * (1 - STEPS))
CONSTANT = np.ones(1)
BRIER = (
    ("calibrated", squared_errors(STEPS, EVEN, lambda s: s)),
    ("calibrated, sharp", squared_errors(STEPS, ENDS, lambda s: s)),
    ("overconfident", squared_errors(STEPS, ENDS, lambda s: expit(logit(s) / 3))),
    ("rare: 2 %", squared_errors(STEPS / 25, EVEN, lambda s: s)),
    ("rare: 0.2 %, score always 0.002", squared_errors(0.002 * CONSTANT, CONSTANT, lambda s: s)),
    ("rare: 0.5 %, score always 0.2", squared_errors(0.2 * CONSTANT, CONSTANT, lambda s: s / 40)),
    (
        "common: 95 %, score always 0.2",
        squared_errors(0.2 * CONSTANT, CONSTANT, lambda s: s + 0.75),
    ),
    ("score always 0.5", squared_errors(0.45 * CONSTANT, CONSTANT, lambda s: s + 0.05)),
)
TRUTHS: tuple[tuple[str, Callable[[Floats], Floats]], ...] = (
    ("calibrated", lambda s: s),
    ("overconfident", lambda s: 0.5 + 0.6 * (s - 0.5)),
    ("0.05 too high", lambda s: s - 0.05),
    ("one bin wrong", lambda s: np.where(s < 0.1, 0.3, s)),
)


def summary(found: list[Bounds], truth: float) -> str:
    """Coverage, rounded down, and mean width."""
    low, high = np.array([(one.low, one.high) for one in found], float).T
    hits = (low <= truth + 1e-9) & (truth <= high + 1e-9)
    return f"{np.floor(hits.mean() * 1000) / 1000:.3f} ({(high - low).mean():.3f})"


def area_table(repetitions: int) -> None:
    """AUROC."""
    rows = []
    for n_pos, n_neg in CLASSES:
        cells = []
        for number, (_, truth, draw) in enumerate(SMOOTH):
            rng = np.random.default_rng([1, n_pos, n_neg, number])
            orders = (draw(rng, n_pos, n_neg) for _ in range(repetitions))
            cells.append(summary([auroc(*delong_sums(one, 1 - one)) for one in orders], truth))
        for number, (_, of_pos, of_neg) in enumerate(STEPPED):
            rng = np.random.default_rng([2, n_pos, n_neg, number])
            truth = float(np.dot(of_pos, np.cumsum(of_neg) - np.divide(of_neg, 2)))
            pos = rng.multinomial(n_pos, of_pos, repetitions)
            neg = rng.multinomial(n_neg, of_neg, repetitions)
            found = [auroc(*delong_sums(*one)) for one in zip(pos, neg, strict=True)]
            cells.append(summary(found, truth))
        rows.append(" | ".join([f"{n_pos:,}", f"{n_neg:,}", *cells]))
    names = [one[0] for one in SMOOTH] + [one[0] for one in STEPPED]
    table("AUROC: coverage (width)", ["positives", "negatives", *names], rows)


def brier_table(repetitions: int) -> None:
    """Brier score, beside the normal interval."""
    rows = []
    for name, (values, share) in BRIER:
        cells, truth = [], float(values @ share)
        for n in ROWS:
            rng = np.random.default_rng([3, n])
            counted = rng.multinomial(n, share, repetitions)
            s1, s2, s3 = (counted @ values**power for power in (1, 2, 3))
            found = [bounded_mean(n, *one) for one in zip(s1, s2, s3, strict=True)]
            margin = Z * np.sqrt(np.maximum(s2 / n - (s1 / n) ** 2, 0) / (n - 1))
            normal = (np.abs(s1 / n - truth) <= margin + 1e-9).mean()
            cells.append(f"{summary(found, truth)} {normal:.3f}")
        rows.append(" | ".join([name, *cells]))
    header = ["scores", *(f"{n:,} rows" for n in ROWS)]
    table("Brier score: coverage (width), and coverage of the normal interval", header, rows)


def calibration_table(repetitions: int) -> None:
    """Binned calibration error, ten bins, low scores more frequent."""
    score = np.linspace(0.05, 0.95, 10)
    rows = []
    for name, truth_of in TRUTHS:
        cells = []
        for n in ROWS:
            rng = np.random.default_rng([4, n])
            size = np.maximum(n * score[::-1] ** 2 / (score**2).sum(), 1).round()
            p = truth_of(score)
            truth = float(size / size.sum() @ np.abs(p - score))
            k = rng.binomial(size.astype(int), p, (repetitions, 10))
            cells.append(summary([calibration_error(size, one, score) for one in k], truth))
        rows.append(" | ".join([name, *cells]))
    table("Calibration error: coverage (width)", ["truth", *(f"{n:,} rows" for n in ROWS)], rows)


def table(title: str, header: list[str], rows: list[str]) -> None:
    """Print a markdown table."""
    print(f"\n### {title}\n\n| " + " | ".join(header) + " |\n|" + " --: |" * len(header))
    print("\n".join(f"| {row} |" for row in rows), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Coverage of AUROC, Brier, calibration error.")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    repetitions = 1_000 if parser.parse_args().quick else 20_000
    start = time.perf_counter()
    area_table(repetitions)
    brier_table(5 * repetitions)
    calibration_table(repetitions)
    seconds = time.perf_counter() - start
    print(f"\n{repetitions:,} repetitions, for Brier five times as many; {seconds:.0f} s")


if __name__ == "__main__":
    main()
