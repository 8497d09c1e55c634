"""What the divergence sheet says, as text; how it behaves stands in `tests/browser`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from comity import regimes
from comity.claims.divergence import Relation
from comity.claims.regime import Regime, Requirement
from comity.decide import across, resolve
from comity.regimes import load
from comity.report import divergence_page
from comity.report.divergence_words import MEANINGS, RELATIONS, TOPICS, topic_name
from tests.decide import world
from tests.decide.world import mark, requirement, rule
from tests.report import examples
from tests.report.test_decision_page import text

OURS = requirement(topic="reach")


def sheet(*regimes: Regime, decide: bool = True) -> str:
    flat = [resolve(one, (), world.jurisdiction_of) for one in regimes]
    sides = [(one, world.decided(world.exhibit(), asks=one) if decide else None) for one in flat]
    return divergence_page(
        across(sides),
        regimes,
        system=world.system() if decide else None,
        day=world.TODAY if decide else None,
        generated="2026-11-21",
    )


def named(html: str) -> Sequence[str]:
    """The relation of each row."""
    return re.findall(r'<span class="relation (\w+)">', html)


@pytest.mark.parametrize(
    ("theirs", "relation"),
    [
        pytest.param((OURS,), "same", id="same"),
        pytest.param(
            (requirement(topic="reach", mark=mark("0.8")),), "different_number", id="number"
        ),
        pytest.param(
            (requirement(topic="reach", procedure=rule("accuracy.auroc")),),
            "different_object",
            id="object",
        ),
        pytest.param(
            (requirement(topic="reach", mark=mark("0.05", comparison="at_most")),),
            "contradictory",
            id="contradictory",
        ),
        pytest.param((), "silent", id="silent"),
    ],
)
def test_each_relation_has_a_word_a_drawing_and_a_meaning(
    theirs: tuple[Requirement, ...], relation: Relation
) -> None:
    html = sheet(world.regime(OURS, id="a"), world.regime(*theirs, id="b"))
    assert named(html) == [relation]
    assert f'id="v-{relation}"' in html
    assert RELATIONS[relation] in text(html)
    assert MEANINGS[relation] in text(html)


def test_what_negotiators_have_to_settle_stands_first() -> None:
    ours = [requirement(id=one, topic=one) for one in ("a", "b", "c")]
    theirs = [
        requirement(id="a", topic="a"),
        requirement(id="b", topic="b", mark=mark("0.05", comparison="at_most")),
        requirement(id="c", topic="c", mark=mark("0.8")),
    ]
    html = sheet(world.regime(*ours, id="x"), world.regime(*theirs, id="y"))
    assert named(html) == ["contradictory", "different_number", "same"]


def test_a_cell_says_what_is_asked_for_of_what_and_what_was_decided() -> None:
    said = text(sheet(world.regime(OURS, id="a"), world.regime(id="b")))
    assert (
        "at least 90 % the 95 % bound must meet it too; 300 items or more Art 4(2): Those in need "
        "are found Test: True positive rate of a group, on country: coast · language: xx. "
        "Satisfied" in said
    )
    assert "asks for nothing" in said


def test_a_cell_says_how_large_each_group_and_how_strong_the_evidence_must_be() -> None:
    strong = requirement(
        least_role="accredited", least_binding="weights", mark=mark(min_n_each_group=1000)
    )
    said = text(sheet(world.regime(strong, id="a"), world.regime(id="b")))
    assert (
        "1 000 in each group; accredited laboratory at least; bound to the system by its weights "
        "at least" in said
    )


def test_every_topic_of_the_regimes_that_ship_has_a_name() -> None:
    shipped = [requirement for name in regimes.shipped() for requirement in load(name).requirements]
    assert {one.topic for one in shipped} - {""} == set(TOPICS)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        pytest.param("ai_identity", "Telling people that it is AI", id="one of ours"),
        pytest.param(
            "fairness.tpr_gap", "Gap in true positive rate between groups", id="a measure"
        ),
        pytest.param("night_work", "Night work", id="one that a regime made up"),
    ],
)
def test_a_topic_is_named_in_words(key: str, name: str) -> None:
    assert topic_name(key) == name


def test_texts_alone_are_compared_without_a_verdict() -> None:
    said = text(sheet(world.regime(OURS, id="a"), world.regime(OURS, id="b"), decide=False))
    assert "The texts alone; nothing was decided." in said
    assert "Satisfied" not in said


def test_with_three_regimes_it_is_said_which_pairs_differ() -> None:
    other = requirement(topic="reach", mark=mark("0.8"))
    said = text(
        sheet(
            world.regime(OURS, id="a"), world.regime(OURS, id="b"), world.regime(other, id="c")
        )
    )  # fmt: skip
    assert "Different number: a and c; b and c. Same: a and b." in said


def test_hostile_regimes_are_text_and_nothing_more() -> None:
    one = requirement(official_id=examples.HOSTILE, title=examples.HOSTILE)
    html = sheet(world.regime(one, id="a", title=examples.HOSTILE), world.regime(id="b"))
    assert "<script>" not in html
    assert "\u202e" not in html


def test_nothing_in_common_is_said_in_words() -> None:
    assert "No topic was found" in text(sheet(world.regime(id="a"), world.regime(id="b")))
