"""A made-up donor round on the real list of countries."""

from __future__ import annotations

import datetime

from comity.claims.share import Eligibility, Kind, Need, NeedRow, Offer, Proof, Round
from comity.claims.values import digest_of
from comity.share.allocate import Signed

__all__ = ["DAY", "HOURS", "SEATS", "need", "offer", "round_of", "signed"]

DAY = datetime.date(2026, 11, 1)
YEAR = datetime.date(2027, 10, 31)
HOURS = Kind(id="gpu_hours", title="Computing time", unit="gpu_hour")
SEATS = Kind(id="seats", title="Training places", unit="seat", lot=10)
PAPER = Proof(title="National AI plan", day=datetime.date(2026, 3, 1))


def round_of(*kinds: Kind) -> Round:
    return Round(id="round-1", title="First round", day=DAY, lottery="2026-11-01", kinds=kinds)


def need(
    country: str, amount: int, *, floor: int = 0, kind: Kind = HOURS, unit: str | None = None
) -> Need:
    row = NeedRow(kind=kind.id, unit=unit or kind.unit, floor=floor, need=amount, evidence=(PAPER,))
    return Need(
        authority=f"ai.{country.lower()}.example",
        country=country,
        valid_from=DAY,
        valid_until=YEAR,
        rows=(row,),
    )


def offer(title: str, amount: int, rule: Eligibility | None = None, *, kind: Kind = HOURS) -> Offer:
    return Offer(
        authority="donor.example",
        title=title,
        kind=kind.id,
        unit=kind.unit,
        amount=amount,
        rival=amount > 0,
        eligible=rule or Eligibility(),
        opens=DAY,
        closes=YEAR,
    )


def signed(*said: Need | Offer) -> list[Signed]:
    return [Signed(digest_of(one), one) for one in said]
