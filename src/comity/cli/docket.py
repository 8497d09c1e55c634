"""What is laid before a decider, and what follows from it, by one reader or by several."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from comity import regimes
from comity.claims import Assessment, System
from comity.claims.country import Deployment
from comity.claims.decision import Decision, Delta
from comity.claims.standing import Standing
from comity.cli.inputs import (
    Reader,
    read_exhibits,
    read_reader,
    read_regime,
    read_verified,
    with_regime,
)
from comity.decide import ResolvedRegime, decide, resolve
from comity.errors import InputError
from comity.files import read_text

__all__ = ["Decided", "Docket", "Side", "decide_by", "sides"]


class Docket(NamedTuple):
    """What one decision is made from, besides the reader.

    Attributes:
        bundles: Signed files.
        system: A card or signed assessment of the system meant, where the bundles leave it open.
        standing: What is known of statements, authorities and comparisons.
        deployment: How the system is used.
        deltas: Earlier deltas that a bundle answers.
        date: The day.
    """

    bundles: Sequence[Path]
    system: Path | None
    standing: Standing
    deployment: Deployment
    deltas: tuple[Delta, ...]
    date: datetime.date


class Decided(NamedTuple):
    """A decision, and the assessments that were laid before the decider, by statement."""

    decision: Decision
    assessments: dict[str, Assessment]


class Side(NamedTuple):
    """One of several regimes that are compared, by the name that the reader knows it by."""

    name: str
    resolved: ResolvedRegime
    decision: Decision | None


def decide_by(reader: Reader, docket: Docket) -> Decided:
    """Verify every bundle by the reader's trust, and decide.

    Raises:
        InputError: a file cannot be read, or the bundles leave open which system is meant.
        VerificationError: a bundle does not hold.
    """
    exhibits = read_exhibits(docket.bundles, reader.trust)
    assessments = {
        exhibit.statement: exhibit.assessment
        for exhibit in exhibits
        if exhibit.assessment is not None
    }
    decision = decide(
        _system(reader, docket.system, list(assessments.values())),
        reader.resolved,
        exhibits,
        agreements=reader.agreements,
        standing=docket.standing,
        country=reader.country,
        deployment=docket.deployment,
        deltas=docket.deltas,
        date=docket.date,
    )
    return Decided(decision, assessments)


def _system(reader: Reader, named: Path | None, assessments: Sequence[Assessment]) -> System:
    """The system meant: the one that was named, or the only one that the bundles are about."""
    if named is not None and named.suffix == ".toml":
        from comity.assess import load_card

        return load_card(named).system
    if named is not None:
        predicate = read_verified(named, reader.trust).predicate
        if not isinstance(predicate, Assessment):
            raise InputError("this signed file is no assessment of a system", where=str(named))
        return predicate.system
    systems = {one.system.digest: one.system for one in assessments}
    if not systems:
        raise InputError(
            "none of the files is an assessment, so nothing says which system is meant",
            hint="Name a signed assessment, or the system's card with --system.",
        )
    if len(systems) > 1:
        names = " and ".join(sorted(f"{one.name} {one.version}" for one in systems.values()))
        raise InputError(
            f"the files are about {len(systems)} systems: {names}",
            hint="Say which one is meant: --system with its card, or one of these files.",
        )
    return next(iter(systems.values()))


def sides(names: Sequence[str], country: Path, docket: Docket) -> list[Side]:
    """Decide about one system by several regimes, each a country file, a regime file or an id.

    A country file brings its own trust and agreements. A regime alone borrows those of `country`;
    without bundles nothing is decided, and the texts alone are compared.

    Raises:
        InputError: a file cannot be read, or two of them would have the same name.
        VerificationError: a signed file does not hold.
    """
    if len(names) < 2:
        raise InputError("one regime alone cannot be compared", where="--across")
    found = [_side(name, country, docket) for name in names]
    seen: set[str] = set()
    for side in found:
        if side.name in seen:
            raise InputError(f"{side.name} is named twice", where="--across")
        seen.add(side.name)
    return found


def _side(name: str, country: Path, docket: Docket) -> Side:
    path = Path(name)
    if name not in regimes.shipped() and _is_country(path):
        reader = read_reader(path)
        label = reader.country.jurisdiction
    elif docket.bundles:
        reader = with_regime(read_reader(country), name)
        label = reader.resolved.regime.id
    else:
        regime = read_regime(name, Path())
        return Side(regime.id, resolve(regime, (), lambda signer: None), None)
    decision = decide_by(reader, docket).decision if docket.bundles else None
    # The sheet tells regimes apart by id, and two countries may have adopted the same one.
    flat = msgspec.structs.replace(reader.resolved.regime, id=label)
    return Side(label, reader.resolved._replace(regime=flat), decision)


def _is_country(path: Path) -> bool:
    """Whether a file is a country file: it names an authority, which no regime does."""
    if path.suffix != ".toml":
        return False
    try:
        return "authority" in tomllib.loads(read_text(path))
    except (InputError, ValueError, RecursionError):
        return False  # whoever reads it as a regime will say what is wrong
