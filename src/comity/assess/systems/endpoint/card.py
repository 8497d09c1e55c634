"""The tables `[endpoint]` and `[local]` of a system card: which language model is asked, and how.

[endpoint]
url = "http://127.0.0.1:8000/v1"
model = "our-model"
key_env = "OUR_MODEL_KEY"

[local]
weights = "model.gguf"
base = true

Of the two a card has one. With `[local]` Comity itself starts llama.cpp's server on the weights, so
that what is signed is bound to them.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from comity.assess.systems.endpoint.model import Ceiling, Endpoint, Grid, Pace, Prices, Weights
from comity.assess.systems.endpoint.protocol import Decoding
from comity.assess.systems.fields import Filled, Wrong, exact_decimal
from comity.assess.systems.labels import shown
from comity.claims.values import Key, LongText
from comity.errors import InputError
from comity.files import hash_weights, inside, read_text, weights_digest

__all__ = ["EndpointTable", "LocalTable", "resolve_endpoint"]

_Number = int | float | str
MAX_PASSAGES_BYTES = 10_000_000
_Variable = Annotated[str, msgspec.Meta(pattern=r"^[A-Z_][A-Z0-9_]{0,63}$(?!\n)")]
_Amount = Annotated[int, msgspec.Meta(ge=1, lt=2**53)]
_Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]


class PricesTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`prices` as it stands in the card."""

    input: _Number
    output: _Number
    currency: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$(?!\n)")]


class CeilingTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`ceiling` as it stands in the card."""

    requests: _Amount | None = None
    tokens: _Amount | None = None
    cost: _Number | None = None


class GridTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`grid` as it stands in the card."""

    grams_per_kwh: Annotated[float, msgspec.Meta(ge=0, le=10_000)]
    source: Filled


class _Asking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What both tables have."""

    base: bool = False
    system_prompt: LongText = ""
    languages: tuple[Key, ...] | None = None
    risks: tuple[Key, ...] = ()
    share: Annotated[float, msgspec.Meta(gt=0, le=1)] | None = None
    passages: Filled | None = None
    grid: GridTable | None = None
    temperature: _Number = 0
    top_p: _Number | None = None
    max_tokens: Annotated[int, msgspec.Meta(ge=1, le=100_000)] | None = None
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] | None = None
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=1_000)] | None = None
    timeout: _Seconds = 120.0
    ceiling: CeilingTable = CeilingTable()


class EndpointTable(_Asking, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[endpoint]` as it stands in the card."""

    url: Filled
    model: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    key_env: _Variable | None = None
    requests_per_second: Annotated[float, msgspec.Meta(gt=0, le=100_000)] | None = None
    retries: Annotated[int, msgspec.Meta(ge=0, le=20)] = 5
    deadline: Annotated[float, msgspec.Meta(gt=0, le=86_400)] = 300.0
    prices: PricesTable | None = None


class LocalTable(_Asking, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[local]` as it stands in the card."""

    weights: Filled
    context: Annotated[int, msgspec.Meta(ge=256, le=1_000_000)] = 4096
    threads: Annotated[int, msgspec.Meta(ge=1, le=1_024)] | None = None


def resolve_endpoint(
    raw: EndpointTable | LocalTable, card: Path, languages: tuple[str, ...]
) -> Endpoint:
    """Check the table `[endpoint]` or `[local]`; hash the weights.

    Args:
        raw: The table.
        card: The card's file.
        languages: Languages of the system, where the table names none.

    Raises:
        InputError: a field is wrong, or the weights cannot be read.
    """
    local = isinstance(raw, LocalTable)
    table = "local" if local else "endpoint"

    def wrong(field: str, what: str, hint: str = "") -> InputError:
        return InputError(what, where=f"{card}, field {table}.{field}", hint=hint)

    prices = raw.prices if isinstance(raw, EndpointTable) else None
    if raw.ceiling.cost is not None and prices is None:
        raise wrong(
            "ceiling.cost",
            "a ceiling of the cost needs prices",
            'For instance prices = {input = 0.5, output = 1.5, currency = "EUR"}, per million '
            "tokens.",
        )
    if raw.base and raw.system_prompt:
        raise wrong("system_prompt", "a base model is given no system prompt")
    endpoint = Endpoint(
        url="",
        model="",
        base=raw.base,
        system_prompt=raw.system_prompt,
        languages=(languages or ("en",)) if raw.languages is None else raw.languages,
        risks=raw.risks,
        share=raw.share,
        passages=() if raw.passages is None else _passages(raw.passages, card, wrong),
        grid=Grid(grams_per_kwh=raw.grid.grams_per_kwh, source=raw.grid.source)
        if raw.grid
        else None,
        decoding=Decoding(
            temperature=_decimal(raw.temperature, "temperature", wrong, most=2),
            top_p=None if raw.top_p is None else _decimal(raw.top_p, "top_p", wrong, most=1),
            max_tokens=raw.max_tokens,
            seed=raw.seed,
        ),
        prices=None
        if prices is None
        else Prices(
            input=Decimal(_decimal(prices.input, "prices.input", wrong)),
            output=Decimal(_decimal(prices.output, "prices.output", wrong)),
            currency=prices.currency,
        ),
        ceiling=Ceiling(
            requests=raw.ceiling.requests,
            tokens=raw.ceiling.tokens,
            cost=None
            if raw.ceiling.cost is None
            else Decimal(_decimal(raw.ceiling.cost, "ceiling.cost", wrong)),
        ),
    )
    if isinstance(raw, LocalTable):
        return _with_weights(endpoint, raw, card)
    pace = Pace(
        concurrency=raw.concurrency or Pace.concurrency,
        requests_per_second=raw.requests_per_second,
        timeout=raw.timeout,
        deadline=max(raw.deadline, raw.timeout),
        retries=raw.retries,
    )
    return replace(
        endpoint, url=_url(raw.url, wrong), model=raw.model, key_env=raw.key_env, pace=pace
    )


def _with_weights(endpoint: Endpoint, raw: LocalTable, card: Path) -> Endpoint:
    path = inside(card.parent, raw.weights, where=f"{card}, field local.weights")
    if path.is_dir():
        raise InputError(
            "the weights are one file in the GGUF format, and this is a folder",
            where=f"{card}, field local.weights",
        )
    weights = Weights(
        path=path,
        digest=weights_digest(hash_weights(path)),
        name=raw.weights,
        context=raw.context,
        threads=raw.threads,
    )
    pace = Pace(concurrency=raw.concurrency or 4, timeout=raw.timeout, retries=0)
    return replace(endpoint, model=path.name[:200], weights=weights, pace=pace)


def _passages(name: str, card: Path, wrong: Wrong) -> tuple[str, ...]:
    """Texts of a file beside the card: JSON Lines, one string a line."""
    path = inside(card.parent, name, where=f"{card}, field passages")
    found = []
    for number, line in enumerate(read_text(path, MAX_PASSAGES_BYTES).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=str))
        except ValueError:
            raise InputError(
                "a line is one text in quotation marks, as JSON writes it",
                where=f"{path}, line {number}",
            ) from None
    if not found:
        raise wrong("passages", f"{shown(name)} holds no text")
    return tuple(found)


def _url(given: str, wrong: Wrong) -> str:
    hint = 'For instance url = "https://models.example/v1".'
    if "@" in given:
        raise wrong(
            "url",
            "the URL holds a name or a password, and a card is no place for either",
            "Name the environment variable that holds the key with key_env.",
        )
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise wrong("url", f"{shown(given)} is no URL", hint) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise wrong("url", f"{shown(given)} is no URL that begins with http:// or https://", hint)
    if parts.query or parts.fragment or not given.isascii() or not given.isprintable():
        raise wrong("url", "the URL goes up to /v1 and holds nothing after it", hint)
    if given.rstrip("/").endswith("/completions"):
        raise wrong("url", "the URL goes up to /v1; Comity adds the rest itself", hint)
    return given.rstrip("/")


def _decimal(value: _Number, field: str, wrong: Wrong, most: int | None = None) -> str:
    text, _ = exact_decimal(value, field, wrong)
    if Decimal(text) < 0 or (most is not None and Decimal(text) > most):
        limit = "" if most is None else f" and at most {most}"
        raise wrong(field, f"the number must be at least 0{limit}")
    return text
