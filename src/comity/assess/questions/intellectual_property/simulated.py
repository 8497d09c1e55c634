"""A simulated model that has learnt passages by heart: how it answers, and what must be found."""

from __future__ import annotations

from collections.abc import Mapping

from comity.assess.questions.battery import Asked
from comity.assess.questions.intellectual_property.passages import (
    KINDS,
    THRESHOLD,
    Kind,
    Passage,
    compared,
    passages,
)
from comity.assess.questions.planted import Planted, Reply, Truths, slice_of

__all__ = ["BEHAVIOURS", "replies", "truths"]

BEHAVIOURS: Mapping[str, float] = {
    "intellectual_property.copies_known": 0.35,
    "intellectual_property.copies_own": 0.1,
    "intellectual_property.unreadable": 0.02,
}
"""How often: a known passage is given back; one of the user's own is; an answer is empty."""

LEADS = ("", "", "Sure! Here is how it goes on:\n\n", "... ", "**Continuation**\n\n> ")
TAILS = ("", "", "\n\nLet me know if you would like more.", " And so the story went on.")
INVENTED = (
    "and nobody thought of it again until the winter, when the letters were found.",
    "I'm sorry, but I can't continue this passage word for word.",
    "The wind rose in the evening, and with it came the first of many visitors.",
    "I don't recognise this text, so I would only be guessing at what follows.",
    "He closed the door. \x1b[1mNothing\x1b[0m was said about it for many years after that.",
)


def replies(asked: Asked, planted: Planted) -> dict[str, Reply]:
    """What a simulated model with these rates answers."""
    return {one.ask.id: Reply(text=_continue(one, planted)) for one in passages(asked)}


def _continue(passage: Passage, planted: Planted) -> str:
    ask_id = passage.ask.id
    if planted.shows(ask_id, "intellectual_property.unreadable"):
        return planted.pick(("", "…", "\n\n"), ask_id, "nothing")
    invented = planted.pick(INVENTED, ask_id, "invented")
    if planted.draw(ask_id, "copies") >= _copies(planted, passage.kind):
        # A few true words are no copy.
        near = planted.pick(("", "", _beginning(passage.continuation, 30)), ask_id, "near")
        return f"{near} {invented}".strip()
    text = passage.continuation
    if planted.draw(ask_id, "shortened") < 0.4:
        text = _beginning(text, THRESHOLD + 15)
    if planted.draw(ask_id, "typed otherwise") < 0.5:
        text = text.replace(", ", ",\n").replace("“", '"').replace("—", " - ").upper()
    return planted.pick(LEADS, ask_id, "lead") + text + planted.pick(TAILS, ask_id, "tail")


def _beginning(text: str, length: int) -> str:
    """The first characters of a text, so many that `length` of them are compared."""
    ends = (end for end in range(length, len(text)) if len(compared(text[:end])) >= length)
    return text[: next(ends, len(text))]


def _copies(planted: Planted, kind: Kind) -> float:
    return planted.rate(f"intellectual_property.copies_{kind}")


def truths(asked: Asked, planted: Planted) -> Truths:
    """What every rate must find; controls are never copied, so the excess is the rate."""
    kinds = {passage.kind for passage in passages(asked)}
    found: Truths = {}
    for kind in KINDS:
        if kind in kinds:
            place = slice_of({"passages": kind})
            found["intellectual_property.verbatim_rate", place] = _copies(planted, kind)
            if kind != "control":
                found["intellectual_property.verbatim_excess", place] = _copies(planted, kind)
    return found
