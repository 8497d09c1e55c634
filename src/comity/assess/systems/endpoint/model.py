"""A language model, and how it is asked: what a card says, checked."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from comity.assess.systems.endpoint.protocol import Decoding

__all__ = ["Ceiling", "Endpoint", "Grid", "Pace", "Prices", "Weights"]

GREEDY = Decoding()


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What a million tokens cost.

    Attributes:
        input: Of those that are read.
        output: Of those that are written.
        currency: ISO 4217 code.
    """

    input: Decimal
    output: Decimal
    currency: str

    def cost(self, read: int, written: int) -> Decimal:
        """What so many tokens cost."""
        return (self.input * read + self.output * written) / 1_000_000


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """What a run may use up, all starts together; None: no limit."""

    requests: int | None = None
    tokens: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast and how patiently is asked.

    Attributes:
        concurrency: Questions under way at once.
        requests_per_second: No more are sent, retries included; None: as fast as answers come.
        timeout: Seconds for one attempt, from the request to the last byte.
        deadline: Seconds for one question, after which no further attempt begins.
        retries: Attempts after the first.
    """

    concurrency: int = 8
    requests_per_second: float | None = None
    timeout: float = 120.0
    deadline: float = 300.0
    retries: int = 5


@dataclass(frozen=True, kw_only=True)
class Weights:
    """A model file that Comity itself runs.

    Attributes:
        path: The GGUF file.
        digest: Its digest, as model-signing computes it.
        name: The file's name in the card.
        context: Tokens that one question and its answer may have together.
        threads: Processor threads; None: one fewer than there are cores.
    """

    path: Path
    digest: str
    name: str
    context: int
    threads: int | None


@dataclass(frozen=True, kw_only=True)
class Grid:
    """How much carbon the electricity stands for.

    Attributes:
        grams_per_kwh: Grams of carbon dioxide equivalent per kilowatt-hour.
        source: Who says so, and for which place and year.
    """

    grams_per_kwh: float
    source: str


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A language model, and how it is asked.

    Attributes:
        url: Base URL, without a slash at its end; empty with `weights`.
        model: The model that is asked for.
        key_env: Environment variable that holds the key, or None. The key itself stands nowhere.
        weights: The model that Comity runs, or None.
        base: It has no chat template.
        system_prompt: Put before every conversation.
        languages: Languages that are asked in.
        risks: Batteries that are asked; empty: all.
        share: A smaller plan, for a trial: this share of the questions.
        passages: The reader's own texts for questions of intellectual property.
        grid: The electricity's carbon, or None.
        decoding: How the model picks its words.
        pace: How fast and how patiently is asked.
        prices: What tokens cost, or None.
        ceiling: What a run may use up.
    """

    url: str
    model: str
    key_env: str | None = None
    weights: Weights | None = None
    base: bool = False
    system_prompt: str = ""
    languages: tuple[str, ...] = ("en",)
    risks: tuple[str, ...] = ()
    share: float | None = None
    passages: tuple[str, ...] = ()
    grid: Grid | None = None
    decoding: Decoding = GREEDY
    pace: Pace = Pace()
    prices: Prices | None = None
    ceiling: Ceiling = Ceiling()

    @property
    def address(self) -> str:
        """What stands for the place of the model: its URL, or the digest of its weights."""
        return self.url if self.weights is None else f"weights:{self.weights.digest}"

    @property
    def unencrypted(self) -> bool:
        """Whether what is sent can be read on its way over a network."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and not _loopback(parts.hostname or "")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
