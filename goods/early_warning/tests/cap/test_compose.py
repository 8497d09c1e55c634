"""Alerts in several languages: nothing half-told, nothing Actual that nobody reviewed."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec
import pytest

from comity.errors import InputError
from early_warning import cap
from goods.early_warning.tests.cap.examples import AUTHORITY, DRAFT, SENT, alert, packs, reviewed

ALL = ("fr", "ar", "so", "mn", "en")


def test_five_languages_say_the_same_in_one_alert() -> None:
    data = cap.write_alert(alert(*ALL))
    assert cap.judge(data).findings == ()
    assert [info.language for info in cap.read_alert(data).infos] == list(ALL)


def test_english_reads_as_a_person_would_say_it() -> None:
    info = alert("en").infos[0]
    assert info.headline == (
        "TEST – no action is needed. Heavy rain: Coast, from 2026-11-22 12:00 (UTC+3) to "
        "2026-11-23 12:00 (UTC+3)"
    )
    assert info.description == (
        "More than 50 mm of rain is expected in Coast, from 2026-11-22 12:00 (UTC+3) to "
        "2026-11-23 12:00 (UTC+3). Chance: 70 %."
    )


@pytest.mark.parametrize("language", ALL)
def test_what_is_only_possible_is_not_said_to_be_expected(language: str) -> None:
    def said(certainty: Literal["Likely", "Possible"]) -> str:
        draft = msgspec.structs.replace(DRAFT, certainty=certainty)
        made = cap.compose(draft, packs(language), AUTHORITY, status="Test", sent=SENT)
        return made.infos[0].description or ""

    assert said("Likely") != said("Possible")
    if language == "en":
        assert said("Possible").startswith("More than 50 mm of rain is possible in Coast, from")


def test_chances_that_differ_by_place_are_a_range() -> None:
    draft = msgspec.structs.replace(DRAFT, chance=(40, 55))
    info = cap.compose(draft, packs("en"), AUTHORITY, status="Test", sent=SENT).infos[0]
    assert (info.description or "").endswith("Chance: 40–55 %.")
    assert info.parameters[-1].value == "40-55"


def test_no_chance_is_no_number() -> None:
    draft = msgspec.structs.replace(DRAFT, chance=None)
    info = cap.compose(draft, packs("en"), AUTHORITY, status="Test", sent=SENT).infos[0]
    assert "Chance" not in (info.description or "")
    assert [one.name for one in info.parameters] == ["early-warning:threshold"]


@pytest.mark.parametrize("hazard", ["heavy_rain", "strong_wind", "extreme_heat", "extreme_cold"])
def test_every_hazard_can_be_said_in_every_language(hazard: cap.Hazard) -> None:
    draft = msgspec.structs.replace(DRAFT, hazard=hazard, threshold="-30.5")
    made = cap.compose(draft, packs(*ALL), AUTHORITY, status="Test", sent=SENT)
    assert cap.judge(cap.write_alert(made)).valid
    for info in made.infos:
        assert "\u221230.5" in (info.description or "")
        assert "{" not in f"{info.headline}{info.description}{info.instruction}"


@pytest.mark.parametrize("language", ["fr", "ar", "mn", "so"])
def test_actual_is_refused_in_a_language_that_nobody_reviewed(language: str) -> None:
    with pytest.raises(InputError, match="have not been reviewed") as caught:
        cap.compose(DRAFT, packs("en", language), AUTHORITY, status="Actual", sent=SENT)
    assert caught.value.where == f"language pack {language}, field reviewed"


def test_actual_is_refused_without_a_registered_authority() -> None:
    unregistered = msgspec.structs.replace(AUTHORITY, oid=None)
    with pytest.raises(InputError, match="registered authority"):
        cap.compose(DRAFT, packs("en"), unregistered, status="Actual", sent=SENT)
    test = cap.compose(DRAFT, packs("en"), unregistered, status="Test", sent=SENT)
    assert test.identifier == "warnings@coast.example.20261122030000.0"
    assert cap.judge(cap.write_alert(test)).valid


def test_actual_goes_out_once_all_is_in_order() -> None:
    made = cap.compose(
        DRAFT, [reviewed("en"), reviewed("so")], AUTHORITY, status="Actual", sent=SENT
    )
    assert made.status == "Actual"
    assert (made.infos[0].headline or "").startswith("Heavy rain: Coast")


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize("status", ["Test", "Exercise"])
def test_what_is_not_actual_says_so_first(language: str, status: str) -> None:
    pack = cap.pack(language)
    kind = "Test" if status == "Test" else "Exercise"
    first = cap.compose(DRAFT, [pack], AUTHORITY, status=kind, sent=SENT)  # type: ignore[arg-type]
    later = cap.compose_update(first, DRAFT, [pack], AUTHORITY, sent=SENT + timedelta(hours=1))
    ended = cap.compose_cancel(later, [pack], AUTHORITY, sent=SENT + timedelta(hours=2))
    text = pack.status.test if status == "Test" else pack.status.exercise
    for made in (first, later, ended):
        assert made.status == status
        assert (made.infos[0].headline or "").startswith(text.partition(" {")[0])


def test_a_place_without_a_name_in_a_language_stops_the_alert() -> None:
    place = msgspec.structs.replace(DRAFT.places[0], names={"en": "Coast"})
    draft = msgspec.structs.replace(DRAFT, places=(place,))
    with pytest.raises(InputError, match=r"place 1 has no name in Français \(fr\)"):
        cap.compose(draft, packs("en", "fr"), AUTHORITY, status="Test", sent=SENT)


def test_a_service_without_a_name_in_a_language_stops_the_alert() -> None:
    authority = msgspec.structs.replace(AUTHORITY, names={"en": "Coast Weather Service"})
    with pytest.raises(InputError, match="the authority has no name in"):
        cap.compose(DRAFT, packs("en", "fr"), authority, status="Test", sent=SENT)


@pytest.mark.parametrize("languages", [(), ("en", "en")])
def test_each_language_is_there_once(languages: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="at least one language, and each of them once"):
        cap.compose(DRAFT, packs(*languages), AUTHORITY, status="Test", sent=SENT)


def test_a_cancel_speaks_to_everybody_who_was_warned() -> None:
    made = alert("en", "fr")
    with pytest.raises(InputError, match="also in fr, for which no pack is given"):
        cap.compose_cancel(made, packs("en"), AUTHORITY, sent=SENT + timedelta(hours=1))
    ended = cap.compose_cancel(
        made, packs("fr", "en"), AUTHORITY, sent=SENT + timedelta(hours=1), number=3
    )
    assert ended.identifier.endswith(".3")
    assert [info.language for info in ended.infos] == ["en", "fr"]
    assert {info.response_types for info in ended.infos} == {("AllClear",)}
    assert cap.judge(cap.write_alert(ended)).findings == ()
    assert "The warning of 2026-11-22 06:00 (UTC+3) is cancelled" in (
        ended.infos[0].description or ""
    )


def test_an_update_speaks_to_everybody_who_was_warned() -> None:
    later = SENT + timedelta(hours=1)
    with pytest.raises(InputError, match="also in fr, for which no pack is given"):
        cap.compose_update(alert("en", "fr"), DRAFT, packs("en"), AUTHORITY, sent=later)
    more = cap.compose_update(alert("en"), DRAFT, packs("en", "fr"), AUTHORITY, sent=later)
    assert [info.language for info in more.infos] == ["en", "fr"]


def test_a_language_with_its_country_is_updated_and_cancelled_too() -> None:
    pack = msgspec.structs.replace(cap.pack("fr"), language="fr-DJ")
    place = msgspec.structs.replace(DRAFT.places[0], names={"fr-DJ": "Côte"})
    draft = msgspec.structs.replace(DRAFT, places=(place,))
    authority = msgspec.structs.replace(AUTHORITY, names={"fr-DJ": "Service météorologique"})
    first = cap.compose(draft, [pack], authority, status="Test", sent=SENT)
    later = SENT + timedelta(hours=1)
    for made in (
        cap.compose_update(first, draft, [pack], authority, sent=later),
        cap.compose_cancel(first, [pack], authority, sent=later),
    ):
        assert [info.language for info in made.infos] == ["fr-DJ"]


def test_nobody_changes_what_another_sent() -> None:
    other = msgspec.structs.replace(AUTHORITY, sender="warnings@steppe.example")
    with pytest.raises(InputError, match=r"a message of warnings@coast\.example"):
        cap.compose_cancel(alert(), packs("en"), other, sent=SENT + timedelta(hours=1))
    with pytest.raises(InputError, match=r"a message of warnings@coast\.example"):
        cap.compose_update(alert(), DRAFT, packs("en"), other, sent=SENT + timedelta(hours=1))


def test_an_actual_alert_is_not_updated_in_a_language_that_nobody_reviewed() -> None:
    first = cap.compose(DRAFT, packs("en"), AUTHORITY, status="Actual", sent=SENT)
    with pytest.raises(InputError, match="have not been reviewed"):
        cap.compose_update(
            first, DRAFT, packs("en", "so"), AUTHORITY, sent=SENT + timedelta(hours=1)
        )


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="time zone"):
        cap.compose(DRAFT, packs("en"), AUTHORITY, status="Test", sent=SENT.replace(tzinfo=None))
    draft = msgspec.structs.replace(DRAFT, onset=DRAFT.onset.replace(tzinfo=None))
    with pytest.raises(InputError, match="time zone"):
        cap.compose(draft, packs("en"), AUTHORITY, status="Test", sent=SENT)
