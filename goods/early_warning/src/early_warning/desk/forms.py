"""Forms as they come back: bounded, decoded strictly, and turned into what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import msgspec

from comity.errors import InputError
from early_warning.desk.pages.words import field_time
from early_warning.drafts.proposal import Content

__all__ = ["MAX_BYTES", "Form", "edited", "read_form"]

MAX_BYTES: Final = 1_000_000
"""Of a form: an edit names each district of a country by its code."""

MAX_FIELDS: Final = 25_000
MAX_WORDS: Final = 500
MAX_NOTE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, each with all of its values."""

    fields: Mapping[str, tuple[str, ...]]

    def one(self, name: str, limit: int = MAX_WORDS) -> str:
        """The only value of a field; empty where the field is not there.

        Raises:
            InputError: it is there several times, or longer than `limit` characters.
        """
        values = self.fields.get(name, ())
        if len(values) > 1:
            raise InputError("the form has this field several times", where=name)
        text = values[0] if values else ""
        if len(text) > limit:
            raise InputError(f"this is longer than the {limit:,} characters allowed", where=name)
        return text

    def words(self) -> str:
        """What the forecaster gave as the reason, in one line.

        Raises:
            InputError: there is none.
        """
        words = " ".join(self.one("words").split())
        if not words:
            raise InputError(
                "a reason is missing", where="words", hint="The journal keeps why it was done."
            )
        return words

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return self.fields.get(name, ())


def read_form(body: bytes) -> Form:
    """Decode an urlencoded form.

    Raises:
        InputError: it is none, or has too many fields.
    """
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=bool(text),
            encoding="utf-8",
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        raise InputError("the form cannot be read") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return Form({name: tuple(values) for name, values in fields.items()})


def edited(form: Form, content: Content, zone: ZoneInfo) -> Content:
    """What a draft says after an edit, as far as the form tells: `desk.edits` decides the chance.

    Args:
        form: With `district` (each chosen one), `onset`, `expires` (local time), `threshold`,
            `severity`, `certainty`, `urgency`, `response` and `note`.
        content: As it stood before.
        zone: In which times are written.

    Raises:
        InputError: a field holds what it cannot hold.
    """
    if not form.every("district"):
        raise InputError("no district is chosen", where="districts", hint="Dismiss it instead.")
    changed = msgspec.structs.asdict(content) | {
        "districts": form.every("district"),
        "onset": _moment(form, "onset", content.onset, zone),
        "expires": _moment(form, "expires", content.expires, zone),
        "threshold": form.one("threshold").strip().replace("\u2212", "-"),
        "note": form.one("note", MAX_NOTE).replace("\r\n", "\n").strip(),
    }
    changed |= {name: form.one(name) for name in ("severity", "certainty", "urgency", "response")}
    if changed["expires"] <= changed["onset"]:
        raise InputError("it would end before it begins", where="expires")
    try:
        return msgspec.convert(changed, Content)
    except msgspec.ValidationError as error:
        raise InputError(f"the form holds something impossible: {error}") from None


def _moment(form: Form, name: str, before: datetime, zone: ZoneInfo) -> datetime:
    """A local time; the one that stood there, to the second, where nobody changed it."""
    text = form.one(name)
    if text == field_time(before, zone):
        return before
    try:
        plain = datetime.strptime(text, "%Y-%m-%dT%H:%M")
    except ValueError:
        raise InputError(
            "this is no time", where=name, hint="Write it as 2026-11-22T06:00."
        ) from None
    # Where the clocks are set back an hour comes twice: an alert then takes the longer window.
    instant = plain.replace(tzinfo=zone, fold=int(name == "expires"))
    try:
        known = instant.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == plain
    except OverflowError:
        known = False
    if not known:
        raise InputError(f"the clocks of {zone.key} never show {text}", where=name)
    return instant
