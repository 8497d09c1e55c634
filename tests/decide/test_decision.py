"""The eight rules after admission: scope, judgement, several claims, sample size, the mark."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from comity.claims import Cell, Counts, Interval, Reason, canonical_bytes
from comity.claims.country import Deployment
from comity.claims.decision import Decision, Exhibit, Finding, Verdict
from comity.claims.grounds import Ground, Refusal
from comity.claims.overlay import Verify
from comity.claims.regime import Requirement, Scope, Transition
from comity.claims.standing import Standing
from comity.decide import ResolvedRegime, resolve
from tests.decide.world import (
    COAST_LAB,
    EAST_LAB,
    NORTH,
    NORTH_LAB,
    SOURCE,
    TODAY,
    agreement,
    claim,
    country,
    decided,
    exhibit,
    finding,
    groups,
    judge,
    jurisdiction_of,
    mark,
    number,
    overlay,
    procedure,
    regime,
    requirement,
    resolved,
    row,
    rule,
    sha,
    system,
)


@dataclass
class Case:
    """A sentence, the finding it describes, and what must come of it."""

    sentence: str
    find: Callable[[], Finding]
    verdict: Verdict
    ground: Ground
    notes: tuple[Ground, ...] = ()
    refused: tuple[Refusal, ...] = ()


def literal(value: str, n: int, comparison: str = "at_least") -> Requirement:
    asked = mark(value, min_n=n, reading="literal", comparison=comparison)
    return requirement(mark=asked)


def statistical(value: str, n: int, comparison: str = "at_least") -> Requirement:
    return requirement(mark=mark(value, min_n=n, comparison=comparison))


def counted(successes: int, planned: int, *, scored: int | None = None) -> Exhibit:
    return exhibit(claim(successes, planned, scored=scored))


RATIO = requirement(procedure=rule("fairness.selection_rate_ratio"), mark=mark("0.8"))
GAP = requirement(
    procedure=rule("fairness.selection_rate_gap"), mark=mark("0.1", comparison="at_most")
)
AUROC = requirement(procedure=rule("accuracy.auroc"))
MEET, POINT, FAILS = Ground.POINT_AND_BOUND_MEET, Ground.ONLY_POINT_MEETS, Ground.POINT_FAILS
IN_FORCE = datetime.date(2026, 8, 2)
NOT_HERE: Verdict = "not_applicable"
GRACE = Transition(placed_before=IN_FORCE, applies_from=datetime.date(2026, 12, 2))
YESTERDAY, TOMORROW = datetime.date(2026, 11, 20), datetime.date(2026, 11, 22)


def on_market(day: datetime.date) -> Deployment:
    return Deployment(on_market_since=day)


def used_for(*uses: str) -> Deployment:
    return Deployment(uses=uses)


SCOPE = [
    Case(
        "a requirement that comes into force tomorrow does not apply today",
        lambda: finding(exhibit(), asks=requirement(in_force_from=TOMORROW)),
        NOT_HERE,
        Ground.NOT_YET_IN_FORCE,
    ),
    Case(
        "on its first day a requirement applies",
        lambda: finding(exhibit(), asks=requirement(in_force_from=TODAY)),
        "satisfied",
        MEET,
    ),
    Case(
        "a repealed requirement does not apply",
        lambda: finding(exhibit(), asks=requirement(in_force_until=YESTERDAY)),
        NOT_HERE,
        Ground.NO_LONGER_IN_FORCE,
    ),
    Case(
        "on its last day a requirement still applies",
        lambda: finding(exhibit(), asks=requirement(in_force_until=TODAY)),
        "satisfied",
        MEET,
    ),
    Case(
        "a system that was on the market before has grace",
        lambda: finding(
            exhibit(),
            asks=requirement(transition=GRACE),
            deployment=on_market(datetime.date(2026, 8, 1)),
        ),
        NOT_HERE,
        Ground.GRACE,
    ),
    Case(
        "a system that came onto the market on that day has none",
        lambda: finding(
            exhibit(), asks=requirement(transition=GRACE), deployment=on_market(IN_FORCE)
        ),
        "satisfied",
        MEET,
    ),
    Case(
        "nobody gets grace by keeping silent about the market date",
        lambda: finding(exhibit(), asks=requirement(transition=GRACE)),
        "satisfied",
        MEET,
        (Ground.MARKET_DATE_NOT_STATED,),
    ),
    Case(
        "when grace is over the requirement applies to all",
        lambda: finding(
            exhibit(finished="2026-12-01T00:00:00Z"),
            asks=requirement(transition=GRACE),
            deployment=on_market(datetime.date(2020, 1, 1)),
            date=datetime.date(2026, 12, 2),
        ),
        "satisfied",
        MEET,
    ),
    Case(
        "a rule for generative systems does not apply to a predictive one",
        lambda: finding(exhibit(), asks=requirement(scope=Scope(kinds=("generative",)))),
        NOT_HERE,
        Ground.OTHER_KIND,
    ),
    Case(
        "a rule for another sector does not apply",
        lambda: finding(exhibit(), asks=requirement(scope=Scope(sectors=("hiring",)))),
        NOT_HERE,
        Ground.OTHER_SECTOR,
    ),
    Case(
        "a sector is the same however it is capitalised",
        lambda: finding(exhibit(), asks=requirement(scope=Scope(sectors=("HEALTH ",)))),
        "satisfied",
        MEET,
    ),
    Case(
        "a rule for other languages does not apply",
        lambda: finding(exhibit(), asks=requirement(scope=Scope(languages=("en", "fr")))),
        NOT_HERE,
        Ground.OTHER_LANGUAGE,
    ),
    Case(
        "a rule for another use does not apply when the use was stated",
        lambda: finding(
            exhibit(),
            asks=requirement(scope=Scope(uses=("hiring",))),
            deployment=used_for("triage"),
        ),
        NOT_HERE,
        Ground.OTHER_USE,
    ),
    Case(
        "a use that was not stated escapes no rule",
        lambda: finding(exhibit(), asks=requirement(scope=Scope(uses=("hiring",)))),
        "satisfied",
        MEET,
        (Ground.USE_NOT_STATED,),
    ),
    Case(
        "a use that the rule excepts takes the system out",
        lambda: finding(
            exhibit(),
            asks=requirement(scope=Scope(except_uses=("military",))),
            deployment=used_for("military"),
        ),
        NOT_HERE,
        Ground.EXCEPTED_USE,
    ),
]

JUDGEMENT = [
    Case(
        "what a person must judge is not decided, and its evidence is attached",
        lambda: finding(exhibit(), asks=requirement(decided_by="partly")),
        "needs_judgement",
        Ground.NOT_FOR_A_MACHINE,
    ),
    Case(
        "what no test decides needs judgement without any evidence",
        lambda: finding(exhibit(), asks=requirement(decided_by="human", procedure=None, mark=None)),
        "needs_judgement",
        Ground.NOT_FOR_A_MACHINE,
    ),
    Case(
        "a measure without a mark needs judgement",
        lambda: finding(exhibit(), asks=requirement(decided_by="partly", mark=None)),
        "needs_judgement",
        Ground.NOT_FOR_A_MACHINE,
    ),
    Case(
        "a number known from a secondary source cannot satisfy",
        lambda: finding(exhibit(), asks=requirement(mark=mark(basis="secondary"))),
        "needs_judgement",
        Ground.NUMBER_NOT_READ,
    ),
    Case(
        "a number that nobody read in its source cannot fail anyone",
        lambda: finding(counted(10, 1000), asks=requirement(mark=mark(basis="unverified"))),
        "needs_judgement",
        Ground.NUMBER_NOT_READ,
    ),
    Case(
        "a number that the authority has adopted decides",
        lambda: finding(exhibit(), asks=_adopted()),
        "satisfied",
        MEET,
        (Ground.ADOPTED,),
    ),
]


def _adopted() -> ResolvedRegime:
    base = regime(requirement(mark=mark(basis="unverified")))
    signed = overlay(base, Verify(requirement="reach", value="0.9", source=SOURCE))
    return resolve(base, (signed,), jurisdiction_of)


NUMBERS = [
    Case(
        "900 of 1,000 meet a literal mark of 90 %, though the bound is 88.3 %",
        lambda: finding(counted(900, 1000), asks=literal("0.9", 1000)),
        "satisfied",
        Ground.COUNT_MEETS,
        (Ground.BOUND_FAILS,),
    ),
    Case(
        "899 of 1,000 do not",
        lambda: finding(counted(899, 1000), asks=literal("0.9", 1000)),
        "not_satisfied",
        Ground.COUNT_FAILS,
    ),
    Case(
        "900 of 1,000 are marginal where the mark is read statistically",
        lambda: finding(counted(900, 1000), asks=statistical("0.9", 1000)),
        "marginal",
        POINT,
        (Ground.LITERALLY_MET,),
    ),
    Case(
        "915 of 1,000 are marginal still",
        lambda: finding(counted(915, 1000), asks=statistical("0.9", 1000)),
        "marginal",
        POINT,
        (Ground.LITERALLY_MET,),
    ),
    Case(
        "916 of 1,000 satisfy it",
        lambda: finding(counted(916, 1000), asks=statistical("0.9", 1000)),
        "satisfied",
        MEET,
    ),
    Case(
        "916 of 1,000 meet the literal mark, and the bound does too",
        lambda: finding(counted(916, 1000), asks=literal("0.9", 1000)),
        "satisfied",
        Ground.COUNT_MEETS,
        (Ground.BOUND_MEETS_TOO,),
    ),
    Case(
        "285 of 300 meet a literal mark of 95 %",
        lambda: finding(counted(285, 300), asks=literal("0.95", 300)),
        "satisfied",
        Ground.COUNT_MEETS,
        (Ground.BOUND_FAILS,),
    ),
    Case(
        "291 of 300 are marginal at 95 %",
        lambda: finding(counted(291, 300), asks=statistical("0.95", 300)),
        "marginal",
        POINT,
        (Ground.LITERALLY_MET,),
    ),
    Case(
        "292 of 300 satisfy 95 %",
        lambda: finding(counted(292, 300), asks=statistical("0.95", 300)),
        "satisfied",
        MEET,
    ),
    Case(
        "3,840 of 4,000 are marginal at 96 %",
        lambda: finding(counted(3840, 4000), asks=statistical("0.96", 4000)),
        "marginal",
        POINT,
        (Ground.LITERALLY_MET,),
    ),
    Case(
        "3,861 of 4,000 satisfy 96 %",
        lambda: finding(counted(3861, 4000), asks=statistical("0.96", 4000)),
        "satisfied",
        MEET,
    ),
    Case(
        "15 of 300 meet a literal limit of 5 %",
        lambda: finding(counted(15, 300), asks=literal("0.05", 300, "at_most")),
        "satisfied",
        Ground.COUNT_MEETS,
        (Ground.BOUND_FAILS,),
    ),
    Case(
        "9 of 300 are marginal at a limit of 5 %",
        lambda: finding(counted(9, 300), asks=statistical("0.05", 300, "at_most")),
        "marginal",
        POINT,
        (Ground.LITERALLY_MET,),
    ),
    Case(
        "8 of 300 satisfy a limit of 5 %",
        lambda: finding(counted(8, 300), asks=statistical("0.05", 300, "at_most")),
        "satisfied",
        MEET,
    ),
    Case(
        "one item fewer than asked for is not tested",
        lambda: finding(counted(999, 999), asks=statistical("0.9", 1000)),
        "not_tested",
        Ground.TOO_FEW,
        refused=(Refusal.TOO_FEW_ITEMS,),
    ),
    Case(
        "errored items hidden from the denominator count as failures",
        lambda: finding(counted(860, 1000, scored=900), asks=statistical("0.9", 1000)),
        "not_satisfied",
        FAILS,
        (Ground.COUNTED_AGAINST,),
    ),
    Case(
        "errored items that the counts do not even mention count as failures",
        lambda: finding(
            exhibit(
                claim(
                    860,
                    1000,
                    scored=900,
                    counts=Counts(planned=1000, scored=900, successes=860, invalid=0, errored=0),
                )
            ),
            asks=statistical("0.9", 1000),
        ),
        "not_satisfied",
        FAILS,
        (Ground.COUNTED_AGAINST,),
    ),
    Case(
        "where a rate is bad, errored items count as bad ones",
        lambda: finding(counted(5, 300, scored=280), asks=statistical("0.05", 300, "at_most")),
        "not_satisfied",
        FAILS,
        (Ground.COUNTED_AGAINST,),
    ),
    Case(
        "nothing scored of what was planned satisfies no limit",
        lambda: finding(
            exhibit(
                claim(
                    0,
                    300,
                    scored=1,
                    counts=Counts(planned=300, scored=1, successes=0, invalid=299, errored=0),
                )
            ),
            asks=statistical("0.05", 300, "at_most"),
        ),
        "not_satisfied",
        FAILS,
        (Ground.COUNTED_AGAINST,),
    ),
    Case(
        "the laboratory's own narrow interval does not replace its counts",
        lambda: finding(
            exhibit(
                claim(
                    900,
                    1000,
                    interval=Interval(
                        low="0.9", high="0.9", level="0.95", sides="two", method="trust_me"
                    ),
                )
            )
        ),
        "marginal",
        POINT,
        (Ground.LITERALLY_MET,),
    ),
]

COMPARED = [
    Case(
        "four fifths exactly meet the point and not the bound",
        lambda: finding(exhibit(groups("ratio", (400, 1000), (500, 1000))), asks=RATIO),
        "marginal",
        POINT,
        (Ground.LITERALLY_MET,),
    ),
    Case(
        "equal rates in large groups satisfy four fifths",
        lambda: finding(exhibit(groups("ratio", (5000, 10000), (5000, 10000))), asks=RATIO),
        "satisfied",
        MEET,
    ),
    Case(
        "three fifths do not",
        lambda: finding(exhibit(groups("ratio", (300, 1000), (500, 1000))), asks=RATIO),
        "not_satisfied",
        FAILS,
    ),
    Case(
        "a small gap between large groups satisfies a limit of 10 points",
        lambda: finding(exhibit(groups("gap", (5000, 10000), (5200, 10000))), asks=GAP),
        "satisfied",
        MEET,
    ),
    Case(
        "the same gap between small groups is marginal",
        lambda: finding(exhibit(groups("gap", (100, 200), (104, 200))), asks=GAP),
        "marginal",
        POINT,
        (Ground.LITERALLY_MET,),
    ),
    Case(
        "items without a result widen a gap as far as they could",
        lambda: finding(
            exhibit(groups("gap", (5000, 10000), (5200, 10000), missing=2000)), asks=GAP
        ),
        "not_satisfied",
        FAILS,
        (Ground.COUNTED_AGAINST,),
    ),
    Case(
        "items without a result narrow a ratio as far as they could",
        lambda: finding(
            exhibit(groups("ratio", (5000, 10000), (5000, 10000), missing=3000)), asks=RATIO
        ),
        "not_satisfied",
        FAILS,
        (Ground.COUNTED_AGAINST,),
    ),
    Case(
        "an estimate that is not that of its groups is not believed",
        lambda: finding(
            exhibit(groups("ratio", (300, 1000), (500, 1000), estimate="0.9")), asks=RATIO
        ),
        "not_tested",
        Ground.NO_CLAIM_COUNTS,
        refused=(Refusal.COUNTS_CONTRADICT,),
    ),
    Case(
        "a group smaller than the regime asks for is not tested",
        lambda: finding(
            exhibit(groups("ratio", (25, 50), (500, 1000))),
            asks=requirement(
                procedure=rule("fairness.selection_rate_ratio"),
                mark=mark("0.8", min_n_each_group=100),
            ),
        ),
        "not_tested",
        Ground.TOO_FEW,
        refused=(Refusal.TOO_FEW_ITEMS,),
    ),
    Case(
        "where each group must be large, groups that nobody counted are not tested",
        lambda: finding(
            exhibit(groups("ratio", (500, 1000), (500, 1000), cells=())),
            asks=requirement(
                procedure=rule("fairness.selection_rate_ratio"),
                mark=mark("0.8", min_n_each_group=100),
            ),
        ),
        "not_tested",
        Ground.TOO_FEW,
        refused=(Refusal.TOO_FEW_ITEMS,),
    ),
    Case(
        "groups that were left out of a comparison are mentioned",
        lambda: finding(
            exhibit(
                groups(
                    "ratio",
                    (5000, 10000),
                    (5000, 10000),
                    counts=Counts(
                        planned=21000, scored=21000, successes=None, invalid=0, errored=0
                    ),
                )
            ),
            asks=RATIO,
        ),
        "satisfied",
        MEET,
        (Ground.GROUPS_LEFT_OUT,),
    ),
    Case(
        "a measure without counts is read by the laboratory's own interval, and that is said",
        lambda: finding(exhibit(number("0.95", "0.93", "0.97")), asks=AUROC),
        "satisfied",
        MEET,
        (Ground.CLAIMED_INTERVAL,),
    ),
    Case(
        "an interval of 90 % is no 95 % bound, so the value alone is marginal",
        lambda: finding(exhibit(number("0.95", "0.93", "0.97", level="0.9")), asks=AUROC),
        "marginal",
        POINT,
        (Ground.NO_BOUND,),
    ),
    Case(
        "a one-sided interval counts on the side that decides",
        lambda: finding(
            exhibit(
                number(
                    "0.95",
                    "0.93",
                    "1",
                    interval=Interval(
                        low="0.93", high="1", level="0.95", sides="lower", method="delong"
                    ),
                )
            ),
            asks=AUROC,
        ),
        "satisfied",
        MEET,
        (Ground.CLAIMED_INTERVAL,),
    ),
    Case(
        "a one-sided interval on the other side is no bound",
        lambda: finding(
            exhibit(
                number(
                    "0.95",
                    "0",
                    "0.97",
                    interval=Interval(
                        low="0", high="0.97", level="0.95", sides="upper", method="delong"
                    ),
                )
            ),
            asks=AUROC,
        ),
        "marginal",
        POINT,
        (Ground.NO_BOUND,),
    ),
    Case(
        "a number without any interval cannot satisfy",
        lambda: finding(
            exhibit(
                claim(
                    None,
                    by=procedure("accuracy.auroc"),
                    estimate="0.99",
                    interval=None,
                    reason=Reason.NO_INTERVAL_METHOD,
                )
            ),
            asks=AUROC,
        ),
        "marginal",
        POINT,
        (Ground.NO_BOUND,),
    ),
    Case(
        "a measure without counts cannot be decided while items are missing",
        lambda: finding(exhibit(number("0.95", "0.93", "0.97", scored=990)), asks=AUROC),
        "not_tested",
        Ground.TOO_FEW,
        refused=(Refusal.ITEMS_MISSING,),
    ),
    Case(
        "a validated judge's rate is read by its own interval, which holds the judge's errors",
        lambda: finding(
            exhibit(
                claim(
                    judge=judge(),
                    interval=Interval(
                        low="0.92", high="0.97", level="0.95", sides="two", method="rogan_gladen"
                    ),
                )
            )
        ),
        "satisfied",
        MEET,
        (Ground.CLAIMED_INTERVAL,),
    ),
    Case(
        "items that a judge never saw count against a judged rate",
        lambda: finding(
            exhibit(
                claim(
                    855,
                    1000,
                    scored=900,
                    judge=judge(),
                    interval=Interval(
                        low="0.92", high="0.97", level="0.95", sides="two", method="rogan_gladen"
                    ),
                )
            )
        ),
        "not_satisfied",
        FAILS,
        (Ground.COUNTED_AGAINST, Ground.CLAIMED_INTERVAL),
    ),
]


def impact(low: str) -> Finding:
    asked = requirement(
        procedure=rule("fairness.impact_ratio"), slice={"group": "a"}, mark=mark("0.8")
    )
    made = claim(
        None,
        by=procedure("fairness.impact_ratio"),
        slice={"group": "a"},
        estimate="0.9",
        interval=Interval(low=low, high="1", level="0.95", sides="two", method="pairwise"),
        cells=(
            Cell(slice={"group": "a"}, scored=1000, successes=450),
            Cell(slice={"group": "b"}, scored=1000, successes=500),
        ),
    )
    return finding(exhibit(made), asks=asked)


COMPARED += [
    Case(
        "an impact ratio is read by the claimed bound when that is the worse one",
        lambda: impact("0.7"),
        "marginal",
        POINT,
        (Ground.LITERALLY_MET, Ground.CLAIMED_INTERVAL),
    ),
    Case(
        "an impact ratio that claims a better bound than its counts allow is read by its counts",
        lambda: impact("0.89"),
        "satisfied",
        MEET,
        (Ground.CLAIMED_INTERVAL,),
    ),
]

EAST_TOO = (
    agreement(
        row(
            laboratories=tuple(
                replace(row().laboratories[0], signer=lab) for lab in (NORTH_LAB, EAST_LAB)
            )
        )
    ),
)
GOOD, BAD = claim(950, 1000), claim(800, 1000)

SEVERAL = [
    Case(
        "two laboratories contradict each other: the worse one counts, and both are shown",
        lambda: finding(exhibit(GOOD), exhibit(BAD, by=EAST_LAB), agreements=EAST_TOO),
        "not_satisfied",
        FAILS,
        (Ground.LABORATORIES_DISAGREE,),
    ),
    Case(
        "the same laboratory twice: the worse one counts",
        lambda: finding(exhibit(GOOD), exhibit(BAD)),
        "not_satisfied",
        FAILS,
        (Ground.LABORATORIES_DISAGREE,),
    ),
    Case(
        "the same laboratory twice, and it signed that the later one supersedes",
        lambda: finding(exhibit(BAD, name="first"), exhibit(GOOD, supersedes=(sha("first"),))),
        "satisfied",
        MEET,
        (Ground.REFUSED_READS_WORSE,),
        (Refusal.SUPERSEDED,),
    ),
    Case(
        "nobody supersedes another laboratory's measurement",
        lambda: finding(
            exhibit(BAD, name="first"),
            exhibit(GOOD, by=EAST_LAB, supersedes=(sha("first"),)),
            agreements=EAST_TOO,
        ),
        "not_satisfied",
        FAILS,
        (Ground.LABORATORIES_DISAGREE,),
    ),
    Case(
        "a statement that does not count itself supersedes nothing",
        lambda: finding(
            exhibit(BAD, name="first"),
            exhibit(GOOD, name="second", supersedes=(sha("first"),)),
            standing=replace(Standing(), statements={sha("second"): "withdrawn"}),
        ),
        "not_satisfied",
        FAILS,
    ),
    Case(
        "a claim on too few items does not drag down one on enough",
        lambda: finding(exhibit(GOOD), exhibit(claim(100, 299), by=COAST_LAB)),
        "satisfied",
        MEET,
        refused=(Refusal.TOO_FEW_ITEMS,),
    ),
    Case(
        "an own assessor's measurement does not outvote a worse foreign one",
        lambda: finding(exhibit(BAD), exhibit(GOOD, by=COAST_LAB)),
        "not_satisfied",
        FAILS,
        (Ground.LABORATORIES_DISAGREE,),
    ),
    Case(
        "a bad measurement that nobody recognises does not decide, and is pointed at",
        lambda: finding(exhibit(GOOD), exhibit(BAD, by=EAST_LAB)),
        "satisfied",
        MEET,
        (Ground.REFUSED_READS_WORSE,),
        (Refusal.NOBODY_RECOGNISES,),
    ),
]

CASES = SCOPE + JUDGEMENT + NUMBERS + COMPARED + SEVERAL


@pytest.mark.parametrize("case", [pytest.param(case, id=case.sentence) for case in CASES])
def test_verdict(case: Case) -> None:
    found = case.find()
    assert (found.verdict, found.ground) == (case.verdict, case.ground)
    assert tuple(note.ground for note in found.notes) == case.notes
    assert tuple(refused.reason for refused in found.refused) == case.refused


def test_published_bounds_of_the_chinese_marks() -> None:
    bounds = []
    for k, n, value, way in (
        (900, 1000, "0.9", "at_least"),
        (285, 300, "0.95", "at_least"),
        (3840, 4000, "0.96", "at_least"),
        (15, 300, "0.05", "at_most"),
    ):
        (used,) = finding(counted(k, n), asks=literal(value, n, way)).used
        bounds.append(f"{float(used.bound or 0):.3f}")
    assert bounds == ["0.883", "0.924", "0.955", "0.076"]


def test_the_value_is_over_planned_items_while_the_claim_keeps_its_own_estimate() -> None:
    (used,) = finding(counted(860, 1000, scored=900)).used
    assert (used.value, used.estimate) == ("0.86", "0.955555555556")


def test_the_mark_is_met_exactly_where_floating_point_would_miss_it() -> None:
    # 0.07 * 100 is 7.000000000000001 in floating point.
    asked = literal("0.07", 100)
    assert 0.07 * 100 > 7
    assert finding(counted(7, 100), asks=asked).verdict == "satisfied"


def test_evidence_is_attached_to_what_a_person_must_judge_with_its_reading() -> None:
    (used,) = finding(exhibit(), asks=requirement(mark=mark(basis="secondary"))).used
    assert (used.verdict, used.value, used.row) == ("needs_judgement", "0.95", "north-to-coast")


def test_an_empty_regime_decides_nothing_and_says_so() -> None:
    decision = decided(exhibit(), asks=resolved())
    assert decision.findings == ()
    assert Ground.EMPTY_REGIME in [note.ground for note in decision.notes]


def test_an_empty_policy_recognises_nothing_and_says_so() -> None:
    decision = decided(exhibit(), agreements=(), country=country(own_assessors=()))
    assert [finding.verdict for finding in decision.findings] == ["not_tested"]
    assert Ground.NOBODY_RECOGNISED in [note.ground for note in decision.notes]


def test_a_fictional_regime_and_an_absent_log_are_said() -> None:
    base = regime(requirement(), fictional=True)
    decision = decided(exhibit(), asks=resolve(base, (), jurisdiction_of))
    assert [n.ground for n in decision.notes] == [Ground.FICTIONAL_REGIME, Ground.NO_LOG]


@pytest.mark.parametrize(
    ("jurisdiction", "said"),
    [
        pytest.param("coast", [], id="its own rules"),
        pytest.param("north", ["north, not coast"], id="the rules of another"),
    ],
)
def test_whose_rules_they_are_is_said_where_they_are_foreign(
    jurisdiction: str, said: list[str]
) -> None:
    base = regime(requirement(), jurisdiction=jurisdiction)
    notes = decided(exhibit(), asks=resolve(base, (), jurisdiction_of)).notes
    assert [n.detail for n in notes if n.ground == Ground.OTHER_JURISDICTION] == said


def test_a_measure_that_no_battery_knows_is_not_tested_and_said() -> None:
    asked = requirement(procedure=rule("content.keyword_count"), mark=mark("10000"))
    found = finding(exhibit(), asks=asked)
    assert (found.verdict, [n.ground for n in found.notes]) == (
        "not_tested",
        [Ground.UNKNOWN_MEASURE],
    )


def test_savings_count_each_foreign_assessment_and_each_data_set_once() -> None:
    both = (requirement(), requirement(id="again", mark=mark("0.8")))
    decision = decided(exhibit(GOOD), exhibit(GOOD, role="independent"), asks=both)
    saved = decision.savings
    assert (saved.assessments, saved.items, saved.cpu_seconds, saved.days) == (2, 1000, "100", 2.0)


def test_own_measurements_save_nothing() -> None:
    saved = decided(exhibit(by=COAST_LAB)).savings
    assert (saved.assessments, saved.items, saved.cpu_seconds) == (0, 0, "0")


def test_a_decision_names_its_inputs_and_is_the_same_bytes_again() -> None:
    papers = (exhibit(GOOD), exhibit(BAD, by=EAST_LAB), exhibit(about=system("1")))

    def again(order: tuple[Exhibit, ...]) -> Decision:
        return decided(*order, agreements=(*EAST_TOO, agreement()))

    first = again(papers)
    assert canonical_bytes(first) == canonical_bytes(again(papers[::-1] + papers))
    assert [one.statement for one in first.inputs.exhibits] == sorted(p.statement for p in papers)
    assert first.decided == TODAY
    assert first.regime.base == first.regime.flat == resolved(requirement()).base


def test_a_signature_less_is_another_input() -> None:
    both = decided(exhibit(GOOD), agreements=(agreement(),))
    one = decided(exhibit(GOOD), agreements=(agreement(signed_by=(NORTH,)),))

    (paper,) = both.inputs.agreements
    assert [signer.origin for signer in paper.signers] == ["coast.example", "north.example"]
    assert [paper.statement] == [other.statement for other in one.inputs.agreements]
    assert one.inputs != both.inputs


def test_there_is_no_overall_score() -> None:
    fields = set(Decision.__struct_fields__)
    assert not {name for name in fields if "score" in name or "grade" in name or "total" in name}
