"""Compose an alert in several languages from one draft, by language packs.

1. Each language is there once, and every place and the authority have a name in it: what lacks a
   translation stops the alert, instead of going out half-told.
2. Actual needs a registered authority (its WMO identifier), and in every language a pack that
   speakers have reviewed.
3. What is not Actual says so in its first words.
4. Codes and numbers are the same in all languages; only words differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal, cast, get_args

import msgspec

from comity.errors import InputError
from early_warning.cap.alert import Alert, Area, Info, Named
from early_warning.cap.follow_up import cancel, update
from early_warning.cap.packs import Hazard, Pack, Words, fill
from early_warning.cap.times import cap_time, moment

__all__ = [
    "Authority",
    "Draft",
    "Place",
    "Status",
    "compose",
    "compose_cancel",
    "compose_update",
    "new_identifier",
    "refuse_unready",
]

Status = Literal["Actual", "Exercise", "Test"]

_UNIT: Final[dict[Hazard, Literal["millimetres", "metres_per_second", "celsius"]]] = {
    "heavy_rain": "millimetres",
    "strong_wind": "metres_per_second",
    "extreme_heat": "celsius",
    "extreme_cold": "celsius",
}
HAZARD_LIST: Final = "early-warning:hazard"
_THRESHOLD: Final = "early-warning:threshold"
_CHANCE: Final = "early-warning:chance"

Names = dict[str, str]
"""Language to name."""

Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]


class Authority(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who warns.

    Attributes:
        sender: What identifies it worldwide, such as a mail address; no spaces or commas.
        names: Its name in each language.
        oid: Its identifier in WMO's Register of Alerting Authorities; null while there is none.
        web: Where people read more.
        contact: Whom they ask.
    """

    sender: str
    names: Names
    oid: Annotated[str, msgspec.Meta(pattern=r"^2\.49\.0\.[0-9]+(\.[0-9]+){1,8}$")] | None = None
    web: str | None = None
    contact: str | None = None


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A district: its name in each language, its outline (`lat,lon …`) and its codes."""

    names: Names
    polygons: tuple[str, ...] = ()
    geocodes: tuple[Named, ...] = ()


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is to be said, before it is in any language.

    Attributes:
        hazard: Which one.
        threshold: The amount that may be passed, as text: mm of rain, m/s of gusts, or °C.
        chance: Probability of that in percent, the smallest and the largest of the places; null
            where there is none to state.
        onset: When it may begin, with the local time zone.
        expires: When it is over.
        places: Where; at least one.
        response: What people should do, as CAP names it.
    """

    hazard: Hazard
    threshold: Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,4}(\.[0-9]{1,2})?$")]
    chance: tuple[Percent, Percent] | None
    onset: datetime
    expires: datetime
    places: Annotated[tuple[Place, ...], msgspec.Meta(min_length=1)]
    urgency: Literal["Immediate", "Expected", "Future"]
    severity: Literal["Extreme", "Severe", "Moderate", "Minor"]
    certainty: Literal["Observed", "Likely", "Possible", "Unlikely"]
    response: Literal["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor"] = "Prepare"


def new_identifier(authority: Authority, sent: datetime, number: int) -> str:
    """A name for a message: the authority, the moment in UTC, and a number within that second.

    Raises:
        InputError: `sent` has no time zone.
    """
    cap_time(sent)  # refuses a time without a zone, which Python would take for this computer's
    stamp = sent.astimezone(UTC)
    return f"{authority.oid or authority.sender}.{stamp:%Y%m%d%H%M%S}.{number}"


def compose(
    draft: Draft,
    packs: Sequence[Pack],
    authority: Authority,
    *,
    status: Status,
    sent: datetime,
    number: int = 0,
) -> Alert:
    """A first alert, in the languages of `packs`, in their order.

    Raises:
        InputError: rule 1 or 2 is broken.
    """
    refuse_unready(packs, authority, status)
    return Alert(
        identifier=new_identifier(authority, sent, number),
        sender=authority.sender,
        sent=cap_time(sent),
        status=status,
        msg_type="Alert",
        scope="Public",
        note="Exercise" if status == "Exercise" else None,
        infos=tuple(_info(draft, pack, authority, status, sent) for pack in packs),
    )


def compose_update(
    original: Alert,
    draft: Draft,
    packs: Sequence[Pack],
    authority: Authority,
    *,
    sent: datetime,
    number: int = 0,
) -> Alert:
    """The Update that says `draft` in the place of what `original` said, with the same status.

    Raises:
        InputError: rule 1 or 2 is broken, a language of the original has no pack here, the original
            is another sender's, or a rule of `follow_up` is broken.
    """
    status = _own_status(original, authority)
    _in_all_languages(original, packs)
    refuse_unready(packs, authority, status)
    infos = []
    for pack in packs:
        info = _info(draft, pack, authority, "Actual", sent)
        headline = fill(pack, pack.update, {"headline": info.headline or ""})
        infos.append(msgspec.structs.replace(info, headline=_marked(pack, status, headline)))
    identifier = new_identifier(authority, sent, number)
    return update(original, identifier=identifier, sent=sent, infos=infos)


def compose_cancel(
    original: Alert, packs: Sequence[Pack], authority: Authority, *, sent: datetime, number: int = 0
) -> Alert:
    """The Cancel of an alert, in every language that the alert was in.

    Raises:
        InputError: rule 2 is broken, a language of the original has no pack here, the original is
            another sender's, or a rule of `follow_up` is broken.
    """
    status = _own_status(original, authority)
    by_language = _in_all_languages(original, packs)
    refuse_unready(packs, authority, status)
    infos = [
        _ending(info, by_language[info.tongue], status, original, sent) for info in original.infos
    ]
    identifier = new_identifier(authority, sent, number)
    return cancel(original, identifier=identifier, sent=sent, infos=infos)


def _in_all_languages(original: Alert, packs: Sequence[Pack]) -> dict[str, Pack]:
    """The packs by language, in lower case, where each language of the original has one."""
    by_language = {pack.language.lower(): pack for pack in packs}
    missing = [info.tongue for info in original.infos if info.tongue not in by_language]
    if missing:
        raise InputError(
            f"the alert was also in {missing[0]}, for which no pack is given",
            hint="Whoever was warned must also be told what changed, or that it is over.",
        )
    return by_language


def refuse_unready(packs: Sequence[Pack], authority: Authority, status: Status) -> None:
    """See that these languages and this authority may send alerts of a status.

    Raises:
        InputError: rule 1 or 2 is broken.
    """
    languages = [pack.language.lower() for pack in packs]
    if not languages or len(set(languages)) < len(languages):
        raise InputError("an alert needs at least one language, and each of them once")
    for pack in packs:
        _name(authority.names, pack, "the authority")
    if status != "Actual":
        return
    if authority.oid is None:
        raise InputError(
            "an Actual alert needs a registered authority",
            where="authority, field oid",
            hint="Set the identifier that WMO's Register of Alerting Authorities gives it, or use"
            " the status Test.",
        )
    for pack in packs:
        if not pack.reviewed:
            raise InputError(
                f"the {pack.name} texts ({pack.language}) have not been reviewed, and an Actual "
                "alert in them is refused",
                where=f"language pack {pack.language}, field reviewed",
                hint="Have speakers of the language correct them, then set reviewed = true; or"
                " leave this language out.",
            )


def _own_status(original: Alert, authority: Authority) -> Status:
    if original.sender != authority.sender:
        raise InputError(
            f"{original.identifier} is a message of {original.sender}, not of {authority.sender}"
        )
    for status in get_args(Status):
        if original.status == status:
            return cast(Status, status)
    raise InputError(f"a message of status {original.status} is not changed here")


def _name(names: Mapping[str, str], pack: Pack, what: str) -> str:
    name = names.get(pack.language, "").strip()
    if not name:
        raise InputError(
            f"{what} has no name in {pack.name} ({pack.language})",
            hint="Nothing goes out half-told: give the name, or leave the language out.",
        )
    return name


def _info(draft: Draft, pack: Pack, authority: Authority, status: Status, sent: datetime) -> Info:
    words: Words = getattr(pack.hazards, draft.hazard)
    names = [
        _name(place.names, pack, f"place {number}") for number, place in enumerate(draft.places, 1)
    ]
    unit: str = getattr(pack.units, _UNIT[draft.hazard])
    span = {"start": _shown(draft.onset), "end": _shown(draft.expires)}
    values = {
        "place": pack.separator.join(names),
        "period": fill(pack, pack.period, span),
        "amount": fill(pack, unit, {"number": draft.threshold.replace("-", "\u2212")}),
    }
    sure = draft.certainty in ("Observed", "Likely")
    description = fill(pack, words.expected if sure else words.possible, values)
    parameters = [Named(name=_THRESHOLD, value=draft.threshold)]
    if draft.chance is not None:
        chance = "\u2013".join(str(one) for one in sorted(set(draft.chance)))
        description += " " + fill(pack, pack.chance, {"chance": chance})
        parameters.append(Named(name=_CHANCE, value=chance.replace("\u2013", "-")))
    return Info(
        language=pack.language,
        categories=("Met",),
        event=words.event,
        response_types=(draft.response,),
        urgency=draft.urgency,
        severity=draft.severity,
        certainty=draft.certainty,
        event_codes=(Named(name=HAZARD_LIST, value=draft.hazard),),
        effective=cap_time(sent),
        onset=cap_time(draft.onset),
        expires=cap_time(draft.expires),
        sender_name=_name(authority.names, pack, "the authority"),
        headline=_marked(pack, status, fill(pack, words.headline, values)),
        description=description,
        instruction=words.instruction,
        web=authority.web,
        contact=authority.contact,
        parameters=tuple(parameters),
        areas=tuple(
            Area(description=name, polygons=place.polygons, geocodes=place.geocodes)
            for name, place in zip(names, draft.places, strict=True)
        ),
    )


def _ending(info: Info, pack: Pack, status: Status, original: Alert, sent: datetime) -> Info:
    """What a Cancel says in the place of one block."""
    before = moment(original.sent)
    values = {
        "event": info.event,
        "place": pack.separator.join(area.description for area in info.areas),
        "start": _shown(before) if before else original.sent,
    }
    return msgspec.structs.replace(
        info,
        response_types=("AllClear",),
        urgency="Past",
        effective=cap_time(sent),
        onset=None,
        headline=_marked(pack, status, fill(pack, pack.cancel.headline, values)),
        description=fill(pack, pack.cancel.description, values),
        instruction=pack.cancel.instruction,
        parameters=(),
    )


def _marked(pack: Pack, status: Status, headline: str) -> str:
    """Rule 3."""
    if status == "Actual":
        return headline
    text = pack.status.test if status == "Test" else pack.status.exercise
    return fill(pack, text, {"headline": headline})


def _shown(instant: datetime) -> str:
    """A time that reads the same in every language: 2026-11-22 06:00 (UTC+3)."""
    cap_time(instant)  # refuses a time without a zone
    offset = instant.utcoffset() or timedelta(0)
    sign, size = ("-", -offset) if offset < timedelta(0) else ("+", offset)
    hours, minutes = divmod(size // timedelta(minutes=1), 60)
    zone = "" if not offset else f"{sign}{hours}" + (f":{minutes:02d}" if minutes else "")
    return f"{instant:%Y-%m-%d %H:%M} (UTC{zone})"
