"""Coverage and width of the intervals for series, as in docs/statistics.md.

    python benchmarks/coverage_of_series.py [--quick]

Simulated with fixed seeds: series whose memory (lag-one correlation) is 0, 0.5, 0.8 or 0.95, of
normal values, squares, lognormal values (like rain), rare events, and such a series under noise;
then the kinds of `kinds_of_series`, some of which played no part in choosing the method. Each cell
says how often the interval held the truth where there was one, how wide it was, and in which share
of the series there was one.
"""

from __future__ import annotations

import argparse
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.kinds_of_series import CHOSEN_ON, HELD_BACK, Kind

from comity.statistics import Bounds
from comity.statistics.blocks import (
    FINE,
    block_drift,
    block_mean,
    block_rate,
    block_skill,
    parts_of,
)

Floats = NDArray[np.float64]
Rng = np.random.Generator
LENGTHS = (150, 400, 1_000, 4_000)
KIND_LENGTHS = (200, 400, 1_000, 2_000, 4_000)
MEMORIES = (0.0, 0.5, 0.8, 0.95)


def series(rng: Rng, shape: tuple[int, int], memory: float) -> Floats:
    """Standard normal series, each correlated with its neighbour by `memory`."""
    noise = rng.normal(size=shape)
    noise[:, 1:] *= np.sqrt(1 - memory**2)
    for step in range(1, shape[1]):
        noise[:, step] += memory * noise[:, step - 1]
    return noise


def blocks(values: Floats) -> Floats:
    """Sums over at most 256 short blocks; (series, steps) to (series, blocks)."""
    steps = values.shape[1]
    fine = min(steps, FINE)
    starts = -(-np.arange(fine) * steps // fine)
    return np.asarray(np.add.reduceat(values, starts, axis=1))


def told(found: list[Bounds], truth: float) -> str:
    """Coverage where there is an interval, rounded down; its mean width; share that has one."""
    given = [one for one in found if one.low is not None and one.high is not None]
    share = len(given) / len(found)
    if share < 0.02:
        return f"— ({share:.2f})"
    low, high = np.array([(one.low, one.high) for one in given], float).T
    hits = (low <= truth + 1e-9) & (truth <= high + 1e-9)
    return f"{np.floor(hits.mean() * 1000) / 1000:.3f}, {(high - low).mean():.3f} ({share:.2f})"


def rare(z: Floats) -> Floats:
    """How far a threshold is passed: zero in 93 of 100 steps."""
    return np.asarray(np.maximum(z - 1.5, 0))


QUANTITIES: tuple[tuple[str, Callable[[Floats], Floats], float], ...] = (
    ("normal", lambda z: z, 0.0),
    ("squares", lambda z: z * z, 1.0),
    ("lognormal", np.exp, float(np.exp(0.5))),
    ("rare", rare, float(np.exp(-1.125) / np.sqrt(2 * np.pi) - 1.5 * 0.0668072013)),
)


def mean_table(repetitions: int) -> None:
    """The mean of a loss."""
    rows = []
    noisy = ("under noise", lambda z: z + 1.5 * np.random.default_rng(9).normal(size=z.shape), 0.0)
    for number, (name, of, truth) in enumerate((*QUANTITIES, noisy)):
        for memory in MEMORIES:
            cells = []
            for steps in LENGTHS:
                rng = np.random.default_rng([1, number, round(100 * memory), steps])
                x = of(series(rng, (repetitions, steps), memory))
                n = blocks(np.ones((1, steps)))[0]
                cells.append(told([block_mean(one, n) for one in blocks(x)], truth))
            rows.append(" | ".join([name, f"{memory:g}", *cells]))
    table("Mean", ["values", "memory", *(f"{steps:,} steps" for steps in LENGTHS)], rows)


def skill_table(repetitions: int) -> None:
    """Skill of a forecast whose errors share weather with the baseline's."""
    rows = []
    for truth in (0.0, 0.4):
        for memory in MEMORIES:
            cells = []
            for steps in LENGTHS:
                rng = np.random.default_rng([2, round(10 * truth), round(100 * memory), steps])
                shared, own, other = (series(rng, (repetitions, steps), memory) for _ in range(3))
                base = (shared + other) ** 2
                loss = (1 - truth) * (shared + own) ** 2
                n = blocks(np.ones((1, steps)))[0]
                found = [
                    block_skill(*one, n) for one in zip(blocks(loss), blocks(base), strict=True)
                ]
                cells.append(told(found, truth))
            rows.append(" | ".join([f"{truth:g}", f"{memory:g}", *cells]))
    table("Skill", ["skill", "memory", *(f"{steps:,} steps" for steps in LENGTHS)], rows)


def rate_table(repetitions: int) -> None:
    """Coverage of a forecast interval: a rate in a series."""
    rows = []
    for truth, cut in ((0.5, 0.0), (0.9, 1.2815515655), (0.99, 2.326347874)):
        for memory in MEMORIES:
            cells = []
            for steps in LENGTHS:
                rng = np.random.default_rng([3, round(100 * truth), round(100 * memory), steps])
                x = (series(rng, (repetitions, steps), memory) < cut).astype(float)
                n = blocks(np.ones((1, steps)))[0]
                cells.append(told([block_rate(one, n) for one in blocks(x)], truth))
            rows.append(" | ".join([f"{truth:g}", f"{memory:g}", *cells]))
    table("Rate", ["rate", "memory", *(f"{steps:,} steps" for steps in LENGTHS)], rows)


def drift_table(repetitions: int) -> None:
    """Largest minus smallest mean of windows, and of sites that share their weather."""
    rows = []
    for name, parts in (("windows", 4), ("sites", 3), ("sites", 10)):
        for apart in (0.0, 0.5):
            for memory in (0.0, 0.5):
                cells = []
                for steps in LENGTHS:
                    rng = np.random.default_rng([4, parts, round(100 * memory), steps])
                    found = [
                        drift_once(rng, name == "windows", parts, apart, memory, steps)
                        for _ in range(repetitions)
                    ]
                    cells.append(told(found, apart))
                rows.append(" | ".join([f"{parts} {name}", f"{apart:g}", f"{memory:g}", *cells]))
    header = ["parts", "drift", "memory", *(f"{steps:,} steps" for steps in LENGTHS)]
    table("Drift", header, rows)


def drift_once(
    rng: Rng, windows: bool, parts: int, apart: float, memory: float, steps: int
) -> Bounds:
    """One drawing: the first part is apart from all others."""
    if windows:
        x = blocks(series(rng, (1, steps), memory))[0]
        n = blocks(np.ones((1, steps)))[0]
        of = np.array(parts_of(len(n), parts)) == np.arange(parts)[:, None]
        x = x + apart * n * of[0]
        return block_drift(of * x, of * n, windows=True)
    shared = series(rng, (1, steps), memory)
    x = blocks(shared + series(rng, (parts, steps), memory))
    n = np.repeat(blocks(np.ones((1, steps))), parts, axis=0)
    x[0] += apart * n[0]
    return block_drift(x, n)


def kinds_tables(repetitions: int) -> None:
    """Other kinds of series: their mean, the skill of one forecast of two alike, and drift."""
    for title, kinds in (("chosen on", CHOSEN_ON), ("held back", HELD_BACK)):
        for what, of, share in (
            ("Mean", kind_mean, 1),
            ("Skill", kind_skill, 4),
            ("Drift", kind_drift, 8),
        ):
            rows = []
            for name, kind in kinds.items():
                cells = []
                for steps in KIND_LENGTHS:
                    rng = np.random.default_rng([5, zlib.crc32(f"{what} {name}".encode()), steps])
                    cells.append(of(rng, kind, repetitions // share, steps))
                rows.append(" | ".join([name, *cells]))
            header = ["kind", *(f"{steps:,} steps" for steps in KIND_LENGTHS)]
            table(f"{what}, kinds {title}", header, rows)


def kind_mean(rng: Rng, kind: Kind, repetitions: int, steps: int) -> str:
    """The mean of a series of this kind."""
    x, truth = kind(rng, repetitions, steps)
    n = blocks(np.ones((1, steps)))[0]
    return told([block_mean(one, n) for one in blocks(x)], truth)


def kind_skill(rng: Rng, kind: Kind, repetitions: int, steps: int) -> str:
    """A forecast and a baseline whose errors are of one kind and partly shared: no skill."""
    shared, own, other = (kind(rng, repetitions, steps)[0] for _ in range(3))
    n = blocks(np.ones((1, steps)))[0]
    pairs = zip(blocks((shared + own) ** 2), blocks((shared + other) ** 2), strict=True)
    return told([block_skill(*one, n) for one in pairs], 0.0)


def kind_drift(rng: Rng, kind: Kind, repetitions: int, steps: int) -> str:
    """Three sites that share half of their weather, all of it of this kind: no drift."""
    n = np.repeat(blocks(np.ones((1, steps))), 3, axis=0)
    shared, *sites = (blocks(kind(rng, repetitions, steps)[0]) for _ in range(4))
    found = [block_drift(one + np.stack(own), n) for one, *own in zip(shared, *sites, strict=True)]
    return told(found, 0.0)


def table(title: str, header: list[str], rows: list[str]) -> None:
    """Print a markdown table."""
    print(f"\n### {title}: coverage, width (share with an interval)\n")
    print("| " + " | ".join(header) + " |\n|" + " --: |" * len(header))
    print("\n".join(f"| {row} |" for row in rows), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Coverage of the intervals for series.")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    repetitions = 400 if parser.parse_args().quick else 2_000
    start = time.perf_counter()
    mean_table(repetitions)
    skill_table(repetitions)
    rate_table(repetitions)
    drift_table(repetitions // 4)
    kinds_tables(repetitions)
    print(
        f"\n{repetitions:,} repetitions, for drift a quarter or fewer; "
        f"{time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
