"""The page of a decision in a browser: read by everybody, and its marks moved."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Page

from comity import regimes
from comity.claims.decision import Decision, Exhibit
from comity.claims.regime import Mark, Requirement
from comity.decide import across, resolve
from comity.report import decision_page, divergence_page
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import LOOKS, look
from tests.decide import world
from tests.report import decisions, examples

pytestmark = pytest.mark.xdist_group("browser")


def decision(name: str) -> str:
    return decision_page(
        decisions.ALL[name](),
        assessments=decisions.assessments(),
        statement_id=examples.STATEMENT_ID,
        fingerprint=examples.FINGERPRINT,
        generated=examples.GENERATED,
    )


def sheet(*names: str) -> str:
    texts = [regimes.load(name) for name in names]
    sides = [resolve(one, (), lambda signer: None) for one in texts]
    decided = [(one, world.decided(world.exhibit(), asks=one)) for one in sides]
    return divergence_page(
        across(decided), texts, system=world.system(), day=world.TODAY, generated="2026-11-21"
    )


PAGES: dict[str, Callable[[], str]] = {
    **{f"decision, {name}": functools.partial(decision, name) for name in decisions.ALL},
    "sheet of two": functools.partial(sheet, "example-coast", "example-steppe"),
    "sheet of all": functools.partial(sheet, *regimes.deciding()),
}


def open_everything(shown: Page) -> None:
    """All chains and all what-ifs."""
    shown.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for field in shown.locator("input[type=number]").all():
        field.fill("50")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    open_page: OpenPage, axe: Callable[[Page], list[str]], name: str
) -> None:
    shown = open_page(PAGES[name]())
    open_everything(shown)
    for width, colours, direction in LOOKS:
        look(shown, width, colours, direction)
        assert axe(shown) == [], (width, colours, direction)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, name: str) -> None:
    shown = open_page(PAGES[name]())
    open_everything(shown)
    for width in (320, 360, 768, 1280):
        for direction in ("ltr", "rtl"):
            look(shown, width, "light", direction)
            wide = shown.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (width, direction)


def test_the_keyboard_moves_a_mark_and_the_new_verdict_is_announced(open_page: OpenPage) -> None:
    shown = open_page(decision("realistic"))
    finding = shown.locator("#r-exact")
    slider = finding.get_by_role("slider", name="Move the mark")
    told = finding.get_by_role("status")
    assert not told.is_visible()
    slider.focus()
    shown.keyboard.press("ArrowLeft")
    assert told.get_attribute("aria-live") == "polite"
    assert told.inner_text().strip().startswith("Marginal. The value meets the mark;")
    for _ in range(20):
        shown.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "87.9\u202f%"
    assert told.inner_text().strip().startswith("Satisfied. The value meets the mark, and so does")
    assert finding.locator(".told-head").inner_text() == (
        "What if. Not the decision: at least 87.9\u202f%"
    )
    assert finding.locator("> .outcome").inner_text() == "Marginal"


def test_the_way_back_is_one_button(open_page: OpenPage) -> None:
    finding = open_page(decision("realistic")).locator("#r-exact")
    back = finding.get_by_role("button", name="Back to the decision")
    field = finding.get_by_role("spinbutton", name="Mark to try, in %")
    assert not back.is_visible()
    field.fill("95.5")
    assert finding.get_by_role("status").inner_text().strip().startswith("Not satisfied.")
    back.click()
    assert field.input_value() == "90"
    assert finding.get_by_role("slider").input_value() == "90"
    assert not finding.get_by_role("status").is_visible()


def test_the_line_moves_to_where_the_mark_is_tried(open_page: OpenPage) -> None:
    finding = open_page(decision("realistic")).locator("#r-exact")
    field, line = finding.get_by_role("spinbutton"), finding.locator("line.tried")
    for value, place in (("89", "50%"), ("84", "0%"), ("20", "0%"), ("94", "100%")):
        field.fill(value)
        assert line.get_attribute("x1") == place  # the axis runs from 84 to 94 %


def test_the_thumb_stands_under_the_line_of_the_mark(open_page: OpenPage) -> None:
    for width in (360, 1280):
        shown = open_page(decision("realistic"), width=width)
        line = shown.locator("#r-exact line.mark").bounding_box()
        slider = shown.locator("#r-exact input[type=range]").bounding_box()
        assert line and slider
        thumb = 24
        share = (90 - 84) / (94 - 84)
        place = slider["x"] + thumb / 2 + share * (slider["width"] - thumb)
        assert place == pytest.approx(line["x"] + line["width"] / 2, abs=2)


@pytest.mark.parametrize("text", ["", "-", "1e1", "abc"])
def test_what_is_no_number_is_said_and_gives_no_verdict(open_page: OpenPage, text: str) -> None:
    finding = open_page(decision("realistic")).locator("#r-exact")
    field = finding.get_by_role("spinbutton")
    field.fill("80")
    field.clear()
    field.press_sequentially(text)
    told = finding.get_by_role("status")
    assert told.get_attribute("data-verdict") is None
    assert told.inner_text() == "Write a number, for instance 80."


def test_with_two_laboratories_the_worst_measurement_counts(open_page: OpenPage) -> None:
    finding = open_page(decision("realistic")).locator("#r-accuracy")
    finding.get_by_role("spinbutton").fill("72")
    assert finding.get_by_role("status").inner_text().split("\n")[-1] == (
        "lab.steppe.example: not satisfied; lab.coast.example: satisfied. "
        "The worst measurement counts."
    )


CASES = [
    pytest.param([world.exhibit(world.claim(900))], {}, id="a rate, read statistically"),
    pytest.param([world.exhibit(world.claim(900))], {"reading": "literal"}, id="and literally"),
    pytest.param(
        [world.exhibit(world.claim(900, scored=980))], {}, id="a rate with items without a result"
    ),
    pytest.param(
        [world.exhibit(world.claim(30, scored=980))],
        {"comparison": "at_most"},
        id="a rate that shall be small, with items without a result",
    ),
    pytest.param(
        [world.exhibit(world.claim(667, 1_001))], {}, id="a rate that has no finite decimal"
    ),
    pytest.param(
        [
            world.exhibit(world.claim(900)),
            world.exhibit(world.claim(880), by=world.COAST_LAB, data="coast's"),
        ],
        {},
        id="two laboratories",
    ),
    pytest.param(
        [world.exhibit(world.number("0.81", "0.78", "0.84"))], {}, id="a claimed interval"
    ),
    pytest.param(
        [world.exhibit(world.number("0.81", "0.78", "0.84", level="0.9"))],
        {},
        id="an interval of too low a level: no bound",
    ),
    pytest.param(
        [world.exhibit(world.groups("gap", (300, 500), (280, 500)))],
        {"comparison": "at_most"},
        id="a gap between groups",
    ),
    pytest.param(
        [world.exhibit(world.groups("ratio", (300, 500), (280, 500)))],
        {},
        id="a ratio between groups",
    ),
]


def grid(exhibits: Sequence[Exhibit]) -> list[str]:
    """Marks over all of the axis, and those that a value or a bound just meets or just misses."""
    marks = {f"{one / 50:g}" for one in range(51)}
    marks |= {"0.333333333333", "0.666666666667", "0.666333666333", "0.666333666334", "0.9001"}
    for one in exhibits:
        found = asked(exhibits, "0.5", {}, one).findings[0].used
        marks |= {text for used in found for text in (used.value, used.bound) if text}
    return sorted(marks)


def asked(
    exhibits: Sequence[Exhibit], value: str, changes: dict[str, str], like: Exhibit
) -> Decision:
    assert like.assessment is not None
    procedure = like.assessment.procedures[0]
    return world.decided(
        *exhibits, asks=requirement(procedure.measure, world.mark(value, **changes))
    )


def requirement(measure: str, of: Mark) -> Requirement:
    return world.requirement(procedure=world.rule(measure), mark=of)


@pytest.mark.parametrize(("exhibits", "changes"), CASES)
def test_the_page_says_of_a_moved_mark_what_deciding_by_it_would_say(
    open_page: OpenPage, exhibits: list[Exhibit], changes: dict[str, str]
) -> None:
    marks = grid(exhibits)
    verdicts = {
        one: asked(exhibits, one, changes, exhibits[0]).findings[0].verdict for one in marks
    }
    html = decision_page(
        asked(exhibits, "0.123", changes, exhibits[0]),
        assessments={one.statement: one.assessment for one in exhibits if one.assessment},
        statement_id=None,
        fingerprint=None,
        generated="",
    )
    percent = '"factor": 100' in html.replace("&#34;", '"')
    shown = open_page(html)
    tried = shown.evaluate(
        """marks => {
            const field = document.querySelector("input[type=number]");
            const told = document.querySelector("output");
            return marks.map(mark => {
                field.value = mark;
                field.dispatchEvent(new Event("input"));
                return told.dataset.verdict;
            });
        }""",
        [shifted(one) if percent else one for one in marks],
    )
    assert dict(zip(marks, tried, strict=True)) == verdicts
    assert len(set(verdicts.values())) > 1


def shifted(text: str) -> str:
    """A decimal times a hundred, without rounding."""
    whole, _, fraction = text.partition(".")
    fraction = fraction.ljust(2, "0")
    return f"{whole}{fraction[:2]}.{fraction[2:]}".rstrip(".").lstrip("0") or "0"


def test_the_regimes_own_order_can_be_chosen(open_page: OpenPage) -> None:
    shown = open_page(decision("realistic"))

    def order() -> list[str]:
        return [one.get_attribute("id") or "" for one in shown.locator("article.finding").all()]

    by_action = order()
    shown.get_by_role("radio", name="as in the regime").check()
    assert order() == [f"r-{one.requirement}" for one in decisions.realistic().findings]
    shown.get_by_role("radio", name="what needs action first").check()
    assert order() == by_action


def test_without_a_script_nothing_is_offered_that_would_not_work(open_page: OpenPage) -> None:
    shown = open_page(decision("realistic"), java_script_enabled=False)
    assert not shown.locator("input").first.is_visible()
    assert shown.locator("#r-exact .value", has_text="90.0").is_visible()


def test_on_paper_every_chain_is_open_and_no_control_is_left(open_page: OpenPage) -> None:
    shown = open_page(decision("realistic"), color_scheme="dark")
    shown.emulate_media(media="print")
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not shown.locator("input:visible, button:visible").count()
    chain = shown.locator("#r-reach .chain").first
    assert chain.bounding_box()
    assert "recognised here under row" in chain.inner_text()
    pdf = shown.pdf(format="A4")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 20


def test_on_paper_all_regimes_stand_side_by_side(open_page: OpenPage) -> None:
    landscape = 1000  # A4 less its margins, in CSS pixels
    shown = open_page(sheet(*regimes.deciding()), width=landscape)
    shown.emulate_media(media="print")
    table = shown.locator("table.sheet").bounding_box()
    assert table
    assert table["x"] + table["width"] <= landscape


@pytest.mark.parametrize("width", [320, 1280])
def test_no_letter_is_smaller_than_11_pixels(open_page: OpenPage, width: int) -> None:
    shown = open_page(decision("realistic"), width=width)
    smallest = shown.evaluate(
        """() => Math.min(...[...document.querySelectorAll("body *")]
            .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
            .filter((e) => !e.closest("script, style, title, desc"))
            .map((e) => parseFloat(getComputedStyle(e).fontSize)))"""
    )
    assert smallest >= 11


def test_hostile_names_are_text_and_nothing_more(open_page: OpenPage) -> None:
    shown = open_page(decision("hostile"))
    assert shown.locator("h1").inner_text().startswith("<script>alert(1)</script>U+202Egpj.exe")
    assert shown.evaluate("document.querySelectorAll('body > script').length") == 1
    assert shown.locator("article.finding").count() == 3
