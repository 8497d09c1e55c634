"""verify.html: a verifier that anybody can open in a browser, without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from markupsafe import Markup

from comity.claims import CATALOGUE, Reason
from comity.claims.regime import UNIT_INTERVAL
from comity.report.assessment_words import BINDINGS, ROLES
from comity.report.page import render, shell, static
from comity.report.verify_words import KINDS, WORDS

__all__ = ["TrustedKey", "verify_page"]

_SCRIPTS = (
    "embedded.js",
    "canonical.js",
    "numbers.js",
    "checks.js",
    "schema.js",
    "types.js",
    "verify.js",
    "foreign.js",
    "claims.js",
    "outline.js",
    "view.js",
)
"""In the order in which each may use those before it; together they are one script."""

_RULES = 7


class TrustedKey(TypedDict):
    """One key of the trust file, as the page embeds it.

    `role`, `jurisdiction` and the two days (`YYYY-MM-DD`, both included, in UTC) may be None.
    """

    origin: str
    name: str
    role: str | None
    jurisdiction: str | None
    spki_base64: str
    spki_sha256: str
    fingerprint: str
    valid_from: str | None
    valid_until: str | None


def verify_page(trust_keys: Sequence[TrustedKey], schemas: Mapping[str, Mapping[str, Any]]) -> str:
    """A page that checks signed files with the browser's own cryptography.

    Args:
        trust_keys: Whose keys count.
        schemas: JSON Schema of the predicate of each statement type.

    Returns:
        One HTML file that loads nothing and sends nothing.
    """
    return render(
        "verify.html.j2",
        language="en",
        direction="ltr",
        title=WORDS["title"],
        words=WORDS,
        roles=ROLES,
        rules=[WORDS[f"rule_{number}"] for number in range(1, _RULES + 1)],
        keys=trust_keys,
        embedded=_as_data(
            {
                "keys": list(trust_keys),
                "schemas": dict(schemas),
                "words": dict(WORDS),
                "kinds": dict(KINDS),
                "roles": dict(ROLES),
                "bindings": dict(BINDINGS),
                "reasons": {reason.value: reason.sentence for reason in Reason},
                "measures": {
                    one.id: {
                        "title": one.title,
                        "unit": one.unit,
                        "unit_interval": one.unit in UNIT_INTERVAL,
                        "direction": one.direction,
                        "shows": one.shows,
                    }
                    for one in CATALOGUE.values()
                },
            }
        ),
        **shell(_script()),
    )


def _script() -> str:
    """The scripts as one, closed to the outside."""
    return '"use strict";\n(() => {\n' + "\n".join(static(name) for name in _SCRIPTS) + "\n})();\n"


def _as_data(value: Any) -> Markup:
    """JSON for a data block: without `<`, nothing in it can end the block or open another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - escaped in this line
