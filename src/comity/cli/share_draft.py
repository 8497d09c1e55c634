"""The files that people write for a round: examples to edit, and how they are read."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec

from comity.claims.floor import Declaration, DeclaredFigure
from comity.claims.share import Eligibility, Kind, Need, NeedRow, Offer, Proof, Round
from comity.cli.toml_document import toml_document
from comity.errors import InputError
from comity.exchange.imported import columns_of, table
from comity.files import parse_toml, read_text

__all__ = ["example", "read_people", "read_statement"]

MAX_PEOPLE = 20_000_000_000
_DAY = datetime.date(2027, 1, 1)
_END = datetime.date(2027, 12, 31)

_EXAMPLES: dict[str, tuple[msgspec.Struct, dict[str, str], str]] = {
    "declaration": (
        Declaration(
            authority="ai-office.example",
            country="DJI",
            valid_from=_DAY,
            valid_until=_END,
            figures=(
                DeclaredFigure(
                    indicator="ai_professionals_per_million",
                    value="12",
                    evidence=(Proof(title="Register of graduates", day=_DAY),),
                ),
            ),
        ),
        {
            "figures": "One for each indicator, as `comity share floors` names them. Say what it\n"
            "rests on.",
        },
        "What a country has, in its own word, which stands above anybody's figure.",
    ),
    "need": (
        Need(
            authority="ai-office.example",
            country="DJI",
            valid_from=_DAY,
            valid_until=_END,
            rows=(
                NeedRow(
                    kind="gpu_hours",
                    unit="gpu_hours",
                    floor=20_000,
                    need=60_000,
                    evidence=(Proof(title="National AI plan, chapter 3", day=_DAY),),
                ),
            ),
        ),
        {
            "authority": "Your origin, as in your key.",
            "country": "Three letters of ISO 3166-1.",
            "valid_from": "When this declaration counts, both days included.",
            "rows": "One for each kind. `floor` is the part without which there is no minimum at\n"
            "all; `need` is everything. Say what it rests on.",
        },
        "What a country needs. Its own declaration; nobody's estimate replaces it.",
    ),
    "offer": (
        Offer(
            authority="donor.example",
            title="Computing time for least developed countries",
            kind="gpu_hours",
            unit="gpu_hours",
            amount=100_000,
            rival=True,
            eligible=Eligibility(groups=("LDC",)),
            opens=_DAY,
            closes=_END,
        ),
        {
            "amount": "How much, in the unit; 0 with rival = false for what is not used up by\n"
            "using it, such as an open model: everybody eligible gets that.",
            "opens": "Days within which it may be granted, both included.",
            "eligible": "Every list that is not empty must admit a country. Groups: LDC, LLDC,\n"
            "SIDS. Regions as in UN M49. not_countries: whom your law forbids to serve.",
        },
        "What somebody offers, to whom.",
    ),
    "round": (
        Round(
            id="round-2027-1",
            title="First round of 2027",
            day=_DAY,
            lottery="choose this text before the round opens, and publish it",
            kinds=(
                Kind(id="gpu_hours", title="Computing time", unit="gpu_hours"),
                Kind(id="seats", title="Training places", unit="seats", lot=10),
            ),
        ),
        {
            "day": "Offers and needs count if this day lies in their windows.",
            "lottery": "Seed of the draw among equals.",
            "kinds": "What is shared. `lot`: what cannot be divided further; leave it out for\n"
            "what can. `ceiling_per_million`: most that counts as need per million people.",
        },
        "The rules of a round, published before anybody knows the outcome.",
    ),
}


def example(what: str) -> str:
    """An example `declaration`, `need`, `offer` or `round`, with comments where it helps."""
    value, comments, head = _EXAMPLES[what]
    return toml_document(value, comments, head)


def read_statement(file: Path) -> Declaration | Need | Offer:
    """Read the declaration, the need or the offer in a TOML file; its fields tell which.

    Raises:
        InputError: it is none of them, or a field is wrong.
    """
    text = read_text(file)
    names = {line.partition("=")[0].strip(" [].") for line in text.splitlines()}
    kind: type[Declaration | Need | Offer] = Need
    if "rival" in names:
        kind = Offer
    elif "figures" in names:
        kind = Declaration
    try:
        return parse_toml(text, kind, where=str(file))
    except InputError as error:
        if "countr" in error.where:
            error.hint = "Countries are named by three capital letters, as NAM for Namibia."
        raise


def read_people(file: Path) -> dict[str, int]:
    """Read population by country: CSV with the columns `code` and `people`.

    Raises:
        InputError: a column is missing, a number is none, or a country stands twice.
    """
    text = read_text(file)
    if not {"code", "people"} <= set(columns_of(text, str(file))):
        raise InputError("the table needs the columns code and people", where=str(file))
    found: dict[str, int] = {}
    for line, row in table(text, ("code", "people"), str(file)):
        where = f"{file}, line {line}"
        number = row["people"].replace(",", "").strip()
        plain = number.isascii() and number.isdigit() and len(number) <= len(str(MAX_PEOPLE))
        if not plain or not 0 < int(number) <= MAX_PEOPLE:
            raise InputError(f"{row['people'][:40]!r} is no number of people", where=where)
        code = row["code"].strip()
        if code in found:
            raise InputError(f"{code} stands twice", where=where)
        found[code] = int(number)
    return found
