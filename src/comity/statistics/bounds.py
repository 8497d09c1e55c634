"""What every interval function returns."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Bounds"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """An estimate with its interval.

    Attributes:
        estimate: The point estimate; None where it does not exist (0/0), never NaN.
        low: Lower end; None only where no interval exists.
        high: Upper end; None only where no interval exists.
        method: ASCII id of the interval method, as it is signed in a claim.
    """

    estimate: float | None
    low: float | None
    high: float | None
    method: str
