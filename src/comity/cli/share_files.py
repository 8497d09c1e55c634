"""What the commands of `comity share` read, and the plain facts that they print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import Trust
    from comity.attest.trust import Authority
    from comity.claims.share import Allocation
    from comity.share.allocate import Signed
    from comity.share.countries import Facts

__all__ = [
    "ALLOCATION",
    "TITLES",
    "countries_with",
    "people_option",
    "plain_facts",
    "read_statements",
    "require_voice",
    "signed_files",
]

ALLOCATION = "allocation.sigstore.json"
TITLES = "titles.json"
MAX_STATEMENTS = 100_000

people_option = click.option(
    "--people",
    type=click.Path(path_type=Path),
    help="Population by country, CSV with the columns code and people: for rounds with a ceiling.",
)


def read_statements(paths: Sequence[Path], trust: Trust) -> list[Signed]:
    """Read and verify needs and offers; a folder stands for the signed files in it.

    Raises:
        InputError: a file is no need and no offer, or there are too many.
        VerificationError: one does not hold.
    """
    from comity.claims.floor import Declaration
    from comity.claims.share import Need, Offer
    from comity.cli.inputs import read_verified
    from comity.share.allocate import Signed

    found: dict[str, Signed] = {}
    for file in signed_files(paths):
        verified = read_verified(file, trust)
        if isinstance(verified.predicate, Declaration):
            continue  # what a country has may lie beside what it needs
        if not isinstance(verified.predicate, Need | Offer):
            raise InputError("this is neither a need nor an offer", where=str(file))
        if isinstance(verified.predicate, Need):
            require_voice(verified.authority, verified.predicate.country, file)
        found[verified.id] = Signed(verified.id, verified.predicate)
    return list(found.values())


def signed_files(paths: Sequence[Path]) -> list[Path]:
    """The signed files among `paths`, those in folders included.

    Raises:
        InputError: there is none, or there are too many.
    """
    files = [
        file
        for path in paths
        for file in (sorted(path.glob("*.sigstore.json")) if path.is_dir() else [path])
    ]
    if len(files) > MAX_STATEMENTS:
        raise InputError(f"{len(files):,} statements are more than {MAX_STATEMENTS:,}")
    if not files:
        raise InputError("there is no signed file", where=str(paths[0]))
    return files


def require_voice(authority: Authority, country: str, file: Path) -> None:
    """Refuse what somebody says about a country whom the reader's trust binds to another one.

    Whom it binds to no country, by two letters or three, may speak for any: the reader chose to
    trust them so far.

    Raises:
        InputError: it binds them to another country.
    """
    from comity.share.countries import load_facts

    facts = load_facts()
    place = facts.place(country, where=f"{file}, field country")
    bound = (authority.jurisdiction or "").upper()
    theirs = next((one for one in facts.places if bound in (one.code, one.two_letters)), place)
    if theirs != place:
        raise InputError(
            f"{authority.origin} may not speak for {place.name}: your trust file binds it to "
            f"{theirs.name}",
            where=f"{file}, field country",
            hint="Leave the file out, or trust the key of whoever speaks for the country: comity "
            f"trust add KEY.pub --jurisdiction {place.two_letters}.",
        )


def countries_with(people: Path | None) -> Facts:
    """The table of countries, with the population in a file if there is one."""
    from comity.cli.share_draft import read_people
    from comity.share.countries import load_facts

    facts = load_facts()
    return facts.with_people(read_people(people)) if people else facts


def plain_facts(allocation: Allocation, facts: Facts, titles: dict[str, str]) -> dict[str, Any]:
    """An allocation as `--json` prints it, with the sentence of every country."""
    from comity.share.explain import outcomes
    from comity.share.words import sentence

    countries = [
        {
            "kind": kind.id,
            "country": one.country,
            "got": str(one.got),
            "need": one.need,
            "floor": one.floor,
            "why": sentence(one, kind, facts, titles),
        }
        for kind, shares in zip(allocation.round.kinds, allocation.shares, strict=True)
        for one in outcomes(shares)
    ]
    return {
        "countries": countries,
        "everyone": [
            {"offer": one.offer, "countries": len(one.countries)} for one in allocation.everyone
        ],
        "idle": [
            {"offer": one.offer, "amount": one.amount, "why": one.why} for one in allocation.idle
        ],
        "left_out": [
            {"statement": one.statement, "kind": one.kind, "why": one.why}
            for one in allocation.left_out
        ],
    }
