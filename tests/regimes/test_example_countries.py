"""The two example countries read one measurement and reach opposite verdicts."""

from __future__ import annotations

import datetime
import hashlib
import itertools
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from comity import regimes
from comity.claims import ASSESSMENT_TYPE, CATALOGUE, Assessment, Assessor
from comity.claims.agreement import Laboratory
from comity.claims.country import Country, Deployment
from comity.claims.decision import Exhibit
from comity.claims.regime import Signer
from comity.claims.standing import Standing
from comity.cli import main
from comity.decide import decide, resolve

CARD = """\
[system]
name = "Care programme"
version = "1"
intended_use = "Choose whom to invite."
[population]
country = "elsewhere"
[predictions]
file = "table.csv"
truth = "need"
prediction = "selected"
score = "score"
groups = ["income", "sex", "ethnicity"]
"""

LAB = Signer(origin="lab.example", key=hashlib.sha256(b"lab").hexdigest())

# Selected of 200 who need it and of 200 who do not, in each cell of sex and ethnicity.
REACHES_THE_POOR = {"poor": (170, 50), "high": (120, 10)}
TREATS_ALIKE = {"poor": (80, 0), "high": (80, 0)}


def assessed(selected: dict[str, tuple[int, int]], folder: Path) -> Assessment:
    """Measure a table in which so many are selected, through the command line."""
    lines = ["need,selected,score,income,sex,ethnicity"]
    for sex, ethnicity in itertools.product(("female", "male"), ("Black", "other")):
        for income, counts in selected.items():
            for need, count in zip((1, 0), counts, strict=True):
                for place in range(200):
                    chosen = int(place < count)
                    score = 0.75 if chosen else 0.25
                    lines.append(f"{need},{chosen},{score},{income},{sex},{ethnicity}")
    (folder / "table.csv").write_text("\n".join(lines) + "\n")
    (folder / "card.toml").write_text(CARD)
    words = ["assess", str(folder / "card.toml"), "--unsigned", "--out", str(folder / "out")]
    assert main(words) == 0
    found = msgspec.json.decode((folder / "out" / "assessment.json").read_bytes(), type=Assessment)
    return replace(found, assessor=Assessor(origin=LAB.origin, name="Lab", role="independent"))


def verdicts(name: str, assessment: Assessment) -> dict[str, str]:
    """What a country with this regime decides, that takes the laboratory for its own."""
    resolved = resolve(regimes.load(name), (), lambda _: None)
    reader = Country(
        name=name,
        jurisdiction=resolved.regime.jurisdiction,
        authority=Signer(origin="ministry.example", key="0" * 64),
        regime=name,
        trust="trust.toml",
        own_assessors=(Laboratory(signer=LAB, role="independent"),),
    )
    exhibit = Exhibit(statement="1" * 64, type=ASSESSMENT_TYPE, signer=LAB, assessment=assessment)
    decision = decide(
        assessment.system,
        resolved,
        [exhibit],
        agreements=(),
        standing=Standing(),
        country=reader,
        deployment=Deployment(),
        date=datetime.datetime.fromisoformat(assessment.finished).date(),
    )
    return {finding.requirement: finding.verdict for finding in decision.findings}


@pytest.mark.parametrize(
    ("selected", "coast", "steppe"),
    [
        pytest.param(
            REACHES_THE_POOR,
            {"accuracy": "satisfied", "reach-of-the-poor": "satisfied"},
            {"equal-reach": "not_satisfied", "equal-shares-by-income": "not_satisfied"},
            id="reaching the poor pleases Coast and not Steppe",
        ),
        pytest.param(
            TREATS_ALIKE,
            {"accuracy": "marginal", "reach-of-the-poor": "not_satisfied"},
            {"accuracy": "satisfied", "equal-reach": "satisfied", "reach-of-the-poor": "satisfied"},
            id="treating all alike pleases Steppe and not Coast",
        ),
    ],
)
def test_one_measurement_has_opposite_verdicts(
    selected: dict[str, tuple[int, int]],
    coast: dict[str, str],
    steppe: dict[str, str],
    tmp_path: Path,
) -> None:
    measured = assessed(selected, tmp_path)
    here, there = verdicts("example-coast", measured), verdicts("example-steppe", measured)

    assert {name: here[name] for name in coast} == coast
    assert {name: there[name] for name in steppe} == steppe


def test_what_only_people_of_coast_can_show_is_left_to_test(tmp_path: Path) -> None:
    assert verdicts("example-coast", assessed(REACHES_THE_POOR, tmp_path))["reach-here"] == (
        "not_tested"
    )


def test_the_procedures_that_regimes_name_are_those_that_an_assessment_runs(tmp_path: Path) -> None:
    run = assessed(TREATS_ALIKE, tmp_path).procedures
    for name in ("example-coast", "example-steppe", "four-fifths"):
        for one in regimes.load(name).requirements:
            rule = one.procedure
            if rule is None or CATALOGUE[rule.measure].risk in ("safety", "content"):
                continue
            same = [procedure for procedure in run if not rule.difference(procedure)]
            assert same, f"{name}, {one.id}"
