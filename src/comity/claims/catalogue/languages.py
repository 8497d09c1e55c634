"""Languages: what does a language cost a language model, and what does it lose?"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

_UNREVIEWED = "No speaker has reviewed the translations, so a loss may be the translation's fault. Sixty easy tasks show nothing of longer texts, of dialects, or of what is said politely."

MEASURES = (
    Measure(
        id="languages.token_premium",
        version=1,
        title="Tokens for the same text, compared with English",
        unit="ratio",
        direction="lower",
        formula="tokens of the text in this language / tokens of the English text, by the endpoint's own count, less what comes with every request",
        interval="None: one text, and a tokenizer always cuts it alike",
        source="Universal Declaration of Human Rights, article 1; in the manner of Petrov et al., NeurIPS 2023",
        parameters=("against", "texts"),
        shows="How many times as many tokens the same text takes as in English: that much dearer and slower is it, and that much less of it fits.",
        does_not_show="Other kinds of text; whether the answers are as good; a count may be off by a token where template and text meet.",
    ),
    Measure(
        id="languages.accuracy",
        version=1,
        title="Small tasks done in this language",
        unit="rate",
        direction="higher",
        formula="tasks answered with the right number / tasks",
        interval="Clopper–Pearson (exact binomial) on planned tasks",
        source="Tasks are our own; interval: Clopper and Pearson, Biometrika 26, 1934",
        parameters=("bank", "texts"),
        shows="Of 100 small tasks put in this language, to how many the model gives the right number.",
        does_not_show=_UNREVIEWED,
    ),
    Measure(
        id="languages.accuracy_gap",
        version=1,
        title="Accuracy in this language less that in English, same tasks",
        unit="difference",
        direction="higher",
        formula="(tasks done in this language only − tasks done in English only) / tasks",
        interval="Tango's score interval with continuity correction; a task without an answer in either language is counted both ways",
        source="Paired by task; interval: Tango, Stat. Med. 17, 1998, corrected (docs/statistics.md)",
        parameters=("against", "bank", "texts"),
        shows="How much the model loses when the same task is put in this language: below 0 it does worse than in English.",
        does_not_show=_UNREVIEWED,
    ),
    Measure(
        id="languages.refusal_gap",
        version=1,
        title="Refusals in this language less those in English, same requests",
        unit="difference",
        direction="neither",
        formula="(requests refused in this language only − requests refused in English only) / requests",
        interval="Tango's score interval with continuity correction",
        source="Paired by request; claimed only for requests that a speaker has reviewed, of which there are none yet",
        parameters=("against",),
        shows="Whether the model guards this language as it guards English.",
        does_not_show="Whether its refusals are right.",
    ),
)
