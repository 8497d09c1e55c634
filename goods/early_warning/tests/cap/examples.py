"""Made examples: a service of the coast, one draft, and the alert that comes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec

from comity.attest.keys import SigningKey, new_key
from early_warning import cap

LOCAL = timezone(timedelta(hours=3))
SENT = datetime(2026, 11, 22, 6, 0, tzinfo=LOCAL)
SQUARE = "11.5,42.5 11.5,43.2 12.0,43.2 12.0,42.5 11.5,42.5"

NAMES = {"en": "Coast", "fr": "Côte", "ar": "الساحل", "mn": "Эрэг", "so": "Xeebta"}
SERVICE = {
    "en": "Coast Weather Service",
    "fr": "Service météorologique de la Côte",
    "ar": "مصلحة أرصاد الساحل",
    "mn": "Эргийн цаг уурын алба",
    "so": "Adeegga Saadaasha Xeebta",
}

AUTHORITY = cap.Authority(
    sender="warnings@coast.example",
    names=SERVICE,
    oid="2.49.0.0.999.0",
    web="https://coast.example/warnings",
    contact="desk@coast.example",
)
DRAFT = cap.Draft(
    hazard="heavy_rain",
    threshold="50",
    chance=(70, 70),
    onset=SENT + timedelta(hours=6),
    expires=SENT + timedelta(hours=30),
    places=(
        cap.Place(
            names=NAMES, polygons=(SQUARE,), geocodes=(cap.Named(name="P-code", value="XC01"),)
        ),
    ),
    urgency="Future",
    severity="Severe",
    certainty="Likely",
)

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
KEY: SigningKey = new_key()
CERTIFICATE = cap.own_certificate(KEY, "Coast Weather Service", start=START, end=END)


def packs(*languages: str) -> list[cap.Pack]:
    """Packs that come with the package."""
    return [cap.pack(language) for language in languages]


def reviewed(language: str) -> cap.Pack:
    """A pack as it would stand once its speakers had reviewed it."""
    return msgspec.structs.replace(cap.pack(language), reviewed=True)


def alert(*languages: str) -> cap.Alert:
    """A Test alert in these languages; English alone by default."""
    return cap.compose(DRAFT, packs(*languages or ("en",)), AUTHORITY, status="Test", sent=SENT)


def written() -> str:
    """That alert as XML text, to be spoilt."""
    return cap.write_alert(alert()).decode()
