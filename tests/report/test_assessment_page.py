"""The report says everything that was measured, why the rest was not, and no verdict."""

from __future__ import annotations

import base64
import hashlib
import re

import msgspec
import pytest

from comity.claims import CATALOGUE, Assessment, Counts, Interval, Reason
from comity.report import Section, assessment_page, page
from comity.report.numbers import estimate_of
from comity.report.summary import in_short
from tests.report import examples
from tests.report.markup import Reader, read


def report(one: Assessment, statement_id: str | None = examples.STATEMENT_ID) -> str:
    return assessment_page(
        one,
        statement_id=statement_id,
        fingerprint=examples.FINGERPRINT if statement_id else None,
        generated=examples.GENERATED,
    )


def reading(one: Assessment) -> Reader:
    return read(report(one))


@pytest.mark.parametrize("name", examples.ALL)
def test_a_report_is_one_well_formed_file_that_asks_for_nothing(name: str) -> None:
    made = report(examples.ALL[name]())
    found = read(made)
    tags = {tag for tag, _ in found.tags}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "video"}
    assert found.attributes("link", "href") == ["data:,"]
    assert "@import" not in made
    assert "url(" not in made
    assert found.attributes("html", "lang") == ["en"]
    style = re.search(r"<style>(.*?)</style>", made, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    (policy,) = (one for one in found.attributes("meta", "content") if "default-src" in one)
    assert policy.startswith("default-src 'none'; script-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not [values for _, values in found.tags if "style" in values or "onclick" in values]


@pytest.mark.parametrize("name", ["realistic", "plain", "hostile"])
def test_every_measured_claim_stands_in_the_report(name: str) -> None:
    one = examples.ALL[name]()
    text = reading(one).text
    for claim in one.claims:
        estimate = estimate_of(claim, CATALOGUE[claim.measure].unit)
        if estimate is None:
            continue
        shown = {estimate._replace(digits=digits).text for digits in range(7)}
        assert any(form.replace("\u202f", " ") in text for form in shown), claim
        if claim.counts.successes is not None:
            thin = f"{claim.counts.successes:,} of {claim.counts.scored:,}".replace(",", " ")
            assert thin in text


def test_every_measure_used_is_explained_with_its_source() -> None:
    one = examples.realistic()
    text = reading(one).text
    for measure in {claim.measure for claim in one.claims}:
        entry = CATALOGUE[measure]
        for words in (entry.title, entry.formula, entry.source, entry.does_not_show):
            assert " ".join(words.split()) in text


def test_what_was_not_measured_is_named_with_its_reason() -> None:
    text = reading(examples.realistic()).text
    section = text[text.index("What was not measured, and why") :]
    for reason in (Reason.GROUP_TOO_SMALL, Reason.NO_ENERGY_METER, Reason.SYSTEM_NOT_RUN):
        assert reason.sentence[1:] in section
    assert "80 or older · female; 80 or older · male" in section
    assert "Energy of the system per 1,000 predictions" in section


def test_a_withheld_group_never_shows_a_number() -> None:
    """Not even where the assessor left its counts in the claim."""
    how, small = examples.withheld("fairness.tpr", {"sex": "x"})
    told = Counts(planned=7321, scored=7321, successes=7127, invalid=0, errored=0)
    small = msgspec.structs.replace(small, counts=told)
    large = examples.rate("fairness.tpr", 9, 50, {"sex": "y"})
    text = reading(examples.assessment([(how, small), large])).text
    assert "x withheld: the group is smaller than the minimum cell" in text
    assert not re.search(r"\b7 ?(321|127)\b", text)


DIRECTIONS = [
    pytest.param("fairness.tpr", ["a", "b", "c"], id="the lowest first where higher is better"),
    pytest.param("fairness.fpr", ["c", "b", "a"], id="the highest first where lower is better"),
    pytest.param("fairness.selection_rate", ["a", "b", "c"], id="the least selected first"),
]


@pytest.mark.parametrize(("measure", "order"), DIRECTIONS)
def test_the_worst_group_stands_first(measure: str, order: list[str]) -> None:
    claims = [
        examples.rate(measure, successes, 100, {"g": name})
        for name, successes in (("b", 20), ("a", 10), ("c", 30))
    ]
    made = report(examples.assessment([examples.withheld(measure, {"g": "z"}), *claims]))
    rows = re.findall(r'class="label"><bdi class="foreign">(\w)</bdi>', made)
    assert rows == [*order, "z"]


def test_there_is_no_score_and_no_verdict() -> None:
    text = reading(examples.realistic()).text.lower()
    for word in (
        "overall score",
        "passed",
        "failed",
        "satisf",
        "compliant",
        "trustworthy",
        "grade",
    ):
        assert word not in text


SHORT = [
    pytest.param("was tested on 10 391 rows of meps-1996-cost.parquet.", id="what was tested"),
    pytest.param("Of 100 predictions, 73 (72 to 74) were right.", id="accuracy as people"),
    pytest.param(
        "the system selects 26 (23 to 29) in the group “female” and 40 (36 to 43) in the group "
        "“male”; the gap by sex is 14 percentage points (9 to 18), "
        "more than chance alone explains.",
        id="worst and best group with their gap",
    ),
    pytest.param(
        "Where age and sex are combined, the best and the worst group are 14 percentage points "
        "(0 to 25) apart, so these data do not rule out that they are alike.",
        id="an intersection",
    ),
    pytest.param("on average, 4 percentage points (2 to 6) away", id="calibration"),
    pytest.param("In 3 groups numbers are withheld", id="what is withheld"),
    pytest.param("2 quantities were not measured at all", id="what is missing"),
    pytest.param("Nothing but the owner’s word ties", id="how weakly it is bound"),
    pytest.param("each country decides that by its own rules", id="no verdict"),
]


@pytest.mark.parametrize("sentence", SHORT)
def test_in_short(sentence: str) -> None:
    text = read(" ".join(in_short(examples.realistic()))).text
    assert sentence in text


def test_in_short_does_not_claim_a_gap_that_chance_may_have_made() -> None:
    claims = [
        examples.rate("fairness.tpr", 40, 100, {"g": "a"}),
        examples.rate("fairness.tpr", 50, 100, {"g": "b"}),
        examples.gap("fairness.tpr_gap", 0.1, 0, 0.23, ["g"]),
    ]
    text = read(" ".join(in_short(examples.assessment(claims)))).text
    assert "so these data do not rule out that there is none" in text


def test_in_short_is_silent_where_nothing_was_measured() -> None:
    text = read(" ".join(in_short(examples.nothing_measured()))).text
    assert "Of 100" not in text
    assert "2 quantities were not measured at all" in text


def test_how_to_verify_names_the_statement_and_the_key() -> None:
    text = reading(examples.plain()).text
    for words in (
        "verify.html",
        "comity verify FILE.sigstore.json",
        "node tests/independent/verify.mjs FILE.sigstore.json KEY.pub",
        examples.STATEMENT_ID,
        examples.FINGERPRINT,
    ):
        assert words in text


def test_an_unsigned_report_says_that_nothing_can_be_verified() -> None:
    text = read(report(examples.plain(), statement_id=None)).text
    assert "not signed yet, so there is nothing to verify" in text
    assert "comity verify FILE" not in text


def test_the_level_is_the_one_that_the_intervals_have() -> None:
    how, claim = examples.rate("accuracy.accuracy", 80, 100)
    narrow = Interval(low="0.7", high="0.9", level="0.9", sides="two", method="example")
    claim = msgspec.structs.replace(claim, interval=narrow)
    text = reading(examples.assessment([(how, claim)])).text
    assert "90 % interval" in text
    assert "at least 90 % of the intervals" in text


def test_foreign_names_are_never_markup() -> None:
    made = report(examples.hostile())
    assert "<script" not in made
    assert "\u202e" not in made
    assert "\x00" not in made
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made
    assert examples.ARABIC in made
    assert examples.CHINESE in made


def test_a_plain_page_escapes_what_is_no_markup() -> None:
    made = page("A < B", [Section("1 < 2", "x < y", "first")], kicker="k", lead="l", foot="f")
    text = read(made).text
    assert text == "k A < B l 1 < 2 x < y f"
    assert 'id="first"' in made
