"""A rate of events with its exact interval, as text that every language reads alike."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import msgspec

from comity.statistics import clopper_pearson

__all__ = ["Rate", "rate"]

_STEP = Decimal("0.000001")


class Rate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of how many.

    Attributes:
        successes, trials: The counts.
        estimate: Their ratio as a decimal; null where there were no trials.
        low, high: Clopper and Pearson's interval at 95 %, rounded outward. It holds for trials that
            are independent; neighbouring districts in one storm are not, and then it is too narrow.
    """

    successes: int
    trials: int
    estimate: str | None
    low: str
    high: str
    method: str = "clopper_pearson"


def rate(successes: int, trials: int) -> Rate:
    """The rate of two counts.

    Raises:
        ValueError: They are no counts.
    """
    low, high = clopper_pearson(successes, trials)
    return Rate(
        successes=successes,
        trials=trials,
        estimate=str((Decimal(successes) / trials).quantize(_STEP, ROUND_HALF_EVEN))
        if trials
        else None,
        low=str(Decimal(float(low)).quantize(_STEP, ROUND_FLOOR)),
        high=str(Decimal(float(high)).quantize(_STEP, ROUND_CEILING)),
    )
