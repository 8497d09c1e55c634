"""What is left to test: which tests, how many items, at what cost; and what a delta run does."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from comity.claims import canonical_bytes, decimal_text
from comity.claims.country import Budget
from comity.claims.decision import Decision, Delta, DeltaItem, Exhibit
from comity.claims.grounds import Ground, Refusal
from comity.claims.regime import Requirement
from comity.decide import resolve
from tests.decide.world import (
    COAST_LAB,
    claim,
    country,
    decided,
    exhibit,
    finding,
    jurisdiction_of,
    mark,
    number,
    procedure,
    regime,
    requirement,
    rule,
    system,
)


def left(*exhibits: Exhibit, asks: Requirement | None = None, **changes: object) -> DeltaItem:
    (item,) = decided(*exhibits, asks=asks, **changes).delta.items
    return item


def test_what_nobody_measured_is_left_with_its_procedure_and_population() -> None:
    item = left()
    asked = requirement()
    assert (item.why, item.requirements) == ("not_tested", ("reach",))
    assert (item.procedure, item.population, item.slice) == (
        asked.procedure,
        asked.population,
        asked.slice,
    )


@pytest.mark.parametrize(
    ("verdict", "made"),
    [
        pytest.param("satisfied", exhibit(), id="what is satisfied"),
        pytest.param(
            "not_satisfied",
            exhibit(claim(800, 1000)),
            id="what failed: testing until it passes is no test",
        ),
    ],
)
def test_not_left_is(verdict: str, made: Exhibit) -> None:
    decision = decided(made)
    assert [finding.verdict for finding in decision.findings] == [verdict]
    assert decision.delta.items == ()


def test_a_number_that_nobody_read_is_never_left_to_test() -> None:
    assert decided(asks=requirement(mark=mark(basis="secondary"))).delta.items == ()


def test_what_is_marginal_is_left_since_more_items_may_decide() -> None:
    assert left(exhibit(claim(900, 1000))).why == "marginal"


def test_the_sample_decides_with_power_080_if_the_truth_is_better_by_the_margin() -> None:
    item = left()
    assert (item.n, item.plan) == (549, "power")
    assert item.detail.startswith(
        "decides with probability 0.80 if the truth is 0.93; its items are"
    )


def test_the_sample_is_never_smaller_than_the_regime_asks_for() -> None:
    item = left(asks=requirement(mark=mark("0.5", min_n=5000)))
    assert item.n is not None and item.n >= 5000


def test_a_literal_mark_needs_the_regimes_own_number() -> None:
    item = left(asks=requirement(mark=mark(min_n=1000, reading="literal")))
    assert (item.n, item.plan) == (1000, "literal")


def test_beyond_the_budget_the_answer_is_undecidable_and_no_number() -> None:
    item = left(country=country(budget=Budget(max_items=500, planning_margin="0.03")))
    assert (item.n, item.plan, item.cpu_seconds) == (None, "undecidable", None)


def test_a_mark_that_even_perfection_cannot_show_is_undecidable() -> None:
    assert left(asks=requirement(mark=mark("1"))).plan == "undecidable"


def test_where_no_plan_is_known_the_regimes_minimum_stands() -> None:
    item = left(asks=requirement(procedure=rule("accuracy.auroc"), mark=mark(min_n=700)))
    assert (item.n, item.plan) == (700, "minimum")


def test_where_each_group_must_be_large_the_delta_says_so() -> None:
    asks = requirement(
        procedure=rule("fairness.selection_rate_ratio"),
        mark=mark("0.8", min_n=300, min_n_each_group=200),
    )
    item = left(asks=asks)
    assert item.n == 400
    assert item.detail.endswith("with 200 in each group")


def test_two_requirements_share_one_test_of_the_larger_size() -> None:
    both = (requirement(), requirement(id="strict", mark=mark("0.95", min_n=2000)))
    (item,) = decided(asks=both).delta.items
    assert item.requirements == ("reach", "strict")
    assert item.n is not None and item.n >= 2000


def test_requirements_about_different_slices_are_different_tests() -> None:
    both = (requirement(), requirement(id="women", slice={"sex": "female"}))
    assert len(decided(asks=both).delta.items) == 2


def test_the_cost_is_that_of_the_dearest_laboratory_at_hand() -> None:
    # 50 CPU-seconds for 1,000 items, times 549 items.
    item = left(exhibit(claim(100, 100)))
    assert (item.n, item.cpu_seconds) == (549, "27.45")


def test_without_any_assessment_the_cost_is_unknown_and_not_zero() -> None:
    assert left().cpu_seconds is None


@pytest.mark.parametrize(
    ("stated", "cost"),
    [
        pytest.param("9" * 64, f"{2**53 - 1}", id="a cost without end"),
        pytest.param("-5", "0", id="a cost below nothing"),
    ],
)
def test_a_cost_that_nobody_can_mean_leaves_a_decision_that_can_be_signed(
    stated: str, cost: str
) -> None:
    paper = exhibit(claim(900, 1000))
    assert paper.assessment is not None
    spent = replace(paper.assessment.cost, cpu_seconds=stated)
    made = decided(replace(paper, assessment=replace(paper.assessment, cost=spent)))

    assert msgspec.json.decode(canonical_bytes(made), type=Decision) == made
    assert made.savings.cpu_seconds == decimal_text(float(cost))


def run(of: Delta, *, successes: int, planned: int, data: str = "coast's own sample") -> Exhibit:
    made = claim(successes, planned, data=data)
    return exhibit(made, by=COAST_LAB, data=data, intent=of.digest)


MARGINAL = exhibit(claim(900, 1000))


def test_an_own_fresh_sample_replaces_foreign_claims_and_is_not_pooled() -> None:
    delta = decided(MARGINAL).delta
    fresh = run(delta, successes=960, planned=1001)
    found = finding(MARGINAL, fresh, deltas=(delta,))
    assert found.verdict == "satisfied"
    (used,) = found.used
    assert (used.laboratory, used.counts.planned) == (COAST_LAB.origin, 1001)
    assert [line.reason for line in found.refused] == [Refusal.REPLACED_BY_FRESH]


def test_a_bad_fresh_sample_is_not_rescued_by_the_foreign_claim() -> None:
    delta = decided(MARGINAL).delta
    fresh = run(delta, successes=800, planned=1001)
    assert finding(MARGINAL, fresh, deltas=(delta,)).verdict == "not_satisfied"


def test_two_fresh_samples_are_not_pooled_either_and_the_worse_one_counts() -> None:
    delta = decided(MARGINAL).delta
    first = run(delta, successes=905, planned=1001)
    second = run(delta, successes=1001, planned=1001, data="another sample")
    assert finding(MARGINAL, first, second, deltas=(delta,)).verdict == "marginal"


def test_a_fresh_sample_smaller_than_its_delta_asked_for_is_not_tested() -> None:
    delta = decided(MARGINAL).delta
    found = finding(MARGINAL, run(delta, successes=1000, planned=1000), deltas=(delta,))
    assert found.verdict == "not_tested"
    assert Refusal.TOO_FEW_ITEMS in [line.reason for line in found.refused]


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(False, id="a delta that this country never issued"),
        pytest.param(True, id="the very data of the foreign laboratory, tested again"),
    ],
)
def test_not_fresh_is(known: bool) -> None:
    delta = decided(MARGINAL).delta
    data = "north's patients" if known else "coast's own sample"
    again = run(delta, successes=1001, planned=1001, data=data)
    found = finding(MARGINAL, again, deltas=(delta,) if known else ())
    assert found.verdict == "marginal"
    assert len(found.used) == 2


def test_a_delta_of_another_system_makes_nothing_fresh() -> None:
    delta = replace(decided(MARGINAL).delta, system=system("1").digest)
    found = finding(MARGINAL, run(delta, successes=1001, planned=1001), deltas=(delta,))
    assert found.verdict == "marginal"


def test_a_foreign_laboratory_cannot_run_our_delta() -> None:
    delta = decided(MARGINAL).delta
    made = claim(1001, 1001, data="fresh")
    foreign = exhibit(made, data="fresh", intent=delta.digest)
    assert finding(MARGINAL, foreign, deltas=(delta,)).verdict == "marginal"


def test_a_fresh_sample_leaves_foreign_claims_about_other_populations_alone() -> None:
    other = exhibit(claim(800, 1000, population={"country": "north"}))
    asked = requirement(population="any")
    delta = decided(MARGINAL, asks=asked).delta
    fresh = run(delta, successes=1001, planned=1001)
    found = finding(MARGINAL, other, fresh, asks=asked, deltas=(delta,))
    assert found.verdict == "not_satisfied"


def test_what_is_marginal_asks_for_a_sample_of_the_population_that_left_it_so() -> None:
    north = exhibit(claim(900, 1000, population={"country": "north"}))
    (item,) = decided(north, asks=requirement(population="any")).delta.items
    assert (item.why, item.population) == ("marginal", {"country": "north"})


def test_what_nobody_tested_may_be_tested_on_any_population_that_the_regime_takes() -> None:
    (item,) = decided(asks=requirement(population="any")).delta.items
    assert (item.why, item.population) == ("not_tested", "any")


def test_a_replaced_claim_that_reads_worse_is_still_named() -> None:
    delta = decided(MARGINAL).delta
    found = finding(MARGINAL, run(delta, successes=960, planned=1001), deltas=(delta,))
    assert Ground.REFUSED_READS_WORSE in [note.ground for note in found.notes]


def test_a_sample_found_too_small_is_not_replaced_by_a_smaller_one() -> None:
    (untested,) = decided().delta.items
    (item,) = decided(MARGINAL).delta.items
    assert untested.n == 549
    assert item.n == 1001


def test_a_sample_found_too_small_that_no_budget_can_beat_is_undecidable() -> None:
    (item,) = decided(MARGINAL, country=country(budget=Budget(max_items=1000))).delta.items
    assert (item.n, item.plan) == (None, "undecidable")


def test_a_fresh_sample_replaces_what_the_same_rule_takes_even_with_another_split() -> None:
    other = procedure(split="out of time")
    foreign = exhibit(claim(900, 1000, by=other), procedures=(other,))
    asks = requirement(procedure=rule(split="any"))
    delta = decided(foreign, asks=asks).delta
    fresh = run(delta, successes=960, planned=1001)
    found = finding(foreign, fresh, asks=asks, deltas=(delta,))
    assert (found.verdict, len(found.used)) == ("satisfied", 1)


def test_a_delta_names_its_regime_and_system() -> None:
    delta = decided().delta
    flat = resolve(regime(requirement()), (), jurisdiction_of).regime
    assert (delta.regime, delta.system) == (flat.digest, system().digest)


def test_a_claim_without_counts_leaves_what_it_cannot_decide() -> None:
    asked = requirement(procedure=rule("accuracy.auroc"))
    item = left(exhibit(number("0.91", "0.89", "0.93")), asks=asked)
    assert (item.why, item.plan) == ("marginal", "minimum")
