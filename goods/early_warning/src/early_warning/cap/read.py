"""Read: bytes in, an alert out; or a verdict on what the bytes are."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

import msgspec
from lxml import etree

from comity.errors import InputError
from early_warning.cap.alert import CAP_1_2, Alert, Area, Info, Resource
from early_warning.cap.door import open_xml
from early_warning.cap.finding import Finding, Profile
from early_warning.cap.meaning import check_meaning
from early_warning.cap.profiles import check_profile
from early_warning.cap.schema import DSIG, Content, check_structure, local_name

__all__ = ["Kind", "Verdict", "examine", "judge", "kind_of", "read_alert"]

Kind = Literal["cap-1.2", "cap-1.1", "cap-1.0", "not-cap", "refused"]

_OLD: Final[dict[str | None, Kind]] = {
    "urn:oasis:names:tc:emergency:cap:1.1": "cap-1.1",
    "http://www.incident.com/cap/1.0": "cap-1.0",
}


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What some bytes are, and what is wrong with them.

    Attributes:
        kind: CAP 1.2, an older CAP, no alert, or refused at the door.
        why: Null for CAP 1.2; else one sentence.
        alert: The alert, where the schema's rules hold.
        signed: Whether a signature is there. Whether it holds is `check_signature`'s to say.
        findings: All that is wrong, in the order of the rules.
    """

    kind: Kind
    why: str | None = None
    alert: Alert | None = None
    signed: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it is CAP 1.2 without an error against the standard itself."""
        return self.kind == "cap-1.2" and not self.errors("cap")

    def errors(self, profile: Profile) -> tuple[Finding, ...]:
        """The errors against the standard (`cap`) or against one profile alone."""
        return tuple(f for f in self.findings if f.profile == profile and f.level == "error")


def judge(data: bytes, *, where: str = "") -> Verdict:
    """Say what some bytes are; whatever they hold, nothing is raised."""
    return examine(data, where)[0]


@lru_cache(maxsize=2)  # who writes and then signs asks twice about the same bytes
def examine(data: bytes, where: str) -> tuple[Verdict, etree._Element | None]:
    """The verdict, and the tree where there is one; nobody may change it."""
    try:
        root = open_xml(data, where=where)
    except InputError as error:
        return Verdict(kind="refused", why=str(error)), None
    return _verdict(root), root


def _verdict(root: etree._Element) -> Verdict:
    kind = kind_of(root)
    if kind != "cap-1.2":
        return Verdict(kind=kind, why=_not_read(kind, root))
    signed = root.find(f"{{{DSIG}}}Signature") is not None
    structure, content = check_structure(root)
    if structure:
        return Verdict(kind=kind, signed=signed, findings=tuple(structure))
    alert = _alert(content)
    findings = (
        *check_meaning(alert),
        *check_profile("wmo", alert),
        *check_profile("google", alert),
    )
    return Verdict(kind=kind, signed=signed, alert=alert, findings=findings)


def read_alert(data: bytes, *, where: str = "") -> Alert:
    """Read a CAP 1.2 alert.

    The schema's rules must hold. Whether it also makes sense is `judge`'s to say.

    Raises:
        InputError: it is refused at the door, is no CAP 1.2, or breaks a rule of the schema.
    """
    root = open_xml(data, where=where)
    kind = kind_of(root)
    if kind != "cap-1.2":
        raise InputError(_not_read(kind, root), where=where)
    found, content = check_structure(root)
    if found:
        more = f"It is one of {len(found)} such mistakes." if len(found) > 1 else ""
        place = f"{where}, {found[0].place}".lstrip(", ")
        raise InputError(f"{found[0].what} (rule {found[0].rule})", where=place, hint=more)
    return _alert(content)


def kind_of(root: etree._Element) -> Kind:
    """Which CAP the root element announces."""
    name = etree.QName(root)
    if name.localname != "alert":
        return "not-cap"
    if name.namespace == CAP_1_2:
        return "cap-1.2"
    return _OLD.get(name.namespace, "not-cap")


def _not_read(kind: Kind, root: etree._Element) -> str:
    if kind == "not-cap":
        name = local_name(root)[:40]
        return f"this is no CAP alert: it begins with {name}, or in another namespace than CAP's"
    return (
        f"this is CAP {kind[-3:]}, an older version with other rules; only CAP 1.2 is read here. "
        "Ask its sender for CAP 1.2"
    )


def _alert(own: Content) -> Alert:
    """The alert of what `check_structure` gathered and found nothing wrong with."""
    return Alert(
        identifier=own.text("identifier"),
        sender=own.text("sender"),
        sent=own.text("sent").strip(),
        status=own.text("status"),
        msg_type=own.text("msgType"),
        scope=own.text("scope"),
        source=own.maybe("source"),
        restriction=own.maybe("restriction"),
        addresses=own.maybe("addresses"),
        codes=own.every("code"),
        note=own.maybe("note"),
        references=own.maybe("references"),
        incidents=own.maybe("incidents"),
        infos=tuple(_info(one) for one in own.inside.get("info", ())),
    )


def _info(own: Content) -> Info:
    return Info(
        language=own.plain("language"),
        categories=own.every("category"),
        event=own.text("event"),
        response_types=own.every("responseType"),
        urgency=own.text("urgency"),
        severity=own.text("severity"),
        certainty=own.text("certainty"),
        audience=own.maybe("audience"),
        event_codes=own.named("eventCode"),
        effective=own.plain("effective"),
        onset=own.plain("onset"),
        expires=own.plain("expires"),
        sender_name=own.maybe("senderName"),
        headline=own.maybe("headline"),
        description=own.maybe("description"),
        instruction=own.maybe("instruction"),
        web=own.plain("web"),
        contact=own.maybe("contact"),
        parameters=own.named("parameter"),
        resources=tuple(_resource(one) for one in own.inside.get("resource", ())),
        areas=tuple(_area(one) for one in own.inside.get("area", ())),
    )


def _resource(own: Content) -> Resource:
    return Resource(
        description=own.text("resourceDesc"),
        mime_type=own.text("mimeType"),
        size=own.plain("size"),
        uri=own.plain("uri"),
        deref_uri=own.maybe("derefUri"),
        digest=own.maybe("digest"),
    )


def _area(own: Content) -> Area:
    return Area(
        description=own.text("areaDesc"),
        polygons=tuple(map(_points, own.every("polygon"))),
        circles=tuple(map(_points, own.every("circle"))),
        geocodes=own.named("geocode"),
        altitude=own.plain("altitude"),
        ceiling=own.plain("ceiling"),
    )


@lru_cache(maxsize=64)  # an alert repeats its polygons in each language
def _points(text: str) -> str:
    """One space between points, as white space means nothing there."""
    return " ".join(text.split())
