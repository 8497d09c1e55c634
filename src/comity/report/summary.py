"""*In short*: the few sentences that most people read, made from the claims alone.

There is no overall score and no verdict. A sentence names a number only where a claim holds it,
and always with its interval.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from markupsafe import Markup, escape

from comity.claims import CATALOGUE, Assessment, Claim, Reason
from comity.report.forecast import skill_in_short
from comity.report.foreign import foreign
from comity.report.grouping import Panel, label_of, panels_of, partition_name
from comity.report.numbers import Estimate, count_text, estimate_of
from comity.report.question_words import LANGUAGES, SHORT

__all__ = ["in_short"]

_TESTED = "{name}, version {version}, was tested on {evaluated} rows of {data}."
_ASKED = "{name}, version {version}, was asked {asked} questions, and answered {evaluated}."
_TOKENS = (
    "The same text takes {ratio} times as many tokens in {language} as in English, the most of "
    "{n} languages."
)
_RIGHT = "Of 100 predictions, {rate} were right."
_RANKED = (
    "In 100 pairs of one case of each outcome, the system scores the right one higher in {rate}."
)
_REACHED = {
    "fairness.tpr": "Of 100 who should be selected, the system selects {worst} in the group "
    "“{worst_group}” and {best} in the group “{best_group}”",
    "fairness.selection_rate": "Of 100 people, the system selects {worst} in the group "
    "“{worst_group}” and {best} in the group “{best_group}”",
}
_GAP = "; the gap by {partition} is {gap}, more than chance alone explains."
_GAP_OR_NONE = (
    "; the gap by {partition} is {gap}, so these data do not rule out that there is none."
)
_COMBINED = (
    "Where {partition} are combined, the best and the worst group are {gap} apart, "
    "more than chance alone explains."
)
_COMBINED_OR_NONE = (
    "Where {partition} are combined, the best and the worst group are {gap} apart, "
    "so these data do not rule out that they are alike."
)
_CALIBRATED = "A stated probability is, on average, {gap} away from what happened."
_MEMBERS = (
    "Of 100 rows that the system was trained on, an attack that looks at its errors names {rate}, "
    "where chance names one."
)
_WITHHELD = (
    "In {n} groups numbers are withheld, because so few people give no sound number; "
    "this does not protect their privacy."
)
_WITHHELD_ONE = (
    "In one group numbers are withheld, because so few people give no sound number; "
    "this does not protect their privacy."
)
_UNMEASURED = "{n} quantities were not measured at all; the reasons stand below."
_UNMEASURED_ONE = "One quantity was not measured at all; the reason stands below."
_DECLARED = "Nothing but the owner’s word ties these numbers to the system in use."
_NO_VERDICT = (
    "Whether this is good enough is not said here: each country decides that by its own rules."
)

_FEW_PANELS = 3
_SMALL = Decimal("0.02")


def in_short(assessment: Assessment) -> list[Markup]:
    """The opening sentences of a report, most important first."""
    system, data = assessment.system, assessment.data
    sentences = [
        escape(_ASKED if data.selection == "questions" else _TESTED).format(
            name=foreign(system.name),
            version=foreign(system.version),
            asked=count_text(data.rows),
            evaluated=count_text(data.evaluated),
            data=foreign(data.name),
        )
    ]
    sentences += _questions(assessment.claims)
    sentences += _overall(assessment.claims)
    sentences += skill_in_short(assessment)
    sentences += _groups(assessment)
    error = _whole(_number(assessment.claims, "calibration.expected_error"))
    if error is not None:
        sentences.append(escape(_CALIBRATED).format(gap=error.in_words))
    members = _number(assessment.claims, "privacy.membership_tpr_at_fpr")
    if members is not None:
        sentences.append(escape(_MEMBERS).format(rate=_bare_people(members)))
    sentences += _missing(assessment.claims)
    if system.identity.binding == "declared":
        sentences.append(escape(_DECLARED))
    sentences.append(escape(_NO_VERDICT))
    return sentences


def _overall(claims: Iterable[Claim]) -> list[Markup]:
    claims = tuple(claims)
    sentences = []
    for measure, words in (("accuracy.accuracy", _RIGHT), ("accuracy.auroc", _RANKED)):
        estimate = _number(claims, measure)
        if estimate is not None:
            sentences.append(escape(words).format(rate=_bare_people(estimate)))
    return sentences


def _questions(claims: Iterable[Claim]) -> list[Markup]:
    """What a language model does, of a hundred questions; and what its languages cost."""
    known = {(one.measure, tuple(sorted(one.slice.items()))): one for one in claims}
    sentences = []
    for first, second, words in SHORT:
        pair = [known[about] for about in (first, second) if about in known]
        numbers = [estimate_of(one, CATALOGUE[one.measure].unit) for one in pair]
        given = [_bare_people(number) for number in numbers if number is not None]
        if len(given) == 2:
            sentences.append(escape(words).format(*given))
    premiums = {
        part[0][1]: Decimal(one.estimate)
        for (measure, part), one in known.items()
        if measure == "languages.token_premium" and one.estimate is not None and part
    }
    if premiums:
        dearest = max(premiums, key=lambda language: premiums[language])
        sentences.append(
            escape(_TOKENS).format(
                ratio=Estimate(premiums[dearest], unit="ratio").text,
                language=foreign(LANGUAGES.get(dearest, dearest)),
                n=len(premiums),
            )
        )
    return sentences


def _groups(assessment: Assessment) -> list[Markup]:
    sentences: list[Markup] = []
    panels = panels_of(assessment, "fairness")
    single = [panel for panel in panels if len(panel.partition) == 1]
    combined = [panel for panel in panels if len(panel.partition) > 1]
    for panel in single[:_FEW_PANELS]:
        sentences += _worst_and_best(panel)
    for panel in combined[:_FEW_PANELS]:
        gap = _gap(panel, "fairness.tpr") or _gap(panel, "fairness.selection_rate")
        if gap is not None:
            words = _COMBINED_OR_NONE if gap.low is not None and gap.low <= 0 else _COMBINED
            sentences.append(
                escape(words).format(partition=partition_name(panel.partition), gap=gap.in_words)
            )
    return sentences


def _worst_and_best(panel: Panel) -> list[Markup]:
    """One sentence on the measure that says most: who is found, else who is selected."""
    for measure, words in _REACHED.items():
        claims = [claim for claim in panel.groups.get(measure, ()) if claim.estimate is not None]
        if len(claims) < 2:
            continue
        ordered = sorted(claims, key=lambda claim: Decimal(claim.estimate or 0))
        worst, best = (estimate_of(claim, "rate") for claim in (ordered[0], ordered[-1]))
        assert worst is not None and best is not None
        sentence = escape(words).format(
            worst=_bare_people(worst),
            worst_group=label_of(ordered[0].slice),
            best=_bare_people(best),
            best_group=label_of(ordered[-1].slice),
        )
        gap = _gap(panel, measure)
        if gap is None:
            return [sentence + "."]
        tail = _GAP_OR_NONE if gap.low is not None and gap.low <= 0 else _GAP
        partition = partition_name(panel.partition)
        return [sentence + escape(tail).format(partition=partition, gap=gap.in_words)]
    return []


def _missing(claims: Iterable[Claim]) -> list[Markup]:
    """How many groups lack a number because they are small, and which measures lack any."""
    claims = tuple(claims)
    withheld = {
        tuple(sorted(claim.slice.items()))
        for claim in claims
        if claim.slice and claim.reason is Reason.GROUP_TOO_SMALL
    }
    measured = {claim.measure for claim in claims if claim.status == "measured"}
    lacking = {claim.measure for claim in claims} - measured
    sentences = []
    if withheld:
        words = _WITHHELD_ONE if len(withheld) == 1 else _WITHHELD
        sentences.append(escape(words).format(n=len(withheld)))
    if lacking:
        words = _UNMEASURED_ONE if len(lacking) == 1 else _UNMEASURED
        sentences.append(escape(words).format(n=len(lacking)))
    return sentences


def _gap(panel: Panel, measure: str) -> Estimate | None:
    gap = next((one for one in panel.gaps if one.measure == f"{measure}_gap"), None)
    return None if gap is None else _whole(estimate_of(gap, "difference"))


def _whole(estimate: Estimate | None) -> Estimate | None:
    """In whole percentage points, unless that would leave nothing."""
    if estimate is None or estimate.point < _SMALL:
        return estimate
    return estimate._replace(digits=0)


def _number(claims: Iterable[Claim], measure: str) -> Estimate | None:
    for claim in claims:
        if claim.measure == measure and not claim.slice:
            return estimate_of(claim, CATALOGUE[measure].unit)
    return None


def _bare_people(estimate: Estimate) -> str:
    return estimate.of_hundred.replace(" of 100", "", 1)
