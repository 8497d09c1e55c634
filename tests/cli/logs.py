"""Logs in the small world: Steppe's laboratory keeps one, Coast follows and witnesses it.

lab-log/     the log of lab.steppe.example
coast/       what Coast publishes: its own log, and in seen/ its mirror of the laboratory's
steppe/      … of Steppe, another witness
"""

from __future__ import annotations

import datetime
from pathlib import Path

from comity.cli import main
from comity.record.keys import load_vkey
from tests.cli.world import key

LAB = "lab.steppe.example"
LAB_LOG = f"{LAB}/log"
RESULT = "steppe/result.sigstore.json"


def vkey(name: str, purpose: str) -> str:
    return f"keys/{name.replace('/', '_')}.{purpose}.vkey"


def trust(file: str, origin: str) -> None:
    digits = load_vkey(Path(file)).fingerprint
    words = ["--origin", origin, "--name", origin, "--fingerprint", digits]
    place = ["--jurisdiction", origin.split(".")[0]] if origin.count(".") == 1 else []
    assert main(["trust", "add", file, *words, *place]) == 0


def begin(origin: str, folder: str) -> None:
    """Begin a log of an authority, and trust its key."""
    assert main(["log", "init", "--origin", f"{origin}/log", "--log", folder]) == 0
    trust(vkey(f"{origin}/log", "log"), origin)


def witness(origin: str) -> None:
    """Make a witness of an authority, and trust its key."""
    assert main(["keys", "witness", origin]) == 0
    trust(vkey(origin, "witness"), origin)


def publish(*files: str, log: str = "lab-log") -> None:
    assert main(["publish", *files, "--log", log]) == 0


def follow(place: str = "lab-log", by: str = "coast.example", origin: str = LAB_LOG) -> None:
    """Follow a log into the folder that `by` publishes, named by the first part of its origin."""
    words = ["log", "follow", place, "--origin", origin, "--into", f"{by.split('.')[0]}-public"]
    held = f"held-{by}"
    Path(held).mkdir(exist_ok=True)
    assert main([*words, "--keys", held, "--witness", f"keys/{by}.witness.key"]) == 0


def gather(*places: str, log: str = "lab-log") -> None:
    assert main(["log", "gather", *places, "--log", log]) == 0


def logged() -> None:
    """The laboratory's result stands in its log, and Coast has seen it."""
    begin(LAB, "lab-log")
    witness("coast.example")
    publish(RESULT)
    follow()


def withdraw(what: str = RESULT, by: str = LAB, out: str = "withdrawal.sigstore.json") -> None:
    words = ["withdraw", what, "--key", key(by), "--reason", "a table was mixed up", "--out", out]
    assert main(words) == 0


def suspend(what: str, by: str, out: str, *, days: int = 30, review: bool = False) -> None:
    last = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=days)
    more = ["--review"] if review else []
    words = ["suspend", what, "--key", key(by), "--reason", "a review", "--until", str(last)]
    assert main([*words, *more, "--out", out]) == 0


def peers(*origins: str, needed: int) -> None:
    """Name the peers in the trust file."""
    path = Path("trust.toml")
    names = ", ".join(f'"{origin}"' for origin in origins)
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n[peers]\norigins = [{names}]\nneeded = {needed}\n", encoding="utf-8")
