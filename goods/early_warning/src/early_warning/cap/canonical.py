"""The canonical form of XML, by the algorithms that alerts are signed with."""

from __future__ import annotations

from typing import Final

from lxml import etree

from comity.errors import VerificationError

__all__ = ["EXCLUSIVE", "FORMS", "Form", "canonical", "without"]

EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
_FIRST: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_SECOND: Final = "http://www.w3.org/2006/12/xml-c14n11"

FORMS: Final = frozenset(
    [EXCLUSIVE, EXCLUSIVE + "WithComments"]
    + [one + comments for one in (_FIRST, _SECOND) for comments in ("", "#WithComments")]
)
"""Exclusive 1.0, inclusive 1.0 and 1.1. The last two differ only in what they do with `xml:`
attributes, which the reader of signatures refuses."""


class Form:
    """One algorithm with its parameters, as a `Transform` or `CanonicalizationMethod` names it."""

    def __init__(self, element: etree._Element | None = None) -> None:
        name = _FIRST if element is None else element.get("Algorithm", "")
        self.exclusive = name.startswith(EXCLUSIVE)
        self.comments = name.endswith("WithComments")
        extra = None if element is None else element.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
        self.prefixes = [] if extra is None else extra.get("PrefixList", "").split()


def canonical(
    node: etree._Element | etree._ElementTree, form: Form, *, comments: bool, where: str = ""
) -> bytes:
    """The canonical bytes of a document or of an element in it.

    Raises:
        VerificationError: it has none, because a namespace in it is no full address.
    """
    if isinstance(node, etree._ElementTree) and _stands_alone(node.getroot()):
        node = node.getroot()  # the same bytes; lxml would copy a tree before it writes it
    prefixes = form.prefixes or None if form.exclusive else None
    try:
        return etree.tostring(
            node,
            method="c14n",
            exclusive=form.exclusive,
            with_comments=comments,
            inclusive_ns_prefixes=prefixes,
        )
    except etree.C14NError:
        raise VerificationError(
            "a namespace in it is no full address, so that nobody can have signed it",
            rule=6,
            where=where,
        ) from None


def _stands_alone(root: etree._Element) -> bool:
    """Whether nothing is beside the root, neither comment nor instruction."""
    return root.getprevious() is None and root.getnext() is None


def without(element: etree._Element) -> None:
    """Take an element out of its parent and leave the text after it where it was."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    assert parent is not None
    parent.remove(element)
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
