"""One requirement of a decision, explained: the verdict, the drawing, and the chain of reasons."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from comity.claims import CATALOGUE, Assessment
from comity.claims.decision import Finding, Note, Refused, Used
from comity.claims.regime import Requirement
from comity.report.decision_words import METHODS, WORDS
from comity.report.foreign import foreign
from comity.report.marks import Weighed, exact_text, mark_plot, mark_text, weigh
from comity.report.numbers import count_text

__all__ = [
    "Explained",
    "Link",
    "as_code",
    "explain",
    "fill",
    "labels",
    "note_sentence",
    "reason_sentence",
    "statement_link",
]

_DIGEST_SHOWN = 12


class Link(NamedTuple):
    """One step of a chain: a claim that counts, in words, with what must be linked."""

    used: Used
    value: str
    cases: str
    bound: str
    method: str
    about: Markup
    laboratory: Markup
    finished: str


class Explained(NamedTuple):
    """A finding, ready to be shown.

    Attributes:
        finding: The finding.
        place: Its place in the regime, from 0.
        requirement: The requirement's text, where the regime was handed in.
        because: The ground, as a sentence.
        asked: The mark in words; empty without one.
        plot: The drawing; empty where nothing was compared with a mark.
        chain: The claims that count.
        refused: Sentences: what does not count, and why.
        notes: Sentences: what to know beside the verdict.
    """

    finding: Finding
    place: int
    requirement: Requirement | None
    because: Markup
    asked: str
    plot: Markup
    chain: list[Link]
    refused: list[Markup]
    notes: list[Markup]


def explain(
    finding: Finding,
    *,
    place: int,
    requirement: Requirement | None,
    measure_id: str,
    assessments: Mapping[str, Assessment],
) -> Explained:
    """Put one finding into words and into a drawing.

    Args:
        finding: The finding.
        place: Its place in the regime, from 0.
        requirement: The requirement, where the regime is at hand.
        measure_id: What was to be measured; empty where only the claims can tell.
        assessments: The assessments it rests on, by the digest of their statements.
    """
    measure_id = measure_id or _measure_of(finding, assessments)
    measure = CATALOGUE.get(measure_id)
    unit = measure.unit if measure else ""
    weighed = weigh(finding, unit)
    by_claim = {id(one.used): one for one in weighed}
    plot = Markup("")
    if finding.verdict in ("satisfied", "marginal", "not_satisfied") and weighed:
        title = Markup('{} <span class="note">{}</span>')
        caption = title.format(measure.title, measure.shows) if measure else foreign(measure_id)
        plot = mark_plot(finding, weighed, unit, caption)
    return Explained(
        finding=finding,
        place=place,
        requirement=requirement,
        because=reason_sentence(_capital(finding.ground.sentence), finding.detail),
        asked=_asked(finding, unit),
        plot=plot,
        chain=[
            _link(used, by_claim.get(id(used)), unit, assessments.get(used.statement))
            for used in finding.used
        ],
        refused=[_refused(one) for one in finding.refused],
        notes=[note_sentence(note) for note in finding.notes],
    )


def _measure_of(finding: Finding, assessments: Mapping[str, Assessment]) -> str:
    """Which measure the claims that count are of."""
    for used in finding.used:
        assessment = assessments.get(used.statement)
        for claim in assessment.claims if assessment else ():
            if (claim.measurand, claim.slice) == (used.measurand, used.slice):
                return claim.measure
    return ""


def _asked(finding: Finding, unit: str) -> str:
    mark = finding.mark
    if mark is None:
        return ""
    parts = [WORDS["mark"].format(mark=mark_text(mark, unit))]
    if mark.min_n > 1:
        parts.append(WORDS["mark_items"].format(n=count_text(mark.min_n)))
    if mark.min_n_each_group:
        parts.append(WORDS["mark_groups"].format(n=count_text(mark.min_n_each_group)))
    return ", ".join(parts) + f". {WORDS[mark.reading]}"


def _link(used: Used, weighed: Weighed | None, unit: str, assessment: Assessment | None) -> Link:
    name = foreign(assessment.assessor.name) if assessment else Markup("")
    laboratory = Markup("{} ({})").format(name, as_code(used.laboratory)) if name else None
    return Link(
        used=used,
        value=weighed.value_text if weighed else exact_text(Decimal(used.estimate), unit),
        cases=_cases(used, weighed),
        bound=weighed.bound_text if weighed and weighed.bound is not None else "",
        method=_method(used.bound_method),
        about=labels({**used.population, **used.slice}),
        laboratory=laboratory or as_code(used.laboratory),
        finished=assessment.finished[:10] if assessment else "",
    )


def _cases(used: Used, weighed: Weighed | None) -> str:
    if weighed is not None and weighed.denominator != 1:
        numerator, denominator = int(weighed.numerator), weighed.denominator
        return WORDS["chain_cases"].format(k=count_text(numerator), n=count_text(denominator))
    return WORDS["chain_items"].format(n=count_text(used.counts.planned))


def _method(method: str) -> str:
    if method.startswith("claimed:"):
        return WORDS["chain_claimed"].format(method=method.removeprefix("claimed:"))
    return METHODS.get(method, METHODS["other"].format(method=method))


def _refused(one: Refused) -> Markup:
    return fill(
        WORDS["refused_one" if one.claims == 1 else "refused_many"],
        n=count_text(one.claims),
        laboratory=as_code(one.laboratory),
        statement=statement_link(one.statement),
        reason=reason_sentence(one.reason.sentence, one.detail),
    )


def note_sentence(note: Note) -> Markup:
    """A remark as a sentence."""
    return reason_sentence(_capital(note.ground.sentence), note.detail) + "."


def reason_sentence(sentence: str, detail: str) -> Markup:
    """A reason, and the detail of the single case after a colon."""
    if not detail:
        return Markup("{}").format(sentence)
    return Markup("{}: {}").format(sentence, foreign(detail))


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def labels(labels: Mapping[str, str]) -> Markup:
    """A population or slice in one line."""
    return Markup(" · ").join(
        Markup("{}: {}").format(key, foreign(labels[key])) for key in sorted(labels)
    )


def statement_link(digest: str) -> Markup:
    """A digest, short, linked to where it stands in full."""
    return Markup('<a class="digest" href="#d-{}">{}</a>').format(digest, digest[:_DIGEST_SHOWN])


def as_code(text: str) -> Markup:
    """A name that machines use."""
    return Markup("<code>{}</code>").format(foreign(text))


def fill(words: str, **values: str | Markup) -> Markup:
    """One of our own sentences with values, which are escaped unless they are markup."""
    return Markup(words).format(**values)  # noqa: S704 - our own words
