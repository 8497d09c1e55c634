"""People as a bar: certainly missed, not known, and in theoretical reach.

The bar stands in the row of its own numbers. Parts are told apart by pattern as well as by colour.
"""

from __future__ import annotations

from markupsafe import Markup

from early_warning.audit.people import Line

__all__ = ["PATTERNS", "STYLE", "bar", "legend"]

_PARTS = {
    "missed": "Missed: no alert in time, not in their language, or by no channel that reaches them",
    "unknown": "Not known: whether it was in force in time, reached them, or was understood",
    "possible": "Perhaps in theoretical reach",
    "reached": "In theoretical reach",
}
STYLE = """
.fates { display: block; inline-size: 100%; min-inline-size: 8rem; block-size: 1rem; }
.fates .missed { fill: var(--bad); }
.fates .unknown { fill: url(#dots); stroke: var(--quiet); stroke-width: 1; }
.fates .possible { fill: url(#stripes); stroke: var(--accent); stroke-width: 1; }
.fates .reached { fill: var(--accent); }
.patterns { position: absolute; inline-size: 0; block-size: 0; }
.patterns circle { fill: var(--quiet); }
.patterns path { stroke: var(--accent); stroke-width: 2; }
.legend { list-style: none; padding: 0; font-size: 0.9rem; }
.legend .fates { display: inline-block; inline-size: 2.5rem; min-inline-size: 0; }
.legend .fates { vertical-align: -0.15em; margin-inline-end: 0.6rem; }
.worst td.drawn { inline-size: 38%; }
.scroll { overflow-x: auto; margin-block-end: 1.5rem; }
.scroll th { overflow-wrap: normal; }
.scroll tbody th { min-inline-size: 7rem; }
.scroll thead th + th { text-align: end; }
"""
PATTERNS = Markup(
    '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<circle cx="3" cy="3" r="1"/></pattern>'
    '<pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path d="M0 6L6 0M-1 1L1 -1M5 7L7 5"/></pattern>'
)
"""What `STYLE` fills with; a page defines it once."""

_BAR = Markup('<svg class="fates" aria-hidden="true">{}</svg>')
_PART = Markup('<rect class="{}" x="{}%" y="1" width="{}%" height="14"/>')


def bar(line: Line, most: int) -> Markup:
    """The people of a line; `most` is how many the full width stands for."""
    counts = {
        "missed": line.missed,
        "unknown": line.unknown,
        "possible": line.reached_high - line.reached_low,
        "reached": line.reached_low,
    }
    parts, start = [], 0
    for name, count in counts.items():
        if count:
            parts.append(_PART.format(name, _percent(start, most), _percent(count, most)))
        start += count
    return _BAR.format(Markup("").join(parts))


def legend() -> Markup:
    """What the parts mean."""
    entry = Markup("<li>{}{}</li>")
    items = [
        entry.format(_BAR.format(_PART.format(name, 0, 100)), words)
        for name, words in _PARTS.items()
    ]
    return Markup('<ul class="legend">{}</ul>').format(Markup("").join(items))


def _percent(count: int, most: int) -> str:
    return f"{100 * count / max(most, 1):.4g}"
