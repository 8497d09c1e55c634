"""What a claim may say: a number with an interval, or the reason why there is none."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from comity.claims import (
    CATALOGUE,
    Claim,
    Counts,
    Interval,
    Procedure,
    Reason,
    measurand_digest,
)

INTERVAL = Interval(low="0.1", high="0.3", level="0.95", sides="two", method="clopper_pearson")
COUNTS = Counts(planned=10, scored=10, successes=2, invalid=0, errored=0)


def procedure(**changes: Any) -> Procedure:
    """A procedure that differs from the plain one only in `changes`."""
    fields: dict[str, Any] = {
        "measure": "fairness.selection_rate",
        "measure_version": 1,
        "parameters": {"partition": "sex", "minimum_cell": "30"},
        "prompts": None,
        "decoding": {},
        "scorer": "",
        "split": "by person",
    }
    return Procedure(**(fields | changes))


def claim(**changes: Any) -> Claim:
    """A measured claim that differs from the plain one only in `changes`."""
    fields: dict[str, Any] = {
        "measure": "fairness.selection_rate",
        "procedure": procedure().digest,
        "measurand": measurand_digest(procedure().digest, {}, "0" * 64),
        "population": {},
        "slice": {},
        "status": "measured",
        "reason": None,
        "detail": "",
        "estimate": "0.2",
        "interval": INTERVAL,
        "counts": COUNTS,
        "cells": (),
        "judge": None,
    }
    return Claim(**(fields | changes))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="a number with its interval"),
        pytest.param(
            {"interval": None, "reason": Reason.NO_INTERVAL_METHOD},
            id="a number without interval, and why",
        ),
        pytest.param(
            {
                "status": "not_measured",
                "estimate": None,
                "interval": None,
                "reason": Reason.ONE_CLASS_ONLY,
            },
            id="no number, and why",
        ),
    ],
)
def test_a_claim_may_hold(changes: dict[str, Any]) -> None:
    built = claim(**changes)

    assert msgspec.json.decode(msgspec.json.encode(built), type=Claim) == built


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"estimate": None}, id="measured without a number"),
        pytest.param({"interval": None}, id="no interval and no reason"),
        pytest.param({"reason": Reason.NO_ROWS}, id="an interval and a reason against it"),
        pytest.param(
            {"status": "not_measured", "reason": Reason.NO_ROWS, "interval": None},
            id="not measured, yet a number",
        ),
        pytest.param(
            {"status": "not_measured", "estimate": None, "interval": None},
            id="not measured without a reason",
        ),
        pytest.param(
            {"status": "not_measured", "estimate": None, "reason": Reason.NO_ROWS},
            id="not measured, yet an interval",
        ),
    ],
)
def test_a_claim_may_not_hold(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"claim|estimate"):
        claim(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"measure_version": 2}, id="another version of the formula"),
        pytest.param({"parameters": {"partition": "sex", "minimum_cell": "10"}}, id="another cell"),
        pytest.param({"split": "random windows"}, id="another split"),
        pytest.param({"scorer": "exact-match/1"}, id="another scorer"),
    ],
)
def test_another_procedure_has_another_digest(changes: dict[str, Any]) -> None:
    assert procedure(**changes).digest != procedure().digest


def test_the_same_procedure_has_the_same_digest_in_every_laboratory() -> None:
    reordered = procedure(parameters={"minimum_cell": "30", "partition": "sex"})

    assert reordered.digest == procedure().digest


def test_every_measure_says_what_it_does_not_show() -> None:
    for measure in CATALOGUE.values():
        assert measure.does_not_show.strip(), measure.id
        assert measure.source.strip(), measure.id
        assert measure.interval.strip(), measure.id
        assert measure.risk in {
            "accuracy",
            "bias",
            "calibration",
            "content",
            "environment",
            "fairness",
            "footprint",
            "intellectual_property",
            "languages",
            "misuse",
            "privacy",
            "private_data",
            "robustness",
            "safety",
            "skill",
            "stability",
        }


def test_every_reason_has_a_sentence() -> None:
    for reason in Reason:
        assert reason.sentence
