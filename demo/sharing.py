"""A donor round with made-up needs and offers on the real list of countries, and its chapter."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from comity.claims.share import Allocation
from comity.share import checker

__all__ = ["MADE", "share_round", "who_shares_with_whom"]

MADE = ("round.toml", "statements", "allocation", "altered.sigstore.json")
OFFICES, DONORS, FUND = "offices.example", "donors.example", "fund.example"

NEEDS = {  # country: floor and need of GPU hours, floor and need of training places
    "BTN": (2_000, 6_000, 20, 60),
    "DJI": (4_000, 12_000, 40, 120),
    "FJI": (3_000, 9_000, 30, 60),
    "KEN": (20_000, 90_000, 100, 400),
    "KIR": (1_000, 3_000, 10, 30),
    "LAO": (6_000, 20_000, 60, 150),
    "MNG": (5_000, 25_000, 50, 150),
    "NAM": (4_000, 15_000, 40, 100),
    "SEN": (8_000, 30_000, 80, 250),
    "TCD": (8_000, 16_000, 80, 160),
}
OFFERS = {
    "Hours for least developed countries": ("gpu_hours", 12_000, {"groups": ["LDC"]}),
    "Hours for Eastern Africa": ("gpu_hours", 30_000, {"regions": ["Eastern Africa"]}),
    "Hours for landlocked countries": ("gpu_hours", 9_000, {"groups": ["LLDC"]}),
    "Hours for anybody": ("gpu_hours", 14_000, {}),
    "Hours for the Caribbean": ("gpu_hours", 5_000, {"regions": ["Caribbean"]}),
    "Course in French": ("places", 205, {"languages": ["fr"]}),
    "Course for anybody": ("places", 240, {}),
    "An early-warning chain, with its code": ("systems", 0, {}),
}
ROUND = """id = "demo-round"
title = "A made-up donor round"
day = 2026-11-01
lottery = "drawn at noon on 2026-10-01"

[[kinds]]
id = "gpu_hours"
title = "Computing time"
unit = "hours"

[[kinds]]
id = "places"
title = "Training places"
unit = "places"
lot = 10

[[kinds]]
id = "systems"
title = "Ready systems"
unit = "systems"
"""

Comity = Callable[..., dict[str, Any]]


def share_round(comity: Comity, folder: Path) -> None:
    """Sign needs and offers, share out, check by the separate checker, and alter one number."""
    statements = folder / "statements"
    statements.mkdir()
    (folder / "round.toml").write_text(ROUND, encoding="utf-8")
    for origin, name in ((OFFICES, "AI offices"), (DONORS, "Donors"), (FUND, "A fund")):
        key = comity("keys", "new", origin, "--name", name, "--role", "user", "--out", "keys")
        read_aloud = ("--fingerprint", str(key["fingerprint"]))
        comity("trust", "add", f"keys/{origin}.pub", "--origin", origin, "--name", name,
               *read_aloud)  # fmt: skip
    for country, figures in NEEDS.items():
        (statements / f"need-{country}.toml").write_text(_need(country, figures), encoding="utf-8")
        comity("share", "sign", f"statements/need-{country}.toml", "--key", f"keys/{OFFICES}.key")
    for number, (title, terms) in enumerate(OFFERS.items(), 1):
        (statements / f"offer-{number}.toml").write_text(_offer(title, *terms), encoding="utf-8")
        comity("share", "sign", f"statements/offer-{number}.toml", "--key", f"keys/{DONORS}.key")
    comity("share", "allocate", "round.toml", "--statements", "statements",
           "--key", f"keys/{FUND}.key", "--out", "allocation")  # fmt: skip
    comity("share", "check", "allocation", "--statements", "statements")
    _check_alone(folder)


def _check_alone(folder: Path) -> None:
    """The checker by itself: once on the file, once on a copy in which one grant was raised."""
    file = folder / "allocation" / "allocation.sigstore.json"
    bundle = json.loads(file.read_bytes())
    statement = json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))
    grant = statement["predicate"]["shares"][0]["grants"][0]
    grant["amount"] = str(int(grant["amount"].partition("/")[0]) + 1)
    altered = base64.b64encode(json.dumps(statement).encode()).decode()
    bundle["dsseEnvelope"]["payload"] = altered
    wrong = folder / "altered.sigstore.json"
    wrong.write_text(json.dumps(bundle), encoding="utf-8")
    for path, expected in ((file, 0), (wrong, 1)):
        print(f"  $ python checker.py {path.relative_to(folder)}")
        done = subprocess.run(
            [sys.executable, "-I", checker.__file__, path],
            capture_output=True,
            text=True,
            check=False,
        )
        print("    " + done.stdout.strip().splitlines()[0])
        if done.returncode != expected:
            sys.exit(f"the demo stopped: the checker said {done.stdout}{done.stderr}")


def _need(country: str, figures: tuple[int, int, int, int]) -> str:
    hours_floor, hours, places_floor, places = figures
    rows = (("gpu_hours", "hours", hours_floor, hours), ("places", "places", places_floor, places))
    text = (
        f'authority = "{OFFICES}"\ncountry = "{country}"\n'
        "valid_from = 2026-01-01\nvalid_until = 2027-12-31\n"
    )
    for kind, unit, floor, need in rows:
        text += (
            f'\n[[rows]]\nkind = "{kind}"\nunit = "{unit}"\nfloor = {floor}\nneed = {need}\n'
            'evidence = [{ title = "made up for the demonstration", day = 2026-01-01 }]\n'
        )
    return text


def _offer(title: str, kind: str, amount: int, rule: dict[str, list[str]]) -> str:
    unit = {"gpu_hours": "hours", "places": "places", "systems": "systems"}[kind]
    text = (
        f'authority = "{DONORS}"\ntitle = "{title}"\nkind = "{kind}"\nunit = "{unit}"\n'
        f"amount = {amount}\nrival = {str(amount > 0).lower()}\n"
        "opens = 2026-01-01\ncloses = 2027-12-31\n\n[eligible]\n"
    )
    return text + "".join(f"{name} = {json.dumps(values)}\n" for name, values in rule.items())


def who_shares_with_whom(folder: Path) -> Markup:
    """The chapter: what was shared, where to read why, and that anybody can check it."""
    file = folder / "allocation" / "allocation.sigstore.json"
    payload = json.loads(file.read_bytes())["dsseEnvelope"]["payload"]
    plain = json.loads(base64.b64decode(payload))["predicate"]
    allocation = msgspec.convert(plain, Allocation)
    hours = allocation.shares[0]
    worst = ", ".join(hours.chain[0].countries) if hours.chain else "nobody"
    return Markup(
        "<p class='short'>{countries} countries declare what they need, {offers} offers are made. "
        "Who gets what is calculated so that nobody worse off could have more, and the proof is a "
        "list of sums.</p>"
        "<p>Needs and offers are made up; the list of countries is real. {idle} offers stay idle "
        "in part, each with the rule that blocks it. Those who may draw on the least computing "
        "time are {worst}.</p>"
        "<p><a href='allocation/report.html'>The allocation</a>: a tile for every country, a "
        "sentence why it got no more, and a button that checks all sums in your browser. It ranks "
        "nobody.</p>"
        "<p>On this machine a small checker, which shares no code with the "
        "calculation, found that it holds, and that <code>altered.sigstore.json</code>, in which "
        "one number was raised by one, does not.</p>"
    ).format(
        countries=len(NEEDS),
        offers=len(OFFERS),
        idle=len(allocation.idle),
        worst=worst,
    )
