"""The search finds what a slow search finds: every span, its length, its place; nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.assess.overlap import Corpus, Index, Normalisation, Output, Overlap, search
from comity.assess.overlap.index import HOT
from comity.errors import InputError


def by_hand(texts: list[str], outputs: list[str], least: int) -> list[Overlap]:
    """The same by the textbook: the longest common substring, by dynamic programming."""
    return [_one(texts, output, least) for output in outputs]


def _one(texts: list[str], output: str, least: int) -> Overlap:
    covered: set[int] = set()
    best = (0, 0, 0, 0)  # -length, where in the output, which text, where in the text
    for number, text in enumerate(texts):
        row = [0] * (len(text) + 1)
        for i, letter in enumerate(output, 1):
            above, row = row, [0] * (len(text) + 1)
            for j, other in enumerate(text, 1):
                if letter == other:
                    length = row[j] = above[j - 1] + 1
                    if length >= least:
                        covered.update(range(i - length, i))
                        best = min(best, (-length, i - length, number, j - length))
    length, at, which, offset = best
    if not length:
        return Overlap(len(output), 0)
    return Overlap(len(output), len(covered), -length, at, which, offset)


def found(texts: list[str], outputs: list[str], least: int) -> list[Overlap]:
    corpus = Corpus.of({str(i): text.encode() for i, text in enumerate(texts)})
    given = [Output(name=str(i), text=text.encode()) for i, text in enumerate(outputs)]
    return list(search(Index.of(corpus, least), given))


# Few letters, of one to four bytes, two of which begin alike: common spans of every sort abound.
LETTERS = "ab\0é≤≥𝄞"
PHRASES = st.lists(st.text(LETTERS, max_size=14), min_size=1, max_size=4)


@st.composite
def texts_that_share(draw: st.DrawFn) -> tuple[list[str], list[str], int]:
    """Texts and outputs that are put together from the same phrases."""
    phrases = st.sampled_from([*draw(PHRASES), "ab" * 9, "a" * 30, "≤≥" * 7])
    loose = st.text(LETTERS, max_size=3)
    text = st.lists(phrases | loose, max_size=6).map("".join)
    return (
        draw(st.lists(text, max_size=3)),
        draw(st.lists(text, max_size=4)),
        draw(st.sampled_from([8, 9, 12, 16, 23, 26])),
    )


@given(texts_that_share())
def test_it_finds_what_dynamic_programming_finds(case: tuple[list[str], list[str], int]) -> None:
    assert found(*case) == by_hand(*case)


@given(
    st.text(LETTERS, min_size=1, max_size=12),
    st.integers(HOT + 1, HOT + 40),
    st.text(LETTERS, max_size=60),
)
def test_a_window_that_stands_at_very_many_places_hides_nothing(
    phrase: str, times: int, tail: str
) -> None:
    line = (phrase * 20)[:20]
    texts = [line * times + tail]
    outputs = [line * 2 + tail[:9], "a" + line + tail[-30:], tail]

    assert found(texts, outputs, 9) == [_fast(texts[0], output, 9) for output in outputs]


def _fast(text: str, output: str, least: int) -> Overlap:
    """As `by_hand`, with Python's own search: the text is too long for dynamic programming."""
    covered: set[int] = set()
    best = (0, 0, 0)
    for at in range(len(output)):
        length = least
        while at + length <= len(output) and (place := text.find(output[at : at + length])) >= 0:
            covered.update(range(at, at + length))
            best = min(best, (-length, at, place))
            length += 1
    if not best[0]:
        return Overlap(len(output), 0)
    return Overlap(len(output), len(covered), -best[0], best[1], 0, best[2])


SPAN = "Every planet has a north, and every north has its own weather."


@pytest.mark.parametrize(
    ("text", "output", "expected"),
    [
        pytest.param("", SPAN, (62, 0, 0, 0, -1, 0), id="an empty corpus file"),
        pytest.param(SPAN, "", (0, 0, 0, 0, -1, 0), id="an empty output"),
        pytest.param(SPAN, SPAN, (62, 62, 62, 0, 0, 0), id="the whole text"),
        pytest.param(f"x{SPAN}y", f"-{SPAN}-", (64, 62, 62, 1, 0, 1), id="inside other text"),
        pytest.param(SPAN[:50], SPAN, (62, 50, 50, 0, 0, 0), id="exactly as long as asked"),
        pytest.param(SPAN[:49], SPAN, (62, 0, 0, 0, -1, 0), id="one character too short"),
        pytest.param(
            SPAN.replace(" ", "\0"), SPAN.replace(" ", "\0"), (62, 62, 62, 0, 0, 0), id="NUL bytes"
        ),
        pytest.param(
            "東京" * 25, "京東" * 25, (50, 0, 0, 0, -1, 0), id="counts characters and not bytes"
        ),
        pytest.param(
            "東" * 50 + "、", "東" * 50 + "。", (51, 50, 50, 0, 0, 0),
            id="letters that differ in their last byte alone",
        ),
        pytest.param(
            f"{SPAN[:55]}_{SPAN[5:]}", SPAN, (62, 62, 57, 5, 0, 56), id="two spans that overlap"
        ),
    ],
)  # fmt: skip
def test_the_longest_span(
    text: str, output: str, expected: tuple[int, int, int, int, int, int]
) -> None:
    assert found([text], [output], 50) == [Overlap(*expected)]


def test_no_span_goes_from_one_text_or_output_into_the_next() -> None:
    half = len(SPAN) // 2

    assert found([SPAN[:half], SPAN[half:]], [SPAN], 40) == [Overlap(len(SPAN), 0)]
    assert found([SPAN], [SPAN[:half], SPAN[half:]], 40) == [Overlap(31, 0)] * 2


def test_the_place_is_counted_in_characters_far_into_a_text() -> None:
    text = "é" * 9_000 + SPAN

    assert found(["", text], [SPAN], 50) == [Overlap(62, 62, 62, 0, 1, 9_000)]


def test_many_outputs_are_searched_in_batches_and_come_back_in_order() -> None:
    outputs = [f"{i:06} " * 100 + (SPAN if i % 7 == 0 else "") for i in range(1_000)]

    lengths = [one.longest for one in found([f"… {SPAN}"], outputs, 50)]

    assert lengths == [63 if i % 7 == 0 else 0 for i in range(1_000)]


@pytest.mark.parametrize("least", [-1, 0, 7, 10_001])
def test_a_span_too_short_or_too_long_to_look_for_is_refused(least: int) -> None:
    with pytest.raises(InputError, match="cannot be looked for"):
        Index.of(Corpus.of({"a": b"text"}), least)


@given(st.text("ab é\u0301\n\t\x1c\u2003İ", max_size=60), st.integers(1, 20))
def test_a_long_text_is_normalised_in_pieces_as_in_one(text: str, size: int) -> None:
    import comity.assess.overlap.normal as module

    for normal in (
        Normalisation(),
        Normalisation(unicode="nfkc", case="fold"),
        Normalisation(whitespace="keep"),
    ):
        data = text.encode()
        cuts = module._pieces(data, size)
        assert b"".join(data[start:end] for start, end in cuts) == data
        assert normal(data, piece=size) == normal(data)


def test_normalisation_says_what_it_made_equal() -> None:
    composed, spelt = "Caf\u00e9  au\nlait".encode(), "CAFE\u0301 AU LAIT".encode()

    assert Normalisation(case="fold")(composed) == Normalisation(case="fold")(spelt)
    assert Normalisation()(composed) != Normalisation()(spelt)
    assert Normalisation(unicode="keep", whitespace="keep")(composed) == composed
    assert Normalisation(case="fold").words == (
        "Unicode NFC, runs of white space as one space, case folded"
    )
