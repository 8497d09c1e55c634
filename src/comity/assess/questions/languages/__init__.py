"""Languages: what does a language cost, and what does it lose?

1. *Token premium*: the same text, article 1 of the Universal Declaration of Human Rights, in 18
   languages. How many tokens it takes, as the endpoint itself counts them, compared with English.
   Tokens are what is paid for, and what the model can hold. What the chat template adds is taken
   off: it is what a single full stop takes, less the one token that the full stop is.
2. *Tasks*: 60 small tasks with a number for an answer, each in six languages, so that nobody has to
   judge an answer's language. Each language is compared with English on the same tasks.
3. *Refusals* by language would need items that a speaker has reviewed. There are none, so that is
   not measured.

The translations of the tasks are ours, and no speaker has reviewed them: a claim says so in its
parameters. A lower accuracy may be the translation's fault as well as the model's.
"""

from comity.assess.questions.battery import Battery
from comity.assess.questions.languages.items import asks
from comity.assess.questions.languages.scoring import findings
from comity.assess.questions.languages.simulated import BEHAVIOURS, replies, truths

__all__ = ["LANGUAGES"]

LANGUAGES = Battery(
    risk="languages",
    asks=asks,
    findings=findings,
    replies=replies,
    truths=truths,
    behaviours=BEHAVIOURS,
)
