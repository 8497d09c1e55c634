"""A scripted forecaster: signs in at the real desk over HTTP, and fills in its forms.

It reads each page as a browser would, and sends back what the form holds, with its token; nothing
is known here of the desk's fields but the names of those that are changed.
"""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import html

__all__ = ["DeskError", "Forecaster", "Page", "inert"]

SECONDS = 60.0
Fields = Mapping[str, str | Sequence[str]]


class DeskError(Exception):
    """The desk said otherwise than the script expects."""


class Page:
    """A page of the desk.

    Attributes:
        address: Where it stands, from the desk's root.
        text: Its HTML.
        tree: The same, parsed.
    """

    def __init__(self, address: str, text: str) -> None:
        self.address, self.text = address, text
        self.tree: Any = html.document_fromstring(text)

    def links(self, pattern: str) -> list[str]:
        """Addresses of this form that it links to, in order, each once."""
        found = [str(one) for one in self.tree.xpath("//a/@href")]
        return list(dict.fromkeys(one for one in found if re.fullmatch(pattern, one)))

    def form(self, do: str) -> Any:
        """The form with the button `do`; the first one where `do` is empty."""
        where = f"//form[.//button[@name='do' and @value='{do}']]" if do else "//form"
        found = self.tree.xpath(where)
        if not found:
            raise DeskError(f"{self.address} has no form to {do or 'fill in'}: {self.said()}")
        return found[0]

    def heading(self) -> str:
        """Its heading and the line below it."""
        found = self.tree.xpath("//main//h1|//main//p[@class='lead']")
        return " ".join(" ".join(one.xpath("string()").split()) for one in found)

    def said(self) -> str:
        """What the page says, in one line."""
        return " ".join(self.tree.xpath("string(//main)").split())[:600]


class Forecaster:
    """One person at the desk.

    Args:
        desk: Address of the desk.
        who: Their id.
        passphrase: Theirs.
    """

    def __init__(self, desk: str, who: str, passphrase: str) -> None:
        self._desk, self.who = desk, who
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(cookies, urllib.request.ProxyHandler({}))
        self.fill(self.open("/sign-in"), "", {"who": who, "passphrase": passphrase})

    def open(self, address: str) -> Page:
        """Look at a page."""
        return self._ask(urllib.request.Request(self._desk + address))

    def fill(self, page: Page, do: str, fields: Fields = {}) -> Page:  # noqa: B006 - never changed
        """Send a form of a page back, with some fields changed; the page that comes then."""
        form = page.form(do)
        values = [(name, value) for name, value in form.form_values() if name not in fields]
        for name, value in fields.items():
            several = [value] if isinstance(value, str) else value
            values += [(name, one) for one in several]
        if do:
            values.append(("do", do))
        action = urllib.parse.urljoin(page.address, form.get("action") or page.address)
        return self._ask(
            urllib.request.Request(
                self._desk + action, urllib.parse.urlencode(values).encode("ascii")
            )
        )

    def _ask(self, request: urllib.request.Request) -> Page:
        try:
            with self._browser.open(request, timeout=SECONDS) as answer:
                address = urllib.parse.urlsplit(answer.url)
                query = f"?{address.query}" if address.query else ""
                return Page(address.path + query, answer.read().decode("utf-8"))
        except urllib.error.HTTPError as refusal:
            page = Page(request.selector, refusal.read().decode("utf-8", "replace"))
            raise DeskError(f"{request.selector}: {refusal.code}: {page.said()}") from None


def inert(page: Page, style: str, kept: Mapping[str, str], words: str) -> str:
    """A copy of a page to keep as a file: links to other kept pages hold, forms do nothing.

    Args:
        page: The page.
        style: The desk's style sheet.
        kept: Address at the desk to the name of the file that it is kept as.
        words: What is real in it, a sentence.
    """
    tree: Any = html.document_fromstring(page.text)
    for link in tree.xpath("//link[@rel='stylesheet']"):
        sheet = html.Element("style")
        sheet.text = style
        link.getparent().replace(link, sheet)
    for link in tree.xpath("//a[starts-with(@href, '/')]"):
        address, _, anchor = str(link.get("href")).partition("#")
        target = kept.get(address)
        if target is None:
            del link.attrib["href"]
        else:
            link.set("href", f"{target}#{anchor}" if anchor else target)
    for form in tree.xpath("//form"):
        form.attrib.pop("action", None)
        for control in form.xpath(".//button|.//input|.//select|.//textarea"):
            control.set("disabled", "disabled")
        for secret in form.xpath(".//input[@name='token']"):
            secret.getparent().remove(secret)
    (main,) = tree.xpath("//main")
    note = html.Element("p")
    note.set("class", "remark")
    note.text = f"A copy of the desk’s page. {words} Its forms do nothing."
    main.insert(0, note)
    return "<!doctype html>\n" + str(html.tostring(tree, encoding="unicode"))
