"""The results of an assessment as figures: which claims go into which plot, in which words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from comity.claims import CATALOGUE, Assessment, Claim, Reason
from comity.report.assessment_words import RISKS, WORDS
from comity.report.foreign import foreign
from comity.report.grouping import (
    Panel,
    is_of_forecast,
    label_of,
    panels_of,
    partition_name,
    risk_of,
)
from comity.report.numbers import Estimate, aligned, count_text, estimate_of
from comity.report.page import Section, render
from comity.report.plots import Bin, Columns, Row, interval_plot, reliability_plot

__all__ = ["level_text", "plot_of", "results", "row_of", "title_of"]

_ONE_SCALE = ("rate", "probability", "difference")
_STATED = "calibration.mean_score"
_OBSERVED = "calibration.observed_rate"


def results(assessment: Assessment) -> list[Section]:
    """One section per risk that was measured, in the order of `RISKS`, unknown risks last.

    What a forecast has is shown by `forecast_sections`.
    """
    present = {
        risk_of(claim)
        for claim in assessment.claims
        if claim.estimate is not None and not is_of_forecast(claim)
    }
    order = [risk for risk in RISKS if risk in present]
    sections = []
    for risk in (*order, *sorted(present - set(order))):
        of_panel = _drifts if risk == "stability" else _figures
        figures = [figure for panel in panels_of(assessment, risk) for figure in of_panel(panel)]
        if figures:
            heading = RISKS.get(risk, risk)
            sections.append(Section(heading, Markup("\n").join(figures), risk))
    return sections


def title_of(measure: str) -> str:
    """Title of the catalogue; the id where the catalogue is older than the claim."""
    return CATALOGUE[measure].title if measure in CATALOGUE else measure


def level_text(claims: Iterable[Claim]) -> str:
    """Level of the intervals: `95 %`, or the lowest one with *or more* where they differ."""
    levels = {Decimal(claim.interval.level) for claim in claims if claim.interval is not None}
    if not levels:
        return "95\u202f%"
    return f"{(min(levels) * 100).normalize():f}\u202f%"


def _figures(panel: Panel) -> list[Markup]:
    if panel.partition and _OBSERVED in panel.groups:
        return [_calibration(panel)]
    if not panel.partition:
        return _overall(panel)
    figures = [
        _groups_plot(measure, claims)
        for measure, claims in panel.groups.items()
        if any(claim.estimate is not None for claim in claims)
    ]
    for claims, title, note, reference in (
        (panel.gaps, WORDS["gaps"], WORDS["gaps_note"], None),
        (panel.ratios, WORDS["ratios"], WORDS["ratios_note"], Decimal(1)),
    ):
        rows = [row_of(foreign(title_of(claim.measure)), claim) for claim in claims]
        if any(row.estimate is not None for row in rows):
            caption = _caption(title, note)
            figures.append(plot_of(rows, claims, caption, WORDS["measure"], reference))
    if figures:
        heading = Markup("<h3>{} {}</h3>").format(
            WORDS["by_group"], partition_name(panel.partition)
        )
        figures.insert(0, heading)
    return figures


def _drifts(panel: Panel) -> list[Markup]:
    """The gaps between windows, or sites, and under each the rates that were compared."""
    gaps = [claim for claim in panel.gaps if claim.estimate is not None]
    if not gaps:
        return []
    part = "window" if panel.partition == ("window",) else "place"
    rows = [row_of(escape(title_of(claim.measure)), claim) for claim in gaps]
    caption = _caption(WORDS["drifts"], WORDS["drifts_note"])
    figures = [
        Markup("<h3>{}</h3>").format(WORDS[f"by_{part}"]),
        plot_of(rows, gaps, caption, WORDS["measure"]),
    ]
    for claim in gaps:
        compared = [
            Row(
                label_of(cell.slice),
                Estimate(Decimal(cell.successes) / cell.scored) if cell.scored else None,
                f"{count_text(cell.successes)} of {count_text(cell.scored)}",
                "",
            )
            for cell in claim.cells
        ]
        caption = _caption(title_of(claim.measure), WORDS["compared"])
        figures.append(plot_of(compared, [claim], caption, WORDS[part]))
    return figures


def _groups_plot(measure: str, claims: Sequence[Claim]) -> Markup:
    entry = CATALOGUE.get(measure)
    reference = Decimal(1) if entry is not None and entry.unit == "ratio" else None
    rows = [row_of(label_of(claim.slice), claim) for claim in claims]
    shows = entry.shows if entry else ""
    notes = {row.note for row in rows if row.estimate is not None}
    if len(notes) == 1 and len(rows) > 1 and (note := notes.pop()):  # said once, not in every row
        shows = f"{shows} {note[0].upper()}{note[1:]}."
        rows = [row if row.estimate is None else row._replace(note="") for row in rows]
    return plot_of(rows, claims, _caption(title_of(measure), shows), WORDS["group"], reference)


def _overall(panel: Panel) -> list[Markup]:
    """Claims on all rows: those on one scale in one plot, the others as a list of readings."""
    claims = [
        claim for group in panel.groups.values() for claim in group if claim.estimate is not None
    ]
    drawn = [claim for claim in claims if _unit(claim) in _ONE_SCALE and claim.interval is not None]
    plain = [claim for claim in claims if claim not in drawn]
    figures = []
    if drawn:
        rows = [row_of(_title_and_meaning(claim), claim) for claim in drawn]
        figures.append(plot_of(rows, drawn, escape(WORDS["overall"]), WORDS["measure"]))
    if plain:
        readings = [(_title_and_meaning(claim), _estimate(claim)) for claim in plain]
        figures.append(
            render("readings.html.j2", readings=readings, words=WORDS, level=level_text(plain))
        )
    return figures


def _calibration(panel: Panel) -> Markup:
    """The reliability curve beside its table; a bin may lack its observed value."""
    stated = {_key(claim): _estimate(claim) for claim in panel.groups.get(_STATED, ())}
    pairs = [
        (said, _estimate(claim), claim)
        for claim in panel.groups[_OBSERVED]
        if (said := stated.get(_key(claim))) is not None
    ]
    pairs.sort(key=lambda pair: pair[0].point)
    drawing = reliability_plot(
        [Bin(said, seen, claim.counts.scored) for said, seen, claim in pairs],
        title=WORDS["reliability"],
        description=WORDS["reliability_alt"].format(bins=len(pairs)),
        stated=WORDS["axis_stated"],
        observed=WORDS["axis_observed"],
        rows=WORDS["axis_rows"],
    )
    lines = zip(
        aligned([said for said, _, _ in pairs]),
        aligned([seen for _, seen, _ in pairs]),
        [_cases(claim) for _, _, claim in pairs],
        [_why(claim) for _, _, claim in pairs],
        strict=True,
    )
    level = level_text(panel.groups[_OBSERVED])
    return render("calibration.html.j2", drawing=drawing, lines=lines, words=WORDS, level=level)


def plot_of(
    rows: Sequence[Row],
    claims: Sequence[Claim],
    caption: Markup,
    first: str,
    reference: Decimal | None = None,
) -> Markup:
    """An interval plot of claims; `first` is the heading of its labels."""
    interval = WORDS["interval"].format(level=level_text(claims))
    columns = Columns(first, WORDS["value"], interval, WORDS["count"])
    return interval_plot(rows, caption=caption, columns=columns, reference=reference)


def row_of(label: Markup, claim: Claim) -> Row:
    """One line of an interval plot."""
    estimate = _estimate(claim)
    return Row(label, estimate, _cases(claim) if estimate else "", _why(claim))


def _cases(claim: Claim) -> str:
    counts = claim.counts
    if counts.successes is None:
        return count_text(counts.scored)
    return f"{count_text(counts.successes)} of {count_text(counts.scored)}"


def _why(claim: Claim) -> str:
    """Why a row has no number, or no interval; empty where it has both."""
    if claim.reason is None:
        return ""
    if claim.estimate is not None:
        start = WORDS["no_interval"]
    else:
        start = WORDS["withheld" if claim.reason is Reason.GROUP_TOO_SMALL else "not_measured"]
    return f"{start} {claim.reason.sentence}"


def _caption(title: str, note: str) -> Markup:
    return Markup('{} <span class="note">{}</span>').format(title, note)


def _title_and_meaning(claim: Claim) -> Markup:
    entry = CATALOGUE.get(claim.measure)
    if entry is None:
        return foreign(claim.measure)
    return Markup('{} <span class="note small">{}</span>').format(entry.title, entry.shows)


def _estimate(claim: Claim) -> Estimate | None:
    return estimate_of(claim, _unit(claim))


def _unit(claim: Claim) -> str:
    return CATALOGUE[claim.measure].unit if claim.measure in CATALOGUE else ""


def _key(claim: Claim) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(claim.slice.items()))
