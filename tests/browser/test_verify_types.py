"""verify.html reads every type of statement that `comity verify` does, and judges them alike."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from playwright.sync_api import Page

from comity.attest import Trust, schema_of, verify
from comity.attest.sign import sign_payload
from comity.claims import canonical_bytes
from comity.claims.agreement import Agreement, Difference, Grandfather, Profile
from comity.claims.floor import Declaration, DeclaredFigure
from comity.claims.overlay import Add, Drop, RegimeOverlay, Tighten, Verify
from comity.claims.record import (
    Beacon,
    CheckedHead,
    Intent,
    ScopeGrant,
    StatusList,
    Suspension,
    Withdrawal,
)
from comity.claims.regime import Signer
from comity.claims.standing import LogHead
from comity.cli.types import TYPES, Predicate, payload_of, signed
from comity.report import verify_page
from comity.share.allocate import allocate
from comity.share.countries import load_facts
from tests.attest.example import KEY, NOW, OTHER_KEY, trust_in
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import LOOKS, look
from tests.browser.test_verify_page import choose, open_verifier, rule_of_python, rule_shown
from tests.decide import world
from tests.independent.peers import record
from tests.report import decisions
from tests.share import rounds

pytestmark = pytest.mark.xdist_group("browser")

HERE = Signer(origin="lab.example", key=KEY.public.spki_sha256)
DAY = datetime.date(2026, 11, 21)


def statement(predicate: Predicate) -> bytes:
    return record(signed(predicate, KEY), KEY.public.pem)


def agreement(me: Signer = HERE) -> Agreement:
    """Between lab.example and Coast, with something in every list that has checks."""
    made = world.agreement(
        world.row(issuer=me.origin, range=("0.25", "0.75"), profile="base"),
        parties=(me, world.COAST),
        profiles=(Profile(id="base", procedures=(), exact_use=False, data=()),),
        differences=(
            Difference(id="d", receiver=me.origin, mode="add", old="", new="ab" * 32, reason="law"),
        ),
        grandfather=(Grandfather(started_before=DAY, counts_until=DAY, profiles=("base",)),),
    )
    return made.agreement


def adoption(*operations: Any) -> RegimeOverlay:
    base = world.regime(world.requirement())
    return world.overlay(base, *operations, by=HERE).overlay


OPERATIONS = (
    Verify(requirement="reach", value="0.9", source=world.SOURCE),
    Tighten(requirement="reach", mark=world.mark("1"), reason="climate"),
    Drop(requirement="reach", reason="<img src=x onerror=alert(1)>"),
    Add(requirement=world.requirement(id="other"), reason="\u202eevil"),
)
DECISIONS = {name: replace(make(), authority=HERE.origin) for name, make in decisions.ALL.items()}
WITHDRAWAL = Withdrawal(author=HERE.origin, statement="ab" * 32, reason="<b>mixed up</b>")
STOPPED = Suspension(
    author=HERE.origin,
    statement=None,
    issuer="coast.example",
    degree="issuer_under_review",
    first_day=DAY,
    last_day=DAY + datetime.timedelta(days=41),
    reason="\u202eevil",
)
SCOPE = ScopeGrant(
    author=HERE.origin,
    subject="coast.example",
    key="ab" * 32,
    role="accredited",
    measures=("accuracy", "fairness.tpr"),
    first_day=DAY,
    last_day=DAY.replace(year=2031),
)
INTENT = Intent(
    assessor=HERE.origin,
    system=world.system(),
    card="ab" * 32,
    procedures=(),
    planned=100,
    items=None,
    seed_commitment="cd" * 32,
    beacon=Beacon(origin="Other.example/log", size=7),
)
HEADS = tuple(
    CheckedHead(head=LogHead(origin=name, size=1, root="ab" * 32), note="— a\n")
    for name in ("a.example/log", "b.example/log")
)
STATUS = StatusList(
    author=HERE.origin,
    made="2026-11-21T08:00:00Z",
    day=DAY,
    logs=HEADS,
    statements={"ab" * 32: "withdrawn"},
    issuers={"coast.example": "suspended"},
)
RECORDED: dict[str, Predicate] = {
    "a withdrawal": WITHDRAWAL,
    "a review of an authority": STOPPED,
    "a suspended statement": replace(
        STOPPED, issuer=None, statement="ab" * 32, degree="suspended", last_day=DAY
    ),
    "a scope": SCOPE,
    "an intent": INTENT,
    "an intent without a lot": replace(INTENT, beacon=None),
    "a status list": STATUS,
}
NEED = replace(rounds.need("MNG", 50, floor=9), authority=HERE.origin)
OFFER = replace(rounds.offer("<b>Hours</b>", 40), authority=HERE.origin)
HAS = Declaration(
    authority=HERE.origin,
    country="MNG",
    valid_from=DAY,
    valid_until=DAY,
    figures=(DeclaredFigure(indicator="gpus", value="2.5", evidence=(rounds.PAPER,)),),
)
ROUND = rounds.round_of(rounds.HOURS, rounds.SEATS)
ALLOCATION = allocate(HERE.origin, ROUND, rounds.signed(NEED, OFFER), load_facts())
SHARED: dict[str, Predicate] = {
    "a need": NEED,
    "an offer": OFFER,
    "an offer that everybody can have": replace(OFFER, rival=False, amount=0),
    "a declaration": HAS,
    "an allocation": ALLOCATION,
}
PREDICATES: dict[str, Predicate] = {
    **RECORDED,
    **SHARED,
    "an agreement": agreement(),
    "an adoption": adoption(*OPERATIONS),
    "an adoption without changes": adoption(),
    **{f"a decision, {name}": one for name, one in DECISIONS.items()},
}


@pytest.fixture(scope="module")
def same_page(open_once: OpenPage) -> Page:
    return open_verifier(open_once)


@pytest.mark.parametrize("name", PREDICATES)
def test_what_comity_verifies_the_page_verifies_and_shows(same_page: Page, name: str) -> None:
    bundle = statement(PREDICATES[name])
    expected = verify(bundle, trust_in(), TYPES, NOW)

    choose(same_page, bundle)

    assert rule_shown(same_page) is None
    assert same_page.locator("#statement-id").inner_text() == expected.id
    shown = same_page.locator("#content").inner_text()
    for subject in expected.statement.subject:
        assert subject.digest.sha256 in shown
    assert same_page.locator("#content script, #content img").count() == 0


def test_every_field_of_an_agreement_is_shown(same_page: Page) -> None:
    choose(same_page, statement(agreement()))

    shown = same_page.locator("#content").inner_text()

    def leaves(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key.replace("_", " ")
                yield from leaves(inner)
        elif isinstance(value, (list, tuple)):
            for inner in value:
                yield from leaves(inner)
        elif isinstance(value, bool):
            yield str(value).lower()
        else:
            yield str(value)

    assert [leaf for leaf in leaves(msgspec.to_builtins(agreement())) if leaf not in shown] == []


@pytest.mark.parametrize("name", ["an agreement", "an adoption", "a decision, hostile"])
def test_they_can_be_read_by_everybody(
    open_page: OpenPage, axe: Callable[[Page], list[str]], name: str
) -> None:
    page = open_verifier(open_page)
    choose(page, statement(PREDICATES[name]))
    for seen in LOOKS:
        look(page, *seen)
        assert axe(page) == [], seen
    look(page, 320, "light", "ltr")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def bent(predicate: Predicate, *path: str | int, to: Any) -> bytes:
    """A statement with one place of its predicate replaced, canonically spelled and signed."""
    tree = msgspec.json.decode(payload_of(predicate))
    place = tree["predicate"]
    for step in path[:-1]:
        place = place[step]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return sign_payload(canonical_bytes(tree), KEY)


ADDED = adoption(Add(requirement=world.requirement(), reason=""))
OF_ADDED = ("operations", 0, "requirement")
REALISTIC = DECISIONS["realistic"]

BAD = {
    "a field with a default left out": bent(ADDED, *OF_ADDED, "topic", to=...),
    "a day that no calendar has": bent(agreement(), "valid_from", to="2026-02-30"),
    "a month of 13": bent(agreement(), "valid_from", to="2026-13-01"),
    "the year 0": bent(agreement(), "valid_from", to="0000-01-01"),
    "a day with its time": bent(agreement(), "valid_from", to="2026-01-01T00:00:00Z"),
    "an operation that nobody knows": bent(ADDED, "operations", 0, "operation", to="bless"),
    "an operation that is an object": bent(ADDED, "operations", 0, "operation", to={}),
    "an operation under another name": bent(ADDED, "operations", 0, "operation", to="drop"),
    "a percentage for a mark": bent(ADDED, *OF_ADDED, "mark", "value", to="90"),
    "a mark below zero": bent(ADDED, *OF_ADDED, "mark", "value", to="-0.1"),
    "a mark without its procedure": bent(ADDED, *OF_ADDED, "procedure", to=None),
    "a machine without a mark": bent(ADDED, *OF_ADDED, "mark", to=None),
    "a parameter fixed and free": bent(ADDED, *OF_ADDED, "procedure", "free", to=["positive"]),
    "an agreement with itself": bent(agreement(), "rows", 0, "receiver", to=HERE.origin),
    "an agreement of one": bent(agreement(), "parties", to=[]),
    "a party twice": bent(agreement(), "parties", 1, "signer", "origin", to=HERE.origin),
    "an end before the beginning": bent(agreement(), "valid_until", to="2025-12-31"),
    "an agreement that is passed on": bent(agreement(), "transitive", to=True),
    "a profile called none": bent(agreement(), "profiles", 0, "id", to="none"),
    "a row of strangers": bent(agreement(), "rows", 0, "receiver", to="east.example"),
    "a row with an unknown profile": bent(agreement(), "rows", 0, "profile", to="x"),
    "an old rule for no profile": bent(agreement(), "grandfather", 0, "profiles", to=["x"]),
    "a difference of a stranger": bent(agreement(), "differences", 0, "receiver", to="e.example"),
    "a difference of no kind": bent(agreement(), "differences", 0, "old", to="cd" * 32),
    "a range the wrong way round": bent(agreement(), "rows", 0, "range", to=["0.75", "0.25"]),
    "a range of one number": bent(agreement(), "rows", 0, "range", to=["0.75"]),
    "an uncertainty below zero": bent(agreement(), "rows", 0, "smallest_uncertainty", to="-1"),
    "an agreement about another title": bent(agreement(), "title", to="Another"),
    "an adoption of another regime": bent(adoption(), "base", to="cd" * 32),
    "an adoption for somebody else": statement(replace(adoption(), authority="coast.example")),
    "a decision of somebody else": statement(replace(REALISTIC, authority="coast.example")),
    "a decision on another system": bent(REALISTIC, "system", "name", to="Another"),
    "a decision by another regime": bent(REALISTIC, "regime", "flat", to="cd" * 32),
    "a verdict that nobody knows": bent(REALISTIC, "findings", 0, "verdict", to="perfect"),
    "a need of nothing": bent(NEED, "rows", 0, "need", to=0),
    "a floor above the need": bent(NEED, "rows", 0, "floor", to=51),
    "a need of one kind twice": bent(NEED, "rows", to=msgspec.to_builtins(NEED.rows * 2)),
    "a need without evidence": bent(NEED, "rows", 0, "evidence", to=[]),
    "a need that ends before it begins": bent(NEED, "valid_until", to="2026-10-31"),
    "a country by two letters": bent(NEED, "country", to="MN"),
    "an offer of nothing": bent(OFFER, "amount", to=0),
    "an amount of what everybody can have": bent(OFFER, "rival", to=False),
    "an offer that closes before it opens": bent(OFFER, "closes", to="2026-10-31"),
    "an offer for a group that is none": bent(OFFER, "eligible", "groups", to=["G77"]),
    "a negative figure": bent(HAS, "figures", 0, "value", to="-1"),
    "a declaration with one indicator twice": bent(
        HAS, "figures", to=msgspec.to_builtins(HAS.figures * 2)
    ),
    "an allocation with one kind twice": bent(
        ALLOCATION, "round", "kinds", to=msgspec.to_builtins(ROUND.kinds[:1] * 2)
    ),
    "an allocation by another round": bent(ALLOCATION, "round", "title", to="Another"),
    "an ask with its floor above the need": bent(
        ALLOCATION, "shares", 0, "asks", 0, "floor", to=51
    ),
    "a country that asks twice": bent(
        ALLOCATION, "shares", 0, "asks", to=msgspec.to_builtins(ALLOCATION.shares[0].asks * 2)
    ),
    "a pool that stands in it twice": bent(
        ALLOCATION, "shares", 0, "pools", to=msgspec.to_builtins(ALLOCATION.shares[0].pools * 2)
    ),
    "a grant to somebody who does not ask": bent(
        ALLOCATION, "shares", 0, "grants", 0, "country", to="KEN"
    ),
    "a grant of nothing that was offered": bent(
        ALLOCATION, "shares", 0, "grants", 0, "offer", to="ef" * 32
    ),
    "a chain with a pool that there is not": bent(
        ALLOCATION, "shares", 0, "chain", 0, "pools", to=[7]
    ),
    "an allocation without its shares": bent(ALLOCATION, "shares", to=[]),
    "an amount that is no fraction": bent(ALLOCATION, "shares", 0, "grants", 0, "amount", to="1/0"),
    "a withdrawal without a reason": bent(WITHDRAWAL, "reason", to=""),
    "a withdrawal for somebody else": statement(replace(WITHDRAWAL, author="coast.example")),
    "a withdrawal of no statement": bent(WITHDRAWAL, "statement", to="ab"),
    "a suspension of 43 days": bent(STOPPED, "last_day", to="2027-01-02"),
    "a suspension that ends before it begins": bent(STOPPED, "last_day", to="2026-11-20"),
    "a suspension of two things": bent(STOPPED, "statement", to="ab" * 32),
    "a suspension of nothing": bent(STOPPED, "issuer", to=None),
    "a review of a statement": bent(
        RECORDED["a suspended statement"], "degree", to="issuer_under_review"
    ),
    "a suspension of another authority than it is about": bent(STOPPED, "issuer", to="x.example"),
    "a scope for oneself": bent(SCOPE, "subject", to=HERE.origin),
    "a scope for nothing": bent(SCOPE, "measures", to=[]),
    "a scope for one measure twice": bent(SCOPE, "measures", to=["skill", "skill"]),
    "a scope for six years": bent(SCOPE, "last_day", to="2032-11-21"),
    "an intent for no item": bent(INTENT, "planned", to=0),
    "an intent for another system": bent(INTENT, "system", "version", to="99"),
    "an intent with a log of no name": bent(INTENT, "beacon", "origin", to="a log"),
    "a status list without a log": bent(STATUS, "logs", to=[]),
    "a status list with its logs out of order": bent(
        STATUS, "logs", to=msgspec.to_builtins(HEADS[::-1])
    ),
    "a state that nobody knows": bent(STATUS, "issuers", "coast.example", to="blessed"),
    "an agreement that names another key of the signer": statement(
        agreement(Signer(origin=HERE.origin, key=OTHER_KEY.public.spki_sha256))
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_comity_refuses_the_page_refuses_by_the_same_rule(same_page: Page, name: str) -> None:
    choose(same_page, BAD[name])
    assert rule_of_python(BAD[name], trust_in()) == 6
    assert rule_shown(same_page) == 6
    assert "does not know" not in same_page.locator(".verdict-text").inner_text()


def test_a_statement_without_a_role_is_shown_in_the_role_that_the_page_trusts(
    open_page: OpenPage,
) -> None:
    bundle = statement(adoption())
    page = open_verifier(open_page, trust_in(role="accredited"))
    choose(page, bundle)
    assert "as this page trusts them" in page.locator("#outcome").inner_text()

    page = open_verifier(open_page, trust_in(role=None))
    choose(page, bundle)
    assert "Role" not in page.locator("#outcome").inner_text()


def structs(kind: Any, seen: set[type]) -> set[type]:
    """Every struct that a statement of this type may hold."""
    info = msgspec.inspect.type_info(kind)

    def walk(node: Any) -> None:
        if isinstance(node, msgspec.inspect.StructType):
            if node.cls in seen:
                return
            seen.add(node.cls)
        for name in getattr(node, "__struct_fields__", ()):
            inner = getattr(node, name)
            for one in inner if isinstance(inner, tuple) else (inner,):
                if isinstance(one, msgspec.Struct):
                    walk(one)

    walk(info)
    return seen


def test_every_check_of_a_struct_is_made_by_the_page_too() -> None:
    page = verify_page([], {})
    script = page[page.index("const CHECKS") : page.index("/* Does a value match")]
    taught = set(re.findall(r"^  (\w+)\(\{", script, re.MULTILINE)) | {"Assessment"}
    found: set[type] = set()
    for kind in TYPES.values():
        structs(kind, found)
    checked = {one.__name__ for one in found if hasattr(one, "__post_init__")}
    assert {"Agreement", "Requirement", "Claim", "Energy"} < checked
    assert taught == checked


def test_a_schema_of_every_type_requires_every_field() -> None:
    for kind in TYPES.values():
        for one in schema_of(kind)["$defs"].values():
            assert set(one.get("required", ())) == set(one.get("properties", ())), one["title"]


def test_a_page_that_trusts_nobody_refuses_every_type(open_page: OpenPage) -> None:
    page = open_verifier(open_page, Trust())
    for predicate in PREDICATES.values():
        choose(page, statement(predicate))
        assert rule_shown(page) == 3
