"""Foreign text: words that somebody else wrote, made safe to look at.

Escaping keeps foreign text from becoming markup. It does not keep it from lying to the eye: a
direction override shows `gpj.exe` as `exe.jpg`, a zero-width character makes two names look
alike, a pile of accents covers the line above. Such characters are shown by their number instead,
and each text is isolated so that its writing direction cannot reorder its neighbours.
`static/foreign.js` does the same in the browser; the tests compare the two.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from markupsafe import Markup, escape

__all__ = ["foreign"]

_JOINERS = "\u200c\u200d"
"""Part of ordinary spelling in Persian and in Indian scripts, so they stay."""

_ARABIC_SIGNS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2]")
"""Format characters by category, yet they print."""

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_MARKS = {"Mn", "Me"}
_MARKS_IN_A_ROW = 4


def foreign(text: str, *, lines: bool = False) -> Markup:
    """Mark up text that came with a file.

    Args:
        text: Anything at all.
        lines: Keep line breaks, for texts of several lines.

    Returns:
        A `<bdi>` element. Characters that cannot be seen, or that reorder or cover others, stand
        in it as their number, for instance `U+202E`.
    """
    if text.isascii() and text.isprintable():
        return Markup('<bdi class="foreign">{}</bdi>').format(text)
    parts = [Markup('<bdi class="foreign">')]
    marks = 0
    for character, run in groupby(text):
        times = len(list(run))
        category = unicodedata.category(character)
        marks = marks + times if category in _MARKS else 0
        if lines and character == "\n":
            parts.append(Markup("<br>") * times)
        elif marks > _MARKS_IN_A_ROW or _is_hidden(character, category):
            number = f"U+{ord(character):04X}" + (f" ×{times}" if times > 1 else "")
            parts.append(Markup('<span class="unseen">{}</span>').format(number))
        else:
            parts.append(escape(character * times))
    parts.append(Markup("</bdi>"))
    return Markup("").join(parts)


def _is_hidden(character: str, category: str) -> bool:
    if category not in _HIDDEN or character in _JOINERS:
        return False
    return not _ARABIC_SIGNS.match(character)
