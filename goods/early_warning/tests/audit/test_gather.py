"""The whole audit, from bytes, receipts, people and observations to data and a page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from comity.errors import InputError
from early_warning.audit import Audit, Reach, audit_page, gather, write_audit
from early_warning.desk.map import make_atlas
from early_warning.people import Ledger
from goods.early_warning.tests.audit.made import (
    alert,
    cancelled,
    count,
    delivery,
    ledger,
    updated,
    window,
)

RAIN = alert("A B")


@pytest.fixture
def coast(tmp_path: Path) -> Ledger:
    """A speaks French and some Somali, nobody asked B, and nobody counted C."""
    return ledger(
        tmp_path,
        count("A", "residents", 1000),
        count("A", "language:fr", 800),
        count("A", "language:so", 200),
        count("A", "channel:radio", 900),
        count("A", "herders", 150),
        count("B", "residents", 300),
        accepted={"C": "no census"},
    )


def audit(coast: Ledger, **more: object) -> Audit:
    """One alert for A and B, carried by radio, and rain in all three districts."""
    given = {
        "alerts": [RAIN],
        "deliveries": [delivery(RAIN)],
        "windows": {"heavy_rain": [window("A"), window("B"), window("C")]},
    } | more
    return gather(coast, title="Rain of 22 November", status="Test", **given)  # type: ignore[arg-type]


def test_everybody_has_a_fate_and_the_uncounted_are_named(coast: Ledger) -> None:
    (rain,) = audit(coast).hazards
    assert rain.score.counts["hit"] == 2
    assert rain.score.counts["unwarned"] == 1
    everybody = rain.people.everybody
    assert {fate: number for fate, number in everybody.fates.items() if number} == {
        "partly_known": 800,  # French in A, who hear radio or not
        "no_language": 200,  # Somali in A
        "language_unknown": 300,  # B
    }
    assert (everybody.reached_low, everybody.reached_high) == (700, 800)
    assert (everybody.missed, everybody.unknown) == (200, 300)
    assert rain.people.uncounted == ("C",)


def test_groups_are_accounted_for_apart(coast: Ledger) -> None:
    (rain,) = audit(coast).hazards
    (herders,) = rain.groups
    assert herders.group == "herders"
    line = herders.people.everybody
    assert (line.exposed, line.fates["language_unknown"]) == (150, 150)
    assert herders.people.uncounted == ("B", "C")


def test_a_hazard_that_was_not_observed_is_named_and_not_judged(coast: Ledger) -> None:
    found = audit(coast, windows={"strong_wind": [window("A")]})
    (wind,) = found.hazards
    assert (wind.hazard, wind.alerts, wind.score.counts["unwarned"]) == ("strong_wind", (), 1)
    assert f"Heavy rain was not observed: {RAIN.identifier} cannot be judged." in found.notes


def test_alerts_of_another_status_are_left_out_and_counted(coast: Ledger) -> None:
    found = gather(
        coast, [RAIN], [delivery(RAIN)], {"heavy_rain": [window("A")]}, title="A real audit"
    )
    assert found.hazards[0].score.counts["unwarned"] == 1
    assert "1 message is of status Test, and left out: --status Test." in found.notes


def test_a_handover_of_drafts_reaches_nobody(coast: Ledger) -> None:
    (rain,) = audit(coast, deliveries=[delivery(RAIN, "composer", channel="composer")]).hazards
    assert rain.people.everybody.fates["no_channel"] == 1100
    assert rain.people.channels == ()


def test_what_was_given_up_or_came_late_carried_nothing(coast: Ledger) -> None:
    given_up = msgspec.structs.replace(delivery(RAIN), state="given_up")
    late = delivery(RAIN, "sms", after=11)
    (rain,) = audit(coast, deliveries=[given_up, late]).hazards
    assert rain.people.everybody.fates["no_channel"] == 1100


def test_who_got_the_first_alert_needs_no_update_to_be_warned(coast: Ledger) -> None:
    again = updated(RAIN, "A B", 9, 30, sent=9)
    (rain,) = audit(coast, alerts=[RAIN, again]).hazards
    assert rain.people.everybody.fates["partly_known"] == 800
    assert rain.score.leads == (600, 600)


def test_a_cancelled_alert_warned_nobody(coast: Ledger) -> None:
    (rain,) = audit(coast, alerts=[RAIN, cancelled(RAIN, sent=8)]).hazards
    assert rain.people.everybody.fates["not_warned"] == 1300


def test_the_stated_reach_goes_before_what_is_counted(coast: Ledger) -> None:
    asked = Reach(
        channel="radio", group="residents", language="fr", reached=100, asked=800, survey=False
    )
    (rain,) = audit(coast, reach=[asked]).hazards
    assert (rain.people.everybody.reached_low, rain.people.everybody.reached_high) == (100, 100)


def test_a_reach_of_what_is_not_there_is_told(coast: Ledger) -> None:
    wrong = Reach(channel="rdio", group="herdrs", language="fr", reached=1, asked=2)
    notes = audit(coast, reach=[wrong]).notes
    assert "The reach of the channel rdio is stated, but it carried nothing." in notes
    assert "The reach of the group herdrs is stated, but nobody counted this group." in notes


def test_it_is_written_as_data_and_as_one_page(coast: Ledger, tmp_path: Path) -> None:
    found = audit(coast)
    write_audit(tmp_path / "audit", found)
    data = (tmp_path / "audit" / "audit.json").read_bytes()
    assert msgspec.json.decode(data, type=Audit) == found
    assert json.loads(data)["hazards"][0]["people"]["everybody"]["fates"]["no_language"] == 200
    page = (tmp_path / "audit" / "audit.html").read_text()
    assert page == audit_page(found)
    with pytest.raises(InputError, match="never overwritten"):
        write_audit(tmp_path / "audit", found)


def test_the_page_says_what_it_is_who_was_missed_and_who_cannot_be_counted(coast: Ledger) -> None:
    text = re.sub(r"<[^>]*>", "", audit_page(audit(coast))).replace("\u202f", "")
    for words in (
        "status Test: nobody was asked to act on them. Advisory. This is no statement of an",
        "Of 1300 people in districts where it happened, 200 had no warning in time",
        "nobody counted the people, who are in no number here: District C (C)",
        "Groups overlap",
        "700 to 800",
        "Warned 10 h 0 min before",
        "How many people live in District C (C) is not known: no census.",
    ):
        assert words in text
    assert text.index("District A (A)") < text.index("District B (B)"), "the most missed first"


def test_the_page_escapes_the_words_of_files_and_loads_nothing(tmp_path: Path) -> None:
    counts = [count("<b>A", "residents", 5), count("<b>A", "<script>", 5)]
    evil = ledger(tmp_path, *counts, codes="<b>A")
    shown = audit_page(
        gather(evil, [], [], {"heavy_rain": [window("<b>A")]}, title="<i>", status="Test")
    )
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert not re.search(r"(src|href)=.(?!data:,|#)", shown)


def test_the_map_shows_each_district_and_leads_to_its_row(coast: Ledger) -> None:
    atlas = make_atlas(one.area for one in coast.districts)
    shown = audit_page(audit(coast), atlas)
    drawn = dict(re.findall(r'<a href="#([^"]+)"><title>([^<:]+)', shown))
    assert drawn == {"heavy_rain-1": "District A (A)", "heavy_rain-2": "District B (B)"}
    for anchor in drawn:
        assert f'<tr id="{anchor}">' in shown
    kinds = re.findall(r'<path class="(\w+)"', shown)
    assert sorted(kinds) == ["some", "uncounted", "unsaid"]
    for words in ("Some were missed", "nobody counted the people"):
        assert words in shown
    assert "At least half were missed" not in shown, "the legend says what is drawn"


def test_a_district_is_drawn_by_what_became_of_most_of_its_people(coast: Ledger) -> None:
    atlas = make_atlas(one.area for one in coast.districts)
    missed = audit_page(audit(coast, deliveries=[]), atlas)
    assert re.findall(r'<path class="(\w+)"', missed) == ["most", "most", "uncounted"]
    known = Reach(
        channel="radio", group="residents", language="fr", reached=8, asked=8, survey=False
    )
    french = {"heavy_rain": [window("A", event=False), window("B", event=None)]}
    calm = audit_page(audit(coast, windows=french, reach=[known]), atlas)
    assert re.findall(r'<path class="(\w+)"', calm) == ["calm", "calm", "calm"]


def test_a_page_of_hazards_that_came_to_nobody_says_so(coast: Ledger) -> None:
    quiet = [window("A", event=False), window("B", event=None)]
    text = audit_page(audit(coast, windows={"heavy_rain": quiet}))
    assert "It happened in no district whose people were counted." in text


def test_two_hazards_are_two_accounts(coast: Ledger) -> None:
    found = audit(coast, windows={"heavy_rain": [window("A")], "strong_wind": [window("B")]})
    assert [(one.hazard, one.people.everybody.exposed) for one in found.hazards] == [
        ("heavy_rain", 1000),
        ("strong_wind", 300),
    ]
    names = re.findall(
        r' id="([^"]+)"', audit_page(found, make_atlas(d.area for d in coast.districts))
    )
    assert len(set(names)) == len(names), "what a link leads to is there once"


def test_districts_without_a_line_and_alerts_that_no_line_meets_are_named(coast: Ledger) -> None:
    later = alert("B", 40, 60, sent=2)
    found = audit(coast, alerts=[RAIN, later], windows={"heavy_rain": [window("A")]})
    assert any(
        line.startswith("Heavy rain: there is no observation of ")
        and "(B)" in line
        and "(C)" in line
        for line in found.notes
    )
    assert (
        f"Heavy rain: nothing was observed where and when {later.identifier} warned." in found.notes
    )


def test_the_page_says_that_a_beginning_was_not_recorded_and_a_count_has_no_place(
    coast: Ledger,
) -> None:
    noon = alert("A", 18, 30)
    count_ = Reach(
        channel="radio", group="residents", language="fr", reached=500, asked=5_000, survey=False
    )
    found = audit(
        coast,
        alerts=[noon],
        deliveries=[delivery(noon)],
        windows={"heavy_rain": [window("A", began=None)]},
        reach=[count_],
    )
    assert found.hazards[0].score.counts["unclear"] == 1
    page = audit_page(found)
    assert "Not known: an alert was in force for a part of the time" in page
    assert "Perhaps not in force when it began" in page
    hit = audit(coast, windows={"heavy_rain": [window("A")]}, reach=[count_])
    line = hit.hazards[0].people.everybody
    assert (line.reached_low, line.reached_high) == (0, 500)
    assert "Of 500 more, reach has bounds and no number." in audit_page(hit)


def test_a_district_whose_reach_is_only_bounded_is_not_drawn_as_reached(
    tmp_path: Path,
) -> None:
    counts = [count("A", "residents", 100), count("A", "language:fr", 100)]
    all_ = ledger(tmp_path, *counts, codes="A")
    bounded = Reach(
        channel="radio", group="residents", language="fr", reached=100, asked=900, survey=False
    )
    one = alert("A")
    found = gather(
        all_,
        [one],
        [delivery(one)],
        {"heavy_rain": [window("A")]},
        title="Rain",
        status="Test",
        reach=[bounded],
    )
    line = found.hazards[0].people.everybody
    assert (line.missed, line.unknown, line.reached_low) == (0, 0, 0)
    page = audit_page(found, make_atlas(district.area for district in all_.districts))
    assert 'class="unsaid"' in page
    assert "All were in theoretical reach" not in page
