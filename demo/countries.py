"""The demo's two fictional countries: one agreement, two regimes, and one test of their own.

What PLAN.md fixed for them was fixed before the run.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

__all__ = ["AUTHORITIES", "COUNTRIES", "decide_abroad", "draw_sample"]

Comity = Callable[..., dict[str, Any]]

AUTHORITIES = {
    "home": "Home Standards Office (fictional)",
    "coast": "Coast Office for Automated Decisions (fictional)",
    "steppe": "Steppe Ministry of Machines (fictional)",
}
COUNTRIES = {"coast": "Coast (fictional)", "steppe": "Steppe (fictional)"}
INSTITUTE = "institute.coast.example"
PEOPLE_DRAWN = 60_000
SEED = 1


def draw_sample(table: Path, target: Path) -> None:
    """Draw the people of Coast by lot, with replacement, from the survey's: made, and said so."""
    with table.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    lot = random.Random(SEED)
    for number in range(1, PEOPLE_DRAWN + 1):
        writer.writerow([number, *lot.choice(rows)[1:]])
    target.write_text(text.getvalue(), encoding="utf-8")


def decide_abroad(comity: Comity, folder: Path, laboratory: str, systems: list[str]) -> None:
    """Agree, decide in both countries about every system, run Coast's delta, decide again."""
    keys = {place: _join(comity, f"{place}.example", AUTHORITIES[place], place) for place in
            AUTHORITIES}  # fmt: skip
    _join(comity, INSTITUTE, "Coast Institute (fictional)", None)

    parties = [word for place in AUTHORITIES for word in
               ("--party", f"{place}.example", place, keys[place])]  # fmt: skip
    measures = [word for risk in ("accuracy", "calibration", "fairness") for word in
                ("--measure", risk)]  # fmt: skip
    comity(
        "agreement", "new", "--title", "Home, Coast and Steppe recognise measurements (fictional)",
        *parties, "--laboratory", "home.example", laboratory, f"keys/{laboratory}.pub",
        "independent", *measures, "--from", "2026-01-01", "--until", "2027-12-31",
    )  # fmt: skip
    signed = []
    for place in AUTHORITIES:
        signed.append(f"agreement.{place}.sigstore.json")
        comity("agreement", "sign", "agreement.toml", "--key", f"keys/{place}.example.key",
               "--out", signed[-1])  # fmt: skip

    agreements = [word for name in signed for word in ("--agreement", name)]
    for place, name in COUNTRIES.items():
        own = ["--own", INSTITUTE, f"keys/{INSTITUTE}.pub", "independent"]
        comity(
            "country", "new", "--out", f"{place}.toml", "--name", name, "--jurisdiction", place,
            "--authority", f"{place}.example", keys[place], "--regime", f"example-{place}",
            *agreements, "--trust", "trust.toml", *(own if place == "coast" else []),
            "--max-items", "10000",
        )  # fmt: skip
        for system in systems:
            comity(
                "decide", f"{system}/result.sigstore.json", "--country", f"{place}.toml",
                "--key", f"keys/{place}.example.key", "--out", f"decisions/{place}-{system}",
            )  # fmt: skip

    draw_sample(folder / "need.csv", folder / "coast-sample.csv")
    delta = "decisions/coast-need/delta.json"
    comity("assess", "coast-sample.toml", "--delta", delta, "--key", f"keys/{INSTITUTE}.key",
           "--out", "coast-sample")  # fmt: skip
    comity(
        "decide", "need/result.sigstore.json", "coast-sample/result.sigstore.json",
        "--country", "coast.toml", "--delta", delta, "--key", "keys/coast.example.key",
        "--out", "decisions/coast-need-again",
    )  # fmt: skip


def _join(comity: Comity, origin: str, name: str, jurisdiction: str | None) -> str:
    """Make a key for an authority and put it on the demo's trust list; return the public key."""
    role = "independent" if jurisdiction is None else "user"
    identity = ("--name", name, "--role", role)
    key = comity("keys", "new", origin, *identity, "--out", "keys")
    place = () if jurisdiction is None else ("--jurisdiction", jurisdiction)
    comity("trust", "add", f"keys/{origin}.pub", "--origin", origin, *identity, *place,
           "--fingerprint", str(key["fingerprint"]))  # fmt: skip
    return f"keys/{origin}.pub"
