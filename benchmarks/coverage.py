"""Coverage and width of gaps, ratios and impact ratios, as the tables of docs/statistics.md.

    python benchmarks/coverage.py [--quick]

Two groups are enumerated: every outcome within six standard deviations, weighted with its
probability. More are simulated with fixed seeds, 20,000 repetitions of each pattern of true rates
(the bootstrap always: 1,000 repetitions with 200 resamples each). A number is the smallest coverage
over the patterns of its row, rounded down, or the mean width. The other tables are printed by
`coverage_of_two.py` and `coverage_of_scores.py`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr, ndtri, xlog1py, xlogy

from comity.statistics import gap, impact_ratios, ratio
from comity.statistics.difference import score_upper
from comity.statistics.groups import (
    corners_of_all,
    corners_of_one,
    least_gap,
    most_impact,
    most_ratio,
    ratio_lower,
)
from comity.statistics.rates import exact_lower, exact_upper

Floats = NDArray[np.float64]
Ends = tuple[Floats, Floats]
ERROR = 0.025
Z = float(ndtri(1 - ERROR))
TOLERANCE = 1e-9


class Effort(NamedTuple):
    """How much to simulate."""

    groups: tuple[int, ...]
    rows: tuple[int, ...]
    repetitions: int
    bootstraps: int


FULL = Effort((2, 3, 5, 10, 20, 40, 60), (20, 50, 200, 1_000, 5_000, 20_000), 20_000, 1_000)
QUICK = Effort((2, 5, 20), (20, 200, 5_000), 2_000, 200)


def patterns(groups: int) -> Iterator[Floats]:
    """True rates: all equal, spread, and one group apart. The outlier is a small group."""
    for rate in (0.02, 0.1, 0.5, 0.9):
        yield np.full(groups, rate)
    yield np.linspace(0.2, 0.8, groups)
    yield np.linspace(0.02, 0.1, groups)
    for rate, other in ((0.3, 0.5), (0.1, 0.02)):
        rates = np.full(groups, rate)
        rates[1] = other
        yield rates


def sizes_of(groups: int, rows: int, equal: bool) -> Floats:
    """Rows per group: all alike, or by turns nine fifths and one fifth of `rows`."""
    return np.resize([rows, rows] if equal else [1.8 * rows, 0.2 * rows], groups).round()


def samples(
    rng: np.random.Generator, n: Floats, p: Floats, repetitions: int
) -> tuple[Floats, Floats]:
    """Counts (samples, groups) and their weights: all outcomes for two groups, draws for more."""
    if len(n) > 2:
        k = rng.binomial(n.astype(int), p, (repetitions, len(n))).astype(float)
        return k, np.full(repetitions, 1 / repetitions)
    reach = 6 * np.sqrt(n * p * (1 - p)) + 6
    low, high = np.maximum(n * p - reach, 0).round(), np.minimum(n * p + reach, n).round()
    each = [np.arange(a, b + 1) for a, b in zip(low, high, strict=True)]
    ways = [
        gammaln(m + 1) - gammaln(k + 1) - gammaln(m - k + 1) for k, m in zip(each, n, strict=True)
    ]
    weight = [
        np.exp(way + xlogy(k, q) + xlog1py(m - k, -q))
        for way, k, m, q in zip(ways, each, n, p, strict=True)
    ]
    k = np.stack(np.meshgrid(*each, indexing="ij"), axis=-1).reshape(-1, 2)
    return k, np.outer(*weight).ravel()


def extremes(k: Floats, n: Floats) -> Ends:
    """Only the best and the worst group of each size can decide a gap or ratio; drop the others.

    All limits rise with the successes, so that this changes no result; it makes 60 groups as quick
    as 4. (Compared with the whole calculation in `agree`.)
    """
    best_and_worst, size_of = [], []
    for size in np.unique(n):
        part = k[:, n == size]
        for pick in (np.max, np.min)[: part.shape[1]]:  # a single group is not its own rival
            best_and_worst.append(pick(part, axis=1))
            size_of.append(size)
    return np.stack(best_and_worst, axis=1), np.array(size_of)


def limits(k: Floats, n: Floats, tails: tuple[Floats, Floats]) -> Ends:
    """Exact limits of counts (repetitions, groups) at each tail: (repetitions, groups, tails)."""
    low, high = np.empty((*k.shape, len(tails[0]))), np.empty((*k.shape, len(tails[1])))
    for column, size in enumerate(n):
        values, where = np.unique(k[:, column], return_inverse=True)
        low[:, column] = exact_lower(values[:, None], size, tails[0])[where]
        high[:, column] = exact_upper(values[:, None], size, tails[1])[where]
    return low, high


def pairs_of(groups: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All ordered pairs."""
    first, second = np.nonzero(~np.eye(groups, dtype=bool))
    return first, second


def upper_differences(k: Floats, n: Floats) -> Floats:
    """Score limits of every ordered pair, each distinct pair of counts solved once."""
    columns = []
    for i, j in zip(*pairs_of(len(n)), strict=True):
        both, where = np.unique(k[:, i] * (n.max() + 1) + k[:, j], return_inverse=True)
        first, second = np.divmod(both, n.max() + 1)
        sizes = np.full_like(both, n[i]), np.full_like(both, n[j])
        columns.append(score_upper(first, sizes[0], second, sizes[1], Z)[where])
    return np.stack(columns, axis=1)


def ours(k: Floats, n: Floats, groups: int) -> dict[str, Ends]:
    """The intervals of `comity.statistics`, for many repetitions at once."""
    upper = upper_differences(k, n)
    one = np.array([ERROR])
    low, high = (side[..., 0] for side in limits(k, n, (one, one)))
    i, j = pairs_of(len(n))
    lower = ratio_lower((k / n)[:, i], low[:, i], (k / n)[:, j], high[:, j])
    if groups == 2:
        ratio_high = 1 / np.maximum(lower.max(axis=1), 1)
        gap_low = np.maximum(-upper.min(axis=1), 0)
    else:
        s, t = corners_of_all(groups, ERROR)
        at_corners = limits(k, n, (ndtr(-s), ndtr(-t)))
        gap_low, ratio_high = least_gap(*at_corners), most_ratio(*at_corners)
    nobody = k.max(axis=1) == 0
    return {
        "gap": (gap_low, upper.max(axis=1)),
        "ratio": (np.minimum(lower.min(axis=1), 1), np.where(nobody, 1, ratio_high)),
    }


def box(k: Floats, n: Floats, groups: int) -> dict[str, Ends]:
    """Simultaneous exact limits per group (Šidák), projected: valid, and wide."""
    error = np.array([(1 - (1 - 2 * ERROR) ** (1 / groups)) / 2])
    low, high = (side[..., 0] for side in limits(k, n, (error, error)))
    least, most = low.min(axis=1), high.max(axis=1)
    towards = (
        least_gap(low[..., None], high[..., None]),
        most_ratio(low[..., None], high[..., None]),
    )
    return {"gap": (towards[0], most - least), "ratio": (least / most, towards[1])}


def percentile(k: Floats, n: Floats, rng: np.random.Generator) -> dict[str, Ends]:
    """The percentile bootstrap: binomial draws from the observed rates, as resampling rows is."""
    rates = rng.binomial(n.astype(int), (k / n)[:, None], (len(k), 200, len(n))) / n
    most, least = rates.max(axis=2), rates.min(axis=2)
    quotient = np.divide(least, most, out=np.ones_like(most), where=most > 0)
    tails = [ERROR, 1 - ERROR]
    found = {"gap": most - least, "ratio": quotient}
    return {name: tuple(np.quantile(v, tails, axis=1)) for name, v in found.items()}


def agree(k: Floats, n: Floats, found: dict[str, Ends]) -> None:
    """The vectorised intervals are those that a user gets."""
    for row in np.linspace(0, len(k) - 1, 5, dtype=int):
        for name, function in (("gap", gap), ("ratio", ratio)):
            one = function(k[row], n)
            assert one.low is not None and one.high is not None
            expected = (found[name][0][row], found[name][1][row])
            assert np.allclose((one.low, one.high), expected, atol=1e-9), (name, k[row], n)


def hit(ends: Ends, truth: float, weight: Floats) -> float:
    """Share of the intervals that hold the truth."""
    low, high = ends
    # What lies beyond six standard deviations (2e-9) counts as missed.
    return float(((low <= truth + TOLERANCE) & (truth <= high + TOLERANCE)) @ weight)


def group_tables(effort: Effort) -> None:
    """Gap and ratio: our intervals, the box, and the percentile bootstrap, side by side."""
    names = ("gap", "ratio")
    rows: dict[str, list[str]] = {name: [] for name in names}
    for groups in effort.groups:
        for n_rows in effort.rows:
            cells: dict[str, list[str]] = {name: [] for name in names}
            false = 0.0
            for equal in (True, False):
                n = sizes_of(groups, n_rows, equal)
                seen: dict[tuple[str, str], list[tuple[float, float]]] = {}
                for number, p in enumerate(patterns(groups)):
                    rng = np.random.default_rng([groups, n_rows, equal, number])
                    k, weight = samples(rng, n, p, effort.repetitions)
                    reduced = extremes(k, n)
                    methods = {"ours": ours(*reduced, groups), "box": box(*reduced, groups)}
                    few = rng.binomial(n.astype(int), p, (effort.bootstraps, groups)).astype(float)
                    methods["percentile"] = percentile(few, n, rng)
                    agree(k, n, methods["ours"])
                    truth = {"gap": p.max() - p.min(), "ratio": p.min() / p.max()}
                    if truth["gap"] == 0:
                        false = max(false, float((methods["ours"]["gap"][0] > 0) @ weight))
                    for method, ends in methods.items():
                        if method == "percentile":
                            weight = np.full(effort.bootstraps, 1 / effort.bootstraps)
                        for name in names:
                            low, high = ends[name]
                            one = hit(ends[name], truth[name], weight), float((high - low) @ weight)
                            seen.setdefault((name, method), []).append(one)
                for (name, _), values in seen.items():
                    coverage, width = zip(*values, strict=True)
                    cells[name] += [rounded_down(min(coverage)), f"{np.mean(width):.3f}"]
            for name in names:
                more = [f"{false:.3f}"] if name == "gap" else []
                rows[name].append(" | ".join([str(groups), f"{n_rows:,}", *cells[name], *more]))
    for name in names:
        header = ["groups", "rows a group"]
        for size in ("equal", "unequal"):
            for method in ("ours", "box", "percentile"):
                header += [f"{size}: {method}", "width"]
        print(f"\n### {name.capitalize()}\n")
        table(header + (["gap claimed where none"] if name == "gap" else []), rows[name])


def impact_table(effort: Effort) -> None:
    """Impact ratio of the first (large) and the second (small) group."""
    rows = []
    for groups in effort.groups:
        for n_rows in effort.rows:
            n, worst, widths = sizes_of(groups, n_rows, False), 1.0, []
            for number, p in enumerate(patterns(groups)):
                rng = np.random.default_rng([7, groups, n_rows, number])
                k, weight = samples(rng, n, p, effort.repetitions)
                one = np.array([ERROR])
                low, high = (side[..., 0] for side in limits(k, n, (one, one)))
                rate = k / n
                for g in (0, 1):
                    others = np.arange(groups) != g
                    lower = ratio_lower(rate[:, [g]], low[:, [g]], rate[:, others], high[:, others])
                    if groups == 2:
                        back = ratio_lower(
                            rate[:, [1 - g]], low[:, [1 - g]], rate[:, [g]], high[:, [g]]
                        )
                        upper = 1 / np.maximum(back[:, 0], 1)
                    else:
                        s, t = corners_of_one(groups - 1, ERROR)
                        at = limits(k, n, (ndtr(-s), ndtr(-t)))
                        upper = most_impact(at[0][:, others], at[1][:, g])
                    nobody = k.max(axis=1) == 0
                    ends = np.minimum(lower.min(axis=1), 1), np.where(nobody, 1.0, upper)
                    expected = impact_ratios(k[0], n)[g]
                    assert np.allclose((expected.low, expected.high), (ends[0][0], ends[1][0]))  # type: ignore[arg-type]
                    worst = min(worst, hit(ends, float(p[g] / p.max()), weight))
                    widths.append(float((ends[1] - ends[0]) @ weight))
            rows.append(f"{groups} | {n_rows:,} | {rounded_down(worst)} | {np.mean(widths):.3f}")
    print("\n### Impact ratio\n")
    table(["groups", "rows a group, unequal", "coverage", "width"], rows)


def rounded_down(coverage: float) -> str:
    """0.9499 is not 0.95."""
    return f"{np.floor(coverage * 1000) / 1000:.3f}"


def table(header: list[str], rows: list[str]) -> None:
    """Print a markdown table."""
    print("| " + " | ".join(header) + " |")
    print("|" + " --: |" * len(header))
    print("\n".join(f"| {row} |" for row in rows), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Coverage and width of gaps and ratios.")
    parser.add_argument("--quick", action="store_true", help="fewer sizes and repetitions")
    effort = QUICK if parser.parse_args().quick else FULL
    start = time.perf_counter()
    group_tables(effort)
    impact_table(effort)
    print(f"\n{effort.repetitions:,} repetitions a cell, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
