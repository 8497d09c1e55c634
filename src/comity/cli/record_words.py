"""What authorities say in their logs about statements and each other, in words for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from comity.attest import fingerprint_of
from comity.claims.record import Intent, ScopeGrant, StatusList, Suspension, Withdrawal
from comity.cli.terminal import entries

__all__ = ["Recorded", "record_words"]

Recorded = Withdrawal | Suspension | ScopeGrant | Intent | StatusList


def record_words(said: Recorded) -> Iterator[tuple[str, str]]:
    """Lines of a name and a text; texts are foreign, and not yet safe to show."""
    if isinstance(said, Withdrawal):
        yield "Withdraws", said.statement
        yield "Reason", said.reason
    elif isinstance(said, Suspension):
        verb = "Suspends" if said.degree == "suspended" else "Reviews"
        yield verb, said.issuer or said.statement or ""
        yield "Days", f"{said.first_day} to {said.last_day}"
        yield "Reason", said.reason
    elif isinstance(said, ScopeGrant):
        yield "Vouches", f"for {said.subject}, at most as {said.role}"
        yield "Its key", fingerprint_of(said.key)
        yield "Days", f"{said.first_day} to {said.last_day}"
        yield "Measures", ", ".join(said.measures)
    elif isinstance(said, Intent):
        yield "Announces", f"{said.system.name} {said.system.version}, {said.planned:,} items"
        yield "Card", said.card
        if said.beacon:
            yield "Seed", f"the next root of {said.beacon.origin} beyond {said.beacon.size:,}"
    else:
        yield "Status", f"on {said.day}, made {said.made} by the author's clock"
        for checked in said.logs:
            yield "Log", f"{checked.head.origin}, {entries(checked.head.size)}"
        for state, count in sorted(Counter(said.statements.values()).items()):
            yield "", f"{count:,} statements: {state}"
        for origin, state in sorted(said.issuers.items()):
            yield "", f"{origin}: {state}"
