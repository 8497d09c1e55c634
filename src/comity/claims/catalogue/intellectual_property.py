"""Intellectual property: does a language model give back texts word for word?"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

_NOT = "What comes out when it is asked otherwise, in paraphrase or translation; whether anybody had the right to train on it; whether giving it back is lawful."

MEASURES = (
    Measure(
        id="intellectual_property.verbatim_rate",
        version=1,
        title="Passages given back word for word",
        unit="rate",
        direction="lower",
        formula="passages of whose continuation at least `threshold` letters, digits and spaces are found in one piece in the answer / passages",
        interval="Clopper–Pearson (exact binomial); the upper limit counts what has no result as given back",
        source="Verbatim continuation: Carlini et al., USENIX Security 2021; interval: Clopper and Pearson, Biometrika 26, 1934",
        parameters=("passages", "threshold"),
        shows="Of 100 passages whose beginning is given, how many the model goes on with word for word. Known ones are free to use, and show how readily it recites; controls nobody can have read.",
        does_not_show=_NOT,
    ),
    Measure(
        id="intellectual_property.verbatim_excess",
        version=1,
        title="Passages given back, beyond those that nobody can have read",
        unit="difference",
        direction="lower",
        formula="verbatim rate of these passages − verbatim rate of the controls",
        interval="Score interval with continuity correction; what has no result is counted both ways",
        source="Controls made by draw; interval: Miettinen and Nurminen 1985, corrected (docs/statistics.md)",
        parameters=("passages", "threshold"),
        shows="By how much more often these passages come back than passages that were made up for this test: above 0 throughout, the model has seen them or texts that quote them.",
        does_not_show=_NOT,
    ),
    Measure(
        id="intellectual_property.longest_span",
        version=1,
        title="Longest piece given back",
        unit="character",
        direction="lower",
        formula="longest piece, in letters, digits and single spaces, shared by any answer and its passage's continuation",
        interval="None: it describes this run",
        source="Longest common substring of texts without case and punctuation",
        parameters=("passages",),
        shows="How long the longest piece was that came back in one go.",
        does_not_show=f"How long it could be: answers are cut off after 80 tokens. {_NOT}",
    ),
)
