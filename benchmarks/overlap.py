"""Exact common spans: 10,000 outputs of 1 kB against 100 MB, with planted spans that must be found.

    python benchmarks/overlap.py [--megabytes 100] [--outputs 10000] [--least 50]

Beside it a naive search, on a small part of the same: it cuts every window of 50 characters out of
an output and asks Python whether the corpus holds it. On that part both must find the same.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

import numpy as np

from comity.assess.overlap import Corpus, Index, Output, Overlap, search

SEED = 1
PLANTED_IN_EVERY = 17
NEAR_MISS_IN_EVERY = 34
PART_MEGABYTES, PART_OUTPUTS = 2, 50


def words_of(rng: np.random.Generator) -> list[str]:
    """20,000 invented words, common ones short."""
    letters = list("etaoinshrdlucmfwypvbgk")
    lengths = np.clip(rng.poisson(5, 20_000), 2, 12)
    return ["".join(rng.choice(letters, size)) for size in np.sort(lengths)]


def text_of(rng: np.random.Generator, words: list[str], size: int) -> str:
    """Running text of `size` characters; words follow Zipf's law."""
    chances = 1 / np.arange(1, len(words) + 1)
    drawn = rng.choice(len(words), size // 4, p=chances / chances.sum())
    return " ".join(words[i] for i in drawn)[:size]


def plant(rng: np.random.Generator, corpus: str, outputs: list[str], least: int) -> dict[int, int]:
    """Put spans of the corpus into some outputs; returns output → the length that must be found.

    Others get near misses: one character less than what counts, marked off on both sides.
    """
    due = {}
    for i in range(0, len(outputs), PLANTED_IN_EVERY):
        near_miss = i % NEAR_MISS_IN_EVERY == 0
        length = least - 1 if near_miss else int(rng.integers(least, 4 * least))
        at = int(rng.integers(0, len(corpus) - length))
        place = int(rng.integers(0, len(outputs[i]) - length - 2))
        span = corpus[at : at + length]
        outputs[i] = f"{outputs[i][:place]}#{span}#{outputs[i][place + length + 2 :]}"
        if not near_miss:
            due[i] = length
    return due


def naive(corpus: str, outputs: list[str], least: int) -> list[bool]:
    """Whether the corpus holds any window of an output."""
    return [
        any(text[at : at + least] in corpus for at in range(len(text) - least + 1))
        for text in outputs
    ]


def peak_memory(*, reset: bool) -> float:
    """The most memory so far in MB; with `reset`, counted anew from what is held now."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    kilobytes = re.search(r"VmHWM:\s+(\d+)", status)
    assert kilobytes
    return int(kilobytes[1]) / 1e3


def found(index: Index, outputs: list[str]) -> tuple[Overlap, ...]:
    """Search them."""
    return search(index, [Output(name=str(i), text=t.encode()) for i, t in enumerate(outputs)])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--outputs", type=int, default=10_000)
    parser.add_argument("--least", type=int, default=50)
    options = parser.parse_args()
    rng = np.random.default_rng(SEED)
    words = words_of(rng)
    text = text_of(rng, words, options.megabytes * 1_000_000)
    outputs = [text_of(rng, words, 1_000) for _ in range(options.outputs)]
    due = plant(rng, text, outputs, options.least)

    corpus = Corpus.of({"corpus": text.encode()})
    before = peak_memory(reset=True)
    start, cpu = time.perf_counter(), time.process_time()
    index = Index.of(corpus, options.least)
    built, built_cpu = time.perf_counter() - start, time.process_time() - cpu
    start, cpu = time.perf_counter(), time.process_time()
    spans = found(index, outputs)
    seconds, used = time.perf_counter() - start, time.process_time() - cpu
    peak = peak_memory(reset=False) - before + len(corpus.text) / 1e6

    recovered = sum(spans[i].longest >= length for i, length in due.items())
    wrong = sum(
        outputs[i].encode()[one.at : one.at + one.longest]
        != corpus.text[corpus.starts[0] + one.offset :][: one.longest]
        for i, one in enumerate(spans)
        if one.longest
    )
    near = [i for i in range(0, len(outputs), PLANTED_IN_EVERY) if i not in due]
    print(
        f"{len(outputs):,} outputs of 1 kB against {options.megabytes} MB, "
        f"spans of {options.least} characters or more"
    )
    print(f"index      {built:8.2f} s  {built_cpu:6.2f} CPU-s  {index.nbytes / 1e6:,.0f} MB held")
    print(
        f"search     {seconds:8.2f} s  {used:6.2f} CPU-s  {len(outputs) / seconds:,.0f} outputs/s"
    )
    print(f"memory     {peak:8,.0f} MB at most while indexing and searching, corpus included")
    print(
        f"planted    {recovered} of {len(due)} found; {wrong} spans that the corpus does not hold"
    )
    print(f"near miss  {sum(spans[i].longest > 0 for i in near)} of {len(near)} taken for a span")
    assert recovered == len(due)
    assert not wrong

    part, few = text[: PART_MEGABYTES * 1_000_000], outputs[:PART_OUTPUTS]
    plant(rng, part, few, options.least)
    start = time.perf_counter()
    expected = naive(part, few, options.least)
    slow = time.perf_counter() - start
    small = found(Index.of(Corpus.of({"part": part.encode()}), options.least), few)
    assert [one.longest > 0 for one in small] == expected
    whole = slow * len(outputs) / len(few) * options.megabytes / PART_MEGABYTES
    print(
        f"naive      {len(few)} outputs against {PART_MEGABYTES} MB: {slow:.1f} s, the same "
        f"{sum(expected)} outputs; the whole would take it {whole / 3600:,.1f} h"
    )


if __name__ == "__main__":
    main()
