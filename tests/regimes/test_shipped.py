"""What ships: every file loads, every number says how it is known, and the map decides nothing."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from comity import regimes
from comity.claims import CATALOGUE
from comity.claims.regime import Regime, Requirement, Source
from comity.cli.regime_words import can_decide
from comity.decide import lint
from comity.errors import InputError
from tests.parts import ROOT

FOLDER = ROOT / "src" / "comity" / "regimes"
REGIMES = {name: regimes.load(name) for name in regimes.shipped()}
EVERY = pytest.mark.parametrize("regime", REGIMES.values(), ids=REGIMES)
MARKED = [
    pytest.param(regime, one, id=f"{regime.id}, {one.id}")
    for regime in REGIMES.values()
    for one in regime.requirements
    if one.mark
]


def sources_of(regime: Regime, requirement: Requirement) -> tuple[Source, ...]:
    return (requirement.source,) if requirement.source else regime.sources


def test_every_file_of_the_folder_ships() -> None:
    assert sorted(REGIMES) == sorted(path.stem for path in FOLDER.rglob("*.toml"))
    assert not list(FOLDER.rglob("*.y*ml"))


@EVERY
def test_a_regime_is_named_as_its_file(regime: Regime) -> None:
    assert REGIMES[regime.id] is regime
    assert (FOLDER / f"{regime.id}.toml").exists() != (FOLDER / f"map/{regime.id}.toml").exists()


@EVERY
def test_the_linter_finds_no_error(regime: Regime) -> None:
    assert [doubt for doubt in lint(regime) if doubt.severity == "error"] == []


@EVERY
def test_everything_says_where_it_is_written_and_who_looked_when(regime: Regime) -> None:
    for requirement in regime.requirements:
        sources = sources_of(regime, requirement)
        assert sources, requirement.id
        assert all(source.title and source.url for source in sources), requirement.id


@EVERY
def test_everything_is_said_in_words(regime: Regime) -> None:
    assert regime.title.strip() and regime.status.strip() and regime.requirements
    for one in regime.requirements:
        assert one.official_id.strip() and one.title.strip() and one.paraphrase.strip(), one.id
        assert one.paraphrase.endswith((".", ")", "?")), one.id
        assert len(one.title) <= 70, one.id


@EVERY
def test_dates_come_in_their_order(regime: Regime) -> None:
    for one in regime.requirements:
        days = [day for day in (one.published, one.in_force_from, one.in_force_until) if day]
        assert days == sorted(days), one.id
        if one.transition:
            assert one.in_force_from and one.in_force_from <= one.transition.applies_from, one.id


@EVERY
def test_the_numbers_of_a_map_stay_in_its_words(regime: Regime) -> None:
    if regime.id not in regimes.mapped():
        return
    for one in regime.requirements:
        assert one.mark is None and one.procedure is None, one.id
        assert one.decided_by != "machine", one.id


@EVERY
def test_what_is_invented_says_so_wherever_it_is_shown(regime: Regime) -> None:
    stamped = ["fictional" in text.lower() for text in (regime.title, regime.status)]
    assert stamped == [regime.fictional] * 2
    assert regime.fictional == regime.id.startswith("example-")
    if regime.fictional:
        assert all(".example/" in source.url for source in regime.sources)


@pytest.mark.parametrize(("regime", "one"), MARKED)
def test_a_mark_is_about_a_measure_that_comity_knows(regime: Regime, one: Requirement) -> None:
    assert one.procedure is not None
    assert one.procedure.measure in CATALOGUE
    assert one.mark is not None and one.mark.min_n > 0


@pytest.mark.parametrize(("regime", "one"), MARKED)
def test_a_mark_that_decides_was_read_in_its_text(regime: Regime, one: Requirement) -> None:
    assert one.mark is not None
    if can_decide(one):
        assert one.basis == "read_in_text"
        source = one.mark.source or sources_of(regime, one)[0]
        assert source.url and source.accessed <= datetime.date(2026, 11, 21)


def test_of_all_real_rules_only_the_four_fifths_guideline_decides() -> None:
    deciding = {
        regime.id
        for regime in REGIMES.values()
        if not regime.fictional and any(map(can_decide, regime.requirements))
    }

    assert deciding == {"four-fifths"}


def test_new_york_city_has_no_pass_mark() -> None:
    law = REGIMES["nyc-local-law-144"]

    assert [one.id for one in law.requirements if one.mark] == []
    assert "0.8" not in " ".join(one.paraphrase for one in law.requirements)


def test_both_escapes_of_the_four_fifths_guideline_are_told() -> None:
    told = {one.id: one.decided_by for one in REGIMES["four-fifths"].requirements}

    assert told["smaller-differences"] == told["larger-differences"] == "partly"


@pytest.mark.parametrize(
    ("day", "uses", "expected"),
    [
        pytest.param("2027-12-01", "high-risk-annex-iii", False, id="Annex III, a day too early"),
        pytest.param("2027-12-02", "high-risk-annex-iii", True, id="Annex III, from its day"),
        pytest.param("2027-12-02", "high-risk-annex-i", False, id="Annex I has a later day"),
        pytest.param("2028-08-02", "high-risk-annex-i", True, id="Annex I, from its day"),
    ],
)
def test_the_omnibus_moved_the_high_risk_articles(day: str, uses: str, expected: bool) -> None:
    on = datetime.date.fromisoformat(day)
    found = [one for one in REGIMES["eu-ai-act"].requirements if uses in one.scope.uses]

    assert found
    assert all((on >= (one.in_force_from or on)) is expected for one in found)


def test_marking_of_content_has_grace_until_december_2026() -> None:
    marking = next(one for one in REGIMES["eu-ai-act"].requirements if one.id == "art-50-2")

    assert marking.in_force_from == datetime.date(2026, 8, 2)
    assert marking.transition is not None
    assert marking.transition.applies_from == datetime.date(2026, 12, 2)


def test_the_example_countries_ask_about_the_same_things_and_differ() -> None:
    coast, steppe = REGIMES["example-coast"], REGIMES["example-steppe"]
    same = {one.topic for one in coast.requirements} & {one.topic for one in steppe.requirements}
    marks = [
        {one.topic: one.mark for one in regime.requirements if one.mark}
        for regime in (coast, steppe)
    ]

    assert len(same) >= 6
    for topic in marks[0].keys() & marks[1].keys():
        first, second = marks[0][topic], marks[1][topic]
        assert (first.value, first.reading) != (second.value, second.reading), topic
    languages = [
        {x for one in r.requirements for x in one.scope.languages} for r in (coast, steppe)
    ]
    assert languages[0] and languages[1] and not languages[0] & languages[1]


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        regimes.load("four-fith")

    assert caught.value.hint == "Did you mean four-fifths?"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("../claims/regime", id="out of the folder"),
        pytest.param("map/un", id="with its folder"),
        pytest.param("", id="no name"),
        pytest.param(str(Path(__file__)), id="a path"),
    ],
)
def test_only_an_id_loads_what_ships(name: str) -> None:
    with pytest.raises(InputError, match="no regime"):
        regimes.load(name)
