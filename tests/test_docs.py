"""The documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from comity import regimes
from comity.claims import CATALOGUE
from comity.claims.regime import Regime
from comity.cli.measures import parameter_words
from comity.cli.regime_words import can_decide, mark_words, written_words
from tests.parts import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("demo/*.md")])
MEASURES = ROOT / "docs" / "measures.md"
REGIMES = ROOT / "docs" / "regimes.md"


def measures_page() -> str:
    """docs/measures.md, written from the catalogue."""
    better = {"higher": "higher is better", "lower": "lower is better", "neither": ""}
    lines = ["# What can be measured, and what does it not show?", ""]
    lines.append("Written from the catalogue by `python -m tests.test_docs`.")
    risk = ""
    for measure in CATALOGUE.values():
        if measure.risk != risk:
            risk = measure.risk
            lines += ["", f"## {risk.capitalize()}"]
        unit = ", ".join(filter(None, [measure.unit, better[measure.direction]]))
        lines += [
            "",
            f"### `{measure.id}`: {measure.title}",
            "",
            f"{measure.shows} ({unit})",
            "",
            f"- Formula: {measure.formula}",
            f"- Interval: {measure.interval}",
            f"- A rule fixes or frees: {parameter_words(measure)}",
            f"- Source: {measure.source}",
            f"- Does not show: {measure.does_not_show}",
        ]
    return "\n".join(lines) + "\n"


REGIMES_HEAD = """# Which rules come with Comity, and which of them can decide?

Written from the files by `python -m tests.test_docs`. One in full: `comity regimes show ID`.

How a text or number is known is part of the data. *Read*: somebody read it in the text.
*Secondary*: read about. *Memory*: not verified. A number that nobody read in its source decides
nothing until an authority adopts it; see [How do I write a regime?](writing-a-regime.md)
Paraphrases are in our own words, and no standard's text is copied.
Where the law counts, read the law."""


def regimes_page() -> str:
    """docs/regimes.md, written from the regime files."""
    both = [
        [regimes.load(name) for name in names()] for names in (regimes.deciding, regimes.mapped)
    ]
    lines = [REGIMES_HEAD, "", "## Written out", "", f"{written_words(both[0])}."]
    lines += regimes_table(both[0])
    lines += ["", "### The marks", ""]
    lines += ["| regime | requirement | measure | mark |", "|---|---|---|---|"]
    for regime in both[0]:
        for one in regime.requirements:
            if one.mark and one.procedure:
                where = f"{one.official_id}: {one.title}"
                mark = mark_words(one.mark)
                lines.append(f"| `{regime.id}` | {where} | `{one.procedure.measure}` | {mark} |")
    lines += ["", "## Map", "", "What other frameworks ask for. Nothing here has a mark."]
    return "\n".join([*lines, *regimes_table(both[1])]) + "\n"


def regimes_table(found: list[Regime]) -> list[str]:
    """One row a regime: how many requirements, how many decide, and how the text is known."""
    head = "| regime | of | status | asks | decide | read | secondary | memory |"
    lines = ["", head, "|---|---|---|---|---|---|---|---|"]
    for regime in found:
        known = [one.basis for one in regime.requirements]
        numbers = (
            len(known),
            sum(map(can_decide, regime.requirements)),
            known.count("read_in_text"),
            known.count("secondary"),
            known.count("unverified"),
        )
        cells = " | ".join(map(str, numbers))
        name = f"`{regime.id}`: {regime.title}"
        lines.append(f"| {name} | {regime.jurisdiction} | {regime.status} | {cells} |")
    return lines


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_house_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_page_of_measures_is_the_catalogue() -> None:
    assert MEASURES.read_text(encoding="utf-8") == measures_page()


def test_the_page_of_regimes_is_the_files() -> None:
    assert REGIMES.read_text(encoding="utf-8") == regimes_page()


if __name__ == "__main__":
    REGIMES.write_text(regimes_page(), encoding="utf-8")
    MEASURES.write_text(measures_page(), encoding="utf-8")
