"""The small values that everything signed is made of: decimals, digests, keys, canonical bytes.

What crosses a border must be the same bytes everywhere, so a signed statement holds no floating
point number, only ASCII keys, and integers below 2**53. Real numbers travel as decimal strings.
"""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import Annotated, Any

import msgspec

__all__ = [
    "MAX_INTEGER",
    "Count",
    "DecimalText",
    "Digest",
    "Key",
    "Labels",
    "LongText",
    "Text",
    "Timestamp",
    "canonical_bytes",
    "decimal_text",
    "digest_of",
    "round_down",
    "round_up",
    "timestamp",
]

MAX_INTEGER = 2**53 - 1
SIGNIFICANT_DIGITS = 12
SMALLEST = Decimal("1e-40")
"""Values nearer to zero are rounded to a multiple of this, so that a decimal stays short."""

# `$(?!\n)`, not `$`: in Python, unlike in a browser, `$` also matches before a last line end.
# In Python `$` also matches before a last newline, in JavaScript it does not: `$(?!\n)` is the end
# in both, and the same patterns go into the JSON Schemas.
Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}$(?!\n)")]
Text = Annotated[str, msgspec.Meta(max_length=500)]
LongText = Annotated[str, msgspec.Meta(max_length=10_000)]
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_INTEGER)]
DecimalText = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(0|-?(0\.[0-9]*[1-9]|[1-9][0-9]*(\.[0-9]*[1-9])?))$(?!\n)", max_length=64
    ),
]
Timestamp = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$(?!\n)")
]
Labels = dict[Key, Text]
"""Sorted key and value pairs that name a population or a slice of it."""


def _as_text(value: float, rounding: str) -> str:
    if not math.isfinite(value):
        raise ValueError(
            f"{value} has no decimal form: what was not measured is null, never a number"
        )
    context = Context(prec=SIGNIFICANT_DIGITS, rounding=rounding)
    rounded = context.create_decimal(Decimal(value))
    if abs(rounded) < SMALLEST:
        rounded = rounded.quantize(SMALLEST, rounding=rounding)
    text = format(rounded, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def decimal_text(value: float) -> str:
    """Write `value` with 12 significant digits, rounded half to even.

    Raises:
        ValueError: `value` is infinite or not a number.
    """
    return _as_text(value, ROUND_HALF_EVEN)


def round_down(value: float) -> str:
    """Write a lower bound with 12 significant digits, rounded outward (down)."""
    return _as_text(value, ROUND_FLOOR)


def round_up(value: float) -> str:
    """Write an upper bound with 12 significant digits, rounded outward (up)."""
    return _as_text(value, ROUND_CEILING)


def timestamp(moment: datetime) -> str:
    """Write a moment as UTC to the second, for instance `2026-11-21T22:29:25Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def canonical_bytes(value: Any) -> bytes:
    """Encode a struct or plain value as the one sequence of bytes that is hashed and signed.

    For the values that Comity admits (ASCII keys, no floats, integers below 2**53) these are the
    bytes of RFC 8785. Every field is written, so that a missing one is an error and not a default.
    """
    return msgspec.json.encode(value, order="sorted")


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()
