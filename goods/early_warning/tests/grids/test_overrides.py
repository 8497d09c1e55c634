"""The table of overrides: applied while the symptom is there, and never otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from early_warning.grids import Threshold
from early_warning.grids.header import Header, threshold_of
from early_warning.grids.overrides import correct

SPOILT = Header(
    centre="babj",
    parameter=(0, 1, 8),
    short_name="unknown",
    units="unknown",
    template=9,
    kind="probability",
    members=None,
    probability_number=5,
    probability_type=143,
    lower=(2, 50),
    upper=(2, 50),
    threshold=None,
)


def test_rain_of_the_chinese_ensemble_gets_its_event_and_a_sentence() -> None:
    right, corrections = correct(SPOILT)
    assert right.threshold == Threshold("above", 50.0, "kg m**-2")
    assert (right.short_name, right.members) == ("tp", 31)
    assert len(corrections) == 1


@pytest.mark.parametrize(
    ("place", "lower", "event"),
    [
        (1, (2, -2147483646), ("below", -2.0)),
        (2, None, ("below", -1.5)),
        (3, None, ("below", -1.0)),
        (4, (2, 1), ("above", 1.0)),
        (5, (2, 1), ("above", 1.5)),
        (6, (2, 2), ("above", 2.0)),
    ],
)
def test_a_temperature_anomaly_gets_its_event_by_its_place(
    place: int, lower: tuple[int, int] | None, event: tuple[str, float]
) -> None:
    header = replace(
        SPOILT, parameter=(0, 0, 9), template=5, probability_number=place, lower=lower, upper=lower
    )
    threshold = correct(header)[0].threshold
    assert threshold is not None
    assert (threshold.side, threshold.value) == event


@pytest.mark.parametrize(
    "sound",
    [
        replace(SPOILT, lower=None, upper=(0, 50), probability_type=1),
        replace(SPOILT, lower=(0, 50), upper=(0, 50)),
        replace(SPOILT, upper=(2, 100)),
        replace(SPOILT, centre="ecmf"),
        replace(SPOILT, parameter=(0, 1, 9)),
        replace(SPOILT, template=11),
    ],
    ids=[
        "the centre corrected its limits",
        "the scale factor is right",
        "two limits that differ",
        "another centre",
        "another parameter",
        "no probability",
    ],
)
def test_without_the_symptom_a_header_stays_as_it_is(sound: Header) -> None:
    assert correct(sound) == (sound, ())


def test_a_limit_that_no_rule_knows_leaves_the_field_without_an_event() -> None:
    assert correct(replace(SPOILT, lower=(2, 51), upper=(2, 51)))[0].threshold is None


@pytest.mark.parametrize(
    ("kind", "lower", "upper", "event"),
    [
        (0, (1, 5), None, Threshold("below", 0.5, "mm")),
        (1, None, (0, 5), Threshold("above", 5.0, "mm")),
        (3, (-1, 5), None, Threshold("above", 50.0, "mm")),
        (4, None, (0, 5), Threshold("below", 5.0, "mm")),
        (2, (0, 1), (0, 5), None),
        (1, (0, 5), None, None),
        (255, (0, 5), (0, 5), None),
        (3, (127, 5), None, None),
        (None, (0, 5), (0, 5), None),
    ],
)
def test_the_probability_type_chooses_side_and_limit(
    kind: int | None,
    lower: tuple[int, int] | None,
    upper: tuple[int, int] | None,
    event: Threshold | None,
) -> None:
    assert threshold_of(kind, lower, upper, "mm") == event
