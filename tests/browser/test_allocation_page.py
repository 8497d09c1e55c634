"""The page of an allocation: tiles of one size, a sentence each, and a check in the browser."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comity.claims.share import Allocation, Eligibility, Need, Offer
from comity.report.allocation import Land, allocation_page
from comity.report.floors import FloorLine, FloorSection, floors_page
from comity.report.page import static
from comity.share import checker
from comity.share.allocate import allocate
from comity.share.countries import load_facts
from comity.share.explain import outcomes
from comity.share.words import sentence
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import LOOKS, look
from tests.share.rounds import HOURS, SEATS, need, offer, round_of, signed
from tests.share.test_checker import NOT_ONE, TAMPERED, UNFAIR, in_a_round, shares_of

pytestmark = pytest.mark.xdist_group("browser")

HOSTILE = "<script>alert(1)</script>\u202e"


def calculated() -> tuple[Allocation, dict[str, str]]:
    draw, facts = random.Random(5), load_facts()
    said: list[Need | Offer] = [
        need(place.code, draw.randint(50, 5_000), floor=draw.randint(0, 50))
        for place in facts.places
        if draw.random() < 0.3 or place.code in ("DJI", "MNG")
    ]
    said += [
        offer("Least developed", 4_000, Eligibility(groups=("LDC",))),
        offer(HOSTILE, 90, Eligibility(groups=("SIDS",))),
        offer("For two", 60_000, Eligibility(countries=("MNG", "KEN"))),
        offer("An open model", 0),
        offer("Course", 37, kind=SEATS),
    ]
    statements = signed(*said)
    titles = {one.digest: one.said.title for one in statements if isinstance(one.said, Offer)}
    return allocate("fund.example", round_of(HOURS, SEATS), statements, facts), titles


def page(every: int = 1) -> str:
    """The page; with tiles of each country, or of some alone."""
    facts = load_facts()
    allocation, titles = calculated()
    return allocation_page(
        allocation,
        lands=[Land(place.code, place.name, place.region) for place in facts.places[::every]],
        sentences={
            (kind.id, one.country): sentence(one, kind, facts, titles)
            for kind, shares in zip(allocation.round.kinds, allocation.shares, strict=True)
            for one in outcomes(shares)
        },
        titles=titles,
    )


def floors_of_some(every: int = 8) -> str:
    """The page of the floors, with what three countries rest on."""
    places = load_facts().places[::every]
    said = {0: ("met", 3), 1: ("not_met", 0), 2: ("unknown", None)}
    sections = [
        FloorSection(
            gap=gap,
            title=f"Floor of {gap}",
            unit="per million",
            post="0.1",
            does_not_show="everything else",
            lines=tuple(
                FloorLine(
                    place.code,
                    *said.get(at, ("unknown", None)),
                    (f"its own word: {HOSTILE}",) if at in said else (),
                )
                for at, place in enumerate(places)
            ),
        )
        for gap in ("compute", "use")
    ]
    lands = [Land(place.code, place.name, place.region) for place in places]
    return floors_page(sections, lands, "2026-11-01")


def test_the_floors_can_be_read_by_everybody(
    open_page: OpenPage, axe: Callable[[Page], list[str]]
) -> None:
    shown = open_page(floors_of_some())
    for width, colours, direction in LOOKS:
        look(shown, width, colours, direction)
        assert axe(shown) == [], (width, colours, direction)
        assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_a_tile_of_a_floor_leads_to_what_it_rests_on(open_page: OpenPage) -> None:
    shown = open_page(floors_of_some())
    first = shown.locator("a.tile").first
    code = (first.get_attribute("href") or "").removeprefix("#c-")
    first.press("Enter")

    expect(shown.locator(f"#c-{code} h3")).to_be_in_viewport()
    expect(shown.locator(f"#c-{code}")).to_contain_text("its own word")
    assert "<script>alert" not in floors_of_some()


def test_axe_finds_nothing(open_page: OpenPage, axe: Callable[[Page], list[str]]) -> None:
    shown = open_page(page(every=8))
    for width, colours, direction in LOOKS:
        look(shown, width, colours, direction)
        assert axe(shown) == [], (width, colours, direction)


def test_nothing_is_wider_than_the_screen(open_page: OpenPage) -> None:
    shown = open_page(page())
    for width in (320, 768, 1280):
        for direction in ("ltr", "rtl"):
            look(shown, width, "light", direction)
            assert shown.evaluate("document.documentElement.scrollWidth") <= width, direction


def test_every_country_has_a_tile_of_one_size(open_page: OpenPage) -> None:
    shown = open_page(page())
    sizes = shown.eval_on_selector_all(
        "#k-gpu_hours .tiles .tile",
        "all => all.map(one => [one.offsetWidth, one.offsetHeight].join())",
    )

    assert len(sizes) == 193
    assert len(set(sizes)) == 1


def test_a_tile_leads_to_the_sentence_by_keyboard(open_page: OpenPage) -> None:
    shown = open_page(page())
    shown.locator("a.tile[href='#c-DJI']").first.focus()
    shown.keyboard.press("Enter")

    expect(shown.locator("#c-DJI h3")).to_be_in_viewport()
    expect(shown.locator("#c-DJI p").first).to_contain_text("Djibouti gets")


def test_the_page_checks_itself_and_says_so(open_page: OpenPage) -> None:
    shown = open_page(page())
    shown.get_by_role("button", name="Check it in this browser").press("Enter")

    expect(shown.get_by_role("status")).to_have_text(
        "It holds: nobody gets what is not theirs, and nobody worse off could have more."
    )


def test_one_changed_number_is_caught(open_page: OpenPage) -> None:
    text = page()
    head, _, rest = text.partition('<script type="application/json" id="embedded">')
    data, _, tail = rest.partition("</script>")
    allocation = json.loads(data)
    grant = allocation["shares"][0]["grants"][0]
    grant["amount"] = str(int(grant["amount"].split("/")[0]) + 1)
    marker = '<script type="application/json" id="embedded">'
    shown = open_page(f"{head}{marker}{json.dumps(allocation)}</script>{tail}")
    shown.locator("#check").click()

    expect(shown.get_by_role("status")).to_contain_text("It does not hold")


def test_the_browser_and_the_checker_agree_on_what_was_tampered_with(open_page: OpenPage) -> None:
    shown = open_page(page())
    shown.evaluate(f"() => {{ {static('allocation.js')}; window.check = checkShares }}")
    cases: list[tuple[dict[str, Any], bool]] = []
    for seed in range(12):
        for kind in (HOURS, SEATS):
            cases.append((shares_of(seed, kind), kind.lot is not None))
    for tamper in TAMPERED:
        wrong = shares_of(7, HOURS, countries=20, offers=12)
        tamper(wrong)
        cases.append((wrong, False))
    for seed in range(6):
        moved = deepcopy(shares_of(seed, SEATS))
        moved["grants"] = moved["grants"][1:]
        cases.append((moved, True))

    for shares, lots in cases:
        ours = checker.check(shares, lots)
        given = json.dumps([shares, lots])
        theirs = shown.evaluate("given => window.check(...JSON.parse(given))", given)
        assert sorted(theirs) == sorted(ours)
    assert any(checker.check(shares, lots) for shares, lots in cases)


def test_the_browser_refuses_what_the_checker_refuses(open_page: OpenPage) -> None:
    shown = open_page(page())
    shown.evaluate(f"() => {{ {static('allocation.js')}; window.check = checkAll }}")
    unfair = {name: in_a_round(shares, lots=lots) for name, (shares, lots) in UNFAIR.items()}
    for name, said in {**unfair, **NOT_ONE}.items():
        try:
            ours = checker.check_all(said)
        except ValueError:
            ours = ["refused"]
        # NaN and infinity are no JSON; as null they are no less wrong.
        plain = json.dumps(said).replace("NaN", "null").replace("Infinity", "null")
        theirs = shown.evaluate(
            "given => { try { return check(JSON.parse(given)) } catch { return ['refused'] } }",
            plain,
        )
        assert ours, name
        assert sorted(theirs) == sorted(ours), name


def test_foreign_text_is_no_markup() -> None:
    text = page()

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
