"""Every page can be used: by eye, by keyboard, by screen reader, on a telephone, on paper."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Literal

import pytest
from markupsafe import Markup
from playwright.sync_api import Page, expect

from comity.claims import Assessment
from comity.report import Section, assessment_page, page, people_dots, verify_page
from tests.browser.conftest import OpenPage
from tests.report import examples
from tests.report.language_model import language_model
from tests.report.test_self_check_page import shown_example as self_checked
from tests.report.test_transcripts_page import HOSTILE_ONE, SAID, SILENT
from tests.report.test_transcripts_page import shown as transcripts

pytestmark = pytest.mark.xdist_group("browser")


def report(name: str) -> str:
    return shown_report(examples.ALL[name]())


def shown_report(one: Assessment) -> str:
    return assessment_page(
        one,
        statement_id=examples.STATEMENT_ID,
        fingerprint=examples.FINGERPRINT,
        generated=examples.GENERATED,
    )


def people() -> str:
    drawing = people_dots(36, 33, 39, title="Reached", description="36 of 100 (33 to 39)")
    return page("People", [Section("Of 100", Markup("<p>{}</p>").format("a & b") + drawing)])


PAGES: dict[str, Callable[[], str]] = {
    **{f"report, {name}": functools.partial(report, name) for name in examples.ALL},
    "report, forecast": lambda: shown_report(examples.rain()),
    "report, forecast without skill": lambda: shown_report(examples.rain(None, "")),
    "report, forecast with hostile names": lambda: shown_report(
        examples.rain(baseline=examples.HOSTILE, sites=(examples.LONG, examples.ARABIC))
    ),
    "report, drift": lambda: shown_report(examples.drifting()),
    "report, drift with hostile names": lambda: shown_report(
        examples.drifting((examples.HOSTILE, examples.LONG, examples.ARABIC))
    ),
    "people": people,
    "report, language model": lambda: shown_report(language_model()),
    "self-check": self_checked,
    "transcripts": lambda: transcripts(SAID, SILENT, HOSTILE_ONE),
    "verifier without a file": lambda: verify_page([], {}),
}
LOOKS: list[tuple[int, Literal["light", "dark"], str]] = [
    # every pair of width, colours and direction
    (1280, "light", "ltr"),
    (1280, "dark", "rtl"),
    (360, "light", "rtl"),
    (360, "dark", "ltr"),
]


def look(shown: Page, width: int, colours: Literal["light", "dark"], direction: str) -> None:
    shown.set_viewport_size({"width": width, "height": 900})
    shown.emulate_media(color_scheme=colours)
    shown.evaluate("direction => { document.documentElement.dir = direction }", direction)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    open_page: OpenPage, axe: Callable[[Page], list[str]], name: str
) -> None:
    shown = open_page(PAGES[name]())
    for width, colours, direction in LOOKS:
        look(shown, width, colours, direction)
        assert axe(shown) == [], (width, colours, direction)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, name: str) -> None:
    shown = open_page(PAGES[name]())
    for width in (320, 360, 768, 1280):
        for direction in ("ltr", "rtl"):
            look(shown, width, "light", direction)
            wide = shown.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (width, direction)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "name", ["report, realistic", "report, forecast", "report, drift", "people"]
)
def test_no_letter_is_smaller_than_11_pixels(open_page: OpenPage, name: str, width: int) -> None:
    """Also inside drawings, which scale: the size on the screen counts."""
    shown = open_page(PAGES[name](), width=width)
    smallest = shown.evaluate(
        """() => Math.min(...[...document.querySelectorAll("body *")]
            .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
            .filter((e) => !e.closest("script, style, title, desc"))
            .map((e) => parseFloat(getComputedStyle(e).fontSize)
                        * (e.getScreenCTM ? e.getScreenCTM().a : 1)))"""
    )
    assert smallest >= 11


def test_a_report_prints_on_white_paper_without_losing_a_number(open_page: OpenPage) -> None:
    shown = open_page(report("realistic"), color_scheme="dark")
    on_screen = shown.locator("main").inner_text()
    shown.emulate_media(media="print")
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert numbers_in(shown.locator("main").inner_text()) == numbers_in(on_screen)
    pdf = shown.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 20


@pytest.mark.parametrize("name", ["report, forecast", "report, drift"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_telephone_and_a_keyboard_reach_every_number(
    open_page: OpenPage, name: str, direction: str
) -> None:
    """Nothing is cut off, hidden, or only there for a mouse: the keys move through all of it."""
    shown = open_page(PAGES[name](), width=360)
    look(shown, 360, "light", direction)
    for heading in shown.locator("h2").all():
        assert heading.is_visible()
    for cell in shown.locator("td.value, td.interval").all():
        box = cell.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360
    shown.keyboard.press("End")
    expect(shown.locator("footer")).to_be_in_viewport()
    expect(shown.locator("h1")).not_to_be_in_viewport()


def test_a_certificate_prints_on_white_paper_without_losing_a_number(open_page: OpenPage) -> None:
    shown = open_page(PAGES["report, forecast"](), color_scheme="dark")
    on_screen = shown.locator("main").inner_text()
    shown.emulate_media(media="print")
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert numbers_in(shown.locator("main").inner_text()) == numbers_in(on_screen)


def numbers_in(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def test_hostile_names_are_text_and_nothing_more(open_page: OpenPage) -> None:
    shown = open_page(report("hostile"))
    assert shown.evaluate("document.querySelectorAll('script').length") == 0
    heading = shown.locator("h1").inner_text()
    assert heading.startswith("<script>alert(1)</script>U+202Egpj.exe")
    assert "\u202e" not in shown.content()


def test_the_worst_group_stands_first_and_its_dot_is_where_its_number_is(
    open_page: OpenPage,
) -> None:
    shown = open_page(report("realistic"))
    table = shown.locator("#fairness table", has_text="True positive rate of a group").first
    assert table.locator("tbody th").all_inner_texts() == ["female", "male"]
    dots = table.locator("circle").all()
    places = [float((dot.get_attribute("cx") or "").rstrip("%")) for dot in dots]
    end = 50  # the axis runs from 0 to 50 %
    assert places == pytest.approx(
        [100 * 312 / 1204 / end * 100, 100 * 401 / 1010 / end * 100], abs=0.01
    )
