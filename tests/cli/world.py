"""A small world on disk, made through the command line alone: two countries and two laboratories.

Coast decides by its own act. Under an agreement that both countries signed, what Steppe's
laboratory measures counts in Coast. Coast has a laboratory of its own. Steppe's laboratory has
measured the system `Triage 1` on its own people: 950 of 1,000 decisions are right.
"""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from comity.attest import load_public_key
from comity.cli import main

__all__ = [
    "AGREEMENT",
    "COUNTRY",
    "DAY",
    "LAST",
    "SIGNED",
    "SPLIT",
    "TODAY",
    "Ran",
    "build",
    "card",
    "key",
    "pub",
    "run",
    "run_json",
    "somebody_types",
    "table",
]

TODAY = datetime.date.today()
DAY = str(TODAY)
"""Assessments are of today, whenever that is, so decisions must be too."""
LAST = f"{TODAY.year + 2}-12-31"
SPLIT = "by person: nobody in the test was in the training"
ORIGINS = {
    "coast.example": "user",
    "steppe.example": "user",
    "lab.coast.example": "accredited",
    "lab.steppe.example": "accredited",
}


def pub(origin: str) -> str:
    return f"keys/{origin}.pub"


def key(origin: str) -> str:
    return f"keys/{origin}.key"


AGREEMENT = [
    "agreement", "new", "--title", "Coast and Steppe",
    "--party", "coast.example", "coast", pub("coast.example"),
    "--party", "steppe.example", "steppe", pub("steppe.example"),
    "--laboratory", "steppe.example", "lab.steppe.example", pub("lab.steppe.example"), "accredited",
    "--measure", "accuracy.accuracy", "--measure", "fairness",
    "--from", "2026-01-01", "--until", LAST,
]  # fmt: skip

SIGNED = ("agreement.coast.example.sigstore.json", "agreement.steppe.example.sigstore.json")

COUNTRY = [
    "country", "new", "--name", "Coast", "--jurisdiction", "coast",
    "--authority", "coast.example", pub("coast.example"),
    "--regime", "coast-act.toml", "--trust", "trust.toml",
    "--agreement", SIGNED[0], "--agreement", SIGNED[1],
    "--own", "lab.coast.example", pub("lab.coast.example"), "accredited",
]  # fmt: skip

ACT = """
id = "coast-act"
version = "1"
title = "Act of Coast"
jurisdiction = "coast"
fictional = true
status = "an act, written for a test"
language = "en"
[[sources]]
title = "Act"
url = "https://law.coast.example"
accessed = 2026-11-21
"""

REQUIREMENT = """
[[requirements]]
id = "{id}"
official_id = "Art {article}"
title = "{title}"
paraphrase = "{title}."
topic = "{topic}"
risk = "accuracy"
evidence = "test"
decided_by = "machine"
basis = "read_in_text"
in_force_from = 2026-01-01
{more}
[requirements.procedure]
measure = "{measure}"
measure_version = 1
parameters = {{ decision = "as predicted", positive = "1"{parameters} }}
split = "any"
[requirements.mark]
comparison = "at_least"
value = "{mark}"
min_n = {n}
reading = "{reading}"
basis = "read_in_text"
"""

JUDGED = """
[[requirements]]
id = "notice"
official_id = "Art 9"
title = "People are told"
paraphrase = "People are told."
risk = "transparency"
evidence = "document"
decided_by = "human"
basis = "read_in_text"
in_force_from = 2026-01-01
"""


def requirement(name: str, **changes: str) -> str:
    fields = {
        "id": name, "article": "1", "title": "Decisions are right", "topic": name, "more": "",
        "measure": "accuracy.accuracy", "parameters": "", "mark": "0.9", "n": "500",
        "reading": "statistical",
    }  # fmt: skip
    return REQUIREMENT.format(**(fields | changes))


COAST_ACT = (
    ACT
    + requirement("right")
    + requirement(
        "reach", article="2", title="The poor who need it are reached", measure="fairness.tpr",
        parameters=', partition = "income", minimum_cell = "30"', n="100",
        more='slice = { income = "poor" }',
    )
    + requirement(
        "right-here", article="3", title="Decisions are right on our people",
        more='population = { country = "coast" }',
    )
    + JUDGED
)  # fmt: skip
"""Three marks: two that Steppe's measurements meet, and one on Coast's own people."""

STEPPE_ACT = ACT.replace("coast", "steppe").replace("Coast", "Steppe") + requirement(
    "right", mark="0.97", reading="literal"
)
"""One mark, which 950 of 1,000 miss."""


def table(right: int, wrong: int) -> str:
    """CSV with four kinds of people in turn; the last `wrong` rows are decided wrongly."""
    lines = ["person,needs,chosen,income"]
    for i in range(right + wrong):
        needs = i % 2
        chosen = needs if i < right else 1 - needs
        lines.append(f"{right}-{i},{needs},{chosen},{'poor' if i % 4 < 2 else 'rich'}")
    return "\n".join(lines) + "\n"


def card(file: str, country: str, version: str = "1") -> str:
    return f"""
[system]
name = "Triage"
version = "{version}"
intended_use = "Find who needs care"
[population]
country = "{country}"
[predictions]
file = "{file}"
truth = "needs"
prediction = "chosen"
id = "person"
groups = ["income"]
split_rule = "{SPLIT}"
"""


def build(folder: Path) -> None:
    """Write the world into `folder`, which must be the working folder."""
    for origin, role in ORIGINS.items():
        assert main(["keys", "new", origin, "--name", origin, "--role", role]) == 0
        digits = load_public_key(folder / pub(origin)).fingerprint
        where = ["--jurisdiction", origin.split(".")[0]] if role == "user" else []
        words = ["--origin", origin, "--name", origin, "--fingerprint", digits, *where]
        assert main(["trust", "add", pub(origin), *words]) == 0
    (folder / "coast-act.toml").write_text(COAST_ACT)
    (folder / "steppe-act.toml").write_text(STEPPE_ACT)
    (folder / "steppe.csv").write_text(table(950, 50))
    (folder / "steppe-card.toml").write_text(card("steppe.csv", "steppe"))
    (folder / "coast.csv").write_text(table(1900, 100))
    (folder / "coast-card.toml").write_text(card("coast.csv", "coast"))
    assert main(AGREEMENT) == 0
    for origin in ("coast.example", "steppe.example"):
        assert main(["agreement", "sign", "agreement.toml", "--key", key(origin)]) == 0
    assert main([*COUNTRY, "--out", "coast.toml"]) == 0
    lab = key("lab.steppe.example")
    assert main(["assess", "steppe-card.toml", "--key", lab, "--out", "steppe"]) == 0


class Ran(NamedTuple):
    """What a command line left behind."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Ran:
    """Run a command line."""
    capsys.readouterr()
    code = main(list(words))
    told = capsys.readouterr()
    return Ran(code, told.out, told.err)


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """Run a command line with --json and read what it prints."""
    return json.loads(run(capsys, *words, "--json").out)


class _Keyboard(io.StringIO):
    """Standard input at which somebody sits."""

    def isatty(self) -> bool:
        return True


@contextmanager
def somebody_types(monkeypatch: pytest.MonkeyPatch, *lines: str) -> Iterator[None]:
    """While this lasts, the questions are answered by `lines`."""
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", _Keyboard("".join(f"{line}\n" for line in lines)))
        yield
