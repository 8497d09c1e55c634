"""The structure of CAP 1.2, as a table, and seven rules that compare a tree with it.

The table says what the standard's XML schema says (CAP 1.2, section 3.4): which elements, in which
order, how often, and what they hold. Its verdict is the schema's, but for one thing that no alert
needs: `xsi:type` and `xsi:nil` are refused.

S1 an element that must be there is missing;
S2 an element is not known here;
S3 an element comes too late: the order is fixed;
S4 an element is there more often than it may;
S5 text stands between elements;
S6 an element has an attribute;
S7 a value is not of its kind.

What stood in the tree is gathered on the same walk, so that the alert can be made without a second
one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from lxml import etree

from early_warning.cap.alert import CAP_1_2, Named
from early_warning.cap.door import text_of
from early_warning.cap.finding import Finding, first
from early_warning.cap.times import moment

__all__ = ["DSIG", "Content", "check_structure", "local_name"]

DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
_SOURCE: Final = "CAP 1.2, section 3.4 (XML schema)"
_LOCATIONS: Final = frozenset(
    f"{{http://www.w3.org/2001/XMLSchema-instance}}{name}"
    for name in ("schemaLocation", "noNamespaceSchemaLocation")
)
MANY: Final = 1_000_000
SHOWN: Final = 40
"""How much of a wrong value a sentence shows."""


class _Kind(NamedTuple):
    """What an element without children holds: its name in sentences, and how to know it."""

    name: str
    holds: Callable[[str], bool]


def _words(*words: str) -> _Kind:
    return _Kind("one of " + ", ".join(words), frozenset(words).__contains__)


def _pattern(name: str, pattern: str) -> _Kind:
    match = re.compile(pattern).fullmatch
    return _Kind(name, lambda text: match(text.strip(" \t\r\n")) is not None)


def _is_uri(text: str) -> bool:
    """Whether it can be a URI reference (RFC 3986), once what XML Schema escapes is escaped."""
    plain = re.sub(r"[^!-~]|[<>\"{}|\\^`]", "_", " ".join(text.split()))
    return _URI.fullmatch(plain) is not None


_C: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_HOST: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_NET: Final = (
    rf"//(?:(?:{_HOST}|:)*@)?(?:\[[^\]]*\]|{_HOST}*)(?::[0-9]+)?(?:/{_C}*)*"  # with its path
)
_URI: Final = re.compile(
    rf"(?:[A-Za-z][A-Za-z0-9+.-]*:(?:{_NET}|/?(?:{_C}+(?:/{_C}*)*)?)|{_NET}|/(?:{_C}+(?:/{_C}*)*)?"
    rf"|(?:(?!:)(?:[A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{{2}}))+(?:/{_C}*)*|)"
    rf"(?:\?(?:{_C}|[/?])*)?(?:#(?:{_C}|[/?\[\]])*)?"
)

TEXT: Final = _Kind("text", lambda _: True)
TIME: Final = _Kind(
    "a time such as 2026-11-22T06:00:00+03:00, with an offset and never Z",
    lambda text: moment(text.strip(" \t\r\n")) is not None,
)
_TAG: Final = _pattern("a language tag such as fr or fr-DJ", r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
# An element that is quite empty stands for the schema's default, en-US.
LANGUAGE: Final = _Kind(_TAG.name, lambda text: not text or _TAG.holds(text))
URI: Final = _Kind("a URI", _is_uri)
INTEGER: Final = _pattern("a whole number", r"[+-]?[0-9]+")
DECIMAL: Final = _pattern("a number", r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


class _Child(NamedTuple):
    """One row of the table."""

    name: str
    least: int
    most: int
    holds: _Kind | _Model


class _Model:
    """What an element with children holds: its rows in their order, and where to find each."""

    def __init__(self, *rows: _Child) -> None:
        self.rows = rows
        self.at = {f"{{{CAP_1_2}}}{row.name}": number for number, row in enumerate(rows)}


def _one(name: str, holds: _Kind = TEXT) -> _Child:
    return _Child(name, 1, 1, holds)


def _maybe(name: str, holds: _Kind = TEXT) -> _Child:
    return _Child(name, 0, 1, holds)


def _any(name: str, holds: _Kind | _Model = TEXT) -> _Child:
    return _Child(name, 0, MANY, holds)


_NAMED: Final = _Model(_one("valueName"), _one("value"))
_AREA: Final = _Model(
    _one("areaDesc"),
    _any("polygon"),
    _any("circle"),
    _any("geocode", _NAMED),
    _maybe("altitude", DECIMAL),
    _maybe("ceiling", DECIMAL),
)
_RESOURCE: Final = _Model(
    _one("resourceDesc"),
    _one("mimeType"),
    _maybe("size", INTEGER),
    _maybe("uri", URI),
    _maybe("derefUri"),
    _maybe("digest"),
)
_CATEGORY: Final = _words(
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra",
    "CBRNE", "Other",
)  # fmt: skip
_RESPONSE: Final = _words(
    "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"
)
_INFO: Final = _Model(
    _maybe("language", LANGUAGE),
    _Child("category", 1, MANY, _CATEGORY),
    _one("event"),
    _any("responseType", _RESPONSE),
    _one("urgency", _words("Immediate", "Expected", "Future", "Past", "Unknown")),
    _one("severity", _words("Extreme", "Severe", "Moderate", "Minor", "Unknown")),
    _one("certainty", _words("Observed", "Likely", "Possible", "Unlikely", "Unknown")),
    _maybe("audience"),
    _any("eventCode", _NAMED),
    _maybe("effective", TIME),
    _maybe("onset", TIME),
    _maybe("expires", TIME),
    _maybe("senderName"),
    _maybe("headline"),
    _maybe("description"),
    _maybe("instruction"),
    _maybe("web", URI),
    _maybe("contact"),
    _any("parameter", _NAMED),
    _any("resource", _RESOURCE),
    _any("area", _AREA),
)
_ALERT: Final = _Model(
    _one("identifier"),
    _one("sender"),
    _one("sent", TIME),
    _one("status", _words("Actual", "Exercise", "System", "Test", "Draft")),
    _one("msgType", _words("Alert", "Update", "Cancel", "Ack", "Error")),
    _maybe("source"),
    _one("scope", _words("Public", "Restricted", "Private")),
    _maybe("restriction"),
    _maybe("addresses"),
    _any("code"),
    _maybe("note"),
    _maybe("references"),
    _maybe("incidents"),
    _any("info", _INFO),
)


class Content:
    """What stood in an element: its children by name, in their order."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.inside: dict[str, list[Content]] = {}

    def maybe(self, name: str) -> str | None:
        """The text of the only one, or null."""
        found = self.texts.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The text of one that must be there."""
        return self.texts[name][0]

    def plain(self, name: str) -> str | None:
        """A value whose white space around it means nothing."""
        text = self.maybe(name)
        return None if text is None else text.strip()

    def every(self, name: str) -> tuple[str, ...]:
        """The texts of all of them."""
        return tuple(self.texts.get(name, ()))

    def named(self, name: str) -> tuple[Named, ...]:
        """Values with the names of their lists."""
        return tuple(
            Named(name=one.text("valueName"), value=one.text("value"))
            for one in self.inside.get(name, ())
        )


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def check_structure(root: etree._Element) -> tuple[list[Finding], Content]:
    """What an `alert` element has otherwise than the table, up to `MAX_FINDINGS`.

    The second is its content, which is whole where nothing was found.
    """
    content = Content()
    return first(_model(root, _ALERT, "alert", content, top=True)), content


def _finding(rule: int, place: str, what: str) -> Finding:
    return Finding(
        rule=f"S{rule}", level="error", profile="cap", place=place, what=what, source=_SOURCE
    )


def _attributes(element: etree._Element, place: str) -> Iterator[Finding]:
    for name in element.attrib:
        if name not in _LOCATIONS:
            yield _finding(6, place, f"the attribute {str(name)[:SHOWN]} is not allowed")


def _leaf(element: etree._Element, holds: _Kind, place: str, text: str) -> Iterator[Finding]:
    yield from _attributes(element, place)
    child = next(element.iterchildren("*"), None)
    if child is not None:
        yield _finding(2, place, f"{local_name(child)[:SHOWN]} cannot stand here")
    elif not holds.holds(text):
        yield _finding(7, place, f"{text[:SHOWN]!r} is not {holds.name}")


def _model(
    element: etree._Element, model: _Model, place: str, content: Content, *, top: bool = False
) -> Iterator[Finding]:
    """Compare an element with its table, and fill `content`."""
    yield from _attributes(element, place)
    if text_of(element).strip(" \t\r\n"):
        yield _finding(5, place, "text stands between its elements")
    rows, counts = model.rows, [0] * len(model.rows)
    position, signed = 0, False
    for child in element.iterchildren("*"):
        number = model.at.get(child.tag)
        if number is None:
            if top and child.tag.startswith(f"{{{DSIG}}}"):
                signed = True
            else:
                here = f"{place}/{local_name(child)[:SHOWN]}"
                yield _finding(2, here, "this element is not known here")
            continue
        row = rows[number]
        counts[number] += 1
        here = f"{place}/{row.name}" + (f"[{counts[number]}]" if row.most > 1 else "")
        if number < position or signed:
            after = "the signature" if signed else rows[position].name
            yield _finding(3, here, f"it stands after {after}, but must stand before it")
        else:
            position = number
        if counts[number] == row.most + 1:
            yield _finding(4, here, "it may be there only once")
        if isinstance(row.holds, _Model):
            inside = Content()
            content.inside.setdefault(row.name, []).append(inside)
            yield from _model(child, row.holds, here, inside)
        else:
            text = text_of(child) if len(child) else child.text or ""
            content.texts.setdefault(row.name, []).append(text)
            if not row.holds.holds(text) or len(child) or child.keys():
                yield from _leaf(child, row.holds, here, text)
    for row, count in zip(rows, counts, strict=True):
        if count < row.least:
            yield _finding(1, place, f"{row.name} is missing")
