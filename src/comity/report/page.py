"""The shell of every page: one file, own style, strict content policy, no network."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from comity.report.foreign import foreign

__all__ = ["Section", "content_policy", "page", "render", "static", "templates"]

_TEMPLATES = PackageLoader("comity.report", "templates")
_STATIC = PackageLoader("comity.report", "static")


class Section(NamedTuple):
    """One section of a page.

    Attributes:
        heading: Its title.
        body: Markup, or plain text that will be escaped.
        name: Anchor in the page; empty for none.
    """

    heading: str
    body: str | Markup
    name: str = ""


def page(
    title: str,
    sections: Sequence[Section],
    *,
    kicker: str = "",
    lead: str | Markup = "",
    language: str = "en",
    direction: Literal["ltr", "rtl"] = "ltr",
    foot: str | Markup = "",
    style: str = "",
) -> str:
    """A whole page with the style of the house.

    Args:
        title: Title of the page and its first heading.
        sections: What follows; texts that are no `Markup` are escaped.
        kicker: A few words above the title: what kind of page this is.
        lead: A paragraph under the title.
        language: BCP 47 tag.
        direction: Writing direction.
        foot: The last line.
        style: What this page adds to the style of the house.

    Returns:
        One HTML file that loads nothing.
    """
    return render(
        "page.html.j2",
        title=title,
        sections=sections,
        kicker=kicker,
        lead=lead,
        language=language,
        direction=direction,
        foot=foot,
        **shell(style=style),
    )


def shell(*scripts: str, style: str = "") -> dict[str, Any]:
    """What every page's head needs: style sheet, scripts and the policy that admits them.

    Args:
        scripts: Texts of the scripts.
        style: What this page adds to the style of the house.
    """
    style = static("style.css") + style
    return {
        "style": Markup(style),  # noqa: S704 - our own file
        "scripts": [Markup(script) for script in scripts],  # noqa: S704 - our own files
        "policy": content_policy(style, scripts),
    }


def content_policy(style: str, scripts: Sequence[str]) -> str:
    """A content security policy that admits these very texts and nothing else."""
    admitted = " ".join(_source(script) for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {admitted}; style-src {_source(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def static(name: str) -> str:
    """A packaged style sheet or script, as text."""
    return _STATIC.get_source(_environment(), name)[0]


def render(template: str, **values: Any) -> Markup:
    """Fill one of the packaged templates; everything in `values` that is no `Markup` is escaped."""
    text = _environment().get_template(template).render(**values)
    return Markup(text)  # noqa: S704 - the template escapes


def _source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@functools.cache
def _environment() -> Environment:
    return templates(_TEMPLATES)


def templates(loader: BaseLoader) -> Environment:
    """Templates that escape all values, and fail where one is missing."""
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["foreign"] = foreign
    return environment
