"""Where people were missed, as a map: each district by what became of most of its people.

A district leads to its row in the table beside the map, which has the numbers. Kinds are told apart
by pattern as well as by colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from markupsafe import Markup

from comity.report.foreign import foreign
from comity.report.numbers import count_text
from early_warning.audit.people import Line, People
from early_warning.desk.map import Atlas

__all__ = ["PATTERNS", "STYLE", "draw"]

Kind = Literal["most", "some", "unsaid", "all", "uncounted", "calm"]

_WORDS: dict[Kind, str] = {
    "most": "At least half were missed",
    "some": "Some were missed",
    "unsaid": "Nobody is known to be missed; of some it is not known, or only perhaps",
    "all": "All were in theoretical reach",
    "uncounted": "It happened, and nobody counted the people",
    "calm": "It did not happen, or nobody observed it",
}
STYLE = """
.land { display: block; inline-size: 100%; max-block-size: 30rem; direction: ltr; }
.land path, .land circle, .key rect { stroke: var(--quiet); stroke-width: 0.9; }
.land .most, .key .most { fill: var(--bad); }
.land .some, .key .some { fill: url(#some); }
.land .unsaid, .key .unsaid { fill: url(#unsaid); }
.land .all, .key .all { fill: var(--accent); }
.land .uncounted, .key .uncounted { fill: url(#uncounted); }
.land .calm, .key .calm { fill: var(--tint); }
.land a:hover path, .land a:focus-visible path { stroke: var(--ink); stroke-width: 3; }
.key { display: inline-block; inline-size: 2.5rem; block-size: 1rem; margin-inline-end: 0.6rem; }
.key { vertical-align: -0.15em; }
tr:target > * { background: var(--tint); }
#some path { stroke: var(--bad); stroke-width: 2.5; }
#unsaid circle { fill: var(--quiet); stroke: none; }
#uncounted path { stroke: var(--quiet); stroke-width: 1; }
"""
PATTERNS = Markup(
    '<pattern id="some" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<path d="M0 7L7 0M-1 1L1 -1M6 8L8 6"/></pattern>'
    '<pattern id="unsaid" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<circle cx="3.5" cy="3.5" r="1.1"/></pattern>'
    '<pattern id="uncounted" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<path d="M0 0L8 8M8 0L0 8"/></pattern>'
)
"""What `STYLE` fills with; a page defines it once."""

_MAP = Markup('<svg class="land" role="group" aria-label="{}" viewBox="0 0 {} {}">{}</svg>')
_LINK = Markup('<a href="#{}"><title>{}</title>{}</a>')
_SHAPE = Markup('<path class="{}" d="{}"/>')
_DOT = Markup('<circle class="{}" cx="{}" cy="{}" r="7"/>')
_KEY = Markup(
    '<li><svg class="key" aria-hidden="true"><rect class="{}" width="40" height="16"/></svg>{}</li>'
)


def draw(
    atlas: Atlas, account: People, places: Mapping[str, str], rows: Mapping[str, str], title: str
) -> Markup:
    """The map and its legend.

    Args:
        atlas: The country.
        account: What became of its people.
        places: Code to name of every district.
        rows: Code to the anchor of its row, of every district that has one.
        title: What the map shows, in words.
    """
    lines = {one.name: one for one in account.districts}
    drawn: list[Markup] = []
    marks: list[Markup] = []
    seen: set[Kind] = set()
    for one in atlas.outlines:
        kind = _kind(lines.get(one.code), one.code in account.uncounted)
        seen.add(kind)
        inside = _SHAPE.format(kind, one.path)
        if one.small and kind != "calm":
            inside += _DOT.format(kind, one.x, one.y)
        if one.code in rows:
            name = f"{places.get(one.code, '')} ({one.code})"
            label = foreign(_label(name, lines[one.code])).striptags()
            inside = _LINK.format(rows[one.code], label, inside)
        (marks if one.small else drawn).append(inside)
    shapes = Markup("").join([*drawn, *marks])  # marks above their neighbours
    legend = Markup("").join(_KEY.format(kind, _WORDS[kind]) for kind in _WORDS if kind in seen)
    picture = _MAP.format(title, atlas.width, atlas.height, shapes)
    return picture + Markup('<ul class="legend">{}</ul>').format(legend)


def _kind(line: Line | None, uncounted: bool) -> Kind:
    if line is None:
        return "uncounted" if uncounted else "calm"
    if line.missed:
        return "most" if 2 * line.missed >= line.exposed else "some"
    return "all" if line.reached_low == line.exposed else "unsaid"


def _label(name: str, line: Line) -> str:
    return (
        f"{name}: of {count_text(line.exposed)} people {count_text(line.missed)} were missed, of "
        f"{count_text(line.unknown)} it is not known"
    )
