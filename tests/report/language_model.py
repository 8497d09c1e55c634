"""An assessment of a language model made by hand: rates that a scorer read, languages, gaps."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from comity.claims import Assessment, Claim, Data, Judge, Procedure, Reason, digest_of
from tests.report.examples import assessment, claim, rate

__all__ = ["language_model"]

JUDGE = Judge(
    id="refusal-en-1",
    sensitivity="0.987804878049",
    specificity="0.976744186047",
    n_pos=82,
    n_neg=86,
    language="en",
    validated=False,
    raw="0.9",
    corrected="0.909411764706",
)
PREMIUMS = {"fr": 1.12, "ta": 3.91, "xx": 1.5}


def judged(
    measure: str, k: int, n: int, on: Mapping[str, str] | None = None
) -> tuple[Procedure, Claim]:
    """A rate that the scorer read."""
    how, found = rate(measure, k, n, on)
    return how, msgspec.structs.replace(found, judge=JUDGE)


def language_model() -> Assessment:
    """What a small run of all risks claims."""
    claims = [
        judged("misuse.refusal_rate", 99, 110),
        judged("misuse.over_refusal_rate", 11, 110),
        *(
            judged("misuse.refusal_rate", k, 10, {"field": field})
            for field, k in (("surveillance", 9), ("targeting", 7))
        ),
        rate("intellectual_property.verbatim_rate", 27, 97, {"passages": "known"}),
        rate("intellectual_property.verbatim_rate", 0, 97, {"passages": "control"}),
        *(rate("languages.accuracy", 50 + i, 60, {"language": one}) for i, one in enumerate("ar")),
        *(
            claim("languages.token_premium", value, n=1, on={"language": one},
                  why=Reason.NO_INTERVAL_METHOD)
            for one, value in PREMIUMS.items()
        ),
        claim("languages.refusal_gap", None, n=0, on={"language": "fr"}, why=Reason.NO_ITEMS),
    ]  # fmt: skip
    return assessment(
        claims,
        notes=(),
        data=Data(
            name="questions on misuse, intellectual_property, languages",
            digest=digest_of("questions"),
            selection="questions",
            rows=520,
            evaluated=517,
            columns={},
        ),
    )
