"""Exact common spans of outputs and a corpus: which text of a model stands word for word elsewhere.

`normal` says what is compared, `texts` reads it, `index` holds the corpus, `search` finds every
span, `summary` turns what was found into a rate with its interval.
"""

from comity.assess.overlap.index import MIN_SPAN, Index
from comity.assess.overlap.normal import Normalisation
from comity.assess.overlap.search import Overlap, search
from comity.assess.overlap.summary import Summary, summarise
from comity.assess.overlap.texts import Corpus, Output, read_corpus, read_outputs

__all__ = [
    "MIN_SPAN",
    "Corpus",
    "Index",
    "Normalisation",
    "Output",
    "Overlap",
    "Summary",
    "read_corpus",
    "read_outputs",
    "search",
    "summarise",
]
