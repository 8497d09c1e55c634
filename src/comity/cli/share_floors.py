"""`comity share floors` and `divide`: what a country has reached, and how things are spread."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.ask import DAY
from comity.cli.options import json_option, trust_option
from comity.cli.share_files import require_voice, signed_files
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import Trust
    from comity.claims.floor import Declaration, Figure, Indicator
    from comity.share.countries import Facts
    from comity.share.divide import Divide
    from comity.share.floors import Floor

__all__ = ["COLUMNS", "divide_command", "floors_command"]

VERDICTS = {"met": "met", "not_met": "not met", "unknown": "unknown"}
COLUMNS = ("indicator", "country", "seen", "value", "source", "day")

figures_option = click.option(
    "--figures",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Figures of others, CSV, as `comity share import` writes them. May be given again.",
)


@click.command("floors")
@click.argument("country", required=False)
@click.option(
    "--page", type=click.Path(path_type=Path), help="Write a page of all countries, and name it."
)
@click.option(
    "--statements",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Signed declarations of countries, or folders of them.",
)
@figures_option
@click.option("--on", type=DAY, help="Day for which it is asked; today if left out.")
@trust_option
@json_option
def floors_command(
    country: str | None,
    page: Path | None,
    statements: Sequence[Path],
    figures: Sequence[Path],
    on: datetime.datetime | None,
    trust_path: Path,
    as_json: bool,
) -> None:
    """Which of the five floors COUNTRY has reached: met, not met, or unknown.

    With --page instead: a page of all countries, with a tile for each and what it rests on.
    """
    from comity.share.countries import load_facts
    from comity.share.floors import floors, load_indicators

    if (country is None) == (page is None):
        raise InputError("name one country, or a page of all with --page", where="COUNTRY")
    facts, indicators = load_facts(), load_indicators()
    chosen = [facts.place(country, where="COUNTRY")] if country else list(facts.places)
    day = on.date() if on else datetime.datetime.now(datetime.UTC).date()
    trust = _trust(trust_path) if statements else None
    said = read_declarations(statements, trust, indicators) if trust else []
    others = [figure for file in figures for figure in read_figures(file, indicators)]
    found = {place.code: floors(place.code, day, said, others, indicators) for place in chosen}
    if page is not None:
        from comity.files import write_atomic

        write_atomic(page, _page(found, facts, str(day)))
        click.echo(json.dumps({"written": str(page)}) if as_json else f"Written: {page}")
        return
    (place,) = chosen
    if as_json:
        facts_of = [_facts(one) for one in found[place.code]]
        click.echo(json.dumps(facts_of, ensure_ascii=False, indent=2))
        return
    click.echo(f"{place.name} on {day}\n")
    for one in found[place.code]:
        _tell(one)


def _page(found: Mapping[str, Sequence[Floor]], facts: Facts, day: str) -> str:
    from comity.report.allocation import Land
    from comity.report.floors import FloorLine, FloorSection, floors_page
    from comity.share.floors import load_indicators

    sections = [
        FloorSection(
            gap=card.gap,
            title=card.title,
            unit=card.unit,
            post=card.goalposts[0],
            does_not_show=card.does_not_show,
            lines=tuple(
                FloorLine(code, mine[at].verdict, mine[at].tier, tuple(_rests_on(mine[at])))
                for code, mine in found.items()
            ),
        )
        for at, card in enumerate(load_indicators())
    ]
    lands = [Land(place.code, place.name, place.region) for place in facts.places]
    return floors_page(sections, lands, day)


def _rests_on(floor: Floor) -> Iterator[str]:
    """What was said about a floor, the country's own word first."""
    if floor.declared is not None:
        titles = ", ".join(proof.title for proof in floor.declared.evidence)
        yield f"its own word: {floor.declared.value}, resting on {titles}"
    for figure in floor.figures:
        below = "below " if figure.seen == "censored" else ""
        if figure.value is not None:
            yield f"{figure.source}, {figure.day}: {below}{figure.value}"


@click.command("divide")
@click.argument("indicator")
@figures_option
@click.option(
    "--people",
    required=True,
    type=click.Path(path_type=Path),
    help="Population by country, CSV with the columns code and people.",
)
@json_option
def divide_command(indicator: str, figures: Sequence[Path], people: Path, as_json: bool) -> None:
    """How unequally INDICATOR is spread over people, as intervals over what nobody knows."""
    from comity.cli.share_draft import read_people
    from comity.share.countries import load_facts
    from comity.share.divide import divide
    from comity.share.floors import load_indicators
    from comity.share.spread import limits_of, parts_of

    indicators = load_indicators()
    if indicator not in {one.id for one in indicators}:
        names = ", ".join(one.id for one in indicators)
        raise InputError(f"there is no indicator {indicator!r}", hint=f"There are: {names}.")
    facts = load_facts().with_people(read_people(people))
    mine = [
        figure
        for file in figures
        for figure in read_figures(file, indicators)
        if figure.indicator == indicator
    ]
    limits = limits_of(facts, mine)
    try:
        found = divide(list(limits.limits.values()))
    except ValueError as error:
        raise InputError(str(error), where=indicator) from None
    parts = parts_of(facts, mine)
    if as_json:
        value = {
            "indicator": indicator,
            "measured": limits.measured,
            "censored": limits.censored,
            "unknown": limits.unknown,
            "without_population": limits.without_people,
            "divide": {name: span._asdict() for name, span in vars(found).items()},
            "theil_of_measured": None if parts is None else parts._asdict(),
        }
        click.echo(json.dumps(value, indent=2))
        return
    click.echo(
        f"{indicator}: {limits.measured} countries measured, {limits.censored} below what the "
        f"source sees, {limits.unknown} unknown"
    )
    if limits.without_people:
        click.echo(f"{limits.without_people} countries left out: nobody said how many live there")
    _tell_divide(found)
    if parts is not None:
        click.echo(
            f"Theil of the measured alone: {parts.whole:.3f}, of which {parts.between:.3f} between "
            f"regions and {parts.within:.3f} within"
        )
    click.echo("The intervals hold whatever the unknown values are, up to the highest measured.")


def read_declarations(
    paths: Sequence[Path], trust: Trust, indicators: Sequence[Indicator]
) -> list[Declaration]:
    """Read and verify declarations; a folder stands for the signed files in it.

    Raises:
        InputError: a file is no declaration, or names an indicator that there is not.
        VerificationError: one does not hold.
    """
    from comity.claims.floor import Declaration
    from comity.cli.inputs import read_verified

    found = []
    for file in signed_files(paths):
        verified = read_verified(file, trust)
        predicate = verified.predicate
        if not isinstance(predicate, Declaration):
            continue  # needs and offers may lie in the same folder
        require_voice(verified.authority, predicate.country, file)
        for figure in predicate.figures:
            _require_indicator(figure.indicator, indicators, str(file))
        found.append(predicate)
    return found


def read_figures(file: Path, indicators: Sequence[Indicator]) -> list[Figure]:
    """Read a table of figures.

    Raises:
        InputError: a column is missing, or a line does not hold a figure; with its place.
    """
    from comity.claims.floor import Figure
    from comity.cli.inputs import converted
    from comity.exchange.imported import columns_of, table
    from comity.files import read_text
    from comity.share.countries import load_facts

    text = read_text(file)
    if set(columns_of(text, str(file))) != set(COLUMNS):
        raise InputError(f"the columns must be {', '.join(COLUMNS)}", where=str(file))
    facts = load_facts()
    found: list[Figure] = []
    for line, row in table(text, COLUMNS, str(file)):
        where = f"{file}, line {line}"
        facts.place(row["country"], where=where)
        figure = converted({**row, "value": row["value"] or None}, Figure, where)
        _require_indicator(figure.indicator, indicators, where)
        found.append(figure)
    return found


def _trust(path: Path) -> Trust:
    from comity.attest import load_trust

    return load_trust(path)


def _require_indicator(name: str, indicators: Sequence[Indicator], where: str) -> None:
    if name not in {one.id for one in indicators}:
        names = ", ".join(one.id for one in indicators)
        raise InputError(
            f"there is no indicator {name!r}", where=where, hint=f"There are: {names}."
        )


def _facts(floor: Floor) -> dict[str, Any]:
    import msgspec

    return {
        "gap": floor.gap,
        "indicator": floor.indicator.id,
        "verdict": floor.verdict,
        "tier": floor.tier,
        "declared": msgspec.to_builtins(floor.declared),
        "figures": msgspec.to_builtins(floor.figures),
    }


def _tell(floor: Floor) -> None:
    from comity.cli.terminal import safe_text

    tier = "" if floor.tier is None else f", tier {floor.tier} of 4"
    click.echo(f"{floor.gap:<9} {VERDICTS[floor.verdict]}{tier}")
    click.echo(f"          {floor.indicator.title}; floor: {floor.indicator.goalposts[0]} "
               f"{floor.indicator.unit}")  # fmt: skip
    if floor.declared is not None:
        titles = ", ".join(safe_text(proof.title) for proof in floor.declared.evidence)
        click.echo(f"          its own word: {floor.declared.value}, resting on {titles}")
    for figure in floor.figures:
        value = figure.value or "no value"
        below = "below " if figure.seen == "censored" else ""
        click.echo(f"          {safe_text(figure.source)}, {figure.day}: {below}{value}")
    if floor.declared is None and not floor.figures:
        click.echo("          nobody has said anything: this is not a zero")


def _tell_divide(found: Divide) -> None:
    rows = {
        "Gini": found.gini,
        "Theil": found.theil,
        "the tenth of the people who have most hold": found.top_tenth,
        "the four tenths who have least hold": found.bottom_four_tenths,
    }
    for name, span in rows.items():
        click.echo(f"  {name:<44} {span.low:.3f} to {span.high:.3f}")
