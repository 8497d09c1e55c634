"""How a system is reached: its card, and a table of what it predicted or a model that answers."""

from comity.assess.systems.card import Card, QuestionCard, load_card, open_card

__all__ = ["Card", "QuestionCard", "load_card", "open_card"]
