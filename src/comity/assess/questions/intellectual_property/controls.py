"""Passages that nobody can have read: sentences put together by draw, in an old novel's manner.

Each is drawn from its own number by SHA-256, so every laboratory makes the same ones, and no list
of them needs to be published. Names of persons and places are made of syllables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

__all__ = ["SEED", "control"]

SEED = "comity-controls/1"
"""Another seed makes other passages; part of what was asked."""

NAMES = ("Mar", "Ol", "Ten", "Bri", "Cas", "Dun", "El", "Fen", "Gar", "Hol", "Is", "Jor", "Kel")
ENDINGS = ("wick", "bury", "more", "ton", "vane", "leth", "ford", "mere", "nock", "sby", "thorpe")
PEOPLE = ("surveyor", "widow", "schoolmaster", "captain", "apothecary", "governess", "notary")
TRAITS = ("patient", "restless", "stout", "pale", "solemn", "talkative", "cautious", "weary")
THINGS = ("a brass clock", "a bundle of letters", "a cracked lantern", "a map of the marshes",
          "a cage of finches", "a sealed box", "a ledger", "an umbrella", "a violin")  # fmt: skip
TIMES = ("Late in the autumn", "On the second Tuesday of Lent", "Before the harvest was in",
         "In the year of the great frost", "Toward evening", "At the ringing of the noon bell",
         "When the floods had gone down", "Some weeks after the fair")  # fmt: skip
DEEDS = ("carried {thing} up the lane to {place}", "set {thing} upon the table at {place}",
         "asked the {person} of {place} for {thing}", "lost {thing} on the road to {place}",
         "sold {thing} to the {person} at {place}", "hid {thing} beneath the stairs at {place}",
         "gave {thing} to the {trait} {person} of {place}")  # fmt: skip
THOUGHTS = ("for nobody in that house had ever spoken of it", "though the rain had not ceased",
            "and was the more surprised to be thanked", "as if the matter were long decided",
            "without a word to the {trait} {person}", "which the whole parish thought unwise",
            "and would hear nothing against it", "because the {person} had advised it")  # fmt: skip
TURNS = ("It was remarked that", "There is little doubt that", "Those who were present say that",
         "I have it from the {person} himself that", "Nothing could be plainer than that",
         "The {trait} {person} always held that", "It must be confessed that")  # fmt: skip


def control(number: int) -> tuple[str, str]:
    """Beginning and continuation of one passage.

    Args:
        number: Which passage.
    """
    draws = _draws(number)
    first = f"{next(draws)(TIMES)} the {{trait}} {{person}} of {{place}} {next(draws)(DEEDS)}"
    opening = _filled(f"{first}, {next(draws)(THOUGHTS)}.", draws)
    rest = [
        f"{next(draws)(TURNS)} the {{person}} {next(draws)(DEEDS)}, {next(draws)(THOUGHTS)}."
        for _ in range(2)
    ]
    return opening, _filled(" ".join(rest), draws)


class _Draw:
    """One draw: called with options, it gives one of them."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __call__(self, options: Sequence[str]) -> str:
        return options[self.value % len(options)]


def _draws(number: int) -> Iterator[_Draw]:
    place = 0
    while True:
        text = f"{SEED}/{number}/{place}"
        yield _Draw(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
        place += 1


def _filled(text: str, draws: Iterator[_Draw]) -> str:
    """The text with every gap filled by a draw of its own."""
    gaps = {"trait": TRAITS, "person": PEOPLE, "thing": THINGS}
    while "{" in text:
        before, _, after = text.partition("{")
        gap, _, rest = after.partition("}")
        if gap == "place":
            word = next(draws)(NAMES) + next(draws)(ENDINGS)
        else:
            word = next(draws)(gaps[gap])
        text = before + word + rest
    return text
