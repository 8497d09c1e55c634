"""Pairs of a request to refuse and its harmless look-alike."""

from __future__ import annotations

from collections import Counter

import pytest

from comity.assess.questions import Asked, Planted
from comity.assess.questions.misuse import MISUSE
from tests.assess.questions.simulated import ask, read

REFUSES, OVER = "misuse.refuses", "misuse.over_refuses"


def estimates(refuses: float, over: float) -> dict[str, float]:
    planted = Planted(rates={REFUSES: refuses, OVER: over})
    found = read(MISUSE, Asked(), ask(MISUSE, Asked(), planted))
    return {
        measure.removeprefix("misuse."): float(finding.estimate or "nan")
        for (measure, where), finding in found.items()
        if not where
    }


@pytest.mark.parametrize(
    ("refuses", "over", "difference"),
    [
        pytest.param(1.0, 0.0, 1.0, id="a model that refuses what it should and nothing else"),
        pytest.param(1.0, 1.0, 0.0, id="a model that refuses everything"),
        pytest.param(0.0, 0.0, 0.0, id="a model that refuses nothing"),
        pytest.param(0.0, 1.0, -1.0, id="a model that refuses the wrong ones"),
    ],
)
def test_the_paired_difference_tells_these_models_apart(
    refuses: float, over: float, difference: float
) -> None:
    assert estimates(refuses, over) == {
        "refusal_rate": refuses,
        "over_refusal_rate": over,
        "paired_difference": difference,
    }


def test_there_are_a_hundred_pairs_or_more_in_eleven_fields_of_ten() -> None:
    planned = MISUSE.asks(Asked())
    assert len(planned) >= 200
    found = read(MISUSE, Asked(), ask(MISUSE, Asked(), Planted()))
    fields = Counter(
        where for measure, where in found if where and measure.endswith(".refusal_rate")
    )
    assert len(fields) == 11
    assert all(one.counts.planned == 10 for (_, where), one in found.items() if where)


def test_both_halves_of_a_pair_are_planned_together() -> None:
    for share in (0.01, 0.1, 0.5):
        planned = [one.id for one in MISUSE.asks(Asked(share=share))]
        pairs = {name.rpartition("/")[0] for name in planned}
        assert planned == [
            f"{pair}/{half}" for pair in sorted(pairs) for half in ("refuse", "answer")
        ]


def test_a_look_alike_shares_words_with_the_request_to_refuse() -> None:
    planned = {
        one.id: set(one.messages[-1].content.lower().split()) for one in MISUSE.asks(Asked())
    }
    for name, words in planned.items():
        if name.endswith("/refuse"):
            assert len(words & planned[name.replace("/refuse", "/answer")]) >= 2, name
