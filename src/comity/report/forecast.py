"""What a forecast has of its own: a certificate, its losses and skills, and its drift.

The certificate says what a metrologist's says: what, on which data, how split, how sure, against
which baseline, valid for which population.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from markupsafe import Markup, escape

from comity.claims import CATALOGUE, Assessment, Claim, Procedure, Reason
from comity.report.assessment_words import RISKS, WORDS
from comity.report.figures import level_text, plot_of, row_of, title_of
from comity.report.foreign import foreign
from comity.report.grouping import is_of_forecast, label_of, risk_of
from comity.report.numbers import count_text, estimate_of
from comity.report.page import Section, render

__all__ = ["forecast_sections", "skill_in_short", "skill_verdict"]

_TOLD = ("crps", "quantile", "quantiles", "level", "between")
"""Parameters that tell two claims of one measure apart."""
_MAIN = ("crps", "pinball", "mae", "rmse")
"""Losses, the one that says most about its form first."""


def forecast_sections(assessment: Assessment) -> list[Section]:
    """The sections of a forecast; none where the assessment holds no claim about one."""
    procedures = {one.digest: one for one in assessment.procedures}
    pairs = [
        (claim, procedures[claim.procedure])
        for claim in assessment.claims
        if is_of_forecast(claim) and claim.estimate is not None
    ]
    if not pairs:
        return []
    skills = [pair for pair in pairs if risk_of(pair[0]) == "skill"]
    drifts = [pair for pair in pairs if risk_of(pair[0]) == "stability"]
    sections = [Section(WORDS["forecast"], _certificate(assessment, pairs), "certificate")]
    for name, figures in (("skill", _skills(skills)), ("stability", _drifts(drifts))):
        if figures:
            sections.append(Section(RISKS[name], Markup("\n").join(figures), name))
    return sections


def skill_verdict(claim: Claim) -> str:
    """What an interval of a skill lets one say: shown, worse, or not shown and why."""
    if claim.interval is None:
        return WORDS["skill_too_few"] if claim.reason is Reason.TOO_FEW_EVENTS else ""
    if Decimal(claim.interval.low) > 0:
        return WORDS["skill_shown"]
    return WORDS["skill_negative" if Decimal(claim.interval.high) < 0 else "skill_open"]


def skill_in_short(assessment: Assessment) -> list[Markup]:
    """One sentence on the skill that says most; none where there is no skill."""
    procedures = {one.digest: one for one in assessment.procedures}
    overall = {
        claim.measure: claim
        for claim in reversed(assessment.claims)
        if claim.measure.endswith("_skill") and not claim.slice
    }
    for name in _MAIN:
        claim = overall.get(f"skill.{name}_skill")
        estimate = None if claim is None else estimate_of(claim, "skill")
        if claim is not None and estimate is not None:
            sentence = escape(WORDS["skill_short"]).format(
                baseline=_baseline([(claim, procedures[claim.procedure])]),
                skill=estimate.in_words,
                verdict=skill_verdict(claim),
            )
            return [sentence]
    return []


_Pair = tuple[Claim, Procedure]


def _certificate(assessment: Assessment, pairs: list[_Pair]) -> Markup:
    claims = [claim for claim, _ in pairs]
    procedure = pairs[0][1]
    parameters = procedure.parameters
    data = assessment.data
    unit = parameters.get("unit_of_measure", "")
    form = ", ".join(filter(None, [parameters.get("form", ""), unit]))
    apart = parameters.get("kept_apart", "")
    split = [foreign(procedure.split) if procedure.split else escape(WORDS["forecast_unsplit"])]
    if apart:
        split.append(escape(WORDS["forecast_apart"]).format(roles=foreign(apart)))
    sure = WORDS["forecast_blocks"].format(level=level_text(claims), order="{order}")
    evaluated = f"{count_text(data.evaluated)} {WORDS['evaluated']} {count_text(data.rows)}"
    population = Markup(" · ").join(
        Markup("{}: {}").format(foreign(key), foreign(value))
        for key, value in sorted(claims[0].population.items())
    )
    facts: list[tuple[str, list[Markup]]] = [
        (WORDS["system"], [foreign(f"{assessment.system.name}, {assessment.system.version}")]),
        (WORDS["forecast_what"], [foreign(form)]),
        (WORDS["forecast_data"], [foreign(data.name), escape(f"{evaluated} {WORDS['in_file']}")]),
        (WORDS["forecast_valid"], [population]),
        (WORDS["forecast_split"], split),
        (WORDS["forecast_baseline"], [_baseline(pairs)]),
        (WORDS["forecast_result"], _result(pairs)),
        (
            WORDS["forecast_sure"],
            [escape(sure).format(order=foreign(parameters.get("blocks", "")))],
        ),
    ]
    return render("certificate.html.j2", facts=facts, words=WORDS)


def _baseline(pairs: Iterable[_Pair]) -> Markup:
    for claim, procedure in pairs:
        if claim.measure.endswith("_skill"):
            rule = procedure.parameters.get("baseline", "")
            return foreign(rule) if rule else escape(WORDS["forecast_undescribed"])
    return escape(WORDS["forecast_no_baseline"])


def _result(pairs: list[_Pair]) -> list[Markup]:
    """The main loss with its interval, the skill, and what that skill lets one say."""
    overall = [pair for pair in pairs if not pair[0].slice and risk_of(pair[0]) == "skill"]
    for name in _MAIN:
        found = {claim.measure: (claim, how) for claim, how in reversed(overall)}
        loss, skill = found.get(f"skill.{name}"), found.get(f"skill.{name}_skill")
        if loss is None:
            continue
        lines = [_sentence(*loss)]
        if skill is not None:
            lines += [
                _sentence(*skill),
                Markup("<strong>{}</strong>").format(skill_verdict(skill[0])),
            ]
        return lines
    return [_sentence(claim, how) for claim, how in overall[:1]]


def _sentence(claim: Claim, procedure: Procedure) -> Markup:
    estimate = estimate_of(claim, _unit(claim))
    assert estimate is not None
    unit = (
        "" if _unit(claim) in ("rate", "skill") else procedure.parameters.get("unit_of_measure", "")
    )
    return Markup("{}: {} {}").format(_named(claim, procedure), estimate.in_words, foreign(unit))


def _skills(pairs: list[_Pair]) -> list[Markup]:
    """Skills, losses and coverages over all rows; then each of them by site."""
    figures = []
    overall = [pair for pair in pairs if not pair[0].slice]
    for kind, title, note in (
        ("skill", "skills", WORDS["skills_note"]),
        ("unit of the truth", "losses", _unit_of_measure(pairs)),
        ("rate", "coverages", ""),
    ):
        chosen = [pair for pair in overall if _unit(pair[0]) == kind]
        if not chosen:
            continue
        figures.append(
            plot_of(
                [row_of(_named(*pair), pair[0]) for pair in chosen],
                [claim for claim, _ in chosen],
                _caption(WORDS[title], note),
                WORDS["measure"],
                Decimal(0) if kind == "skill" else None,
            )
        )
    sites = [pair for pair in pairs if pair[0].slice]
    if sites:
        figures.append(Markup("<h3>{}</h3>").format(WORDS["by_site"]))
    for _, same in groupby(sites, key=lambda pair: pair[0].procedure):
        chosen = list(same)
        note = "" if _unit(chosen[0][0]) in ("skill", "rate") else _unit_of_measure(chosen)
        figures.append(
            plot_of(
                [row_of(label_of(claim.slice), claim) for claim, _ in chosen],
                [claim for claim, _ in chosen],
                _caption(_named(*chosen[0]), note),
                "Site",
                Decimal(0) if _unit(chosen[0][0]) == "skill" else None,
            )
        )
    return figures


def _drifts(pairs: list[_Pair]) -> list[Markup]:
    if not pairs:
        return []
    note = " ".join(filter(None, [WORDS["drift"], _unit_of_measure(pairs)]))
    rows = [row_of(_named(*pair), pair[0]) for pair in pairs]
    return [plot_of(rows, [one for one, _ in pairs], _caption("", note), WORDS["measure"])]


def _named(claim: Claim, procedure: Procedure) -> Markup:
    """The title of a measure, with what tells this procedure from its siblings."""
    told = ", ".join(
        f"{key} {procedure.parameters[key]}" if key != "crps" else procedure.parameters[key]
        for key in _TOLD
        if key in procedure.parameters
    )
    title = escape(title_of(claim.measure))
    return Markup('{} <span class="note">{}</span>').format(title, foreign(told)) if told else title


def _caption(title: str | Markup, note: str | Markup) -> Markup:
    return Markup('{} <span class="note">{}</span>').format(title, note)


def _unit_of_measure(pairs: list[_Pair]) -> Markup:
    return foreign(pairs[0][1].parameters.get("unit_of_measure", "")) if pairs else Markup("")


def _unit(claim: Claim) -> str:
    return CATALOGUE[claim.measure].unit if claim.measure in CATALOGUE else ""
