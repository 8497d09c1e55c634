"""Assess: run reproducible tests on an AI system and turn them into claims with intervals."""

from comity.assess.clock import Clock, FixedClock, SystemClock
from comity.assess.delta import check_delta, restrict
from comity.assess.run import assess
from comity.assess.systems import Card, load_card

__all__ = [
    "Card",
    "Clock",
    "FixedClock",
    "SystemClock",
    "assess",
    "check_delta",
    "load_card",
    "restrict",
]
