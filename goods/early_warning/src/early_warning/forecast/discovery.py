"""Which of many tests hold: the false discovery rate, controlled over districts and leads.

With a thousand districts and leads and one test each at 5 %, fifty useless forecasts would seem
useful. What is bounded here is the expected share of such false ones among all that are believed.

- `benjamini-hochberg` (J. R. Stat. Soc. B 57, 1995) holds for independent tests and where a low
  p-value makes no other one higher (the condition PRDS of Benjamini and Yekutieli). So it is here,
  as far as can be seen: districts share their weather, leads share their runs, and all methods are
  compared with the same climatology. That is plausible and not proven. With the p-values of
  `proof`, which are too high rather than too low, about 1 in 100 believed was false in made
  families whose districts share half of their weather, where 10 are allowed
  (`benchmarks/false_discoveries.py`). Alerts are decided by it.
- `benjamini-yekutieli` (Ann. Stat. 29, 2001, theorem 1.3) holds however the tests hang together,
  for a price of about ln(tests). In the same families it finds 29 of 100 useful forecasts where
  the other one finds 74: the rest would raise no alert. For a service that will assume nothing.

A test that could not be made counts as one with p = 1: it makes the others no easier.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from early_warning.forecast.steps import Floats

__all__ = ["Rule", "adjusted"]

Rule = Literal["benjamini-hochberg", "benjamini-yekutieli"]


def adjusted(p: ArrayLike, rule: Rule = "benjamini-hochberg") -> Floats:
    """The least false discovery rate at which each test is believed.

    Args:
        p: One p-value of each test of the family, in [0, 1]; shape (tests,).
        rule: Which of the two.

    Returns:
        Shape (tests,), in [0, 1]; a test is believed at a rate q where this is at most q.

    Raises:
        ValueError: A value is no probability.
    """
    values = np.asarray(p, float)
    if values.ndim != 1 or not np.all((values >= 0) & (values <= 1)):
        raise ValueError("p-values lie between 0 and 1")
    tests = len(values)
    order = np.argsort(values)
    price = float(np.sum(1 / np.arange(1, tests + 1))) if rule == "benjamini-yekutieli" else 1.0
    stepped = values[order] * tests * price / np.arange(1, tests + 1)
    falling = np.minimum.accumulate(stepped[::-1])[::-1]
    found = np.empty(tests)
    found[order] = np.minimum(falling, 1)
    return found
