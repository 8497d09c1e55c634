"""The two maps of the demonstration's page: what was expected, and where people were missed.

They are pictures without links, with their styles inside: the pages that they are from lead on.
"""

from __future__ import annotations

import base64
import re

from markupsafe import Markup

from early_warning.audit import HazardAudit, fate_map
from early_warning.desk.map import Atlas, Shade, draw, make_atlas
from early_warning.desk.pages.district import by_window, find
from early_warning.desk.pages.shell import style
from early_warning.desk.pages.words import STAGES, stamp
from goods.early_warning.demo.kept import Kept

__all__ = ["expected", "missed"]

_LINK = re.compile(r"</?a\b[^>]*>")
_FIGURE = Markup(
    "<figure><img class='picture' alt='{}' src='data:image/svg+xml;base64,{}'>"
    "<figcaption>{}</figcaption></figure>"
)


def expected(kept: Kept) -> Markup:
    """Rain of the first window, as the desk showed it in the morning."""
    outlook, country = kept.view.outlook, kept.service.country
    assert outlook is not None, "the commands before have read the forecast"
    windows = by_window(outlook.expectations)
    window = min((one for one in windows if one.hazard == "heavy_rain"), key=lambda one: one.begins)
    found = {code: find(levels, country.matrix) for code, levels in windows[window].items()}
    names = {one.area.code: one.area.name for one in kept.service.ledger.districts}
    shades = {
        code: Shade(one.stage, f"{names[code]}: {one.label}", "#", one.mark)
        for code, one in found.items()
    }
    drawing = draw(_atlas(kept), shades, "Map")
    said = "; ".join(f"{names[code]}: {STAGES[one.stage].lower()}" for code, one in found.items())
    when = f"from {stamp(window.begins, kept.service.zone)}"
    caption = f"Heavy rain {when}, as the desk showed it: R red, O orange, Y yellow; a number with "
    return _picture(
        drawing,
        style(),
        f"Map of heavy rain {when}. {said}.",
        caption + "a question mark is a raw probability in percent, where skill was not shown.",
    )


def missed(kept: Kept, found: HazardAudit, names: dict[str, str]) -> Markup:
    """Where people were missed, as the audit shows it."""
    account = found.people
    drawing, _, _ = str(fate_map.draw(_atlas(kept), account, names, {}, "Map")).partition("<ul")
    missed = ", ".join(names[one.name] for one in account.districts if one.missed)
    return _picture(
        drawing.replace(">", f"><defs>{fate_map.PATTERNS}</defs>", 1),
        style() + fate_map.STYLE,
        f"Map of people who were missed: {missed}.",
        "Where people were missed: all or most of them (full), some (stripes), or nobody knows "
        "(dots).",
    )


def _atlas(kept: Kept) -> Atlas:
    return make_atlas(one.area for one in kept.service.ledger.districts)


def _picture(drawing: str, css: str, words: str, caption: str) -> Markup:
    svg = _LINK.sub("", drawing).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    svg = svg.replace(">", f"><style><![CDATA[{css}]]></style>", 1)
    return _FIGURE.format(words, base64.b64encode(svg.encode()).decode(), caption)
