"""The checker shares no code with what it checks, accepts what is fair, and catches one number."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.claims.share import Eligibility, Kind
from comity.share import checker
from comity.share.allocate import allocate
from comity.share.countries import load_facts
from tests.share.rounds import HOURS, SEATS, need, offer, round_of, signed

FACTS = load_facts()
CODES = [place.code for place in FACTS.places]
RULES = [
    Eligibility(),
    Eligibility(groups=("LDC",)),
    Eligibility(groups=("SIDS",)),
    Eligibility(regions=("Eastern Africa", "Western Africa")),
    Eligibility(languages=("fr",)),
    Eligibility(countries=("DJI", "MNG")),
]


def shares_of(seed: int, kind: Kind, countries: int = 12, offers: int = 8) -> dict[str, Any]:
    draw = random.Random(seed)
    needs = []
    for code in ["DJI", "MNG", *draw.sample(sorted(set(CODES) - {"DJI", "MNG"}), countries)]:
        amount = draw.randint(1, 400)
        needs.append(need(code, amount, floor=draw.randint(0, amount), kind=kind))
    given = [
        offer(f"Offer {at}", draw.randint(1, 600), draw.choice(RULES), kind=kind)
        for at in range(offers)
    ]
    result = allocate("fund.example", round_of(kind), signed(*needs, *given), FACTS)
    plain = msgspec.json.decode(msgspec.json.encode(result))
    shares = plain["shares"][0]
    assert isinstance(shares, dict)
    return shares


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([HOURS, SEATS]))
def test_what_was_calculated_holds(seed: int, kind: Kind) -> None:
    assert checker.check(shares_of(seed, kind), kind.lot is not None) == []


def less_for_one(shares: dict[str, Any]) -> None:
    shares["grants"].pop()


def more_than_there_is(shares: dict[str, Any]) -> None:
    used = shares["chain"][0]["pools"][0]
    shares["pools"][used]["offers"][0]["amount"] -= 1


def a_hidden_pool(shares: dict[str, Any]) -> None:
    for link in shares["chain"]:
        if link["pools"]:
            link["pools"].pop()
            return


def a_country_moved_up(shares: dict[str, Any]) -> None:
    shares["chain"][-1]["countries"].append(shares["chain"][0]["countries"].pop())


def somebody_left_out(shares: dict[str, Any]) -> None:
    shares["chain"][0]["countries"].pop()


def an_invented_country(shares: dict[str, Any]) -> None:
    shares["grants"][0]["country"] = "XXX"


def a_bigger_need(shares: dict[str, Any]) -> None:
    country = shares["chain"][-1]["countries"][0]
    next(ask for ask in shares["asks"] if ask["country"] == country)["need"] += 7


def a_wider_rule(shares: dict[str, Any]) -> None:
    worst = shares["chain"][0]
    country = worst["countries"][0]
    for at, pool in enumerate(shares["pools"]):
        if at not in worst["pools"] and country not in pool["eligible"]:
            pool["eligible"].append(country)
            return


def a_swap(shares: dict[str, Any]) -> None:
    """One country has a little less, another of the same pool a little more."""
    pools = {o["statement"]: pool for pool in shares["pools"] for o in pool["offers"]}
    grant = shares["grants"][0]
    others = [
        ask["country"]
        for ask in shares["asks"]
        if ask["country"] in pools[grant["offer"]]["eligible"]
        and ask["country"] != grant["country"]
    ]
    shares["grants"].append(deepcopy(grant) | {"country": others[0]})
    shares["grants"].pop(0)


TAMPERED: list[Callable[[dict[str, Any]], None]] = [
    less_for_one,
    more_than_there_is,
    a_hidden_pool,
    a_country_moved_up,
    somebody_left_out,
    an_invented_country,
    a_bigger_need,
    a_wider_rule,
    a_swap,
]


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda one: one.__name__.replace("_", " "))
def test_one_change_is_caught(tamper: Callable[[dict[str, Any]], None]) -> None:
    shares = shares_of(7, HOURS, countries=20, offers=12)
    assert len(shares["chain"]) > 2
    tamper(shares)

    assert checker.check(shares, False) != []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_a_grant_of_lots_moved_to_somebody_better_off_is_caught(
    seed: int, data: st.DataObject
) -> None:
    shares = shares_of(seed, SEATS)
    asks = {ask["country"]: ask for ask in shares["asks"]}
    got = dict.fromkeys(asks, 0)
    for grant in shares["grants"]:
        got[grant["country"]] += int(grant["amount"])
    pools = {o["statement"]: pool for pool in shares["pools"] for o in pool["offers"]}
    choices = [
        (grant, other)
        for grant in shares["grants"]
        for other in pools[grant["offer"]]["eligible"]
        if other in asks
        and got[other] < asks[other]["need"]
        and checker.now(asks[other], got[other])  # type: ignore[arg-type]
        > checker.now(asks[grant["country"]], got[grant["country"]])  # type: ignore[arg-type]
    ]
    if not choices:
        return
    grant, other = data.draw(st.sampled_from(choices))
    grant["amount"] = str(int(grant["amount"]) - 1)
    moved = [one for one in shares["grants"] if one["amount"] != "0"]
    shares["grants"] = [*moved, {**grant, "country": other, "amount": "1"}]

    assert checker.check(shares, True) != []


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    modules = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    assert modules == {"base64", "json", "sys", "fractions", "typing"}
