"""Why an entry of a log changes nothing, though it might have been meant to."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

__all__ = ["MAX_TOTAL_DAYS", "Listed", "Unheard"]

MAX_TOTAL_DAYS = 365
"""Days of suspension of one authority that count of one peer, in all: EUCC, Article 30."""


class Unheard(StrEnum):
    """Why an entry changes nothing. The value is for machines."""

    DOES_NOT_HOLD = "does_not_hold"
    NOT_THE_AUTHOR = "not_the_author"
    NOT_SHOWN = "not_shown"
    FINAL = "final"
    NO_PEER = "no_peer"
    TOO_LONG = "too_long"
    OTHER_LOG = "other_log"
    NOT_SEEN = "not_seen"
    TWO_STORIES = "two_stories"

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return _SENTENCES[self]


_SENTENCES = {
    Unheard.DOES_NOT_HOLD: "what it points to is missing, or does not hold",
    Unheard.NOT_THE_AUTHOR: "it is about a statement of somebody else",
    Unheard.NOT_SHOWN: "no log and no file here shows the statement that it is about",
    Unheard.FINAL: "a withdrawal is final",
    Unheard.NO_PEER: "you have not named its author as one who may speak about others",
    Unheard.TOO_LONG: f"its author has used up the {MAX_TOTAL_DAYS} days that count in all",
    Unheard.OTHER_LOG: "for somebody, only its author's own log counts",
    Unheard.NOT_SEEN: "too few witnesses of yours have seen it in its author's log yet",
    Unheard.TWO_STORIES: "the log is proven to have told two stories, so it counts for nobody",
}


class Listed(NamedTuple):
    """An entry that changes nothing though it might have been meant to.

    Attributes:
        log: Name of the log.
        number: Its place there; -1: it is about the whole log.
        statement: SHA-256 of the payload, or None where nothing holds.
        why: Which rule.
        detail: More words, or none.
    """

    log: str
    number: int
    statement: str | None
    why: Unheard
    detail: str
