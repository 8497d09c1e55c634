"""Scope: for what an authority is vouched for, by peers whom the reader chose.

1. A scope statement counts from a peer that the reader's trust file names, and from its own log
   alone: there its withdrawal would stand, too.
2. Never from its own subject: an authority that is a peer itself does not count for itself.
3. It counts from its first day to its last, unless it is withdrawn or suspended.
4. A measure is in scope when at least `needed` different peers vouch for it, and in the highest
   role that so many of them vouch for. Naming a risk vouches for every measure in it.
5. Whoever was once vouched for by enough peers, and is not any more, has lapsed. Whoever never was
   is unknown, which is neither.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, get_args

from comity.attest import Peers
from comity.claims import Role
from comity.claims.record import ScopeGrant

__all__ = ["Grant", "Vouched", "lapsed", "vouched"]

ROLES: tuple[Role, ...] = get_args(Role)
"""From the least independent to the most, as they are written in the type."""


class Grant(NamedTuple):
    """A scope statement that stood in its author's own log.

    Attributes:
        scope: What it says.
        stands: Whether it is neither withdrawn nor suspended.
    """

    scope: ScopeGrant
    stands: bool


class Vouched(NamedTuple):
    """What enough peers say of one key of an authority on one day.

    Attributes:
        subject: The authority.
        key: SHA-256 of its key (SPKI).
        measures: The highest role that enough peers vouch for, by measure or risk.
    """

    subject: str
    key: str
    measures: dict[str, Role]


def vouched(grants: Iterable[Grant], peers: Peers, day: datetime.date) -> tuple[Vouched, ...]:
    """Find for what each authority is vouched for on this day, sorted by its name."""
    subjects: dict[tuple[str, str], list[ScopeGrant]] = defaultdict(list)
    for grant in _heard(grants, peers):  # rules 1 and 2
        scope = grant.scope
        if grant.stands and scope.first_day <= day <= scope.last_day:  # rule 3
            subjects[scope.subject, scope.key].append(scope)
    found = []
    for (subject, key), scopes in sorted(subjects.items()):
        measures = {}
        for measure in sorted({name for scope in scopes for name in scope.measures}):
            if role := _role(measure, scopes, peers.needed):
                measures[measure] = role
        if measures:
            found.append(Vouched(subject, key, measures))
    return tuple(found)


def lapsed(grants: Iterable[Grant], peers: Peers, day: datetime.date) -> frozenset[str]:
    """Find the authorities for which enough peers once vouched, and no longer do (rule 5)."""
    given = tuple(grants)
    voices: dict[str, set[str]] = defaultdict(set)
    for grant in _heard(given, peers):
        if grant.scope.first_day <= day:
            voices[grant.scope.subject].add(grant.scope.author)
    once = {subject for subject, authors in voices.items() if len(authors) >= peers.needed}
    return frozenset(once - {one.subject for one in vouched(given, peers, day)})


def _heard(grants: Iterable[Grant], peers: Peers) -> list[Grant]:
    return [
        grant
        for grant in grants
        if grant.scope.author in peers.origins and grant.scope.author != grant.scope.subject
    ]


def _role(measure: str, scopes: Iterable[ScopeGrant], needed: int) -> Role | None:
    """Rule 4: the role that the `needed`-th most generous peer vouches for."""
    best: dict[str, int] = {}
    for scope in scopes:
        if any(f"{measure}.".startswith(f"{name}.") for name in scope.measures):
            best[scope.author] = max(best.get(scope.author, 0), ROLES.index(scope.role))
    ranks = sorted(best.values(), reverse=True)
    return ROLES[ranks[needed - 1]] if len(ranks) >= needed else None
