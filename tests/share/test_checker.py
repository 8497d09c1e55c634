"""The checker shares no code with what it checks, accepts what is fair, and catches one number."""

from __future__ import annotations

import ast
import base64
import contextlib
import json
import random
from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction
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
from comity.share.leximin import Pool, share_out
from comity.share.lots import share_lots
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

    assert modules == {"base64", "fractions", "json", "math", "re", "sys", "typing"}


def tiny(
    chain: list[dict[str, Any]],
    grants: dict[str, str],
    asks: dict[str, tuple[int, int]],
    *,
    pools: dict[int, str],
) -> dict[str, Any]:
    """Shares by hand. Asks: floor and need; pools: what one holds, and who may use it."""
    digests = [f"{at:064x}" for at in range(len(pools))]
    return {
        "kind": "things",
        "asks": [
            {"country": name, "statement": "0" * 64, "floor": floor, "need": need, "declared": need}
            for name, (floor, need) in asks.items()
        ],
        "pools": [
            {"eligible": who.split(), "offers": [{"statement": digest, "amount": holds}]}
            for digest, (holds, who) in zip(digests, pools.items(), strict=True)
        ],
        "chain": chain,
        "grants": [
            {"offer": digests[0], "country": name, "amount": amount}
            for name, amount in grants.items()
        ],
    }


def link(stage: str, level: str | None, countries: str, *pools: int) -> dict[str, Any]:
    return {
        "stage": stage,
        "level": level,
        "countries": countries.split(),
        "pools": list(pools),
    }


BOTH = {10: "AAA BBB"}
UNFAIR: dict[str, tuple[dict[str, Any], bool]] = {
    "lots are claimed of what can be divided": (
        tiny(
            [link("lots", None, "AAA BBB", 0)],
            {"AAA": "21/4", "BBB": "19/4"},
            {"AAA": (0, 9), "BBB": (0, 9)},
            pools=BOTH,
        ),
        False,
    ),
    "a stage that comes after all others hides who got nothing": (
        tiny(
            [link("need", "1", "AAA", 0), link("zero", "0", "BBB")],
            {"AAA": "10"},
            {"AAA": (0, 10), "BBB": (0, 10)},
            pools=BOTH,
        ),
        False,
    ),
    "everybody is said to have a whole floor, and nothing is given above": (
        tiny(
            [link("floor", "1", "AAA BBB", 0)],
            {"AAA": "1", "BBB": "1"},
            {"AAA": (1, 9), "BBB": (1, 9)},
            pools=BOTH,
        ),
        False,
    ),
    "a level of two floors, and nothing above": (
        tiny(
            [link("floor", "2", "AAA BBB", 0)],
            {"AAA": "2", "BBB": "2"},
            {"AAA": (1, 9), "BBB": (1, 9)},
            pools=BOTH,
        ),
        False,
    ),
    "half lots": (
        tiny(
            [link("lots", None, "AAA BBB", 0)],
            {"AAA": "1/2", "BBB": "1/2"},
            {"AAA": (0, 2), "BBB": (0, 2)},
            pools={1: "AAA BBB"},
        ),
        True,
    ),
    "lots with the links of what can be divided": (
        tiny(
            [link("need", "1", "AAA", 0), link("floor", "0", "BBB")],
            {"AAA": "10"},
            {"AAA": (0, 10), "BBB": (0, 10)},
            pools=BOTH,
        ),
        True,
    ),
    "lots at a level, so that nothing need be used up": (
        tiny(
            [link("lots", "1", "AAA BBB", 0)],
            {},
            {"AAA": (0, 10), "BBB": (0, 10)},
            pools=BOTH,
        ),
        True,
    ),
    "lots went to somebody who was better off already": (
        tiny(
            [link("lots", None, "AAA BBB", 0)],
            {"AAA": "7", "BBB": "3"},
            {"AAA": (0, 10), "BBB": (0, 10)},
            pools=BOTH,
        ),
        True,
    ),
}


def in_a_round(shares: dict[str, Any], *, lots: bool) -> dict[str, Any]:
    kind = {"id": shares["kind"], "lot": 1 if lots else None}
    return {"round": {"kinds": [kind]}, "shares": [shares]}


def verdict(shares: dict[str, Any], *, lots: bool) -> list[str]:
    try:
        return checker.check_all(in_a_round(shares, lots=lots))
    except ValueError as error:
        return [str(error)]


@pytest.mark.parametrize(("shares", "lots"), UNFAIR.values(), ids=UNFAIR)
def test_what_is_not_the_fairest_is_not_accepted(shares: dict[str, Any], lots: bool) -> None:
    assert verdict(shares, lots=lots) != []


CHANGES: list[Callable[[dict[str, Any], random.Random], None]] = [
    lambda s, r: r.choice(s["chain"]).update(stage=r.choice(["floor", "need", "lots", "zero"])),
    lambda s, r: r.choice(s["chain"]).update(level=r.choice(["0", "1/2", "1", "2", None])),
    lambda s, r: r.choice(s["chain"])["countries"].append(r.choice(s["chain"])["countries"].pop()),
    lambda s, r: r.choice(s["chain"])["pools"].append(r.randrange(-1, len(s["pools"]))),
    lambda s, r: r.choice(s["chain"])["pools"].clear(),
    lambda s, r: s["chain"].append(s["chain"].pop(0)),
    lambda s, r: r.choice(s["grants"]).update(amount=str(Fraction(r.randint(0, 60), 2))),
    lambda s, r: r.choice(s["grants"]).update(country=r.choice(s["asks"])["country"]),
    lambda s, r: s["grants"].remove(r.choice(s["grants"])),
    lambda s, r: s["asks"].append({**r.choice(s["asks"]), "need": r.randint(1, 50)}),
    lambda s, r: r.choice(s["asks"]).update(floor=r.choice([0, 5, 500, -3])),
]


def is_the_fairest(shares: dict[str, Any], *, lots: bool) -> bool:
    """Whether everybody stands as well as when it is all shared out again."""
    asks = shares["asks"]
    number = {ask["country"]: at for at, ask in enumerate(asks)}
    pools = [
        Pool(
            sum(offer["amount"] for offer in pool["offers"]),
            frozenset(number[code] for code in pool["eligible"] if code in number),
        )
        for pool in shares["pools"]
    ]
    terms = [ask["floor"] for ask in asks], [ask["need"] for ask in asks]
    mine, best = [Fraction(0)] * len(asks), [Fraction(0)] * len(asks)
    for grant in shares["grants"]:
        mine[number[grant["country"]]] += Fraction(grant["amount"])
    given = share_lots(pools, *terms, range(len(asks))).given if lots else []
    for amounts in given or share_out(pools, *terms).given:
        for at, amount in amounts.items():
            best[at] += amount
    if not lots:
        return mine == best

    def standing(got: list[Fraction]) -> list[tuple[int, Fraction]]:
        return sorted(checker.now(ask, n) for ask, n in zip(asks, got, strict=True))

    return standing(mine) == standing(best)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_whatever_is_accepted_is_the_fairest(seed: int, lots: bool) -> None:
    draw = random.Random(seed)
    kind = SEATS if lots else HOURS
    shares = shares_of(draw.randrange(10**6), kind, draw.randint(0, 4), draw.randint(1, 4))
    for change in draw.choices(CHANGES, k=draw.randint(1, 4)):
        with contextlib.suppress(IndexError):  # nothing of that sort is left to change
            change(shares, draw)

    assert verdict(shares, lots=lots) != [] or is_the_fairest(shares, lots=lots)


def bundle(predicate: Any, *, kind: str = "https://x.example/allocation/v1") -> dict[str, Any]:
    statement = {"predicateType": kind, "predicate": predicate}
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    return {"dsseEnvelope": {"payload": payload}}


def said(**changes: Any) -> dict[str, Any]:
    """An allocation of one pool to one country, with some fields of its shares put differently."""
    shares = tiny([link("need", "1", "AAA", 0)], {"AAA": "9"}, {"AAA": (0, 9)}, pools={9: "AAA"})
    kind = {"id": "things", "lot": None}
    return {"round": {"kinds": [kind]}, "shares": [shares | changes]}


ASK, GRANT = said()["shares"][0]["asks"][0], said()["shares"][0]["grants"][0]
OFFER, POOL = {"statement": "0" * 64, "amount": 9}, said()["shares"][0]["pools"][0]
NOT_ONE: dict[str, Any] = {
    "no round": {"shares": []},
    "a kind of the round that is not shared": said() | {"shares": []},
    "no kind at all": {"round": {"kinds": []}, "shares": []},
    "a kind that is shared twice": {
        "round": {"kinds": [{"id": "things", "lot": None}] * 2},
        "shares": said()["shares"] * 2,
    },
    "a lot of nothing in particular": said() | {"round": {"kinds": [{"id": "things"}]}},
    "a need that is a text": said(asks=[ASK | {"need": "9"}]),
    "a need that is yes": said(asks=[ASK | {"need": True}]),
    "a need that is no number": said(asks=[ASK | {"need": float("nan")}]),
    "a need without end": said(asks=[ASK | {"need": float("inf")}]),
    "a need of nine and a half": said(asks=[ASK | {"need": 9.5}]),
    "a negative floor": said(asks=[ASK | {"floor": -1}]),
    "a floor above the need": said(asks=[ASK | {"floor": 10}]),
    "a country that asks twice": said(asks=[ASK, ASK]),
    "a country that plays tricks on a terminal": said(asks=[ASK | {"country": "\x1b[2J"}]),
    "a negative offer": said(pools=[POOL | {"offers": [OFFER | {"amount": -9}]}]),
    "an offer in two pools": said(pools=[POOL, POOL]),
    "an eligible country twice": said(pools=[POOL | {"eligible": ["AAA", "AAA"]}]),
    "a pool that there is not": said(chain=[link("need", "1", "AAA", 0, 1)]),
    "a pool counted from the end": said(chain=[link("need", "1", "AAA", -1)]),
    "a pool twice in a link": said(chain=[link("need", "1", "AAA", 0, 0)]),
    "a link of nobody": said(chain=[link("need", "1", "AAA", 0), link("need", "1", "")]),
    "a link without a level": said(chain=[link("need", None, "AAA", 0)]),
    "an amount of a million digits": said(grants=[GRANT | {"amount": "9" * 1_000_000}]),
    "an amount with a large exponent": said(grants=[GRANT | {"amount": "1e999999999"}]),
    "a negative amount": said(grants=[GRANT | {"amount": "-9"}]),
    "a division by zero": said(grants=[GRANT | {"amount": "9/0"}]),
    "amounts cut too fine": said(
        grants=[GRANT | {"amount": f"1/{10**90 + at}"} for at in range(300)]
    ),
}
MALFORMED: dict[str, bytes] = {
    "nothing at all": b"",
    "no JSON": b"\xff\x00{",
    "a list": b"[]",
    "brackets without end": b"[" * 200_000,
    "a payload that is no base64": b'{"dsseEnvelope": {"payload": "*"}}',
    "a name twice in one object": b'{"dsseEnvelope": {}, "dsseEnvelope": {}}',
    **{name: json.dumps(bundle(predicate)).encode() for name, predicate in NOT_ONE.items()},
}
MALFORMED["a number of a million digits"] = MALFORMED["no round"].replace(
    b'{"dsseEnvelope"', b'{"x": ' + b"9" * 1_000_000 + b', "dsseEnvelope"'
)
MALFORMED["something else that is signed"] = json.dumps(
    bundle(said(), kind="https://x.example/need/v1")
).encode()


def test_a_small_allocation_by_hand_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "allocation.sigstore.json"
    file.write_text(json.dumps(bundle(said())), encoding="utf-8")

    assert checker.main([str(file)]) == 0
    assert capsys.readouterr().out == "It holds: nobody worse off could have more.\n"


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_a_hostile_file_gets_a_sentence(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "allocation.sigstore.json"
    file.write_bytes(data)

    assert checker.main([str(file)]) == 2
    out, err = capsys.readouterr()
    assert out.startswith("This is no allocation that can be checked: ")
    assert (out.count("\n"), err) == (1, "")
    assert "\x1b" not in out


@pytest.mark.parametrize("arguments", [[], ["one", "two"], ["no-such-file"]], ids=str)
def test_without_a_file_it_says_so(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert checker.main(arguments) == 2
    assert "allocation" in capsys.readouterr().out
