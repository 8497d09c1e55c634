"""Intents: what will be measured, signed and logged before it is. Reruns and drawers then show.

1. An intent counts from its assessor's own log, and an assessment that names it answers it when it
   stands there later, by the same assessor, about the same system. Nothing but the order in the log
   is looked at: dates prove nothing.
2. Which items are drawn is nobody's choice. The seed is SHA-256(identity of the intent ‖ root), 32
   bytes each; the root is that of the first checkpoint of the log that the intent names, which is
   larger than it was then, and which enough witnesses saw only after they saw the intent. That log
   belongs to somebody else. The result says which size it took, so that everybody who holds the
   log computes the seed again; that it was the first one, only those know who followed it then.
3. An intent without a result is open: it may be running, or lie in a drawer. Two results of one
   intent, and two intents for one system and one card, are told: which of them was shown to whom,
   nobody can hide.
4. A result that names no such intent, stands before it, is of another system, has fewer items than
   were planned, another seed of its items, or does not reveal the secret that its intent committed
   to, is told too.

It proves what was announced, and when. It cannot show a run that was never announced.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from comity.claims import Assessment
from comity.claims.record import Beacon, Intent
from comity.claims.standing import LogHead
from comity.record.standing import LogPrefix

__all__ = [
    "BEACON",
    "Announced",
    "Answer",
    "Remark",
    "Seen",
    "announced",
    "beacon_after",
    "beacon_size",
    "draw",
    "item_seed",
    "seeds_in",
    "with_intent",
]


class Remark(StrEnum):
    """What is to be said of an intent or of a result. The value is for machines."""

    OPEN = "open"
    RERUN = "rerun"
    SAME_PLAN = "same_plan"
    NOT_SHOWN = "not_shown"
    BEFORE = "before"
    OTHER_SYSTEM = "other_system"
    FEWER_ITEMS = "fewer_items"
    OTHER_SEED = "other_seed"
    SECRET_NOT_SHOWN = "secret_not_shown"  # noqa: S105  (a code, no secret)
    OWN_BEACON = "own_beacon"

    @property
    def sentence(self) -> str:
        """The remark in words."""
        return _SENTENCES[self]


_SENTENCES = {
    Remark.OPEN: "no result: it is running, or it was not shown",
    Remark.RERUN: "several results of one intent: one of them was chosen",
    Remark.SAME_PLAN: "announced more than once for the same system and card",
    Remark.NOT_SHOWN: "it names an intent that its author's log does not show",
    Remark.BEFORE: "it stands in the log before its intent",
    Remark.OTHER_SYSTEM: "it is of another system than was announced",
    Remark.FEWER_ITEMS: "it has fewer items than were announced",
    Remark.OTHER_SEED: "its items were not drawn by the seed that follows from the other log",
    Remark.SECRET_NOT_SHOWN: "it does not show the secret that its intent committed to",
    Remark.OWN_BEACON: "its seed comes from a log of its own author's, who can choose it",
}


ITEMS, SECRET = "items", "secret"
"""What stands before a seed in an assessment's field `seed`."""

BEACON = "beacon"
"""Label in an assessment's environment: name and size of the log that made the seed."""

SeedOf = Callable[[str, Intent, int | None], str | None]


class Seen(NamedTuple):
    """A log at a size, and when enough witnesses first saw it."""

    head: LogHead
    first: datetime


class Answer(NamedTuple):
    """An assessment that names an intent: where it stands, and what is to be said of it."""

    statement: str
    log: str
    number: int
    assessment: Assessment
    remarks: tuple[Remark, ...]


class Announced(NamedTuple):
    """An intent, where it stands, its results, and what is to be said of it.

    Attributes:
        intent: What was announced; None: only named by a result.
        statement: Its identity.
        log, number: Where it stands; -1 where it does not.
        answers: Its results, in the order of the log.
        remarks: Of the intent itself.
    """

    intent: Intent | None
    statement: str
    log: str
    number: int
    answers: tuple[Answer, ...]
    remarks: tuple[Remark, ...]


def item_seed(intent: str, root: str) -> str:
    """The seed of the items (rule 2), as 64 hexadecimal digits.

    Args:
        intent: Identity of the intent, 64 hexadecimal digits.
        root: Root of the other log's checkpoint, the same.
    """
    return hashlib.sha256(bytes.fromhex(intent) + bytes.fromhex(root)).hexdigest()


def seeds_in(made: Assessment) -> dict[str, str]:
    """The seed of the items and the revealed secret, as far as an assessment tells them."""
    words = (part.strip().split(" ") for part in (made.seed or "").split(","))
    return {word[0]: word[1] for word in words if len(word) == 2 and word[0] in (ITEMS, SECRET)}


def beacon_size(made: Assessment) -> int | None:
    """At which size of the other log the seed was taken, as the assessment tells it."""
    _, _, size = made.environment.get(BEACON, "").rpartition(" ")
    return int(size) if size.isascii() and size.isdigit() and len(size) <= 16 else None


def with_intent(made: Assessment, intent: str, secret: str, beacon: LogHead | None) -> Assessment:
    """An assessment that names its intent, and tells the secret and the seed of its items.

    Args:
        made: The assessment, which names no intent yet.
        intent: Identity of the intent.
        secret: The 32 bytes that the intent committed to, as 64 hexadecimal digits.
        beacon: The checkpoint that made the seed, or None: no item was drawn by lot.
    """
    seeds = [made.seed] if made.seed else []
    seeds.append(f"{SECRET} {secret}")
    environment = dict(made.environment)
    if beacon is not None:
        seeds.append(f"{ITEMS} {item_seed(intent, beacon.root)}")
        environment[BEACON] = f"{beacon.origin} {beacon.size}"
    return msgspec.structs.replace(
        made, intent=intent, seed=", ".join(seeds), environment=environment
    )


def _digest(secret: str) -> str:
    """SHA-256 of bytes in hexadecimal digits; empty if they are none."""
    try:
        return hashlib.sha256(bytes.fromhex(secret)).hexdigest()
    except ValueError:
        return ""


def beacon_after(heads: Iterable[Seen], beacon: Beacon, after: datetime) -> LogHead | None:
    """The checkpoint that makes the seed (rule 2): the first that is larger and was seen later.

    Args:
        heads: What is known of the log that the intent names, in any order.
        beacon: What the intent says.
        after: When witnesses had seen the intent.
    """
    later = (
        seen.head
        for seen in heads
        if seen.head.origin == beacon.origin and seen.head.size > beacon.size and seen.first > after
    )
    return min(later, key=lambda head: head.size, default=None)


def draw(seed: str, items: Collection[str], n: int) -> list[str]:
    """Draw `n` different items by the seed, in the order in which they are to be tested.

    Items are sorted by SHA-256(seed ‖ 0 ‖ name), so that everybody who knows their names draws the
    same, in whatever order they are listed.

    Raises:
        ValueError: there are fewer than `n` different items.
    """
    different = set(items)
    if n > len(different):
        raise ValueError(f"{n:,} items were to be drawn, and there are {len(different):,}")
    head = bytes.fromhex(seed) + b"\0"
    by_lot = sorted(different, key=lambda one: (hashlib.sha256(head + one.encode()).digest(), one))
    return by_lot[:n]


def announced(
    log: LogPrefix,
    seed_of: SeedOf = lambda statement, intent, size: None,
    deltas: Container[str] = frozenset(),
    own: Container[str] = frozenset(),
) -> tuple[Announced, ...]:
    """Lay out the intents of one log with their results, in the order of the log.

    Args:
        log: The assessor's own log.
        seed_of: The seed that follows from the other log at the size that a result names (None:
            it names none); None where that log is not at hand.
        deltas: Digests of deltas that authorities gave: a result that answers one was asked for.
        own: Names of the other logs that the same authority keeps.
    """
    intents: dict[str, tuple[int, Intent]] = {}
    results: dict[str, list[tuple[int, str, Assessment]]] = defaultdict(list)
    plans: dict[tuple[str, str], set[str]] = defaultdict(set)
    seen: set[str] = set()
    for entry in log.entries:
        if entry.verified is None or entry.verified.authority.origin != log.owner:  # (1)
            continue
        said, statement = entry.verified.predicate, entry.verified.id
        if statement in seen:
            continue
        seen.add(statement)
        if isinstance(said, Intent):
            intents[statement] = (entry.number, said)
            plans[said.system.digest, said.card].add(statement)
        elif isinstance(said, Assessment) and said.intent and said.intent not in deltas:
            results[said.intent].append((entry.number, statement, said))
    found = []
    for statement, (index, intent) in intents.items():
        answers = tuple(
            Answer(
                one,
                log.head.origin,
                at,
                made,
                _remarks(intent, index, at, made, seed_of(statement, intent, beacon_size(made))),
            )
            for at, one, made in results.get(statement, ())
        )
        remarks = []
        if not answers:
            remarks.append(Remark.OPEN)
        if len(answers) > 1:
            remarks.append(Remark.RERUN)
        if len(plans[intent.system.digest, intent.card]) > 1:
            remarks.append(Remark.SAME_PLAN)
        beacon = intent.beacon.origin if intent.beacon is not None else None
        if beacon == log.head.origin or beacon in own:
            remarks.append(Remark.OWN_BEACON)
        found.append(Announced(intent, statement, log.head.origin, index, answers, tuple(remarks)))
    for statement in sorted(results.keys() - intents.keys()):
        answers = tuple(
            Answer(one, log.head.origin, at, made, (Remark.NOT_SHOWN,))
            for at, one, made in results[statement]
        )
        found.append(Announced(None, statement, log.head.origin, -1, answers, ()))
    return tuple(found)


def _remarks(
    intent: Intent, at: int, index: int, made: Assessment, seed: str | None
) -> tuple[Remark, ...]:
    """Rule 4: what is to be said of one result."""
    remarks = []
    if index < at:
        remarks.append(Remark.BEFORE)
    if made.system.digest != intent.system.digest:
        remarks.append(Remark.OTHER_SYSTEM)
    if max((claim.counts.planned for claim in made.claims), default=0) < intent.planned:
        remarks.append(Remark.FEWER_ITEMS)
    told = seeds_in(made)
    if seed is not None and told.get(ITEMS) != seed:
        remarks.append(Remark.OTHER_SEED)
    secret = told.get(SECRET, "")
    if _digest(secret) != intent.seed_commitment:
        remarks.append(Remark.SECRET_NOT_SHOWN)
    return tuple(remarks)
