"""Who may raise an alert: forecasts whose skill was shown, and nobody else.

1. One *case* is a district, a lead, a method and a threshold. All cases of a service are one
   family, handed over together, also those that could not be tested.
2. The verdict is *skill shown* where the false discovery rate over the family stays within `RATE`
   (see `discovery`), and *skill not shown* otherwise, with the reason. *Not shown* is no verdict
   that there is none.
3. `Odds` always holds the raw probability and that of climatology. An alert may be raised only by
   the probability of a method whose skill was shown at this threshold; of two, by the one with more
   skill there, since post-processing that is better on the whole may be worse in the tail. Where
   none was shown the odds of climatology stand for it, and the raw ones stay visible beside them.
4. Where a method has no opinion, its probability is None: never 0. Beyond the largest value of its
   training years neither isotonic regression nor climatology has one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from comity.errors import InputError
from comity.statistics import Bounds
from early_warning.forecast.discovery import Rule, adjusted
from early_warning.forecast.pairs import Pairs
from early_warning.forecast.proof import (
    BASELINES,
    Losses,
    Proof,
    cross_validated,
    losses_of,
    prove,
)

__all__ = ["RATE", "Case", "Odds", "Verdict", "judge", "odds", "prove_all"]

RATE = 0.1
Method = Literal["isotonic", "raw"]


@dataclass(frozen=True)
class Case:
    """What is tested. Rule 1.

    Attributes:
        district: Its code.
        lead: Hours ahead.
        method: Which forecast.
        threshold: That of the alert, in the unit of the record; None for the CRPS.
    """

    district: str
    lead: int
    method: Method
    threshold: float | None


@dataclass(frozen=True)
class Verdict:
    """What is believed of one case. Rule 2.

    Attributes:
        case: What was tested.
        shown: Whether skill was shown.
        skill: Against climatology, of the season or of the whole year, whichever is harder to beat;
            with the interval of this case alone.
        p: One-sided p-value of this case alone.
        rate: The least false discovery rate at which it is believed.
        words: `skill shown`, or `skill not shown` and why.
    """

    case: Case
    shown: bool
    skill: Bounds
    p: float
    rate: float
    words: str


@dataclass(frozen=True)
class Odds:
    """The probabilities of one district, lead and threshold on one day. Rules 3 and 4.

    Attributes:
        raw: Share of the ensemble's members above the threshold.
        isotonic: After post-processing; None where it has no opinion.
        climatology: What the season says; None where it has no opinion.
        used: The probability that counts; None where nobody has an opinion that counts.
        by: Whose it is: `isotonic`, `raw` or `climatology`.
        may_alert: Whether an alert may rest on it.
        words: Why, for the forecaster.
    """

    raw: float
    isotonic: float | None
    climatology: float | None
    used: float | None
    by: Literal["isotonic", "raw", "climatology"]
    may_alert: bool
    words: str


def prove_all(
    district: str, lead: int, pairs: Pairs | None, thresholds: Sequence[float | None]
) -> dict[Case, Proof]:
    """The cases of one district and lead, each tested or with the reason why it was not. Rule 1.

    Args:
        district: Its code.
        lead: Hours ahead.
        pairs: Its record; None where there is none.
        thresholds: Those of its alerts; None for the CRPS.
    """
    cases = [Case(district, lead, method, one) for one in thresholds for method in get_args(Method)]
    if pairs is None:
        return dict.fromkeys(cases, _untested("there is no record"))
    try:
        forecasts = cross_validated(pairs)
    except InputError as error:
        return dict.fromkeys(cases, _untested(error.what))
    losses = {one: losses_of(forecasts, pairs, one) for one in thresholds}
    return {case: _hardest(losses[case.threshold], case.method) for case in cases}


def _hardest(losses: Losses, method: Method) -> Proof:
    """Rule 3 of `proof`."""
    of = losses.of
    proofs = [prove(of[method], of[baseline], losses.days) for baseline in BASELINES]
    return max(proofs, key=lambda one: (one.p, -(one.skill.estimate or 0.0)))


def judge(
    proofs: Mapping[Case, Proof], *, rate: float = RATE, rule: Rule = "benjamini-hochberg"
) -> dict[Case, Verdict]:
    """The verdicts of a whole family.

    Args:
        proofs: Every case that was planned; one that could not be tested has p = 1.
        rate: False discovery rate that is allowed over the family.
        rule: See `discovery`.
    """
    rates = adjusted([one.p for one in proofs.values()], rule)
    return {
        case: Verdict(
            case, value <= rate, proof.skill, proof.p, float(value), _words(proof, value <= rate)
        )
        for (case, proof), value in zip(proofs.items(), rates, strict=True)
    }


def odds(
    raw: float,
    isotonic: float | None,
    climatology: float | None,
    verdicts: Sequence[Verdict],
) -> Odds:
    """Which probability counts, of one district, lead and threshold. Rules 3 and 4.

    Args:
        raw: Share of members above the threshold.
        isotonic: After post-processing, or None.
        climatology: What the season says, or None.
        verdicts: Those of this district, lead and threshold; at most one for each method.
    """
    stated = {"raw": raw, "isotonic": isotonic}
    able = [one for one in verdicts if one.shown and stated[one.case.method] is not None]
    if able:
        method = max(able, key=lambda one: one.skill.estimate or 0.0).case.method
        return Odds(raw, isotonic, climatology, stated[method], method, True, "skill shown")
    why = "; ".join(f"{one.case.method}: {one.words}" for one in verdicts)
    return Odds(
        raw, isotonic, climatology, climatology, "climatology", False, why or "skill was not tested"
    )


def _untested(why: str) -> Proof:
    return Proof(Bounds(None, None, None, "none"), 1.0, why)


def _words(proof: Proof, shown: bool) -> str:
    if shown:
        return "skill shown"
    if proof.untested:
        why = proof.untested
    elif proof.skill.estimate is None:
        why = "climatology made no error to improve on"
    elif proof.skill.low is None:
        why = "the record is too short for its memory, or a few events decide it"
    elif proof.skill.estimate <= 0:
        why = "it was no better than climatology"
    elif proof.skill.low <= 0:
        why = "it was better than climatology, but chance can explain it"
    else:
        why = "it was better than climatology, but among so many tests chance can explain it"
    return f"skill not shown: {why}"
