"""The door: foreign XML bytes become a tree, or are refused with a sentence.

Seven rules, in this order. Nothing is fetched, and no entity is ever expanded.

1. Size: at most `MAX_BYTES`.
2. Encoding: UTF-8, US-ASCII or ISO-8859-1. All three spell ASCII alike, so that rule 3 can look at
   the bytes; the parser is then told the encoding and cannot be talked into another one.
3. No document type: without one there are no entities, no external parts and no default attributes.
4. Well-formed, also in its namespaces.
5. Counts: at most `MAX_DEPTH` levels, `MAX_ELEMENTS` elements, `MAX_ATTRIBUTES` attributes on each,
   `MAX_ATTRIBUTE` characters in each, `MAX_INSTRUCTIONS` instructions of rule 6: to look through
   thousands of them takes the parser minutes.
6. No processing instructions, but for a style sheet before the alert, which national services put
   there for browsers; it is never followed.
7. No XInclude.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from comity.errors import InputError

__all__ = ["MAX_BYTES", "open_xml", "text_of"]

MAX_BYTES = 2_000_000
"""Limit for one alert or feed; the largest alert of eight languages seen has 407 kB."""

MAX_DEPTH = 16
MAX_ELEMENTS = 100_000
MAX_ATTRIBUTES = 16
MAX_ATTRIBUTE = 4_000
MAX_INSTRUCTIONS = 10

_DECLARATION: Final = re.compile(
    rb"<\?xml\s[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']", re.DOTALL
)
_ENCODINGS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "us-ascii",
    "ascii": "us-ascii",
    "iso-8859-1": "iso-8859-1",
}
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_XINCLUDE: Final = "{http://www.w3.org/2001/XInclude}*"

_TOO_DEEP: Final = etree.XPath("boolean(/" + "*/" * MAX_DEPTH + "*)")
_ELEMENTS: Final = etree.XPath("count(//*)")
_CROWDED: Final = etree.XPath(f"boolean(//*/@*[{MAX_ATTRIBUTES + 1}])")
_LONG: Final = etree.XPath(f"boolean(//@*[string-length() > {MAX_ATTRIBUTE}])")
_INSIDE: Final = etree.XPath("boolean(/*//processing-instruction())")
_OUTSIDE: Final = etree.XPath("/processing-instruction()")


def open_xml(data: bytes, *, where: str = "") -> etree._Element:
    """Parse foreign bytes under the seven rules; returns the root element.

    Args:
        data: The file as it came.
        where: What to call it in errors.

    Raises:
        InputError: a rule is broken.
    """
    if len(data) > MAX_BYTES:  # rule 1
        raise InputError(
            f"the file is larger than the {MAX_BYTES:,} bytes allowed here", where=where
        )
    encoding = _encoding(data, where)  # rule 2
    for mark in (b"<!DOCTYPE", b"<!ENTITY"):  # rule 3
        if mark in data:
            raise InputError(
                f"the file holds {mark.decode()}, with which XML files attack their readers",
                where=f"{where}, line {_line(data, mark)}".lstrip(", "),
                hint="An alert needs no document type and no entities. Ask its sender to leave them"
                " out.",
            )
    if data.count(b"<?") > MAX_INSTRUCTIONS:  # rule 5, as far as the bytes show it
        raise _crowded(f"it has more than {MAX_INSTRUCTIONS} processing instructions", where)
    root = _parse(data, encoding, where)  # rule 4
    _count(root, data, where)  # rule 5
    _instructions(root, where)  # rule 6
    if next(root.iter(_XINCLUDE), None) is not None:  # rule 7
        raise InputError(
            "the file asks to include another one (XInclude), which is never done", where=where
        )
    return root


def text_of(element: etree._Element) -> str:
    """All text of an element that has no child elements, also after comments."""
    if not len(element):
        return element.text or ""
    return "".join([element.text or "", *(child.tail or "" for child in element)])


def _encoding(data: bytes, where: str) -> str:
    """The encoding that rule 2 allows."""
    if data.startswith(_WIDE_MARKS) or b"\0" in data:
        raise InputError(
            "the file is not UTF-8 text", where=where, hint="Ask its sender to write UTF-8."
        )
    declared = _DECLARATION.match(data.removeprefix(b"\xef\xbb\xbf"))
    if declared is None:
        return "utf-8"
    name = declared[1].decode("ascii")
    if name.lower() not in _ENCODINGS:
        raise InputError(
            f"the file is encoded as {name}; only UTF-8, US-ASCII and ISO-8859-1 are read",
            where=where,
            hint="Ask its sender to write UTF-8.",
        )
    return _ENCODINGS[name.lower()]


def _parse(data: bytes, encoding: str, where: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, _ = error.position
        what = (error.msg or "it is empty").partition(", line ")[0]
        hint = ""
        if "Namespace prefix" in what:
            hint = "Its sender uses a prefix, such as cap:, without declaring it with xmlns."
        raise InputError(
            f"the file is not well-formed XML: {what}",
            where=f"{where}, line {line}".lstrip(", "),
            hint=hint,
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:  # rule 3 again, as the parser saw it
        raise InputError("the file has a document type", where=where)
    return root


def _count(root: etree._Element, data: bytes, where: str) -> None:
    what = ""
    if _TOO_DEEP(root):
        what = f"its elements are nested more than {MAX_DEPTH} deep"
    elif data.count(b"<") > MAX_ELEMENTS and float(str(_ELEMENTS(root))) > MAX_ELEMENTS:
        what = f"it has more than {MAX_ELEMENTS:,} elements"
    elif _CROWDED(root):
        what = f"an element has more than {MAX_ATTRIBUTES} attributes"
    elif _LONG(root):
        what = f"an attribute is longer than {MAX_ATTRIBUTE:,} characters"
    if what:
        raise _crowded(what, where)


def _crowded(what: str, where: str) -> InputError:
    return InputError(f"the file is refused: {what}", where=where, hint="No alert needs that.")


def _instructions(root: etree._Element, where: str) -> None:
    outside = [node.target for node in _OUTSIDE(root)]  # type: ignore[union-attr]
    before = [
        node.target
        for node in root.itersiblings(preceding=True)
        if isinstance(node, etree._ProcessingInstruction)
    ]
    if (
        _INSIDE(root)
        or outside.count("xml-stylesheet") != len(outside)
        or len(before) != len(outside)
    ):
        raise InputError(
            "the file holds a processing instruction, which an alert does not need", where=where
        )


def _line(data: bytes, mark: bytes) -> int:
    return data[: data.index(mark)].count(b"\n") + 1
