"""Language packs: the texts of warnings as data, and whether they are complete.

A pack is complete when (1) it has every text that English has: the file cannot be read otherwise;
(2) no text is blank; (3) every text has the places of its English counterpart, each once or more;
(4) its letters are of its script; (5) no longer text is the English one, left untranslated.

Complete is not correct. `reviewed` says that speakers of the language have read the texts for a
service; without it, no Actual alert is composed in that language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from comity import files
from comity.errors import InputError

__all__ = ["Hazard", "Pack", "Words", "check_pack", "fill", "load_pack", "pack", "shipped"]

Hazard = Literal["heavy_rain", "strong_wind", "extreme_heat", "extreme_cold"]
Script = Literal["Latin", "Arabic", "Cyrillic"]

_PLACE: Final = re.compile(r"\{([a-z]+)\}")
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff]")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
LONG: Final = 40
"""A text of so many characters cannot be alike in two languages by chance."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said about one hazard; `expected` where it is likely, `possible` where it is less."""

    event: str
    headline: str
    expected: str
    possible: str
    instruction: str


class Ending(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a Cancel says."""

    headline: str
    description: str
    instruction: str


class Hazards(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The words for each hazard."""

    heavy_rain: Words
    strong_wind: Words
    extreme_heat: Words
    extreme_cold: Words


class Units(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An amount with its unit."""

    millimetres: str
    metres_per_second: str
    celsius: str


class Status(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A headline that nobody takes for a warning. Named as CAP names the status."""

    test: str = msgspec.field(name="Test")
    exercise: str = msgspec.field(name="Exercise")


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One language."""

    language: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    name: str
    direction: Literal["ltr", "rtl"]
    script: Script
    reviewed: bool
    separator: str
    period: str
    chance: str
    update: str
    units: Units
    status: Status
    cancel: Ending
    hazards: Hazards


@cache
def shipped() -> Mapping[str, Pack]:
    """The packs that come with this package, by language.

    Raises:
        InputError: one of them is not complete.
    """
    folder = Path(str(package_files("early_warning.cap"))) / "languages"
    packs = {path.stem: files.read_toml(path, Pack) for path in sorted(folder.glob("*.toml"))}
    for name, one in packs.items():
        _complete(one, packs["en"], where=f"{name}.toml")
    return packs


def pack(language: str) -> Pack:
    """A pack that comes with this package.

    Raises:
        InputError: there is none for this language.
    """
    packs = shipped()
    if language not in packs:
        raise InputError(
            f"there is no language pack for {language!r}",
            hint=f"There are packs for {', '.join(packs)}. Copy en.toml to make another.",
        )
    return packs[language]


def load_pack(path: Path) -> Pack:
    """Read a service's own pack, and see that it is complete.

    Raises:
        InputError: it cannot be read, or is not complete; the first text that is wrong is said.
    """
    own = files.read_toml(path, Pack)
    _complete(own, shipped()["en"], where=str(path))
    return own


def _complete(own: Pack, english: Pack, *, where: str) -> None:
    faults = check_pack(own, english)
    if faults:
        more = f"It is one of {len(faults)} such texts." if len(faults) > 1 else ""
        raise InputError(faults[0], where=where, hint=more)


def check_pack(own: Pack, english: Pack) -> list[str]:
    """What keeps a pack from being complete: one sentence for each text."""
    found: list[str] = []
    originals = dict(_texts(english))
    for field, text in _texts(own):
        original = originals[field]
        places, needed = set(_PLACE.findall(text)), set(_PLACE.findall(original))
        if not text.strip():
            found.append(f"{field} is blank")
        elif places != needed or re.search(r"[{}]", _PLACE.sub("", text)):
            wanted = ", ".join(sorted(needed)) or "none"
            found.append(f"{field} has other places in braces than English, which has {wanted}")
        elif not _in_script(_PLACE.sub("", text), own.script):
            found.append(f"{field} is not written in {own.script} letters")
        elif own.language != english.language and len(text) >= LONG and text == original:
            found.append(f"{field} is not translated")
    return found


def _texts(own: Pack) -> Iterator[tuple[str, str]]:
    """Every text of a pack that people read, with its name."""
    for field in ("period", "chance", "update"):
        yield field, getattr(own, field)
    for group in ("units", "status", "cancel"):
        for field, text in msgspec.structs.asdict(getattr(own, group)).items():
            yield f"{group}.{field}", text
    for hazard in msgspec.structs.fields(Hazards):
        for field, text in msgspec.structs.asdict(getattr(own.hazards, hazard.name)).items():
            yield f"hazards.{hazard.name}.{field}", text


def _in_script(text: str, script: Script) -> bool:
    """Whether most letters are of the script: units such as °C are written in Latin anywhere."""
    letters = [unicodedata.name(char, "") for char in text if char.isalpha()]
    own = sum(name.startswith(script.upper()) for name in letters)
    return len(letters) <= 2 or own >= 0.9 * len(letters)


def fill(own: Pack, text: str, values: Mapping[str, str]) -> str:
    """A text with its places filled.

    In a language that is written from right to left, each value without letters of its script is
    isolated (Unicode's FSI and PDI), or a date such as 2026-11-22 would be shown backwards.
    """

    def value(match: re.Match[str]) -> str:
        inside = values[match[1]]
        if own.direction == "ltr" or _RIGHT_TO_LEFT.search(inside):
            return inside
        return f"{_ISOLATE}{inside}{_END_ISOLATE}"

    return _PLACE.sub(value, text)
