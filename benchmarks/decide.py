"""Decide about 300 requirements, 1, 100 and 10,000 times, beside general rule engines.

    python benchmarks/decide.py [--most 10000]

Comity verifies nothing here, but does all the rest of a decision: it admits each claim under an
agreement, recomputes bounds from counts, explains every verdict and refusal, plans the delta and
encodes the bytes that are signed. CEL and Cedar get the claims already admitted and matched, and
answer one question for each requirement: does the number meet the mark on enough items? That is in
their favour. They are no part of Comity's requirements: put them into a folder of their own,

    pip install --target /tmp/peers common-expression-language cedarpy
    PYTHONPATH=/tmp/peers python benchmarks/decide.py

and without them their rows say so.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

from comity.claims import CATALOGUE, canonical_bytes
from comity.claims.country import Deployment
from comity.claims.decision import Exhibit
from comity.claims.regime import Requirement
from comity.claims.standing import Standing
from comity.decide import decide

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.decide import world

REQUIREMENTS = 300
SYSTEMS = 100
PARTITIONS = ("income", "region", "sex")
PATIENCE = 900
"""Seconds; a row that would take longer says what it would take, from the row before."""
RATES = [measure.id for measure in CATALOGUE.values() if measure.unit == "rate"]


class Rule(NamedTuple):
    """One requirement as the peers see it."""

    name: str
    mark: float
    least: int


Decider = Callable[[int], int]
"""Decides about the system of an index; returns how many requirements are satisfied."""


def test_of(i: int) -> tuple[str, dict[str, str], dict[str, str]]:
    """Measure, parameters and slice: rates of groups in three partitions, as a battery has them."""
    partition = PARTITIONS[i // len(RATES) % len(PARTITIONS)]
    group = str(i // len(RATES) // len(PARTITIONS))
    parameters = {"partition": partition, "minimum_cell": "30", "positive": "1"}
    return RATES[i % len(RATES)], parameters, {partition: group}


def mark_of(i: int) -> str:
    """Marks between 0.70 and 0.99."""
    return str((70 + i % 30) / 100)


def requirements() -> tuple[Requirement, ...]:
    """300 marks on rates, each of another measure, partition or group."""
    made = []
    for i in range(REQUIREMENTS):
        measure, parameters, part = test_of(i)
        rule = world.rule(measure, parameters=parameters)
        mark = world.mark(mark_of(i).rstrip("0"))
        made.append(world.requirement(id=f"r{i}", procedure=rule, slice=part, mark=mark))
    return tuple(made)


def counted(system: int, i: int) -> tuple[int, int]:
    """Successes and items: pairs that never come again, so that no bound is found in a cache."""
    planned = 1_000 + REQUIREMENTS * system + i
    return planned * (700 + (37 * system + 101 * i) % 300) // 1_000, planned


def exhibit(system: int) -> Exhibit:
    """One assessment with a claim for every requirement but each tenth."""
    claims, procedures = [], []
    for i in range(REQUIREMENTS):
        if i % 10:
            measure, parameters, part = test_of(i)
            procedures.append(world.procedure(measure, parameters=parameters))
            claims.append(world.claim(*counted(system, i), by=procedures[-1], slice=part))
    return world.exhibit(*claims, procedures=tuple(procedures), name=f"system {system}")


def ours() -> Decider:
    """Comity."""
    resolved = world.resolved(*requirements())
    exhibits = [exhibit(i) for i in range(SYSTEMS)]
    agreements = (world.agreement(world.row(measures=tuple(RATES))),)
    standing, country, about = Standing(), world.country(), world.system()

    def run(i: int) -> int:
        decision = decide(
            about,
            resolved,
            (exhibits[i],),
            agreements=agreements,
            standing=standing,
            country=country,
            deployment=Deployment(),
            date=world.TODAY,
        )
        canonical_bytes(decision)
        return sum(f.verdict in ("satisfied", "marginal") for f in decision.findings)

    return run


def rules() -> list[Rule]:
    """The marks of the requirements that have a claim."""
    return [Rule(f"r{i}", float(mark_of(i)), 300) for i in range(REQUIREMENTS) if i % 10]


def counts_of(system: int) -> list[tuple[int, int]]:
    """Successes and items for each of those requirements."""
    return [counted(system, int(rule.name[1:])) for rule in rules()]


def with_cel() -> Decider:
    """CEL: one compiled program for each requirement."""
    cel: Any = importlib.import_module("cel")
    programs = [cel.compile(f"value >= {rule.mark!r} && n >= {rule.least}") for rule in rules()]
    contexts = [
        [{"value": k / n, "n": n} for k, n in counts_of(system)] for system in range(SYSTEMS)
    ]

    def run(i: int) -> int:
        pairs = zip(programs, contexts[i], strict=True)
        return sum(program.execute(context) for program, context in pairs)

    return run


def with_cedar() -> Decider:
    """Cedar: one policy for each requirement, and a batch of requests for each decision."""
    cedar: Any = importlib.import_module("cedarpy")
    text = "\n".join(
        f'permit(principal, action == Action::"meet", resource == Requirement::"{rule.name}") '
        f"when {{ context.successes * 100 >= context.n * {round(rule.mark * 100)} "
        f"&& context.n >= {rule.least} }};"
        for rule in rules()
    )
    policies = cedar.PolicySet.from_str(text)
    requests = [
        [
            {
                "principal": 'System::"s"',
                "action": 'Action::"meet"',
                "resource": f'Requirement::"{rule.name}"',
                "context": {"successes": k, "n": n},
            }
            for rule, (k, n) in zip(rules(), counts_of(system), strict=True)
        ]
        for system in range(SYSTEMS)
    ]

    def run(i: int) -> int:
        answers = cedar.is_authorized_batch(requests[i], policies, [])
        return sum(answer.allowed for answer in answers)

    return run


def seconds(decider: Decider, count: int) -> float:
    """Processor seconds for `count` decisions about the systems in turn."""
    started = time.process_time()
    for i in islice(cycle(range(SYSTEMS)), count):
        decider(i)
    return time.process_time() - started


def main() -> None:
    """Print the table; stop if two engines differ in how many marks are met."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=10_000)
    counts = [n for n in (1, 100, 10_000) if n <= parser.parse_args().most]
    print(
        "| engine, number of decisions | "
        + " | ".join(f"{n:,}, CPU-s" for n in counts)
        + " | ms each |"
    )
    print("|---|" + "---|" * (len(counts) + 1))
    met: dict[str, list[int]] = {}
    for name, make in (
        ("comity: admit, bound, explain, plan, encode", ours),
        ("CEL: marks alone", with_cel),
        ("Cedar: marks alone", with_cedar),
    ):
        try:
            decider = make()
        except ImportError as error:
            print(f"| {name} | not measured: {error.name} is not installed |")
            continue
        met[name] = [decider(i) for i in range(3)]
        each, cells = 0.0, []
        for n in counts:
            if each * n > PATIENCE:
                cells.append(f"(≈ {each * n:,.0f}, not run)")
                continue
            taken = seconds(decider, n)
            each = taken / n
            cells.append(f"{taken:,.3f}")
        print(f"| {name} | {' | '.join(cells)} | {each * 1000:.2f} |", flush=True)
    assert len(set(map(tuple, met.values()))) == 1, f"the engines disagree: {met}"


if __name__ == "__main__":
    main()
