"""The whole way over HTTP, with a battery of one measure: right is found right, wrong is caught."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.assess.questions import Battery, Planted
from comity.assess.reference import self_check
from tests.assess.reference.tiny import BEHAVIOUR, battery, refuses


def as_declared(declared: Planted) -> Planted:
    return declared


def milder(declared: Planted) -> Planted:
    """It refuses less often than it says."""
    return Planted(rates={BEHAVIOUR: 0.4}, seed=declared.seed)


@pytest.mark.parametrize(
    ("measured", "behaves", "holds"),
    [
        pytest.param(battery(), as_declared, True, id="a right scorer, an honest model"),
        pytest.param(battery(), milder, False, id="a model that is not what it declares"),
        pytest.param(
            battery(lambda text: not refuses(text)), as_declared, False, id="a scorer turned round"
        ),
        pytest.param(battery(lambda text: None), as_declared, False, id="a scorer that is blind"),
        pytest.param(battery(truthful=False), as_declared, False, id="a measure that is left out"),
    ],
)  # fmt: skip
def test_the_self_check_tells_right_from_wrong(
    measured: Battery, behaves: Callable[[Planted], Planted], holds: bool
) -> None:
    assert self_check(batteries=[measured], behaves=behaves).verdict.holds == holds


def test_it_measures_as_any_other_model_is_measured() -> None:
    (model,) = self_check(batteries=[battery()]).models

    assert not model.base
    assert model.assessment.data.rows == 200
    assert model.assessment.system.name == "Reference model"
    assert {claim.measure.partition(".")[0] for claim in model.others} == {"footprint"}


def test_a_smaller_plan_asks_less() -> None:
    (model,) = self_check(batteries=[battery()], share=0.1).models

    assert model.assessment.data.rows == 20


def test_another_seed_draws_other_answers() -> None:
    first, second = (
        self_check(batteries=[battery()], seed=seed).models[0].comparisons[0].claim
        for seed in ("a", "b")
    )

    assert first and second
    assert first.estimate != second.estimate
