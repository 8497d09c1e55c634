"""The page of `make demo-llm`: a simulated model whose rates are known, and a real one."""

from __future__ import annotations

from pathlib import Path

from demo.page import read_assessment
from demo.planted import what_was_planted
from markupsafe import Markup

from comity.claims import CATALOGUE, Assessment, Claim
from comity.report import Section, page
from comity.report.assessment_words import RISKS
from comity.report.figures import level_text
from comity.report.grouping import label_of, risk_of
from comity.report.missing import gather
from comity.report.numbers import count_text, estimate_of
from comity.report.page import render

__all__ = ["language_model_page"]


def language_model_page(folder: Path) -> str:
    """Build `index.html` from the self-check and the signed file in `folder`."""
    result = read_assessment(folder / "gemma" / "result.sigstore.json")
    return page(
        "What does this language model do?",
        [
            Section("1. Can the measuring be believed?", what_was_planted(folder), "planted"),
            Section("2. A model on a laptop", _real(result), "real"),
            Section("3. What was not measured, and why", _missing(result), "missing"),
        ],
        kicker="Comity, a demonstration",
        lead="First a simulated model of which everything is known. Then a real one.",
        foot="Made on this machine by “make demo-llm”.",
    )


def _real(result: Assessment) -> Markup:
    found = [claim for claim in result.claims if claim.estimate is not None]
    whole = {claim.measure for claim in found if not claim.slice}
    measured = [claim for claim in found if not claim.slice or claim.measure not in whole]
    tables = Markup("").join(
        Markup("<h3>{}</h3>{}").format(
            RISKS.get(risk, risk), _readings([one for one in measured if risk_of(one) == risk])
        )
        for risk in dict.fromkeys(map(risk_of, measured))
    )
    return Markup(
        "<p class='short'>{name} was asked {n} questions on this machine. It is a base model: it "
        "continues texts and follows no instructions.</p>"
        "<dl class='facts'><dt>Bound to</dt><dd>the weights, by digest: <span class='digest'>"
        "{digest}</span></dd>"
        "<dt>Signed file</dt><dd><a href='gemma/result.sigstore.json' download>"
        "gemma/result.sigstore.json</a>, with its <a href='gemma/report.html'>report</a></dd>"
        "<dt>Transcripts</dt><dd><a href='transcripts.html'>transcripts.html</a>, for the "
        "assessor alone: nothing of it stands in the signed file</dd>"
        "<dt>Terms</dt><dd><a href='gemma-terms.html'>Gemma Terms of Use</a></dd></dl>{tables}"
    ).format(
        name=result.system.name,
        n=count_text(result.data.rows),
        digest=result.system.identity.digest,
        tables=tables,
    )


def _readings(claims: list[Claim]) -> Markup:
    readings = []
    for claim in claims:
        entry = CATALOGUE[claim.measure]
        label = Markup("{}").format(entry.title)
        if claim.slice:
            label += Markup(' <span class="note">{}</span>').format(label_of(claim.slice))
        readings.append((label, estimate_of(claim, entry.unit)))
    words = {
        "plain_values": "As measured",
        "measure": "Measure",
        "value": "Found",
        "interval": "{level} interval",
    }
    return render("readings.html.j2", readings=readings, words=words, level=level_text(claims))


def _missing(result: Assessment) -> Markup:
    gathered = gather(claim for claim in result.claims if claim.status != "measured")
    return render("missing.html.j2", gathered=gathered)
