"""An Atom feed: a folder that any web server serves, and the hand-over to CAP Composer.

The folder holds `feed.xml` and, below `alerts/`, each alert's bytes as they were signed.

1. An alert's file is written before the feed that names it, each whole or not at all.
2. A file that stands is never replaced by other bytes. The same bytes again change nothing: however
   often an alert is delivered, the folder shows it once.
3. The feed lists what is in force and the newest others (`Outbox.begin`), the newest first. Older
   files stay.
4. One outbox per folder: the feed is written anew from what this outbox delivered.

**CAP Composer** has no door for programs to push through. It takes an alert in two ways, seen in
its public source (wmo-raf/cap-composer, `capeditor/forms/capimporter.py`, `cap/external_feed`):

- a forecaster imports a file, or the address of a file, in its menu: one from `alerts/`;
- it watches a feed and makes a draft from each entry that it has not seen. It reads the entry's
  link only where that has no media type or an HTML one, and only where it ends in `.xml`; it knows
  an alert again by its identifier, so that a draft appears once.

So the hand-over is this same folder, with links that have no type. It holds drafts: keep it where
the public cannot take it for a feed of warnings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from lxml import etree

from comity.errors import InputError
from comity.files import lock_folder, read_below, write_below
from early_warning.send.channel import DeliveryError, Parcel, Receipt, Route
from early_warning.send.message import MAX_BYTES, Heading, file_name

__all__ = ["Feed"]

_ATOM = "http://www.w3.org/2005/Atom"
_CAP = "urn:oasis:names:tc:emergency:cap:1.2"
_PREFIXES: Any = {None: _ATOM, "cap": _CAP}  # the stubs forget the default namespace
_ADDRESS = re.compile(r"https?://[^\s?#@\\]+", re.ASCII)


class Feed:
    """A folder with an Atom feed.

    Args:
        folder: Made where absent.
        address: Where the web server shows the folder, `https://…`.
        title: Of the feed.
        kind: `feed` for the public, `composer` for the hand-over of drafts to CAP Composer.
        recipient: A name for it.
        patience: See `Route`.

    Raises:
        InputError: the address is none.
    """

    def __init__(
        self,
        folder: Path,
        *,
        address: str,
        title: str,
        kind: Literal["feed", "composer"] = "feed",
        recipient: str = "public",
        patience: timedelta = timedelta(days=7),
    ) -> None:
        if not _ADDRESS.fullmatch(address):
            raise InputError(
                "this is not a web address", where="address", hint="Write https://… or http://…"
            )
        self.folder = folder
        self.address = address.rstrip("/")
        self.title = title
        self.route = Route(channel=kind, recipient=recipient, patience=patience)
        self._link_type = "application/cap+xml" if kind == "feed" else ""

    def address_of(self, identifier: str) -> str:
        """Where an alert's bytes are to be had."""
        return f"{self.address}/alerts/{file_name(identifier)}"

    def deliver(self, parcel: Parcel) -> Receipt:
        """Write the alert, and the feed that names it.

        Raises:
            DeliveryError: other bytes stand in its place.
            InputError: the folder cannot be written.
        """
        heading, data = parcel.message.heading, parcel.message.data
        path = f"alerts/{file_name(heading.identifier)}"
        with lock_folder(self.folder):
            standing = read_below(self.folder, path, MAX_BYTES)
            if standing is not None and standing != data:  # rule 2
                raise DeliveryError(f"other bytes stand in {path} already; they are not replaced")
            others = [one for one in parcel.earlier if one.identifier != heading.identifier]
            listed = sorted([heading, *others], key=lambda one: one.sent, reverse=True)
            feed = self._feed(listed, parcel.queued)
            write_below(self.folder, {path: data, "feed.xml": feed})  # rule 1: in this order
        return Receipt(kind="published", detail=path)

    def _feed(self, headings: Sequence[Heading], updated: datetime) -> bytes:
        feed = etree.Element(f"{{{_ATOM}}}feed", nsmap=_PREFIXES)
        here = f"{self.address}/feed.xml"
        _add(feed, "id", here)
        _add(feed, "title", self.title)
        _add(feed, "updated", _time(updated))
        etree.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=here)
        for heading in headings:
            feed.append(self._entry(heading))
        return etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True)

    def _entry(self, heading: Heading) -> etree._Element:
        entry = etree.Element(f"{{{_ATOM}}}entry", nsmap=_PREFIXES)
        address = self.address_of(heading.identifier)
        _add(entry, "id", address)
        _add(entry, "title", heading.title)
        _add(entry, "updated", _time(heading.sent))
        author = etree.SubElement(entry, f"{{{_ATOM}}}author")
        _add(author, "name", heading.sender)
        link = etree.SubElement(entry, f"{{{_ATOM}}}link", href=address)
        if self._link_type:
            link.set("type", self._link_type)
        for name, text in (
            ("identifier", heading.identifier),
            ("sent", _time(heading.sent)),
            ("expires", _time(heading.expires)),
        ):
            etree.SubElement(entry, f"{{{_CAP}}}{name}").text = text
        return entry


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _time(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
