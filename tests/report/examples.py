"""Assessments made by hand: realistic, plain, hostile, in four scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from scipy.special import betaincinv

from comity.claims import (
    Assessment,
    Assessor,
    Cell,
    Claim,
    Cost,
    Counts,
    Data,
    Energy,
    Evidence,
    Identity,
    Interval,
    Procedure,
    Reason,
    System,
    Tool,
    decimal_text,
    digest_of,
    measurand_digest,
    round_down,
    round_up,
)

POPULATION = {"country": "US", "period": "1996", "sector": "health"}
DATA = digest_of("table")
GENERATED = "2026-11-21 22:29 UTC"
STATEMENT_ID = digest_of("statement")
FINGERPRINT = "04711 60021 00042 31415 27182 16180 14142 65535"

HOSTILE = "<script>alert(1)</script>\u202egpj.exe\u2066\x00\x1b[31m" + "e" + "\u0301" * 40
LONG = "Donaudampfschiffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 4
ARABIC = "مختبر القياس الوطني (الرياض) 2026"
CHINESE = "国家人工智能测量实验室"


def procedure(measure: str, **parameters: str) -> Procedure:
    return Procedure(
        measure=measure,
        measure_version=1,
        parameters={"cut_off": "0.5", "minimum_cell": "10", **parameters},
        prompts=None,
        decoding={},
        scorer="",
        split="5-fold cross-validation by household",
    )


def claim(
    measure: str,
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    *,
    n: int = 10_391,
    k: int | None = None,
    on: Mapping[str, str] | None = None,
    why: Reason | None = None,
    detail: str = "",
    cells: Iterable[Cell] = (),
    partition: str = "",
) -> tuple[Procedure, Claim]:
    how = procedure(measure, **({"partition": partition} if partition else {}))
    interval = None
    if low is not None and high is not None:
        interval = Interval(
            low=round_down(low), high=round_up(high), level="0.95", sides="two", method="example"
        )
    return how, Claim(
        measure=measure,
        procedure=how.digest,
        measurand=measurand_digest(how.digest, POPULATION, DATA),
        population=POPULATION,
        slice=dict(on or {}),
        status="not_measured" if value is None else "measured",
        reason=why,
        detail=detail,
        estimate=None if value is None else decimal_text(value),
        interval=interval,
        counts=Counts(planned=n, scored=n, successes=k, invalid=0, errored=0),
        cells=tuple(cells),
        judge=None,
    )


def rate(measure: str, k: int, n: int, on: Mapping[str, str] | None = None) -> Any:
    low = float(betaincinv(k, n - k + 1, 0.025)) if k else 0.0
    high = float(betaincinv(k + 1, n - k, 0.975)) if k < n else 1.0
    partition = "+".join(sorted(on or {}))
    return claim(measure, k / n, low, high, n=n, k=k, on=on, partition=partition)


def withheld(measure: str, on: Mapping[str, str]) -> Any:
    return claim(
        measure,
        None,
        n=0,
        on=on,
        why=Reason.GROUP_TOO_SMALL,
        detail="fewer than 10 rows",
        partition="+".join(sorted(on)),
    )


def gap(measure: str, value: float, low: float, high: float, columns: Iterable[str]) -> Any:
    cells = [
        Cell(slice={column: str(index) for column in columns}, scored=100, successes=10 + index)
        for index in range(2)
    ]
    return claim(measure, value, low, high, cells=cells, partition="+".join(sorted(columns)))


def assessment(claims: Iterable[tuple[Procedure, Claim]], **changes: Any) -> Assessment:
    pairs = list(claims)
    procedures = {how.digest: how for how, _ in pairs}
    values: dict[str, Any] = {
        "system": System(
            name="Care programme selection, cost model",
            version="1.0",
            kind="predictive",
            sector="health",
            intended_use="Selects a quarter of elderly people for a care programme.",
            languages=("en",),
            identity=Identity(
                binding="declared", digest=None, detail="a table of predictions, as handed in"
            ),
        ),
        "assessor": Assessor(origin="lab.example", name="Laboratory A", role="independent"),
        "intent": None,
        "supersedes": (),
        "tool": Tool(name="comity", version="0.1.0"),
        "environment": {"python": "3.11", "platform": "linux x86_64"},
        "seed": None,
        "started": "2026-11-21T22:29:20Z",
        "finished": "2026-11-21T22:29:25Z",
        "data": Data(
            name="meps-1996-cost.parquet",
            digest=DATA,
            selection="file",
            rows=10_500,
            evaluated=10_391,
            columns={"truth": "poor_health", "score": "p_selected", "group_1": "sex"},
        ),
        "procedures": tuple(procedures.values()),
        "claims": tuple(one for _, one in pairs),
        "cost": Cost(
            seconds="4.82",
            cpu_seconds="6.13",
            tokens=None,
            energy=Energy(
                method="unavailable", low=None, high=None, detail="no energy counter readable"
            ),
        ),
        "evidence": Evidence(root=digest_of("root"), n=10_391, algorithm="rfc6962-sha256"),
        "notes": (
            "109 rows have no truth value and were left out; they are 1.0 % of the table.",
            "The truth column is self-reported health.",
        ),
    }
    return Assessment(**{**values, **changes})


SEX = (("female", 312, 1204), ("male", 401, 1010))
AGE = (
    ("65 to 69", 190, 702),
    ("70 to 74", 201, 604),
    ("75 to 79", 160, 480),
    ("80 or older", 162, 428),
)
BINS = (
    (0.06, 60, 1800),
    (0.14, 230, 2200),
    (0.25, 420, 1900),
    (0.36, 500, 1500),
    (0.45, 420, 1100),
    (0.55, 370, 800),
    (0.66, 300, 520),
    (0.75, 205, 331),
    (0.86, 160, 220),
)


SETTINGS = {
    "form": "ensemble of 50",
    "unit_of_measure": "mm",
    "blocks": "in time",
    "kept_apart": "time",
}


def rain(
    skill: tuple[float, float] | None = (0.3525, 0.4375),
    baseline: str = "climatology of 2007 to 2013",
    sites: tuple[str, str] = ("Höchst", "<b>Main</b>"),
) -> Assessment:
    """Claims on a forecast of rain at two sites."""

    def about(
        measure: str,
        value: float,
        *ends: float,
        site: str = "",
        why: Reason | None = None,
        **parameters: str,
    ) -> tuple[Procedure, Claim]:
        on = {"site": site} if site else {}
        _, found = claim(measure, value, *ends, n=1_086, on=on, why=why)
        how = Procedure(
            measure=measure,
            measure_version=1,
            parameters={**SETTINGS, **parameters},
            prompts=None,
            decoding={},
            scorer="",
            split="trained to 2013, tested from 2014",
        )
        return how, msgspec.structs.replace(found, procedure=how.digest)

    few = None if skill else Reason.TOO_FEW_EVENTS
    gained = {"crps": "plain", "baseline": baseline}
    return assessment(
        [
            about("skill.crps", 0.787, 0.712, 0.861, crps="plain"),
            about("skill.crps", 0.91, 0.8, 1.02, crps="plain", site=sites[0]),
            about("skill.crps", 0.7, 0.6, 0.8, crps="plain", site=sites[1]),
            about("skill.bias", 0.13, 0.04, 0.22),
            about("skill.crps_skill", 0.395, *(skill or ()), why=few, **gained),
            about("stability.drift", 0.2, 0.0, 0.5, between="4 windows", loss="crps.plain"),
        ]
    )


def drifting(sites: tuple[str, ...] = ("Höchst", "<b>Main</b>", "شمال")) -> Assessment:
    """Rates that drift between windows, and less between sites."""
    windows = [("1 of 4", 402), ("2 of 4", 398), ("3 of 4", 371), ("4 of 4", 330)]
    claims = [rate("accuracy.accuracy", 1_501, 2_000)]
    for name, key, parts in (
        ("accuracy", "window", windows),
        ("tpr", "window", [(window, k // 5) for window, k in windows]),
        ("accuracy", "site", [(site, 350 + 9 * place) for place, site in enumerate(sites)]),
    ):
        cells = [Cell(slice={key: part}, scored=500, successes=k) for part, k in parts]
        apart = (max(k for _, k in parts) - min(k for _, k in parts)) / 500
        ends = max(apart - 0.05, 0), apart + 0.05
        claims.append(
            claim(f"stability.{name}_gap", apart, *ends, n=2_000, cells=cells, partition=key)
        )
    return assessment(claims)


def realistic() -> Assessment:
    """What the demonstration shows: people by sex and age, with a withheld cell."""
    claims = [
        rate("accuracy.accuracy", 7_581, 10_391),
        claim("accuracy.balanced_accuracy", 0.6412, 0.6301, 0.6523),
        claim("accuracy.auroc", 0.7012, 0.6889, 0.7131),
        claim("accuracy.brier", 0.18123, 0.1765, 0.1860),
        claim("accuracy.log_loss", 0.5512, why=Reason.NO_INTERVAL_METHOD),
        claim("calibration.expected_error", 0.0421, 0.0298, 0.0577),
    ]
    bare = Reason.NO_INTERVAL_METHOD
    for index, (said, k, n) in enumerate(BINS):
        on = {"score_bin": f"{index / 10:.1f} to {(index + 1) / 10:.1f}"}
        claims.append(claim("calibration.mean_score", said, n=n, on=on, why=bare))
        claims.append(rate("calibration.observed_rate", k, n, on))
    last = {"score_bin": "0.9 to 1.0"}
    claims.append(claim("calibration.mean_score", 0.94, n=20, on=last, why=bare))
    claims.append(withheld("calibration.observed_rate", last))
    for column, groups in (("sex", SEX), ("age", AGE)):
        for name, k, n in groups:
            on = {column: name}
            claims.append(rate("fairness.selection_rate", k * 2, n * 5, on))
            claims.append(rate("fairness.tpr", k, n, on))
        claims.append(gap("fairness.selection_rate_gap", 0.0551, 0.0317, 0.0784, [column]))
        claims.append(gap("fairness.tpr_gap", 0.1379, 0.0981, 0.1772, [column]))
        claims.append(gap("fairness.tpr_ratio", 0.6527, 0.5712, 0.7421, [column]))
    for name, _, _ in AGE[:3]:
        for sex, k, n in SEX:
            claims.append(rate("fairness.tpr", k // 4, n // 4, {"age": name, "sex": sex}))
    claims += [
        withheld("fairness.tpr", {"age": AGE[3][0], "sex": sex}) for sex in ("female", "male")
    ]
    claims.append(gap("fairness.tpr_gap", 0.1379, 0.0, 0.2402, ["age", "sex"]))
    claims += [
        claim("footprint.assessment_cpu_seconds", 6.13, why=Reason.NO_INTERVAL_METHOD),
        claim("footprint.assessment_energy", None, why=Reason.NO_ENERGY_METER),
        claim("footprint.system_energy", None, why=Reason.SYSTEM_NOT_RUN),
    ]
    return assessment(claims)


def plain() -> Assessment:
    """One claim, nothing else."""
    return assessment([rate("accuracy.accuracy", 80, 100)], notes=(), evidence=None)


def nothing_measured() -> Assessment:
    """Everything was planned and nothing could be measured."""
    return assessment(
        [
            claim("accuracy.accuracy", None, n=0, why=Reason.NO_ROWS),
            claim("accuracy.auroc", None, n=0, why=Reason.COLUMN_NOT_GIVEN),
        ]
    )


def hostile() -> Assessment:
    """Names that try to become markup, to reorder their line, to cover it, or never to end."""
    base = plain()
    names = (HOSTILE, LONG, ARABIC, CHINESE)
    claims = [
        rate("fairness.tpr", 10 + 9 * index, 60, {"site": name}) for index, name in enumerate(names)
    ]
    claims.append(withheld("fairness.tpr", {"site": "</table>" + "\u202e" + "abc"}))
    return assessment(
        claims,
        system=System(
            name=HOSTILE,
            version=LONG,
            kind="generative",
            sector=CHINESE,
            intended_use="first line\nsecond line\u202e" + HOSTILE,
            languages=("ar", "zh"),
            identity=Identity(binding="weights", digest=digest_of("weights"), detail=HOSTILE),
        ),
        assessor=Assessor(origin="xn--lab.example", name=ARABIC, role="accredited"),
        notes=(HOSTILE, LONG * 3),
        data=base.data,
    )


ALL = {
    "realistic": realistic,
    "plain": plain,
    "nothing measured": nothing_measured,
    "hostile": hostile,
}
