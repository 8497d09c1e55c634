"""Bring needs and offers of one round together, and write down the proof.

1. A statement takes part if the round's day lies in its window, the round has its kind, and the
   unit is the round's. What takes no part is listed with the reason.
2. One country, one declaration for a kind: two that both count are refused, as nobody could say
   which to believe.
3. A need above the ceiling of the round counts as the ceiling; the declared figure stays beside it.
4. What is not rival goes to everybody eligible, and is never rationed.
5. Offers that the same countries may use are one pool; what can be divided is shared by `leximin`,
   what comes in lots by `lots`. From a pool, offers are used up in the order of their digests, so
   that there are few grants and no choice.
6. What remains is idle, with the rule that blocks it, and how many lack some that it shuts out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from comity.claims.assessment import Origin
from comity.claims.share import (
    Allocation,
    Ask,
    Eligibility,
    Grant,
    Idle,
    Kind,
    LeftOut,
    Level,
    Need,
    NeedRow,
    Offer,
    OfferedPart,
    PoolRow,
    Round,
    Shares,
    ToEveryone,
)
from comity.errors import InputError
from comity.share.countries import Facts
from comity.share.leximin import Pool, share_out
from comity.share.lots import share_lots

__all__ = ["Signed", "allocate", "eligible_countries", "lottery_places"]


@dataclass(frozen=True)
class Signed:
    """A verified statement: its digest, and what it says."""

    digest: str
    said: Need | Offer


@lru_cache(maxsize=4096)  # many offers have the same rule
def eligible_countries(rule: Eligibility, facts: Facts) -> frozenset[str]:
    """The countries that an offer's rule admits."""
    admitted = facts.codes.difference(rule.not_countries)
    if rule.countries:
        admitted = admitted.intersection(rule.countries)
    for sort, names in (
        ("group", rule.groups),
        ("region", rule.regions),
        ("language", rule.languages),
    ):
        if names:
            members = (facts.members.get((sort, name), frozenset()) for name in names)
            admitted = admitted.intersection(frozenset().union(*members))
    return admitted


def allocate(
    authority: Origin, rules: Round, statements: Iterable[Signed], facts: Facts
) -> Allocation:
    """Share everything that was offered among everybody who declared a need.

    Args:
        authority: Who calculates.
        rules: The rules of the round.
        statements: All needs and offers, verified.
        facts: The countries, with what rules may ask about them.

    Raises:
        InputError: a country is not in the table, two declarations of a country contradict each
            other, or a rule names what is in no table.
    """
    needs: dict[str, list[tuple[Signed, NeedRow]]] = {kind.id: [] for kind in rules.kinds}
    offers: dict[str, list[tuple[Signed, Offer]]] = {kind.id: [] for kind in rules.kinds}
    left_out: list[LeftOut] = []
    declared: dict[tuple[str, str], str] = {}
    for signed in sorted(statements, key=lambda one: one.digest):
        obstacles = dict(_obstacles(signed, rules))
        for name, why in obstacles.items():
            left_out.append(LeftOut(statement=signed.digest, kind=name, why=why))
        blocked = obstacles.keys()
        if None in blocked:
            continue
        if isinstance(signed.said, Offer):
            _check_rule(signed, facts)
            if signed.said.kind not in blocked:
                offers[signed.said.kind].append((signed, signed.said))
            continue
        facts.place(signed.said.country, where=f"need {signed.digest[:12]}…")
        for row in signed.said.rows:
            if row.kind in blocked:
                continue
            if (other := declared.get((signed.said.country, row.kind))) is not None:
                raise InputError(
                    f"{facts.name(signed.said.country)} declares its need of {row.kind} twice: in "
                    f"{other[:12]}… and in {signed.digest[:12]}…",
                    where="needs",
                    hint="Leave out the one that no longer counts.",
                )
            declared[signed.said.country, row.kind] = signed.digest
            needs[row.kind].append((signed, row))
    shares: list[Shares] = []
    everyone: list[ToEveryone] = []
    idle: list[Idle] = []
    for kind in rules.kinds:
        free = [(signed, offer) for signed, offer in offers[kind.id] if not offer.rival]
        for signed, offer in free:
            countries = eligible_countries(offer.eligible, facts)
            everyone.append(ToEveryone(offer=signed.digest, countries=tuple(sorted(countries))))
        rival = [(signed, offer) for signed, offer in offers[kind.id] if offer.rival]
        one, rest = _share(kind, rules.lottery, needs[kind.id], rival, facts)
        shares.append(one)
        idle += rest
    return Allocation(
        authority=authority,
        round=rules,
        facts=facts.digest,
        shares=tuple(shares),
        everyone=tuple(everyone),
        idle=tuple(idle),
        left_out=tuple(left_out),
    )


def _obstacles(signed: Signed, rules: Round) -> Iterator[tuple[str | None, str]]:
    """Rule 1: why a statement, or one kind in it, takes no part."""
    said, day = signed.said, rules.day
    opens, closes = (
        (said.opens, said.closes)
        if isinstance(said, Offer)
        else (said.valid_from, said.valid_until)
    )
    if day < opens:
        yield None, f"it counts from {opens} only, and the round is on {day}"
        return
    if day > closes:
        yield None, f"it ended on {closes}, before the round on {day}"
        return
    units = {kind.id: kind.unit for kind in rules.kinds}
    rows = [said] if isinstance(said, Offer) else said.rows
    for row in rows:
        if row.kind not in units:
            yield row.kind, f"the round shares no {row.kind}"
        elif row.unit != units[row.kind]:
            yield row.kind, f"it counts {row.kind} in {row.unit}, the round in {units[row.kind]}"


def _check_rule(signed: Signed, facts: Facts) -> None:
    assert isinstance(signed.said, Offer)
    rule, where = signed.said.eligible, f"offer {signed.digest[:12]}…, field eligible"
    for code in (*rule.countries, *rule.not_countries):
        facts.place(code, where=where)
    for region in rule.regions:
        if region not in facts.regions:
            raise InputError(
                f"no country of the table lies in a region {region!r}",
                where=where,
                hint="Regions are named as in UN M49: " + ", ".join(sorted(facts.regions)) + ".",
            )
    for language in rule.languages:
        if language not in facts.languages:
            raise InputError(
                f"no country of the table has an official language {language!r}",
                where=where,
                hint="Languages are named as in the Unicode CLDR: fr, ar, sw, fil, zh …",
            )


def _share(
    kind: Kind,
    lottery: str,
    needs: Sequence[tuple[Signed, NeedRow]],
    offers: Sequence[tuple[Signed, Offer]],
    facts: Facts,
) -> tuple[Shares, list[Idle]]:
    """Rules 3, 5 and 6 for one kind."""
    asks = sorted((_ask(kind, signed, row, facts) for signed, row in needs), key=_country)
    number = {ask.country: at for at, ask in enumerate(asks)}
    lot = kind.lot or 1
    grouped: dict[frozenset[str], list[OfferedPart]] = {}
    for signed, offer in offers:
        eligible = eligible_countries(offer.eligible, facts)
        part = OfferedPart(statement=signed.digest, amount=offer.amount // lot)
        grouped.setdefault(eligible, []).append(part)
    rows = [
        PoolRow(eligible=tuple(sorted(eligible)), offers=tuple(parts))
        for eligible, parts in sorted(grouped.items(), key=lambda one: one[1][0].statement)
    ]
    pools = [
        Pool(
            sum(part.amount for part in row.offers),
            frozenset(number[code] for code in row.eligible if code in number),
        )
        for row in rows
    ]
    floors, wanted = [ask.floor for ask in asks], [ask.need for ask in asks]
    given: Sequence[Mapping[int, Fraction]]
    if kind.lot is None:
        shared = share_out(pools, floors, wanted)
        given = shared.given
        chain = [
            Level(
                stage=one.stage,
                level=str(one.level),
                countries=tuple(asks[at].country for at in one.countries),
                pools=one.pools,
            )
            for one in shared.chain
        ]
    else:
        try:
            lots = share_lots(pools, floors, wanted, lottery_places(lottery, asks))
        except InputError as error:
            error.where = f"round, kind {kind.id}, field lot"
            raise
        given = [{at: Fraction(n) for at, n in one.items()} for one in lots.given]
        chain = [
            Level(
                stage="lots",
                level=None,
                countries=tuple(asks[at].country for at in countries),
                pools=settled,
            )
            for countries, settled in lots.settled
        ]
    grants: list[Grant] = []
    idle: list[Idle] = []
    titles = {signed.digest: offer for signed, offer in offers}
    got = [Fraction(0)] * len(asks)
    for amounts in given:
        for at, amount in amounts.items():
            got[at] += amount
    lacking = {ask.country for ask, mine in zip(asks, got, strict=True) if mine < ask.need}
    for row, amounts in zip(rows, given, strict=True):
        used = dict.fromkeys((part.statement for part in row.offers), Fraction(0))
        for grant in _grants(row, {asks[at].country: n for at, n in amounts.items()}):
            grants.append(grant)
            used[grant.offer] += Fraction(grant.amount)
        for part in row.offers:
            offer = titles[part.statement]
            idle += _idle(part, used[part.statement], offer, kind, row, number, lacking)
    return (
        Shares(
            kind=kind.id,
            asks=tuple(asks),
            pools=tuple(rows),
            chain=tuple(chain),
            grants=tuple(grants),
        ),
        idle,
    )


def _country(ask: Ask) -> str:
    return ask.country


def _ask(kind: Kind, signed: Signed, row: NeedRow, facts: Facts) -> Ask:
    """Rule 3: what counts of a declared need."""
    assert isinstance(signed.said, Need)
    place = facts.place(signed.said.country)
    need = row.need
    if kind.ceiling_per_million is not None:
        if place.people is None:
            raise InputError(
                f"the round caps {kind.id} by population, and nobody said how many people live in "
                f"{place.name}",
                where="population",
                hint="Give the population of every country that declares a need.",
            )
        ceiling = -(-kind.ceiling_per_million * place.people // 1_000_000)
        need = min(need, max(ceiling, 1))
    lot = kind.lot or 1
    need = -(-need // lot)
    return Ask(
        country=place.code,
        statement=signed.digest,
        floor=min(-(-row.floor // lot), need),
        need=need,
        declared=row.need,
    )


def lottery_places(lottery: str, asks: Sequence[Ask]) -> list[int]:
    """The place of each country in the draw: by SHA-256 of the published seed and its code."""
    tickets = [hashlib.sha256(f"{lottery}\n{ask.country}".encode()).digest() for ask in asks]
    order = sorted(range(len(asks)), key=tickets.__getitem__)
    places = [0] * len(asks)
    for place, country in enumerate(order):
        places[country] = place
    return places


def _grants(row: PoolRow, amounts: Mapping[str, Fraction]) -> Iterator[Grant]:
    """Rule 5: fill countries in the order of their codes from offers in the order of theirs."""
    parts = iter(row.offers)
    left, offer = Fraction(0), ""
    for country, open_ in sorted(amounts.items()):
        while open_:
            if not left:
                part = next(parts)
                left, offer = Fraction(part.amount), part.statement
                continue
            taken = min(left, open_)
            yield Grant(offer=offer, country=country, amount=str(taken))
            left -= taken
            open_ -= taken


def _shut_out(lacking: AbstractSet[str]) -> str:
    """Who could use what is idle, and is not admitted."""
    if not lacking:
        return ""
    who = "one country that its rule does not admit lacks"
    if len(lacking) > 1:
        who = f"{len(lacking)} countries that its rule does not admit lack"
    return f"; {who} some"


def _idle(
    part: OfferedPart,
    used: Fraction,
    offer: Offer,
    kind: Kind,
    row: PoolRow,
    number: Mapping[str, int],
    lacking: AbstractSet[str],
) -> Iterator[Idle]:
    """Rule 6: what remains of an offer in units, and the rule that blocks it."""
    rest = offer.amount - int(-(-used // 1)) * (kind.lot or 1)
    if rest <= 0:
        return
    if not row.eligible:
        why = "no country at all meets its rule"
    elif not any(code in number for code in row.eligible):
        why = f"none of the {len(row.eligible)} countries that its rule admits declared a need"
    elif part.amount == used:
        why = f"it is no whole lot of {kind.lot:,} {kind.unit}"
    else:
        why = "everybody whom its rule admits has all that they declared"
    if part.amount != used:
        why += _shut_out(lacking - {*row.eligible})
    yield Idle(offer=part.statement, amount=rest, why=why)
