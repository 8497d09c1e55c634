"""Every sentence of the divergence sheet, in one place, so that it can be translated."""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["MEANINGS", "NOT_SAID", "RELATIONS", "WORDS"]

RELATIONS = MappingProxyType(
    {
        "contradictory": "Contradictory",
        "different_number": "Different number",
        "different_object": "Different object",
        "same": "Same",
        "silent": "Silent",
    }
)
"""In the order in which negotiators have something to settle."""

MEANINGS = MappingProxyType(
    {
        "contradictory": "One test, and no result can satisfy both.",
        "different_number": "One test, two marks. The same measurement serves both.",
        "different_object": "Different tests, populations or parts of the data. "
        "A result for one says nothing for the other.",
        "same": "One test, one mark. One measurement, one answer.",
        "silent": "One of the two asks for nothing.",
    }
)

WORDS = MappingProxyType(
    {
        "kicker": "Divergence sheet",
        "title": "{n} regimes, topic by topic",
        "lead_system": "About {system}, version {version}, on {day}.",
        "lead_texts": "The texts alone; nothing was decided.",
        "short": "In short",
        "topics": "{n} topics were compared. How do the regimes stand to each other?",
        "topics_one": "One topic was compared. How do the regimes stand to each other?",
        "topics_none": "No topic was found on which any of these regimes names a test.",
        "regimes": "Regimes",
        "version": "version",
        "fictional": "Fictional regime",
        "fictional_text": "What is so marked was written as an example. It is the law of no "
        "country.",
        "sheet": "The sheet",
        "topic": "Topic",
        "between": "{a} and {b}",
        "asks_nothing": "asks for nothing",
        "test": "Test:",
        "on": "on",
        "any_population": "any population",
        "no_mark": "no number",
        "items": "{n} items or more",
        "literal": "the count is the test",
        "statistical": "the 95 % bound must meet it too",
        "not_read": "number not read in the source text",
        "not_said": "What this sheet does not say",
        "generated": "Page made on",
        "foot": "Portable evidence, local verdicts.",
    }
)

NOT_SAID = (
    "That meeting one regime means meeting another. Each regime has decided from the evidence.",
    "Which regime is better.",
    "Anything about requirements without a topic and without a test.",
    "What the law means. Requirements are told in our words; the source texts prevail.",
)
