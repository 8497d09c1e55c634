"""Likelihood and impact to a colour; CAP's severity, certainty and urgency."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_warning.matrix import (
    COLOURS,
    DEFAULT,
    IMPACTS,
    Colour,
    Impact,
    certainty,
    colour,
    faults_of,
    likelihood,
    severity,
    urgency,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHANCE = st.floats(0, 1)


@pytest.mark.parametrize(
    ("probability", "band"),
    [
        (0.0, None),
        (0.049, None),
        (0.05, "very_low"),
        (0.2, "low"),
        (0.4, "medium"),
        (0.6, "high"),
        (1.0, "high"),
    ],
)
def test_bands_of_likelihood(probability: float, band: str | None) -> None:
    assert likelihood(probability) == band


@pytest.mark.parametrize(
    ("impact", "probability", "expected"),
    [
        ("minor", 0.3, "green"),
        ("minor", 0.9, "yellow"),
        ("significant", 0.25, "yellow"),
        ("significant", 0.9, "orange"),
        ("severe", 0.06, "yellow"),
        ("severe", 0.5, "orange"),
        ("severe", 0.7, "red"),
        ("severe", 0.01, "green"),
    ],
)
def test_our_default_colours(impact: Impact, probability: float, expected: Colour) -> None:
    assert colour(impact, probability, {}) == expected


def test_a_service_sets_its_own_rows_and_keeps_the_others() -> None:
    own: dict[Impact, tuple[Colour, Colour, Colour, Colour]] = {
        "minor": ("yellow", "yellow", "yellow", "yellow")
    }
    assert colour("minor", 0.1, own) == "yellow"
    assert colour("severe", 0.9, own) == "red"


def test_our_default_has_no_fault() -> None:
    assert faults_of({}) == []
    assert faults_of(DEFAULT) == []


@given(CHANCE, CHANCE, st.sampled_from(IMPACTS), st.sampled_from(IMPACTS))
def test_likelier_or_worse_is_never_milder(
    one: float, other: float, impact: Impact, second: Impact
) -> None:
    low, high = sorted((one, other))
    mild, bad = sorted((impact, second), key=IMPACTS.index)
    assert COLOURS.index(colour(mild, low, {})) <= COLOURS.index(colour(mild, high, {}))
    assert COLOURS.index(colour(mild, low, {})) <= COLOURS.index(colour(bad, low, {}))


def test_severity_follows_the_impact() -> None:
    assert [severity(one) for one in IMPACTS] == ["Moderate", "Severe", "Extreme"]


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.51, "Likely"), (0.5, "Possible"), (0.05, "Possible"), (0.01, "Unlikely")],
)
def test_certainty_is_caps(probability: float, word: str) -> None:
    assert certainty(probability) == word


@pytest.mark.parametrize(
    ("hours", "word"), [(-3, "Immediate"), (0, "Immediate"), (1, "Expected"), (2, "Future")]
)
def test_urgency_is_caps(hours: int, word: str) -> None:
    assert urgency(NOON + timedelta(hours=hours), NOON) == word
