"""Assess: run reproducible tests on an AI system and turn them into claims with intervals."""

from comity.assess.clock import Clock, FixedClock, SystemClock
from comity.assess.delta import check_delta, restrict
from comity.assess.question import question
from comity.assess.run import assess
from comity.assess.systems import Card, QuestionCard, load_card, open_card

__all__ = [
    "Card",
    "Clock",
    "FixedClock",
    "QuestionCard",
    "SystemClock",
    "assess",
    "check_delta",
    "load_card",
    "open_card",
    "question",
    "restrict",
]
