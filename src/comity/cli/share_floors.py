"""`comity share floors` and `divide`: what a country has reached, and how things are spread."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.ask import DAY
from comity.cli.share_files import require_voice, signed_files
from comity.cli.trust import json_option, trust_option
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import Trust
    from comity.claims.floor import Declaration, Figure, Indicator
    from comity.share.divide import Divide
    from comity.share.floors import Floor

__all__ = ["divide_command", "floors_command", "import_command"]

VERDICTS = {"met": "met", "not_met": "not met", "unknown": "unknown"}
COLUMNS = ("indicator", "country", "seen", "value", "source", "day")

figures_option = click.option(
    "--figures",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Figures of others, CSV, as `comity share import` writes them. May be given again.",
)


@click.command("floors")
@click.argument("country")
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
    country: str,
    statements: Sequence[Path],
    figures: Sequence[Path],
    on: datetime.datetime | None,
    trust_path: Path,
    as_json: bool,
) -> None:
    """Which of the five floors COUNTRY has reached: met, not met, or unknown."""
    from comity.share.countries import load_facts
    from comity.share.floors import floors, load_indicators

    facts, indicators = load_facts(), load_indicators()
    place = facts.place(country, where="COUNTRY")
    day = on.date() if on else datetime.datetime.now(datetime.UTC).date()
    trust = _trust(trust_path) if statements else None
    found = floors(
        country,
        day,
        read_declarations(statements, trust, indicators) if trust else (),
        [figure for file in figures for figure in read_figures(file, indicators)],
        indicators,
    )
    if as_json:
        click.echo(json.dumps([_facts(one) for one in found], ensure_ascii=False, indent=2))
        return
    click.echo(f"{place.name} on {day}\n")
    for one in found:
        _tell(one)


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


SOURCES = ("epoch", "languages", "microsoft", "world-bank")


@click.command("import")
@click.argument("source", type=click.Choice(SOURCES))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--day", type=DAY, help="When the publisher published it. Not needed for world-bank.")
@click.option(
    "--people", type=click.Path(path_type=Path), help="Population, for figures per million."
)
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.")
@json_option
def import_command(
    source: str,
    file: Path,
    day: datetime.datetime | None,
    people: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Read a publisher's FILE and write figures, or from the World Bank the population."""
    from comity.cli.share_draft import read_people
    from comity.exchange import imports
    from comity.files import read_bytes, write_atomic
    from comity.share.countries import load_facts

    facts = load_facts()
    if people is not None:
        facts = facts.with_people(read_people(people))
    target = out or Path("people.csv" if source == "world-bank" else f"{source}.csv")
    data = read_bytes(file, imports.MAX_BYTES)
    left_out: tuple[str, ...] = ()
    if source == "world-bank":
        counted = imports.read_population(data, facts, str(file))
        text = "code,people\n" + "".join(f"{code},{n}\n" for code, n in counted.items())
        number = len(counted)
    else:
        if day is None:
            raise InputError("say when it was published", where="--day", hint="--day 2026-04-24")
        found = imports.read(source, data, day.date(), facts, str(file))
        text = _csv(found.figures)
        number = sum(figure.value is not None for figure in found.figures)
        left_out = found.left_out
    write_atomic(target, text)
    if as_json:
        said = {"written": str(target), "countries": number, "left_out": left_out}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    from comity.cli.terminal import safe_text

    for line in left_out:
        click.echo(f"Left out: {safe_text(line)}")
    click.echo(f"Written: {target}, with figures of {number} of {len(facts.places)} countries")


def _csv(figures: Sequence[Figure]) -> str:
    import csv
    import io

    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in figures:
        rows.writerow(["" if (v := getattr(one, name)) is None else v for name in COLUMNS])
    return text.getvalue()


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
