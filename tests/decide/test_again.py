"""What a decision rests on, and what changes when that is gone."""

from __future__ import annotations

from comity.claims.grounds import Refusal
from comity.claims.standing import Standing
from comity.decide import changes, not_live, resolve, rests_on
from tests.decide.world import (
    COAST_LAB,
    EAST_LAB,
    NORTH,
    NORTH_LAB,
    agreement,
    claim,
    decided,
    exhibit,
    overlay,
    regime,
    requirement,
)
from tests.decide.world import jurisdiction_of as places

GOOD = exhibit(claim(950, 1000), by=NORTH_LAB)
REFUSED = exhibit(claim(950, 1000), by=EAST_LAB)
OWN = exhibit(claim(950, 1000), by=COAST_LAB)


def test_it_rests_on_a_statement_that_counted() -> None:
    assert rests_on(decided(GOOD), statements={GOOD.statement}) == (GOOD.statement,)


def test_it_rests_on_nothing_that_was_refused() -> None:
    decision = decided(GOOD, REFUSED)
    assert rests_on(decision, statements={REFUSED.statement}, issuers={EAST_LAB.origin}) == ()


def test_it_rests_on_the_laboratory_whose_claim_counted() -> None:
    assert rests_on(decided(GOOD), issuers={NORTH_LAB.origin}) == (NORTH_LAB.origin,)


def test_it_rests_on_the_agreement_and_on_those_who_signed_it() -> None:
    decision = decided(GOOD)
    (signed,) = decision.inputs.agreements
    assert rests_on(decision, statements={signed.statement}) == (signed.statement,)
    assert rests_on(decision, issuers={NORTH.origin}) == (NORTH.origin,)


def test_with_evidence_of_its_own_it_rests_on_no_agreement() -> None:
    assert rests_on(decided(OWN), issuers={NORTH.origin}) == ()


def test_it_rests_on_the_adoption_of_its_regime() -> None:
    base = regime(requirement())
    adopted = overlay(base)
    decision = decided(GOOD, asks=resolve(base, (adopted,), places))
    assert rests_on(decision, statements={adopted.statement}) == (adopted.statement,)


def test_what_is_live_or_unknown_is_no_reason_to_look_again() -> None:
    standing = Standing(
        statements={GOOD.statement: "live", REFUSED.statement: "expired"},
        issuers={NORTH_LAB.origin: "live", EAST_LAB.origin: "issuer_under_review"},
    )
    statements, issuers = not_live(standing)
    assert (set(statements), set(issuers)) == ({REFUSED.statement}, {EAST_LAB.origin})


def test_a_change_names_the_verdicts_and_why_a_statement_went() -> None:
    withdrawn = Standing(statements={GOOD.statement: "withdrawn"})
    (change,) = changes(decided(GOOD), decided(GOOD, standing=withdrawn))
    assert (change.before, change.after) == ("satisfied", "not_tested")
    (gone,) = change.gone
    assert (gone.statement, gone.laboratory) == (GOOD.statement, NORTH_LAB.origin)
    assert gone.reason == Refusal.WITHDRAWN


def test_a_change_tells_why_a_row_no_longer_lets_it_count() -> None:
    (signed,) = decided(GOOD).inputs.agreements
    ended = Standing(statements={signed.statement: "withdrawn"})
    (change,) = changes(decided(GOOD), decided(GOOD, standing=ended))
    assert change.gone[0].reason == Refusal.AGREEMENT_NOT_IN_FORCE


def test_what_was_not_laid_before_again_has_no_reason() -> None:
    (change,) = changes(decided(GOOD), decided())
    assert change.gone[0].reason is None


def test_evidence_that_goes_without_changing_the_verdict_is_told_too() -> None:
    withdrawn = Standing(statements={GOOD.statement: "withdrawn"})
    both = decided(GOOD, OWN, agreements=(agreement(),))
    (change,) = changes(both, decided(GOOD, OWN, standing=withdrawn))
    assert change.before == change.after == "satisfied"
    assert [gone.statement for gone in change.gone] == [GOOD.statement]


def test_nothing_changes_by_itself() -> None:
    assert changes(decided(GOOD), decided(GOOD)) == ()
