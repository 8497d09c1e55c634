"""Check an allocation without trusting whoever calculated it: no solver, nothing but Python.

Run it alone, on any machine: `python checker.py allocation.sigstore.json`. It checks arithmetic and
fairness; who signed, and that the offers' rules were read rightly, is for `comity share check`.

Nobody gets what is not theirs:
 1. Each grant is of an offer whose pool its country may use, and no offer gives more than it has.
 2. Nobody gets more than the need.
The chain proves that nobody worse off could have more:
 3. Each country that asks stands in one link, and the links rise: floors before needs.
 4. Whoever stands in a link may use the pools of this and earlier links alone.
 5. Below level 1 the pools of a link are used up, by its own countries.
 6. Each country has exactly the level of its link: floor × level, or floor + rest × level.
So for a country to rise, somebody in its own link or an earlier, worse off one must fall.
For whole lots, 6 is instead: nobody in this or an earlier link, one lot poorer, would still stand
better than the country (or as well, and the country with one lot more better than that one now).
"""

import base64
import json
import sys
from fractions import Fraction
from typing import Any


def check(shares: dict[str, Any], lots: bool) -> list[str]:
    """What is wrong with the shares of one kind, as sentences; `lots`: it cannot be divided."""
    wrong: list[str] = []
    asks: dict[str, Any] = {ask["country"]: ask for ask in shares["asks"]}
    pools = shares["pools"]
    pool_of = {o["statement"]: at for at, pool in enumerate(pools) for o in pool["offers"]}
    rest = {o["statement"]: Fraction(o["amount"]) for pool in pools for o in pool["offers"]}
    got: dict[str, Fraction] = dict.fromkeys(asks, Fraction(0))
    taken = [dict.fromkeys(asks, Fraction(0)) for _ in pools]
    for grant in shares["grants"]:  # 1
        offer, country, amount = grant["offer"], grant["country"], Fraction(grant["amount"])
        if offer not in rest or country not in asks or amount <= 0:
            wrong.append(f"a grant of {offer[:12]} to {country} is of nothing that was offered")
            continue
        if country not in pools[pool_of[offer]]["eligible"]:
            wrong.append(f"{country} may not use the offer {offer[:12]}")
        rest[offer] -= amount
        got[country] += amount
        taken[pool_of[offer]][country] += amount
    wrong += [f"the offer {offer[:12]} gives more than it has" for offer in rest if rest[offer] < 0]
    wrong += [f"{c} gets more than its need" for c in asks if got[c] > asks[c]["need"]]  # 2
    in_links = [country for link in shares["chain"] for country in link["countries"]]
    full = {c for c in asks if got[c] == asks[c]["need"]}
    missing = set(asks) - set(in_links) - (full if lots else set())
    if len(set(in_links)) != len(in_links) or missing or set(in_links) - set(asks):  # 3
        wrong.append("not every country stands in exactly one link of the chain")
        return wrong
    seen: set[int] = set()
    before = ("floor", Fraction(0))
    poorer: list[tuple[tuple[int, Fraction], tuple[int, Fraction], str]] = []
    for link in shares["chain"]:
        stage, members, own = link["stage"], link["countries"], set(link["pools"])
        level = Fraction(link["level"] or 0)
        if not lots and (stage, level) < before:  # 3
            wrong.append("the links do not rise")
        before = (stage, level)
        seen |= own
        for at, pool in enumerate(pools):  # 4
            if at not in seen and set(pool["eligible"]) & set(members):
                wrong.append(f"{', '.join(members)} may also use pool {at}, which the chain hides")
        holds = sum(Fraction(o["amount"]) for at in own for o in pools[at]["offers"])
        if level < 1 and holds != sum(taken[at][c] for at in own for c in members):  # 5
            wrong.append(f"what {', '.join(members)} may use is not used up by them")
        for c in members:  # 6
            ask = asks[c]
            floor, above = ask["floor"], ask["need"] - ask["floor"]
            if stage == "lots":
                poorer += [(now(ask, got[c] - 1), now(ask, got[c]), c)] if got[c] else []
            elif got[c] != (floor * level if stage == "floor" else floor + above * level):
                wrong.append(f"{c} has not the level of its link")
        if stage == "lots":
            for c in members:
                mine, more = now(asks[c], got[c]), now(asks[c], got[c] + 1)
                for less, theirs, other in poorer:
                    if c not in full and (less > mine or (less == mine and more > theirs)):
                        wrong.append(f"a lot of {other} would do more for {c}")
    return wrong


def now(ask: dict[str, Any], lots: Fraction) -> tuple[int, Fraction]:
    """How well off a country with so many lots is: floors first, then the rest."""
    floor, need = ask["floor"], ask["need"]
    if lots < floor:
        return (0, Fraction(lots, floor))
    return (1, Fraction(lots - floor, need - floor) if need > floor else Fraction(1))


def main(path: str) -> int:
    """Check a signed allocation; the exit code is 0 if it holds."""
    with open(path, encoding="utf-8") as file:
        bundle = json.load(file)
    said = json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))["predicate"]
    lots = {kind["id"]: kind["lot"] is not None for kind in said["round"]["kinds"]}
    wrong = [
        f"{shares['kind']}: {what}"
        for shares in said["shares"]
        for what in check(shares, lots[shares["kind"]])
    ]
    print("\n".join(wrong) or "It holds: nobody worse off could have more.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
