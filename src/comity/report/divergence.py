"""The divergence sheet of a negotiator: one system, several regimes, topic by topic."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from comity.claims import CATALOGUE, System
from comity.claims.divergence import Cell, Relation, Topic
from comity.claims.regime import Regime
from comity.report.assessment_words import ROLES
from comity.report.decision_words import BINDINGS_SHORT, VERDICTS
from comity.report.divergence_words import MEANINGS, NOT_SAID, RELATIONS, WORDS, topic_name
from comity.report.findings import fill, labels
from comity.report.foreign import foreign
from comity.report.marks import mark_text
from comity.report.numbers import count_text
from comity.report.page import render, shell, static

__all__ = ["divergence_page"]

_SHARPNESS: dict[str, int] = {relation: place for place, relation in enumerate(RELATIONS)}

_ONE_TEST = ("contradictory", "different_number", "same")


class Asked(NamedTuple):
    """What one requirement asks for, in words.

    Attributes:
        cell: The requirement, and what was decided.
        mark: The mark; words for none.
        beside: How the mark is read, on how many items, and what the evidence must be.
        of: What is measured; empty for nothing.
        on: On which population and part of the data.
    """

    cell: Cell
    mark: str
    beside: str
    of: Markup
    on: Markup


class Line(NamedTuple):
    """One topic, ready to be shown.

    Attributes:
        name: Its name.
        relation: The sharpest relation between any two regimes.
        pairs: With more than two regimes, which of them share one test, and how they stand.
        columns: For each regime, what it asks for.
    """

    name: Markup
    relation: Relation
    pairs: list[tuple[Relation, list[Markup]]]
    columns: list[list[Asked]]


def divergence_page(
    topics: Sequence[Topic],
    regimes: Sequence[Regime],
    *,
    system: System | None,
    day: datetime.date | None,
    generated: str,
) -> str:
    """The sheet as one self-contained HTML file.

    Args:
        topics: From `decide.across`.
        regimes: The regimes compared, in the order of the columns; their ids are those in `topics`.
        system: The system that was decided about; None where only texts were compared.
        day: The day of the decisions, or None.
        generated: When the page was made, as text.
    """
    lines = [_line(topic, regimes) for topic in topics]
    lines.sort(key=lambda line: _SHARPNESS[line.relation])
    held: Counter[str] = Counter(line.relation for line in lines)
    lead = fill(WORDS["lead_texts"])
    if system is not None:
        lead = fill(
            WORDS["lead_system"],
            system=foreign(system.name),
            version=foreign(system.version),
            day=str(day or generated),
        )
    number = {0: "topics_none", 1: "topics_one"}.get(len(lines), "topics")
    markup = render(
        "divergence.html.j2",
        language="en",
        direction="ltr",
        words=WORDS,
        relations=RELATIONS,
        meanings=MEANINGS,
        verdicts=VERDICTS,
        not_said=NOT_SAID,
        title=WORDS["title"].format(n=len(regimes)),
        lead=lead,
        topics=WORDS[number].format(n=count_text(len(lines))),
        tally=[(relation, held[relation]) for relation in RELATIONS if held[relation]],
        regimes=regimes,
        lines=lines,
        generated=generated,
        **shell(style=static("decision.css")),
    )
    return str(markup)


def _line(topic: Topic, regimes: Sequence[Regime]) -> Line:
    pairs: dict[Relation, list[Markup]] = {}
    for (a, b), relation in topic.relations.items():
        pairs.setdefault(relation, []).append(fill(WORDS["between"], a=a, b=b))
    ordered = sorted(pairs.items(), key=lambda pair: _SHARPNESS[pair[0]])
    return Line(
        name=foreign(topic_name(topic.topic)),
        relation=ordered[0][0] if ordered else "silent",
        pairs=[pair for pair in ordered if pair[0] in _ONE_TEST] if len(regimes) > 2 else [],
        columns=[
            [_asked(cell) for cell in topic.cells if cell.regime == regime.id] for regime in regimes
        ],
    )


def _asked(cell: Cell) -> Asked:
    requirement = cell.requirement
    mark, procedure = requirement.mark, requirement.procedure
    measure = CATALOGUE.get(procedure.measure) if procedure else None
    of = Markup("")
    if procedure is not None:
        of = Markup("{}").format(measure.title) if measure else foreign(procedure.measure)
    about = {} if requirement.population == "any" else requirement.population
    on = labels({**about, **requirement.slice}) or fill(WORDS["any_population"])
    beside = []
    if mark is not None:
        beside.append(WORDS[mark.reading])
        if mark.min_n > 1:
            beside.append(WORDS["items"].format(n=count_text(mark.min_n)))
        if mark.min_n_each_group:
            beside.append(WORDS["groups"].format(n=count_text(mark.min_n_each_group)))
        if mark.basis != "read_in_text":
            beside.append(WORDS["not_read"])
    if requirement.least_role != "developer":
        beside.append(WORDS["least"].format(evidence=ROLES[requirement.least_role]))
    if requirement.least_binding != "declared":
        beside.append(WORDS["least"].format(evidence=BINDINGS_SHORT[requirement.least_binding]))
    return Asked(
        cell=cell,
        mark=mark_text(mark, measure.unit if measure else "") if mark else WORDS["no_mark"],
        beside="; ".join(beside),
        of=of,
        on=on if procedure is not None else Markup(""),
    )
