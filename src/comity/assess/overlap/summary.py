"""What was found, as a rate: how many of the outputs have a span of that length in the corpus."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from comity.assess.overlap.index import Index
from comity.assess.overlap.normal import Normalisation
from comity.assess.overlap.search import Overlap
from comity.claims import decimal_text, round_down, round_up
from comity.statistics import clopper_pearson

__all__ = ["Summary", "summarise"]

LEVEL = 0.95


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The rate of outputs with a span long enough, and what it was measured on.

    Attributes:
        corpus: SHA-256 of the corpus as it was compared.
        texts: Of the corpus.
        corpus_bytes: Of the corpus as it was compared.
        least: Characters from which on a span counts.
        normalisation: What was made equal first.
        outputs: How many were searched.
        with_span: How many have such a span.
        rate: Their share; null without outputs.
        low: Lower limit of its interval (Clopper–Pearson, 95 %, two-sided).
        high: Upper limit.
        longest: Characters of the longest span of all; 0 if there is none.
        covered: Share of the characters of all outputs that lie in such a span; null without any.
    """

    corpus: str
    texts: int
    corpus_bytes: int
    least: int
    normalisation: Normalisation
    outputs: int
    with_span: int
    rate: str | None
    low: str
    high: str
    longest: int
    covered: str | None


def summarise(index: Index, normal: Normalisation, found: Sequence[Overlap]) -> Summary:
    """Count what was found. Outputs are taken to be drawn independently of one another."""
    hits = sum(one.longest > 0 for one in found)
    low, high = clopper_pearson(hits, len(found), LEVEL)
    characters = sum(one.characters for one in found)
    return Summary(
        corpus=index.corpus.digest,
        texts=len(index.corpus.names),
        corpus_bytes=len(index.corpus.text),
        least=index.least,
        normalisation=normal,
        outputs=len(found),
        with_span=hits,
        rate=decimal_text(hits / len(found)) if found else None,
        low=round_down(float(low)),
        high=round_up(float(high)),
        longest=max((one.longest for one in found), default=0),
        covered=(
            decimal_text(sum(one.covered for one in found) / characters) if characters else None
        ),
    )
