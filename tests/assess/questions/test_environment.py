"""Tokens as the endpoint counts them; energy and carbon only where they are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.assess.batteries.finding import Finding
from comity.assess.questions import Asked, Planted
from comity.assess.questions.battery import Metered
from comity.assess.questions.environment import ENVIRONMENT
from comity.assess.questions.planted import Reply, answers
from comity.assess.systems.endpoint.model import Grid
from comity.claims import Energy, Reason
from tests.assess.questions.simulated import ask

MEASURED = Energy(method="measured", low="7200", high="7200", detail="RAPL, 1 processor package(s)")
UNAVAILABLE = Energy(method="unavailable", low=None, high=None, detail="no RAPL counter")
READING = Metered(requests=40, cpu_seconds=10.0, energy=MEASURED)
GRID = Grid(grams_per_kwh=500.0, source="the operator's report of 2025")


def found(asked: Asked, *, usage: bool = True) -> dict[str, Finding]:
    given = ask(ENVIRONMENT, asked, Planted())
    if not usage:
        texts = {name: Reply(text=answer.text) for name, answer in given.items()}
        given = answers(ENVIRONMENT.asks(asked), texts)
    return {one.subject.measure: one for one in ENVIRONMENT.findings(asked, given)}


def test_energy_time_and_carbon_are_for_1000_requests() -> None:
    one = found(Asked(metered=READING, grid=GRID))
    assert one["footprint.system_cpu_seconds"].estimate == "250"
    assert one["footprint.system_energy"].estimate == "180000"  # 7,200 J / 40 x 1,000
    assert one["environment.carbon"].estimate == "25"  # 0.05 kWh x 500 g
    assert one["footprint.system_energy"].detail.startswith("measured: RAPL")
    assert one["environment.carbon"].subject.parameters == {
        "grams_per_kwh": "500",
        "grid_source": "the operator's report of 2025",
    }
    assert {finding.reason for finding in one.values()} == {Reason.DESCRIPTIVE}


@pytest.mark.parametrize(
    ("asked", "energy", "carbon"),
    [
        pytest.param(
            Asked(grid=GRID), Reason.NOT_METERED, Reason.NOT_METERED, id="an endpoint elsewhere"
        ),
        pytest.param(
            Asked(metered=replace(READING, energy=UNAVAILABLE), grid=GRID),
            Reason.NO_ENERGY_METER,
            Reason.NO_ENERGY_METER,
            id="a machine without a meter",
        ),
        pytest.param(
            Asked(metered=READING),
            Reason.DESCRIPTIVE,
            Reason.NO_GRID_INTENSITY,
            id="a card that does not state the grid",
        ),
        pytest.param(
            Asked(metered=replace(READING, requests=0), grid=GRID),
            Reason.NOT_METERED,
            Reason.NOT_METERED,
            id="a meter that was read while nothing was answered",
        ),
    ],
)
def test_what_is_not_known_is_absent_with_its_reason(
    asked: Asked, energy: Reason, carbon: Reason
) -> None:
    one = found(asked)
    assert one["footprint.system_energy"].reason == energy
    assert one["environment.carbon"].reason == carbon
    assert (one["environment.carbon"].estimate is None) == (carbon != Reason.DESCRIPTIVE)


def test_an_endpoint_that_counts_no_tokens_is_not_counted_for() -> None:
    one = found(Asked(), usage=False)
    for measure in ("environment.prompt_tokens", "environment.completion_tokens"):
        assert (one[measure].estimate, one[measure].reason) == (None, Reason.NO_USAGE)


def test_answers_without_a_count_are_left_out_of_the_mean_and_told() -> None:
    asks = ENVIRONMENT.asks(Asked())
    texts = {one.id: Reply(text="x", prompt_tokens=10, completion_tokens=30) for one in asks[:30]}
    texts |= {one.id: Reply(text="x") for one in asks[30:36]}
    measured = {
        one.subject.measure: one for one in ENVIRONMENT.findings(Asked(), answers(asks, texts))
    }["environment.completion_tokens"]
    assert measured.estimate == "30000"
    counts = measured.counts
    assert (counts.planned, counts.scored, counts.invalid, counts.errored) == (40, 30, 6, 4)


def test_a_base_model_continues_texts_and_is_another_procedure() -> None:
    base = ENVIRONMENT.asks(Asked(base=True))
    assert all(one.prompt and not one.messages for one in base)
    chat, continued = found(Asked()), found(Asked(base=True))
    tokens = "environment.completion_tokens"
    assert continued[tokens].estimate is not None
    assert chat[tokens].subject.prompts != continued[tokens].subject.prompts
