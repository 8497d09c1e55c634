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
from comity.claims.decision import Decision
from comity.claims.overlay import Add, Drop, RegimeOverlay, Tighten, Verify
from comity.claims.regime import Signer
from comity.cli.types import TYPES, payload_of, signed
from comity.report import verify_page
from tests.attest.example import KEY, NOW, OTHER_KEY, trust_in
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import LOOKS, look
from tests.browser.test_verify_page import choose, open_verifier, rule_of_python, rule_shown
from tests.decide import world
from tests.independent.peers import record
from tests.report import decisions

pytestmark = pytest.mark.xdist_group("browser")

HERE = Signer(origin="lab.example", key=KEY.public.spki_sha256)
DAY = datetime.date(2026, 11, 21)


def statement(predicate: Agreement | RegimeOverlay | Decision) -> bytes:
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
PREDICATES: dict[str, Agreement | RegimeOverlay | Decision] = {
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


def bent(predicate: Agreement | RegimeOverlay | Decision, *path: str | int, to: Any) -> bytes:
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
