"""Every sentence of the divergence sheet, in one place, so that it can be translated."""

from __future__ import annotations

from types import MappingProxyType

from comity.claims import CATALOGUE

__all__ = ["MEANINGS", "NOT_SAID", "RELATIONS", "TOPICS", "WORDS", "topic_name"]

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
        "different_number": "One test, but another mark, a mark in one alone, other counts, or "
        "stronger evidence. The same measurement serves both.",
        "different_object": "Different tests, populations or parts of the data, or no test in one "
        "of the two. A result for one says nothing for the other.",
        "same": "One test, asked for alike. One measurement serves both.",
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
        "groups": "{n} in each group",
        "least": "{evidence} at least",
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

TOPICS = MappingProxyType(
    {
        "accuracy": "Accuracy",
        "ai_identity": "Telling people that it is AI",
        "bad_share_of_a_source": "Quality of the data it learned from",
        "bias_in_selection": "Bias in selection",
        "calibration": "Calibration of stated probabilities",
        "compute_trigger": "Size at which duties begin",
        "energy": "Energy",
        "gap_by_income": "Gap between rich and poor",
        "gap_by_sex": "Gap between women and men",
        "gap_of_combined_groups": "Gap between combined groups",
        "incident_clock": "Time to report an incident",
        "language": "Languages and places of use",
        "log_retention": "Keeping of logs",
        "mark_in_file": "Marks inside generated files",
        "military": "Military use",
        "over_refusal": "Refusing what is harmless",
        "political_content": "Political content",
        "ranking": "Ranking of those in need",
        "reach_of_a_minority": "Reach of a minority",
        "reach_of_the_poor": "Reach of the poor",
        "refusal": "Refusing what is forbidden",
        "sensitive_data": "Personal and sensitive data",
        "shares_by_income": "Shares of rich and poor",
        "training_data_rights": "Rights in the data it learned from",
        "visible_label": "Labels that people can see",
    }
)
"""The topics of the regimes that ship."""


def topic_name(topic: str) -> str:
    """A topic in words: one of ours, a measure's title, or the key that a regime chose."""
    measure = CATALOGUE.get(topic)
    words = topic.replace("_", " ")
    return TOPICS.get(topic) or (measure.title if measure else words[:1].upper() + words[1:])
