"""`early-warning prove`: where skill was shown."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from early_warning.cli.options import country_argument, json_option, several, tell

__all__ = ["command"]


@click.command("prove")
@country_argument
@json_option
def command(country: Path, as_json: bool) -> None:
    """Judge, from past forecasts and observations, where the forecast of COUNTRY has shown skill.

    Slow: once a season. Only what has shown skill is proposed as an alert; the rest is told.
    """
    from comity.cli.terminal import progress
    from early_warning.drafts.skill import prove
    from early_warning.service import open_service

    service = open_service(country)
    with progress(silent=as_json) as step:
        skill = prove(service, step)
    tested: Counter[tuple[str, int, str, str]] = Counter()
    shown: Counter[tuple[str, int, str, str]] = Counter()
    for one in skill.verdicts:
        key = (one.hazard, one.lead, one.impact, one.method)
        tested[key] += 1
        shown[key] += one.shown
    reasons = Counter(one.words for one in skill.verdicts if not one.shown)
    path = service.state / "skill.json"
    lines = [
        f"{hazard}, {lead} hours, {impact}, {method}: skill shown in {shown[key]} of {number} "
        "districts"
        for key, number in tested.items()
        for hazard, lead, impact, method in [key]
    ]
    lines += [f"{words}: {several(number, 'case')}" for words, number in reasons.most_common()]
    lines.append(f"The verdicts are in {path}. Not shown is no verdict that there is none.")
    data: dict[str, Any] = {
        "cases": len(skill.verdicts),
        "shown": sum(one.shown for one in skill.verdicts),
        "verdicts": str(path),
        "by_case": [
            {
                "hazard": hazard,
                "lead": lead,
                "impact": impact,
                "method": method,
                "districts": number,
                "shown": shown[hazard, lead, impact, method],
            }
            for (hazard, lead, impact, method), number in tested.items()
        ],
        "why_not": dict(reasons),
    }
    tell(lines, data, as_json=as_json)
