"""Language packs: complete or refused, and never silently unreviewed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from comity.errors import InputError
from early_warning import cap
from early_warning.cap.packs import check_pack, fill

FOLDER = Path(cap.__file__).parent / "languages"


def test_five_languages_are_there() -> None:
    assert set(cap.shipped()) == {"ar", "en", "fr", "mn", "so"}


@pytest.mark.parametrize("language", ["ar", "en", "fr", "mn", "so"])
def test_a_pack_is_complete(language: str) -> None:
    own = cap.pack(language)
    assert own.language == language
    assert check_pack(own, cap.pack("en")) == []


def test_only_english_is_reviewed() -> None:
    assert [one.language for one in cap.shipped().values() if one.reviewed] == ["en"]


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(InputError, match="no language pack for 'aa'"):
        cap.pack("aa")


SPOILT = {
    "a text is missing": ('event = "Vent fort"\n', "", "missing required field `event`"),
    "a text is blank": ('"Vent fort"', '" "', "hazards.strong_wind.event is blank"),
    "a place is missing": ("de plus de {amount} sont", "sont", "strong_wind.expected has other"),
    "a place is misspelt": ("{number} mm", "{nombre} mm", "units.millimetres has other places"),
    "a brace is left open": ("{number} mm", "{number} {mm", "units.millimetres has other places"),
    "a text is in other letters": (
        '"Vent fort"',
        '"Хүчтэй салхи"',
        "hazards.strong_wind.event is not written in Latin letters",
    ),
    "an unknown text": ("[cancel]", '[cancel]\nmore = "x"', "unknown field `more`"),
}


@pytest.mark.parametrize(("old", "new", "words"), SPOILT.values(), ids=SPOILT.keys())
def test_a_pack_is_refused_where(old: str, new: str, words: str, tmp_path: Path) -> None:
    text = (FOLDER / "fr.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "fr.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        cap.load_pack(path)
    assert "fr.toml" in caught.value.where


def test_a_text_that_was_not_translated_is_found() -> None:
    english = cap.pack("en")
    copy = msgspec.structs.replace(english, language="om", reviewed=False)
    faults = check_pack(copy, english)
    assert "hazards.extreme_heat.instruction is not translated" in faults
    assert len(faults) >= 4


def test_a_services_own_pack_is_read(tmp_path: Path) -> None:
    text = (FOLDER / "so.toml").read_text(encoding="utf-8")
    path = tmp_path / "so.toml"
    path.write_text(text.replace("reviewed = false", "reviewed = true"), encoding="utf-8")
    assert cap.load_pack(path).reviewed


def test_dates_in_arabic_are_kept_in_order() -> None:
    arabic = cap.pack("ar")
    text = fill(arabic, arabic.period, {"start": "2026-11-22 06:00", "end": "الغد"})
    assert text == "من \u20682026-11-22 06:00\u2069 إلى الغد"
    assert fill(cap.pack("fr"), "{start}", {"start": "2026"}) == "2026"
