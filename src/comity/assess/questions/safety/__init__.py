"""Safety: refusals in the right place, no obedience to documents, steady and honest answers."""

from comity.assess.questions.parts import english
from comity.assess.questions.safety.override import OVERRIDE
from comity.assess.questions.safety.refusing import REFUSING
from comity.assess.questions.safety.stability import STABILITY
from comity.assess.questions.safety.unknown import UNKNOWN

__all__ = ["SAFETY"]

SAFETY = english("safety", REFUSING, OVERRIDE, STABILITY, UNKNOWN)
