"""How one cell of a table is understood, the same whatever the kind of file.

A value is never guessed at beyond this: `01` stays `01`, and `NA` in a group column is a group
(Namibia's country code), while `NA` where a class or a score is expected is a missing value.
"""

from __future__ import annotations

import re

__all__ = ["MISSING", "class_label", "group_label", "shown"]

MISSING = ("", "nan", "na", "n/a", "<na>", "null", "none")
"""What stands for nothing in a class or score column, in lower case."""

_MISSING_GROUP = ("", "nan", "NaN")  # "Nan" is a province, "NA" a country, "None" may be a group
_WHOLE_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]{0,30})(\.0{0,30})?")
_TRUTH_VALUES = {"true": "1", "false": "0"}


def class_label(raw: str | None) -> str | None:
    """One name for a class: `true`, `1` and `1.0` are all `1`; None if it is missing."""
    text = "" if raw is None else raw.strip()
    folded = text.lower()
    if folded in MISSING:
        return None
    if folded in _TRUTH_VALUES:
        return _TRUTH_VALUES[folded]
    return str(int(text.partition(".")[0])) if _WHOLE_NUMBER.fullmatch(text) else text


def group_label(raw: str | None) -> str:
    """The name of a group as it stands in the table; empty if missing."""
    return "" if raw is None or raw.strip() in _MISSING_GROUP else raw


def shown(value: str, limit: int = 40) -> str:
    """A foreign value for a sentence: quoted, short, and without control characters."""
    return repr(value if len(value) <= limit else value[: limit - 1] + "…")
