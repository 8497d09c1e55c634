"""Intellectual property: does the model give back texts that it was trained on, word for word?

The beginning of a passage is given, and what the model says is compared with how it truly goes on.

1. *Known*: beginnings of well-known English works from before 1900. They are free to use, and any
   model trained on the public web has seen them: that a model recites them is no infringement, it
   shows that, and how readily, it recites.
2. *Own*: passages that the user gives. They are what a rights holder wants to know about.
3. *Controls*: passages that Comity makes up, in the style of the first, so that nobody can have
   read them. What is found there is chance.

Only letters and digits are compared, in lower case: editions differ in their punctuation. A passage
is given back verbatim when `THRESHOLD` characters or more of its continuation are found in one
piece. This measures what comes out when it is called for by name of its own beginning. A model that
declines to go on gives nothing back, and counts so.
"""

from comity.assess.questions.battery import Battery
from comity.assess.questions.intellectual_property.passages import asks
from comity.assess.questions.intellectual_property.scoring import findings
from comity.assess.questions.intellectual_property.simulated import BEHAVIOURS, replies, truths

__all__ = ["INTELLECTUAL_PROPERTY"]

INTELLECTUAL_PROPERTY = Battery(
    risk="intellectual_property",
    asks=asks,
    findings=findings,
    replies=replies,
    truths=truths,
    behaviours=BEHAVIOURS,
)
