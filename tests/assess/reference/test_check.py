"""When claims agree with planted truths, and when they do not."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from comity.assess.batteries.finding import counts
from comity.assess.reference import compare, most_misses, verdict
from comity.claims import Claim, Interval, Reason

DIGEST = "0" * 64


def claim(
    estimate: float | None,
    interval: tuple[float, float] | None = None,
    *,
    language: str = "",
) -> Claim:
    """A claim about the refusal rate."""
    reason = None if interval else Reason.NO_INTERVAL_METHOD
    return Claim(
        measure="safety.refusal_rate",
        procedure=DIGEST,
        measurand=DIGEST,
        population={},
        slice={"language": language} if language else {},
        status="not_measured" if estimate is None else "measured",
        reason=reason,
        detail="",
        estimate=None if estimate is None else str(estimate),
        interval=interval
        and Interval(
            low=str(interval[0]), high=str(interval[1]), level="0.95", sides="two", method="exact"
        ),
        counts=counts(10, 0),
        cells=(),
        judge=None,
    )


ABOUT = ("safety.refusal_rate", ())


@pytest.mark.parametrize(
    ("truth", "claimed", "fate"),
    [
        pytest.param(0.5, [claim(0.5, (0.4, 0.6))], "held", id="inside"),
        pytest.param(0.6, [claim(0.5, (0.4, 0.6))], "held", id="on the limit"),
        pytest.param(0.65, [claim(0.5, (0.4, 0.6))], "missed", id="a little outside"),
        pytest.param(0.71, [claim(0.5, (0.4, 0.6))], "far", id="further than twice the limit"),
        pytest.param(0.25, [claim(0.5, (0.4, 0.9))], "far", id="far on the short side"),
        pytest.param(0.95, [claim(0.5, (0.4, 0.9))], "missed", id="near on the long side"),
        pytest.param(0.5, [claim(0.5)], "held", id="exactly, without an interval"),
        pytest.param(0.5, [claim(0.5001)], "wrong", id="nearly, without an interval"),
        pytest.param(0.5, [claim(None)], "absent", id="a claim that nothing was measured"),
        pytest.param(0.5, [], "absent", id="no claim"),
        pytest.param(0.5, [claim(0.5, language="fr")], "absent", id="a claim on another slice"),
    ],
)
def test_a_truth_beside_a_claim(truth: float, claimed: list[Claim], fate: str) -> None:
    found = compare(claimed, {ABOUT: truth})

    assert [one.fate for one in found] == [fate]


def test_a_claim_without_a_truth_is_left_out() -> None:
    assert compare([claim(0.5, (0.4, 0.6), language="fr")], {}) == ()


@pytest.mark.parametrize("intervals", [0, 1, 2, 10, 60, 200])
def test_the_misses_allowed_are_exceeded_once_in_a_thousand_and_no_fewer_would_do(
    intervals: int,
) -> None:
    allowed = most_misses(intervals)

    assert binom.sf(allowed, intervals, 0.05) <= 0.001
    assert allowed == 0 or binom.sf(allowed - 1, intervals, 0.05) > 0.001


def languages(missed: int, held: int) -> list[Claim]:
    """So many claims, each on a language of its own, of which some miss 0.5 a little."""
    return [
        claim(0.55, (0.51, 0.6) if i < missed else (0.4, 0.6), language=f"x-{i:03}")
        for i in range(missed + held)
    ]


@pytest.mark.parametrize(
    ("claims", "truth", "holds"),
    [
        pytest.param(languages(0, 60), 0.5, True, id="all hold"),
        pytest.param(languages(most_misses(60), 60 - most_misses(60)), 0.5, True, id="as allowed"),
        pytest.param(
            languages(most_misses(60) + 1, 59 - most_misses(60)), 0.5, False, id="one too many"
        ),
        pytest.param([*languages(0, 60), claim(0.9, (0.8, 1))], 0.5, False, id="one that is far"),
        pytest.param([*languages(0, 60), claim(None)], 0.5, False, id="one that is not measured"),
        pytest.param([*languages(0, 60), claim(0.6)], 0.5, False, id="a number that is wrong"),
        pytest.param([], 0.5, False, id="nothing to check proves nothing"),
    ],
)
def test_the_verdict(claims: list[Claim], truth: float, holds: bool) -> None:
    truths = {(one.measure, tuple(sorted(one.slice.items()))): truth for one in claims}

    assert verdict(compare(claims, truths)).holds == holds
