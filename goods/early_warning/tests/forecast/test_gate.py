"""Proof of skill: who may raise an alert, and how many of those are wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from comity.errors import InputError
from comity.statistics import Bounds
from early_warning.climate.columns import Days
from early_warning.forecast import (
    Case,
    Proof,
    Rule,
    Verdict,
    adjusted,
    cross_validated,
    judge,
    losses_of,
    make_pairs,
    members_as_steps,
    odds,
    odds_of_day,
    prove,
    prove_all,
    read_pairs,
    train,
)
from early_warning.forecast.proof import BASELINES, FOLDS, GAP
from early_warning.forecast.steps import Floats
from goods.early_warning.tests.forecast.frankfurt import frankfurt

RULES: tuple[tuple[Rule, str], ...] = (
    ("benjamini-hochberg", "fdr_bh"),
    ("benjamini-yekutieli", "fdr_by"),
)


@given(st.lists(st.floats(0, 1), max_size=30))
@pytest.mark.parametrize(("rule", "name"), RULES)
def test_the_rates_are_those_of_statsmodels(rule: Rule, name: str, p: list[float]) -> None:
    expected = multipletests(p, method=name)[1] if p else []
    np.testing.assert_allclose(adjusted(p, rule), expected, atol=1e-12)


def test_what_is_no_probability_is_refused() -> None:
    for wrong in ([0.5, 1.1], [-0.1], [float("nan")]):
        with pytest.raises(ValueError, match="between 0 and 1"):
            adjusted(wrong)


DAYS = np.datetime64("2010-01-01") + np.arange(4_000)


def weather(seed: int, skill: float, size: int = 2_000) -> tuple[Floats, Floats, Days]:
    """Losses of a forecast and of its baseline that share the day's weather, and the days."""
    rng = np.random.default_rng(seed)
    day, own, other = rng.normal(size=(3, size))
    return (1 - skill) * (day + own) ** 2, (day + other) ** 2, DAYS[:size]


def test_test_and_interval_never_contradict_each_other() -> None:
    for seed, skill in enumerate((0.0, 0.05, 0.1, 0.2, 0.4)):
        found = prove(*weather(seed, skill))
        assert found.skill.low is not None
        assert (found.p <= 0.05) == (found.skill.low > 0)
    assert prove(*weather(1, 0.4)).p < prove(*weather(1, 0.1)).p < 0.5


def test_a_worse_forecast_and_a_short_record_prove_nothing() -> None:
    loss, base, days = weather(1, 0.3)
    assert prove(base, loss, days).p == 1
    short = prove(loss[:60], base[:60], days[:60])
    assert (short.skill.low, short.p) == (None, 1)
    flood = np.zeros(2_000)
    flood[700] = 1
    assert prove(flood / 2, flood, days).p == 1
    assert prove(np.zeros(2_000), np.zeros(2_000), days).skill.estimate is None


def test_among_useless_forecasts_that_share_their_weather_hardly_any_passes() -> None:
    families = wrong = believed = missed = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        shared = rng.normal(size=(2, 1_500))
        proofs = {}
        for place in range(20):
            skill = 0.5 if place < 10 else 0.0
            own = rng.normal(size=(2, 1_500))
            loss, base = (0.7 * shared + 0.7 * own) ** 2
            proofs[Case(f"d{place:02}", 24, "raw", None)] = prove(
                (1 - skill) * loss, base, DAYS[:1_500]
            )
        found = judge(proofs)
        passed = [case.district for case, verdict in found.items() if verdict.shown]
        families += 1
        believed += len(passed)
        wrong += sum(name >= "d10" for name in passed)
        missed += sum(f"d{place:02}" not in passed for place in range(10))
    assert wrong <= 0.1 * believed
    assert missed <= 0.1 * families * 10


def proof(p: float, low: float | None = 0.1, estimate: float | None = 0.3) -> Proof:
    return Proof(Bounds(estimate, low, None if low is None else 0.5, "test"), p)


def case(district: str = "a", method: Literal["isotonic", "raw"] = "isotonic") -> Case:
    return Case(district, 24, method, 10.0)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        pytest.param(proof(1e-6), "skill shown", id="sure enough"),
        pytest.param(proof(0.04), "among so many tests", id="sure alone, not among forty"),
        pytest.param(proof(0.2, low=-0.1), "chance can explain it", id="not sure"),
        pytest.param(proof(1.0, low=-0.9, estimate=-0.2), "no better than", id="worse"),
        pytest.param(proof(1.0, low=None), "few events decide it", id="too short"),
        pytest.param(proof(1.0, None, None), "no error to improve", id="a perfect baseline"),
    ],
)
def test_every_verdict_has_its_reason(found: Proof, words: str) -> None:
    others = {case(f"other {i}"): proof(1.0) for i in range(39)}
    verdict = judge({case(): found} | others)[case()]
    assert words in verdict.words
    assert verdict.shown == (words == "skill shown")
    assert verdict.shown or verdict.words.startswith("skill not shown: ")


def test_tests_that_were_planned_and_not_made_make_the_others_no_easier() -> None:
    alone = judge({case(): proof(0.02)})[case()]
    among = judge({case(): proof(0.02)} | {case(f"{i}"): proof(1.0) for i in range(9)})[case()]
    assert alone.shown
    assert not among.shown


def verdict(method: Literal["isotonic", "raw"], shown: bool, skill: float = 0.1) -> Verdict:
    words = "skill shown" if shown else "skill not shown: chance"
    return Verdict(case(method=method), shown, Bounds(skill, 0.0, 0.9, "x"), 0.1, 0.1, words)


@pytest.mark.parametrize(
    ("isotone", "raw", "chance", "by", "may"),
    [
        (True, True, 0.4, "isotonic", True),
        (True, False, 0.4, "isotonic", True),
        (False, True, 0.4, "raw", True),
        (False, False, 0.4, "climatology", False),
        (True, False, None, "climatology", False),
        (True, True, None, "raw", True),
    ],
    ids=[
        "both, and post-processing has more skill",
        "post-processing alone",
        "the raw ensemble alone",
        "nobody",
        "no opinion, and nobody else",
        "no opinion, so the raw ensemble",
    ],
)
def test_only_shown_skill_may_raise_an_alert_and_raw_odds_stay_visible(
    isotone: bool, raw: bool, chance: float | None, by: str, may: bool
) -> None:
    verdicts = [verdict("raw", raw, 0.1), verdict("isotonic", isotone, 0.2)]
    found = odds(0.6, chance, 0.05, verdicts)
    assert (found.by, found.may_alert) == (by, may)
    assert found.used == {"isotonic": chance, "raw": 0.6, "climatology": 0.05}[by]
    assert (found.raw, found.isotonic, found.climatology) == (0.6, chance, 0.05)
    assert may or "not shown" in found.words


def test_where_the_raw_ensemble_has_more_skill_its_odds_count() -> None:
    found = odds(0.6, 0.4, 0.05, [verdict("isotonic", True, 0.1), verdict("raw", True, 0.2)])
    assert (found.by, found.used) == ("raw", 0.6)


def test_a_district_without_a_record_is_planned_and_untested() -> None:
    days = np.arange("2001-01-01", "2001-06-01", dtype="datetime64[D]")
    short = make_pairs(days, np.arange(151.0), np.ones((151, 3)), where="x")
    for pairs, told in ((None, "there is no record"), (short, "isotonic regression needs 200")):
        found = judge(prove_all("a", 24, pairs, [5.0, None]))
        assert len(found) == 4
        assert not any(one.shown for one in found.values())
        assert all(told in one.words for one in found.values())


def test_without_any_test_there_is_no_alert() -> None:
    found = odds(1.0, 1.0, 0.1, [])
    assert (found.may_alert, found.words) == (False, "skill was not tested")


def test_no_day_is_forecast_from_itself_or_its_neighbours() -> None:
    days = np.arange("2001-01-01", "2003-01-01", dtype="datetime64[D]")
    observed = np.arange(len(days), dtype=float)
    pairs = make_pairs(days, observed, observed[:, None], where="x")
    found = cross_validated(pairs)
    for name in ("isotonic", *BASELINES):
        steps = found[name]
        chances = np.diff(steps.chances, axis=1, prepend=0)
        for fold in range(FOLDS):
            start, stop = (len(days) * one // FOLDS for one in (fold, fold + 1))
            near = (steps.points >= start - GAP) & (steps.points <= stop - 1 + GAP)
            assert near.any()
            assert chances[start:stop][:, near].max(initial=0) < 1e-12, (name, fold)
        np.testing.assert_allclose(steps.chances[:, -1], 1)


def test_a_forecast_that_knows_nothing_shows_no_skill_by_knowing_how_often_it_rains() -> None:
    days = np.arange("2001-01-01", "2003-01-01", dtype="datetime64[D]")
    passed = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        observed = rng.gamma(0.5, 8.0, len(days)).round(1)
        members = rng.gamma(0.5, 8.0, (len(days), 20)).round(1)
        pairs = make_pairs(days, observed, members, where="made without a season")
        proofs = prove_all("a", 24, pairs, [None])
        passed += proofs[Case("a", 24, "isotonic", None)].p <= 0.05
    assert passed <= 2


def test_frankfurt_shows_skill_at_small_amounts_and_says_where_it_does_not() -> None:
    pairs = frankfurt()
    found = judge(prove_all("Frankfurt", 24, pairs, [1.0, 5.0, 20.0]))
    shown = {(one.method, one.threshold): found[one].shown for one in found}
    assert shown == {
        ("isotonic", 1.0): True,
        ("raw", 1.0): True,
        ("isotonic", 5.0): True,
        ("raw", 5.0): True,
        ("isotonic", 20.0): False,
        ("raw", 20.0): False,
    }
    raw = {"raw": members_as_steps(pairs.members)}
    assert losses_of(raw, pairs, 20.0).events == 28
    assert losses_of(raw, pairs, None).events is None

    trained = train(pairs)
    wet = np.full(52, 30.0)
    at = {x: [one for one in found.values() if one.case.threshold == x] for x in (5.0, 20.0)}
    small = odds_of_day(trained, "2017-07-01", wet, 5.0, at[5.0])
    assert (small.by, small.may_alert, small.raw) == ("isotonic", True, 1.0)
    large = odds_of_day(trained, "2017-07-01", wet, 20.0, at[20.0])
    assert (large.by, large.may_alert, large.raw) == ("climatology", False, 1.0)
    assert large.climatology is not None
    assert 0 < large.climatology < 0.05
    beyond = odds_of_day(trained, "2017-07-01", wet, 50.0, [])
    assert (beyond.isotonic, beyond.climatology, beyond.used) == (None, None, None)
    assert (beyond.raw, beyond.may_alert) == (0.0, False)


def test_odds_of_another_ensemble_or_another_threshold_are_refused() -> None:
    days = np.arange("2001-01-01", "2001-03-01", dtype="datetime64[D]")
    short = train(make_pairs(days, np.arange(59.0), np.ones((59, 3)), where="x"))
    assert short.fitted is None
    found = odds_of_day(short, "2005-01-20", [1, 30, 40], 20.0, [])
    assert found.isotonic is None
    assert found.raw == pytest.approx(2 / 3)
    assert odds_of_day(short, "2005-07-20", [1, 30, 40], 20.0, []).climatology is None
    for runs, told in (([1.0, 2.0], "there are 2"), ([1.0, float("nan"), 2.0], "there are 2")):
        with pytest.raises(InputError, match=told):
            odds_of_day(short, "2005-01-20", runs, 20.0, [])
    with pytest.raises(ValueError, match="another threshold"):
        odds_of_day(short, "2005-01-20", [1, 2, 3], 20.0, [verdict("raw", True)])


def test_pairs_are_put_in_order_and_days_with_gaps_left_out(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(
        "day,obs,a,b\n2001-01-03,1,2,3\n2001-01-01,4,5,6\n2001-01-02,,1,1\n2001-01-04,1,,1\n"
    )
    pairs = read_pairs(path, day="day", observed="obs", members=["a", "b"])
    assert [str(day) for day in pairs.days] == ["2001-01-01", "2001-01-03"]
    assert pairs.members.tolist() == [[5, 6], [2, 3]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("2001-01-01,1,2\n2001-01-01,1,2\n", "stands there twice", id="a day twice"),
        pytest.param("2001-01-01,,2\n", "no day has both", id="no observation at all"),
        pytest.param("2001-01-01,1,inf\n", "infinite", id="an infinite member"),
        pytest.param("2001-01-01,1,dry\n", "'dry' is not a number", id="a word"),
    ],
)
def test_bad_pairs_get_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("day,obs,a\n" + text)
    with pytest.raises(InputError, match=sentence):
        read_pairs(path, day="day", observed="obs", members=["a"])
