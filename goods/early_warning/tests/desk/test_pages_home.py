"""The first page: what waits stands first, and what is not known is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from markupsafe import Markup

from early_warning.desk.map import Atlas, make_atlas
from early_warning.desk.pages.chart import Chosen
from early_warning.desk.pages.home import home_page
from early_warning.desk.pages.shell import Frame
from early_warning.desk.view import Draft, Issued, View
from early_warning.drafts.proposal import Proposal
from early_warning.send.outbox import Delivery
from early_warning.service import Service
from goods.early_warning.tests.desk.coast import (
    DAY,
    RUN,
    coast,
    day,
    expected,
    missing,
    notice,
    outlook,
    proposal,
)


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Atlas]]:
    service = coast(tmp_path_factory.mktemp("coast"))
    yield service, make_atlas(one.area for one in service.ledger.districts)


def draft(number: int = 1, made: Proposal | None = None, **changes: object) -> Draft:
    made = made or proposal()
    one = Draft(
        number=number,
        state="waiting",
        proposal=made,
        content=made.content,
        approvals=(),
        needed=2,
        taken_up_by=None,
        faults=(),
        acts=(),
    )
    return msgspec.structs.replace(one, **changes)


def issued(**changes: object) -> Issued:
    one = Issued(
        identifier="warnings@coast.example.20261122070000.0",
        draft=draft(7, approvals=("aicha",), state="issued"),
        sent=DAY,
        status="Test",
        state="in_force",
        alone=False,
        review_due=None,
        reviews=(),
        deliveries=(),
    )
    return msgspec.structs.replace(one, **changes)


def view(**changes: object) -> View:
    one = View(now=DAY, night=False, outlook=day(), drafts=(), notices=(), issued=())
    return msgspec.structs.replace(one, **changes)


def delivery(**changes: object) -> Delivery:
    one = Delivery(
        identifier="warnings@coast.example.20261122070000.0",
        channel="webhook",
        recipient="radio",
        state="given_up",
        attempts=4,
        uncertain=1,
        queued=DAY,
        due=DAY,
        finished=DAY,
        receipt=None,
        reason="the recipient is away",
    )
    return msgspec.structs.replace(one, **changes)


def shown(country: tuple[Service, Atlas], at: View, chosen: Chosen = Chosen()) -> str:  # noqa: B008
    service, atlas = country
    frame = Frame(
        status="Test",
        zone=service.zone,
        now=at.now,
        who="aicha",
        names={"aicha": "Aicha Omar", "omar": "Omar Ali"},
        token="t",
    )
    return home_page(frame, at, service, atlas, chosen)


def text(html: str) -> str:
    return " ".join(Markup(html).striptags().split())


def tasks(html: str) -> list[str]:
    found = re.search(r'<ul class="tasks">(.*?)</ul>', html, re.DOTALL)
    assert found
    return [text(one) for one in re.findall(r"<li.*?</li>", found[1], re.DOTALL)]


def test_an_overdue_review_stands_before_everything_else(country: tuple[Service, Atlas]) -> None:
    late = issued(alone=True, review_due=DAY - timedelta(minutes=1))
    html = shown(country, view(drafts=(draft(),), issued=(late,), notices=(notice(),)))
    assert tasks(html) == [
        "1 second review is overdue.",
        "1 draft waits for approval; it is orange and begins in 5 h.",
        "1 notice waits without shown skill.",
    ]
    sections = re.findall(r'<section id="(\w+)"', html)
    assert sections[:2] == ["reviews", "drafts"]


def test_a_review_that_is_not_yet_due_waits_behind_the_drafts(
    country: tuple[Service, Atlas],
) -> None:
    owed = issued(alone=True, review_due=DAY + timedelta(hours=1))
    listed = tasks(shown(country, view(drafts=(draft(),), issued=(owed,))))
    assert listed[1] == "1 second review is due."


def test_drafts_keep_the_order_of_the_desk(country: tuple[Service, Atlas]) -> None:
    red = draft(2, msgspec.structs.replace(proposal(), content=proposal(colour="red").content))
    html = shown(country, view(drafts=(red, draft(1))))
    assert tasks(html)[0] == "2 drafts wait for approval; the worst is red and begins in 5 h."
    assert html.index("/drafts/2") < html.index("/drafts/1")


def test_what_keeps_a_draft_from_going_out_stands_at_the_draft(
    country: tuple[Service, Atlas],
) -> None:
    html = shown(country, view(drafts=(draft(faults=("No channel.",), notes=("Newer run.",)),)))
    assert "Cannot go out: No channel." in text(html)
    assert "Newer run." in text(html)


def test_who_approved_is_named_and_told_what_is_missing(country: tuple[Service, Atlas]) -> None:
    words = text(shown(country, view(drafts=(draft(approvals=("aicha",)),))))
    assert "1 of 2 approvals: Aicha Omar. You have approved it; another person must." in words


def test_people_whom_nobody_counted_are_not_zero(country: tuple[Service, Atlas]) -> None:
    islands = draft(1, proposal(("C08", "C09")))
    words = text(shown(country, view(drafts=(islands,))))
    assert "8 000 residents, and 1 district where nobody counted" in words
    words = text(shown(country, view(drafts=(draft(1, proposal(("C09",))),))))
    assert "residents not counted" in words


def test_nothing_waiting_is_not_taken_for_nothing_threatening(
    country: tuple[Service, Atlas],
) -> None:
    words = text(shown(country, view(outlook=None)))
    assert "There is no forecast yet." in words
    assert "That does not mean that nothing threatens: there is no forecast." in words
    words = text(shown(country, view()))
    assert "Districts without data could not make any." in words


def test_an_old_forecast_is_called_too_old(country: tuple[Service, Atlas]) -> None:
    hours = country[0].country.forecast.max_age_hours
    at = view(now=RUN + timedelta(hours=hours, minutes=1))
    assert "too old to be used" in text(shown(country, at))
    assert "too old to be used" not in text(shown(country, view()))


def test_no_data_is_said_with_its_reason_and_its_districts(country: tuple[Service, Atlas]) -> None:
    words = text(shown(country, view()))
    assert (
        "1 district: Islands. Heavy rain, Sun 22 Nov, 15:00 to Mon 23 Nov, 15:00: The field is zero"
        " everywhere on Earth, which cannot be." in words
    )
    assert "1 of 10 districts has no data for some hazard or day." in words
    assert "ens.grib2, message 9: the field is zero everywhere on Earth." in words


def test_long_lists_of_reasons_are_folded(country: tuple[Service, Atlas]) -> None:
    many = outlook(
        *[
            msgspec.structs.replace(missing("C01"), no_data=f"Reason {number}.")
            for number in range(9)
        ]
    )
    many = msgspec.structs.replace(many, people=tuple(f"Person {n}." for n in range(40)))
    html = shown(country, view(outlook=many))
    assert "3 more reasons" in text(html)
    assert "Person 5. 34 more Person 6." in text(html)
    assert html.count("Reason ") == 9


def test_a_failed_delivery_is_told_for_a_day(country: tuple[Service, Atlas]) -> None:
    alert = issued(deliveries=(delivery(),))
    html = shown(country, view(issued=(alert,)))
    assert "1 delivery has failed." in tasks(html)
    assert "webhook: radio did not get Heavy rain above 50 mm" in text(html)
    later = view(now=DAY + timedelta(days=1), issued=(alert,))
    assert "1 delivery has failed." not in tasks(shown(country, later))


def test_deliveries_of_an_alert_in_force_are_told_apart(country: tuple[Service, Atlas]) -> None:
    several = (
        delivery(state="waiting", finished=None, attempts=2),
        delivery(recipient="port", state="waiting", finished=None, attempts=0, reason=""),
        delivery(recipient="tv", state="delivered"),
    )
    words = text(shown(country, view(issued=(issued(deliveries=several),))))
    assert "webhook: radio State Failed so far, is tried again" in words
    assert "webhook: port State Waiting" in words
    assert "webhook: tv State Delivered" in words
    assert "1 without a known outcome" in words


def test_alerts_that_are_over_are_folded_away(country: tuple[Service, Atlas]) -> None:
    html = shown(country, view(issued=(issued(state="cancelled"), issued(state="over"))))
    assert "No alert is in force." in text(html)
    assert "2 alerts that are over, updated or cancelled" in text(html)


def test_the_map_shows_the_worst_window_unless_another_is_asked_for(
    country: tuple[Service, Atlas],
) -> None:
    later = expected("C01", begins=DAY + timedelta(days=2), ends=DAY + timedelta(days=3), used=0.9)
    at = view(outlook=outlook(*day().expectations, later))
    assert "<h3>Heavy rain, Tue 24 Nov, 10:00 to Wed 25 Nov, 10:00</h3>" in shown(country, at)
    first = Chosen("heavy_rain", "20261122T1200-20261123T1200")
    assert "<h3>Heavy rain, Sun 22 Nov, 15:00 to Mon 23 Nov, 15:00</h3>" in shown(
        country, at, first
    )
    assert "<h3>Heavy rain, Tue 24 Nov" in shown(country, at, Chosen("hail", "yesterday"))


def test_the_map_and_its_table_say_the_same(country: tuple[Service, Atlas]) -> None:
    html = shown(country, view())
    part = html[html.index('<section id="map"') :]
    titles = re.findall(r"<title>(.*?)</title>", part)
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>', part)
    table = {f"{text(name)}: {text(what)}".lower() for name, what in rows}
    assert len(titles) == len(rows) == 10
    for title in titles:
        name, _, what = Markup(title).unescape().partition(": ")
        assert f"{name}: {what.replace(', ', ' ', 1)}".lower() in table


def test_a_district_that_is_asked_for_shows_all_of_its_levels(
    country: tuple[Service, Atlas],
) -> None:
    html = shown(country, view(), Chosen(district="C05"))
    panel = text(html[html.index('<div id="district">') :])
    assert panel.startswith("Orange River Mouth 5,000 residents")
    assert "Heavy rain above 50 mm" in panel
    assert "Heavy rain above 100 mm" in panel
    assert 'aria-current="true"><title>River Mouth' in html


@pytest.mark.parametrize("code", ["C99", "", "<script>"])
def test_a_district_that_is_not_there_shows_nothing(
    country: tuple[Service, Atlas], code: str
) -> None:
    html = shown(country, view(), Chosen(district=code))
    assert "Choose a district on the map" in text(html)


def test_troubles_of_the_desk_are_told(country: tuple[Service, Atlas]) -> None:
    assert "The journal was cut." in text(shown(country, view(troubles=("The journal was cut.",))))


def test_one_reason_for_several_windows_is_told_once(country: tuple[Service, Atlas]) -> None:
    later = msgspec.structs.replace(
        missing("C01"), begins=DAY + timedelta(days=2), ends=DAY + timedelta(days=3)
    )
    words = text(shown(country, view(outlook=outlook(missing("C01"), missing("C02"), later))))
    assert "2 districts: North Coast and Dunes. Heavy rain, 2 windows: The field" in words


def test_a_notice_shows_its_raw_probability_and_why_it_does_not_count(
    country: tuple[Service, Atlas],
) -> None:
    words = text(shown(country, view(notices=(notice(),))))
    assert "Raw ensemble: 60 %, anywhere in the district." in words
    assert "Skill not shown: there are no pairs of forecasts and observations." in words


def test_however_much_a_file_says_the_page_lists_so_many_lines_and_counts_the_others(
    country: tuple[Service, Atlas],
) -> None:
    reasons = [
        msgspec.structs.replace(missing("C01"), no_data=f"Reason {number}.")
        for number in range(3_000)
    ]
    many = msgspec.structs.replace(
        outlook(*reasons),
        no_data=tuple(f"Refusal {number}." for number in range(3_000)),
        files=tuple(f"File {number}" for number in range(3_000)),
    )
    html = shown(country, view(outlook=many))
    assert [html.count(f"{one} ") for one in ("Reason", "Refusal", "File")] == [200] * 3
    assert len(re.findall("And 2.800 more, which this page does not list", text(html))) == 3


def test_a_notice_of_many_districts_leads_to_the_page_that_lists_all(
    country: tuple[Service, Atlas],
) -> None:
    wide = msgspec.structs.replace(notice(), lines=notice().lines * 300)
    html = shown(country, view(notices=(wide,)))
    assert text(html).count("Skill not shown: there are no pairs") < 20
    assert '<a href="/notice?key=wind">All 300 districts</a>' in html
