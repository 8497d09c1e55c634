"""How many of the districts that are believed to have skill have none, and how many are missed.

    python benchmarks/false_discoveries.py [--quick]

Made families of 60 districts with fixed seeds: 20 of them with a skill of 0.3, the others with
none. All share half of their weather, which remembers yesterday (lag-one correlation). The rate
allowed is 0.1.
"""

from __future__ import annotations

import sys

import numpy as np

from early_warning.forecast import Case, Proof, Rule, judge, prove
from early_warning.forecast.steps import Floats

DISTRICTS, GOOD, SKILL = 60, 20, 0.3
RULES: tuple[Rule, ...] = ("benjamini-hochberg", "benjamini-yekutieli")


def weather(rng: np.random.Generator, shape: tuple[int, int], memory: float) -> Floats:
    """Standard normal series in rows."""
    noise = rng.normal(size=shape)
    noise[:, 1:] *= np.sqrt(1 - memory**2)
    for step in range(1, shape[1]):
        noise[:, step] += memory * noise[:, step - 1]
    return noise


def family(seed: int, days: int, memory: float) -> dict[Case, Proof]:
    """One service's tests; the first `GOOD` districts have skill."""
    rng = np.random.default_rng([seed, days, round(100 * memory)])
    shared = weather(rng, (2, days), memory)
    proofs = {}
    for place in range(DISTRICTS):
        loss, base = (np.sqrt(0.5) * (shared + weather(rng, (2, days), memory))) ** 2
        case = Case(f"{place:02}", 24, "raw", None)
        when = np.datetime64("2010-01-01") + np.arange(days)
        proofs[case] = prove((1 - SKILL * (place < GOOD)) * loss, base, when)
    return proofs


def main(families: int) -> None:
    """One row for each length and memory."""
    print("| days | memory | rule | false among believed | found of those with skill |")
    print("|---|---|---|---|---|")
    for days in (1_000, 3_000):
        for memory in (0.0, 0.8):
            made = [family(seed, days, memory) for seed in range(families)]
            for rule in RULES:
                wrong, right = [], []
                for proofs in made:
                    verdicts = judge(proofs, rule=rule)
                    shown = [int(one.district) for one in verdicts if verdicts[one].shown]
                    bad = sum(place >= GOOD for place in shown)
                    wrong.append(bad / max(len(shown), 1))
                    right.append((len(shown) - bad) / GOOD)
                cells = f"{rule} | {np.mean(wrong):.3f} | {np.mean(right):.2f}"
                print(f"| {days:,} | {memory} | {cells} |", flush=True)


if __name__ == "__main__":
    main(5 if "--quick" in sys.argv else 100)
