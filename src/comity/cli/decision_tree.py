"""A decision in the terminal: a tree per requirement, what is left to test, what was saved."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from comity.claims.grounds import Refusal
from comity.cli.terminal import safe_text, short
from comity.report.decision_words import COMPARISONS, VERDICTS, WORDS
from comity.report.divergence_words import RELATIONS, topic_name

if TYPE_CHECKING:
    from comity.claims.decision import Decision, Delta, DeltaItem, Finding, Note, Savings, Used
    from comity.claims.divergence import Cell, Topic
    from comity.claims.regime import Mark
    from comity.claims.values import DecimalText

__all__ = ["print_decision", "print_sheet"]

SYMBOLS = {
    "satisfied": ("✓", "green"),
    "marginal": ("≈", "yellow"),
    "not_satisfied": ("✗", "red"),
    "not_tested": ("○", "cyan"),
    "needs_judgement": ("?", "magenta"),
    "not_applicable": ("–", "dim"),
}
MINUTE = 60
ABOUT_OTHER_THINGS = {Refusal.OTHER_PROCEDURE, Refusal.OTHER_POPULATION, Refusal.OTHER_SLICE}


def print_decision(decision: Decision) -> None:
    """Print all of a decision; every verdict has its word and its symbol, colour adds nothing."""
    console = _console()
    for name, value in _head(decision):
        console.print(f"{name:<9} {safe_text(value)}")
    for finding in decision.findings:
        console.print()
        console.print(_tree(finding))
    tally = Counter[str](finding.verdict for finding in decision.findings)
    shown = [f"{SYMBOLS[v][0]} {tally[v]} {VERDICTS[v].lower()}" for v in VERDICTS if tally[v]]
    console.print(f"\nIn short: {', '.join(shown) or 'nothing was decided'}. No overall score.")
    if decision.set_aside:
        console.print("\nSet aside: these statements count for nothing")
    for one in decision.set_aside:
        why = _with_detail(one.reason.sentence, one.detail)
        console.print(f"  {one.statement[:12]}… by {one.signer}: {why}")
    _print_delta(console, decision.delta)
    saved = decision.savings
    if saved.assessments:
        console.print(
            f"\nSaved by recognition: {', '.join(_saved(saved))}, by "
            f"{_many(saved.assessments, 'assessment')} that nobody must run again"
        )
    for note in decision.notes:
        console.print(f"Note: {_note(note)}")


def print_sheet(topics: Sequence[Topic], names: Sequence[str]) -> None:
    """Print what several regimes ask for on each topic, side by side."""
    console = _console()
    table = Table("topic", *names, "compared", box=None, pad_edge=False)
    for topic in topics:
        columns = []
        for name in names:
            cells = [cell for cell in topic.cells if cell.regime == name]
            columns.append("\n".join(map(_side, cells)) or "silent")
        cells_shown = (topic_name(topic.topic), *columns, _compared(topic))
        table.add_row(*(Text(safe_lines(cell)) for cell in cells_shown))
    console.print(table)


def _side(cell: Cell) -> str:
    mark = cell.requirement.mark
    asked = "no number"
    if mark is not None:
        reading = "count" if mark.reading == "literal" else "bound"
        asked = f"{COMPARISONS[mark.comparison].format(mark=mark.value)} by {reading}"
        asked += f", n≥{mark.min_n:,}" if mark.min_n > 1 else ""
        asked += f", {mark.min_n_each_group:,} a group" if mark.min_n_each_group else ""
        asked += "" if mark.basis == "read_in_text" else ", not read in the text"
    if cell.requirement.least_role != "developer":
        asked += f", {cell.requirement.least_role}"
    if cell.requirement.least_binding != "declared":
        asked += f", by {cell.requirement.least_binding}"
    return f"{asked}\n{_verdict(cell.finding)}" if cell.finding else asked


def _compared(topic: Topic) -> str:
    """How those that are not silent stand to each other; the columns show who is silent."""
    speaking = {pair: how for pair, how in topic.relations.items() if how != "silent"}
    if not speaking:
        return "one alone"
    if len(set(speaking.values())) == 1:
        return RELATIONS[next(iter(speaking.values()))].lower()
    return "\n".join(f"{a}, {b}: {RELATIONS[how].lower()}" for (a, b), how in speaking.items())


def safe_lines(text: str) -> str:
    """Foreign text of several lines for a terminal."""
    return "\n".join(map(safe_text, text.split("\n")))


def _console() -> Console:
    width = None if sys.stdout.isatty() else 120
    return Console(highlight=False, markup=False, width=width)


def _head(decision: Decision) -> Iterator[tuple[str, str]]:
    system, regime = decision.system, decision.regime
    yield "Decision", f"by {decision.authority} for {decision.jurisdiction}, {decision.decided}"
    yield "System", f"{system.name} {system.version}, bound by {system.identity.binding}"
    yield "", f"SHA-256 {system.digest}"
    yield "Regime", f"{regime.title}, version {regime.version} ({regime.id})"
    if regime.fictional:
        yield "", "fictional: written as an example, the law of no country"
    uses = decision.deployment.uses
    yield "Use", "not stated" if uses is None else ", ".join(uses)


def _tree(finding: Finding) -> Tree:
    symbol, style = SYMBOLS[finding.verdict]
    head = Text(f"{symbol} {VERDICTS[finding.verdict]}", style=f"bold {style}")
    name = f"  {finding.official_id}  {finding.title}  [{finding.requirement}]"
    tree = Tree(head.append(safe_text(name), style="not bold default"))
    tree.add(Text(_with_detail(finding.ground.sentence, finding.detail)))
    if finding.mark is not None:
        tree.add(Text(f"asked for: {_asked(finding.mark)}"))
    for used in finding.used:
        chain = tree.add(Text(_number(used)))
        for link in _links(used):
            chain.add(Text(safe_text(link)))
    if finding.refused:
        _add_refused(tree, finding)
    for note in finding.notes:
        tree.add(Text(f"note: {_note(note)}"))
    return tree


def _add_refused(tree: Tree, finding: Finding) -> None:
    """Name what does not count; claims about other things only where nothing else counts."""
    near = [one for one in finding.refused if one.reason not in ABOUT_OTHER_THINGS]
    told = near if near or finding.used else finding.refused
    if told:
        branch = tree.add("does not count:")
        for one in told:
            who = f"{_many(one.claims, 'claim')} of {one.laboratory}"
            why = _with_detail(one.reason.sentence, one.detail)
            branch.add(Text(f"{who} in {one.statement[:12]}…: {why}"))


def _number(used: Used) -> str:
    """This number: value, bound, counts, and what it says alone."""
    counts = used.counts
    items = f"on {counts.planned:,} items"
    if counts.successes is not None:
        items = f"{counts.successes:,} of {counts.planned:,}"
    if used.value is None:
        return f"{short(used.estimate)} was measured ({items}); no verdict was taken from it"
    bound = f", 95 % bound {short(used.bound)}" if used.bound else ""
    return f"{short(used.value)} ({items}){bound}: {VERDICTS[used.verdict].lower()}"


def _links(used: Used) -> Iterator[str]:
    """From this statement, by this laboratory, counted under this row of this agreement."""
    about = ", ".join(f"{k}={v}" for k, v in {**used.population, **used.slice}.items())
    yield f"about {about or 'everything'}"
    yield f"from statement {used.statement[:12]}…"
    yield f"by {used.laboratory}, as {used.role}, bound by {used.binding}"
    if used.agreement is None:
        yield "counted as an own assessor"
    else:
        yield f"counted under row {used.row} of agreement {used.agreement[:12]}…"


def _print_delta(console: Console, delta: Delta) -> None:
    if not delta.items:
        console.print("\nNothing is left to test.")
        return
    console.print(f"\nLeft to test ({delta.digest[:12]}…)")
    for item in delta.items:
        people = "" if item.population == "any" else f", {_labels(item.population)}"
        part = f", {_labels(item.slice)}" if item.slice else ""
        items = (
            "no number of items decides"
            if item.n is None
            else f"{item.n:,} item{'' if item.n == 1 else 's'}"
        )
        time = _time(item.cpu_seconds) if item.cpu_seconds else "time not known"
        asked = f"{item.procedure.measure}{people}{part}: {items}, {time}"
        why = f"for {', '.join(item.requirements)}; {_why(item)}"
        console.print(Text(safe_text(asked)))
        console.print(Padding(Text(safe_text(why)), (0, 0, 0, 4)))


def _why(item: DeltaItem) -> str:
    return f"{VERDICTS[item.why].lower()}; {item.detail}" if item.detail else VERDICTS[item.why]


def _verdict(finding: Finding) -> str:
    return f"{SYMBOLS[finding.verdict][0]} {VERDICTS[finding.verdict].lower()}"


def _asked(mark: Mark | None) -> str:
    if mark is None:
        return "no number"
    asked = COMPARISONS[mark.comparison].format(mark=mark.value)
    items = f" on {mark.min_n:,} items or more" if mark.min_n > 1 else ""
    reading = "the count decides" if mark.reading == "literal" else "its 95 % bound too"
    return f"{asked}{items}; {reading}"


def _time(seconds: DecimalText) -> str:
    """Seconds for the eye, in the unit that gives a short number; below a minute none is told."""
    number = float(seconds)
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if number >= 2 * size:
            return f"{number / size:,.1f} {unit}"
    return f"{number:.0f} s" if number >= MINUTE else WORDS["under_a_minute"]


def _saved(saved: Savings) -> Iterator[str]:
    """What recognition saved: items, and time where there is any worth a word."""
    yield f"{saved.items:,} items"
    if float(saved.cpu_seconds) >= MINUTE:
        yield f"{_time(saved.cpu_seconds)} of processor time"
    if float(saved.seconds) >= MINUTE:
        yield f"{_time(saved.seconds)} of waiting"


def _labels(labels: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items())


def _note(note: Note) -> str:
    return _with_detail(note.ground.sentence, note.detail)


def _with_detail(sentence: str, detail: str) -> str:
    return f"{sentence} ({safe_text(detail)})" if detail else sentence


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'s' * (count != 1)}"
