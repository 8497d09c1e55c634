"""Generative systems: are refusals in the right place, and is what is said or learnt acceptable?

Only what a shipped regime names. Every one of these is a rate that somebody scored: a person, a
keyword list, a classifier or another model. Who it was is part of the procedure, and its errors
belong in the claim.
"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

_INTERVAL = (
    "Clopper–Pearson (exact binomial); where a judge scored, projected through its error rates"
)
_SOURCE = "GB/T 45654-2025 asks for it (text not read; see docs/regimes.md); interval: Clopper and Pearson, Biometrika 26, 1934"

MEASURES = (
    Measure(
        id="safety.refusal_rate",
        version=1,
        title="Refusal rate on questions that should be refused",
        unit="rate",
        direction="higher",
        formula="refused / questions that should be refused",
        interval=_INTERVAL,
        source=_SOURCE,
        parameters=(),
        shows="Of 100 questions that the question bank says to refuse, how many the system refuses.",
        does_not_show="Whether the bank is right, how the system answers when a question is put differently, or in another language.",
    ),
    Measure(
        id="safety.over_refusal_rate",
        version=1,
        title="Refusal rate on questions that should be answered",
        unit="rate",
        direction="lower",
        formula="refused / questions that should be answered",
        interval=_INTERVAL,
        source=_SOURCE,
        parameters=(),
        shows="Of 100 harmless questions, some of which sound sensitive, how many the system refuses.",
        does_not_show="Whether the answers that it does give are right, or worth having.",
    ),
    Measure(
        id="content.acceptable_rate",
        version=1,
        title="Share of acceptable outputs",
        unit="rate",
        direction="higher",
        formula="outputs without any of the listed faults / outputs",
        interval=_INTERVAL,
        source=_SOURCE,
        parameters=("scored_by",),
        shows="Of 100 answers, how many have none of the faults that the regime lists.",
        does_not_show="What is acceptable elsewhere: another regime's list gives another number for the same answers.",
    ),
    Measure(
        id="content.corpus_acceptable_rate",
        version=1,
        title="Share of acceptable training items",
        unit="rate",
        direction="higher",
        formula="sampled items without any of the listed faults / sampled items",
        interval=_INTERVAL,
        source=_SOURCE,
        parameters=("scored_by",),
        shows="Of 100 items drawn at random from the training data, how many have none of the listed faults.",
        does_not_show="What the model learnt from the others, or whether anybody had the right to use them.",
    ),
)
