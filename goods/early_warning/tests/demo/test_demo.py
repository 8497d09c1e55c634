"""The demonstration, as a newcomer sees it: run once, then opened in a real browser."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import axe, browser
from tests.parts import DATA, ROOT, require_data

from comity.errors import VerificationError
from early_warning.audit import Audit
from early_warning.cap import check_signature, judge, load_certificate, read_alert
from goods.early_warning.demo import real
from goods.early_warning.demo.acts import NEXT, NIGHT

__all__ = ["axe", "browser"]

pytestmark = [pytest.mark.xdist_group("demo-warning"), pytest.mark.timeout(900)]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A finished demonstration, on the public data too where they are here; what it printed."""
    out = tmp_path_factory.mktemp("fresh") / "out"
    words = ["--out", str(out), "--data", str(DATA)]
    done = subprocess.run(
        [sys.executable, "-m", "goods.early_warning.demo.run", *words],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return out, done.stdout


def alerts(folder: Path) -> dict[str, bytes]:
    """What the feed serves, by name, oldest first."""
    return {one.name: one.read_bytes() for one in sorted((folder / "coast/feed/alerts").iterdir())}


def opened(browser: Browser, file: Path, width: int = 1280) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, offline=True).new_page()
    page.goto(file.as_uri())
    return page


def test_it_ends_by_naming_the_one_file_to_open(demo: tuple[Path, str]) -> None:
    folder, printed = demo
    assert printed.strip().endswith("index.html")
    assert (folder / "index.html").exists()


def test_every_message_is_valid_says_that_it_is_an_exercise_and_is_signed(
    demo: tuple[Path, str],
) -> None:
    folder, _ = demo
    trusted = [load_certificate(folder / "coast/alerts.crt")]
    found = alerts(folder)
    kinds = [read_alert(data).msg_type for data in found.values()]
    assert sorted(kinds) == ["Alert"] * 5 + ["Cancel", "Update"]
    for data in found.values():
        assert judge(data).valid
        alert = read_alert(data)
        assert alert.status == "Exercise"
        assert [info.tongue for info in alert.infos] == ["en", "fr", "ar"]
        check_signature(data, trusted=trusted, at=NEXT)


def test_one_changed_letter_breaks_the_signature(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    trusted = [load_certificate(folder / "coast/alerts.crt")]
    data = next(iter(alerts(folder).values()))
    with pytest.raises(VerificationError):
        check_signature(data.replace(b"Heavy", b"Happy", 1), trusted=trusted, at=NEXT)


def test_two_people_approve_by_day_one_at_night_and_the_second_look_does_not_agree(
    demo: tuple[Path, str],
) -> None:
    folder, _ = demo
    lines = (folder / "coast/state/desk/journal.jsonl").read_text(encoding="utf-8").splitlines()
    acts = [json.loads(line) for line in lines]
    approved: dict[int, set[str]] = {}
    for act in acts:
        if act["kind"] == "approved":
            approved.setdefault(act["draft"], set()).add(act["who"])
    issued = {act["draft"]: act for act in acts if act["kind"] == "issued"}
    alone = [draft for draft in issued if len(approved[draft]) == 1]
    assert len(alone) == 1
    assert issued[alone[0]]["at"][:16] == f"{NIGHT:%Y-%m-%dT%H:%M}"
    (review,) = (act for act in acts if act["kind"] == "reviewed")
    assert review["agrees"] is False
    assert review["identifier"] == issued[alone[0]]["identifier"]
    assert {"edited", "taken_up"} <= {act["kind"] for act in acts}


def test_what_was_spoilt_is_told_as_no_data_on_both_days_that_it_belongs_to(
    demo: tuple[Path, str],
    browser: Browser,
) -> None:
    page = opened(browser, demo[0] / "index.html")
    told = page.locator("#made")
    for hours in ("48 to 72", "72 to 96"):
        expect(told).to_contain_text(f"heavy_rain, hours {hours}: rain since the start is")
    page.context.close()


def test_the_audit_has_the_late_alert_the_unobserved_island_and_the_uncounted_district(
    demo: tuple[Path, str],
) -> None:
    audit = msgspec.json.decode((demo[0] / "coast/audit/audit.json").read_bytes(), type=Audit)
    (rain,) = audit.hazards
    late = [one for one in rain.score.outcomes if one.verdict == "late"]
    assert [one.window.district for one in late] == ["XC01"]
    assert rain.score.counts["hit"] == 4
    assert rain.score.counts["unobserved"] == 1
    fates = rain.people.everybody.fates
    assert fates["not_warned"] == 84_210
    assert fates["no_language"] == 9_091
    assert any("Salt Flats" in note for note in audit.notes)


def test_the_radio_read_out_no_forged_alert_and_said_why(
    demo: tuple[Path, str],
    browser: Browser,
) -> None:
    page = opened(browser, demo[0] / "index.html")
    expect(page.locator("#alerts")).to_contain_text("The radio station got 7 of them")
    expect(page.locator("#alerts em")).to_contain_text("not those that were signed")
    receipts = page.locator("#alerts dd", has_text="radio by webhook").all()
    assert len(receipts) == 7
    for receipt in receipts:
        expect(receipt).to_contain_text("public by feed: published; radio by webhook: answered")
    page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("file", ["index.html", "coast/audit/audit.html"])
def test_the_pages_fit_and_axe_finds_nothing(
    demo: tuple[Path, str],
    browser: Browser,
    axe: Callable[[Page], list[str]],
    width: int,
    file: str,
) -> None:
    page = opened(browser, demo[0] / file, width)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_the_desk_is_kept_with_its_map_and_its_forms_do_nothing(
    demo: tuple[Path, str],
    browser: Browser,
) -> None:
    page = opened(browser, demo[0] / "index.html")
    page.get_by_role("link", name="The desk in the morning, with its map").first.click()
    expect(page.get_by_text("A copy of the desk’s page")).to_be_visible()
    assert page.locator("svg path, svg polygon").count() >= 12
    assert page.locator("form :enabled").count() == 0
    assert page.locator("input[name=token]").count() == 0
    page.context.close()


def test_two_maps_show_what_was_expected_and_where_people_were_missed(
    demo: tuple[Path, str], browser: Browser
) -> None:
    page = opened(browser, demo[0] / "index.html")
    widths = page.locator("img.picture").evaluate_all("all => all.map(one => one.naturalWidth)")
    assert len(widths) == 2 and min(widths) > 0
    said = page.get_by_role("img", name="Map of people who were missed").get_attribute("alt")
    assert said == "Map of people who were missed: North Shore, Dry Steppe."
    page.context.close()


def test_every_link_leads_to_a_file(demo: tuple[Path, str], browser: Browser) -> None:
    page = opened(browser, demo[0] / "index.html")
    waiting, seen = [demo[0] / "index.html"], set[Path]()
    while waiting:
        file = waiting.pop()
        if file in seen or file.suffix != ".html":
            assert file.exists(), file
            continue
        seen.add(file)
        page.goto(file.as_uri())
        for link in page.locator("a[href]").all():
            address = urlsplit(link.get_attribute("href") or "")
            if not address.scheme and address.path:
                waiting.append(file.parent / unquote(address.path))
    assert len(seen) > 10
    page.context.close()


@pytest.mark.parametrize(
    ("folder", "people", "districts"),
    [("mongolia", "3,193,760", 22), ("djibouti", "1,120,850", 6)],
    ids=["Mongolia", "Djibouti"],
)
def test_on_the_real_ensemble_a_lost_day_of_rain_is_no_data_and_everybody_is_counted(
    demo: tuple[Path, str], browser: Browser, folder: str, people: str, districts: int
) -> None:
    require_data("weather/cma-geps")
    page = opened(browser, demo[0] / folder / "desk/desk-1.html")
    text = page.locator("main").inner_text()
    assert f"{districts} districts" in text
    assert "every cell of the file has the probability 0" in text
    assert people in text
    page.context.close()


def test_on_the_real_ensemble_a_notice_becomes_a_signed_test_in_a_forecasters_own_name(
    demo: tuple[Path, str],
) -> None:
    require_data("weather/cma-geps")
    folder = demo[0] / "mongolia"
    (data,) = [one.read_bytes() for one in (folder / "feed/alerts").iterdir()]
    certificate = load_certificate(folder / "alerts.crt")
    check_signature(data, trusted=[certificate], at=real.NOW + timedelta(hours=1))
    alert = read_alert(data)
    assert (alert.status, alert.msg_type) == ("Test", "Alert")
    assert [info.tongue for info in alert.infos] == ["mn", "en"]
    for info in alert.infos:
        assert info.certainty == "Possible"
        assert not any("chance" in one.name for one in info.parameters)


def test_it_never_takes_a_folder_that_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    words = ["-m", "goods.early_warning.demo.run", "--out", str(tmp_path)]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert "no demonstration made" in done.stderr
    assert (tmp_path / "thesis.txt").exists()
