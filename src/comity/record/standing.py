"""Replay logs to their sizes, and know what is still good. Pure: entries in, `Standing` out.

The order of the logs does not matter, and reading N entries gives what stood at size N. Every
entry that changes nothing though it might have been meant to is listed, with the reason.

1. An entry counts for what its bundle says, once that holds, and only if entry and bundle agree on
   statement, kind and key. Otherwise it changes nothing.
2. *For* somebody a statement counts only from its author's own log, up to the size that witnesses
   have seen: whoever reads that log reads a withdrawal in it, too. In somebody else's log it stays
   unknown. *Against*, every entry of every log counts that is read: the signature says who speaks.
3. A withdrawal counts only from an author of what it withdraws: the same origin, by the reader's
   trust file, under whichever key. It is final: nothing withdraws a withdrawal.
4. A suspension of a statement counts only from an author of it. One of an authority counts from
   itself, or from at least `needed` of the reader's peers together, never the subject among them:
   so many that say `suspended` suspend; so many that say that or `issuer_under_review` put it
   under review. Where the reader names no peers, nobody suspends anybody else. A peer that is
   suspended itself keeps its voice: else whoever speaks first would silence the others.
5. A suspension counts from its first day to its last, at most 42 days, and ends nothing: afterwards
   all is as before. Its author lifts it earlier by withdrawing it. Of one peer about one authority
   at most 365 days count in all: whoever means longer must stop vouching (EUCC, Article 30).
6. A statement that names its last day is expired after it. An authority is expired when enough
   peers once vouched for it and no longer do (`comity.record.scope`).
7. Of several states the gravest is told: withdrawn, expired, suspended, live; of an authority
   suspended, under review, expired.
8. Unknown stays unknown: what no log shows has no state, and is never live.
9. A log that is proven to have told two stories counts for nobody; against somebody it still does.
10. How much is known, the logs of the laboratories in question say: the one that was seen longest
   ago, and the one with the fewest witnesses. Where nobody is in question, all logs do.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from comity.attest import Peers, Verified, authors_of
from comity.claims import Assessment
from comity.claims.agreement import Agreement
from comity.claims.record import ScopeGrant, Suspension, Withdrawal
from comity.claims.standing import ComparisonResult, LogHead, Standing, State
from comity.record.scope import Grant, lapsed
from comity.record.unheard import MAX_TOTAL_DAYS, Listed, Unheard

__all__ = [
    "LogPrefix",
    "Logged",
    "Replayed",
    "grants_in",
    "laboratories_in",
    "replay",
]


class Logged(NamedTuple):
    """One entry of a log, with the statement that it points to.

    Attributes:
        number: Its place in the log, from 0.
        verified: The statement, or None: its bundle is missing or does not hold.
        why: Why not, in words; empty if it does.
    """

    number: int
    verified: Verified | None
    why: str = ""


class LogPrefix(NamedTuple):
    """The first entries of a log, read and verified.

    Attributes:
        head: Its name, size and root; entries beyond that size count only against somebody.
        owner: Origin of the authority whose log it is, by the reader's trust file.
        first: By when enough witnesses had seen this size, or None.
        checked_at: When enough witnesses last saw it, or None.
        witnesses: How many witnesses whom the reader trusts did.
        entries: The entries that matter to the question, in order.
        note: The signed checkpoint of this size, or empty: no checkpoint is of this size.
        forked: Whether the reader holds a proof that it told two stories.
    """

    head: LogHead
    owner: str
    checked_at: str | None
    witnesses: int
    entries: tuple[Logged, ...]
    note: bytes = b""
    first: datetime.datetime | None = None
    forked: bool = False

    def seen(self) -> LogPrefix:
        """Without what stands beyond its size."""
        kept = tuple(entry for entry in self.entries if entry.number < self.head.size)
        return self._replace(entries=kept)


class Replayed(NamedTuple):
    """What followed from the logs, and what did not count."""

    standing: Standing
    listed: tuple[Listed, ...]


class _Place(NamedTuple):
    """A statement that holds, and where it stands."""

    verified: Verified
    log: LogPrefix
    number: int

    @property
    def at_home(self) -> bool:
        """Whether it stands in its signer's own log, where witnesses may have seen it."""
        return self.own_log and self.number < self.log.head.size and not self.log.forked

    @property
    def own_log(self) -> bool:
        """Whether it stands in its signer's own log."""
        return self.log.owner == self.verified.authority.origin


def replay(
    logs: Collection[LogPrefix],
    *,
    day: datetime.date,
    peers: Peers,
    hand: Mapping[str, object] = MappingProxyType({}),
    comparisons: Sequence[ComparisonResult] = (),
) -> Replayed:
    """Say what is still good on a day, from logs at their sizes.

    Args:
        logs: The logs, in any order.
        day: For which day suspensions and last days are read.
        peers: Whose word about others counts for this reader.
        hand: What the reader's own files say, by the identity of the statement. So they can be
            withdrawn; but no log shows them.
        comparisons: Results of comparisons, which no log holds yet.
    """
    places = []
    listed = []
    for log in logs:
        if log.forked:  # (9)
            listed.append(Listed(log.head.origin, -1, None, Unheard.TWO_STORIES, ""))
        for entry in log.entries:
            if entry.verified is None:  # (1)
                listed.append(
                    Listed(log.head.origin, entry.number, None, Unheard.DOES_NOT_HOLD, entry.why)
                )
            else:
                places.append(_Place(entry.verified, log, entry.number))
    known = {**hand, **{place.verified.id: place.verified.predicate for place in places}}
    live = {place.verified.id for place in places if place.at_home}  # (2)

    withdrawn, unheard = _withdrawn(places, known)
    listed += unheard
    suspended, against, unheard = _suspensions(places, known, withdrawn, peers, day)
    listed += unheard
    listed += _unheard_scopes(places, peers)
    listed += _unseen(places, live)

    statements: dict[str, State] = {}
    for statement in sorted(live | withdrawn | suspended):
        if statement in withdrawn:  # (7)
            statements[statement] = "withdrawn"
        elif _last_day(known[statement], day) < day:  # (6)
            statements[statement] = "expired"
        elif statement in suspended:
            statements[statement] = "suspended"
        else:
            statements[statement] = "live"
    gone = lapsed(_grants(places, withdrawn, suspended), peers, day)
    issuers: dict[str, State] = {
        issuer: against.get(issuer, "expired") for issuer in sorted(against.keys() | gone)
    }
    asked = laboratories_in(hand)
    telling = [log for log in logs if log.owner in asked] or logs
    standing = Standing(
        checked_at=_oldest(telling),
        witnesses=min((log.witnesses for log in telling), default=0),
        logs=tuple(sorted({log.head for log in logs}, key=lambda head: (head.origin, head.size))),
        statements=statements,
        issuers=issuers,
        comparisons=tuple(comparisons),
    )
    # With files in hand only their statements were asked for: what is about others is not amiss.
    told = {one for one in listed if not (hand and one.why is Unheard.NOT_SHOWN)}
    return Replayed(standing, tuple(sorted(told, key=_in_order)))


def laboratories_in(hand: Mapping[str, object]) -> frozenset[str]:
    """Those whose measurements are in question: the authors of the assessments in hand."""
    return frozenset(
        author.origin
        for said in hand.values()
        if isinstance(said, Assessment)
        for author in authors_of(said)
    )


def grants_in(
    logs: Collection[LogPrefix], *, day: datetime.date, peers: Peers
) -> tuple[Grant, ...]:
    """The scope statements that stand in their authors' own logs, for `scope.vouched`."""
    places = [
        _Place(entry.verified, log, entry.number)
        for log in logs
        for entry in log.entries
        if entry.verified is not None
    ]
    known = {place.verified.id: place.verified.predicate for place in places}
    withdrawn, _ = _withdrawn(places, known)
    suspended, _, _ = _suspensions(places, known, withdrawn, peers, day)
    return _grants(places, withdrawn, suspended)


def _withdrawn(places: Sequence[_Place], known: dict[str, object]) -> tuple[set[str], list[Listed]]:
    """Rule 3: what its own author took back."""
    withdrawn, unheard = set(), []
    for place in places:
        said = place.verified.predicate
        if not isinstance(said, Withdrawal):
            continue
        target = known.get(said.statement)
        if why := _not_about_own(place, said.statement, target):
            unheard += why
        elif isinstance(target, Withdrawal):
            unheard += _listed(place, Unheard.FINAL)
        else:
            withdrawn.add(said.statement)
    return withdrawn, unheard


def _suspensions(
    places: Sequence[_Place],
    known: dict[str, object],
    withdrawn: set[str],
    peers: Peers,
    day: datetime.date,
) -> tuple[set[str], dict[str, State], list[Listed]]:
    """Rules 4 and 5: the statements that are suspended today, and the authorities' states."""
    suspended: set[str] = set()
    unheard: list[Listed] = []
    own: dict[str, set[State]] = defaultdict(set)
    voices: dict[tuple[str, str], dict[str, _Place]] = defaultdict(dict)
    for place in places:
        said = place.verified.predicate
        if not isinstance(said, Suspension):
            continue
        now = place.verified.id not in withdrawn and said.first_day <= day <= said.last_day
        if said.statement is not None:
            if why := _not_about_own(place, said.statement, known.get(said.statement)):
                unheard += why
            elif now:
                suspended.add(said.statement)
        elif said.issuer == said.author:
            if now:
                own[said.author].add(said.degree)
        elif said.author in peers.origins and said.issuer is not None:
            voices[said.author, said.issuer][place.verified.id] = place
        else:
            unheard += _listed(place, Unheard.NO_PEER)
    said_by: dict[str, dict[str, set[State]]] = defaultdict(lambda: defaultdict(set))
    for (peer, issuer), found in voices.items():
        for place, counts in _within_total(found):
            said = place.verified.predicate
            if not counts:
                unheard += _listed(place, Unheard.TOO_LONG)
            elif place.verified.id not in withdrawn and said.first_day <= day <= said.last_day:
                said_by[issuer][peer].add(said.degree)
    against: dict[str, State] = {}
    for issuer in own.keys() | said_by.keys():
        degrees = list(said_by[issuer].values())
        suspending = sum("suspended" in said for said in degrees)
        if "suspended" in own[issuer] or suspending >= peers.needed:
            against[issuer] = "suspended"
        elif own[issuer] or len(degrees) >= peers.needed:
            against[issuer] = "issuer_under_review"
    return suspended, against, unheard


def _within_total(found: dict[str, _Place]) -> list[tuple[_Place, bool]]:
    """Rule 5: the suspensions by one peer of one authority, and whether each still counts."""
    days: set[int] = set()
    result = []
    for place in sorted(found.values(), key=lambda one: _when(one.verified)):
        said = place.verified.predicate
        more = days | set(range(said.first_day.toordinal(), said.last_day.toordinal() + 1))
        counts = len(more) <= MAX_TOTAL_DAYS
        days = more if counts else days
        result.append((place, counts))
    return result


def _when(verified: Verified) -> tuple[datetime.date, datetime.date, str]:
    said = verified.predicate
    return said.first_day, said.last_day, verified.id


def _not_about_own(place: _Place, statement: str, target: object | None) -> list[Listed]:
    """Rules 3 and 4: why somebody may not speak about a statement, or nothing."""
    if target is None:
        return _listed(place, Unheard.NOT_SHOWN, statement)
    if place.verified.authority.origin not in {one.origin for one in authors_of(target)}:
        return _listed(place, Unheard.NOT_THE_AUTHOR, statement)
    return []


def _grants(
    places: Sequence[_Place], withdrawn: set[str], suspended: set[str]
) -> tuple[Grant, ...]:
    gone = withdrawn | suspended
    grants = {
        place.verified.id: Grant(place.verified.predicate, place.verified.id not in gone)
        for place in places
        if place.at_home and isinstance(place.verified.predicate, ScopeGrant)
    }
    return tuple(grants[statement] for statement in sorted(grants))


def _unheard_scopes(places: Sequence[_Place], peers: Peers) -> list[Listed]:
    listed = []
    for place in places:
        if isinstance(place.verified.predicate, ScopeGrant):
            if place.verified.authority.origin not in peers.origins:
                listed += _listed(place, Unheard.NO_PEER)
            elif not place.own_log:
                listed += _listed(place, Unheard.OTHER_LOG)
    return listed


def _unseen(places: Sequence[_Place], live: set[str]) -> list[Listed]:
    """Rule 2: what stands in its author's own log, beyond what witnesses have seen of it."""
    listed = []
    for place in places:
        against = isinstance(place.verified.predicate, Withdrawal | Suspension)
        beyond = place.own_log and place.number >= place.log.head.size
        if beyond and not against and place.verified.id not in live:
            listed += _listed(place, Unheard.NOT_SEEN)
    return listed


def _last_day(predicate: object, day: datetime.date) -> datetime.date:
    """Rule 6: the last day that a statement names for itself."""
    if isinstance(predicate, Agreement):
        return predicate.valid_until
    if isinstance(predicate, ScopeGrant | Suspension):
        return predicate.last_day
    return day


def _listed(place: _Place, why: Unheard, detail: str = "") -> list[Listed]:
    return [Listed(place.log.head.origin, place.number, place.verified.id, why, detail)]


def _oldest(logs: Collection[LogPrefix]) -> str | None:
    """When the log that was seen longest ago was seen; without witnesses nobody knows."""
    times = [log.checked_at for log in logs]
    if not times or None in times:
        return None
    return min(time for time in times if time is not None)


def _in_order(one: Listed) -> tuple[str, int, str, str]:
    return one.log, one.number, one.why, one.statement or ""
