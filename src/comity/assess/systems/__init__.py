"""How a system is reached: so far, a system card and a table of what it predicted."""

from comity.assess.systems.card import Card, load_card

__all__ = ["Card", "load_card"]
