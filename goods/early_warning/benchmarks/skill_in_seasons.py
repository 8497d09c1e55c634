"""How often skill is believed where there is none, and found where there is some, with seasons.

    python benchmarks/skill_in_seasons.py [--quick]

Two made forecasts of one event, with fixed seeds. *Alike*: both err as much, so that believing one
of them better is wrong; allowed is 0.05. *Better*: one knows much of the weather, the other the
season. The chance of the event follows a season (none, mild, strong), weather remembers yesterday
(lag-one correlation), and years are alike in part (lag-one correlation of 0.5 between years).
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.signal import lfilter
from scipy.special import ndtr, ndtri

from early_warning.climate.columns import Days
from early_warning.forecast import prove
from early_warning.forecast.steps import Floats

SEASONS = {"none": 0.0, "mild": 0.8, "strong": 2.5}


def weather(rng: np.random.Generator, days: int, memory: float) -> Floats:
    """A standard normal series."""
    noise = rng.normal(size=days)
    return np.asarray(lfilter([np.sqrt(1 - memory**2)], [1, -memory], noise))


def losses(
    rng: np.random.Generator, years: int, season: str, peak: float, memory: float, better: bool
) -> tuple[Floats, Floats, Days]:
    """Brier scores of two forecasts, and the days; `peak` is the chance where it is highest."""
    days = round(365.2425 * years) + 1
    swing = SEASONS[season]
    usual = swing * (np.cos(2 * np.pi * np.arange(days) / 365.2425) - 1) + ndtri(peak)
    year = np.repeat(weather(rng, years + 1, 0.5), 366)[:days]
    now = weather(rng, days, memory)
    happened = usual + now + 0.5 * year > 0
    if better:
        one, other = ndtr((usual + 0.7 * now) / np.sqrt(0.51)), ndtr(usual)
    else:
        one, other = (ndtr(usual + 0.7 * weather(rng, days, memory)) for _ in range(2))
    when = np.datetime64("2010-01-01") + np.arange(days)
    return (one - happened) ** 2, (other - happened) ** 2, when


def share(
    rng: np.random.Generator, draws: int, years: int, season: str, peak: float, memory: float,
    better: bool,
) -> float:  # fmt: skip
    """In which share of the draws the first forecast is believed better."""
    made = (losses(rng, years, season, peak, memory, better) for _ in range(draws))
    return float(np.mean([prove(*one).p <= 0.05 for one in made]))


def main(draws: int) -> None:
    """One row for each climate."""
    print("| season | peak chance | memory | years | believed, alike | found, better |")
    print("|---|---|---|---|---|---|")
    for season in SEASONS:
        for peak in (0.3, 0.03):
            for memory in (0.3, 0.9):
                for years in (5, 8, 12):
                    rng = np.random.default_rng([years, round(100 * memory), round(100 * peak)])
                    case = (years, season, peak, memory)
                    alike, found = (share(rng, draws, *case, better) for better in (False, True))
                    row = f"{season} | {peak} | {memory} | {years}"
                    print(f"| {row} | {alike:.3f} | {found:.2f} |", flush=True)


if __name__ == "__main__":
    main(20 if "--quick" in sys.argv else 200)
