"""Times, numbers and texts as forecasters read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args, get_type_hints
from zoneinfo import ZoneInfo

import msgspec
import pytest

from comity.errors import InputError
from early_warning import cap
from early_warning.desk.forms import Form, edited
from early_warning.desk.pages import words
from early_warning.desk.pages.evidence import anchor_of
from early_warning.desk.pages.told import told
from goods.early_warning.tests.desk.coast import expected, proposal

DJIBOUTI = ZoneInfo("Africa/Djibouti")
BERLIN = ZoneInfo("Europe/Berlin")
MOMENT = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)


def test_a_time_is_local_and_says_so_to_machines() -> None:
    assert words.local(MOMENT, DJIBOUTI) == (
        '<time datetime="2026-11-23T00:30:00+03:00">Mon 23 Nov, 00:30</time>'
    )


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "—"),
        (0.0, "0 %"),
        (0.004, "below 1 %"),
        (0.0099, "below 1 %"),
        (0.125, "13 %"),
        (0.45, "45 %"),
        (0.985, "99 %"),
        (0.999, "above 99 %"),
        (1.0, "100 %"),
    ],
)
def test_a_probability_is_never_0_or_100_for_what_is_neither(
    share: float | None, text: str
) -> None:
    assert words.percent(share) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(-5, "0 min"), (0, "0 min"), (89, "89 min"), (90, "1 h"), (419, "6 h"), (4320, "3 days")],
)
def test_an_age_is_never_rounded_up(minutes: int, text: str) -> None:
    assert words.age(timedelta(minutes=minutes, seconds=59)) == text


def test_cold_is_below_and_everything_else_above() -> None:
    assert words.event(expected("C01")) == "Heavy rain above 50 mm"
    cold = expected("C01", hazard="extreme_cold", threshold="-35")
    assert words.event(cold) == "Extreme cold below −35 °C"
    assert words.event(expected("C01", threshold=None)) == "Heavy rain, no threshold"


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "A"), (2, "A and B"), (5, "A, B, C, D and E"), (6, "A, B, C, D and 2 more")],
)
def test_few_names_are_written_and_many_are_counted(count: int, text: str) -> None:
    assert words.listed(list("ABCDEF")[:count]) == text


def test_no_names_are_an_empty_text() -> None:
    assert words.listed([]) == ""


def test_every_hazard_has_a_name_and_a_unit() -> None:
    for hazard in msgspec.inspect.type_info(cap.Hazard).values:  # type: ignore[attr-defined]
        assert words.amount(hazard, "5").startswith("5 ")
        assert words.HAZARDS[hazard]


def test_every_choice_of_the_form_is_one_that_an_alert_may_have() -> None:
    content = proposal().content
    for field, choices in words.CHOICES.items():
        for choice in choices:
            changed = msgspec.structs.asdict(content) | {field: choice}
            assert getattr(msgspec.convert(changed, type(content)), field) == choice
    kinds = get_type_hints(type(content))
    for field, choices in words.CHOICES.items():
        assert set(choices) == set(get_args(kinds[field]))


def test_isolated_numbers_in_a_text_stay_isolated_and_unseen() -> None:
    text = told("من \u20682026-11-22\u2069 إلى")
    assert "2026-11-22</bdi>" in text
    assert "2068" not in text


@pytest.mark.parametrize("text", ["\u2068open", "closed\u2069", "\u2068a\u2068b\u2069", "\u202ex"])
def test_a_sign_without_its_partner_is_shown_by_its_number(text: str) -> None:
    assert "U+20" in told(text)


def test_the_lines_of_a_text_are_kept() -> None:
    assert "one<br>two" in told("one\ntwo")


def test_anchors_of_different_districts_differ_and_hold_no_special_character() -> None:
    codes = ["A", "a", "A B", "A%20B", '"><', "é"]
    anchors = {anchor_of(code) for code in codes}
    assert len(anchors) == len(codes)
    assert all(anchor.replace("-", "").isalnum() for anchor in anchors)


def form(zone: ZoneInfo, **changes: str) -> Form:
    content = proposal().content
    fields = {name: getattr(content, name) for name in ("severity", "certainty", "urgency")}
    fields |= {"threshold": content.threshold, "response": content.response, "note": ""}
    for name in ("onset", "expires"):
        fields[name] = words.field_time(getattr(content, name), zone)
    known = {name: (value,) for name, value in (fields | changes).items()}
    return Form(known | {"district": content.districts})


def test_a_form_that_nobody_changed_changes_nothing() -> None:
    content = msgspec.structs.replace(
        proposal().content, onset=datetime(2026, 11, 22, 12, 0, 59, tzinfo=UTC)
    )
    untouched = form(DJIBOUTI, onset=words.field_time(content.onset, DJIBOUTI))
    assert edited(untouched, content, DJIBOUTI).digest == content.digest


def test_a_time_is_read_as_local() -> None:
    changed = edited(form(DJIBOUTI, onset="2026-11-22T18:00"), proposal().content, DJIBOUTI)
    assert changed.onset == datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def test_an_hour_that_comes_twice_makes_the_window_longer() -> None:
    twice = form(BERLIN, onset="2026-10-25T02:30", expires="2026-10-25T02:45")
    changed = edited(twice, proposal().content, BERLIN)
    assert changed.onset.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert changed.expires.astimezone(UTC) == datetime(2026, 10, 25, 1, 45, tzinfo=UTC)


def test_an_hour_that_never_comes_is_refused() -> None:
    never = form(BERLIN, onset="2026-03-29T02:30")
    with pytest.raises(InputError, match="never show 2026-03-29T02:30"):
        edited(never, proposal().content, BERLIN)


def test_a_minus_of_print_is_a_minus() -> None:
    changed = edited(form(DJIBOUTI, threshold="−35"), proposal().content, DJIBOUTI)
    assert changed.threshold == "-35"
