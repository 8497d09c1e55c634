"""What post-processing gains and does not gain on a real record: rain at Frankfurt, 2007 to 2017.

    python benchmarks/proof_at_frankfurt.py TABLE

TABLE is the record with the columns date, obs, HRES, CTR and P1 to P50 (as in the package isodisreg
as rain.dat, packed or not).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from early_warning.forecast import (
    Pairs,
    Steps,
    climatology,
    fit,
    judge,
    losses_of,
    members_as_steps,
    prove_all,
    read_pairs,
)

RUNS = ["HRES", "CTR", *(f"P{i}" for i in range(1, 51))]
THRESHOLDS = (None, 1.0, 5.0, 10.0, 15.0, 20.0)


def trained_to_2013(pairs: Pairs) -> tuple[dict[str, Steps], Pairs]:
    """Forecasts of 2014 and later."""
    before = pairs.days < np.datetime64("2014-01-01")
    train, test = pairs.where(before), pairs.where(~before)
    learnt = fit(train.members.mean(axis=1), train.observed)
    return {
        "isotonic": learnt.predict(test.members.mean(axis=1)),
        "raw": members_as_steps(test.members),
        "climatology": climatology(train.days, train.observed, test.days),
    }, test


def main(path: Path) -> None:
    """Two tables: trained to 2013, and cross-validated with verdicts."""
    pairs = read_pairs(path, day="date", observed="obs", members=RUNS)
    forecasts, test = trained_to_2013(pairs)
    print(f"trained to 2013, {len(test.days):,} days from 2014\n")
    print("| loss | events | isotonic | raw | climatology |\n|---|---|---|---|---|")
    for threshold in THRESHOLDS:
        losses = losses_of(forecasts, test, threshold)
        means = " | ".join(f"{one.mean():.4f}" for one in losses.of.values())
        print(f"| {named(threshold)} | {losses.events or ''} | {means} |")
    print(f"\ncross-validated, {len(pairs.days):,} days\n")
    proofs = prove_all("Frankfurt", 24, pairs, THRESHOLDS)
    plain, strict = judge(proofs), judge(proofs, rule="benjamini-yekutieli")
    print("| loss | method | skill | 90 % | p | rate | verdict | with Benjamini–Yekutieli |")
    print("|---|---|---|---|---|---|---|---|")
    for case, one in plain.items():
        low, high = one.skill.low, one.skill.high
        ends = "none" if low is None or high is None else f"{low:.2f} to {high:.2f}"
        print(
            f"| {named(case.threshold)} | {case.method} | {one.skill.estimate:.2f} | {ends} | "
            f"{one.p:.2g} | {one.rate:.2g} | {one.words} | {strict[case].words} |"
        )


def named(threshold: float | None) -> str:
    """The loss in words."""
    return "CRPS, mm" if threshold is None else f"Brier, {threshold:g} mm"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
