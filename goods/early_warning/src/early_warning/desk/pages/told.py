"""The text of an alert as its readers see it.

In languages written from right to left, dates and numbers are isolated by Unicode's FSI and PDI
(`cap.packs.fill`). As a forecaster must see what people see, a pair of them becomes an element that
isolates in the same way. One without its partner is no such pair: it is shown by its number, as is
every other character that cannot be seen.
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup

from comity.report.foreign import foreign

__all__ = ["told"]

_PAIR: Final = re.compile("\u2068([^\u2066-\u2069]*)\u2069")


def told(text: str) -> Markup:
    """Mark up a text of an alert; its lines are kept.

    Returns:
        An element whose children are by turns outside and inside a pair. The style sheet takes the
        isolation away from the outer ones, or they would be ordered otherwise than people see.
    """
    parts = [foreign(part, lines=True) for part in _PAIR.split(text)]
    return Markup('<span class="told">{}</span>').format(Markup("").join(parts))
