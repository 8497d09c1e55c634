"""The corpus, indexed by fingerprints of windows at sampled places; finds every span of `least`.

Why nothing is missed: let a window be w bytes, and let windows be sampled at every s-th byte of the
corpus with s = least − w + 1. A span of `least` characters is at least as many bytes, and among
any s neighbouring places of it one is sampled, with its whole window inside the span. The search
looks at every place of an output, so it meets that window.

Why nothing is invented: equal fingerprints are only a hint. Bytes are compared, and a span is cut
back to whole characters before it is counted.

That no span leaves its text is the corpus's own work: see `Corpus`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.assess.overlap.texts import Corpus
from comity.errors import InputError

__all__ = ["MAX_SPAN", "MIN_SPAN", "WORD", "Index", "fingerprints"]

MIN_SPAN, MAX_SPAN = 8, 10_000
"""Bounds of the shortest span that is looked for: below 8 everything is found everywhere."""
WORD = 8
"""A window is so many whole words of eight bytes."""
MOST_WORDS = 8
HOT = 256
"""A window that stands at more places than this is not followed to each of them."""
BLOCK = 1 << 22
"""Bytes of the corpus between two reports of progress, and the unit in which it is hashed."""
_STRIDE = 1 << 12
_MULTIPLIERS = (
    0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93,
    0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3,
)  # fmt: skip
"""Odd 64-bit numbers without structure; a bad one costs time and never a span."""

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Told = Callable[[float], object]


@dataclass(frozen=True)
class Index:
    """A corpus ready to be searched.

    Attributes:
        corpus: Its texts.
        least: The shortest span that is found, in characters.
        width: Bytes of a window.
        step: Bytes from one sampled window to the next.
        keys: The windows' fingerprints, sorted.
        places: Where each of them stands in the corpus.
        filter: One bit of many is set for each fingerprint, two ways: most of what is not in the
            corpus is turned away by looking at one byte.
        letters: Characters of the corpus before every 4,096th byte.
    """

    corpus: Corpus
    least: int
    width: int
    step: int
    keys: Words
    places: NDArray[np.uint32]
    filter: Bytes
    letters: NDArray[np.int64]

    @classmethod
    def of(cls, corpus: Corpus, least: int, told: Told = lambda share: None) -> Index:
        """Index a corpus.

        Args:
            corpus: Its texts.
            least: The shortest span to find, in characters.
            told: Hears which share is done.

        Raises:
            InputError: `least` is out of bounds.
        """
        if not MIN_SPAN <= least <= MAX_SPAN:
            raise InputError(
                f"a span of {least:,} characters cannot be looked for",
                hint=f"The shortest span may be {MIN_SPAN} to {MAX_SPAN:,} characters.",
            )
        text = corpus.text
        words = min(max(1, least // 12), MOST_WORDS)
        width = words * WORD
        step = least - width + 1
        places = np.arange(0, max(0, len(text) - width + 1), step, dtype=np.uint32)
        keys = np.empty(len(places), np.uint64)
        block = max(1, BLOCK // step)
        for first in range(0, len(places), block):
            last = min(first + block, len(places))
            keys[first:last] = fingerprints(text, words, first * step, last - first, step)
            told(0.5 * last / len(places))
        order = np.argsort(keys)
        told(0.9)
        keys, places = keys[order], places[order]
        return cls(
            corpus=corpus,
            least=least,
            width=width,
            step=step,
            keys=keys,
            places=places,
            filter=_filter(keys),
            letters=_letters(text),
        )

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the index holds, the corpus included."""
        arrays = (self.keys, self.places, self.filter, self.letters)
        return len(self.corpus.text) + sum(array.nbytes for array in arrays)

    def may_hold(self, keys: Words) -> NDArray[np.intp]:
        """Positions in `keys` of fingerprints that may be in the corpus: all that are, few more."""
        low, high = _bits(keys, len(self.filter))
        near = np.flatnonzero(self.filter[low >> 3] & _MASK[low & 7])
        high = high[near]
        found: NDArray[np.intp] = near[(self.filter[high >> 3] & _MASK[high & 7]) != 0]
        return found

    def locate(self, place: int) -> tuple[int, int]:
        """Which text holds this byte of the corpus, and at which of its characters it stands."""
        which = int(np.searchsorted(self.corpus.starts, place, side="right")) - 1
        return which, self._letters_before(place) - self._letters_before(self.corpus.starts[which])

    def _letters_before(self, place: int) -> int:
        block = place // _STRIDE
        part = np.frombuffer(self.corpus.text, np.uint8)[block * _STRIDE : place]
        return int(self.letters[block]) + int(np.count_nonzero((part & 0xC0) != 0x80))


_MASK = (1 << np.arange(8)).astype(np.uint8)


def fingerprints(text: bytes, words: int, first: int, count: int, step: int) -> Words:
    """Fingerprints of `count` windows of `words` words, `step` bytes apart, from byte `first` on.

    A sum of products modulo 2^64, finished so that every bit depends on every byte.
    """
    total = np.zeros(count, np.uint64)
    for number in range(words):
        part: Words = np.ndarray(
            (count,), np.dtype("<u8"), text, first + number * WORD, (step,)
        )  # an unaligned view: no copy of the windows is made
        total += (part ^ (part >> np.uint64(29))) * np.uint64(_MULTIPLIERS[number])
    total ^= total >> np.uint64(32)
    total *= np.uint64(_MULTIPLIERS[0])
    return total


def _bits(keys: Words, size: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The two bits of a filter of `size` bytes that belong to each fingerprint."""
    shift = np.uint64(64 - (size * 8 - 1).bit_length())
    low = (keys >> shift).astype(np.uint32)
    high = (keys.astype(np.uint32)) & np.uint32(size * 8 - 1)
    return low, high


def _filter(keys: Words) -> Bytes:
    """At least 16 bits a fingerprint, as a power of two."""
    found = np.zeros(1 << max(6, (len(keys) * 2 - 1).bit_length()), np.uint8)
    for bits in _bits(keys, len(found)):
        np.bitwise_or.at(found, bits >> 3, _MASK[bits & 7])
    return found


def _letters(text: bytes) -> NDArray[np.int64]:
    data = np.frombuffer(text, np.uint8)
    counts = [
        np.count_nonzero((data[at : at + _STRIDE] & 0xC0) != 0x80)
        for at in range(0, len(data), _STRIDE)
    ]
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
