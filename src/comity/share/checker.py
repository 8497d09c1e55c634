"""Check an allocation without trusting whoever calculated it: no solver, nothing but Python.

Run it alone, on any machine: `python checker.py allocation.sigstore.json`. It ends with 0 if the
allocation holds, 1 if it does not, and 2 if the file is none. It checks arithmetic and fairness;
who signed, that the offers' rules and the needs were read rightly, what is idle, and who won a
draw among equals is for `comity share check --statements`.

The file says one thing, and all of it:
 0. Each kind of the round is shared once; no country, offer or pool stands twice in a list; amounts
    are whole numbers or fractions of a plain size; what comes in lots is granted in whole lots.
Nobody gets what is not theirs:
 1. Each grant is of an offer whose pool its country may use, and no offer gives more than it has.
 2. Nobody gets more than the need.
The chain proves that nobody worse off could have more:
 3. Each country that asks stands in one link, and the links rise: floors, whose level is below 1,
    before needs.
 4. Whoever stands in a link may use the pools of this and earlier links alone.
 5. Below level 1 the pools of a link are used up, by its own countries.
 6. Each country has exactly the level of its link: floor × level, or floor + rest × level.
So for a country to rise, somebody in its own link or an earlier, worse off one must fall.
For whole lots, who has all that it needs may stand in no link; the order of links and 6 are
instead: nobody in this or an earlier link, one lot poorer, would still stand better than the
country (or as well, and the country with one lot more better than that one now).
"""

import base64
import json
import re
import sys
from fractions import Fraction
from math import lcm
from typing import Any

LARGEST_FILE = 500_000_000
LARGEST_PARTS = 1 << 16_000  # 193 links, each a fraction of at most 193 needs of at most 2^53
COUNTRY, DIGEST, KEY = r"[A-Z]{3}", r"[0-9a-f]{64}", r"[A-Za-z0-9_.-]{1,64}"
PARTS = r"(0|[1-9][0-9]{0,99})(/[1-9][0-9]{0,99})?"


def check_all(said: Any) -> list[str]:
    """What is wrong with an allocation, as sentences; ValueError: it has not the form of one."""
    kinds = field(field(said, "round", dict), "kinds", list)
    shares = field(said, "shares", list)
    ids = alone([word(kind, "id", KEY) for kind in kinds], "kinds")
    if not ids or ids != [word(one, "kind", KEY) for one in shares]:
        raise ValueError("the kinds that are shared are not those of the round")
    lots = [field(kind, "lot", int, type(None)) is not None for kind in kinds]
    for one, whole in zip(shares, lots, strict=True):
        shape(one, whole)
    pools = [pool for one in shares for pool in one["pools"]]
    alone([offer["statement"] for pool in pools for offer in pool["offers"]], "offers")
    return [
        f"{one['kind']}: {what}"
        for one, whole in zip(shares, lots, strict=True)
        for what in check(one, whole)
    ]


def shape(shares: Any, lots: bool) -> None:
    """Rule 0 for one kind, before anything is added up; ValueError: it does not hold."""
    asks, pools, chain, grants = (
        field(shares, name, list) for name in ("asks", "pools", "chain", "grants")
    )
    if len(alone([word(ask, "country", COUNTRY) for ask in asks], "countries that ask")) > 1000:
        raise ValueError("more countries ask than there are")
    for ask in asks:
        if not count(ask, "floor") <= count(ask, "need"):
            raise ValueError(f"the floor of {ask['country']} is above its need")
    for pool in pools:
        alone(listed(pool, "eligible", COUNTRY), "eligible countries")
        for offer in field(pool, "offers", list):
            count(offer, "amount"), word(offer, "statement", DIGEST)
    for link in chain:
        if not alone(listed(link, "countries", COUNTRY), "countries of a link"):
            raise ValueError("a link of the chain has no countries")
        for at in alone(field(link, "pools", list), "pools of a link"):
            if type(at) is not int or not 0 <= at < len(pools):
                raise ValueError("a link of the chain names a pool that there is not")
        if (word(link, "stage", "floor|need|lots") == "lots") != lots:
            raise ValueError("a link of the chain does not fit the kind: whole lots or not")
        if lots and field(link, "level", str, type(None)) is not None:
            raise ValueError("a link of whole lots has a level")
        if not lots:
            word(link, "level", PARTS)
    common = 1
    for grant in grants:
        word(grant, "offer", DIGEST), word(grant, "country", COUNTRY)
        common = lcm(common, Fraction(word(grant, "amount", PARTS)).denominator)
        if common > (1 if lots else LARGEST_PARTS):
            raise ValueError("an amount is no whole lot" if lots else "amounts are cut too fine")


def field(of: Any, name: str, *types: type) -> Any:
    """A field that must be there, of one of these types and no other."""
    if type(of) is not dict or name not in of or type(of[name]) not in types:
        raise ValueError(f"`{name}` is missing or is not what it should be")
    return of[name]


def word(of: Any, name: str, pattern: str) -> str:
    """A text that matches a pattern; so nothing that is printed can play tricks on a terminal."""
    found: str = field(of, name, str)
    if not re.fullmatch(pattern, found):
        raise ValueError(f"`{name}` is missing or is not what it should be")
    return found


def count(of: Any, name: str) -> int:
    """A whole number from 0 to 2^53 - 1."""
    found: int = field(of, name, int)
    if not 0 <= found < 1 << 53:
        raise ValueError(f"`{name}` is missing or is not what it should be")
    return found


def listed(of: Any, name: str, pattern: str) -> list[str]:
    """A list of texts that match a pattern."""
    return [word({name: one}, name, pattern) for one in field(of, name, list)]


def alone(names: list[Any], what: str) -> list[Any]:
    """The same list, in which nothing may stand twice."""
    if len({*map(str, names)}) != len(names):
        raise ValueError(f"something stands twice among the {what}")
    return names


def check(shares: dict[str, Any], lots: bool) -> list[str]:
    """What is wrong with the shares of one kind, as sentences; `lots`: it cannot be divided.

    They must have passed `shape`.
    """
    wrong: list[str] = []
    asks: dict[str, Any] = {ask["country"]: ask for ask in shares["asks"]}
    pools = shares["pools"]
    eligible = [{*pool["eligible"]} for pool in pools]
    pool_of = {o["statement"]: at for at, pool in enumerate(pools) for o in pool["offers"]}
    rest = {o["statement"]: Fraction(o["amount"]) for pool in pools for o in pool["offers"]}
    got: dict[str, Fraction] = dict.fromkeys(asks, Fraction(0))
    taken: list[dict[str, Fraction]] = [{} for _ in pools]
    for grant in shares["grants"]:  # 1
        offer, country, amount = grant["offer"], grant["country"], Fraction(grant["amount"])
        if offer not in rest or country not in asks or amount <= 0:
            wrong.append(f"a grant of {offer[:12]} to {country} is of nothing that was offered")
            continue
        at = pool_of[offer]
        if country not in eligible[at]:
            wrong.append(f"{country} may not use the offer {offer[:12]}")
        rest[offer] -= amount
        got[country] += amount
        taken[at][country] = taken[at].get(country, Fraction(0)) + amount
    wrong += [f"the offer {offer[:12]} gives more than it has" for offer in rest if rest[offer] < 0]
    wrong += [f"{c} gets more than its need" for c in asks if got[c] > asks[c]["need"]]  # 2
    in_links = [country for link in shares["chain"] for country in link["countries"]]
    full = {c for c in asks if got[c] == asks[c]["need"]}
    missing = set(asks) - set(in_links) - (full if lots else set())
    if len(set(in_links)) != len(in_links) or missing or set(in_links) - set(asks):  # 3
        wrong.append("not every country stands in exactly one link of the chain")
        return wrong
    unseen = set(range(len(pools)))
    before = ("floor", Fraction(0))
    poorer: list[tuple[tuple[int, Fraction], tuple[int, Fraction], str]] = []
    for link in shares["chain"]:
        stage, members, own = link["stage"], link["countries"], link["pools"]
        level = Fraction(link["level"] or 0)
        if not lots and ((stage, level) < before or level > 1 or (stage == "floor" and level == 1)):
            wrong.append("the links do not rise: floors below 1, then needs up to 1")  # 3
        before = (stage, level)
        unseen -= {*own}
        for at in sorted(unseen):  # 4
            if not eligible[at].isdisjoint(members):
                wrong.append(f"{', '.join(members)} may also use pool {at}, which the chain hides")
        holds = sum(o["amount"] for at in own for o in pools[at]["offers"])
        if level < 1 and holds != sum(taken[at].get(c, 0) for at in own for c in members):  # 5
            wrong.append(f"what {', '.join(members)} may use is not used up by them")
        for c in members:  # 6
            ask = asks[c]
            floor, above = ask["floor"], ask["need"] - ask["floor"]
            if lots:
                poorer += [(now(ask, got[c] - 1), now(ask, got[c]), c)] if got[c] else []
            elif got[c] != (floor * level if stage == "floor" else floor + above * level):
                wrong.append(f"{c} has not the level of its link")
        for c in [c for c in members if lots and c not in full]:
            mine, more = now(asks[c], got[c]), now(asks[c], got[c] + 1)
            better = [o for less, theirs, o in poorer if (less, more) > (mine, theirs)]
            wrong += [f"a lot of {other} would do more for {c}" for other in better[:1]]
    return wrong


def now(ask: dict[str, Any], lots: Fraction) -> tuple[int, Fraction]:
    """How well off a country with so many lots is: floors first, then the rest."""
    floor, need = ask["floor"], ask["need"]
    if lots < floor:
        return (0, lots / floor)
    return (1, (lots - floor) / (need - floor) if need > floor else Fraction(1))


def read(path: str) -> Any:
    """What the signed file says; ValueError: it cannot be read, or says something in two ways."""
    with open(path, "rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise ValueError("the file is too large")
    payload = field(field(parse(data), "dsseEnvelope", dict), "payload", str)
    statement = parse(base64.b64decode(payload, validate=True))
    if not word(statement, "predicateType", r"[!-~]{1,200}").endswith("/allocation/v1"):
        raise ValueError("it is signed as something else")
    return field(statement, "predicate", dict)


def parse(data: bytes) -> Any:
    """Read JSON in which no name stands twice in one object, and no number is NaN or infinite."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        alone([name for name, _ in pairs], "names of an object")
        return dict(pairs)

    def refuse(name: str) -> Any:
        raise ValueError(f"{name} is no number")

    return json.loads(data, object_pairs_hook=once, parse_constant=refuse)


def main(arguments: list[str]) -> int:
    """Check a signed allocation and say what was found."""
    if len(arguments) != 1:
        print("usage: python checker.py allocation.sigstore.json")
        return 2
    try:
        wrong = check_all(read(arguments[0]))
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        print(f"This is no allocation that can be checked: {error!s:.200}")
        return 2
    print("\n".join(wrong) or "It holds: nobody worse off could have more.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
