"""Every mistake that Comity can name, in words for the person who made it.

    ComityError
    ├── InputError          a file, card or option is wrong: what, where, what to do
    ├── VerificationError   a signed file does not hold: which of the seven rules, and why
    ├── EvidenceError       a revealed record is not the one that was committed to
    ├── RecordError         a log, a checkpoint or a proof from a log does not hold
    └── MissingPartError    an optional part is not installed: which, and the package to install

Nothing else may reach a user: a traceback is a defect of ours.
"""

from __future__ import annotations

__all__ = [
    "ComityError",
    "EvidenceError",
    "InputError",
    "MissingPartError",
    "RecordError",
    "VerificationError",
]


class ComityError(Exception):
    """Base of every error that a user may see.

    Args:
        what: One sentence: what is wrong.
        where: The place: file, line, field. Empty when there is none.
        hint: What to do about it. Empty when `what` already says so.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.what}{hint}"


class InputError(ComityError):
    """A file, a card, a table or an option is wrong."""


class MissingPartError(ComityError):
    """An optional part is not installed here."""


class EvidenceError(ComityError):
    """A revealed record is not the one that was committed to."""

    exit_code = 1


class RecordError(ComityError):
    """A log, a checkpoint or a proof from a log does not hold.

    Args:
        what: One sentence: what is wrong.
        rule: The number of the rule of following that it breaks, 1 to 8; null for what no follower
            checks.
        where: The file or address, when known.
        hint: What to do about it.
    """

    exit_code = 1

    def __init__(
        self, what: str, *, rule: int | None = None, where: str = "", hint: str = ""
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.rule = rule


class VerificationError(ComityError):
    """A signed file does not hold.

    Args:
        what: One sentence: what is wrong.
        rule: The number of the verification rule that it breaks, 1 to 7.
        where: The file, when known.
        hint: What to do about it.
    """

    exit_code = 1

    def __init__(self, what: str, *, rule: int, where: str = "", hint: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.rule = rule
