"""Whose measurements count: every case is a sentence, with the verdict and the reason it leads to.

Coast asks for a true positive rate of at least 0.9 on its own population. North's laboratory has
measured 950 of 1,000, which satisfies it: each case changes one thing (see `world`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from comity.claims import Counts, Identity, Reason
from comity.claims.agreement import (
    Difference,
    Equivalence,
    Freshness,
    Grandfather,
    Laboratory,
    LogRule,
    Profile,
)
from comity.claims.decision import DECISION_TYPE, Decision, Verdict
from comity.claims.grounds import Refusal
from comity.claims.standing import ComparisonResult, Standing
from comity.decide import Admitted, Denied, admit
from tests.decide import world
from tests.decide.world import (
    COAST,
    COAST_LAB,
    EAST,
    EAST_LAB,
    HERE,
    NORTH,
    NORTH_LAB,
    TODAY,
    agreement,
    claim,
    country,
    decided,
    exhibit,
    groups,
    judge,
    number,
    procedure,
    requirement,
    row,
    rule,
    sha,
    system,
)


@dataclass
class Case:
    """A sentence, the world it describes, and what must come of it."""

    sentence: str
    decide: Callable[[], Decision]
    verdict: Verdict = "not_tested"
    because: Refusal | None = None


def with_standing(**changes: object) -> Standing:
    return replace(Standing(), **changes)


LOG = LogRule(quorum=2, max_checkpoint_age_hours=48)
OTHER_DATA = "east's patients"
EN = {"country": "coast", "language": "en"}
EQUIVALENT = Equivalence(comparison="round-1", statistic="e_n", margin="1", max_age_days=400)


def compared(value: str, day: datetime.date = datetime.date(2026, 6, 1)) -> Standing:
    result = ComparisonResult(
        comparison="round-1", origin=NORTH_LAB.origin, statistic="e_n", value=value, decided=day
    )
    return Standing(comparisons=(result,))


def profile(exact_use: bool = True, data: str = "north's patients") -> Profile:
    return Profile(
        id="base",
        procedures=(procedure().digest,),
        exact_use=exact_use,
        data=(sha(data),) if exact_use else (),
    )


def difference(mode: str, old: str = "", new: str = "") -> Difference:
    return Difference(
        id="d1", receiver=COAST.origin, mode=mode, old=old, new=new, reason="law"  # type: ignore[arg-type]
    )  # fmt: skip


LOCAL = procedure(parameters={"decision": "as predicted", "positive": "yes"})
LOCAL_RULE = rule(parameters=LOCAL.parameters)
OLD_PROFILE = Profile(id="old", procedures=(procedure().digest,), exact_use=False, data=())
NEW_PROFILE = Profile(id="new", procedures=(LOCAL.digest,), exact_use=False, data=())
GRANDFATHER = Grandfather(
    started_before=datetime.date(2026, 11, 15),
    counts_until=datetime.date(2026, 12, 31),
    profiles=("old",),
)


STATEMENT = [
    Case(
        "what a recognised laboratory measured on this system counts",
        lambda: decided(exhibit()),
        "satisfied",
    ),
    Case(
        "a decision of a third country is no evidence, whoever signed it",
        lambda: decided(exhibit(kind=DECISION_TYPE)),
        because=Refusal.NOT_A_MEASUREMENT,
    ),
    Case(
        "an assessment that somebody else signed again is not the laboratory's",
        lambda: decided(exhibit(signed_by=EAST)),
        because=Refusal.SIGNER_IS_NOT_ASSESSOR,
    ),
    Case(
        "a measurement of another model version does not pass for this one",
        lambda: decided(exhibit(about=system("1"))),
        because=Refusal.MODEL_CHANGED,
    ),
    Case(
        "an own assessor's measurement of another model version does not either",
        lambda: decided(exhibit(by=COAST_LAB, about=system("1"))),
        because=Refusal.MODEL_CHANGED,
    ),
    Case(
        "the same name and version with other weights is another model",
        lambda: decided(
            exhibit(about=system(identity=Identity(binding="weights", digest=sha("x"), detail="")))
        ),
        because=Refusal.MODEL_CHANGED,
    ),
    Case(
        "an agreement may accept other weights of the same version, as declared evidence",
        lambda: decided(
            exhibit(about=system(identity=Identity(binding="weights", digest=sha("x"), detail=""))),
            agreements=(
                agreement(freshness=Freshness(max_age_days=365, model_change="same_version")),
            ),
        ),
        "satisfied",
    ),
    Case(
        "declared evidence of other weights is too weak where weights are demanded",
        lambda: decided(
            exhibit(about=system(identity=Identity(binding="weights", digest=sha("x"), detail=""))),
            asks=requirement(least_binding="weights"),
            agreements=(
                agreement(freshness=Freshness(max_age_days=365, model_change="same_version")),
            ),
        ),
        because=Refusal.BOUND_TOO_WEAKLY,
    ),
    Case(
        "a measurement of another system does not count",
        lambda: decided(exhibit(about=system("1", name="Other"))),
        because=Refusal.OTHER_SYSTEM,
    ),
    Case(
        "an assessment that ends after the decision is not believed",
        lambda: decided(exhibit(finished="2026-12-01T00:00:00Z")),
        because=Refusal.DATES_CONTRADICT,
    ),
    Case(
        "an assessment that ends before it begins is not believed",
        lambda: decided(exhibit(started="2026-11-12T00:00:00Z")),
        because=Refusal.DATES_CONTRADICT,
    ),
    Case(
        "an assessment that ended on a day no calendar has is not believed",
        lambda: decided(exhibit(finished="2026-11-31T00:00:00Z")),
        because=Refusal.DATES_CONTRADICT,
    ),
    *(
        Case(
            f"a statement that is {state} does not count",
            lambda state=state: decided(  # type: ignore[misc]
                exhibit(name="s"), standing=with_standing(statements={sha("s"): state})
            ),
            because=reason,
        )
        for state, reason in (
            ("withdrawn", Refusal.WITHDRAWN),
            ("suspended", Refusal.SUSPENDED),
            ("expired", Refusal.EXPIRED),
            ("issuer_under_review", Refusal.ISSUER_UNDER_REVIEW),
        )
    ),
    Case(
        "a suspended laboratory's statements do not count",
        lambda: decided(exhibit(), standing=with_standing(issuers={NORTH_LAB.origin: "suspended"})),
        because=Refusal.ISSUER_NOT_LIVE,
    ),
    Case(
        "a laboratory under review does not count meanwhile",
        lambda: decided(
            exhibit(), standing=with_standing(issuers={NORTH_LAB.origin: "issuer_under_review"})
        ),
        because=Refusal.ISSUER_UNDER_REVIEW,
    ),
    Case(
        "an own assessor that is suspended does not count either",
        lambda: decided(
            exhibit(by=COAST_LAB),
            standing=with_standing(issuers={COAST_LAB.origin: "suspended"}),
        ),
        because=Refusal.ISSUER_NOT_LIVE,
    ),
]

MEASURED = [
    Case(
        "the right name with another formula is another measurement",
        lambda: decided(
            exhibit(
                claim(by=procedure(measure_version=2)), procedures=(procedure(measure_version=2),)
            )
        ),
        because=Refusal.OTHER_PROCEDURE,
    ),
    Case(
        "another positive class is another measurement",
        lambda: decided(exhibit(claim(by=LOCAL), procedures=(LOCAL,))),
        because=Refusal.OTHER_PROCEDURE,
    ),
    Case(
        "a parameter that the regime does not know makes another measurement",
        lambda: decided(
            exhibit(
                claim(by=(more := procedure(parameters=world.PARAMETERS | {"cut_off": "1"}))),
                procedures=(more,),
            )
        ),
        because=Refusal.OTHER_PROCEDURE,
    ),
    Case(
        "a parameter that the regime frees may have any value",
        lambda: decided(
            exhibit(
                claim(by=(more := procedure(parameters=world.PARAMETERS | {"cut_off": "1"}))),
                procedures=(more,),
            ),
            asks=requirement(procedure=rule(free=("cut_off",))),
        ),
        "satisfied",
    ),
    Case(
        "where the split is part of the rule, another split is another measurement",
        lambda: decided(exhibit(), asks=requirement(procedure=rule(split="by patient"))),
        because=Refusal.OTHER_PROCEDURE,
    ),
    Case(
        "a claim that names one measure and the procedure of another does not count",
        lambda: decided(exhibit(claim(measure="fairness.fpr"))),
        because=Refusal.OTHER_PROCEDURE,
    ),
    Case(
        "another population is no evidence for this one",
        lambda: decided(exhibit(claim(population={"country": "north", "language": "nn"}))),
        because=Refusal.OTHER_POPULATION,
    ),
    Case(
        "a larger population is no evidence for a part of it",
        lambda: decided(exhibit(claim(population={}))),
        because=Refusal.OTHER_POPULATION,
    ),
    Case(
        "a requirement may say any population",
        lambda: decided(
            exhibit(claim(population={"country": "north"})), asks=requirement(population="any")
        ),
        "satisfied",
    ),
    Case(
        "the whole is no evidence for a slice",
        lambda: decided(exhibit(), asks=requirement(slice={"sex": "female"})),
        because=Refusal.OTHER_SLICE,
    ),
    Case(
        "a slice is no evidence for the whole",
        lambda: decided(exhibit(claim(slice={"sex": "female"}))),
        because=Refusal.OTHER_SLICE,
    ),
    Case(
        "a slice is evidence for that slice",
        lambda: decided(
            exhibit(claim(slice={"sex": "female"})), asks=requirement(slice={"sex": "female"})
        ),
        "satisfied",
    ),
    Case(
        "what was not measured is never a number",
        lambda: decided(
            exhibit(
                claim(status="not_measured", reason=Reason.NO_ROWS, estimate=None, interval=None)
            )
        ),
        because=Refusal.NOT_MEASURED,
    ),
    Case(
        "an estimate that is not its own counts is not believed",
        lambda: decided(exhibit(claim(800, estimate="0.95"))),
        because=Refusal.COUNTS_CONTRADICT,
    ),
    Case(
        "more items with a fate than were planned are not believed",
        lambda: decided(
            exhibit(
                claim(
                    950,
                    1000,
                    counts=Counts(planned=1000, scored=1000, successes=950, invalid=1, errored=0),
                )
            )
        ),
        because=Refusal.COUNTS_CONTRADICT,
    ),
    Case(
        "a measurand that is not that of its parts is not believed",
        lambda: decided(exhibit(claim(measurand=sha("another")))),
        because=Refusal.COUNTS_CONTRADICT,
    ),
    Case(
        "more groups than anybody could check in good time are not compared",
        lambda: decided(
            exhibit(groups("ratio", *[(50, 100)] * 501)),
            asks=requirement(procedure=rule("fairness.selection_rate_ratio")),
        ),
        because=Refusal.TOO_MANY_GROUPS,
    ),
    Case(
        "a judge that nobody checked proves nothing",
        lambda: decided(exhibit(claim(judge=judge(validated=False)))),
        because=Refusal.JUDGE_NOT_VALIDATED,
    ),
]

WHO = [
    Case(
        "a laboratory that nobody names does not count",
        lambda: decided(exhibit(by=EAST_LAB)),
        because=Refusal.NOBODY_RECOGNISES,
    ),
    Case(
        "without any agreement nobody abroad counts",
        lambda: decided(exhibit(), agreements=()),
        because=Refusal.NOBODY_RECOGNISES,
    ),
    Case(
        "an agreement without laboratories recognises nobody",
        lambda: decided(exhibit(), agreements=(agreement(row(laboratories=())),)),
        because=Refusal.NOBODY_RECOGNISES,
    ),
    Case(
        "an own assessor needs no agreement",
        lambda: decided(exhibit(by=COAST_LAB), agreements=()),
        "satisfied",
    ),
    Case(
        "the right name with another key is somebody else",
        lambda: decided(exhibit(by=replace(NORTH_LAB, key=sha("stolen")))),
        because=Refusal.KEY_NOT_LISTED,
    ),
    Case(
        "an own assessor's name with another key is somebody else",
        lambda: decided(exhibit(by=replace(COAST_LAB, key=sha("stolen")))),
        because=Refusal.KEY_NOT_LISTED,
    ),
    Case(
        "the right key under another name is somebody else",
        lambda: decided(exhibit(by=replace(NORTH_LAB, origin="lab.n0rth.example"))),
        because=Refusal.NOBODY_RECOGNISES,
    ),
    Case(
        "an agreement that only the other side signed recognises nothing",
        lambda: decided(exhibit(), agreements=(agreement(signed_by=(NORTH,)),)),
        because=Refusal.AGREEMENT_NOT_SIGNED,
    ),
    Case(
        "an agreement that only we signed recognises nothing",
        lambda: decided(exhibit(), agreements=(agreement(signed_by=(COAST,)),)),
        because=Refusal.AGREEMENT_NOT_SIGNED,
    ),
    Case(
        "a party's name with another key has not signed",
        lambda: decided(
            exhibit(),
            agreements=(agreement(signed_by=(COAST, replace(NORTH, key=sha("stolen")))),),
        ),
        because=Refusal.AGREEMENT_NOT_SIGNED,
    ),
    Case(
        "a laboratory cannot grant itself scope by an agreement of its own",
        lambda: decided(
            exhibit(by=EAST_LAB),
            agreements=(
                agreement(
                    row(
                        issuer=EAST_LAB.origin,
                        laboratories=(Laboratory(signer=EAST_LAB, role="accredited"),),
                    ),
                    parties=(EAST_LAB, COAST),
                    signed_by=(EAST_LAB,),
                ),
            ),
        ),
        because=Refusal.AGREEMENT_NOT_SIGNED,
    ),
    Case(
        "an agreement between two others recognises nothing here, though it names us as receiver",
        lambda: decided(
            exhibit(by=EAST_LAB),
            agreements=(
                agreement(
                    row(
                        issuer=EAST.origin,
                        receiver=NORTH.origin,
                        laboratories=(Laboratory(signer=EAST_LAB, role="accredited"),),
                    ),
                    parties=(EAST, NORTH),
                ),
            ),
        ),
        because=Refusal.AGREEMENT_NOT_SIGNED,
    ),
    Case(
        "recognition is not transitive: what North recognises from East does not count in Coast",
        lambda: decided(
            exhibit(by=EAST_LAB),
            agreements=(
                agreement(),
                agreement(
                    row(
                        issuer=EAST.origin,
                        receiver=NORTH.origin,
                        laboratories=(Laboratory(signer=EAST_LAB, role="accredited"),),
                    ),
                    parties=(EAST, NORTH, COAST),
                ),
            ),
        ),
        because=Refusal.OTHER_DIRECTION,
    ),
    Case(
        "an agreement counts one way: our row for them is not their row for us",
        lambda: decided(
            exhibit(), agreements=(agreement(row(issuer=COAST.origin, receiver=NORTH.origin)),)
        ),
        because=Refusal.OTHER_DIRECTION,
    ),
    Case(
        "an agreement that expired between signing and deciding recognises nothing",
        lambda: decided(
            exhibit(), agreements=(agreement(valid_until=datetime.date(2026, 11, 20)),)
        ),
        because=Refusal.AGREEMENT_NOT_IN_FORCE,
    ),
    Case(
        "on its last day an agreement still counts",
        lambda: decided(exhibit(), agreements=(agreement(valid_until=TODAY),)),
        "satisfied",
    ),
    Case(
        "an agreement that begins tomorrow recognises nothing today",
        lambda: decided(exhibit(), agreements=(agreement(valid_from=datetime.date(2026, 11, 22)),)),
        because=Refusal.AGREEMENT_NOT_IN_FORCE,
    ),
    Case(
        "an agreement that was withdrawn recognises nothing",
        lambda: decided(
            exhibit(),
            agreements=(signed := agreement(),),
            standing=with_standing(statements={signed.statement: "withdrawn"}),
        ),
        because=Refusal.AGREEMENT_NOT_IN_FORCE,
    ),
    Case(
        "when an authority is suspended, its laboratories do not count either",
        lambda: decided(exhibit(), standing=with_standing(issuers={NORTH.origin: "suspended"})),
        because=Refusal.AGREEMENT_NOT_IN_FORCE,
    ),
]

SCOPE = [
    Case(
        "a measure that the row does not name is not covered",
        lambda: decided(exhibit(), agreements=(agreement(row(measures=("accuracy.auroc",))),)),
        because=Refusal.MEASURE_NOT_COVERED,
    ),
    Case(
        "a row without measures covers nothing",
        lambda: decided(exhibit(), agreements=(agreement(row(measures=())),)),
        because=Refusal.MEASURE_NOT_COVERED,
    ),
    Case(
        "a procedure that the row does not list is not covered",
        lambda: decided(exhibit(), agreements=(agreement(row(procedures=(sha("x"),))),)),
        because=Refusal.MEASURE_NOT_COVERED,
    ),
    Case(
        "one row that covers it is enough",
        lambda: decided(exhibit(), agreements=(agreement(row(id="a", measures=()), row(id="b")),)),
        "satisfied",
    ),
    Case(
        "a population that the row does not list is not covered",
        lambda: decided(exhibit(), agreements=(agreement(row(populations=(EN,))),)),
        because=Refusal.POPULATION_NOT_COVERED,
    ),
    Case(
        "a population that the row lists is covered",
        lambda: decided(exhibit(), agreements=(agreement(row(populations=(EN, HERE))),)),
        "satisfied",
    ),
    Case(
        "a language that the row does not list is not covered",
        lambda: decided(exhibit(), agreements=(agreement(row(languages=("en",))),)),
        because=Refusal.LANGUAGE_NOT_COVERED,
    ),
    Case(
        "a population that states no language is not covered where languages are listed",
        lambda: decided(
            exhibit(claim(population={"country": "coast"})),
            asks=requirement(population="any"),
            agreements=(agreement(row(languages=("xx",))),),
        ),
        because=Refusal.LANGUAGE_NOT_COVERED,
    ),
    Case(
        "a value outside the range of the row is not covered",
        lambda: decided(exhibit(), agreements=(agreement(row(range=("0", "0.94"))),)),
        because=Refusal.OUT_OF_RANGE,
    ),
    Case(
        "a value on the edge of the range is covered",
        lambda: decided(exhibit(), agreements=(agreement(row(range=("0.95", "1"))),)),
        "satisfied",
    ),
    Case(
        "a result that claims to be surer than the row allows is out of scope",
        lambda: decided(
            exhibit(number("0.95", "0.948", "0.952")),
            asks=requirement(procedure=rule("accuracy.auroc")),
            agreements=(agreement(row(smallest_uncertainty="0.01")),),
        ),
        because=Refusal.SURER_THAN_CLAIMABLE,
    ),
    Case(
        "a result exactly as sure as the row allows is in scope",
        lambda: decided(
            exhibit(number("0.95", "0.94", "0.96")),
            asks=requirement(procedure=rule("accuracy.auroc")),
            agreements=(agreement(row(smallest_uncertainty="0.01")),),
        ),
        "satisfied",
    ),
    Case(
        "widening the interval by another level does not evade the smallest uncertainty",
        lambda: decided(
            exhibit(number("0.95", "0.93", "0.97", level="0.9999")),
            asks=requirement(procedure=rule("accuracy.auroc")),
            agreements=(agreement(row(smallest_uncertainty="0.01")),),
        ),
        because=Refusal.NO_UNCERTAINTY,
    ),
    Case(
        "a result without an interval is none where the row bounds uncertainty",
        lambda: decided(
            exhibit(claim(interval=None, reason=Reason.NO_INTERVAL_METHOD)),
            agreements=(agreement(row(smallest_uncertainty="0.01")),),
        ),
        because=Refusal.NO_UNCERTAINTY,
    ),
    Case(
        "a procedure outside the agreed profile does not count under it",
        lambda: decided(
            exhibit(claim(by=LOCAL), procedures=(LOCAL,)),
            asks=requirement(procedure=LOCAL_RULE),
            agreements=(agreement(row(profile="base"), profiles=(profile(),)),),
        ),
        because=Refusal.PROFILE_NOT_FOLLOWED,
    ),
    Case(
        "exact use pins the data: the same procedure on other data does not count",
        lambda: decided(
            exhibit(claim(data=OTHER_DATA), data=OTHER_DATA),
            agreements=(agreement(row(profile="base"), profiles=(profile(),)),),
        ),
        because=Refusal.DATA_NOT_IN_PROFILE,
    ),
    Case(
        "exact use with the pinned data counts",
        lambda: decided(
            exhibit(), agreements=(agreement(row(profile="base"), profiles=(profile(),)),)
        ),
        "satisfied",
    ),
    Case(
        "a profile that is not for exact use leaves the data free",
        lambda: decided(
            exhibit(claim(data=OTHER_DATA), data=OTHER_DATA),
            agreements=(agreement(row(profile="base"), profiles=(profile(False),)),),
        ),
        "satisfied",
    ),
    Case(
        "a test that a national difference drops does not count",
        lambda: decided(
            exhibit(),
            agreements=(agreement(differences=(difference("drop", old=procedure().digest),)),),
        ),
        because=Refusal.NATIONAL_DIFFERENCE,
    ),
    Case(
        "a test that a national difference replaces does not count",
        lambda: decided(
            exhibit(),
            agreements=(
                agreement(
                    differences=(difference("replace", old=procedure().digest, new=LOCAL.digest),)
                ),
            ),
        ),
        because=Refusal.NATIONAL_DIFFERENCE,
    ),
    Case(
        "the test that replaces it counts, though the profile does not hold it",
        lambda: decided(
            exhibit(claim(by=LOCAL), procedures=(LOCAL,)),
            asks=requirement(procedure=LOCAL_RULE),
            agreements=(
                agreement(
                    row(profile="base"),
                    profiles=(profile(),),
                    differences=(difference("replace", old=procedure().digest, new=LOCAL.digest),),
                ),
            ),
        ),
        "satisfied",
    ),
    Case(
        "a test that a national difference adds counts, though the profile does not hold it",
        lambda: decided(
            exhibit(claim(by=LOCAL), procedures=(LOCAL,)),
            asks=requirement(procedure=LOCAL_RULE),
            agreements=(
                agreement(
                    row(profile="base"),
                    profiles=(profile(),),
                    differences=(difference("add", new=LOCAL.digest),),
                ),
            ),
        ),
        "satisfied",
    ),
    Case(
        "another country's difference changes nothing here",
        lambda: decided(
            exhibit(),
            agreements=(
                agreement(
                    differences=(
                        replace(difference("drop", old=procedure().digest), receiver=NORTH.origin),
                    )
                ),
            ),
        ),
        "satisfied",
    ),
    Case(
        "an assessment that began before the change of profile keeps the older one for a while",
        lambda: decided(
            exhibit(),
            agreements=(
                agreement(
                    row(profile="new"),
                    profiles=(OLD_PROFILE, NEW_PROFILE),
                    grandfather=(GRANDFATHER,),
                ),
            ),
        ),
        "satisfied",
    ),
    Case(
        "an assessment that began after the change must follow the new profile",
        lambda: decided(
            exhibit(started="2026-11-16T00:00:00Z", finished="2026-11-17T00:00:00Z"),
            agreements=(
                agreement(
                    row(profile="new"),
                    profiles=(OLD_PROFILE, NEW_PROFILE),
                    grandfather=(GRANDFATHER,),
                ),
            ),
        ),
        because=Refusal.PROFILE_NOT_FOLLOWED,
    ),
    Case(
        "after its last day the older profile counts no more",
        lambda: decided(
            exhibit(),
            agreements=(
                agreement(
                    row(profile="new"),
                    profiles=(OLD_PROFILE, NEW_PROFILE),
                    grandfather=(replace(GRANDFATHER, counts_until=datetime.date(2026, 11, 20)),),
                ),
            ),
        ),
        because=Refusal.PROFILE_NOT_FOLLOWED,
    ),
]

CONDITIONS = [
    Case(
        "evidence that is too old does not count",
        lambda: decided(
            exhibit(),
            agreements=(agreement(freshness=Freshness(max_age_days=9, model_change="none")),),
        ),
        because=Refusal.TOO_OLD,
    ),
    Case(
        "evidence exactly as old as allowed counts",
        lambda: decided(
            exhibit(),
            agreements=(agreement(freshness=Freshness(max_age_days=10, model_change="none")),),
        ),
        "satisfied",
    ),
    Case(
        "an own assessor's evidence grows old too",
        lambda: decided(exhibit(by=COAST_LAB), country=country(own_max_age_days=9)),
        because=Refusal.TOO_OLD,
    ),
    Case(
        "where a log is asked for, a statement without one does not count",
        lambda: decided(exhibit(), agreements=(agreement(log=LOG),)),
        because=Refusal.STANDING_UNKNOWN,
    ),
    Case(
        "where a log is asked for, a statement that the log does not hold does not count",
        lambda: decided(
            exhibit(),
            agreements=(agreement(log=LOG),),
            standing=with_standing(checked_at="2026-11-20T12:00:00Z", witnesses=2),
        ),
        because=Refusal.STANDING_UNKNOWN,
    ),
    Case(
        "too few witnesses leave the standing unknown",
        lambda: decided(
            exhibit(name="s"),
            agreements=(agreement(log=LOG),),
            standing=with_standing(
                checked_at="2026-11-20T12:00:00Z", witnesses=1, statements={sha("s"): "live"}
            ),
        ),
        because=Refusal.STANDING_UNKNOWN,
    ),
    Case(
        "a checkpoint older than allowed says nothing about today",
        lambda: decided(
            exhibit(name="s"),
            agreements=(agreement(log=LOG),),
            standing=with_standing(
                checked_at="2026-11-18T12:00:00Z", witnesses=2, statements={sha("s"): "live"}
            ),
        ),
        because=Refusal.STANDING_TOO_OLD,
    ),
    Case(
        "a live statement in a fresh checkpoint with its witnesses counts",
        lambda: decided(
            exhibit(name="s"),
            agreements=(agreement(log=LOG),),
            standing=with_standing(
                checked_at="2026-11-20T12:00:00Z", witnesses=2, statements={sha("s"): "live"}
            ),
        ),
        "satisfied",
    ),
    Case(
        "where equivalence is asked for, a laboratory without a comparison does not count",
        lambda: decided(exhibit(), agreements=(agreement(equivalence=(EQUIVALENT,)),)),
        because=Refusal.EQUIVALENCE_UNKNOWN,
    ),
    Case(
        "a laboratory that a comparison found different does not count",
        lambda: decided(
            exhibit(), agreements=(agreement(equivalence=(EQUIVALENT,)),), standing=compared("-1.2")
        ),
        because=Refusal.NOT_EQUIVALENT,
    ),
    Case(
        "a laboratory on the margin of equivalence counts",
        lambda: decided(
            exhibit(), agreements=(agreement(equivalence=(EQUIVALENT,)),), standing=compared("-1")
        ),
        "satisfied",
    ),
    Case(
        "an old comparison shows nothing any more",
        lambda: decided(
            exhibit(),
            agreements=(agreement(equivalence=(EQUIVALENT,)),),
            standing=compared("0", datetime.date(2025, 1, 1)),
        ),
        because=Refusal.EQUIVALENCE_UNKNOWN,
    ),
    Case(
        "evidence about an endpoint is too weak where weights are demanded",
        lambda: decided(
            exhibit(about=system(binding="endpoint")),
            about=system(binding="endpoint"),
            asks=requirement(least_binding="weights"),
        ),
        because=Refusal.BOUND_TOO_WEAKLY,
    ),
    Case(
        "a table of predictions whose card claims weights counts as declared",
        lambda: decided(
            exhibit(columns={"prediction": "y_hat", "truth": "y"}),
            asks=requirement(least_binding="endpoint"),
        ),
        because=Refusal.BOUND_TOO_WEAKLY,
    ),
    Case(
        "a table of scores does not escape by having no prediction column",
        lambda: decided(
            exhibit(columns={"score": "p", "truth": "y"}),
            asks=requirement(least_binding="endpoint"),
        ),
        because=Refusal.BOUND_TOO_WEAKLY,
    ),
    Case(
        "a table of forecasts does not escape by calling its answers otherwise",
        lambda: decided(
            exhibit(columns={"mean": "mu", "truth": "y"}),
            asks=requirement(least_binding="endpoint"),
        ),
        because=Refusal.BOUND_TOO_WEAKLY,
    ),
    Case(
        "a model that the laboratory fed from a table is bound by its weights",
        lambda: decided(
            exhibit(columns={"truth": "y", "input.1": "age", "input.2": "income"}),
            asks=requirement(least_binding="weights"),
        ),
        "satisfied",
    ),
    Case(
        "a table with answers does not escape by naming inputs beside them",
        lambda: decided(
            exhibit(columns={"truth": "y", "prediction": "p", "input.1": "age"}),
            asks=requirement(least_binding="endpoint"),
        ),
        because=Refusal.BOUND_TOO_WEAKLY,
    ),
    Case(
        "a row that demands weights refuses an endpoint, though the requirement would not",
        lambda: decided(
            exhibit(about=system(binding="endpoint")),
            about=system(binding="endpoint"),
            agreements=(agreement(row(least_binding="weights")),),
        ),
        because=Refusal.BOUND_TOO_WEAKLY,
    ),
    Case(
        "a level cap lowers evidence below what the requirement demands",
        lambda: decided(
            exhibit(),
            asks=requirement(least_binding="weights"),
            agreements=(agreement(row(cap_binding="endpoint")),),
        ),
        because=Refusal.BOUND_TOO_WEAKLY,
    ),
    Case(
        "evidence under a cap still counts where less is demanded",
        lambda: decided(
            exhibit(),
            asks=requirement(least_binding="endpoint"),
            agreements=(agreement(row(cap_binding="endpoint")),),
        ),
        "satisfied",
    ),
    Case(
        "a cap of role lowers an accredited laboratory",
        lambda: decided(
            exhibit(),
            asks=requirement(least_role="accredited"),
            agreements=(agreement(row(cap_role="independent")),),
        ),
        because=Refusal.ROLE_TOO_LOW,
    ),
    Case(
        "a laboratory is not accredited because it says so",
        lambda: decided(
            exhibit(role="accredited"),
            asks=requirement(least_role="accredited"),
            agreements=(
                agreement(row(laboratories=(Laboratory(signer=NORTH_LAB, role="developer"),))),
            ),
        ),
        because=Refusal.ROLE_TOO_LOW,
    ),
    Case(
        "an accredited laboratory that tested as a developer counts as a developer",
        lambda: decided(exhibit(role="developer"), asks=requirement(least_role="independent")),
        because=Refusal.ROLE_TOO_LOW,
    ),
    Case(
        "a row that demands accreditation refuses less",
        lambda: decided(
            exhibit(role="independent"), agreements=(agreement(row(least_role="accredited")),)
        ),
        because=Refusal.ROLE_TOO_LOW,
    ),
]

CASES = STATEMENT + MEASURED + WHO + SCOPE + CONDITIONS


@pytest.mark.parametrize("case", [pytest.param(case, id=case.sentence) for case in CASES])
def test_whose_measurements_count(case: Case) -> None:
    decision = case.decide()
    (finding,) = decision.findings
    reasons = {refused.reason for refused in finding.refused}
    reasons |= {aside.reason for aside in decision.set_aside}
    assert (finding.verdict, reasons) == (case.verdict, {case.because} - {None})
    assert bool(finding.used) == (case.because is None)
    assert bool(decision.delta.items) == (finding.verdict == "not_tested")


def test_every_refusal_has_a_case() -> None:
    after_admission = {
        Refusal.SUPERSEDED,
        Refusal.REPLACED_BY_FRESH,
        Refusal.TOO_FEW_ITEMS,
        Refusal.ITEMS_MISSING,
    }
    assert {case.because for case in CASES} - {None} == set(Refusal) - after_admission


def test_admit_answers_for_a_single_claim() -> None:
    paper = exhibit()
    assert paper.assessment is not None
    ask = {
        "system": system(),
        "agreements": (agreement(),),
        "standing": Standing(),
        "country": country(),
        "date": TODAY,
    }
    answer = admit(paper.assessment.claims[0], paper, requirement(), **ask)  # type: ignore[arg-type]
    assert answer == Admitted(
        "accredited", "weights", agreement().agreement.digest, "north-to-coast"
    )
    ask |= {"agreements": ()}
    answer = admit(paper.assessment.claims[0], paper, requirement(), **ask)  # type: ignore[arg-type]
    assert answer == Denied(Refusal.NOBODY_RECOGNISES)


def test_the_reason_given_is_that_of_the_door_nearest_to_opening() -> None:
    agreements = (
        agreement(title="unsigned", signed_by=()),
        agreement(row(measures=()), title="other measures"),
        agreement(title="too old", freshness=Freshness(max_age_days=1, model_change="none")),
    )
    (finding,) = decided(exhibit(), agreements=agreements).findings
    assert [refused.reason for refused in finding.refused] == [Refusal.TOO_OLD]


def test_refusals_for_the_same_reason_are_one_line_with_a_count() -> None:
    slices = [claim(slice={"site": str(i)}) for i in range(60)]
    (finding,) = decided(exhibit(claim(), *slices)).findings
    assert finding.verdict == "satisfied"
    assert [(line.reason, line.claims) for line in finding.refused] == [(Refusal.OTHER_SLICE, 60)]
