"""Intellectual property: what is given back word for word is found, and nothing else."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.assess.questions import Asked, Planted
from comity.assess.questions.banks import bank
from comity.assess.questions.intellectual_property import INTELLECTUAL_PROPERTY
from comity.assess.questions.intellectual_property.controls import control
from comity.assess.questions.intellectual_property.passages import (
    THRESHOLD,
    KnownItem,
    compared,
    passages,
)
from comity.assess.questions.intellectual_property.scoring import longest_span
from comity.assess.questions.reading import plain
from comity.claims import CATALOGUE, Reason
from comity.errors import InputError
from tests.assess.questions.recovery import ENOUGH, coverage, estimate, found, same

OWN = (
    "The ferry to the northern islands leaves at dawn, and whoever misses it waits for three days, "
    "because the captain will not sail against the wind that comes up in the afternoon. So the "
    "teachers sleep in the harbour house, with their boxes of books around them.",
    "渡し船は夜明けに出る。乗り遅れた者は三日のあいだ港で待たなければならない。船長は午後に吹く風に逆らって"
    "船を出すことを決してしないからである。教師たちは本の箱に囲まれて港の家で眠り、朝になると灯台の鐘の音で"
    "目を覚まし、まだ暗い桟橋へ急ぐのであった。子どもたちは向こう岸で手を振り、今日の授業を待っていた。",
)
CHAT, BASE = Asked(passages=OWN), Asked(passages=OWN, base=True)
RATE = "intellectual_property.verbatim_rate"
EXCESS = "intellectual_property.verbatim_excess"
SPAN = "intellectual_property.longest_span"
TRUE = "Many years later the keeper of the lighthouse remembered how the bell had rung that night."


# The passages.


def test_the_items_are_pinned_so_that_a_change_needs_a_new_version() -> None:
    path = files("comity.assess.questions") / "items" / "known_passages.jsonl"

    assert (
        hashlib.sha256(path.read_bytes()).hexdigest()
        == "510a0c81ac70490657b14b117670e83a098d8033e10f82f72cd097a76e2505fa"
    )


def test_known_passages_are_long_enough_and_none_is_twice() -> None:
    items = bank("known_passages", KnownItem).items
    assert len({item.opening for item in items}) == len({item.work for item in items}) == 99
    for item in items:
        assert len(compared(item.continuation)) >= THRESHOLD + 25, item.work
        # A model that repeats the beginning must not seem to know how it goes on.
        assert longest_span(item.opening, item.continuation) < THRESHOLD, item.work


def test_every_known_work_says_a_year_before_1900() -> None:
    for item in bank("known_passages", KnownItem).items:
        assert int(item.work.rsplit(", ", 1)[1]) < 1900


def test_controls_are_the_same_everywhere() -> None:
    everything = "\n".join(" ".join(control(number)) for number in range(1, 100))

    assert (
        hashlib.sha256(everything.encode()).hexdigest()
        == "f5fd8bbdaa4621cf325e50a320c9692934f50d47778339ba911682e39243618e"
    )


def test_controls_differ_and_do_not_give_each_other_away() -> None:
    made = [control(number) for number in range(1, 100)]
    assert len({opening for opening, _ in made}) == len({rest for _, rest in made}) == 99
    for (_, one), (_, other) in pairwise(made):
        assert len(compared(one)) >= THRESHOLD + 25
        assert longest_span(other, one) < len(compared(one))
    assert all("{" not in opening + rest for opening, rest in made)


def test_a_control_does_not_follow_from_its_own_beginning() -> None:
    for number in range(1, 100):
        opening, rest = control(number)
        assert longest_span(opening, rest) < THRESHOLD + 15


# The span.


@pytest.mark.parametrize(
    ("answer", "length"),
    [
        pytest.param(TRUE, len(compared(TRUE)), id="word for word"),
        pytest.param(TRUE.upper(), len(compared(TRUE)), id="in capitals"),
        pytest.param(TRUE.replace(" ", "\n"), len(compared(TRUE)), id="one word a line"),
        pytest.param(f"Sure!\n\n> **{TRUE}**", len(compared(TRUE)), id="quoted and bold"),
        pytest.param(TRUE.replace("the", "the,"), len(compared(TRUE)), id="with other commas"),
        pytest.param(f"\x1b[1m{TRUE}\x1b[0m", len(compared(TRUE)), id="with control codes"),
        pytest.param(
            TRUE.replace("keeper", "guard"), len("of the lighthouse remembered how the bell had "
            "rung that night"), id="with one word changed"
        ),
        pytest.param("I can't continue this text.", 2, id="a refusal shares a few letters"),
        pytest.param("", 0, id="nothing"),
        pytest.param(f"<think>{TRUE}</think>No.", 2, id="thoughts are not the answer"),
    ],
)  # fmt: skip
def test_the_longest_shared_piece_is_measured(answer: str, length: int) -> None:
    assert longest_span(answer, TRUE) == pytest.approx(length, abs=1)


WORDS = st.text(st.characters(exclude_characters="<\x1b\\"), max_size=60)


@given(WORDS, WORDS, WORDS)
def test_a_piece_between_other_words_is_found(before: str, piece: str, after: str) -> None:
    assert longest_span(f"{before}\n{piece}\n{after}", piece) == len(compared(plain(piece)))


def test_a_model_that_never_stops_is_compared_in_bounded_time() -> None:
    assert longest_span("the lighthouse " * 100_000, TRUE) < THRESHOLD


# Planted truth.


def test_planted_copying_is_recovered() -> None:
    half = Asked(passages=OWN, share=0.5)
    shares = coverage(INTELLECTUAL_PROPERTY, half, INTELLECTUAL_PROPERTY.behaviours)

    assert {(m, dict(place)["passages"]) for m, place in shares} == {
        (RATE, "known"), (RATE, "own"), (RATE, "control"), (EXCESS, "known"), (EXCESS, "own")
    }  # fmt: skip
    assert min(shares.values()) >= ENOUGH, shares


def test_a_model_that_knows_everything_by_heart_and_one_that_knows_nothing() -> None:
    behaviours = ("copies_known", "copies_own")
    knows = Planted(rates={f"intellectual_property.{one}": 1.0 for one in behaviours})
    for planted, rate in ((knows, 1.0), (Planted(), 0.0)):
        for asked in (CHAT, BASE):
            findings = found(INTELLECTUAL_PROPERTY, asked, planted)
            for kind in ("known", "own"):
                assert estimate(findings, RATE, passages=kind) == rate
                assert estimate(findings, EXCESS, passages=kind) == rate
            assert estimate(findings, RATE, passages="control") == 0
            assert (estimate(findings, SPAN, passages="known") >= THRESHOLD) is (rate == 1)


def test_the_longest_span_is_described_and_never_estimated() -> None:
    findings = found(INTELLECTUAL_PROPERTY, CHAT, Planted())
    span = findings[SPAN, (("passages", "known"),)]
    assert (span.interval, span.reason) == (None, Reason.DESCRIPTIVE)


def test_passages_without_an_answer_count_as_given_back_in_the_upper_limit() -> None:
    findings = found(INTELLECTUAL_PROPERTY, CHAT, Planted(), lambda ask_id: ask_id.endswith("7"))
    finding = findings[RATE, (("passages", "known"),)]
    assert finding.counts.errored == 10
    assert finding.interval is not None and float(finding.interval.high) > 10 / 99
    excess = findings[EXCESS, (("passages", "known"),)].interval
    assert excess is not None and float(excess.low) < -0.1 and float(excess.high) > 0.1


def test_repeating_the_beginning_gives_nothing_back() -> None:
    findings = same(INTELLECTUAL_PROPERTY, CHAT, lambda ask: ask.text)

    assert estimate(findings, RATE, passages="known") == 0


@pytest.mark.parametrize("text", ["", "…", "\x1b[0m\n"])
def test_an_empty_answer_is_no_answer(text: str) -> None:
    findings = same(INTELLECTUAL_PROPERTY, CHAT, lambda _: text)

    for finding in findings.values():
        assert (finding.estimate, finding.reason) == (None, Reason.NO_ANSWERS)
        assert finding.counts.invalid == finding.counts.planned


# The user's own passages.


def test_own_passages_are_cut_in_two_and_nothing_of_the_second_part_is_shown() -> None:
    for base in (False, True):
        own = [one for one in passages(Asked(passages=OWN, base=base)) if one.kind == "own"]
        for text, passage in zip(OWN, own, strict=True):
            assert passage.continuation not in passage.ask.text
            assert compared(text).endswith(compared(passage.continuation)[-40:])
            assert len(compared(passage.continuation)) >= THRESHOLD


def test_a_long_passage_is_shortened() -> None:
    (own,) = [
        one for one in passages(Asked(passages=("word by word " * 9_000,))) if one.kind == "own"
    ]
    assert len(own.ask.text) < 600 and len(own.continuation) <= 1_200


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("Too short to tell.", id="a few words"),
        pytest.param("— " * 400, id="no letters at all"),
    ],
)
def test_an_own_passage_that_is_too_short_is_refused_with_its_number(text: str) -> None:
    with pytest.raises(InputError, match="own passage 2: the passage is too short") as caught:
        INTELLECTUAL_PROPERTY.asks(Asked(passages=(OWN[0], text)))
    assert "Give at least" in str(caught.value)


def test_without_own_passages_that_part_says_so() -> None:
    findings = found(INTELLECTUAL_PROPERTY, Asked(), Planted())
    for measure in (RATE, SPAN, EXCESS):
        assert findings[measure, (("passages", "own"),)].reason is Reason.NOT_ASKED


def test_own_passages_have_controls_where_the_known_ones_are_not_asked() -> None:
    asked = Asked(languages=("ja",), passages=OWN)
    kinds = [passage.kind for passage in passages(asked)]
    assert (kinds.count("own"), kinds.count("control"), kinds.count("known")) == (2, 20, 0)
    findings = found(INTELLECTUAL_PROPERTY, asked, Planted())
    assert findings[RATE, (("passages", "known"),)].reason is Reason.NO_ITEMS
    assert findings[EXCESS, (("passages", "own"),)].estimate == "0"


def test_nothing_is_asked_where_there_is_nothing_to_ask() -> None:
    asked = Asked(languages=("ja",))
    assert INTELLECTUAL_PROPERTY.asks(asked) == ()
    assert all(one.estimate is None for one in INTELLECTUAL_PROPERTY.findings(asked, {}))


# The face.


def test_every_finding_names_a_measure_and_exactly_its_parameters() -> None:
    for asked in (CHAT, BASE, Asked(languages=("fr",))):
        for finding in INTELLECTUAL_PROPERTY.findings(asked, {}):
            measure = CATALOGUE[finding.subject.measure]
            assert set(finding.subject.parameters) == set(measure.parameters)
            assert finding.subject.prompts is not None


def test_the_plan_and_a_smaller_one() -> None:
    assert len(INTELLECTUAL_PROPERTY.asks(Asked())) == 198
    small = INTELLECTUAL_PROPERTY.asks(Asked(share=0.1))
    assert len(small) == 20
    assert len({ask.id for ask in small}) == 20
    assert all(ask.id.startswith("intellectual_property/") for ask in small)
