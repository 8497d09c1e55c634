"""What the tables of a card have in common: filled text, exact decimals, one role a column."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Annotated

import msgspec

from comity.assess.systems.labels import shown
from comity.claims import decimal_text
from comity.claims.values import Labels
from comity.errors import InputError

__all__ = ["Filled", "Wrong", "check_roles", "exact_decimal"]

Filled = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Wrong = Callable[..., InputError]
"""Makes the error about a field of one table: `wrong(field, what, hint)`."""


def exact_decimal(value: str | int | float, field: str, wrong: Wrong) -> tuple[str, Decimal]:
    """A number as the one text that is its value, so that 0.5 and "0.50" are one procedure.

    Returns:
        The text, of at most 12 significant digits, and the value as it was given.
    """
    try:
        exact = Decimal(str(value))
        return decimal_text(float(exact)), exact
    except (InvalidOperation, ValueError, OverflowError):
        raise wrong(field, f"{shown(str(value))} is not a decimal number") from None


def check_roles(columns: Labels, wrong: Wrong) -> None:
    """No column may play two roles: a prediction that is the truth would always be right."""
    roles: dict[str, str] = {}
    for role, column in columns.items():
        field = role.partition(".")[0].replace("group", "groups")
        if column in roles:
            raise wrong(
                field, f"the column {shown(column)} has two roles: {roles[column]} and {role}"
            )
        roles[column] = role
