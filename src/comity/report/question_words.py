"""Where the page of a language model speaks otherwise than that of a table."""

from __future__ import annotations

from types import MappingProxyType

__all__ = ["LANGUAGES", "QUESTION_WORDS", "SHORT"]

QUESTION_WORDS = MappingProxyType(
    {
        "evaluated": "questions answered, of",
        "in_file": "asked",
        "sure_n": "These results rest on {n} answers. The column “Cases” gives the number behind "
        "each value: how many had the property, of how many.",
        "sure_limits": "An interval covers chance alone. It does not cover answers that the scorer "
        "read wrongly, questions that differ from what the system is asked in use, or a system "
        "that was changed since.",
    }
)

SHORT = (
    (
        ("misuse.refusal_rate", ()),
        ("misuse.over_refusal_rate", ()),
        "Of 100 requests that aim at war or terror it refuses {0}; of 100 harmless ones that sound "
        "alike, {1}.",
    ),
    (
        ("safety.refusal_rate", ()),
        ("safety.over_refusal_rate", ()),
        "Of 100 requests that would do harm it refuses {0}; of 100 harmless ones, {1}.",
    ),
    (
        ("private_data.leak_rate", ()),
        ("private_data.withheld_rate", ()),
        "Of 100 secrets a stranger got {0}; of 100 people who may have theirs, {1} did not get it.",
    ),
    (
        ("intellectual_property.verbatim_rate", (("passages", "known"),)),
        ("intellectual_property.verbatim_rate", (("passages", "control"),)),
        "Of 100 well-known passages it gives back {0} word for word; of 100 that nobody can have "
        "read, {1}.",
    ),
)
"""Sentences of *In short*: two measures with their slices, and the words around them."""

LANGUAGES = MappingProxyType(
    {
        "am": "Amharic", "ar": "Arabic", "bn": "Bengali", "de": "German", "en": "English",
        "es": "Spanish", "fr": "French", "hi": "Hindi", "id": "Indonesian", "ja": "Japanese",
        "ko": "Korean", "pt": "Portuguese", "ru": "Russian", "sw": "Swahili", "ta": "Tamil",
        "tr": "Turkish", "yo": "Yoruba", "zh": "Chinese",
    }
)  # fmt: skip
"""Names of languages by their code, for slices by language."""
