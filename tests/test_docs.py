"""The documents say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from comity.claims import CATALOGUE
from tests.parts import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("demo/*.md")])
MEASURES = ROOT / "docs" / "measures.md"


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
            f"- Source: {measure.source}",
            f"- Does not show: {measure.does_not_show}",
        ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_house_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_page_of_measures_is_the_catalogue() -> None:
    assert MEASURES.read_text(encoding="utf-8") == measures_page()


if __name__ == "__main__":
    MEASURES.write_text(measures_page(), encoding="utf-8")
