"""The desk in a browser: two forecasters at work, and everybody who reads its pages otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.conftest import axe, browser

from goods.early_warning.tests.desk.coast import (
    DAY,
    HOSTILE,
    NIGHT,
    PASSPHRASES,
    RUN,
    outlook,
    proposal,
)
from goods.early_warning.tests.desk.served import Served, edit_fields, served, signed_in

__all__ = ["axe", "browser"]

Axe = Callable[[Page], list[str]]


class Visitors:
    """Opens browsers at a desk, and keeps what its pages must never do."""

    def __init__(self, browser: Browser, desk: Served) -> None:
        self._browser = browser
        self._desk = desk
        self._contexts: list[BrowserContext] = []
        self.asked: list[str] = []
        self.complaints: list[str] = []

    def arrive(self, *, width: int = 1280, **options: Any) -> Page:
        """Somebody opens the desk."""
        viewport = {"width": width, "height": 900}
        context = self._browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        self._contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.goto(self._desk.address)
        return page

    def sign_in(self, who: str, **options: Any) -> Page:
        """A forecaster signs in by the form."""
        page = self.arrive(**options)
        page.get_by_label("Your id").fill(who)
        page.get_by_label("Passphrase").fill(PASSPHRASES[who])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("What waits")
        return page

    def leave(self) -> None:
        """Close all; no page asked anybody else, ran anything, or broke its own policy."""
        for context in self._contexts:
            context.close()
        foreign = [url for url in self.asked if not url.startswith((self._desk.address, "data:"))]
        assert foreign == []
        refusals = "Failed to load resource: the server responded with a status of 4"
        assert [one for one in self.complaints if not one.startswith(refusals)] == []


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as one:
        yield one


@pytest.fixture
def visitors(browser: Browser, desk: Served) -> Iterator[Visitors]:
    found = Visitors(browser, desk)
    yield found
    found.leave()


def test_two_forecasters_edit_approve_and_send_an_alert_by_day(
    desk: Served, visitors: Visitors
) -> None:
    aicha, omar = visitors.sign_in("aicha"), visitors.sign_in("omar")
    aicha.get_by_role("link", name="1 draft waits for approval; it is orange").click()
    aicha.get_by_text("Change districts, times, threshold or severity").click()
    aicha.get_by_label("Threshold, mm").fill("60")
    aicha.get_by_label("Port City").uncheck()
    aicha.locator("#edit-words").fill("Radar shows more.")
    aicha.get_by_role("button", name="Save the edit").click()
    expect(aicha.get_by_role("status")).to_contain_text("The edit is saved.")
    expect(aicha.locator("#about")).to_contain_text("none is stated")
    aicha.get_by_role("button", name="Approve").click()
    expect(aicha.get_by_role("status")).to_contain_text("Another person must approve it too.")
    expect(aicha.get_by_role("button", name="Approve")).to_have_count(0)

    omar.reload()
    expect(omar.locator("#drafts")).to_contain_text("1 of 2 approvals: Aicha Omar.")
    omar.get_by_role("link", name="Heavy rain above 60 mm").click()
    expect(omar.locator("#approve")).to_contain_text("the alert is signed and sent at once")
    omar.get_by_role("button", name="Approve and send").click()
    expect(omar.get_by_role("status")).to_contain_text("Approved, signed and handed to the outbox")
    expect(omar.locator("#read")).to_contain_text("TEST – no action is needed. Heavy rain:")
    with omar.expect_download() as download:
        omar.get_by_role("link", name="Download the signed alert").click()
    (issued,) = desk.desk.look().issued
    assert download.value.path().read_bytes() == desk.desk.bytes_of(issued.identifier)

    desk.desk.send_due()
    omar.reload()
    expect(omar.locator("#deliveries")).to_contain_text("Delivered")
    assert issued.draft.approvals == ("aicha", "omar")


def test_at_night_one_approval_sends_and_a_second_person_reviews(
    desk: Served, visitors: Visitors
) -> None:
    desk.clock.at = NIGHT
    aicha = visitors.sign_in("aicha")
    expect(aicha.locator("main")).to_contain_text("It is night: one approval sends an alert")
    aicha.goto(f"{desk.address}/drafts/1")
    aicha.get_by_role("button", name="Approve and send").click()
    expect(aicha.locator("#review")).to_contain_text("somebody else must review it")
    expect(aicha.get_by_role("button", name="Record the review")).to_have_count(0)

    desk.clock.at = NIGHT + timedelta(hours=7)
    omar = visitors.sign_in("omar")
    first = omar.locator(".tasks li").first
    expect(first).to_have_text("1 second review is overdue.")
    first.get_by_role("link").click()
    omar.locator("#reviews").get_by_role("link").click()
    expect(omar.locator("#review")).to_contain_text("Overdue by 60 min")
    omar.get_by_label("I would have approved it too").check()
    omar.get_by_label("Your words, for the journal").fill("Right by all that was known.")
    omar.get_by_role("button", name="Record the review").click()
    expect(omar.get_by_role("status")).to_have_text("Your review is recorded.")
    expect(omar.get_by_text("Omar Ali, reviewed, agrees: Right by all")).to_be_visible()
    omar.goto(desk.address)
    expect(omar.locator("#reviews")).to_have_count(0)


def test_an_alert_in_force_is_updated_and_then_cancelled(desk: Served, visitors: Visitors) -> None:
    desk.clock.at = NIGHT
    aicha = visitors.sign_in("aicha")
    aicha.goto(f"{desk.address}/drafts/1")
    aicha.get_by_role("button", name="Approve and send").click()
    desk.clock.at += timedelta(minutes=20)
    aicha.get_by_role("button", name="Draft an update").click()
    expect(aicha.get_by_role("heading", level=1)).to_contain_text("Update: Heavy rain")
    aicha.get_by_text("Change districts, times, threshold or severity").click()
    aicha.get_by_label("Threshold, mm").fill("90")
    aicha.locator("#edit-words").fill("It grows.")
    aicha.get_by_role("button", name="Save the edit").click()
    aicha.get_by_role("button", name="Approve and send").click()
    expect(aicha.locator("#read")).to_contain_text("Update: Heavy rain")

    desk.clock.at += timedelta(minutes=20)
    aicha.locator("#cancel-words").fill("The cell has gone out to sea.")
    aicha.get_by_role("button", name="Draft a cancellation").click()
    expect(aicha.get_by_role("heading", level=1)).to_contain_text("Cancellation: Heavy rain")
    aicha.get_by_role("button", name="Approve and send").click()
    expect(aicha.locator("#read")).to_contain_text("Cancelled: Heavy rain")
    states = {one.draft.content.message: one.state for one in desk.desk.look().issued}
    assert (states["Alert"], states["Update"]) == ("updated", "cancelled")


def test_what_was_seen_is_what_is_approved(desk: Served, visitors: Visitors) -> None:
    aicha = visitors.sign_in("aicha")
    aicha.goto(f"{desk.address}/drafts/1")
    signed_in(desk, "omar").post("/drafts/1", edit_fields(desk, 1, threshold="80"))
    aicha.get_by_role("button", name="Approve").click()
    expect(aicha.get_by_role("heading", level=1)).to_contain_text("changed since you opened it")
    row = aicha.get_by_role("row", name="Event")
    expect(row).to_contain_text("Heavy rain above 50 mm")
    expect(row).to_contain_text("Heavy rain above 80 mm")
    assert desk.desk.find_draft(1).approvals == ()
    aicha.get_by_role("link", name="See draft 1 as it stands").click()
    expect(aicha.get_by_role("heading", level=1)).to_contain_text("Heavy rain above 80 mm")


def test_a_notice_is_taken_up_in_a_forecasters_own_name(desk: Served, visitors: Visitors) -> None:
    aicha = visitors.sign_in("aicha")
    aicha.locator("#notices").get_by_role("link", name="Strong wind above 20 m/s").click()
    expect(aicha.locator("#evidence")).to_contain_text("60 %")
    expect(aicha.locator("#evidence")).to_contain_text("skill not shown")
    aicha.get_by_label("what do you know that the forecast does not").fill("Ships report gales.")
    aicha.get_by_role("button", name="Take it up in my name").click()
    expect(aicha.locator("main")).to_contain_text(
        "Skill was not shown. Aicha Omar took this up in their own name; no chance is stated."
    )
    draft = desk.desk.look().drafts[-1]
    assert (draft.taken_up_by, draft.content.chance) == ("aicha", None)


def test_a_draft_is_dismissed_with_a_reason(desk: Served, visitors: Visitors) -> None:
    aicha = visitors.sign_in("aicha")
    aicha.goto(f"{desk.address}/drafts/1")
    aicha.get_by_text("Do not send this").click()
    aicha.locator("#dismiss-words").fill("The wadi is dry and stays so.")
    aicha.get_by_role("button", name="Dismiss draft 1").click()
    expect(aicha.locator("#drafts")).to_contain_text("No draft waits.")
    aicha.get_by_role("link", name="Journal").click()
    expect(aicha.get_by_role("table")).to_contain_text("The wadi is dry and stays so.")


def test_everything_works_without_scripts(desk: Served, visitors: Visitors) -> None:
    aicha = visitors.sign_in("aicha", java_script_enabled=False)
    aicha.goto(f"{desk.address}/drafts/1")
    aicha.get_by_role("button", name="Approve").click()
    expect(aicha.get_by_role("status")).to_contain_text("Your approval is recorded.")
    assert desk.desk.find_draft(1).approvals == ("aicha",)


def test_a_hostile_name_is_read_as_text(desk: Served, visitors: Visitors) -> None:
    aicha = visitors.sign_in("aicha")
    seen = HOSTILE.replace("\u202e", "U+202E")
    for path in ("/", "/drafts/1", "/?district=C07"):
        aicha.goto(desk.address + path)
        assert aicha.locator("script").count() == 0
        assert seen in aicha.locator("body").inner_text()


def test_a_district_on_the_map_leads_to_its_evidence(desk: Served, visitors: Visitors) -> None:
    aicha = visitors.sign_in("aicha")
    drawing = aicha.locator("svg.map")
    names = [link.text_content() or "" for link in drawing.locator("a title").all()]
    assert len(names) == 10
    assert "Old Port: orange, 45 % for heavy rain above 50 mm" in names
    assert "Islands: no data" in names
    tiny = drawing.locator("a", has_text="Port City")
    assert tiny.locator("circle").count() == 1  # it could not be hit otherwise
    tiny.locator("circle").click()
    panel = aicha.locator("#district")
    expect(panel.get_by_role("heading")).to_contain_text("Port City")
    expect(panel).to_contain_text("Isotonic regression beat climatology")
    aicha.get_by_role("link", name="Strong wind", exact=True).click()
    expect(aicha.locator("#map h3").first).to_contain_text("Strong wind")
    expect(aicha.locator("#map table")).to_contain_text("raw 60 % for strong wind above 20 m/s")


def test_the_keyboard_comes_to_everything_and_can_leave_the_map_out(
    desk: Served, visitors: Visitors
) -> None:
    aicha = visitors.sign_in("aicha")
    aicha.keyboard.press("Tab")
    focused = aicha.locator(":focus")
    expect(focused).to_have_text("Skip to the content")
    expect(focused).to_be_in_viewport()
    aicha.keyboard.press("Enter")
    aicha.keyboard.press("Tab")
    expect(aicha.locator(":focus")).to_contain_text("1 draft waits for approval")
    aicha.get_by_role("link", name="Skip the map").focus()
    aicha.keyboard.press("Tab")
    expect(aicha.locator("svg.map a:focus")).to_have_count(1)
    aicha.get_by_role("link", name="Skip the map").press("Enter")
    aicha.keyboard.press("Tab")
    expect(aicha.locator("svg.map a:focus")).to_have_count(0)


def test_a_preview_is_written_in_the_direction_of_its_language(
    desk: Served, visitors: Visitors
) -> None:
    aicha = visitors.sign_in("aicha")
    aicha.goto(f"{desk.address}/drafts/1")
    arabic = aicha.locator("[lang=ar]")
    expect(arabic).to_have_css("direction", "rtl")
    assert "\u2068" not in arabic.inner_text()
    assert "U+2068" not in arabic.inner_text()
    expect(aicha.locator(".text", has_text="العربية")).to_contain_text("have not reviewed")


LOOKS: dict[str, dict[str, Any]] = {
    "on a screen": {},
    "on a narrow phone in the dark": {"width": 320, "color_scheme": "dark"},
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_page_can_be_read(
    desk: Served, visitors: Visitors, axe: Axe, look: dict[str, Any]
) -> None:
    page = visitors.arrive(**look)
    assert axe(page) == []
    forms = signed_in(desk, "omar")
    desk.clock.at = NIGHT
    assert forms.post("/drafts/1", {"do": "approve", "digest": digest(desk, 1)})[0] == 303
    desk.clock.at = DAY
    desk.desk.offer(outlook(run=RUN + timedelta(hours=6)), [proposal(("C03",), key="near")])
    page = visitors.sign_in("aicha", **look)
    (issued,) = desk.desk.look().issued
    number = desk.desk.look().drafts[0].number
    paths = (
        "/",
        f"/drafts/{number}",
        "/drafts/1",
        f"/alerts/{issued.identifier}",
        "/journal",
        "/nowhere",
    )
    for path in paths:
        page.goto(desk.address + path)
        for folded in page.locator("details").all():
            folded.evaluate("it => it.open = true")
        assert axe(page) == [], path
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.evaluate("innerWidth"), path


def test_the_day_of_the_map_can_be_read(desk: Served, visitors: Visitors, axe: Axe) -> None:
    for look in LOOKS.values():
        page = visitors.sign_in("aicha", **look)
        for path in ("/?district=C05", "/?hazard=strong_wind", "/notice?key=wind"):
            page.goto(desk.address + path)
            assert axe(page) == [], (path, look)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= page.evaluate("innerWidth"), (path, look)


@pytest.mark.parametrize("status", ["Exercise", "Actual"])
def test_every_page_says_its_status_in_words(
    browser: Browser, tmp_path: Path, axe: Axe, status: str
) -> None:
    with served(tmp_path, status=status) as desk:
        visitors = Visitors(browser, desk)
        page = visitors.sign_in("aicha")
        for path in ("/", "/drafts/1", "/journal", "/nowhere"):
            page.goto(desk.address + path)
            expect(page.locator("header .status")).to_contain_text(status.upper())
            expect(page.locator("header .status")).to_contain_text("no alerting authority")
            expect(page).to_have_title(f"[{status.upper()}] " + page.title().partition("] ")[2])
        page.goto(desk.address + "/drafts/1")
        assert axe(page) == []
        approve = page.get_by_role("button", name="Approve")
        expect(approve).to_have_count(0 if status == "Actual" else 1)
        visitors.leave()


def digest(desk: Served, number: int) -> str:
    return desk.desk.find_draft(number).content.digest
