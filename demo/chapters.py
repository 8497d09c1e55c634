"""Chapters 3 and 4 of the demo's page: one proof under two laws, and only what was missing.

Every number is read from signed decisions.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from pathlib import Path

import msgspec
from demo.countries import COUNTRIES, PEOPLE_DRAWN
from markupsafe import Markup

from comity.claims.decision import Decision, Finding, Verdict
from comity.report.numbers import count_text

__all__ = ["one_proof_two_laws", "only_what_was_missing"]

WORDS: dict[Verdict, str] = {
    "not_satisfied": "not satisfied",
    "marginal": "marginal",
    "not_tested": "not tested",
    "needs_judgement": "left to a person",
    "satisfied": "satisfied",
    "not_applicable": "not applicable",
}


def read_decision(folder: Path) -> Decision:
    """The decision inside a signed file that this run has just made."""
    envelope = json.loads((folder / "decision.sigstore.json").read_bytes())["dsseEnvelope"]
    return msgspec.convert(json.loads(base64.b64decode(envelope["payload"]))["predicate"], Decision)


def one_proof_two_laws(folder: Path, models: dict[str, str]) -> Markup:
    """Chapter 3: the same two files, decided in two countries."""
    decisions = {
        (place, model): read_decision(folder / "decisions" / f"{place}-{model}")
        for place in COUNTRIES
        for model in models
    }
    head = Markup("").join(
        Markup("<th scope='col'>The model {}</th>").format(words) for words in models.values()
    )
    rows = Markup("").join(
        Markup("<tr><th scope='row'>{}</th>{}</tr>").format(
            name,
            Markup("").join(
                Markup("<td>{}<a href='decisions/{}-{}/decision.html'>the decision of {}</a></td>")
                .format(_tally(decisions[place, model]), place, model, name)
                for model in models
            ),
        )
        for place, name in COUNTRIES.items()
    )  # fmt: skip
    return Markup(
        "<p class='short'>Two countries receive the same two files. Without running anything "
        "again, they come to opposite ends.</p>"
        "<p>Coast wants those in need to be found, and asks that the 95&nbsp;% bound meets the "
        "mark. Steppe wants equal shares, and counts literally. Both countries and their laws are "
        "fictional, written for this page; an agreement that three offices signed says whose "
        "measurements count.</p>"
        "<table class='words'><thead><tr><th scope='col'>Decided by</th>{head}</tr></thead>"
        "<tbody>{rows}</tbody></table>"
        "<ul>{why}</ul>"
        "<p>Open a decision: each verdict shows its chain, and a slider moves its mark to show "
        "what the same evidence would mean under another law.</p>"
    ).format(head=head, rows=rows, why=_reasons(decisions, models))


def only_what_was_missing(folder: Path) -> Markup:
    """Chapter 4: what Coast still had to test, and what it need not."""
    before = read_decision(folder / "decisions" / "coast-need")
    after = read_decision(folder / "decisions" / "coast-need-again")
    now = {finding.requirement: finding for finding in after.findings}
    rows = Markup("").join(
        Markup("<tr><th scope='row'>{} {}</th><td>{}</td><td>{}</td></tr>").format(
            finding.official_id, finding.title, WORDS[finding.verdict],
            WORDS[now[finding.requirement].verdict],
        )
        for finding in before.findings
        if finding.verdict in ("not_tested", "marginal")
    )  # fmt: skip
    here = now["reach-here"].used[0]
    return Markup(
        "<p class='short'>Coast recognises {items} tested people, and tests only what nobody had: "
        "whether the sick poor of Coast itself are reached.</p>"
        "<p>The delta asked for {asked} of them. Coast's own institute tested {tested} and found "
        "{reached} reached. Its sample is fresh: it is never pooled with numbers from abroad.</p>"
        "<table class='words'><thead><tr><th scope='col'>Requirement of Coast</th>"
        "<th scope='col'>Before</th><th scope='col'>After</th></tr></thead>"
        "<tbody>{rows}</tbody></table>"
        "<p>What is still open stays open: a marginal number from abroad needs more people from "
        "there, and nobody can measure energy from a table. <a href='decisions/coast-need-again/"
        "decision.html'>The second decision</a>, <a href='decisions/coast-need/delta.json'>the "
        "delta</a>.</p>"
        "<p class='quiet'>Nobody lives in Coast: its {drawn} people were drawn by lot, with "
        "replacement, from the survey. The numbers of this chapter show the procedure and nothing "
        "about people.</p>"
    ).format(
        items=count_text(before.savings.items),
        asked=_asked(before),
        tested=count_text(here.counts.planned),
        reached=count_text(here.counts.successes or 0),
        rows=rows,
        drawn=count_text(PEOPLE_DRAWN),
    )


def _tally(decision: Decision) -> Markup:
    """How many requirements have which verdict, in words; never added up."""
    found = Counter(finding.verdict for finding in decision.findings)
    return Markup("").join(
        Markup("{} {}<br>").format(found[verdict], words)
        for verdict, words in WORDS.items()
        if found[verdict]
    )


def _reasons(decisions: dict[tuple[str, str], Decision], models: dict[str, str]) -> Markup:
    """What failed where, as the law names it."""
    return Markup("").join(
        Markup("<li><strong>{}, the model {}:</strong> {}</li>").format(
            COUNTRIES[place],
            models[model],
            "not met: " + "; ".join(map(_title, failed)) if failed else "nothing failed",
        )
        for (place, model), decision in decisions.items()
        for failed in [[f for f in decision.findings if f.verdict == "not_satisfied"]]
    )


def _title(finding: Finding) -> str:
    return f"{finding.title} ({finding.official_id})"


def _asked(decision: Decision) -> str:
    (item,) = (item for item in decision.delta.items if "reach-here" in item.requirements)
    return count_text(item.n or 0)
