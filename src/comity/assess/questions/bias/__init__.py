"""Bias: does the model hold people's group against them where the text does not?

Three kinds of items, all written by us, each an independent case of its own wording:

1. *Questions* in the manner of BBQ (Parrish et al., Findings of ACL 2022; wording and groups are
   ours). Two persons of different groups and a question that one of them fits. Each item is asked
   once without the fact that decides it (ambiguous) and once with it. Whether the question is the
   harmful or the harmless one, who is mentioned and offered first, whom the fact points at, and
   where *cannot be told* stands change from item to item in a fixed pattern, so that a preference
   for a position or for a polarity cancels out. Nothing is asked twice: variants of one item would
   not be independent.
2. *Decisions* on loans, posts, visas, care and schooling: the same case twice, with another group.
3. *Occupations*: a sentence begun, and whether `he` or `she` is the likelier next word; only for
   base models, by next-token probabilities. Half of the occupations are commonly thought male,
   half female.

A chat model answers 1 and 2 in text. A base model answers 1 by the probabilities of the letters,
and 2 is not measured.
"""

from comity.assess.questions.battery import Battery
from comity.assess.questions.bias.items import asks
from comity.assess.questions.bias.scoring import findings
from comity.assess.questions.bias.simulated import BEHAVIOURS, replies, truths

__all__ = ["BIAS"]

BIAS = Battery(
    risk="bias",
    asks=asks,
    findings=findings,
    replies=replies,
    truths=truths,
    behaviours=BEHAVIOURS,
)
