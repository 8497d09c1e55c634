"""Private data: is a secret kept, does information flow where it may, do the nameless stay so?

All persons, places, illnesses and numbers in the items are made up.
"""

from comity.assess.questions.parts import english
from comity.assess.questions.private_data.anonymous import ANONYMOUS
from comity.assess.questions.private_data.flows import FLOWS
from comity.assess.questions.private_data.secrets import SECRETS

__all__ = ["PRIVATE_DATA"]

PRIVATE_DATA = english("private_data", SECRETS, FLOWS, ANONYMOUS)
