"""Links, lists and tables of the demonstration's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from comity.report import foreign
from goods.early_warning.demo.kept import Kept

__all__ = ["bullets", "links", "page_link", "table"]


def page_link(kept: Kept, name: str, words: str = "") -> Markup:
    """A link to a copy of the desk's page, where one was kept."""
    file = kept.pages.get(name)
    return Markup("{}").format(words or name) if file is None else links({words or name: file})


def links(pages: dict[str, str]) -> Markup:
    """Words that lead to files, with commas between them."""
    return Markup(", ").join(
        Markup("<a href='{}'>{}</a>").format(file, words) for words, file in pages.items()
    )


def bullets(lines: Sequence[str]) -> Markup:
    """A list of sentences that came from the program."""
    return Markup("<ul>{}</ul>").format(
        Markup("").join(Markup("<li>{}</li>").format(foreign(one)) for one in lines)
    )


def table(heads: Iterable[str], rows: Iterable[Sequence[str | Markup]]) -> Markup:
    """A table; the first cell of each row is its heading."""
    head = Markup("").join(Markup("<th scope='col'>{}</th>").format(one) for one in heads)
    body = Markup("").join(
        Markup("<tr><th scope='row'>{}</th>{}</tr>").format(
            first, Markup("").join(Markup("<td>{}</td>").format(one) for one in rest)
        )
        for first, *rest in rows
    )
    return Markup(
        "<table class='words'><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(head, body)
