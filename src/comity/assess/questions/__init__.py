"""Batteries of questions to a language model: one module a risk."""

from comity.assess.questions.battery import Asked, Battery
from comity.assess.questions.bias import BIAS
from comity.assess.questions.environment import ENVIRONMENT
from comity.assess.questions.intellectual_property import INTELLECTUAL_PROPERTY
from comity.assess.questions.languages import LANGUAGES
from comity.assess.questions.misuse import MISUSE
from comity.assess.questions.planted import Planted, Reply
from comity.assess.questions.private_data import PRIVATE_DATA
from comity.assess.questions.safety import SAFETY

__all__ = ["BATTERIES", "Asked", "Battery", "Planted", "Reply"]

BATTERIES: tuple[Battery, ...] = (
    BIAS,
    PRIVATE_DATA,
    INTELLECTUAL_PROPERTY,
    MISUSE,
    ENVIRONMENT,
    SAFETY,
    LANGUAGES,
)
"""All of them, in the order in which a report shows them."""
