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
from comity.claims.decision import Decision, Delta, Exhibit
from comity.cli.inputs import (
    Reader,
    read_exhibits,
    read_reader,
    read_regime,
    read_verified,
    with_regime,
)
from comity.cli.sources import Known, Sources
from comity.decide import ResolvedRegime, decide, resolve
from comity.errors import InputError
from comity.files import read_text

__all__ = ["Decided", "Docket", "Side", "decide_by", "decide_from", "known_of", "sides"]


class Docket(NamedTuple):
    """What one decision is made from, besides the reader.

    Attributes:
        bundles: Signed files.
        system: A card or signed assessment of the system meant, where the bundles leave it open.
        sources: Where it is looked up what is known of statements, authorities and comparisons.
        deployment: How the system is used.
        deltas: Earlier deltas that a bundle answers.
        date: The day.
    """

    bundles: Sequence[Path]
    system: Path | None
    sources: Sources
    deployment: Deployment
    deltas: tuple[Delta, ...]
    date: datetime.date


class Decided(NamedTuple):
    """A decision, the assessments laid before the decider, by statement, and what was known."""

    decision: Decision
    assessments: dict[str, Assessment]
    known: Known


class Side(NamedTuple):
    """One of several regimes that are compared, by the name that the reader knows it by."""

    name: str
    resolved: ResolvedRegime
    decision: Decision | None


def decide_by(reader: Reader, docket: Docket) -> Decided:
    """Verify every bundle by the reader's trust, look up what is still good, and decide.

    Raises:
        InputError: a file cannot be read, the bundles leave open which system is meant, or the
            adoption of the regime was withdrawn.
        RecordError: a log or a status list does not hold.
        VerificationError: a bundle does not hold.
    """
    exhibits = read_exhibits(docket.bundles, reader.trust)
    assessments = [one.assessment for one in exhibits if one.assessment is not None]
    return decide_from(
        reader,
        _system(reader, docket.system, assessments),
        exhibits,
        known_of(reader, docket.sources, exhibits, docket.date),
        deployment=docket.deployment,
        deltas=docket.deltas,
        date=docket.date,
    )


def decide_from(
    reader: Reader,
    system: System,
    exhibits: Sequence[Exhibit],
    known: Known,
    *,
    deployment: Deployment,
    deltas: tuple[Delta, ...],
    date: datetime.date,
) -> Decided:
    """Decide about a system from verified statements, and from what is known of just these."""
    known = known.about(_hand(reader, exhibits))
    decision = decide(
        system,
        reader.resolved,
        exhibits,
        agreements=reader.agreements,
        standing=known.standing,
        country=reader.country,
        deployment=deployment,
        deltas=deltas,
        date=date,
    )
    assessments = {
        exhibit.statement: exhibit.assessment
        for exhibit in exhibits
        if exhibit.assessment is not None
    }
    return Decided(decision, assessments, known)


def known_of(
    reader: Reader, sources: Sources, exhibits: Sequence[Exhibit], day: datetime.date
) -> Known:
    """Look up what is still good of these statements, and of what the reader decides by.

    Raises:
        InputError: a file is wrong, or the adoption of the regime was withdrawn.
        RecordError: a log or a status list does not hold.
        VerificationError: a status list does not hold.
    """
    known = sources.known(
        reader.trust,
        reader=reader.country.authority.origin,
        day=day,
        hand=_hand(reader, exhibits),
    )
    for overlay in reader.resolved.overlays:
        state = known.standing.statements.get(overlay, "live")
        if state != "live":
            raise InputError(
                f"the adoption {overlay[:12]}… of the regime is {state}",
                hint="Take it out of the country file, and decide by the regime as it is now.",
            )
    return known


def _hand(reader: Reader, exhibits: Sequence[Exhibit]) -> dict[str, object]:
    """The statements in question, with what they say, by their identity."""
    return {
        **{one.statement: one.assessment for one in exhibits if one.assessment is not None},
        **{signed.statement: signed.agreement for signed in reader.agreements},
        **dict(reader.overlays),
    }


def _system(reader: Reader, named: Path | None, assessments: Sequence[Assessment]) -> System:
    """The system meant: the one that was named, or the only one that the bundles are about."""
    if named is not None and named.suffix == ".toml":
        from comity.assess import open_card

        return open_card(named).system
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
