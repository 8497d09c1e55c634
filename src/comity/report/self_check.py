"""The page of a self-check: every planted truth beside the interval that was found for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from markupsafe import Markup, escape

from comity.claims import CATALOGUE, Claim, decimal_text
from comity.report.assessment_words import RISKS
from comity.report.figures import level_text, title_of
from comity.report.grouping import label_of
from comity.report.missing import gather
from comity.report.numbers import NOTHING, Estimate, estimate_of
from comity.report.page import Section, page, render
from comity.report.plots import Columns, Row, interval_plot

__all__ = ["Checked", "self_check_page"]

_SCALES = {"probability": "rate"}
"""Units that share an axis with another."""
_FATES = {
    "held": "",
    "missed": "the interval misses the truth",
    "far": "the interval misses the truth by far",
    "wrong": "another number than the truth",
    "absent": "not found",
}
_KICKER = "Self-check"
_TITLE = "Does the measuring find what was planted?"
_HOLDS = "Yes. {held} of {intervals} intervals hold the truth that was planted."
_FAILS = "No. {held} of {intervals} intervals hold the truth that was planted."
_LEAD = (
    "A simulated language model refuses, leaks, copies, discriminates and answers worse in some "
    "languages at rates that are known. It was asked over the same protocol as any other model."
)
_HOW = (
    "An interval at {level} misses the truth now and then, so single misses are no fault. Of "
    "{intervals} intervals, {allowed} may miss it: a program that is right has more misses once in "
    "a thousand times. It may never miss by far (the interval stretched twofold still misses), "
    "find another number where no interval is needed, or find nothing where something was planted."
)
_NOT = (
    "It says that the questions are counted and the intervals calculated as they should be. It "
    "does not say that the scorers read the answers of a real model as well as those of this one."
)


class Checked(NamedTuple):
    """One planted truth and what was found.

    Attributes:
        measure: Id of the measure.
        slice: Which part of the data, as sorted pairs.
        truth: What was planted.
        claim: What was claimed; None where no claim speaks of it.
        fate: How the two agree.
        model: Which model, where there are several; may be empty.
    """

    measure: str
    slice: tuple[tuple[str, str], ...]
    truth: float
    claim: Claim | None
    fate: Literal["held", "missed", "far", "wrong", "absent"]
    model: str = ""


def self_check_page(
    checked: Sequence[Checked],
    *,
    holds: bool,
    allowed: int,
    others: Iterable[Claim],
    generated: str,
) -> str:
    """The page as one self-contained HTML file.

    Args:
        checked: Truths beside claims.
        holds: The verdict.
        allowed: How many intervals may miss.
        others: Claims about which nothing was planted, measured or not.
        generated: When the page was made, as text.
    """
    claims = [one.claim for one in checked if one.claim is not None]
    with_interval = [one for one in checked if one.claim is not None and one.claim.interval]
    held = sum(one.fate == "held" for one in with_interval)
    words = {
        "held": held,
        "intervals": len(with_interval),
        "allowed": allowed,
        "level": level_text(claims),
    }
    others = tuple(others)
    sections = [
        Section(RISKS.get(risk, risk), _plots(group), risk)
        for risk, group in _by_risk(checked).items()
    ]
    missing = gather(claim for claim in others if claim.status != "measured")
    if missing:
        sections.append(
            Section(
                "What was not measured, and why",
                render("missing.html.j2", gathered=missing),
                "unmeasured",
            )
        )
    how = Markup("<p>{}</p><p>{}</p>").format(_HOW.format(**words), _NOT)
    sections.append(Section("How it is decided", how, "how"))
    return page(
        (_HOLDS if holds else _FAILS).format(**words),
        sections,
        kicker=f"{_KICKER}: {_TITLE[0].lower()}{_TITLE[1:]}",
        lead=_LEAD,
        foot=f"Page made on {generated}.",
    )


def _by_risk(checked: Iterable[Checked]) -> dict[str, list[Checked]]:
    found: dict[str, list[Checked]] = {}
    for one in checked:
        found.setdefault(one.measure.partition(".")[0], []).append(one)
    return found


def _plots(checked: Iterable[Checked]) -> Markup:
    """One plot for each scale on which the measures of a risk stand."""
    scales: dict[str, list[Checked]] = {}
    for one in checked:
        unit = _unit(one.measure)
        scales.setdefault(_SCALES.get(unit, unit), []).append(one)
    return Markup("\n").join(_plot(group) for group in scales.values())


def _plot(checked: Sequence[Checked]) -> Markup:
    claims = [one.claim for one in checked if one.claim is not None]
    columns = Columns("Measure", "Found", f"{level_text(claims)} interval", "Truth")
    caption = Markup('<span class="note">{}</span>').format(
        "The bar is the interval, the dot the estimate, the upright line the planted truth."
    )
    return interval_plot([_row(one) for one in checked], caption=caption, columns=columns)


def _row(one: Checked) -> Row:
    unit = _unit(one.measure)
    truth = Decimal(decimal_text(one.truth))
    estimate = estimate_of(one.claim, unit) if one.claim else None
    label = Markup("{}").format(title_of(one.measure))
    apart = [label_of(dict(one.slice))] if one.slice else []
    apart += [escape(one.model)] if one.model else []
    if apart:
        label += Markup(' <span class="note">{}</span>').format(Markup(", ").join(apart))
    note = _FATES[one.fate]
    if estimate is None:
        note = f"{note}; truth {Estimate(truth, unit=unit).text}"
    return Row(label, estimate, Estimate(truth, unit=unit).text or NOTHING, note, truth)


def _unit(measure: str) -> str:
    return CATALOGUE[measure].unit if measure in CATALOGUE else ""
