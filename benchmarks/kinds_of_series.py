"""Kinds of series to test intervals on, each with its true mean.

`CHOSEN_ON` are kinds on which the method for series was chosen; `HELD_BACK` kinds that were looked
at once, when everything was fixed. Each is a function of a generator, a number of series and a
number of steps; it returns the series, shape (series, steps), and the mean that is true for them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

__all__ = ["CHOSEN_ON", "HELD_BACK", "Kind"]

Floats = NDArray[np.float64]
Rng = np.random.Generator
Kind = Callable[[Rng, int, int], tuple[Floats, float]]
BEFORE = 500
"""Steps before the first one, so that it is like all others."""


def linear(rng: Rng, series: int, steps: int, past: list[float], shocks: list[float]) -> Floats:
    """ARMA: x_t = Σ past_i x_(t−i) + Σ shocks_j e_(t−j), normal e."""
    noise = rng.normal(size=(series, steps + BEFORE))
    return np.asarray(lfilter(shocks, [1, *(-one for one in past)], noise, axis=1)[:, BEFORE:])


def memory(rng: Rng, series: int, steps: int, near: float) -> Floats:
    """Standard normal; neighbours correlate by `near`."""
    return linear(rng, series, steps, [near], [(1 - near * near) ** 0.5])


def cycle(modulus: float, period: float) -> Kind:
    """AR(2) that swings: complex roots of this modulus and period."""
    past = [2 * modulus * float(np.cos(2 * np.pi / period)), -(modulus**2)]
    return lambda rng, series, steps: (linear(rng, series, steps, past, [1.0]), 0.0)


def fractional(rng: Rng, series: int, steps: int, d: float) -> Floats:
    """ARFIMA(0, d, 0) with variance 1, by circulant embedding (Davies and Harte 1987)."""
    lag = np.arange(1, steps + 1)
    ahead = np.concatenate([[1.0], np.cumprod((lag - 1 + d) / (lag - d))])
    power = np.maximum(np.fft.fft(np.concatenate([ahead, ahead[-2:0:-1]])).real, 0)
    shape = (series, len(power))
    waves = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    return np.asarray(
        np.fft.fft(np.sqrt(power / len(power)) * waves, axis=1).real[:, :steps], float
    )


def arma(past: list[float], shocks: list[float]) -> Kind:
    """ARMA with these weights; mean 0."""
    return lambda rng, series, steps: (linear(rng, series, steps, past, shocks), 0.0)


def long_memory(d: float) -> Kind:
    """ARFIMA(0, d, 0); mean 0."""
    return lambda rng, series, steps: (fractional(rng, series, steps, d), 0.0)


def noisy_long_memory(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
    """Long memory of 0.4 under more noise than there is memory."""
    return fractional(rng, series, steps, 0.4) + 1.5 * rng.normal(size=(series, steps)), 0.0


def garch(shock: float, stay: float, freedom: int = 0) -> Kind:
    """Squares of GARCH(1, 1) with variance 1; `freedom` of t shocks, 0 for normal ones."""

    def draw(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
        shape = (series, steps + BEFORE)
        if freedom:
            noise = rng.standard_t(freedom, size=shape) * ((freedom - 2) / freedom) ** 0.5
        else:
            noise = rng.normal(size=shape)
        variance, squares = np.ones(series), np.empty(shape)
        for step in range(shape[1]):
            squares[:, step] = variance * noise[:, step] ** 2
            variance = 1 - shock - stay + shock * squares[:, step] + stay * variance
        return squares[:, BEFORE:], 1.0

    return draw


def states(rng: Rng, series: int, steps: int, off: float, on: float) -> tuple[Floats, float]:
    """A Markov chain of 0 and 1 that stays with these probabilities, and its share of 1."""
    share = (1 - off) / (2 - off - on)
    now, found = rng.random(series) < share, np.empty((series, steps))
    for step in range(steps):
        found[:, step] = now
        now = np.where(now, rng.random(series) < on, rng.random(series) >= off)
    return found, share


def regimes(stay: float) -> Kind:
    """Two regimes, 1.5 apart, under standard normal noise."""

    def draw(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
        of, share = states(rng, series, steps, stay, stay)
        return 1.5 * of + rng.normal(size=of.shape), 1.5 * share

    return draw


def rain(dry: float, wet: float) -> Kind:
    """Zero on dry days; gamma amounts on wet ones."""

    def draw(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
        of, share = states(rng, series, steps, dry, wet)
        return of * rng.gamma(0.7, 1, size=of.shape), 0.7 * share

    return draw


def seasons(near: float) -> Kind:
    """A year of 365.25 steps in level and spread; the mean is that of the steps drawn."""

    def draw(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
        year = np.sin(2 * np.pi * np.arange(steps) / 365.25)
        return memory(rng, series, steps, near) * (1 + 0.5 * year) + year, float(year.mean())

    return draw


def rainy_seasons(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
    """Rain whose amounts follow the year."""
    year = 1 + 0.8 * np.sin(2 * np.pi * np.arange(steps) / 365.25)
    amounts, mean = rain(0.8, 0.6)(rng, series, steps)
    return amounts * year, mean * float(year.mean())


def threshold(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
    """Two autoregressions by the sign of the last value; symmetric about 0."""
    x, found = np.zeros(series), np.empty((series, steps + BEFORE))
    for step in range(steps + BEFORE):
        x = np.where(np.abs(x) > 1, 0.9, 0.2) * x + rng.normal(size=series)
        found[:, step] = x
    return found[:, BEFORE:], 0.0


def spells(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
    """Levels of ±1, each for a time with a heavy tail (Pareto 2.5, mean 5), under noise."""
    found = np.empty((series, steps))
    for one in found:
        lengths = np.ceil(3 * (1 + rng.pareto(2.5, steps + BEFORE))).astype(int)
        level = np.repeat(rng.choice([-1.0, 1.0], len(lengths)), np.minimum(lengths, steps))
        one[:] = level[BEFORE : BEFORE + steps]
    return found + rng.normal(size=found.shape), 0.0


def volatile(near: float) -> Kind:
    """Squares whose logarithmic spread has a memory (stochastic volatility)."""

    def draw(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
        spread = np.exp(0.8 * memory(rng, series, steps, near))
        return spread * rng.normal(size=spread.shape) ** 2, float(np.exp(0.32))

    return draw


def counts(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
    """Poisson counts around a rate with a memory of 0.7."""
    rate = np.exp(0.5 * memory(rng, series, steps, 0.7))
    return rng.poisson(rate).astype(float), float(np.exp(0.125))


def weeks(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
    """A week of 7 steps over a memory of 0.4; the mean is that of the steps drawn."""
    week = np.where(np.arange(steps) % 7 < 5, 1.0, -1.0)
    return memory(rng, series, steps, 0.4) + week, float(week.mean())


def fading(rng: Rng, series: int, steps: int) -> tuple[Floats, float]:
    """Quick and slow memory together: 0.3 in nine parts of the variance, 0.9 in one."""
    quick, slow = memory(rng, series, steps, 0.3), memory(rng, series, steps, 0.9)
    return 0.9**0.5 * quick + 0.1**0.5 * slow, 0.0


CHOSEN_ON: dict[str, Kind] = {
    "cycle of 10": cycle(0.9, 10),
    "cycle of 40": cycle(0.95, 40),
    "seasons, memory 0.3": seasons(0.3),
    "seasons, memory 0.6": seasons(0.6),
    "rain in seasons": rainy_seasons,
    "rain, short spells": rain(0.8, 0.5),
    "rain, long spells": rain(0.95, 0.7),
    "rain in a desert": rain(0.99, 0.8),
    "regimes of 10": regimes(0.9),
    "regimes of 33": regimes(0.97),
    "regimes of 100": regimes(0.99),
    "long memory 0.1": long_memory(0.1),
    "long memory 0.2": long_memory(0.2),
    "long memory 0.3": long_memory(0.3),
    "long memory 0.4": long_memory(0.4),
    "long memory 0.4, squares": lambda rng, series, steps: (
        fractional(rng, series, steps, 0.4) ** 2,
        1.0,
    ),
    "long memory 0.4 under noise": noisy_long_memory,
    "GARCH 0.1, 0.85": garch(0.1, 0.85),
    "GARCH 0.05, 0.94": garch(0.05, 0.94),
    "GARCH 0.15, 0.8, t with 6": garch(0.15, 0.8, 6),
}
HELD_BACK: dict[str, Kind] = {
    "moving average of 20": arma([], [1.0] * 20),
    "ARMA 0.9, −0.7": arma([0.9], [1.0, -0.7]),
    "neighbours opposed, −0.6": arma([-0.6], [0.8]),
    "two memories": fading,
    "threshold": threshold,
    "spells with a heavy tail": spells,
    "volatile, 0.9": volatile(0.9),
    "volatile, 0.98": volatile(0.98),
    "counts": counts,
    "weeks": weeks,
    "cycle of 100": cycle(0.97, 100),
    "long memory 0.25, lognormal": lambda rng, series, steps: (
        np.exp(fractional(rng, series, steps, 0.25)),
        float(np.exp(0.5)),
    ),
}
