"""Reading pages in tests: are they well formed, and which text do they hold?"""

from __future__ import annotations

from html.parser import HTMLParser

__all__ = ["Reader", "read"]

APART = {"br", "caption", "dd", "dt", "h1", "h2", "h3", "li", "p", "td", "text", "th"}
VOID = {"meta", "link", "br", "input", "img", "hr"}


class Reader(HTMLParser):
    """Elements in order, text, and whether every element was closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in APART:
            self.words.append(" ")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"style", "script", "title", "desc"}:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).replace("\u202f", " ").split())

    def attributes(self, tag: str, name: str) -> list[str]:
        return [values.get(name) or "" for found, values in self.tags if found == tag]


def read(page: str) -> Reader:
    """Parse; fails where an element is left open or closed in the wrong place."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader
