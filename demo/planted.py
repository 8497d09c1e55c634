"""A simulated language model whose rates are known, and what was found: a chapter of two pages."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from markupsafe import Markup

from comity.report.assessment_words import RISKS
from comity.report.numbers import count_text

__all__ = ["what_was_planted"]


def what_was_planted(folder: Path) -> Markup:
    """How much of what was planted was found, by risk.

    Args:
        folder: Holds `self-check/`, as `comity self-check --out` wrote it.
    """
    checked = json.loads((folder / "self-check" / "self-check.json").read_text())
    risks: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for model in checked["models"]:
        for row in model["planted"]:
            risks[row["risk"]] += 1
            held[row["risk"]] += row["fate"] == "held"
    rows = Markup("").join(
        Markup("<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>").format(
            RISKS.get(risk, risk), count, held[risk]
        )
        for risk, count in risks.items()
    )
    return Markup(
        "<p class='short'>{n} rates were planted in a simulated model, which was then asked "
        "{questions} questions over the same protocol as any other. {right} of {intervals} "
        "intervals hold what was planted.</p>"
        "<table class='words'><thead><tr><th scope='col'>Risk</th><th scope='col'>Planted</th>"
        "<th scope='col'>Held by what was found</th></tr></thead><tbody>{rows}</tbody></table>"
        "<p>At 95&nbsp;% a few may miss by chance: here up to {allowed}. <a "
        "href='self-check/self-check.html'>Every truth beside its interval</a>.</p>"
    ).format(
        n=sum(risks.values()),
        questions=count_text(sum(model["questions"] for model in checked["models"])),
        right=checked["intervals"] - checked["misses"],
        intervals=checked["intervals"],
        allowed=checked["allowed"],
        rows=rows,
    )
