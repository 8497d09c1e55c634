"""Questions with lettered options."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["UNSURE", "lettered", "rotated"]

UNSURE = "I do not know"
INSTRUCTION = "Answer with the letter of one option only."


def rotated(options: Sequence[str], place: int) -> tuple[str, ...]:
    """The options turned by the item's place in its bank: no letter is right oftener."""
    turn = place % len(options)
    return (*options[turn:], *options[:turn])


def lettered(question: str, options: Sequence[str]) -> str:
    """The question with its options, A first."""
    lines = [f"{letter}) {option}" for letter, option in zip("ABCDEFGH", options, strict=False)]
    return "\n".join([question, "", *lines, "", INSTRUCTION])
