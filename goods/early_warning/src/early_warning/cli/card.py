"""`early-warning card`: the forecast as a system that Comity measures."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from comity.errors import InputError
from early_warning.cap.packs import Hazard
from early_warning.cli.options import country_argument, json_option, several, tell

if TYPE_CHECKING:
    from early_warning.card import Held
    from early_warning.country import HazardSpec
    from early_warning.drafts.progress import Progress
    from early_warning.service import Service

__all__ = ["command"]


@click.command("card")
@country_argument
@click.option("--hazard", required=True, type=click.Choice(get_args(Hazard)), help="Which one.")
@click.option("--lead", required=True, type=click.IntRange(1, 9_600), help="Hours ahead.")
@click.option(
    "--first-day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY",
    help="Train before this day and forecast from it on (2014-01-01). Without it every day is"
    " forecast from the others.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("card"), show_default=True,
    help="New folder to write.",
)  # fmt: skip
@json_option
def command(
    country: Path, hazard: Hazard, lead: int, first_day: datetime | None, out: Path, as_json: bool
) -> None:
    """Write two cards and their table: skill against climatology, and how well 90 % hold.

    All districts of COUNTRY with past forecasts and observations of this hazard and lead are in
    them. The forecast is isotonic regression on the mean of the runs.
    """
    from comity.cli.terminal import progress
    from early_warning import card
    from early_warning.country_rules import UNITS
    from early_warning.service import open_service

    service = open_service(country)
    spec = next((one for one in service.country.hazards if one.hazard == hazard), None)
    if spec is None or spec.pairs is None:
        raise InputError(
            f"there are no past forecasts and observations of {hazard}",
            where=f"{country}, hazards.pairs",
            hint="A card is made from them. Name their files.",
        )
    day = None if first_day is None else f"{first_day:%Y-%m-%d}"
    with progress(silent=as_json) as step:
        held, without = _held(service, spec, lead, day, step)
    if not held:
        raise InputError(
            f"no district has a file of {hazard} at {lead} hours", where=spec.pairs.files
        )
    authority = service.country.authority.names[service.country.languages[0]]
    words = hazard.replace("_", " ")
    about = card.About(
        name=f"Forecast of {words}, {authority}",
        version="1",
        intended_use=f"Drafts of warnings of {words}, which forecasters approve.",
        population={"service": authority, "hazard": hazard, "districts": str(len(held))},
        lead=lead,
        unit=UNITS[hazard],
        split_rule=f"trained before {day}, tested from then on"
        if day
        else "every day forecast from the other days of its record, those around it left out",
    )
    card.write_card(out, about, held)
    cards = [out / name for name in (card.SKILL, card.COVERAGE)]
    commands = [f"comity assess {one} --out {out / one.stem} --key KEY" for one in cards]
    lines = [
        f"{out} holds {several(len(held), 'district')} at {lead} hours. Have it measured, and sign:"
    ]
    lines += [f"  {one}" for one in commands]
    if without:
        lines.append(f"Without a file, and so not in it: {', '.join(without)}.")
    data = {"folder": str(out), "districts": len(held), "without": without, "next": commands}
    tell(lines, data, as_json=as_json)


def _held(
    service: Service, spec: HazardSpec, lead: int, day: str | None, step: Progress
) -> tuple[list[Held], list[str]]:
    """Forecasts of every district that has a file, and the codes of those without."""
    from early_warning.card import cross_held, held_out
    from early_warning.drafts.progress import counted
    from early_warning.drafts.skill import pairs_of, sign_of
    from early_warning.forecast import Pairs

    held: list[Held] = []
    without: list[str] = []
    done: list[object] = []
    districts = service.ledger.districts
    share = counted(done, len(districts))
    for district in districts:
        code = district.area.code
        step(f"{code}, {lead} hours", share)
        done.append(code)
        found = pairs_of(service, spec, code, lead)
        if found is None:
            without.append(code)
            continue
        sign, turned = sign_of(spec.hazard), found[1]
        pairs = Pairs(turned.days, sign * turned.observed, sign * turned.members)
        held.append(held_out(code, pairs, day) if day else cross_held(code, pairs))
    return held, without
