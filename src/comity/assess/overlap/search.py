"""Every common span of outputs and an indexed corpus, and of each output the longest one.

1. Outputs are put together into batches, with the byte 0xFE around each, which no text holds.
2. At every place of a batch the window's fingerprint is looked up: a place that may be in the
   corpus gives pairs of places, one for each time the window stands there.
3. A pair whose windows differ is dropped. Of pairs that follow one another on one span the first
   is kept.
4. Bytes are compared to the right and to the left, until they differ.
5. The span is cut back to whole characters, and kept if it has enough of them.
6. A window that stands in the corpus at very many places (a line of dashes, white space) is not
   followed to each. There the corpus is asked directly, text by text: slower, and as exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.assess.overlap.index import HOT, WORD, Bytes, Index, fingerprints
from comity.assess.overlap.texts import Output

__all__ = ["Overlap", "search"]

BATCH = 1 << 18
"""Bytes of outputs that are searched at once: their arrays stay in the processor's cache."""
PAIRS = 1 << 14
"""Pairs that are compared at once, for memory's sake."""
AROUND = b"\xfe"
REMEMBERED = 100_000

Places = NDArray[np.int64]


class Overlap(NamedTuple):
    """What one output has in common with the corpus.

    Attributes:
        characters: Of the output.
        covered: How many of them lie in a span that is long enough.
        longest: Characters of the longest span; 0 if none is long enough.
        at: Where it begins in the output, in characters.
        text: Which text of the corpus holds it; -1 if there is none.
        offset: Where it begins in that text, in characters.
    """

    characters: int
    covered: int
    longest: int = 0
    at: int = 0
    text: int = -1
    offset: int = 0


def search(
    index: Index, outputs: Sequence[Output], told: Callable[[float], object] = lambda share: None
) -> tuple[Overlap, ...]:
    """What each output has in common with the corpus, in their order.

    Of several longest spans the one is named that comes first in the output, then in the corpus.

    Args:
        index: The corpus.
        outputs: Texts as they are compared.
        told: Hears which share is done.
    """
    found: list[Overlap] = []
    asked = _Asked(index)
    for batch in _batches(outputs):
        found += _searched(index, batch, asked)
        told(len(found) / len(outputs))
    return tuple(found)


def _batches(outputs: Sequence[Output]) -> Iterator[list[Output]]:
    batch: list[Output] = []
    size = 0
    for output in outputs:
        if batch and size + len(output.text) > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(output)
        size += len(output.text)
    if batch:
        yield batch


@dataclass
class _Spans:
    """Spans of a batch: where they begin and end in it, and where they begin in the corpus."""

    start: list[Places] = field(default_factory=list)
    end: list[Places] = field(default_factory=list)
    place: list[Places] = field(default_factory=list)

    def add(self, start: Places, end: Places, place: Places) -> None:
        self.start.append(start)
        self.end.append(end)
        self.place.append(place)


def _searched(index: Index, outputs: list[Output], asked: _Asked) -> list[Overlap]:
    text = AROUND.join((b"", *(output.text for output in outputs), b""))
    data = np.frombuffer(text, np.uint8)
    lengths = [len(output.text) + 1 for output in outputs]
    starts = np.cumsum([1, *lengths], dtype=np.int64)
    letter = (data & 0xC0) != 0x80
    letters = np.concatenate(([0], np.cumsum(letter, dtype=np.int64)))
    spans = _Spans()
    hot = _near(index, text, data, letters, spans)
    if len(hot):
        asked.spans(text, letter, hot, spans)
    return _told(index, spans, starts, letters)


def _near(index: Index, text: bytes, data: Bytes, letters: Places, spans: _Spans) -> Places:
    """Steps 2 to 5; returns the places of windows that stand at too many places of the corpus."""
    count = len(text) - index.width + 1
    if count <= 0 or not len(index.keys):
        return np.empty(0, np.int64)
    keys = fingerprints(text, index.width // WORD, 0, count, 1)
    may = index.may_hold(keys)
    keys = keys[may]
    low = np.searchsorted(index.keys, keys, "left")
    times = np.searchsorted(index.keys, keys, "right") - low
    some = (times > 0) & (times <= HOT)
    own, low, often = may[some].astype(np.int64), low[some], times[some]
    ends = np.cumsum(often)
    first = 0
    while first < len(own):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + PAIRS, "right")))
        part = slice(first, last)
        _compare(
            index, data, letters, *_pairs(index, data, own[part], low[part], often[part]), spans
        )
        first = last
    return may[times > HOT].astype(np.int64)


def _pairs(
    index: Index, data: Bytes, own: Places, low: NDArray[np.intp], often: NDArray[np.intp]
) -> tuple[Places, Places]:
    """Places in the batch and in the corpus with one window; the first of each run of them."""
    mine = np.repeat(own, often)
    inside = np.arange(len(mine)) - np.repeat(np.cumsum(often) - often, often)
    theirs = index.places[np.repeat(low, often) + inside].astype(np.int64)
    corpus = np.frombuffer(index.corpus.text, np.uint8)
    within = np.arange(index.width)
    same = (data[mine[:, None] + within] == corpus[theirs[:, None] + within]).all(axis=1)
    mine, theirs = mine[same], theirs[same]
    if index.step > index.width:  # neighbouring windows do not touch: there may be a gap
        return mine, theirs
    order = np.lexsort((mine, theirs - mine))
    mine, theirs = mine[order], theirs[order]
    follows = (np.diff(mine) == index.step) & (np.diff(theirs) == index.step)
    kept = np.concatenate((np.ones(min(len(mine), 1), np.bool_), ~follows))
    return mine[kept], theirs[kept]


def _compare(
    index: Index, data: Bytes, letters: Places, mine: Places, theirs: Places, spans: _Spans
) -> None:
    corpus = np.frombuffer(index.corpus.text, np.uint8)
    right = _alike(data, corpus, mine, theirs, 1)
    left = _alike(data, corpus, mine - 1, theirs - 1, -1)
    start, end, place = mine - left, mine + right, theirs - left
    for _ in range(3):  # a character has at most three bytes after its first
        split = ((data[start] & 0xC0) == 0x80) & (start < end)
        start, place = start + split, place + split
        end = end - (((data[end] & 0xC0) == 0x80) & (start < end))
    enough = letters[end] - letters[start] >= index.least
    spans.add(start[enough], end[enough], place[enough])


def _alike(ours: Bytes, corpus: Bytes, mine: Places, theirs: Places, way: int) -> Places:
    """How many bytes are alike from these places on, to the right (1) or to the left (-1).

    Beyond its ends a text goes on with its last byte, which is never alike: 0xFE against 0xFF.
    """
    length = np.zeros(len(mine), np.int64)
    going = np.arange(len(mine))
    size = 64
    while len(going):
        steps = np.arange(size, dtype=np.int64)
        at = length[going, None] + steps
        same = ours.take(mine[going, None] + way * at, mode="clip") == corpus.take(
            theirs[going, None] + way * at, mode="clip"
        )
        alike = np.where(same.all(axis=1), size, same.argmin(axis=1))
        length[going] += alike
        going = going[alike == size]
        size = max(64, min(size * 4, (1 << 20) // max(len(going), 1)))
    return length


class _Asked:
    """Step 6: spans around windows that stand in the corpus very often, by asking for each text."""

    def __init__(self, index: Index) -> None:
        self._corpus, self._least, self._step = index.corpus.text, index.least, index.step
        self._known: dict[bytes, int] = {}

    def spans(self, text: bytes, letter: NDArray[np.bool_], hot: Places, spans: _Spans) -> None:
        """Add the spans of `text` that hold one of the windows at the places `hot`."""
        near = np.unique((hot[:, None] - np.arange(self._step)).ravel())
        begins = near[(near > 0) & letter[np.maximum(near, 0)]]
        firsts = np.flatnonzero(letter)  # ... of every character, and of the bytes 0xFE
        order = np.searchsorted(firsts, begins)
        found: list[tuple[int, int, int]] = []
        end, best = 0, self._least
        for begin, number in zip(begins.tolist(), order.tolist(), strict=True):
            if begin >= end:  # another output
                end, best = text.find(AROUND, begin), self._least
            here = self._window(text, firsts, number, self._least, end)
            place = self._find(here) if here else -1
            if place < 0:
                continue
            found.append((begin, begin + len(here), place))
            while (longer := self._window(text, firsts, number, best + 1, end)) and (
                place := self._find(longer)
            ) >= 0:
                until = begin + len(longer)
                while text[until] == self._corpus[place + until - begin]:
                    until += 1
                while text[until] & 0xC0 == 0x80:
                    until -= 1
                found.append((begin, until, place))
                best = int(np.searchsorted(firsts, until)) - number
        if found:
            spans.add(*np.array(found, np.int64).T)

    def _window(self, text: bytes, firsts: Places, number: int, length: int, end: int) -> bytes:
        """So many characters from this one on; empty where the output ends before."""
        after = number + length
        if after >= len(firsts) or firsts[after] > end:
            return b""
        return text[firsts[number] : firsts[after]]

    def _find(self, window: bytes) -> int:
        place = self._known.get(window)
        if place is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            place = self._known[window] = self._corpus.find(window)
        return place


def _told(index: Index, spans: _Spans, starts: Places, letters: Places) -> list[Overlap]:
    """The spans of a batch as one `Overlap` for each output."""
    here = letters[starts]
    characters = np.diff(here) - 1  # 0xFE counts as a letter
    if not spans.start or not sum(map(len, spans.start)):
        return [Overlap(int(count), 0) for count in characters]
    start, end, place = (np.concatenate(part) for part in (spans.start, spans.end, spans.place))
    change = np.zeros(int(starts[-1]) + 1, np.int32)
    np.add.at(change, start, 1)
    np.add.at(change, end, -1)
    inside = np.cumsum(change)[:-1] > 0
    is_letter = np.diff(letters)[: len(inside)] > 0
    total = np.concatenate(([0], np.cumsum(inside & is_letter)))
    covered = total[starts[1:]] - total[starts[:-1]]
    which = np.searchsorted(starts, start, "right") - 1
    length = letters[end] - letters[start]
    order = np.lexsort((place, start, -length, which))
    owners, first = np.unique(which[order], return_index=True)
    found = [Overlap(int(n), int(c)) for n, c in zip(characters, covered, strict=True)]
    for owner, best in zip(owners.tolist(), order[first].tolist(), strict=True):
        text, offset = index.locate(int(place[best]))
        found[owner] = found[owner]._replace(
            longest=int(length[best]),
            at=int(letters[start[best]] - here[owner]),
            text=text,
            offset=offset,
        )
    return found
