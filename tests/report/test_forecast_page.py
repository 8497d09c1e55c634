"""A forecast's report reads like a certificate: what, where, how split, how sure, against what."""

from __future__ import annotations

import pytest

from comity.claims import Assessment, Reason
from comity.report import assessment_page
from comity.report.forecast import forecast_sections, skill_verdict
from comity.report.summary import in_short
from tests.report import examples
from tests.report.examples import rain
from tests.report.markup import read


def text(one: Assessment) -> str:
    page = assessment_page(one, statement_id=None, fingerprint=None, generated=examples.GENERATED)
    return " ".join(read(page).text.split())


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("ensemble of 50, mm", id="what"),
        pytest.param("country: US", id="for which population"),
        pytest.param("trained to 2013, tested from 2014", id="how split"),
        pytest.param("checked against the training rows: time", id="what was checked of it"),
        pytest.param("climatology of 2007 to 2013", id="against which baseline"),
        pytest.param("0.79 (0.71 to 0.87) mm", id="with which result"),
        pytest.param("Skill is shown", id="and what that lets one say"),
        pytest.param("blocks of the series (in time)", id="how sure"),
        pytest.param("By site, the worst first", id="each site"),
        pytest.param("between 4 windows", id="drift"),
    ],
)
def test_the_certificate_says(said: str) -> None:
    assert said in text(rain())


@pytest.mark.parametrize(
    ("skill", "said"),
    [
        pytest.param((0.1, 0.3), "Skill is shown", id="an interval above zero"),
        pytest.param((-0.3, -0.1), "worse than the baseline", id="an interval below zero"),
        pytest.param((-0.1, 0.3), "the interval holds 0", id="an interval that holds zero"),
        pytest.param(None, "That is not the same as no skill", id="too few events"),
    ],
)
def test_a_skill_is_shown_only_where_its_interval_shows_it(
    skill: tuple[float, float] | None, said: str
) -> None:
    one = rain(skill)
    (claim,) = (claim for claim in one.claims if claim.measure == "skill.crps_skill")
    assert said in skill_verdict(claim)
    assert said in text(one)


def test_the_worst_site_stands_first() -> None:
    said = text(rain())
    assert said.index("Höchst") < said.index("<b>Main</b>")


def test_a_baseline_without_words_is_told() -> None:
    assert "a column of the table that the card does not describe" in text(rain(baseline=""))


def test_an_assessment_without_a_forecast_has_no_certificate() -> None:
    assert forecast_sections(examples.ALL["realistic"]()) == []


def test_the_short_version_names_the_skill_and_its_baseline() -> None:
    said = " ".join(str(one) for one in in_short(rain()))
    assert "climatology of 2007 to 2013" in said
    assert "0.40 (0.35 to 0.44)" in said


def test_drift_of_rates_is_shown_with_the_rates_that_were_compared() -> None:
    said = text(examples.drifting())
    assert "By window in time" in said and "By site" in said
    assert "Drift of the accuracy 14" in said
    assert "4 of 4 66.0" in said and "330 of 500" in said
    assert "<b>Main</b>" in said
    assert said.index("1 of 4") < said.index("4 of 4")


def test_a_drift_that_was_not_measured_leaves_no_section_behind() -> None:
    one = examples.assessment(
        [examples.claim("stability.tpr_gap", None, n=0, why=Reason.COLUMN_NOT_GIVEN)]
    )
    said = text(one)
    assert "By window" not in said and "Drift of the true positive rate" in said
