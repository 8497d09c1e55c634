"""One subject across regimes: same, different number, different object, contradictory, silent."""

from __future__ import annotations

import pytest

from comity.claims.regime import Regime, Requirement
from comity.decide import across, resolve
from comity.decide.across import Relation
from tests.decide.world import (
    decided,
    exhibit,
    jurisdiction_of,
    mark,
    regime,
    requirement,
    rule,
)

OURS = requirement()


def sheet(*theirs: Requirement, ours: Requirement = OURS) -> dict[str, Relation]:
    a, b = regime(ours, id="a"), regime(*theirs, id="b")
    both = [(resolve(one, (), jurisdiction_of), None) for one in (a, b)]
    return {row.topic: row.relations[("a", "b")] for row in across(both)}


@pytest.mark.parametrize(
    ("theirs", "relation"),
    [
        pytest.param((OURS,), "same", id="one test and one mark"),
        pytest.param(
            (requirement(mark=mark("0.9", basis="secondary")),),
            "same",
            id="one mark, though only one of them was read in its text",
        ),
        pytest.param(
            (requirement(mark=mark("0.8")),), "different_number", id="one test and two marks"
        ),
        pytest.param(
            (requirement(mark=mark(reading="literal")),),
            "different_number",
            id="one mark, read literally there and statistically here",
        ),
        pytest.param(
            (requirement(decided_by="partly", mark=None),),
            "different_number",
            id="a mark here and none there",
        ),
        pytest.param(
            (requirement(mark=mark(min_n_each_group=100)),),
            "different_number",
            id="one mark, and there so many in each group",
        ),
        pytest.param(
            (requirement(least_binding="weights"),),
            "different_number",
            id="one mark, and there the evidence must be bound to the weights",
        ),
        pytest.param(
            (requirement(least_role="accredited"),),
            "different_number",
            id="one mark, and there the laboratory must be accredited",
        ),
        pytest.param(
            (requirement(topic="fairness.tpr", procedure=None, mark=None, decided_by="human"),),
            "different_object",
            id="a test here and a paper there",
        ),
        pytest.param((requirement(population="any"),), "different_object", id="another population"),
        pytest.param(
            (requirement(procedure=rule(split="by patient")),),
            "different_object",
            id="another procedure",
        ),
        pytest.param(
            (requirement(mark=mark("0.05", comparison="at_most")),),
            "contradictory",
            id="passing one implies failing the other",
        ),
        pytest.param(
            (requirement(mark=mark("0.95", comparison="at_most")),),
            "different_number",
            id="a corridor that both marks leave open",
        ),
        pytest.param((), "silent", id="no such requirement"),
    ],
)
def test_relation(theirs: tuple[Requirement, ...], relation: Relation) -> None:
    assert sheet(*theirs) == {"fairness.tpr": relation}


def test_one_test_without_a_number_on_either_side_is_the_same() -> None:
    attached = requirement(decided_by="partly", mark=None)
    assert sheet(attached, ours=attached) == {"fairness.tpr": "same"}


def test_a_topic_joins_what_different_tests_are_about() -> None:
    ours = requirement(topic="reach")
    theirs = requirement(topic="reach", procedure=rule("accuracy.auroc"))
    assert sheet(theirs, ours=ours) == {"reach": "different_object"}


def test_each_cell_carries_its_regimes_own_verdict() -> None:
    def of(one: Regime) -> tuple[str, str | None]:
        flat = resolve(one, (), jurisdiction_of)
        (row,) = across([(flat, decided(exhibit(), asks=flat))])
        (cell,) = row.cells
        return cell.regime, cell.finding.verdict if cell.finding else None

    assert of(regime(OURS, id="a")) == ("a", "satisfied")
    assert of(regime(requirement(mark=mark("0.99")), id="b")) == ("b", "not_satisfied")
